//! Deletions that were accepted and whose outcome nobody hears of.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::advance::{Advanced, advance};
use kari_application::contract::doubles::AssignmentsDouble;
use kari_application::ports::{Assignments, CallError, OperationKind, OperationStatus};
use kari_application::reconcile::end_grants_of_disabled_users;
use kari_domain::ids::{OperationId, RequestId, Tuple};

use crate::town::{Town, account, set, user};

/// What is said of each deletion, in turn.
type Says = [fn() -> Result<OperationStatus, CallError>; 2];

/// Identity Center, which deletes nothing of what it was asked to the first time, and says this of deletions.
struct Secretive {
    inner: Arc<dyn Assignments>,
    says: Says,
    deletions: AtomicUsize,
    asked: AtomicUsize,
}

#[async_trait]
impl AssignmentsDouble for Secretive {
    fn inner(&self) -> &dyn Assignments {
        &*self.inner
    }
    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        match self.deletions.fetch_add(1, Ordering::Relaxed) {
            0 => Ok(OperationId::parse("lost").unwrap()),
            _ => self.inner.delete(tuple).await,
        }
    }
    async fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError> {
        match kind {
            OperationKind::Creation => self.inner.status(kind, id).await,
            OperationKind::Deletion => self.says[self.asked.fetch_add(1, Ordering::Relaxed) % 2](),
        }
    }
}

fn ask(town: &Town) -> RequestId {
    town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0)
}

/// Lets a grant end where this is said of deletions. Whether access is there after so long.
fn is_there_after(length: TimeDelta, says: Says) -> bool {
    let town = Town::new();
    let id = ask(&town);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    town.pass(TimeDelta::minutes(31));
    let until = town.kari.clock.now() + length;
    let (inner, deletions, asked) = (town.kari.assignments.clone(), AtomicUsize::new(0), AtomicUsize::new(0));
    let secretive = Arc::new(Secretive { inner, says, deletions, asked });
    let kari = Kari { assignments: secretive, ..town.kari.clone() };
    while let Advanced::At(at, _) = town.run(advance(&kari, id)).unwrap()
        && at < until
    {
        town.clock.advance_to(at);
    }
    town.is_present(&Town::assignment("ann", &account("sandbox", 0), &set(0)))
}

#[test]
fn a_deletion_that_hangs_is_sent_again_however_often_asking_for_it_is_throttled() {
    let says: Says = [|| Ok(OperationStatus::InProgress), || Err(CallError::Throttled)];
    assert!(is_there_after(TimeDelta::minutes(11), says), "it may take its time");
    assert!(!is_there_after(TimeDelta::minutes(15), says));
}

#[test]
fn a_deletion_that_nobody_may_ask_about_is_judged_by_what_is_listed() {
    let says: Says = [|| Err(CallError::Denied("no".into())), || Err(CallError::Invalid("what?".into()))];
    assert!(!is_there_after(TimeDelta::minutes(10), says));
}

#[test]
fn a_deletion_of_which_nothing_is_ever_heard_is_judged_by_what_is_listed() {
    let says: Says = [|| Err(CallError::Throttled), || Err(CallError::Conflict)];
    assert!(is_there_after(TimeDelta::minutes(11), says), "it may take its time");
    assert!(!is_there_after(TimeDelta::minutes(15), says));
}

#[test]
fn the_grant_of_somebody_disabled_ends_although_the_directory_was_not_read_for_an_hour() {
    let town = Town::new();
    town.clock.advance_by(TimeDelta::minutes(50));
    let id = ask(&town);
    town.run(advance(&town.kari, id)).unwrap();
    town.behind(|world, now| world.disable_user(now, &user("ann")));
    let ended = || town.run(end_grants_of_disabled_users(&town.kari)).unwrap().ended;
    assert_eq!((ended(), town.state(id)), (0, "active"), "the next sync tells");
    town.clock.advance_by(TimeDelta::minutes(11));
    town.lose_directory_for(TimeDelta::seconds(1));
    let report = town.run(end_grants_of_disabled_users(&town.kari)).unwrap();
    assert_eq!((report.failed, report.ended), (1, 0));
    town.clock.advance_by(TimeDelta::seconds(2));
    assert_eq!(ended(), 1);
    assert_ne!(town.state(id), "active");
}

#[test]
fn who_asks_again_before_a_grant_that_is_over_has_left_waits_for_that_and_begins() {
    let town = Town::new();
    let begun = || {
        let id = ask(&town);
        town.run(advance(&town.kari, id)).unwrap();
        id
    };
    let first = begun();
    town.clock.advance_by(TimeDelta::minutes(29));
    let second = begun();
    town.clock.advance_by(TimeDelta::minutes(1));
    town.run(advance(&town.kari, first)).unwrap();
    // Together with these it would last longer than the policy allows.
    town.pass(TimeDelta::seconds(29 * 60 + 2));
    let third = begun();
    assert_eq!(town.state(third), "approved");
    for _ in 0..5 {
        town.run(advance(&town.kari, second)).unwrap();
        town.pass(TimeDelta::seconds(10));
        town.run(advance(&town.kari, third)).unwrap();
    }
    assert_eq!(town.state(third), "active");
}
