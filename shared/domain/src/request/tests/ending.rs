use super::given::{alarm, block, close, end, failure, given};
use super::sample::{
    And, activating, activation_failed, active, approved, closed_gone, end_started, ending, minute, pending,
    revocation_requested, revoked_by,
};
use crate::ledger::ProvenAbsence;
use crate::ledger::TroubleCode;
use crate::request::{AccessRequest, Command, EndCause, Ending, Evidence, Outcome, RequestEvent};
use crate::time::Instant;

fn blocked(code: TroubleCode) -> RequestEvent {
    RequestEvent::EndBlocked { code, detail: "why".to_owned() }
}

#[test]
fn a_grant_expires_at_its_end_and_not_before() {
    given(active()).when(end(Ending::Expiry, 59)).then_refused("not-yet");
    let events = given(active()).when(end(Ending::Expiry, 60)).then("end-started(expired)");
    assert_eq!(events, [end_started(EndCause::Expired)]);
}

#[test]
fn a_revocation_ends_access_only_if_somebody_asked_for_it_and_names_them() {
    given(active()).when(end(Ending::Revocation, 10)).then_refused("wrong-state");
    for history in [activating(), active()] {
        let events = given(history.and(10, revocation_requested("bob")))
            .when(end(Ending::Revocation, 11))
            .then("end-started(revoked)");
        assert_eq!(events, [end_started(revoked_by("bob"))]);
    }
}

#[test]
fn an_activation_that_fails_goes_through_ending_because_a_creation_may_have_been_sent() {
    let events =
        given(activating()).when(end(failure(TroubleCode::Throttled), 15)).then("end-started(failed)");
    let cause = EndCause::ActivationFailed { code: TroubleCode::Throttled, detail: "why".to_owned() };
    assert_eq!(events, [end_started(cause)]);
}

#[test]
fn access_that_was_observed_cannot_fail_to_activate_any_more() {
    given(active()).when(end(failure(TroubleCode::ActivationDeadline), 15)).then_refused("wrong-state");
}

#[test]
fn access_removed_by_others_ends_as_revoked_by_the_system() {
    let events = given(active()).when(end(Ending::RemovedOutOfBand, 10)).then("end-started(revoked)");
    assert_eq!(events, [end_started(EndCause::RemovedOutOfBand)]);
}

#[test]
fn the_access_of_a_disabled_user_ends_as_revoked() {
    let events = given(active()).when(end(Ending::RequesterDisabled, 10)).then("end-started(revoked)");
    assert_eq!(events, [end_started(EndCause::RequesterDisabled)]);
}

#[test]
fn what_is_drained_ends_as_revoked_and_what_has_not_begun_is_over_at_once() {
    let events = given(active()).when(end(Ending::Drained, 10)).then("end-started(revoked)");
    assert_eq!(events, [end_started(EndCause::Drained)]);
    given(approved()).when(end(Ending::Drained, 10)).then("closed(revoked)");
    given(pending()).when(end(Ending::Drained, 10)).then_refused("wrong-state");
}

#[test]
fn an_end_is_started_once_whatever_the_second_cause() {
    for cause in
        [Ending::Expiry, Ending::Revocation, Ending::RemovedOutOfBand, failure(TroubleCode::Throttled)]
    {
        given(ending()).when(end(cause, 61)).then_nothing();
    }
}

#[test]
fn what_never_began_has_no_end_to_start() {
    for history in [vec![], pending(), approved(), ending().and(62, closed_gone(Outcome::Expired, 62))] {
        given(history).when(end(Ending::RequesterDisabled, 70)).then_refused("wrong-state");
    }
}

#[test]
fn there_is_no_closing_but_from_ending() {
    for history in [vec![], pending(), approved(), activating(), active()] {
        given(history).when(close(61)).then_refused("wrong-state");
    }
    given(ending().and(62, closed_gone(Outcome::Expired, 62))).when(close(63)).then_nothing();
}

/// Every evidence in a row, with the instant until which an open session may last, where no new one can
/// be opened.
fn evidence_after(evidence: Option<&Evidence>) -> Option<(Evidence, Option<Instant>)> {
    let sessions_end = Some(minute(62 + 120));
    Some(match evidence {
        None => (Evidence::ObservedGone { at: minute(62) }, sessions_end),
        Some(Evidence::ObservedGone { .. }) => (Evidence::HeldByAnother, None),
        Some(Evidence::HeldByAnother) => (Evidence::PreExisting, None),
        Some(Evidence::PreExisting) => (Evidence::ProvenAbsent { proof: ProvenAbsence::User }, sessions_end),
        Some(Evidence::ProvenAbsent { proof: ProvenAbsence::User }) => {
            (Evidence::ProvenAbsent { proof: ProvenAbsence::PermissionSet }, sessions_end)
        }
        Some(Evidence::ProvenAbsent { proof: ProvenAbsence::PermissionSet }) => {
            (Evidence::ProvenAbsent { proof: ProvenAbsence::Unknown }, sessions_end)
        }
        Some(Evidence::ProvenAbsent { proof: ProvenAbsence::Unknown }) => return None,
    })
}

#[test]
fn closing_keeps_the_evidence_and_says_how_long_a_session_may_last_unless_the_access_stays() {
    let events = given(ending()).when(close(62)).then("closed(expired)");
    assert_eq!(events, [closed_gone(Outcome::Expired, 62)]);
    let all = std::iter::successors(evidence_after(None), |(known, _)| evidence_after(Some(known)));
    let mut count = 0;
    for (evidence, sessions_end) in all {
        let command = Command::Close { evidence: evidence.clone(), gone_at: minute(62) };
        let events = given(ending()).when(command).then("closed(expired)");
        let expected = RequestEvent::Closed {
            outcome: Outcome::Expired,
            reason: None,
            evidence: Some(evidence),
            open_sessions_until: sessions_end,
        };
        assert_eq!(events, [expected]);
        count += 1;
    }
    assert_eq!(count, 6);
}

#[test]
fn the_outcome_is_told_by_the_cause_of_the_end() {
    let causes = [
        (EndCause::Expired, "closed(expired)"),
        (revoked_by("bob"), "closed(revoked)"),
        (EndCause::RemovedOutOfBand, "closed(revoked)"),
        (EndCause::RequesterDisabled, "closed(revoked)"),
        (EndCause::Drained, "closed(revoked)"),
        (activation_failed(), "closed(failed)"),
    ];
    for (cause, closed) in causes {
        given(activating().and(20, end_started(cause))).when(close(21)).then(closed);
    }
}

#[test]
fn a_blocked_end_stays_ending_and_is_recorded_once_per_kind_of_trouble() {
    given(ending()).when(block(TroubleCode::AccountSuspended)).then("end-blocked");
    let known = || ending().and(61, blocked(TroubleCode::AccountSuspended));
    given(known()).when(block(TroubleCode::AccountSuspended)).then_nothing();
    given(known()).when(block(TroubleCode::AccountClosed)).then("end-blocked");
    let AccessRequest::Ending(state) = given(known()).request else { panic!("not ending") };
    assert_eq!(state.blocked, Some((TroubleCode::AccountSuspended, "why".to_owned())));
    given(active()).when(block(TroubleCode::AccountSuspended)).then_refused("wrong-state");
}

#[test]
fn a_removal_is_overdue_after_five_minutes_and_the_alarm_sounds_once() {
    given(ending()).when(alarm(64)).then_refused("not-yet");
    given(ending()).when(alarm(65)).then("removal-overdue");
    given(ending().and(65, RequestEvent::RemovalOverdue {})).when(alarm(66)).then_nothing();
    given(active()).when(alarm(66)).then_refused("wrong-state");
    // However late the end was recorded.
    let noticed = || active().and(120, end_started(EndCause::Expired));
    given(noticed()).when(alarm(64)).then_refused("not-yet");
    given(noticed()).when(alarm(120)).then("removal-overdue");
}

#[test]
fn a_failed_removal_never_closes_a_request() {
    let history =
        ending().and(61, blocked(TroubleCode::AccountSuspended)).and(65, RequestEvent::RemovalOverdue {});
    let request = given(history).request;
    assert_eq!(request.name(), "ending");
    assert!(request.grant().is_some());
}
