//! What each event makes of a request, and what cannot follow.

use super::given::given;
use super::sample::{
    And, History, activating, activation_failed, active, approved, approved_by, auto_approved, closed_gone,
    closed_unused, end_started, ending, minute, no_approval_needed, pending, requested, reviewed,
    revocation_requested, submission, user,
};
use crate::ledger::TroubleCode;
use crate::request::{
    AccessRequest, Decision, EndCause, Evidence, FailureReason, Outcome, Past, RequestEvent, Unreplayable,
    evolve,
};

fn all_events() -> Vec<RequestEvent> {
    let started = activating().pop().expect("an event").1;
    vec![
        requested(no_approval_needed()),
        reviewed("bob", Decision::Approve, minute(5)),
        approved_by(&["bob"]),
        started,
        RequestEvent::Activated {},
        RequestEvent::ExpiryWarned {},
        revocation_requested("alice"),
        end_started(EndCause::Expired),
        RequestEvent::EndBlocked { code: TroubleCode::AccountSuspended, detail: String::new() },
        RequestEvent::RemovalOverdue {},
        closed_unused(Outcome::Withdrawn),
    ]
}

fn may_follow(history: History) -> Vec<&'static str> {
    let request = given(history).request;
    let events = all_events();
    let following = events.iter().filter(|event| evolve(request.clone(), minute(99), event).is_ok());
    following.map(RequestEvent::name).collect()
}

#[test]
fn only_what_the_life_of_a_request_allows_may_follow() {
    let closed = ending().and(63, closed_gone(Outcome::Expired, 63));
    assert_eq!(may_follow(vec![]), ["requested"]);
    assert_eq!(may_follow(pending()), ["reviewed", "approved", "closed"]);
    assert_eq!(may_follow(approved()), ["activation-started", "revocation-requested", "closed"]);
    assert_eq!(may_follow(activating()), ["activated", "revocation-requested", "end-started"]);
    assert_eq!(may_follow(active()), ["expiry-warned", "revocation-requested", "end-started"]);
    assert_eq!(may_follow(ending()), ["end-blocked", "removal-overdue", "closed"]);
    assert!(may_follow(closed).is_empty());
}

#[test]
fn what_cannot_follow_is_named_with_the_state_it_met() {
    let error = evolve(given(pending()).request, minute(1), &RequestEvent::Activated {}).unwrap_err();
    assert_eq!(error, Unreplayable::Impossible { event: "activated", state: "pending" });
}

#[test]
fn a_grant_exists_from_activation_on_and_for_ever_after() {
    for (history, exists) in [
        (vec![], false),
        (pending(), false),
        (approved(), false),
        (activating(), true),
        (active(), true),
        (ending(), true),
        (ending().and(63, closed_gone(Outcome::Expired, 63)), true),
        (approved().and(6, closed_unused(Outcome::Withdrawn)), false),
    ] {
        let request = given(history).request;
        assert_eq!(request.grant().is_some(), exists, "{}", request.name());
    }
}

#[test]
fn one_place_for_a_target_is_taken_while_pending_or_approved() {
    for (history, taken) in [
        (vec![], false),
        (pending(), true),
        (approved(), true),
        (activating(), false),
        (active(), false),
        (ending(), false),
        (pending().and(1, closed_unused(Outcome::Withdrawn)), false),
    ] {
        let request = given(history).request;
        assert_eq!(request.claims_target(), taken, "{}", request.name());
    }
}

#[test]
fn what_was_asked_stays_the_same_for_ever() {
    let closed = [
        pending().and(1, closed_unused(Outcome::Withdrawn)),
        approved().and(6, closed_unused(Outcome::Withdrawn)),
        ending().and(63, closed_gone(Outcome::Expired, 63)),
    ];
    for history in closed.into_iter().chain([pending(), approved(), activating(), active(), ending()]) {
        let request = given(history).request;
        let asked = request.asked().expect("it was asked");
        assert_eq!((&asked.submission, asked.submitted_at), (&submission(), minute(0)));
        assert_eq!(request.id(), Some(submission().id));
    }
    assert_eq!(AccessRequest::Absent.id(), None);
    assert_eq!(submission().tuple().principal, user("alice"));
}

#[test]
fn instants_are_those_of_the_events() {
    let AccessRequest::Approved(state) = given(approved()).request else { panic!("not approved") };
    assert_eq!(state.approved_at, minute(5));
    let AccessRequest::Activating(state) = given(activating()).request else { panic!("not activating") };
    assert_eq!((state.started_at, state.deadline), (minute(0), minute(15)));
    let AccessRequest::Active(state) = given(active()).request else { panic!("not active") };
    assert_eq!((state.activated_at, state.warned), (minute(1), false));
    let AccessRequest::Ending(state) = given(ending()).request else { panic!("not ending") };
    assert_eq!((state.activated_at, state.started_at), (Some(minute(1)), minute(60)));
    assert!(!state.overdue && state.blocked.is_none());
    let failed = activating().and(15, end_started(activation_failed()));
    let AccessRequest::Ending(state) = given(failed).request else { panic!("not ending") };
    assert_eq!(state.activated_at, None);
}

#[test]
fn a_closed_request_keeps_how_far_it_came_and_how_it_ended() {
    let AccessRequest::Closed(state) = given(ending().and(63, closed_gone(Outcome::Expired, 62))).request
    else {
        panic!("not closed")
    };
    assert_eq!((state.outcome, state.closed_at), (Outcome::Expired, minute(63)));
    assert_eq!(state.evidence, Some(Evidence::ObservedGone { at: minute(62) }));
    assert_eq!(state.open_sessions_until, Some(minute(182)));
    assert!(matches!(state.past, Past::Ended(_)));
    let failed = RequestEvent::Closed {
        outcome: Outcome::Failed,
        reason: Some(FailureReason::ApprovalNowNeeded),
        evidence: None,
        open_sessions_until: None,
    };
    let AccessRequest::Closed(state) = given(auto_approved().and(1, failed)).request else {
        panic!("not closed")
    };
    assert_eq!(state.reason, Some(FailureReason::ApprovalNowNeeded));
    assert!(matches!(state.past, Past::Approved(_)));
}

#[test]
fn a_state_item_reads_back_as_it_was_written() {
    for history in [vec![], pending(), approved(), activating(), active(), ending()] {
        let request = given(history).request;
        let item = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<AccessRequest>(&item).unwrap(), request);
    }
}
