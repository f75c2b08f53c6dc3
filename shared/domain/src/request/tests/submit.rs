use chrono::TimeDelta;

use super::given::{activate, approve, given, lapse, start, submit, withdraw};
use super::sample::{
    And, History, activating, active, approval_by_a_lead, approved, closed_unused, ending, free_for,
    ineligible, minute, no_approval_needed, pending, submission,
};
use crate::audit::{Actor, AuditEvent, SystemReason};
use crate::policy::Reason;
use crate::request::{Approval, Command, MOST_PENDING, Outcome, Refusal, RequestEvent, Submit, Window};
use crate::time::{Instant, Minutes};

fn command(submit: Submit) -> Command {
    Command::Submit(Box::new(submit))
}

fn starting(start: Instant) -> Command {
    let mut submit = submit(no_approval_needed());
    submit.submission.start = Some(start);
    command(submit)
}

fn joined(minutes: i64, verdict: crate::policy::Verdict) -> Submit {
    let joined = Some(Window { starts_at: minute(0), expires_at: minute(minutes) });
    Submit { joined, ..submit(verdict) }
}

#[test]
fn a_request_that_needs_approval_waits_for_it() {
    let events = given(vec![]).when(command(submit(approval_by_a_lead()))).then("requested");
    let expected = RequestEvent::Requested {
        submission: Box::new(submission()),
        verdict: approval_by_a_lead(),
        joined: None,
    };
    assert_eq!(events, [expected]);
}

#[test]
fn a_request_that_needs_no_approval_is_approved_by_policy_in_the_same_breath() {
    let events = given(vec![]).when(command(submit(no_approval_needed()))).then("requested, approved");
    assert_eq!(events[1], RequestEvent::Approved { approval: Approval::Policy });
    let actors = [None, Some(Actor::System { reason: SystemReason::Policy })];
    assert_eq!(events.iter().map(AuditEvent::actor).collect::<Vec<_>>(), actors, "nobody approves their own");
}

#[test]
fn an_ineligible_request_is_refused_with_every_reason() {
    let refusal = given(vec![]).when(command(submit(ineligible()))).then_refused("ineligible");
    assert_eq!(refusal.reasons(), [Reason::NoEligibilityPolicy]);
}

#[test]
fn only_a_refusal_by_policy_has_reasons() {
    assert!(Refusal::StartInPast.reasons().is_empty());
}

#[test]
fn a_justification_is_asked_for_where_the_setting_says_so() {
    let mut without = submit(no_approval_needed());
    without.submission.justification = None;
    given(vec![]).when(command(without.clone())).then_refused("justification-required");
    let not_required = Submit { justification_required: false, ..without };
    given(vec![]).when(command(not_required)).then("requested, approved");
}

#[test]
fn a_start_in_the_past_is_refused_and_a_start_within_this_second_is_not() {
    given(vec![]).when(starting(minute(0) - TimeDelta::seconds(1))).then_refused("start-in-past");
    given(vec![]).when(starting(minute(0))).then("requested, approved");
    let mut this_second = submit(no_approval_needed());
    this_second.submission.start = Some(minute(0));
    this_second.now = minute(0) + TimeDelta::milliseconds(900);
    given(vec![]).when(command(this_second)).then("requested, approved");
}

#[test]
fn a_start_may_lie_thirty_days_ahead_and_no_further() {
    let furthest = minute(0) + TimeDelta::days(30);
    given(vec![]).when(starting(furthest)).then("requested, approved");
    given(vec![]).when(starting(furthest + TimeDelta::seconds(1))).then_refused("start-too-far");
}

#[test]
fn without_approval_touching_grants_may_not_together_last_longer_than_the_policy_allows() {
    given(vec![]).when(command(joined(240, free_for(240)))).then("requested, approved");
    let refusal =
        given(vec![]).when(command(joined(241, free_for(240)))).then_refused("joined-window-too-long");
    assert_eq!(refusal, Refusal::JoinedWindowTooLong { longest_minutes: Minutes(240) });
}

#[test]
fn with_approval_the_joined_window_is_recorded_for_approver_and_audit() {
    let submit = joined(1_000, approval_by_a_lead());
    let window = submit.joined;
    let events = given(vec![]).when(command(submit)).then("requested");
    assert!(matches!(&events[0], RequestEvent::Requested { joined, .. } if *joined == window));
}

#[test]
fn the_same_request_sent_twice_is_one_request() {
    given(pending()).when(command(submit(approval_by_a_lead()))).then_nothing();
}

#[test]
fn who_has_as_many_pending_requests_as_one_may_have_gets_no_further_one() {
    let with = |pending, verdict| command(Submit { pending, ..submit(verdict) });
    given(vec![]).when(with(MOST_PENDING - 1, approval_by_a_lead())).then("requested");
    given(vec![]).when(with(MOST_PENDING, approval_by_a_lead())).then_refused("too-many-pending");
}

#[test]
fn what_needs_no_approval_waits_for_nobody_and_is_not_bounded_by_what_does() {
    let free = Submit { pending: MOST_PENDING, ..submit(no_approval_needed()) };
    given(vec![]).when(command(free)).then("requested, approved");
}

#[test]
fn a_bound_that_was_reached_meanwhile_changes_nothing_about_a_repeat() {
    let repeat = Submit { pending: MOST_PENDING, ..submit(approval_by_a_lead()) };
    given(pending()).when(command(repeat)).then_nothing();
}

#[test]
fn what_is_pending_or_approved_is_in_the_way_of_the_same_once_more_until_it_lapses() {
    let in_the_way = |history, at| given(history).request.is_in_the_way(minute(at));
    assert!(in_the_way(pending(), 479));
    assert!(!in_the_way(pending(), 480), "by the clock, recorded or not");
    assert!(in_the_way(approved(), 480));
    for over in [vec![], activating(), active(), ending(), closed()] {
        assert!(!in_the_way(over, 1));
    }
}

fn closed() -> History {
    pending().and(5, closed_unused(Outcome::Withdrawn))
}

#[test]
fn what_rests_on_policies_says_on_which_version_of_them() {
    let verdict = || crate::policy::Verdict { policy_set_version: 7, ..no_approval_needed() };
    let resting = [command(submit(verdict())), approve("lee", verdict(), 1), activate(start(verdict(), 1))];
    assert_eq!(resting.map(|command| command.evaluated_with()), [Some(7); 3]);
    assert_eq!([withdraw("alice", 1), lapse(1)].map(|command| command.evaluated_with()), [None; 2]);
}
