use std::sync::Arc;

use kari_application::ports::{Assignments, Clock, Directory, Ids, Workflow};
use kari_application::reconcile::SaidLast;
use kari_application::{Kari, RoleGroups};

use crate::inbox::Inbox;
use crate::policies::StoredPolicies;
use crate::read_model::StoredReadModel;
use crate::store::SqliteStore;

/// What differs between one Kari on embedded parts and another.
#[expect(missing_debug_implementations, reason = "ports have none")]
pub struct Parts {
    pub store: Arc<SqliteStore>,
    pub directory: Arc<dyn Directory>,
    pub assignments: Arc<dyn Assignments>,
    pub workflow: Arc<dyn Workflow>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub roles: RoleGroups,
}

/// Kari on embedded parts: everything it keeps is in the store, and people are told in the inbox.
pub fn assemble(parts: Parts) -> Kari {
    let Parts { store, directory, assignments, workflow, clock, ids, roles } = parts;
    Kari {
        policies: Arc::new(StoredPolicies::new(Arc::clone(&store))),
        read_model: Arc::new(StoredReadModel::new(Arc::clone(&store))),
        notifier: Arc::new(Inbox::new(Arc::clone(&store))),
        boards: vec![],
        store,
        directory,
        assignments,
        workflow,
        clock,
        ids,
        roles,
        said_last: SaidLast::default(),
    }
}
