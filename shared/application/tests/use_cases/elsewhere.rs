//! A Kari that was led to another Identity Center than the one in which it gave access.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::advance::{Advanced, advance};
use kari_application::contract::doubles::{AssignmentsDouble, DirectoryDouble};
use kari_application::ports::{Assignments, CallError, Directory, Listed, OperationKind, Unavailable};
use kari_domain::directory::{PermissionSet, User};
use kari_domain::ids::{OperationId, PermissionSetArn, Tuple, UserId};

use crate::town::{Town, account, set};

/// Nobody is known in the identity store there.
struct OtherDirectory(Arc<dyn Directory>);

#[async_trait]
impl DirectoryDouble for OtherDirectory {
    fn inner(&self) -> &dyn Directory {
        &*self.0
    }
    async fn user(&self, _: &UserId) -> Result<Option<User>, Unavailable> {
        Ok(None)
    }
    async fn permission_set(&self, _: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        Err(Unavailable::new("the directory", "it belongs to another instance"))
    }
}

/// Nothing that Kari gave out is found there.
struct OtherAssignments(Arc<dyn Assignments>);

#[async_trait]
impl AssignmentsDouble for OtherAssignments {
    fn inner(&self) -> &dyn Assignments {
        &*self.0
    }
    async fn delete(&self, _: &Tuple) -> Result<OperationId, CallError> {
        Err(CallError::NotFound)
    }
    async fn look(&self, _: OperationKind, _: &Tuple) -> Result<Listed, CallError> {
        Err(CallError::NotFound)
    }
}

#[test]
fn access_is_not_shown_to_be_gone_by_an_identity_center_that_knows_neither_the_user_nor_the_permission_set() {
    let town = Town::new();
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    town.pass(TimeDelta::minutes(31));

    let until = town.kari.clock.now() + TimeDelta::hours(1);
    let directory = Arc::new(OtherDirectory(town.kari.directory.clone()));
    let assignments = Arc::new(OtherAssignments(town.kari.assignments.clone()));
    let elsewhere = Kari { directory, assignments, ..town.kari.clone() };
    while let Advanced::At(at, _) = town.run(advance(&elsewhere, id)).unwrap()
        && at < until
    {
        town.clock.advance_to(at);
    }
    assert_eq!(town.state(id), "ending");

    while let Advanced::At(at, _) = town.run(advance(&town.kari, id)).unwrap() {
        town.clock.advance_to(at);
    }
    assert_eq!(town.state(id), "closed");
    assert!(!town.is_present(&Town::assignment("ann", &account("sandbox", 0), &set(0))));
}
