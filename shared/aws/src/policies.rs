//! The policy set, from the state items beside the `policies` stream.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::policy_storage::{PREFIX, StoredPolicyItem, policy_set, settings};
use kari_application::ports::{EventStore, Item, ItemKey, Policies, Unavailable};
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;
use tokio::sync::Mutex;

use crate::store::DynamoStore;

/// How often reading starts anew because somebody edited meanwhile.
const MOST_READINGS: usize = 5;

/// The policy set in the table. Asking again costs one read of one row while it is unchanged.
#[derive(Debug)]
pub struct DynamoPolicies {
    store: DynamoStore,
    last_read: Mutex<Option<Arc<CompiledPolicies>>>,
}

impl DynamoPolicies {
    /// The policies of this store.
    pub fn new(store: DynamoStore) -> Self {
        Self { store, last_read: Mutex::default() }
    }

    /// Everything as of one moment. Several reads see no one moment, so it is one only if the set's version
    /// was the same before and after.
    async fn read(&self) -> Result<Vec<StoredPolicyItem>, Unavailable> {
        let mut before = None;
        for _ in 0..MOST_READINGS {
            let items = self.store.policy_items().await?;
            let read = version(items.iter().find(|item| item.key == PREFIX));
            let now = version(self.store.policy_set_item().await?.as_ref());
            let places = places(&items);
            // NB. DynamoDB may show one row of a transaction a moment before another one. What was changed last
            // is of the set's version; where nothing is, it was deleted, or is not shown yet.
            let complete = items.is_empty() || places.iter().any(|(_, version)| *version == read);
            if read == now && (complete || before.as_ref() == Some(&places)) {
                return Ok(items);
            }
            before = Some(places);
        }
        Err(Unavailable::new("the policy set", "it is being edited again and again"))
    }
}

/// Which policies there are, and when each was changed last.
fn places(items: &[StoredPolicyItem]) -> Vec<(String, u64)> {
    let policies = items.iter().filter(|item| item.key != PREFIX);
    policies.map(|item| (item.key.clone(), item.version)).collect()
}

fn version(item: Option<&StoredPolicyItem>) -> u64 {
    item.map_or(0, |item| item.version)
}

#[async_trait]
impl Policies for DynamoPolicies {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        // Held while reading, so that of many who ask at once one reads.
        let mut last_read = self.last_read.lock().await;
        if let Some(last) = &*last_read {
            let set = self.store.policy_set_item().await?;
            if last.policy_set().version == version(set.as_ref()) {
                return Ok(Arc::clone(last));
            }
        }
        let items = self.read().await?;
        let set = policy_set(items).map_err(|error| Unavailable::new("the policy set", error))?;
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
        settings(item.as_ref()).map_err(|error| Unavailable::new("the settings", error))
    }
}

impl DynamoStore {
    /// The set's own item: its version and the settings.
    async fn policy_set_item(&self) -> Result<Option<StoredPolicyItem>, Unavailable> {
        Ok(self.item(&ItemKey(PREFIX.to_owned())).await?.map(stored))
    }

    /// Everything that is stored about the policy set. NB. Also what is of a kind that this version does not
    /// know: it might be one that forbids.
    async fn policy_items(&self) -> Result<Vec<StoredPolicyItem>, Unavailable> {
        Ok(self.all_bodies(PREFIX).await?.into_iter().map(stored).collect())
    }
}

fn stored(item: Item) -> StoredPolicyItem {
    StoredPolicyItem { key: item.key.0, version: item.head.version, body: item.body }
}
