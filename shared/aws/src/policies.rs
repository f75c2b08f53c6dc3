//! The policy set, from the state items beside the `policies` stream.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join;
use kari_application::policy_storage::{
    PREFIX, StoredPolicyItem, UnreadablePolicy, policies_digest, policies_said, policy_set, settings,
};
use kari_application::ports::{EventStore, Item, ItemKey, Policies, Unavailable};
use kari_domain::audit::Head;
use kari_domain::policy::{CompiledPolicies, PolicySet};
use kari_domain::settings::Settings;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::policy_copy::{self, PolicyCopy};
use crate::store::{DynamoStore, READINGS, wait};

/// After so long the copy is held against the rows again, as other records are.
const BELIEVED: Duration = Duration::from_hours(1);

/// The policy set in the table. Asking again costs one read of one row while it is unchanged; else it is read from
/// the copy of that moment, or from the rows while there is none yet.
#[derive(Debug)]
pub struct DynamoPolicies {
    store: DynamoStore,
    last_read: Mutex<Option<Arc<CompiledPolicies>>>,
    /// What the last copy is of that was kept here, and when it was.
    kept: Mutex<Option<(Head, Instant)>>,
}

impl DynamoPolicies {
    /// The policies of this store.
    pub fn new(store: DynamoStore) -> Self {
        Self { store, last_read: Mutex::default(), kept: Mutex::default() }
    }

    /// Everything as of one moment, from the rows: they are the whole of it where they are what the set's own item says
    /// that there is. NB. DynamoDB may show one row of a transaction a moment before another, and one edit may change
    /// many policies: without that, its half that allows could be read without the guardrail that forbids. What never
    /// becomes whole was altered, and is not given. Also what is of a kind that this version does not know is among
    /// them: it might be one that forbids.
    async fn read(&self) -> Result<Vec<Item>, Unavailable> {
        let mut before = None;
        for pause in READINGS {
            wait(pause).await;
            let items = self.store.all_bodies(PREFIX).await?;
            let set = items.iter().find(|item| is_set(item));
            let now = version(self.store.policy_set_item().await?.as_ref());
            let versions = versions(&items);
            let is_whole = match set.and_then(|set| policies_said(&set.body)) {
                Some(said) => said == policies_digest(&versions),
                // Until an earlier version's edit is followed by another one. What was changed last is of the set's
                // version; where nothing is, it was deleted, or is not shown yet.
                None => {
                    items.is_empty()
                        || versions.values().any(|of_policy| *of_policy == version(set))
                        || before.as_ref() == Some(&versions)
                }
            };
            if is_whole && version(set) == now {
                return Ok(items);
            }
            before = Some(versions);
        }
        let why =
            "its rows are not those that belong to it: it is edited again and again, or they were altered";
        Err(Unavailable::new("the policy set", why))
    }
}

/// Which policies there are, by key, each with the version at which it was changed last.
fn versions(items: &[Item]) -> BTreeMap<String, u64> {
    let policies = items.iter().filter(|item| !is_set(item));
    policies.map(|item| (item.key.0.clone(), item.head.version)).collect()
}

/// Whether it is the set's own item, with its version and the settings.
fn is_set(item: &Item) -> bool {
    item.key.0 == PREFIX
}

fn version(set: Option<&Item>) -> u64 {
    set.map_or(0, |set| set.head.version)
}

/// The policy set of this moment by the copy, if it is of this moment. NB. Which one that is, and the settings, only
/// the set's own item says.
fn copied(set: Option<&Item>, copy: Option<&str>) -> Option<PolicySet> {
    let (set, text) = set.zip(copy)?;
    let Some(copy) = PolicyCopy::parse(text) else {
        tracing::error!("the copy of the policies is damaged; they are read without it");
        return None;
    };
    if set.head != copy.of {
        return None;
    }
    let not_understood =
        |error: &UnreadablePolicy| tracing::warn!(%error, "the copy of the policies is not understood");
    policy_set(copy.policies.into_iter().chain([stored(set)])).inspect_err(not_understood).ok()
}

#[async_trait]
impl Policies for DynamoPolicies {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        // Held while reading, so that of many who ask at once one reads.
        let mut last_read = self.last_read.lock().await;
        let (set, copy) = if let Some(last) = &*last_read {
            let set = self.store.policy_set_item().await?;
            if last.policy_set().version == version(set.as_ref()) {
                return Ok(Arc::clone(last));
            }
            (set, policy_copy::read(&self.store).await)
        } else {
            let (set, copy) = join(self.store.policy_set_item(), policy_copy::read(&self.store)).await;
            (set?, copy)
        };
        let set = if let Some(set) = copied(set.as_ref(), copy.as_deref()) {
            set
        } else {
            let items = self.read().await?;
            policy_set(items.iter().map(stored)).map_err(|error| Unavailable::new("the policy set", error))?
        };
        let compiled = Arc::new(CompiledPolicies::new(set));
        *last_read = Some(Arc::clone(&compiled));
        Ok(compiled)
    }

    async fn last_read(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        let last_read = self.last_read.lock().await.clone();
        match last_read {
            Some(last) => Ok(last),
            None => self.current().await,
        }
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        let item = self.store.policy_set_item().await?;
        settings(item.as_ref().map(stored).as_ref()).map_err(|error| Unavailable::new("the settings", error))
    }

    async fn keep_copy(&self) -> Result<(), Unavailable> {
        let mut kept = self.kept.lock().await;
        let Some(set) = self.store.policy_set_item().await? else { return Ok(()) };
        if kept.as_ref().is_some_and(|(of, at)| *of == set.head && at.elapsed() < BELIEVED) {
            return Ok(());
        }
        let items = self.read().await?;
        let (set, policies): (Vec<_>, Vec<_>) = items.iter().partition(|item| is_set(item));
        let Some(Item { head: of, .. }) = set.into_iter().next().cloned() else { return Ok(()) };
        let copy = PolicyCopy { of, policies: policies.into_iter().map(stored).collect() };
        policy_copy::keep(&self.store, &copy).await?;
        *kept = Some((copy.of, Instant::now()));
        Ok(())
    }
}

impl DynamoStore {
    /// The set's own item: its version and the settings.
    async fn policy_set_item(&self) -> Result<Option<Item>, Unavailable> {
        self.item(&ItemKey(PREFIX.to_owned())).await
    }
}

fn stored(item: &Item) -> StoredPolicyItem<&str> {
    StoredPolicyItem { key: &item.key.0, version: item.head.version, body: &item.body }
}
