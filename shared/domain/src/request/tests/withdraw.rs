use super::given::{given, lapse, withdraw};
use super::sample::{
    And, activating, active, approved, auto_approved_from, closed_unused, ending, minute, pending,
};
use crate::request::{Outcome, Refusal};

#[test]
fn the_requester_withdraws_a_pending_or_an_approved_request() {
    given(pending()).when(withdraw("alice", 1)).then("closed(withdrawn)");
    given(approved()).when(withdraw("alice", 6)).then("closed(withdrawn)");
    given(auto_approved_from(600)).when(withdraw("alice", 500)).then("closed(withdrawn)");
}

#[test]
fn nobody_else_withdraws_a_request_not_even_its_reviewer() {
    for history in [pending(), approved(), active()] {
        given(history).when(withdraw("bob", 6)).then_refused("not-the-requester");
    }
}

#[test]
fn from_activation_on_a_request_is_revoked_and_not_withdrawn() {
    for history in [activating(), active(), ending()] {
        given(history).when(withdraw("alice", 10)).then_refused("wrong-state");
    }
}

#[test]
fn withdrawing_twice_is_withdrawing_once() {
    let withdrawn = pending().and(1, closed_unused(Outcome::Withdrawn));
    given(withdrawn).when(withdraw("alice", 2)).then_nothing();
}

#[test]
fn a_request_that_lapsed_by_the_clock_cannot_be_withdrawn_although_nobody_recorded_the_lapse() {
    given(pending()).when(withdraw("alice", 479)).then("closed(withdrawn)");
    let refusal = given(pending()).when(withdraw("alice", 480)).then_refused("lapsed");
    assert_eq!(refusal, Refusal::Lapsed { lapsed_at: minute(480) });
}

#[test]
fn a_pending_request_lapses_at_its_instant_and_not_before() {
    given(pending()).when(lapse(479)).then_refused("not-yet");
    given(pending()).when(lapse(480)).then("closed(lapsed)");
}

#[test]
fn a_lapse_recorded_twice_is_one_lapse() {
    let lapsed = pending().and(480, closed_unused(Outcome::Lapsed));
    given(lapsed).when(lapse(481)).then_nothing();
}

#[test]
fn an_approved_request_does_not_lapse() {
    given(approved()).when(lapse(481)).then_refused("wrong-state");
}

#[test]
fn a_request_closed_otherwise_neither_lapses_nor_is_withdrawn() {
    let denied = pending().and(1, closed_unused(Outcome::Denied));
    given(denied.clone()).when(lapse(481)).then_refused("wrong-state");
    given(denied).when(withdraw("alice", 2)).then_refused("wrong-state");
}
