//! A request that nobody answered in time is in nobody's way, whether its lapse was recorded or not.

use chrono::TimeDelta;
use kari_domain::ids::RequestId;
use kari_domain::request::Outcome;
use kari_domain::time::{ACTIVATION_DEADLINE, Instant};
use kari_simulation::commands::{Deed, DeedKind};
use kari_simulation::organization::{SERVICES, user};
use kari_simulation::simulation::Simulation;

use crate::told::{asked, closed, state, wanted};

/// Ann has asked, nobody has answered, and nobody records anything any more. When it lapses.
fn unanswered(seed: u64) -> (Simulation, RequestId, Instant) {
    let mut simulation = Simulation::new(seed, true);
    let id = asked(&mut simulation, "ann", wanted("first", SERVICES, "read", 30));
    let lapses_at = simulation.requests()[&id].asked().unwrap().submission.lapses_at;
    simulation.fall_asleep();
    (simulation, id, lapses_at)
}

fn again(key: &str, minutes: u32) -> Deed {
    Deed::Submit(wanted(key, SERVICES, "read", minutes))
}

/// The states of all requests but one.
fn others(simulation: &Simulation, id: RequestId) -> Vec<&'static str> {
    let others = simulation.requests().into_iter().filter(|(other, _)| *other != id);
    others.map(|(_, request)| request.name()).collect()
}

#[test]
fn who_was_not_answered_in_time_asks_again_although_nobody_has_recorded_the_lapse() {
    let (mut simulation, first, lapses_at) = unanswered(1);
    simulation.sleep_until(lapses_at);
    assert_eq!(state(&simulation, first), "pending", "nobody has recorded it");
    simulation.act(&user("ann"), again("second", 30));
    assert_eq!(closed(&simulation, first).outcome, Outcome::Lapsed);
    assert_eq!(others(&simulation, first), ["pending"], "{}", simulation.story());
    simulation.assert_fine();
}

#[test]
fn until_it_lapses_an_unanswered_request_is_the_only_one() {
    let (mut simulation, first, lapses_at) = unanswered(2);
    simulation.sleep_until(lapses_at - TimeDelta::seconds(2));
    simulation.act(&user("ann"), again("second", 30));
    assert_eq!(simulation.answers(DeedKind::Submit, "already-requested"), 1);
    assert_eq!(state(&simulation, first), "pending");
    simulation.assert_fine();
}

#[test]
fn two_who_ask_again_at_once_make_one_request_of_one_of_them() {
    for seed in 0..60 {
        let (mut simulation, first, lapses_at) = unanswered(seed);
        simulation.sleep_until(lapses_at);
        let two = [("second", 45), ("third", 60)];
        simulation.act_together(two.map(|(key, minutes)| (user("ann"), again(key, minutes))).into());
        assert_eq!(closed(&simulation, first).outcome, Outcome::Lapsed, "seed {seed}");
        assert_eq!(others(&simulation, first), ["pending"], "seed {seed}\n{}", simulation.story());
        assert_eq!(simulation.answers(DeedKind::Submit, "already-requested"), 1, "seed {seed}");
        simulation.assert_fine();
    }
}

#[test]
fn a_double_click_on_asking_again_makes_one_request_and_two_good_answers() {
    for seed in 0..60 {
        let (mut simulation, first, lapses_at) = unanswered(seed);
        simulation.sleep_until(lapses_at);
        let done = simulation.answers(DeedKind::Submit, "done");
        simulation.act_together(vec![(user("ann"), again("second", 30)), (user("ann"), again("second", 30))]);
        assert_eq!(
            simulation.answers(DeedKind::Submit, "done"),
            done + 2,
            "seed {seed}\n{}",
            simulation.story()
        );
        assert_eq!(others(&simulation, first), ["pending"], "seed {seed}");
        simulation.assert_fine();
    }
}

#[test]
fn a_request_that_cannot_be_read_is_in_the_way_until_it_is_over_for_certain_and_no_longer() {
    let (mut simulation, first, lapses_at) = unanswered(3);
    simulation.poison_request(first);
    simulation.sleep_until(lapses_at + ACTIVATION_DEADLINE - TimeDelta::seconds(2));
    simulation.act(&user("ann"), again("second", 30));
    assert_eq!(
        simulation.answers(DeedKind::Submit, "failed"),
        1,
        "a newer version may know that it is approved"
    );
    assert!(others(&simulation, first).is_empty());
    simulation.pass_quietly(lapses_at + ACTIVATION_DEADLINE);
    simulation.act(&user("ann"), again("third", 30));
    assert_eq!(others(&simulation, first), ["pending"], "{}", simulation.story());
    simulation.assert_fine();
}
