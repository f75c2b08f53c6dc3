//! Sweeps over much that is due.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::contract::doubles::AssignmentsDouble;
use kari_application::ports::{Assignments, CallError, Clock};
use kari_application::reconcile::{Report, sweep};
use kari_application::{Kari, load_request};
use kari_domain::ids::{AccountId, OperationId, RequestId, Target, Tuple};
use kari_domain::request::AccessRequest;
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

/// Refuses to take away one permission set, and keeps who tried to.
struct Refusing {
    inner: Arc<dyn Assignments>,
    tried: Mutex<Vec<Tuple>>,
}

#[async_trait]
impl AssignmentsDouble for Refusing {
    fn inner(&self) -> &dyn Assignments {
        &*self.inner
    }
    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        if tuple.target.permission_set != set(REFUSED) {
            return self.inner.delete(tuple).await;
        }
        self.tried.lock().unwrap().push(tuple.clone());
        Err(CallError::Denied("not authorized to perform sso:DeleteAccountAssignment".into()))
    }
}

const REFUSED: usize = 1;

/// A town in which these removals are refused, and people were alarmed about each.
struct Stuck {
    town: Town,
    kari: Kari,
    refusing: Arc<Refusing>,
}

impl Stuck {
    fn with(people: &[&str], accounts: usize) -> Self {
        let town = Town::new();
        let inner = Arc::clone(&town.kari.assignments);
        let refusing = Arc::new(Refusing { inner, tried: Mutex::default() });
        let kari = Kari { assignments: refusing.clone(), ..town.kari.clone() };
        let ids: Vec<_> =
            people.iter().flat_map(|who| granted(&town, who, &sandbox(accounts), REFUSED)).collect();
        let stuck = Self { town, kari, refusing };
        stuck.town.clock.advance_by(TimeDelta::minutes(31));
        while !ids.iter().all(|id| stuck.is_overdue(*id)) {
            stuck.town.clock.advance_by(TimeDelta::minutes(1));
            stuck.sweep_for(TimeDelta::minutes(4));
        }
        stuck.tried();
        stuck
    }

    fn is_overdue(&self, id: RequestId) -> bool {
        let request = self.town.run(load_request(&self.town.kari, id)).unwrap().state;
        matches!(request, AccessRequest::Ending(ending) if ending.overdue)
    }

    fn sweep_for(&self, length: TimeDelta) {
        self.town.run(sweep(&self.kari, self.town.clock.now() + length)).unwrap();
    }

    /// What was tried in vain since this was last asked.
    fn tried(&self) -> Vec<Tuple> {
        std::mem::take(&mut *self.refusing.tried.lock().unwrap())
    }
}

#[test]
fn a_hundred_and_fifty_refused_removals_keep_no_end_and_no_lapse_from_being_driven() {
    let stuck = Stuck::with(&["ann", "ben", "cat"], AT_ONCE);
    let town = &stuck.town;
    let unanswered = town.ask("tom", &[account("north", 0)], &set(0)).remove(0);
    town.pass(TimeDelta::hours(8));
    let place = account("sandbox", AT_ONCE);
    granted(town, "tom", std::slice::from_ref(&place), 0);
    town.clock.advance_by(TimeDelta::minutes(31));
    stuck.sweep_for(TimeDelta::seconds(10));
    assert!(!town.is_present(&Town::assignment("tom", &place, &set(0))), "it is over");
    assert_eq!(town.state(unanswered), "closed", "it has lapsed");
}

#[test]
fn neither_what_is_refused_nor_what_begins_takes_all_the_time_of_a_sweep() {
    let stuck = Stuck::with(&["ann", "ben", "cat"], AT_ONCE);
    let town = &stuck.town;
    town.ask("tom", &sandbox(AT_ONCE), &set(0));
    let created = town.calls(Action::CreateAccountAssignment);
    stuck.sweep_for(TimeDelta::seconds(5));
    assert!(town.calls(Action::CreateAccountAssignment) > created);
    assert!(!stuck.tried().is_empty());
}

#[test]
fn of_more_refused_removals_than_a_sweep_can_try_it_is_not_always_the_same_that_are_tried() {
    let stuck = Stuck::with(&["ann", "ben", "cat"], AT_ONCE);
    let mut tried = BTreeSet::new();
    for _ in 0..30 {
        stuck.town.clock.advance_by(TimeDelta::minutes(1));
        stuck.sweep_for(TimeDelta::seconds(10));
        let now = stuck.tried();
        assert!(now.len() < 3 * AT_ONCE, "{}", now.len());
        tried.extend(now);
    }
    assert_eq!(tried.len(), 3 * AT_ONCE);
}

#[test]
fn a_refused_removal_is_tried_once_a_turn_although_its_request_and_its_ledger_are_due() {
    let stuck = Stuck::with(&["ann"], 1);
    stuck.town.clock.advance_by(TimeDelta::minutes(1));
    stuck.sweep_for(TimeDelta::milliseconds(900));
    assert_eq!(stuck.tried().len(), 1);
}

/// Keeps in which order what begins an operation is called.
struct InOrder {
    inner: Arc<dyn Assignments>,
    called: Mutex<Vec<Action>>,
}

#[async_trait]
impl AssignmentsDouble for InOrder {
    fn inner(&self) -> &dyn Assignments {
        &*self.inner
    }
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.called.lock().unwrap().push(Action::CreateAccountAssignment);
        self.inner.create(tuple).await
    }
    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.called.lock().unwrap().push(Action::DeleteAccountAssignment);
        self.inner.delete(tuple).await
    }
}

#[test]
fn what_could_not_end_for_so_long_that_people_know_goes_before_what_wants_to_begin_once_it_can() {
    let stuck = Stuck::with(&["ann"], 5);
    let town = &stuck.town;
    town.ask("tom", &sandbox(5), &set(0));
    town.clock.advance_by(TimeDelta::minutes(1));
    let calls = Arc::new(InOrder { inner: Arc::clone(&town.kari.assignments), called: Mutex::default() });
    let kari = Kari { assignments: calls.clone(), ..town.kari.clone() };
    town.run(sweep(&kari, town.clock.now() + TimeDelta::seconds(20))).unwrap();
    let called = calls.called.lock().unwrap().clone();
    let (first, then) = called.split_at(5);
    assert_eq!(first, [Action::DeleteAccountAssignment; 5]);
    assert_eq!(then, [Action::CreateAccountAssignment; 5]);
}
