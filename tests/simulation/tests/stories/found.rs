//! What the simulation has found, each told once more on its own.

use chrono::TimeDelta;
use kari_domain::directory::AccountStatus;
use kari_domain::ledger::TroubleCode;
use kari_domain::request::AccessRequest;
use kari_embedded::identity_center::{Assignment, FaultPlan, SuspendedAccounts};
use kari_simulation::commands::Deed;
use kari_simulation::organization::user;
use kari_simulation::simulation::Simulation;

use crate::told::{disable, granted, pass, set_account, state};

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

#[test]
fn access_that_was_revoked_ends_at_once_although_its_request_cannot_be_understood_any_more() {
    let mut simulation = Simulation::new(6, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 90);
    simulation.fall_asleep();
    simulation.act(&user("ann"), Deed::Revoke(id));
    assert_eq!(state(&simulation, id), "active", "only the wish is recorded");
    simulation.poison_request(id);
    simulation.wake_up();
    pass(&mut simulation, TimeDelta::minutes(2));
    assert!(!simulation.is_present(&tuple), "{}", simulation.story());
    simulation.assert_fine();
}
