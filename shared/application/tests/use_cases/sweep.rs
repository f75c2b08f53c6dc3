//! Sweeps over much that is due.

use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::ports::Clock;
use kari_application::reconcile::{Report, sweep};
use kari_domain::ids::{AccountId, RequestId, Target, Tuple};
use kari_embedded::identity_center::{Action, Assignment};

use crate::town::{Town, account, set, user};

const BLOCKED: usize = 3_000;
/// As many accounts as one submission may name.
const AT_ONCE: usize = 50;

/// Somebody has access in each of these accounts.
fn granted(town: &Town, who: &str, accounts: &[AccountId], number: usize) -> Vec<RequestId> {
    let ids = town.ask(who, accounts, &set(number));
    for id in &ids {
        town.run(advance(&town.kari, *id)).unwrap();
    }
    ids
}

/// Sweeps for as long as a Lambda function lives.
pub(crate) fn swept(town: &Town) -> Report {
    let deadline = town.clock.now() + TimeDelta::minutes(4);
    town.run(sweep(&town.kari, deadline)).unwrap()
}

fn sandbox(count: usize) -> Vec<AccountId> {
    (0..count).map(|number| account("sandbox", number)).collect()
}

/// A town in which so many removals were tried and are blocked, because their accounts are suspended.
fn town_with_blocked_removals() -> (Town, Vec<RequestId>) {
    let town = Town::new();
    let accounts = sandbox(AT_ONCE);
    let mut all = vec![];
    for who in ["ann", "ben", "cat", "lee", "sam", "tom"] {
        for number in 0..BLOCKED / AT_ONCE / 6 {
            all.extend(granted(&town, who, &accounts, number));
        }
    }
    for account in &accounts {
        town.suspend(account);
    }
    town.clock.advance_by(TimeDelta::minutes(31));
    loop {
        let report = swept(&town);
        assert_eq!(report.failed, 0);
        if all.iter().all(|id| town.is_blocked(*id)) {
            return (town, all);
        }
    }
}

#[test]
fn three_thousand_blocked_removals_keep_nothing_newer_from_being_driven_and_cost_no_call() {
    let (town, blocked) = town_with_blocked_removals();
    assert_eq!(blocked.len(), BLOCKED);
    assert!(blocked.iter().all(|id| town.state(*id) == "ending"));
    let tried = town.deletions();
    assert!(tried >= BLOCKED as u64);

    let place = account("sandbox", AT_ONCE);
    let newer = granted(&town, "ann", std::slice::from_ref(&place), 0).remove(0);
    assert_eq!(town.state(newer), "active");
    town.clock.advance_by(TimeDelta::minutes(31));
    swept(&town);
    let tuple = Tuple { principal: user("ann"), target: Target { account: place, permission_set: set(0) } };
    assert!(!town.is_present(&Assignment::from(&tuple)), "it is over, and nothing is in its way");
    assert_eq!(town.deletions() - tried, 1, "within the hour the blocked ones are left alone");

    for _ in 0..2 {
        town.clock.advance_by(TimeDelta::minutes(3));
        swept(&town);
    }
    assert_eq!(town.state(newer), "closed");
}

#[test]
fn a_hundred_and_fifty_slow_removals_are_under_way_long_before_the_sweep_must_be_over() {
    let town = Town::new();
    let people = ["ann", "ben", "cat"];
    let ids: Vec<_> = people.iter().flat_map(|who| granted(&town, who, &sandbox(AT_ONCE), 0)).collect();
    town.operations_take(TimeDelta::seconds(40));
    town.clock.advance_by(TimeDelta::minutes(31));
    let deadline = town.clock.now() + TimeDelta::seconds(30);
    let report = town.run(sweep(&town.kari, deadline)).unwrap();
    assert_eq!(report.failed, 0);
    assert_eq!(town.deletions(), 150, "all are under way before one is waited for");
    assert!(town.clock.now() < deadline + TimeDelta::seconds(3));
    town.clock.advance_by(TimeDelta::minutes(3));
    swept(&town);
    assert!(ids.iter().all(|id| town.state(*id) == "closed"));
    assert_eq!(swept(&town), Report::default(), "nothing is due but to watch, some minutes later");
}

#[test]
fn two_sweeps_see_gone_and_close_what_is_over_although_nobody_else_drives_it() {
    let town = Town::new();
    let ids = granted(&town, "ann", &sandbox(10), 0);
    town.operations_take(TimeDelta::seconds(40));
    town.clock.advance_by(TimeDelta::minutes(31));
    let minute = |town: &Town| town.clock.now() + TimeDelta::minutes(1);
    town.run(sweep(&town.kari, minute(&town))).unwrap();
    assert!(ids.iter().all(|id| town.state(*id) == "ending"), "gone means seen twice, two minutes apart");
    town.clock.advance_by(TimeDelta::minutes(2));
    town.run(sweep(&town.kari, minute(&town))).unwrap();
    assert!(ids.iter().all(|id| town.state(*id) == "closed"));
    assert_eq!(town.deletions(), 10);
}

#[test]
fn a_sweep_stops_at_its_deadline_says_what_it_left_and_the_next_one_does_it() {
    let town = Town::new();
    granted(&town, "ann", &sandbox(AT_ONCE), 0);
    town.clock.advance_by(TimeDelta::minutes(31));
    let deadline = town.clock.now() + TimeDelta::seconds(2);
    let first = town.run(sweep(&town.kari, deadline)).unwrap();
    assert!(first.left > 0 && first.driven > 0, "{first:?}");
    assert!(town.clock.now() < deadline + TimeDelta::seconds(3), "what was begun is finished, and no more");
    assert!(town.deletions() < 50);
    assert_eq!(swept(&town).left, 0);
    assert_eq!(town.deletions(), 50);
}

#[test]
fn what_has_to_end_goes_before_what_wants_to_begin_however_long_that_has_waited() {
    let town = Town::new();
    granted(&town, "ann", &sandbox(10), 0);
    town.clock.advance_by(TimeDelta::minutes(29));
    town.ask("ben", &sandbox(10), &set(1));
    town.clock.advance_by(TimeDelta::minutes(2));
    let created = town.calls(Action::CreateAccountAssignment);
    let deadline = town.clock.now() + TimeDelta::milliseconds(800);
    let report = town.run(sweep(&town.kari, deadline)).unwrap();
    assert!(report.left > 0, "{report:?}");
    assert_eq!(town.deletions(), 10);
    assert_eq!(town.calls(Action::CreateAccountAssignment), created, "{report:?}");
}
