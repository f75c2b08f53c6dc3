use super::given::{given, revoke};
use super::sample::{
    And, activating, activation_failed, active, approved, auto_approved, closed_gone, closed_unused,
    end_started, ending, minute, pending, revocation_requested, revoked_by, user,
};
use crate::request::{
    AccessRequest, Command, EndCause, Outcome, RequestEvent, Revocation, RevokeRight, Revoker,
};
use crate::text::Comment;

#[test]
fn the_requester_a_reviewer_or_an_administrator_may_end_access_and_nobody_else() {
    given(active()).when(revoke("alice", RevokeRight::None)).then("revocation-requested");
    given(active()).when(revoke("bob", RevokeRight::Reviewer)).then("revocation-requested");
    given(active()).when(revoke("root", RevokeRight::Administrator)).then("revocation-requested");
    for history in [pending(), approved(), activating(), active(), ending()] {
        given(history).when(revoke("zoe", RevokeRight::None)).then_refused("may-not-revoke");
    }
}

#[test]
fn a_revocation_is_recorded_with_who_and_why() {
    let comment = Some(Comment::parse("the incident is over").unwrap());
    let by = Revoker { id: user("bob"), label: "Bob".to_owned(), right: RevokeRight::Reviewer };
    let command = Command::Revoke { by, comment: comment.clone() };
    let events = given(active()).when(command).then("revocation-requested");
    let expected = RequestEvent::RevocationRequested {
        by: user("bob"),
        label: "Bob".to_owned(),
        comment: comment.clone(),
    };
    assert_eq!(events, std::slice::from_ref(&expected));
    let AccessRequest::Active(state) = given(active().and(10, expected)).request else {
        panic!("not active")
    };
    let revocation = Revocation { by: user("bob"), label: "Bob".to_owned(), comment, at: minute(10) };
    assert_eq!(state.revocation, Some(revocation));
}

#[test]
fn an_approved_request_is_revoked_before_anything_was_created() {
    given(auto_approved())
        .when(revoke("root", RevokeRight::Administrator))
        .then("revocation-requested, closed(revoked)");
}

#[test]
fn access_that_is_being_created_can_be_revoked() {
    given(activating()).when(revoke("alice", RevokeRight::None)).then("revocation-requested");
}

#[test]
fn a_pending_request_is_withdrawn_or_denied_and_not_revoked() {
    given(pending()).when(revoke("alice", RevokeRight::None)).then_refused("wrong-state");
}

#[test]
fn revoking_twice_is_revoking_once_in_every_state_it_leads_through() {
    let revoked = || end_started(revoked_by("alice"));
    let lives = [
        auto_approved().and(1, revocation_requested("alice")).and(1, closed_unused(Outcome::Revoked)),
        activating().and(1, revocation_requested("alice")),
        active().and(10, revocation_requested("alice")),
        active().and(10, revocation_requested("alice")).and(10, revoked()),
        active()
            .and(10, revocation_requested("alice"))
            .and(10, revoked())
            .and(12, closed_gone(Outcome::Revoked, 11)),
    ];
    for history in lives {
        given(history).when(revoke("alice", RevokeRight::None)).then_nothing();
    }
}

#[test]
fn access_that_already_ends_for_another_reason_is_not_revoked() {
    for cause in [EndCause::Expired, activation_failed()] {
        let history = activating().and(20, end_started(cause));
        given(history).when(revoke("alice", RevokeRight::None)).then_refused("wrong-state");
    }
    let expired = ending().and(62, closed_gone(Outcome::Expired, 62));
    given(expired).when(revoke("alice", RevokeRight::None)).then_refused("wrong-state");
}

#[test]
fn a_revocation_is_taken_even_after_the_end_because_ending_is_never_put_off() {
    given(active()).when(revoke("alice", RevokeRight::None)).then("revocation-requested");
}

#[test]
fn a_revocation_asked_for_while_activating_is_not_forgotten_when_access_appears() {
    let history = activating().and(1, revocation_requested("alice")).and(2, RequestEvent::Activated {});
    let AccessRequest::Active(state) = given(history).request else { panic!("not active") };
    assert_eq!(state.revocation.map(|revocation| revocation.at), Some(minute(1)));
}
