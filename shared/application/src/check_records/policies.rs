//! The policies and settings that decisions read, against the recorded changes.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::audit::{StreamId, verify};
use kari_domain::policy::{Policy, Versioned};
use kari_domain::settings::Settings;
use serde::de::DeserializeOwned;

use super::mend::alarm;
use crate::edit_policies::{AnyPolicy, PolicyEvent};
use crate::load::parse_all;
use crate::policy_storage::{PREFIX, StoredPolicyItem, policies_digest, policy_key, stored_set};
use crate::ports::{Item, ItemKey, PageRequest};
use crate::{Error, Kari};

const PAGE: usize = 200;
const ATTEMPTS: usize = 5;

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
#[derive(Default)]
struct RecordedSet {
    /// How many changes there were.
    version: u64,
    settings: Settings,
    settings_version: u64,
    /// By key, each with the version at which it was changed last.
    policies: BTreeMap<String, (u64, AnyPolicy)>,
}

fn recorded_set(events: &[String]) -> Result<RecordedSet, Error> {
    let mut set = RecordedSet::default();
    for (_, event) in parse_all::<PolicyEvent>(&StreamId::policies(), events)?.1 {
        set.version += 1;
        match event {
            PolicyEvent::PolicyCreated { policy } => set.put(policy),
            PolicyEvent::PolicyChanged { after, .. } => set.put(*after),
            PolicyEvent::PolicyDeleted { before } => {
                set.policies.remove(&key_of(&before).0);
            }
            PolicyEvent::SettingsChanged { after, .. } => {
                (set.settings, set.settings_version) = (after, set.version);
            }
        }
    }
    Ok(set)
}

impl RecordedSet {
    fn put(&mut self, policy: AnyPolicy) {
        self.policies.insert(key_of(&policy).0, (self.version, policy));
    }

    fn faults(&self, stored: &[StoredPolicyItem]) -> Vec<PolicyFault> {
        let mut missing: BTreeSet<&str> = self.policies.keys().map(String::as_str).collect();
        missing.extend((self.version > 0).then_some(PREFIX));
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
            Some((version, policy)) => item.version == *version && says(&item.body, *version, policy),
            None => item.version == self.version && self.is_said_by(&item.body),
        }
    }

    /// Earlier versions stored neither at which version the settings were changed nor which policies there are.
    fn is_said_by(&self, body: &str) -> bool {
        stored_set(body).is_ok_and(|set| {
            set.settings == self.settings
                && [0, self.settings_version].contains(&set.settings_version)
                && set.policies.is_none_or(|policies| policies == policies_digest(&self.versions()))
        })
    }

    fn versions(&self) -> BTreeMap<String, u64> {
        self.policies.iter().map(|(key, (version, _))| (key.clone(), *version)).collect()
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

/// Checks the policies in force. Administrators are told of what is wrong; it stays as it is, because only
/// people can say which of the two was meant.
///
/// # Errors
/// If the store cannot be read.
pub async fn check_policies_in_force(kari: &Kari) -> Result<(), Error> {
    let stream = StreamId::policies();
    for _ in 0..ATTEMPTS {
        let recorded = kari.store.recorded(&stream).await?;
        let stored = policy_items(kari).await?;
        if kari.store.recorded(&stream).await?.head != recorded.head {
            // Somebody edits them at this moment.
            continue;
        }
        let chain = verify(&stream, recorded.events.iter().map(String::as_str), &recorded.head);
        let faults: Vec<String> = match chain {
            Ok(()) => check_policies(&recorded.events, &stored).iter().map(ToString::to_string).collect(),
            Err(fault) => vec![fault.to_string()],
        };
        if !faults.is_empty() {
            alarm(kari, &stream, &faults.join("; ")).await;
        }
        return Ok(());
    }
    tracing::info!("the policies are edited too often to be checked now; the next check tries again");
    Ok(())
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
