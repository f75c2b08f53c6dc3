//! An Identity Center that forbids changing an assignment at all, as it does for Kari's own account.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::advance::{Advanced, advance};
use kari_application::contract::doubles::AssignmentsDouble;
use kari_application::ports::{Assignments, CallError};
use kari_domain::ids::{OperationId, RequestId, Tuple};

use crate::town::{Town, account, set};

/// Lists all, and lets nobody create or delete, or only delete.
struct Forbidding {
    inner: Arc<dyn Assignments>,
    creations_too: bool,
}

fn denied() -> CallError {
    CallError::Denied("not authorized to perform sso:DeleteAccountAssignment".into())
}

#[async_trait]
impl AssignmentsDouble for Forbidding {
    fn inner(&self) -> &dyn Assignments {
        &*self.inner
    }
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        if self.creations_too { Err(denied()) } else { self.inner.create(tuple).await }
    }
    async fn delete(&self, _: &Tuple) -> Result<OperationId, CallError> {
        Err(denied())
    }
}

fn forbidding(town: &Town, creations_too: bool) -> Kari {
    let inner = Arc::clone(&town.kari.assignments);
    Kari { assignments: Arc::new(Forbidding { inner, creations_too }), ..town.kari.clone() }
}

fn ask(town: &Town) -> RequestId {
    town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0)
}

/// Drives a request for so long.
fn drive(town: &Town, kari: &Kari, id: RequestId, length: TimeDelta) {
    town.run(async {
        let until = kari.clock.now() + length;
        while kari.clock.now() < until {
            match advance(kari, id).await.unwrap() {
                Advanced::Done => return,
                Advanced::At(at, _) => kari.clock.sleep(at - kari.clock.now()).await,
            }
        }
    });
}

#[test]
fn what_must_be_neither_created_nor_deleted_closes_as_failed_and_raises_no_alarm() {
    let town = Town::new();
    let id = ask(&town);
    drive(&town, &forbidding(&town, true), id, TimeDelta::minutes(30));
    assert_eq!(town.state(id), "closed");
    assert_eq!(town.calls(kari_embedded::identity_center::Action::CreateAccountAssignment), 0);
}

#[test]
fn what_is_there_and_must_not_be_deleted_stays_an_end_that_is_overdue() {
    let town = Town::new();
    let id = ask(&town);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    let kari = forbidding(&town, false);
    drive(&town, &kari, id, TimeDelta::minutes(90));
    assert_eq!(town.state(id), "ending");
    assert!(town.is_present(&Town::assignment("ann", &account("sandbox", 0), &set(0))));
    drive(&town, &town.kari, id, TimeDelta::minutes(30));
    assert_eq!(town.state(id), "closed");
}
