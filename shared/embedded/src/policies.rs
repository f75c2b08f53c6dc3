//! The policy set, from the state items beside the `policies` stream.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use kari_application::policy_storage::{StoredPolicyItem, policy_set, settings};
use kari_application::ports::{Policies, Unavailable};
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;

use crate::store::SqliteStore;

/// The policy set in the store. Asking again costs one lookup while it is unchanged.
#[derive(Debug)]
pub struct StoredPolicies {
    store: Arc<SqliteStore>,
    last_read: Mutex<Option<Arc<CompiledPolicies>>>,
}

impl StoredPolicies {
    /// The policies of this store.
    pub fn new(store: Arc<SqliteStore>) -> Self {
        Self { store, last_read: Mutex::default() }
    }

    /// Everything as of one moment, or `None` if the set is still at version `known`.
    fn read_unless(&self, known: Option<u64>) -> Result<Option<Vec<StoredPolicyItem>>, Unavailable> {
        self.store.read(|transaction| {
            if known == Some(SqliteStore::policy_set_version(transaction)?) {
                return Ok(None);
            }
            SqliteStore::policy_items(transaction).map(Some)
        })
    }
}

#[async_trait]
impl Policies for StoredPolicies {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        let mut last_read = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last_read.as_ref().map(|compiled| compiled.policy_set().version);
        match (self.read_unless(known)?, last_read.as_ref()) {
            (None, Some(unchanged)) => Ok(Arc::clone(unchanged)),
            (stored, _) => {
                let set = policy_set(stored.into_iter().flatten())
                    .map_err(|error| Unavailable::new("the policy set", error))?;
                let compiled = Arc::new(CompiledPolicies::new(set));
                *last_read = Some(Arc::clone(&compiled));
                Ok(compiled)
            }
        }
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        let item = self.store.read(SqliteStore::policy_set_item)?;
        settings(item.as_ref()).map_err(|error| Unavailable::new("the settings", error))
    }
}
