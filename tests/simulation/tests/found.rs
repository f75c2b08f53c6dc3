//! What the simulation has found, each told once more on its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use chrono::TimeDelta;
use kari_application::submit_request::Wanted;
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::TroubleCode;
use kari_domain::request::AccessRequest;
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_embedded::identity_center::{Assignment, FaultPlan, SuspendedAccounts};
use kari_simulation::commands::Deed;
use kari_simulation::organization::{SANDBOX, account, permission_set, tuple, user};
use kari_simulation::simulation::Simulation;

/// Somebody gets access to the sandbox, where no approval is needed.
fn granted(simulation: &mut Simulation, who: &str, set: &str, minutes: u32) -> (RequestId, Tuple) {
    let before: Vec<RequestId> = simulation.requests().into_keys().collect();
    let wanted = Wanted {
        idempotency_key: format!("{who}-{set}-{}", before.len()),
        accounts: vec![account(SANDBOX)],
        permission_set: permission_set(set),
        start: None,
        duration: Minutes(minutes),
        justification: Some(Justification::parse("the disk is full again").unwrap()),
        ticket: None,
    };
    simulation.act(&user(who), Deed::Submit(wanted));
    pass(simulation, TimeDelta::seconds(20));
    let id = simulation.requests().into_keys().find(|id| !before.contains(id)).expect("it was submitted");
    assert_eq!(state(simulation, id), "active", "{}", simulation.story());
    (id, tuple(who, SANDBOX, set))
}

fn pass(simulation: &mut Simulation, length: TimeDelta) {
    let until = simulation.now() + length;
    simulation.pass_quietly(until);
}

fn state(simulation: &Simulation, id: RequestId) -> &'static str {
    simulation.requests()[&id].name()
}

fn disable(simulation: &mut Simulation, who: &str) {
    simulation.change(|world, known, now| {
        world.disable_user(now, &user(who));
        known.users.get_mut(&user(who)).unwrap().enabled = false;
    });
}

fn set_account(simulation: &mut Simulation, status: AccountStatus) {
    simulation.change(|world, known, now| {
        world.set_account_status(now, &account(SANDBOX), status);
        known.accounts.get_mut(&account(SANDBOX)).unwrap().status = status;
    });
}

#[test]
fn the_ledger_of_a_deleted_user_comes_to_rest_although_listings_go_on_showing_the_assignment() {
    let mut simulation = Simulation::new(1, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 60);
    simulation.change(|world, known, now| {
        world.delete_user(now, &user("ann"));
        known.users.remove(&user("ann"));
    });
    pass(&mut simulation, TimeDelta::minutes(50));
    assert_eq!(state(&simulation, id), "closed", "{}", simulation.story());
    assert!(simulation.rests(&tuple), "{}", simulation.story());
    simulation.assert_fine();
}

#[test]
fn a_removal_that_hangs_on_a_suspended_account_is_marked_blocked_and_repeated_when_it_is_reopened() {
    let mut simulation = Simulation::new(2, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 15);
    simulation.change(|world, _, _| {
        world.set_fault_plan(FaultPlan { suspended_accounts: SuspendedAccounts::Hang, ..FaultPlan::calm() });
    });
    set_account(&mut simulation, AccountStatus::Suspended);
    pass(&mut simulation, TimeDelta::minutes(30));
    let AccessRequest::Ending(ending) = &simulation.requests()[&id] else { panic!("{}", simulation.story()) };
    assert_eq!(ending.blocked.as_ref().unwrap().0, TroubleCode::AccountSuspended);
    set_account(&mut simulation, AccountStatus::Active);
    pass(&mut simulation, TimeDelta::minutes(70));
    assert!(!simulation.is_present(&tuple), "{}", simulation.story());
    assert_eq!(state(&simulation, id), "closed");
    simulation.assert_fine();
}

#[test]
fn a_request_of_a_newer_version_loses_its_place_when_others_remove_its_assignment() {
    let mut simulation = Simulation::new(3, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 90);
    simulation.poison_request(id);
    simulation.change(|world, _, now| world.remove_outside(now, &Assignment::from(&tuple)));
    pass(&mut simulation, TimeDelta::minutes(45));
    assert!(simulation.rests(&tuple), "{}", simulation.story());
    simulation.assert_fine();
}

#[test]
fn one_request_that_cannot_be_understood_keeps_no_disabled_persons_grant_alive() {
    let mut simulation = Simulation::new(4, true);
    let (first, of_first) = granted(&mut simulation, "ann", "read", 90);
    let (second, of_second) = granted(&mut simulation, "ben", "read", 90);
    let (third, of_third) = granted(&mut simulation, "cat", "read", 90);
    for id in [first, second] {
        simulation.poison_request(id);
    }
    for who in ["ann", "ben", "cat"] {
        disable(&mut simulation, who);
    }
    pass(&mut simulation, TimeDelta::minutes(25));
    for tuple in [&of_first, &of_second, &of_third] {
        assert!(!simulation.is_present(tuple), "{tuple:?}\n{}", simulation.story());
    }
    assert_eq!(state(&simulation, third), "closed");
    simulation.assert_fine();
}

#[test]
fn access_of_a_request_that_cannot_be_understood_ends_at_its_end_by_the_ledger_alone() {
    let mut simulation = Simulation::new(5, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 15);
    simulation.poison_request(id);
    pass(&mut simulation, TimeDelta::minutes(22));
    assert!(!simulation.is_present(&tuple), "{}", simulation.story());
    simulation.assert_fine();
}
