//! The policies and settings that decisions read, against the recorded changes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_domain::audit::{Head, StreamId, verify};
use kari_domain::policy::{ApproverPolicy, EligibilityPolicy, Guardrail, Policy, Versioned};
use kari_domain::settings::Settings;
use serde::de::DeserializeOwned;

use super::mend::{alarm, put_right};
use crate::edit_policies::{AnyPolicy, PolicyEvent};
use crate::load::parse_all;
use crate::policy_storage::{
    PREFIX, StoredPolicyItem, policies_digest, policy_key, put_policy, set_body, stored_set,
};
use crate::ports::{Item, ItemChange, ItemKey, PageRequest, Recorded};
use crate::{Error, Kari};

const PAGE: usize = 200;
const ATTEMPTS: usize = 5;
/// How much later they are looked at once more before anything is said to be wrong.
const A_MOMENT: TimeDelta = TimeDelta::seconds(1);

/// What is wrong with the policies in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    #[error("the recorded changes cannot be understood: {0}")]
    NotUnderstood(String),
    #[error("{0} is missing")]
    Missing(String),
    #[error("{0} is in force, but was never recorded or was deleted")]
    Unrecorded(String),
    #[error("{0} is not what was recorded")]
    Differs(String),
}

/// Everything that is wrong with the stored policies and settings, given the events about them.
pub fn check_policies(events: &[String], stored: &[StoredPolicyItem]) -> Vec<PolicyFault> {
    match recorded_set(events) {
        Ok(set) => set.faults(stored),
        Err(error) => vec![PolicyFault::NotUnderstood(error.to_string())],
    }
}

/// The policy set as its events make it.
struct RecordedSet {
    /// Where the changes end.
    head: Head,
    settings: Settings,
    settings_version: u64,
    /// By key, each with where the changes ended when it was changed last.
    policies: BTreeMap<String, (Head, AnyPolicy)>,
}

fn recorded_set(events: &[String]) -> Result<RecordedSet, Error> {
    let mut set = RecordedSet {
        head: Head::empty(),
        settings: Settings::default(),
        settings_version: 0,
        policies: BTreeMap::new(),
    };
    let parsed = parse_all::<PolicyEvent>(&StreamId::policies(), events)?.1;
    for ((_, event), bytes) in parsed.into_iter().zip(events) {
        set.head = set.head.after(bytes);
        match event {
            PolicyEvent::PolicyCreated { policy } => set.put(policy),
            PolicyEvent::PolicyChanged { after, .. } => set.put(*after),
            PolicyEvent::PolicyDeleted { before } => {
                set.policies.remove(&key_of(&before).0);
            }
            PolicyEvent::SettingsChanged { after, .. } => {
                (set.settings, set.settings_version) = (after, set.head.version);
            }
        }
    }
    Ok(set)
}

impl RecordedSet {
    fn put(&mut self, policy: AnyPolicy) {
        self.policies.insert(key_of(&policy).0, (self.head.clone(), policy));
    }

    fn faults(&self, stored: &[StoredPolicyItem]) -> Vec<PolicyFault> {
        let mut missing: BTreeSet<&str> = self.policies.keys().map(String::as_str).collect();
        missing.extend((self.head.version > 0).then_some(PREFIX));
        let mut faults = vec![];
        for item in stored {
            let key = item.key.clone();
            if !missing.remove(item.key.as_str()) {
                faults.push(PolicyFault::Unrecorded(key));
            } else if !self.is_as_recorded(item) {
                faults.push(PolicyFault::Differs(key));
            }
        }
        faults.extend(missing.into_iter().map(|key| PolicyFault::Missing(key.to_owned())));
        faults
    }

    fn is_as_recorded(&self, item: &StoredPolicyItem) -> bool {
        match self.policies.get(&item.key) {
            Some((head, policy)) => item.version == head.version && says(&item.body, head.version, policy),
            None => self.is_whole_by(item) && self.has_settings(&item.body),
        }
    }

    fn has_settings(&self, body: &str) -> bool {
        stored_set(body).is_ok_and(|set| {
            // Earlier versions did not store at which version they were changed.
            set.settings == self.settings && [0, self.settings_version].contains(&set.settings_version)
        })
    }

    /// Whether the set's own item is of the last change and says which policies there are. Earlier versions stored
    /// nothing of the latter.
    fn is_whole_by(&self, own: &StoredPolicyItem) -> bool {
        own.version == self.head.version
            && stored_set(&own.body).is_ok_and(|set| {
                set.policies.is_none_or(|policies| policies == policies_digest(&self.versions()))
            })
    }

    fn versions(&self) -> BTreeMap<String, u64> {
        self.policies.iter().map(|(key, (head, _))| (key.clone(), head.version)).collect()
    }

    /// What is to be put and what is to be deleted for exactly the recorded policies to be there, each of the version
    /// that was recorded and readable, with the set's own item saying so, which comes first. Where nothing was recorded,
    /// nothing.
    fn changes(&self, stored: &[StoredPolicyItem]) -> Result<(Vec<ItemChange>, Vec<ItemChange>), Error> {
        if self.head.version == 0 {
            return Ok((vec![], vec![]));
        }
        let mut stored: BTreeMap<_, _> = stored.iter().map(|item| (item.key.as_str(), item)).collect();
        let mut puts = vec![];
        if stored.remove(PREFIX).is_none_or(|own| !self.is_whole_by(own)) {
            puts.push(self.own_item()?);
        }
        for (key, (head, policy)) in &self.policies {
            let is_there =
                |item: &&StoredPolicyItem| item.version == head.version && is_readable(&item.body, policy);
            if !stored.remove(key.as_str()).is_some_and(|item| is_there(&item)) {
                puts.push(put(policy, head)?);
            }
        }
        let others = stored.into_keys().map(|key| ItemChange::Delete(ItemKey(key.to_owned())));
        Ok((puts, others.collect()))
    }

    fn own_item(&self) -> Result<ItemChange, Error> {
        let key = ItemKey(PREFIX.to_owned());
        let body = set_body(&self.settings, self.settings_version, &self.versions())?;
        Ok(ItemChange::Put(Item { key, head: self.head.clone(), due_at: None, request: None, body }))
    }
}

/// Whether it is a policy of the same kind.
fn is_readable(body: &str, policy: &AnyPolicy) -> bool {
    fn is<P: DeserializeOwned>(body: &str) -> bool {
        serde_json::from_str::<Versioned<P>>(body).is_ok()
    }
    match policy {
        AnyPolicy::Eligibility(_) => is::<EligibilityPolicy>(body),
        AnyPolicy::Guardrail(_) => is::<Guardrail>(body),
        AnyPolicy::Approver(_) => is::<ApproverPolicy>(body),
    }
}

fn says(body: &str, version: u64, policy: &AnyPolicy) -> bool {
    fn same<P: PartialEq + DeserializeOwned>(body: &str, version: u64, policy: &P) -> bool {
        serde_json::from_str::<Versioned<P>>(body)
            .is_ok_and(|stored| stored.version == version && stored.policy == *policy)
    }
    match policy {
        AnyPolicy::Eligibility(policy) => same(body, version, policy),
        AnyPolicy::Guardrail(policy) => same(body, version, policy),
        AnyPolicy::Approver(policy) => same(body, version, policy),
    }
}

fn put(policy: &AnyPolicy, head: &Head) -> Result<ItemChange, Error> {
    let (key, head) = (key_of(policy), head.clone());
    match policy {
        AnyPolicy::Eligibility(policy) => put_policy(key, policy, head),
        AnyPolicy::Guardrail(policy) => put_policy(key, policy, head),
        AnyPolicy::Approver(policy) => put_policy(key, policy, head),
    }
}

fn key_of(policy: &AnyPolicy) -> ItemKey {
    fn key<P: Policy>(policy: &P) -> ItemKey {
        policy_key(P::KIND, policy.id())
    }
    match policy {
        AnyPolicy::Eligibility(policy) => key(policy),
        AnyPolicy::Guardrail(policy) => key(policy),
        AnyPolicy::Approver(policy) => key(policy),
    }
}

/// Checks the policies in force, tells administrators of what is wrong, and puts right what can only be as it was
/// recorded.
///
/// # Errors
/// If the store cannot be read.
pub async fn check_policies_in_force(kari: &Kari) -> Result<(), Error> {
    mend_policies(kari).await.map(|_| ())
}

/// Checks the policies in force. Administrators are told of what is wrong. What is missing, is of another version than
/// was recorded, or never was recorded is put right by the recorded changes: policies that are not those of the set may
/// not be readable, and what cannot be read cannot be edited. What says something else than was recorded stays as it
/// is, because only people can say which of the two was meant. Whether anything was wrong that is right now.
///
/// # Errors
/// If the store cannot be read.
pub(crate) async fn mend_policies(kari: &Kari) -> Result<bool, Error> {
    let stream = StreamId::policies();
    let Some(before) = examine(kari, &stream).await? else { return Ok(false) };
    // NB. A store may show some rows of an edit a moment before the others.
    kari.clock.sleep(A_MOMENT).await;
    let Some(Examined { faults, set, stored }) = examine(kari, &stream).await? else { return Ok(true) };
    if faults != before.faults {
        return Ok(false);
    }
    alarm(kari, &stream, &faults).await;
    let Some(set) = set else { return Ok(false) };
    let (puts, deletions) = set.changes(&stored)?;
    if puts.is_empty() && deletions.is_empty() {
        return Ok(false);
    }
    // NB. Whoever checks may have no right to delete: what is to be put does not wait for that.
    let version = set.head.version;
    Ok(put_right(kari, &stream, version, &puts).await && put_right(kari, &stream, version, &deletions).await)
}

/// Policies with which something is wrong.
struct Examined {
    faults: String,
    /// What was recorded, where that can be told.
    set: Option<RecordedSet>,
    stored: Vec<StoredPolicyItem>,
}

/// `None` where nothing is wrong, or it cannot be told now.
async fn examine(kari: &Kari, stream: &StreamId) -> Result<Option<Examined>, Error> {
    let Some((recorded, stored)) = of_one_moment(kari, stream).await? else { return Ok(None) };
    let set = match verify(stream, recorded.events.iter().map(String::as_str), &recorded.head) {
        Ok(()) => recorded_set(&recorded.events)
            .map_err(|error| PolicyFault::NotUnderstood(error.to_string()).to_string()),
        Err(fault) => Err(fault.to_string()),
    };
    let (faults, set) = match set {
        Ok(set) => {
            let faults: Vec<_> = set.faults(&stored).iter().map(ToString::to_string).collect();
            (faults.join("; "), Some(set))
        }
        Err(fault) => (fault, None),
    };
    Ok((!faults.is_empty()).then_some(Examined { faults, set, stored }))
}

/// The recorded changes and what is stored as they were at one moment; `None` where they are edited too often to tell.
async fn of_one_moment(
    kari: &Kari,
    stream: &StreamId,
) -> Result<Option<(Recorded, Vec<StoredPolicyItem>)>, Error> {
    for _ in 0..ATTEMPTS {
        let state = kari.store.state(stream).await?;
        let recorded = kari.store.recorded(stream).await?;
        let stored = policy_items(kari).await?;
        if kari.store.state(stream).await? == state {
            return Ok(Some((recorded, stored)));
        }
    }
    tracing::info!("the policies are edited too often to be checked now; the next check tries again");
    Ok(None)
}

async fn policy_items(kari: &Kari) -> Result<Vec<StoredPolicyItem>, Error> {
    let mut items = vec![];
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let found = kari.store.items(PREFIX, &page).await?;
        let stored =
            |Item { key, head, body, .. }| StoredPolicyItem { key: key.0, version: head.version, body };
        items.extend(found.items.into_iter().map(stored));
        page.after = found.next;
        if page.after.is_none() {
            return Ok(items);
        }
    }
}
