//! How the policy set lies in the store: the item of the `policies` stream holds the settings, and its
//! version is the policy-set version; beside it each policy has an item of its own. What an edit writes
//! and what an adapter reads meet here and nowhere else.

use kari_domain::audit::Head;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{Policy, PolicyKind, PolicySet, Versioned};
use kari_domain::settings::Settings;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::load::corrupt;
use crate::ports::{Item, ItemChange, ItemKey};

/// Everything about the policy set has a key that begins with this.
pub const PREFIX: &str = "policies";

/// One item, as an adapter found it.
#[derive(Debug, Clone, Copy)]
pub struct StoredPolicyItem<T = String> {
    pub key: T,
    /// The version of the stream at which it was written.
    pub version: u64,
    pub body: T,
}

/// A policy or setting whose stored form this program does not understand.
#[derive(Debug, thiserror::Error)]
#[error("{key} cannot be read; it may have been written by a newer version of kari")]
pub struct UnreadablePolicy {
    pub key: String,
    #[source]
    source: Option<serde_json::Error>,
}

/// The body of the set's own item.
#[derive(Serialize, Deserialize)]
struct SetBody<S> {
    settings: S,
    /// The policy-set version at which the settings were last changed.
    #[serde(default)]
    settings_version: u64,
}

/// The policy set from all its items, read at one moment.
///
/// # Errors
/// Fails closed: one policy that cannot be read might be the guardrail that forbids.
pub fn policy_set<T: AsRef<str>>(
    items: impl IntoIterator<Item = StoredPolicyItem<T>>,
) -> Result<PolicySet, UnreadablePolicy> {
    let mut set = PolicySet::default();
    for item in items {
        let key = item.key.as_ref();
        if key == PREFIX {
            let body = set_of(&item)?;
            set.version = item.version;
            (set.settings, set.settings_version) = (body.settings, body.settings_version);
            continue;
        }
        match kind_of(key) {
            Some(PolicyKind::Eligibility) => set.eligibility.push(policy(&item)?),
            Some(PolicyKind::Guardrail) => set.guardrails.push(policy(&item)?),
            Some(PolicyKind::Approver) => set.approvers.push(policy(&item)?),
            None => return Err(UnreadablePolicy { key: key.to_owned(), source: None }),
        }
    }
    Ok(set)
}

/// The settings alone, from the set's own item, if there is one yet.
///
/// # Errors
/// If they cannot be read.
pub fn settings<T: AsRef<str>>(item: Option<&StoredPolicyItem<T>>) -> Result<Settings, UnreadablePolicy> {
    item.map_or_else(|| Ok(Settings::default()), |item| set_of(item).map(|set| set.settings))
}

fn set_of<T: AsRef<str>>(item: &StoredPolicyItem<T>) -> Result<SetBody<Settings>, UnreadablePolicy> {
    serde_json::from_str(item.body.as_ref()).map_err(|source| unreadable(item, source))
}

fn policy<P: Policy, T: AsRef<str>>(item: &StoredPolicyItem<T>) -> Result<Versioned<P>, UnreadablePolicy> {
    P::from_stored(item.body.as_ref()).map_err(|source| unreadable(item, source))
}

fn unreadable<T: AsRef<str>>(item: &StoredPolicyItem<T>, source: serde_json::Error) -> UnreadablePolicy {
    UnreadablePolicy { key: item.key.as_ref().to_owned(), source: Some(source) }
}

/// The kind of policy under a key.
fn kind_of(key: &str) -> Option<PolicyKind> {
    let kinds = [PolicyKind::Eligibility, PolicyKind::Guardrail, PolicyKind::Approver];
    let (name, _) = key.strip_prefix(PREFIX)?.strip_prefix('/')?.split_once('/')?;
    kinds.into_iter().find(|kind| name_of(*kind) == name)
}

fn name_of(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Eligibility => "eligibility",
        PolicyKind::Guardrail => "guardrail",
        PolicyKind::Approver => "approver",
    }
}

/// The key of a policy's item.
pub fn policy_key(kind: PolicyKind, id: &PolicyId) -> ItemKey {
    ItemKey(format!("{PREFIX}/{}/{id}", name_of(kind)))
}

/// Writes a policy, which has the version that the set has then.
///
/// # Errors
/// If it cannot be written; none of ours is so.
pub fn put_policy<P: Serialize>(key: ItemKey, policy: P, head: Head) -> Result<ItemChange, Error> {
    let body = serde_json::to_string(&Versioned { version: head.version, policy }).map_err(corrupt)?;
    Ok(ItemChange::Put(Item { key, head, due_at: None, request: None, body }))
}

/// The body of the set's own item.
///
/// # Errors
/// If it cannot be written; ours always can.
pub fn set_body(settings: &Settings, settings_version: u64) -> Result<String, Error> {
    serde_json::to_string(&SetBody { settings, settings_version }).map_err(corrupt)
}

/// The settings in the body of the set's own item, and the version at which they were changed last.
pub(crate) fn stored_settings(body: &str) -> Result<(Settings, u64), serde_json::Error> {
    let body: SetBody<Settings> = serde_json::from_str(body)?;
    Ok((body.settings, body.settings_version))
}
