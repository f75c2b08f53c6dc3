use chrono::TimeDelta;

use super::given::{
    activate, activate_freely, activate_no_longer_eligible, approve, given, observe, start, warn,
};
use super::sample::{
    And, History, activating, active, approval_by_a_lead, approved, approved_by, auto_approved,
    auto_approved_from, closed_gone, ending, free_for, ineligible, ineligible_for, minute,
    no_approval_needed, pending,
};
use crate::policy::Reason;
use crate::request::{
    Command, FailureReason, Outcome, RequestEvent, StartActivation, Window, no_longer_allowed,
    over_for_certain_at,
};
use crate::time::{Instant, Minutes};

#[track_caller]
fn why(events: &[RequestEvent]) -> FailureReason {
    let [RequestEvent::Closed { reason: Some(reason), evidence: None, open_sessions_until: None, .. }] =
        events
    else {
        panic!("not failed before access: {events:?}");
    };
    reason.clone()
}

#[track_caller]
fn window(events: &[RequestEvent]) -> (Instant, Instant) {
    let [RequestEvent::ActivationStarted { window, .. }] = events else { panic!("not started: {events:?}") };
    (window.starts_at, window.expires_at)
}

fn held(minutes: i64, verdict: crate::policy::Verdict) -> Command {
    activate(StartActivation { held_since: Some(minute(minutes)), ..start(verdict, 10) })
}

#[test]
fn the_end_and_the_last_instant_of_an_open_session_are_fixed_before_access_begins() {
    let events = given(auto_approved()).when(activate_freely(3)).then("activation-started");
    let expected = RequestEvent::ActivationStarted {
        window: Window { starts_at: minute(3), expires_at: minute(63) },
        deadline: minute(15),
        joined: None,
        open_sessions_until: minute(183),
    };
    assert_eq!(events, [expected]);
}

#[test]
fn the_end_is_in_whole_seconds_and_never_later_than_the_duration_allows() {
    let now = minute(3) + TimeDelta::milliseconds(999);
    let command = activate(StartActivation { now, ..start(no_approval_needed(), 0) });
    let events = given(auto_approved()).when(command).then("activation-started");
    assert_eq!(window(&events), (minute(3), minute(63)));
}

#[test]
fn the_deadline_for_access_to_appear_is_never_after_its_end() {
    let late = minute(0) + TimeDelta::milliseconds(900);
    let mut history = auto_approved();
    for (at, event) in &mut history {
        *at = late;
        if let RequestEvent::Requested { submission, .. } = event {
            submission.duration_minutes = Minutes(15);
        }
    }
    let command = activate(StartActivation { now: late, ..start(no_approval_needed(), 0) });
    let events = given(history).when(command).then("activation-started");
    let [RequestEvent::ActivationStarted { window, deadline, .. }] = events.as_slice() else { panic!() };
    assert!(deadline <= &window.expires_at, "{deadline} is after {}", window.expires_at);
}

#[test]
fn a_future_start_is_waited_for() {
    given(auto_approved_from(120)).when(activate_freely(119)).then_refused("not-yet");
    let events = given(auto_approved_from(120)).when(activate_freely(120)).then("activation-started");
    assert_eq!(window(&events), (minute(120), minute(180)));
}

#[test]
fn a_request_approved_after_its_start_begins_at_activation_with_its_full_duration() {
    let mut history = approved();
    if let Some((_, RequestEvent::Requested { submission, .. })) = history.first_mut() {
        submission.start = Some(minute(2));
    }
    let events = given(history).when(activate(start(approval_by_a_lead(), 7))).then("activation-started");
    assert_eq!(window(&events), (minute(7), minute(67)));
}

#[test]
fn whoever_is_no_longer_eligible_right_before_activation_gets_nothing() {
    for history in [approved(), auto_approved()] {
        let events = given(history).when(activate_no_longer_eligible(6)).then("closed(failed)");
        let reasons = vec![Reason::NoEligibilityPolicy];
        assert_eq!(why(&events), FailureReason::NoLongerEligible { reasons });
    }
}

#[test]
fn what_was_free_of_approval_and_is_not_any_more_fails() {
    let events = given(auto_approved()).when(activate(start(approval_by_a_lead(), 6))).then("closed(failed)");
    assert_eq!(why(&events), FailureReason::ApprovalNowNeeded);
}

#[test]
fn once_approved_by_people_approvals_are_final() {
    let nobody_reviews = [Reason::NoApproverPolicy, Reason::TooManyApproverPolicies];
    let without_reviewers = nobody_reviews.map(|reason| ineligible_for(vec![reason]));
    for verdict in [approval_by_a_lead(), no_approval_needed()].into_iter().chain(without_reviewers.clone()) {
        given(approved()).when(activate(start(verdict, 6))).then("activation-started");
    }
    for verdict in without_reviewers {
        given(auto_approved()).when(activate(start(verdict, 1))).then("closed(failed)");
    }
    let both = ineligible_for(vec![Reason::NoEligibilityPolicy, Reason::NoApproverPolicy]);
    let events = given(approved()).when(activate(start(both, 6))).then("closed(failed)");
    assert_eq!(why(&events), FailureReason::NoLongerEligible { reasons: vec![Reason::NoEligibilityPolicy] });
}

#[test]
fn without_approval_the_joined_window_is_checked_again_right_before_activation() {
    given(auto_approved()).when(held(-50, free_for(120))).then("activation-started");
    let events = given(auto_approved()).when(held(-51, free_for(120))).then("closed(failed)");
    assert_eq!(why(&events), FailureReason::JoinedWindowTooLong { longest_minutes: Minutes(120) });
}

#[test]
fn with_approval_the_joined_window_is_recorded_and_not_limited() {
    let events = given(approved()).when(held(-1_000, approval_by_a_lead())).then("activation-started");
    let [RequestEvent::ActivationStarted { joined, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(*joined, Some(Window { starts_at: minute(-1_000), expires_at: minute(70) }));
}

#[test]
fn access_does_not_appear_when_nobody_needs_it_any_more() {
    given(auto_approved()).when(activate_freely(14)).then("activation-started");
    let events = given(auto_approved()).when(activate_freely(15)).then("closed(failed)");
    assert_eq!(why(&events), FailureReason::ActivationDeadline);
    // The deadline runs from the start, or from the approval if that came later.
    given(approved()).when(activate(start(approval_by_a_lead(), 19))).then("activation-started");
    given(approved()).when(activate(start(approval_by_a_lead(), 20))).then("closed(failed)");
    given(auto_approved_from(120)).when(activate_freely(134)).then("activation-started");
    given(auto_approved_from(120)).when(activate_freely(135)).then("closed(failed)");
}

#[test]
fn nothing_starts_before_it_is_approved_or_twice() {
    given(pending()).when(activate_freely(1)).then_refused("wrong-state");
    given(activating()).when(activate_freely(1)).then_nothing();
    given(active()).when(activate_freely(2)).then_refused("wrong-state");
    given(ending()).when(activate_freely(61)).then_refused("wrong-state");
}

#[test]
fn active_means_observed_and_an_observation_after_the_deadline_comes_too_late() {
    given(activating()).when(observe(14)).then("activated");
    given(activating()).when(observe(15)).then_refused("too-late");
    given(active()).when(observe(20)).then_nothing();
    given(ending()).when(observe(61)).then_refused("wrong-state");
    given(auto_approved()).when(observe(1)).then_refused("wrong-state");
}

#[test]
fn the_requester_is_warned_once_and_not_after_the_end() {
    given(active()).when(warn(45)).then("expiry-warned");
    given(active().and(45, RequestEvent::ExpiryWarned {})).when(warn(46)).then_nothing();
    given(active()).when(warn(60)).then_refused("too-late");
    given(activating()).when(warn(10)).then_refused("wrong-state");
}

/// Waiting for a lead, to start at this minute; and when it is over for certain.
fn pending_from(start: Option<i64>) -> (History, i64) {
    let mut history = pending();
    let (_, RequestEvent::Requested { submission, .. }) = &mut history[0] else { panic!("{history:?}") };
    submission.start = start.map(minute);
    let over = (over_for_certain_at(submission) - minute(0)).num_minutes();
    (history, over)
}

#[test]
fn what_is_over_for_certain_can_neither_be_reviewed_nor_begin() {
    for start in [None, Some(60), Some(470), Some(4_000)] {
        let (history, over) = pending_from(start);
        given(history.clone()).when(approve("bob", approval_by_a_lead(), over)).then_refused("lapsed");
        for approved_at in [0, 200, 479] {
            let history = history.clone().and(approved_at, approved_by(&["bob"]));
            let events = given(history).when(activate_freely(over)).then("closed(failed)");
            assert_eq!(why(&events), FailureReason::ActivationDeadline, "{start:?}, {approved_at}");
        }
    }
}

#[test]
fn until_then_something_can_still_become_of_it() {
    for start in [None, Some(4_000)] {
        let (history, over) = pending_from(start);
        let approved_last = history.and(479, approved_by(&["bob"]));
        given(approved_last).when(activate_freely(over - 2)).then("activation-started");
    }
}

#[test]
fn what_would_not_be_let_begin_any_more_is_known_from_approved_to_active() {
    let why = |history, verdict| no_longer_allowed(&given(history).request, &verdict);
    let refused = || FailureReason::NoLongerEligible { reasons: vec![Reason::NoEligibilityPolicy] };
    for history in [auto_approved, activating, active, approved] {
        assert_eq!(why(history(), no_approval_needed()), None);
        assert_eq!(why(history(), ineligible()), Some(refused()));
    }
    for by_policy in [auto_approved, activating, active] {
        assert_eq!(why(by_policy(), approval_by_a_lead()), Some(FailureReason::ApprovalNowNeeded));
    }
    assert_eq!(why(approved(), approval_by_a_lead()), None, "it has its approval");
    let over = ending().and(62, closed_gone(Outcome::Expired, 62));
    for history in [vec![], pending(), ending(), over] {
        assert_eq!(why(history, ineligible()), None, "it is not approved yet, or over");
    }
}

#[test]
fn what_is_no_longer_allowed_is_what_activation_would_refuse() {
    for verdict in [ineligible(), approval_by_a_lead(), no_approval_needed(), free_for(30)] {
        let request = given(auto_approved()).request;
        let events = given(auto_approved()).when(activate(start(verdict.clone(), 1))).events();
        let refused = match &events[..] {
            [RequestEvent::Closed { reason, .. }] => reason.clone(),
            _ => None,
        };
        assert_eq!(no_longer_allowed(&request, &verdict), refused);
    }
}
