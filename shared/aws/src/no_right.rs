//! What a function has in place of a port that it has no right to.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kari_application::ports::{
    Assignees, Assignments, CallError, Directory, Listed, Notification, Notifier, OperationKind,
    OperationStatus, Unavailable, Workflow,
};
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, OperationId, PermissionSetArn, RequestId, Target, Tuple, UserId};

/// What it answers.
pub const NO_RIGHT: &str = "this function has no right to it";

/// Says no to everything, as AWS would say.
#[derive(Debug, Clone, Copy)]
pub struct NoRight;

pub(crate) fn no_right_to(what: &'static str) -> Unavailable {
    Unavailable::new(what, NO_RIGHT)
}

fn directory() -> Unavailable {
    no_right_to("the directory")
}

fn assignments() -> CallError {
    CallError::Denied(NO_RIGHT.into())
}

#[async_trait]
impl Directory for NoRight {
    async fn user(&self, _: &UserId) -> Result<Option<User>, Unavailable> {
        Err(directory())
    }

    async fn user_named(&self, _: &str) -> Result<Option<UserId>, Unavailable> {
        Err(directory())
    }

    async fn memberships(&self, _: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        Err(directory())
    }

    async fn account(&self, _: &AccountId) -> Result<Option<Account>, Unavailable> {
        Err(directory())
    }

    async fn accounts(&self, _: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        Err(directory())
    }

    async fn permission_set(&self, _: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        Err(directory())
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        Err(directory())
    }
}

#[async_trait]
impl Assignments for NoRight {
    async fn create(&self, _: &Tuple) -> Result<OperationId, CallError> {
        Err(assignments())
    }

    async fn delete(&self, _: &Tuple) -> Result<OperationId, CallError> {
        Err(assignments())
    }

    async fn status(&self, _: OperationKind, _: &OperationId) -> Result<OperationStatus, CallError> {
        Err(assignments())
    }

    async fn creation_in_flight(&self, _: &Tuple) -> Result<Option<OperationId>, CallError> {
        Err(assignments())
    }

    async fn look(&self, _: OperationKind, _: &Tuple) -> Result<Listed, CallError> {
        Err(assignments())
    }

    async fn assignees(&self, _: &AccountId, _: &PermissionSetArn) -> Result<Assignees, CallError> {
        Err(assignments())
    }

    async fn assigned_to(&self, _: &UserId) -> Result<BTreeSet<Target>, CallError> {
        Err(assignments())
    }

    async fn provisioned(&self, _: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError> {
        Err(assignments())
    }
}

#[async_trait]
impl Workflow for NoRight {
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        Err(no_right_to("the workflow"))
    }

    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        Err(no_right_to("the workflow"))
    }
}

#[async_trait]
impl Notifier for NoRight {
    async fn deliver(&self, _: &Notification) -> Result<(), Unavailable> {
        Err(no_right_to("the topic"))
    }
}
