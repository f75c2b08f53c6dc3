//! The policy set, from the state items beside the `policies` stream.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use kari_application::ports::{Policies, Unavailable};
use kari_domain::policy::{CompiledPolicies, PolicySet, Versioned};
use kari_domain::settings::Settings;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::store::{SqliteStore, StoredItem};

/// The item of the `policies` stream: its version is the policy-set version, its body holds the
/// settings.
const SET: &str = "policies";
const ELIGIBILITY: &str = "policies/eligibility/";
const GUARDRAILS: &str = "policies/guardrail/";
const APPROVERS: &str = "policies/approver/";

/// The policy set in the store. Asking again costs one lookup while it is unchanged.
#[derive(Debug)]
pub struct StoredPolicies {
    store: Arc<SqliteStore>,
    last_read: Mutex<Option<Arc<CompiledPolicies>>>,
}

/// The body of the set's own item.
#[derive(Deserialize)]
struct SetBody {
    settings: Settings,
}

/// Everything as it is stored, of one moment.
struct Stored {
    set: Option<StoredItem>,
    eligibility: Vec<StoredItem>,
    guardrails: Vec<StoredItem>,
    approvers: Vec<StoredItem>,
}

impl StoredPolicies {
    /// The policies of this store.
    pub fn new(store: Arc<SqliteStore>) -> Self {
        Self { store, last_read: Mutex::default() }
    }

    /// Everything, or `None` if the set is still at version `known`.
    fn read_unless(&self, known: Option<u64>) -> Result<Option<Stored>, Unavailable> {
        self.store.read(|transaction| {
            let set = SqliteStore::body(transaction, SET)?;
            if known == Some(set.as_ref().map_or(0, |set| set.version)) {
                return Ok(None);
            }
            let bodies = |prefix| SqliteStore::bodies(transaction, prefix);
            Ok(Some(Stored {
                set,
                eligibility: bodies(ELIGIBILITY)?,
                guardrails: bodies(GUARDRAILS)?,
                approvers: bodies(APPROVERS)?,
            }))
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
                let set = stored.map_or(Ok(PolicySet::default()), parse)?;
                let compiled = Arc::new(CompiledPolicies::new(set));
                *last_read = Some(Arc::clone(&compiled));
                Ok(compiled)
            }
        }
    }
}

/// NB. Fails closed: one policy that cannot be read might be the guardrail that forbids.
fn parse(stored: Stored) -> Result<PolicySet, Unavailable> {
    let settings = match &stored.set {
        Some(set) => parse_body::<SetBody>(set)?.settings,
        None => Settings::default(),
    };
    Ok(PolicySet {
        version: stored.set.map_or(0, |set| set.version),
        eligibility: parse_policies(&stored.eligibility)?,
        guardrails: parse_policies(&stored.guardrails)?,
        approvers: parse_policies(&stored.approvers)?,
        settings,
    })
}

fn parse_policies<P: DeserializeOwned>(items: &[StoredItem]) -> Result<Vec<Versioned<P>>, Unavailable> {
    items.iter().map(parse_body).collect()
}

/// A policy or setting whose stored form this program does not understand.
#[derive(Debug, thiserror::Error)]
#[error("{key} cannot be read; it may have been written by a newer version of kari")]
struct Unreadable {
    key: String,
    #[source]
    source: serde_json::Error,
}

fn parse_body<T: DeserializeOwned>(item: &StoredItem) -> Result<T, Unavailable> {
    serde_json::from_str(&item.body)
        .map_err(|source| Unavailable::new("the policy set", Unreadable { key: item.key.clone(), source }))
}
