//! One process of Kari over the store and the Identity Center that outlive it.

use std::sync::Arc;

use kari_application::ports::{EventStore, ItemKey};
use kari_application::reconcile::SaidLast;
use kari_application::{Kari, RoleGroups};
use kari_domain::audit::StreamId;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::Ledger;
use kari_domain::request::AccessRequest;
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::SimulatedIdentityCenter;
use kari_embedded::ids::SeededIds;
use kari_embedded::inbox::Inbox;
use kari_embedded::policies::StoredPolicies;
use kari_embedded::read_model::StoredReadModel;
use kari_embedded::store::SqliteStore;

use crate::organization::group;
use crate::ports::{
    Gate, GatedAssignments, GatedDirectory, GatedNotifier, GatedPolicies, GatedReadModel, GatedStore,
    GatedWorkflow,
};

/// What survives the death of a process.
#[derive(Debug, Clone)]
pub struct World {
    pub store: Arc<SqliteStore>,
    pub center: Arc<SimulatedIdentityCenter>,
    pub inbox: Arc<Inbox>,
    pub clock: Arc<ManualClock>,
    pub ids: Arc<SeededIds>,
    pub gate: Arc<Gate>,
}

impl World {
    /// A process that has just started: nothing cached, nothing running.
    pub fn start_process(&self) -> Kari {
        let gate = || Arc::clone(&self.gate);
        let store = || Arc::clone(&self.store);
        Kari {
            store: Arc::new(GatedStore::new(store(), gate())),
            policies: Arc::new(GatedPolicies::new(StoredPolicies::new(store()), gate())),
            directory: Arc::new(GatedDirectory::new(Arc::clone(&self.center), gate())),
            read_model: Arc::new(GatedReadModel::new(StoredReadModel::new(store()), gate())),
            assignments: Arc::new(GatedAssignments::new(Arc::clone(&self.center), gate())),
            workflow: Arc::new(GatedWorkflow::new(gate())),
            notifier: Arc::new(GatedNotifier::new(Arc::clone(&self.inbox), gate())),
            boards: vec![],
            clock: Arc::clone(&self.clock) as _,
            ids: Arc::clone(&self.ids) as _,
            roles: RoleGroups { administrators: [group("administrators")].into(), auditors: [].into() },
            said_last: SaidLast::default(),
        }
    }

    /// A request as the store has it, for tests that look.
    pub fn request(&self, id: RequestId) -> Option<AccessRequest> {
        self.state(&StreamId::request(id))
    }

    /// A ledger as the store has it, for tests that look.
    pub fn ledger(&self, tuple: &Tuple) -> Option<Ledger> {
        self.state(&StreamId::ledger(tuple))
    }

    fn state<T: serde::de::DeserializeOwned>(&self, stream: &StreamId) -> Option<T> {
        let item = futures::FutureExt::now_or_never(self.store.item(&ItemKey::from(stream)))
            .expect("the embedded store answers at once")
            .unwrap()?;
        Some(serde_json::from_str(&item.body).unwrap())
    }
}
