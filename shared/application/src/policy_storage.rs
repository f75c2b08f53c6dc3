//! How the policy set lies in the store: the item of the `policies` stream holds the settings, and its
//! version is the policy-set version; beside it each policy has an item of its own. What an edit writes
//! and what an adapter reads meet here and nowhere else.

use std::collections::BTreeMap;

use kari_domain::audit::Head;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{Policy, PolicyKind, PolicySet, Versioned};
use kari_domain::settings::Settings;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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

/// What is stored is no policy set that this program could go by.
#[derive(Debug, thiserror::Error)]
pub enum UnreadablePolicy {
    /// A policy or setting whose stored form this program does not understand.
    #[error("{key} cannot be read; it may have been written by a newer version of kari")]
    NotUnderstood {
        key: String,
        #[source]
        source: Option<serde_json::Error>,
    },
    #[error("the policies are not those that belong to the set; they may have been altered")]
    NotThoseOfTheSet,
}

/// The body of the set's own item.
#[derive(Serialize, Deserialize)]
pub(crate) struct SetBody<S> {
    pub settings: S,
    /// The policy-set version at which the settings were last changed.
    #[serde(default)]
    pub settings_version: u64,
    /// The [`policies_digest`] of the policies that belong to the set. Earlier versions did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policies: Option<String>,
}

/// The policy set from all its items, read at one moment.
///
/// # Errors
/// Fails closed: one policy that cannot be read, or is not there although it belongs to the set, might be the guardrail
/// that forbids.
pub fn policy_set<T: AsRef<str>>(
    items: impl IntoIterator<Item = StoredPolicyItem<T>>,
) -> Result<PolicySet, UnreadablePolicy> {
    let (mut set, mut said) = (PolicySet::default(), None);
    let mut found = BTreeMap::new();
    for item in items {
        let key = item.key.as_ref();
        if key == PREFIX {
            let body = set_of(&item)?;
            set.version = item.version;
            (set.settings, set.settings_version) = (body.settings, body.settings_version);
            said = body.policies;
            continue;
        }
        found.insert(key.to_owned(), item.version);
        match kind_of(key) {
            Some(PolicyKind::Eligibility) => set.eligibility.push(policy(&item)?),
            Some(PolicyKind::Guardrail) => set.guardrails.push(policy(&item)?),
            Some(PolicyKind::Approver) => set.approvers.push(policy(&item)?),
            None => return Err(UnreadablePolicy::NotUnderstood { key: key.to_owned(), source: None }),
        }
    }
    match said {
        Some(said) if said != policies_digest(&found) => Err(UnreadablePolicy::NotThoseOfTheSet),
        Some(_) | None => Ok(set),
    }
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
    UnreadablePolicy::NotUnderstood { key: item.key.as_ref().to_owned(), source: Some(source) }
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

/// The body of the set's own item, where these policies belong to the set: by key, each with the version at which it
/// was changed last.
///
/// # Errors
/// If it cannot be written; ours always can.
pub fn set_body(
    settings: &Settings,
    settings_version: u64,
    policies: &BTreeMap<String, u64>,
) -> Result<String, Error> {
    let policies = Some(policies_digest(policies));
    serde_json::to_string(&SetBody { settings, settings_version, policies }).map_err(corrupt)
}

/// The body of the set's own item, read.
pub(crate) fn stored_set(body: &str) -> Result<SetBody<Settings>, serde_json::Error> {
    serde_json::from_str(body)
}

/// The policies of a set by key, each with the version at which it was changed last.
pub(crate) fn versions(set: &PolicySet) -> BTreeMap<String, u64> {
    fn of<P: Policy>(policies: &[Versioned<P>]) -> impl Iterator<Item = (String, u64)> {
        policies.iter().map(|stored| (policy_key(P::KIND, stored.policy.id()).0, stored.version))
    }
    of(&set.eligibility).chain(of(&set.guardrails)).chain(of(&set.approvers)).collect()
}

/// What tells a set of policies from every other one: the SHA-256, in hex, of one line for each, in the order of the
/// keys' bytes: `key version`, each line ended by a line feed.
pub fn policies_digest(policies: &BTreeMap<String, u64>) -> String {
    let mut sha = Sha256::new();
    for (key, version) in policies {
        sha.update(format!("{key} {version}\n"));
    }
    hex::encode(sha.finalize())
}

/// The [`policies_digest`] that the body of the set's own item says; `None` where it says none, or cannot be read.
pub fn policies_said(body: &str) -> Option<String> {
    serde_json::from_str::<SetBody<IgnoredAny>>(body).ok()?.policies
}

#[cfg(test)]
mod tests {
    use kari_domain::policy::{Effect, Guardrail, PermissionSets, Principals, Targets};
    use kari_domain::text::PolicyName;

    use super::*;

    fn stored(key: &ItemKey, version: u64, body: String) -> StoredPolicyItem {
        StoredPolicyItem { key: key.0.clone(), version, body }
    }

    fn guardrail(id: &str, version: u64) -> StoredPolicyItem {
        let policy = Guardrail {
            id: id.parse().unwrap(),
            name: PolicyName::parse(id).unwrap(),
            enabled: true,
            principals: Principals::everyone(),
            targets: Targets::all(),
            permission_sets: PermissionSets::All,
            effect: Effect::Forbid,
        };
        let key = policy_key(PolicyKind::Guardrail, &policy.id);
        stored(&key, version, serde_json::to_string(&Versioned { version, policy }).unwrap())
    }

    fn own(body: String) -> StoredPolicyItem {
        stored(&ItemKey(PREFIX.to_owned()), 2, body)
    }

    #[test]
    fn a_set_is_given_only_with_exactly_the_policies_that_belong_to_it() {
        let all = [guardrail("a", 1), guardrail("b", 2)];
        let versions = all.iter().map(|item| (item.key.clone(), item.version)).collect();
        let says = || own(set_body(&Settings::default(), 0, &versions).unwrap());
        let set = policy_set(all.clone().into_iter().chain([says()])).unwrap();
        assert_eq!((set.version, set.guardrails.len()), (2, 2));
        let [a, b] = all;
        for others in
            [vec![a.clone()], vec![a.clone(), guardrail("b", 1)], vec![a.clone(), b, guardrail("c", 1)]]
        {
            let refused = policy_set(others.into_iter().chain([says()])).unwrap_err();
            assert!(matches!(refused, UnreadablePolicy::NotThoseOfTheSet), "{refused}");
        }
        // An earlier version did not say which they are.
        let silent = own(r#"{"settings":SETTINGS}"#
            .replace("SETTINGS", &serde_json::to_string(&Settings::default()).unwrap()));
        assert_eq!(policy_set([a, silent]).unwrap().guardrails.len(), 1);
    }
}
