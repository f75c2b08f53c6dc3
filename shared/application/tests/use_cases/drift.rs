//! The search for drift: bounded, and it goes on where it stopped.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_application::load_ledger;
use kari_application::ports::Clock;
use kari_application::reconcile::{Report, find_drift};
use kari_domain::ids::{AccountId, Target, Tuple};
use kari_embedded::identity_center::{Action, Assignment, FaultPlan};

use crate::town::{ALL_ACCOUNTS, PEOPLE, Town, account, set, user};

fn searched(town: &Town, most: usize) -> Report {
    let until = town.clock.now() + TimeDelta::minutes(10);
    town.run(find_drift(&town.kari, most, until)).unwrap()
}

fn assign(town: &Town, who: &str, account: &AccountId, number: usize) -> Tuple {
    let target = Target { account: account.clone(), permission_set: set(number) };
    let tuple = Tuple { principal: user(who), target };
    town.behind(|world, now| world.assign_outside(now, &Assignment::from(&tuple)));
    tuple
}

/// The accounts in which drift is known.
fn known(town: &Town, tuples: &[Tuple]) -> BTreeSet<AccountId> {
    let is_known =
        |tuple: &&Tuple| town.run(load_ledger(&town.kari, tuple)).unwrap().state.drift_since.is_some();
    tuples.iter().filter(is_known).map(|tuple| tuple.target.account.clone()).collect()
}

#[test]
fn the_search_goes_round_all_accounts_however_few_are_searched_at_a_time() {
    let town = Town::new();
    let places = ["north", "south", "sandbox"].map(|unit| account(unit, 7));
    let drift = places.clone().map(|place| assign(&town, "ann", &place, 0));
    for round in 1..=3 {
        assert_eq!(searched(&town, 100).drift, 1, "round {round}");
        assert_eq!(known(&town, &drift).len(), round);
    }
    assert_eq!(searched(&town, ALL_ACCOUNTS).drift, 0, "each was found once");
    let more = assign(&town, "ben", &places[0], 0);
    assert_eq!((searched(&town, 150).drift, known(&town, &[more]).len()), (1, 1), "it begins anew");
}

#[test]
fn a_search_that_was_cut_off_goes_on_where_it_was() {
    let town = Town::new();
    let drift = assign(&town, "ann", &account("sandbox", 99), 0);
    let mut left = 0;
    for _ in 0..20 {
        let until = town.clock.now() + TimeDelta::seconds(10);
        left += town.run(find_drift(&town.kari, ALL_ACCOUNTS, until)).unwrap().left;
    }
    assert!(left > 0, "none has the time for all");
    assert_eq!(known(&town, &[drift]).len(), 1, "the last account was reached");
}

#[test]
fn an_account_that_cannot_be_searched_holds_up_no_other() {
    let town = Town::new();
    town.behind(|world, now| world.remove_account(now, &account("sandbox", 0)));
    assign(&town, "ann", &account("sandbox", 1), 0);
    let report = searched(&town, ALL_ACCOUNTS);
    assert_eq!((report.failed, report.left, report.drift), (1, 0, 1));
}

#[test]
fn a_permission_set_that_could_not_be_looked_at_proves_nothing_gone() {
    let town = Town::new();
    let place = account("north", 0);
    let drift: Vec<_> = (0..10).map(|number| assign(&town, "ann", &place, number)).collect();
    searched(&town, 1);
    let busy = FaultPlan { throttled_per_mille: 500, ..FaultPlan::calm() };
    town.behind(|world, _| world.set_fault_plan(busy));
    let mut failed = 0;
    for _ in 0..20 {
        failed += searched(&town, ALL_ACCOUNTS).failed;
    }
    assert!(failed > 20 * 100, "{failed}");
    for tuple in &drift {
        assert_eq!(town.run(load_ledger(&town.kari, tuple)).unwrap().head.version, 1, "found, and no more");
    }
}

#[test]
fn much_drift_is_recorded_some_at_a_time_and_all_of_a_time_together() {
    let town = Town::new();
    let place = account("north", 0);
    let drift: Vec<_> =
        PEOPLE.iter().flat_map(|who| (0..10).map(|number| assign(&town, who, &place, number))).collect();
    assert_eq!(drift.len(), 60);
    let found: Vec<_> = (0..4).map(|_| searched(&town, ALL_ACCOUNTS).drift).collect();
    assert_eq!(found, [25, 25, 10, 0]);
    let instants: BTreeSet<_> = drift
        .iter()
        .map(|tuple| town.run(load_ledger(&town.kari, tuple)).unwrap().state.drift_since.unwrap())
        .collect();
    assert_eq!(instants.len(), 3);
}

#[test]
fn an_account_full_of_known_assignments_costs_one_list_for_each_permission_set() {
    let town = Town::new();
    let place = account("north", 0);
    for who in PEOPLE {
        for number in 0..4 {
            assign(&town, who, &place, number);
        }
    }
    searched(&town, ALL_ACCOUNTS);
    let listed = || town.calls(Action::ListAccountAssignments);
    let before = listed();
    assert_eq!(Report { compared: 0, ..searched(&town, ALL_ACCOUNTS) }, Report::default());
    assert_eq!(listed() - before, 4);
}
