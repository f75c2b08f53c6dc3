//! Nothing that ends waits for the policies: here nobody can read them for hours.

use chrono::TimeDelta;
use kari_domain::request::Outcome;
use kari_embedded::identity_center::Assignment;
use kari_simulation::commands::Deed;
use kari_simulation::organization::{SERVICES, user};
use kari_simulation::simulation::Simulation;

use crate::told::{asked, closed, disable, granted, pass, wanted};

const HOURS: TimeDelta = TimeDelta::hours(10);
/// The promise.
const GONE_WITHIN: TimeDelta = TimeDelta::seconds(60);
/// Seen gone twice, and what nobody was woken for.
const CLOSED_WITHIN: TimeDelta = TimeDelta::minutes(8);

#[test]
fn access_ends_at_its_end_although_the_policies_cannot_be_read() {
    let mut simulation = Simulation::new(1, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 30);
    let ends_at = simulation.requests()[&id].grant().unwrap().window.expires_at;
    simulation.keep_policies_for(HOURS);
    simulation.pass_quietly(ends_at - TimeDelta::seconds(1));
    assert!(simulation.is_present(&tuple), "{}", simulation.story());
    simulation.pass_quietly(ends_at + GONE_WITHIN);
    assert!(!simulation.is_present(&tuple), "{}", simulation.story());
    pass(&mut simulation, CLOSED_WITHIN);
    assert_eq!(closed(&simulation, id).outcome, Outcome::Expired);
    simulation.assert_fine();
}

#[test]
fn a_process_that_starts_while_the_policies_cannot_be_read_ends_what_is_overdue() {
    let mut simulation = Simulation::new(2, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 15);
    simulation.keep_policies_for(HOURS);
    simulation.fall_asleep();
    pass(&mut simulation, TimeDelta::hours(1));
    assert!(simulation.is_present(&tuple), "nobody was there to end it");
    simulation.wake_up();
    simulation.restart();
    pass(&mut simulation, GONE_WITHIN);
    assert!(!simulation.is_present(&tuple), "{}", simulation.story());
    pass(&mut simulation, CLOSED_WITHIN);
    assert_eq!(closed(&simulation, id).outcome, Outcome::Expired);
}

#[test]
fn who_has_access_may_give_it_back_although_the_policies_cannot_be_read() {
    let mut simulation = Simulation::new(3, true);
    let (id, tuple) = granted(&mut simulation, "ann", "read", 90);
    simulation.keep_policies_for(HOURS);
    simulation.act(&user("ann"), Deed::Revoke(id));
    pass(&mut simulation, GONE_WITHIN);
    assert!(!simulation.is_present(&tuple), "{}", simulation.story());
    pass(&mut simulation, CLOSED_WITHIN);
    assert_eq!(closed(&simulation, id).outcome, Outcome::Revoked);
    simulation.assert_fine();
}

#[test]
fn what_others_removed_and_who_was_disabled_end_although_the_policies_cannot_be_read() {
    let mut simulation = Simulation::new(4, true);
    let (removed, of_removed) = granted(&mut simulation, "ann", "read", 90);
    let (disabled, of_disabled) = granted(&mut simulation, "ben", "read", 90);
    simulation.keep_policies_for(HOURS);
    simulation.change(|world, _, now| world.remove_outside(now, &Assignment::from(&of_removed)));
    disable(&mut simulation, "ben");
    pass(&mut simulation, TimeDelta::minutes(30));
    assert!(!simulation.is_present(&of_disabled), "{}", simulation.story());
    for id in [removed, disabled] {
        assert_eq!(closed(&simulation, id).outcome, Outcome::Revoked);
    }
    simulation.assert_fine();
}

#[test]
fn what_nobody_reviews_lapses_although_the_policies_cannot_be_read() {
    let mut simulation = Simulation::new(5, true);
    let id = asked(&mut simulation, "ann", wanted("a", SERVICES, "read", 30));
    let lapses_at = simulation.requests()[&id].asked().unwrap().submission.lapses_at;
    simulation.keep_policies_for(HOURS);
    simulation.pass_quietly(lapses_at + TimeDelta::minutes(6));
    assert_eq!(closed(&simulation, id).outcome, Outcome::Lapsed);
    simulation.assert_fine();
}

#[test]
fn nobody_gets_anything_by_policies_that_cannot_be_read() {
    let mut simulation = Simulation::new(6, true);
    let id = asked(&mut simulation, "ann", wanted("a", SERVICES, "read", 30));
    simulation.keep_policies_for(TimeDelta::hours(1));
    simulation.act(&user("dan"), Deed::Approve(id));
    simulation.act(&user("ben"), Deed::Submit(wanted("b", SERVICES, "read", 30)));
    pass(&mut simulation, TimeDelta::minutes(40));
    let requests = simulation.requests();
    assert_eq!((requests.len(), requests[&id].name()), (1, "pending"), "{}", simulation.story());
    simulation.assert_fine();
}
