//! Lists that were asked for long before their answers are looked at.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use futures::future::join;
use kari_application::Kari;
use kari_application::advance::{Advanced, advance};
use kari_application::contract::doubles::AssignmentsDouble;
use kari_application::ports::{Assignees, Assignments, CallError, Clock};
use kari_application::reconcile::{Report, find_drift, sweep, verify};
use kari_domain::ids::{AccountId, PermissionSetArn, RequestId};
use kari_domain::time::Instant;

use crate::town::{ALL_ACCOUNTS, Town, account, set};

/// Identity Center, whose lists are long on their way: there and back.
struct SlowLists {
    inner: Arc<dyn Assignments>,
    clock: Arc<dyn Clock>,
    there: TimeDelta,
    back: TimeDelta,
}

#[async_trait]
impl AssignmentsDouble for SlowLists {
    fn inner(&self) -> &dyn Assignments {
        &*self.inner
    }
    async fn assignees(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError> {
        self.clock.sleep(self.there).await;
        let users = self.inner.assignees(account, permission_set).await;
        self.clock.sleep(self.back).await;
        users
    }
}

fn slow(town: &Town, there: TimeDelta, back: TimeDelta) -> Kari {
    let (inner, clock) = (Arc::clone(&town.kari.assignments), Arc::clone(&town.kari.clock));
    Kari { assignments: Arc::new(SlowLists { inner, clock, there, back }), ..town.kari.clone() }
}

fn granted(town: &Town) -> RequestId {
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    id
}

async fn wait_until(kari: &Kari, at: Instant) {
    kari.clock.sleep(at - kari.clock.now()).await;
}

async fn finish(kari: &Kari, id: RequestId) {
    while let Advanced::At(at, _) = advance(kari, id).await.unwrap() {
        wait_until(kari, at).await;
    }
}

#[test]
fn access_that_ends_while_it_is_listed_is_neither_drift_nor_a_late_creation() {
    // Before it is forgotten that it was ours, and after.
    for back in [TimeDelta::minutes(6), TimeDelta::hours(1)] {
        let town = Town::new();
        let id = granted(&town);
        town.clock.advance_by(TimeDelta::minutes(29));
        let kari = slow(&town, TimeDelta::zero(), back);
        let deadline = town.clock.now() + TimeDelta::days(1);
        let ending = async {
            finish(&town.kari, id).await;
            wait_until(&town.kari, town.clock.now() + back * 3 / 4).await;
            sweep(&town.kari, deadline).await.unwrap();
        };
        let (report, ()) = town.run(join(find_drift(&kari, ALL_ACCOUNTS, deadline), ending));
        assert_eq!(Report { compared: 0, ..report.unwrap() }, Report::default());
        assert_eq!((town.state(id), town.deletions()), ("closed", 1));
    }
}

#[test]
fn access_that_begins_while_others_are_listed_does_not_vanish() {
    let town = Town::new();
    let first = granted(&town);
    town.clock.advance_by(TimeDelta::minutes(29));
    let began = town.clock.now();
    // When it lists, the first grant has ended; when it answers, a second one has lasted for long.
    let kari = slow(&town, TimeDelta::minutes(2), TimeDelta::minutes(25));
    let again = async {
        finish(&town.kari, first).await;
        wait_until(&town.kari, began + TimeDelta::minutes(4)).await;
        let second = town.asking("ann", &[account("sandbox", 0)], &set(0)).await.remove(0);
        advance(&town.kari, second).await.unwrap();
        second
    };
    let (report, second) = town.run(join(verify(&kari, Instant::MAX_UTC), again));
    assert_eq!(Report { compared: 0, ..report.unwrap() }, Report::default());
    town.run(advance(&town.kari, second)).unwrap();
    assert_eq!(town.state(second), "active");
}
