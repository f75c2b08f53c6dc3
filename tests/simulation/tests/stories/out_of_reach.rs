//! Accounts that are suspended, closed or not in the organization any more, and permission sets that
//! are deleted: access there ends with proof, or says that it is blocked and ends when the account is
//! back.

use chrono::TimeDelta;
use kari_application::ports::NotificationKind;
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::{LedgerEvent, ProvenAbsence, TroubleCode};
use kari_domain::request::{AccessRequest, Evidence, Outcome};
use kari_domain::time::whole_seconds;
use kari_embedded::identity_center::{Action, FaultPlan, SuspendedAccounts};
use kari_simulation::commands::Deed;
use kari_simulation::organization::{self, SANDBOX, SERVICES, account, permission_set, tuple, user};
use kari_simulation::simulation::Simulation;

use crate::told::{asked, closed, granted, pass, set_account, state, wanted};

/// What becomes of an account, and what is said of removals there.
#[derive(Debug, Clone, Copy)]
enum Lost {
    Suspended,
    Closed,
    Left,
}

const WAYS: [(Lost, TroubleCode); 3] = [
    (Lost::Suspended, TroubleCode::AccountSuspended),
    (Lost::Closed, TroubleCode::AccountClosed),
    (Lost::Left, TroubleCode::AccountOutOfReach),
];

fn lose(simulation: &mut Simulation, lost: Lost) {
    match lost {
        Lost::Suspended => set_account(simulation, AccountStatus::Suspended),
        Lost::Closed => set_account(simulation, AccountStatus::Closed),
        Lost::Left => simulation.change(|world, known, now| {
            world.remove_account(now, &account(SANDBOX));
            known.accounts.remove(&account(SANDBOX));
        }),
    }
}

/// The account is what it was in the beginning.
fn bring_back(simulation: &mut Simulation) {
    simulation.change(|world, known, now| {
        let sandbox = organization::snapshot().accounts.remove(&account(SANDBOX)).unwrap();
        world.add_account(now, &sandbox);
        known.accounts.insert(sandbox.id.clone(), sandbox);
    });
}

fn delete_read(simulation: &mut Simulation) {
    simulation.change(|world, known, now| {
        world.delete_permission_set(now, &permission_set("read"));
        known.permission_sets.remove(&permission_set("read"));
    });
}

fn blocked(simulation: &Simulation, id: RequestId) -> Option<TroubleCode> {
    match &simulation.requests()[&id] {
        AccessRequest::Ending(ending) => ending.blocked.as_ref().map(|(code, _)| *code),
        other => panic!("{} {}", other.name(), simulation.story()),
    }
}

/// Approved, to begin in half an hour.
fn approved(simulation: &mut Simulation) -> (RequestId, Tuple) {
    let start = Some(whole_seconds(simulation.now() + TimeDelta::minutes(30)));
    let wanted = kari_application::submit_request::Wanted { start, ..wanted("later", SANDBOX, "read", 30) };
    let id = asked(simulation, "ann", wanted);
    assert_eq!(state(simulation, id), "approved", "{}", simulation.story());
    (id, tuple("ann", SANDBOX, "read"))
}

/// Identity Center has accepted a creation, and nobody has seen what came of it.
fn activating(simulation: &mut Simulation) -> (RequestId, Tuple) {
    simulation.change(|world, _, _| world.delay_next_creation());
    let id = asked(simulation, "ann", wanted("slow", SANDBOX, "read", 30));
    pass(simulation, TimeDelta::seconds(20));
    assert_eq!(state(simulation, id), "activating", "{}", simulation.story());
    (id, tuple("ann", SANDBOX, "read"))
}

#[test]
fn active_access_in_a_lost_account_is_shown_as_blocked_for_days_and_ends_when_the_account_is_back() {
    for (seed, (lost, code)) in (0..).zip(WAYS) {
        let mut simulation = Simulation::new(seed, true);
        let (id, tuple) = granted(&mut simulation, "ann", "read", 15);
        lose(&mut simulation, lost);
        pass(&mut simulation, TimeDelta::minutes(20));
        assert_eq!(blocked(&simulation, id), Some(code), "{lost:?} {}", simulation.story());
        assert!(simulation.messages(&user("fay")).contains(&NotificationKind::RemovalBlocked));
        pass(&mut simulation, TimeDelta::days(2));
        assert_eq!((state(&simulation, id), simulation.is_present(&tuple)), ("ending", true));
        bring_back(&mut simulation);
        pass(&mut simulation, TimeDelta::minutes(30));
        assert!(!simulation.is_present(&tuple), "{lost:?} {}", simulation.story());
        assert_eq!(closed(&simulation, id).outcome, Outcome::Expired);
        simulation.assert_fine();
    }
}

#[test]
fn access_about_to_appear_in_a_lost_account_ends_when_the_account_is_back() {
    for (seed, (lost, code)) in (0..).zip(WAYS) {
        let mut simulation = Simulation::new(seed, true);
        let (id, tuple) = activating(&mut simulation);
        lose(&mut simulation, lost);
        pass(&mut simulation, TimeDelta::minutes(40));
        assert_eq!(blocked(&simulation, id), Some(code), "{lost:?} {}", simulation.story());
        bring_back(&mut simulation);
        pass(&mut simulation, TimeDelta::hours(7));
        assert_eq!(closed(&simulation, id).outcome, Outcome::Failed, "{lost:?} {}", simulation.story());
        assert!(!simulation.is_present(&tuple) && simulation.rests(&tuple));
        simulation.assert_fine();
    }
}

#[test]
fn a_creation_that_hangs_in_a_lost_account_is_shown_as_blocked_although_the_user_is_gone_too() {
    let mut simulation = Simulation::new(4, true);
    simulation.change(|world, _, _| {
        world.set_fault_plan(FaultPlan { suspended_accounts: SuspendedAccounts::Hang, ..FaultPlan::calm() });
    });
    let id = asked(&mut simulation, "ann", wanted("slow", SANDBOX, "read", 30));
    simulation.change(|world, known, now| {
        world.delete_user(now, &user("ann"));
        known.users.remove(&user("ann"));
    });
    pass(&mut simulation, TimeDelta::seconds(20));
    assert_eq!(
        state(&simulation, id),
        "activating",
        "creations fail and are repeated: {}",
        simulation.story()
    );
    // What is sent to an account that is closed already hangs.
    lose(&mut simulation, Lost::Closed);
    pass(&mut simulation, TimeDelta::minutes(30));
    assert_eq!(blocked(&simulation, id), Some(TroubleCode::AccountClosed), "{}", simulation.story());
    simulation.assert_fine();
}

#[test]
fn what_waits_for_its_start_in_a_lost_account_never_begins() {
    for (seed, (lost, _)) in (0..).zip(WAYS) {
        let mut simulation = Simulation::new(seed, true);
        let (id, tuple) = approved(&mut simulation);
        lose(&mut simulation, lost);
        pass(&mut simulation, TimeDelta::minutes(40));
        assert_eq!(closed(&simulation, id).outcome, Outcome::Failed, "{lost:?} {}", simulation.story());
        assert!(simulation.ledger_events(&tuple).is_empty());
        simulation.assert_fine();
    }
}

#[test]
fn what_waits_for_review_in_a_lost_account_can_only_lapse() {
    let mut simulation = Simulation::new(1, true);
    let id = asked(&mut simulation, "ann", wanted("a", SERVICES, "read", 30));
    simulation.change(|world, known, now| {
        world.remove_account(now, &account(SERVICES));
        known.accounts.remove(&account(SERVICES));
    });
    simulation.act(&user("dan"), Deed::Approve(id));
    assert_eq!(state(&simulation, id), "pending", "{}", simulation.story());
    let lapses_at = simulation.requests()[&id].asked().unwrap().submission.lapses_at;
    simulation.pass_quietly(lapses_at + TimeDelta::minutes(6));
    assert_eq!(closed(&simulation, id).outcome, Outcome::Lapsed);
    simulation.assert_fine();
}

#[test]
fn active_access_whose_permission_set_was_deleted_ends_with_that_proof() {
    let mut simulation = Simulation::new(1, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 15);
    delete_read(&mut simulation);
    assert!(!simulation.is_present(&tuple));
    pass(&mut simulation, TimeDelta::minutes(25));
    let closed = closed(&simulation, id);
    assert_eq!(closed.outcome, Outcome::Expired);
    assert_eq!(closed.evidence, Some(Evidence::ProvenAbsent { proof: ProvenAbsence::PermissionSet }));
    pass(&mut simulation, TimeDelta::minutes(20));
    assert!(simulation.rests(&tuple), "{}", simulation.story());
    simulation.assert_fine();
}

#[test]
fn access_about_to_appear_by_a_permission_set_that_was_deleted_fails_with_that_proof() {
    let mut simulation = Simulation::new(2, true);
    let (id, tuple) = activating(&mut simulation);
    delete_read(&mut simulation);
    pass(&mut simulation, TimeDelta::minutes(40));
    let closed = closed(&simulation, id);
    assert_eq!(closed.outcome, Outcome::Failed, "{}", simulation.story());
    assert_eq!(closed.evidence, Some(Evidence::ProvenAbsent { proof: ProvenAbsence::PermissionSet }));
    assert!(!simulation.is_present(&tuple));
    simulation.assert_fine();
}

#[test]
fn an_end_that_was_under_way_when_the_permission_set_was_deleted_closes() {
    let mut simulation = Simulation::new(3, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 90);
    simulation.act_together(vec![(user("ann"), Deed::Revoke(id))]);
    assert_eq!(state(&simulation, id), "ending", "{}", simulation.story());
    delete_read(&mut simulation);
    pass(&mut simulation, TimeDelta::minutes(10));
    assert_eq!(closed(&simulation, id).outcome, Outcome::Revoked);
    assert!(!simulation.is_present(&tuple));
    simulation.assert_fine();
}

#[test]
fn what_waits_for_its_start_or_review_by_a_deleted_permission_set_never_begins() {
    let mut simulation = Simulation::new(4, true);
    let waiting = asked(&mut simulation, "ben", wanted("b", SERVICES, "read", 30));
    let (id, tuple) = approved(&mut simulation);
    delete_read(&mut simulation);
    // The read model knows it from the next comparison on.
    pass(&mut simulation, TimeDelta::minutes(20));
    simulation.act(&user("dan"), Deed::Approve(waiting));
    assert_eq!(state(&simulation, waiting), "pending", "{}", simulation.story());
    pass(&mut simulation, TimeDelta::minutes(20));
    assert_eq!(closed(&simulation, id).outcome, Outcome::Failed, "{}", simulation.story());
    assert!(simulation.ledger_events(&tuple).is_empty());
    simulation.assert_fine();
}

/// What three days in an account out of reach cost.
struct Cost {
    accepted: usize,
    failed: usize,
    deletions: u64,
    looks: u64,
}

fn cost(simulation: &Simulation, tuple: &Tuple) -> Cost {
    let events = simulation.ledger_events(tuple);
    let count = |is: fn(&LedgerEvent) -> bool| events.iter().filter(|event| is(event)).count();
    Cost {
        accepted: count(|event| matches!(event, LedgerEvent::RemovalAccepted { .. })),
        failed: count(|event| matches!(event, LedgerEvent::RemovalFailed { .. })),
        deletions: simulation.calls(Action::DeleteAccountAssignment),
        looks: simulation.calls(Action::DescribeAccountAssignmentDeletionStatus),
    }
}

fn three_blocked_days(suspended_accounts: SuspendedAccounts) -> Cost {
    let mut simulation = Simulation::new(7, false);
    simulation.change(|world, _, _| {
        world.set_fault_plan(FaultPlan { suspended_accounts, ..FaultPlan::lifelike() });
    });
    let (id, tuple) = granted(&mut simulation, "ann", "read", 15);
    lose(&mut simulation, Lost::Suspended);
    pass(&mut simulation, TimeDelta::minutes(30));
    assert_eq!(blocked(&simulation, id), Some(TroubleCode::AccountSuspended));
    let before = cost(&simulation, &tuple);
    pass(&mut simulation, TimeDelta::days(3));
    assert_eq!(state(&simulation, id), "ending");
    simulation.assert_fine();
    let after = cost(&simulation, &tuple);
    Cost {
        accepted: after.accepted - before.accepted,
        failed: after.failed - before.failed,
        deletions: after.deletions - before.deletions,
        looks: after.looks - before.looks,
    }
}

#[test]
fn a_removal_that_stays_blocked_is_tried_about_once_an_hour() {
    let days = three_blocked_days(SuspendedAccounts::Fail);
    assert!((70..=73).contains(&days.failed), "{} tries in 72 hours", days.failed);
    // The request, the assignment and the sweep are driven each by itself, and may meet.
    assert!(days.deletions <= 3 * 73, "{} deletions", days.deletions);
    assert!(days.looks <= 10 * 73, "{} looks at {} deletions", days.looks, days.deletions);
}

#[test]
fn a_removal_that_hangs_is_not_sent_again_and_looked_at_about_once_an_hour() {
    let days = three_blocked_days(SuspendedAccounts::Hang);
    // Each hangs for six hours.
    assert!((9..=13).contains(&days.accepted), "{} tries in 72 hours", days.accepted);
    assert!(days.deletions <= 2 * 13, "{} deletions", days.deletions);
    assert!(days.looks <= 2 * 10 * 73, "{} looks at {} deletions", days.looks, days.deletions);
}
