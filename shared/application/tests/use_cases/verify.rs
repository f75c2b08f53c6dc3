//! What the ledger says is present is compared with Identity Center in few calls.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::ports::Clock;
use kari_application::reconcile::{Report, verify};
use kari_domain::ids::RequestId;
use kari_domain::time::Instant;
use kari_embedded::identity_center::{Action, Assignment, FaultPlan, MillisRange, Principal};

use crate::town::{ACCOUNTS, PEOPLE, Town, account, permission_set, person, set, snapshot};

const GRANTS: usize = 300;
const HOLDERS: usize = 120;
const PERMISSION_SETS: usize = 50;

fn holder(number: usize) -> String {
    format!("holder-{number:03}")
}

/// Somebody has access to the sandbox through Kari.
fn active(town: &Town, who: &str, number: usize, permission_set: usize) -> RequestId {
    let id = town.ask(who, &[account("sandbox", number)], &set(permission_set)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    id
}

/// Kari administers from the management account, which may ask what somebody holds.
fn from_management(town: &Town) {
    let latency = MillisRange::new(0, 0);
    let plan = FaultPlan { delegated_administrator: false, latency, ..FaultPlan::calm() };
    town.behind(|world, _| world.set_fault_plan(plan));
}

/// Many grants of many people, all over the accounts and permission sets, and each somewhere else.
fn busy() -> Town {
    let mut snapshot = snapshot();
    (0..HOLDERS).for_each(|number| person(&mut snapshot, &holder(number)));
    (0..PERMISSION_SETS).for_each(|number| permission_set(&mut snapshot, number));
    let town = Town::of(&snapshot);
    let mut places = BTreeSet::new();
    for number in 0..GRANTS {
        let (account, set) = (number % ACCOUNTS, (number + number / ACCOUNTS) % PERMISSION_SETS);
        active(&town, &holder(number % HOLDERS), account, set);
        places.insert((account, set));
    }
    assert_eq!(places.len(), GRANTS);
    town
}

/// What was compared, and for how many calls.
fn verified(town: &Town) -> (Report, u64) {
    let before = town.calls_to_identity_center();
    let report = town.run(verify(&town.kari, Instant::MAX_UTC)).unwrap();
    (report, town.calls_to_identity_center() - before)
}

#[test]
fn three_hundred_grants_over_a_hundred_accounts_and_fifty_permission_sets_cost_a_call_for_each_holder() {
    let town = busy();
    from_management(&town);
    let began = town.clock.now();
    let (report, calls) = verified(&town);
    assert_eq!((&report, calls), (&Report { compared: HOLDERS, ..Report::default() }, HOLDERS as u64));
    assert!(calls <= 150);
    assert!(town.clock.now() - began >= TimeDelta::milliseconds(200) * 119, "five a second");
}

#[test]
fn where_it_may_not_be_asked_what_somebody_holds_each_permission_set_in_an_account_is_asked_for_its_assignees()
 {
    let town = busy();
    let (report, calls) = verified(&town);
    assert_eq!((report.compared, report.missing, report.failed), (GRANTS, 0, 0));
    assert_eq!(calls, 1 + GRANTS as u64, "that it may not be asked is known after once");
}

#[test]
fn what_a_holder_lacks_is_looked_for_once_more_where_it_was_and_then_missing() {
    let town = Town::new();
    from_management(&town);
    let [gone, others @ ..] = [0, 1, 2].map(|number| active(&town, "ann", number, 0));
    active(&town, "ben", 0, 0);
    town.clock.advance_by(TimeDelta::minutes(5));
    let of_ann = Town::assignment("ann", &account("sandbox", 0), &set(0));
    town.behind(|world, now| world.remove_outside(now, &of_ann));
    // NB. What comes through a group is another assignment.
    let through_a_group = Principal::Group("g-administrators".parse().unwrap());
    town.behind(|world, now| {
        world.set_membership(now, &"u-ann".parse().unwrap(), &"g-administrators".parse().unwrap(), true);
        world.assign_outside(now, &Assignment { principal: through_a_group, ..of_ann.clone() });
    });
    let looks = town.calls(Action::ListAccountAssignments);
    let asked = town.calls(Action::ListAccountAssignmentsForPrincipal);
    let (report, _) = verified(&town);
    assert_eq!(report, Report { compared: 2 + 1, missing: 1, ..Report::default() });
    assert_eq!(town.calls(Action::ListAccountAssignmentsForPrincipal) - asked, 2);
    assert!(town.calls(Action::ListAccountAssignments) > looks);
    assert!(["ending", "closed"].contains(&town.state(gone)), "{}", town.state(gone));
    assert_eq!(others.map(|id| town.state(id)), ["active", "active"]);
}

#[test]
fn where_there_are_no_fewer_holders_each_permission_set_in_an_account_is_asked_for_its_assignees() {
    let town = Town::new();
    from_management(&town);
    for who in PEOPLE {
        active(&town, who, 0, 0);
    }
    let (report, calls) = verified(&town);
    assert_eq!((report.compared, calls), (1, 1));
    assert_eq!(town.calls(Action::ListAccountAssignmentsForPrincipal), 0);
}

/// Everybody has access twice.
fn everybody_twice() -> Town {
    let town = Town::new();
    for (number, who) in PEOPLE.iter().enumerate() {
        active(&town, who, number, 0);
        active(&town, who, number, 1);
    }
    from_management(&town);
    town
}

#[test]
fn a_holder_who_cannot_be_asked_for_holds_up_no_other_and_is_not_taken_for_somebody_who_has_nothing() {
    let town = everybody_twice();
    town.behind(|world, _| {
        let plan = FaultPlan { delegated_administrator: false, ..FaultPlan::calm() };
        world.set_fault_plan(FaultPlan { throttled_per_mille: 500, ..plan });
    });
    let rounds: Vec<_> = (0..20).map(|_| verified(&town).0).collect();
    assert!(rounds.iter().all(|report| report.compared + report.failed == PEOPLE.len()), "{rounds:?}");
    assert!(rounds.iter().any(|report| report.failed > 0 && report.compared > 0), "{rounds:?}");
    assert!(rounds.iter().all(|report| report.missing == 0), "{rounds:?}");
}

#[test]
fn nobody_is_asked_for_after_the_deadline_and_everybody_has_their_turn_another_time() {
    let town = everybody_twice();
    let gone = |number| Town::assignment(PEOPLE[number], &account("sandbox", number), &set(0));
    town.clock.advance_by(TimeDelta::minutes(5));
    for number in 0..PEOPLE.len() {
        town.behind(|world, now| world.remove_outside(now, &gone(number)));
    }
    let mut missing = vec![];
    for _ in 0..20 {
        let until = town.clock.now() + TimeDelta::milliseconds(300);
        let report = town.run(verify(&town.kari, until)).unwrap();
        assert!(report.left >= PEOPLE.len() - 3, "{report:?}");
        missing.push(report.missing);
    }
    assert!(missing.iter().all(|found| *found <= 1), "{missing:?}");
    assert_eq!(missing.iter().sum::<usize>(), PEOPLE.len(), "{missing:?}");
}
