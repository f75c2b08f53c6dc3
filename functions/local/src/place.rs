//! Opens the Kari that a command is about, so that what the command does is the same code everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::ensure;
use async_trait::async_trait;
use kari_application::ports::{
    Assignees, Assignments, CallError, Clock, Directory, Listed, OperationKind, OperationStatus, Unavailable,
    Workflow,
};
use kari_application::{Kari, RoleGroups};
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, OperationId, PermissionSetArn, RequestId, Target, Tuple, UserId};
use kari_domain::time::Instant;
use kari_embedded::clock::{SystemClock, VirtualClock};
use kari_embedded::ids::RandomIds;
use kari_embedded::store::{Reserve, SqliteStore};
use kari_embedded::{Parts, assemble};

use crate::cli::{IdentityCenter, Place};
use crate::{aws, data_dir, first_start};

/// Runs a command to its end.
///
/// # Errors
/// What the command says, or that the system gives no threads.
pub(crate) fn run<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(command)
}

/// The Kari that a command is about.
///
/// # Errors
/// If there is none, or it cannot be used.
pub(crate) async fn open(place: &Place) -> anyhow::Result<Kari> {
    match &place.deployment {
        Some(file) => aws::open(file).await,
        None => of_this_machine(&place.data.data_dir),
    }
}

/// What has the read model of a Kari that has read its directory at least once.
///
/// # Errors
/// If it has not.
pub(crate) async fn directory(kari: &Kari) -> anyhow::Result<Arc<Snapshot>> {
    let snapshot = kari.read_model.load().await?;
    ensure!(
        snapshot.synced_at > Instant::UNIX_EPOCH,
        "kari has not read the directory yet: wait until it has, on AWS up to ten minutes"
    );
    Ok(snapshot)
}

/// The Kari of a data directory, beside the one that may be running there: its records and settings.
fn of_this_machine(directory: &Path) -> anyhow::Result<Kari> {
    let instance = data_dir::instance(directory)?;
    let database = data_dir::database(directory);
    first_start::refuse_lost_records(directory, &Reserve::beside(&database))?;
    let store = Arc::new(SqliteStore::open_beside(database)?);
    let clock: Arc<dyn Clock> = match instance.identity_center {
        IdentityCenter::Simulated => Arc::new(VirtualClock::open(Arc::clone(&store))?),
        IdentityCenter::Aws => Arc::new(SystemClock::default()),
    };
    Ok(assemble(Parts {
        store,
        directory: Arc::new(NotHere),
        assignments: Arc::new(NotHere),
        workflow: Arc::new(NotHere),
        ids: Arc::new(RandomIds::new(Arc::clone(&clock))?),
        clock,
        roles: RoleGroups::default(),
    }))
}

/// What only the Kari that runs with a data directory has: Identity Center, and the timer.
#[derive(Debug)]
struct NotHere;

fn not_here() -> Unavailable {
    Unavailable::new("identity center", "only the kari that runs with the data directory calls it")
}

#[async_trait]
impl Workflow for NotHere {
    /// The running Kari looks each minute.
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
}

#[async_trait]
impl Directory for NotHere {
    async fn user(&self, _: &UserId) -> Result<Option<User>, Unavailable> {
        Err(not_here())
    }

    async fn user_named(&self, _: &str) -> Result<Option<UserId>, Unavailable> {
        Err(not_here())
    }

    async fn memberships(&self, _: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        Err(not_here())
    }

    async fn account(&self, _: &AccountId) -> Result<Option<Account>, Unavailable> {
        Err(not_here())
    }

    async fn accounts(&self, _: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        Err(not_here())
    }

    async fn permission_set(&self, _: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        Err(not_here())
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        Err(not_here())
    }
}

#[async_trait]
impl Assignments for NotHere {
    async fn create(&self, _: &Tuple) -> Result<OperationId, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn delete(&self, _: &Tuple) -> Result<OperationId, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn status(&self, _: OperationKind, _: &OperationId) -> Result<OperationStatus, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn creation_in_flight(&self, _: &Tuple) -> Result<Option<OperationId>, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn look(&self, _: OperationKind, _: &Tuple) -> Result<Listed, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn assignees(&self, _: &AccountId, _: &PermissionSetArn) -> Result<Assignees, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn assigned_to(&self, _: &UserId) -> Result<BTreeSet<Target>, CallError> {
        Err(CallError::Unknown(not_here()))
    }

    async fn provisioned(&self, _: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError> {
        Err(CallError::Unknown(not_here()))
    }
}
