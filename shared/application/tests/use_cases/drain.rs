//! Draining.

use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::edit_policies::Editor;
use kari_application::ports::Clock;
use kari_application::reconcile::{accept_requests, end_all_grants, sweep, what_is_left};
use kari_domain::audit::{Actor, Cause, SystemReason};

use crate::town::{Town, account, set};

fn operator() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Operator }, cause: Cause::Operator }
}

#[test]
fn what_is_drained_is_seen_gone_twice_and_what_waits_for_a_review_stays() {
    let town = Town::new();
    let active = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, active)).unwrap();
    let approved = town.ask("ann", &[account("sandbox", 1)], &set(0)).remove(0);
    let pending = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!([active, approved, pending].map(|id| town.state(id)), ["active", "approved", "pending"]);

    town.run(accept_requests(&town.kari, &operator(), false)).unwrap();
    town.run(advance(&town.kari, approved)).unwrap();
    assert_eq!(town.state(approved), "closed", "nothing begins any more");
    assert_eq!(town.run(end_all_grants(&town.kari)).unwrap().ended, 1);
    assert_eq!(town.state(active), "ending");
    let mut looks = 0;
    while !town.run(what_is_left(&town.kari)).unwrap().is_nothing() {
        town.pass(TimeDelta::seconds(30));
        let until = town.clock.now() + TimeDelta::seconds(10);
        town.run(sweep(&town.kari, until)).unwrap();
        looks += 1;
        assert!(looks < 20);
    }
    assert!(looks > 3, "seen gone once is not gone");
    assert_eq!([active, pending].map(|id| town.state(id)), ["closed", "pending"]);
    assert!(!town.is_present(&Town::assignment("ann", &account("sandbox", 0), &set(0))));
}

#[test]
fn what_was_approved_and_has_not_begun_is_over_at_once() {
    let town = Town::new();
    let approved = town.ask("ann", &[account("sandbox", 1)], &set(0)).remove(0);
    town.run(end_all_grants(&town.kari)).unwrap();
    assert_eq!(town.state(approved), "closed");
    assert!(town.run(what_is_left(&town.kari)).unwrap().is_nothing());
}
