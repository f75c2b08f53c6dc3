//! Submission, review and activation ask the same question and agree on the answer, as far as
//! `decide` goes: what one lets pass under the same policies, the next does not stop.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::given::{activate, approve_after, given, start, submit};
use super::sample::{History, approval_by, free_for, ineligible, minute, person, submission};
use crate::policy::{Outcome as Says, Verdict, can_review};
use crate::request::{
    Command, FailureReason, Outcome, Refusal, RequestEvent, StartActivation, Submit, Window, decide,
};

fn verdicts() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        1 => Just(ineligible()),
        2 => (15_u32..600).prop_map(free_for),
        1 => (1_u8..3).prop_map(|quorum| approval_by(&[("leads", quorum)])),
        1 => (1_u8..3, 1_u8..3).prop_map(|(a, b)| approval_by(&[("leads", a), ("security", b)])),
    ]
}

fn submitted(verdict: &Verdict, joined: Option<Window>) -> Result<Vec<RequestEvent>, Refusal> {
    let submit = Submit { joined, ..submit(verdict.clone()) };
    decide(&crate::request::AccessRequest::Absent, &Command::Submit(Box::new(submit)))
}

/// Everybody who may review approves, until it is approved.
fn reviewed(mut history: History, verdict: &Verdict) -> History {
    let mut earlier = vec![];
    for name in ["alice", "bob", "carol", "dan", "erin", "zoe"] {
        let request = given(history.clone()).request;
        let Ok(events) = decide(&request, &approve_after(&earlier, name, verdict.clone())) else { continue };
        history.extend(events.into_iter().map(|event| (minute(10), event)));
        earlier.push(person(name));
    }
    history
}

fn activated(history: &History, verdict: &Verdict, held_minutes: Option<i64>) -> RequestEvent {
    let held_since = held_minutes.map(|minutes| minute(10) - TimeDelta::minutes(minutes));
    let facts = StartActivation { held_since, ..start(verdict.clone(), 10) };
    given(history.clone()).when(activate(facts)).events().remove(0)
}

proptest! {
    #[test]
    fn what_submission_and_review_let_pass_activation_starts_under_the_same_policies(verdict in verdicts()) {
        let Ok(events) = submitted(&verdict, None) else {
            prop_assert_eq!(verdict, ineligible());
            return Ok(());
        };
        let history: History = events.into_iter().map(|event| (minute(0), event)).collect();
        let history = reviewed(history, &verdict);
        prop_assert_eq!(given(history.clone()).request.name(), "approved");
        let started = activated(&history, &verdict, None);
        prop_assert_eq!(started.name(), "activation-started");
    }

    #[test]
    fn what_submission_refuses_review_and_activation_refuse_too(first in verdicts(), last in verdicts()) {
        let Ok(events) = submitted(&first, None) else { return Ok(()) };
        let history: History = events.into_iter().map(|event| (minute(0), event)).collect();
        let refused = submitted(&last, None).is_err();
        let history = if given(history.clone()).request.name() == "approved" {
            history
        } else {
            let by_last = reviewed(history.clone(), &last);
            prop_assert!(!refused || given(by_last).request.name() == "pending");
            reviewed(history, &first)
        };
        let event = activated(&history, &last, None);
        let failed = matches!(event, RequestEvent::Closed { outcome: Outcome::Failed, .. });
        prop_assert!(!refused || failed);
    }

    #[test]
    fn submission_and_activation_agree_on_the_joined_window(longest in 15_u32..600, joined in 60_i64..900) {
        let verdict = free_for(longest);
        let window = Window { starts_at: minute(60 - joined), expires_at: minute(60) };
        let at_submission = submitted(&verdict, Some(window)).is_err();
        let history: History =
            submitted(&verdict, None).unwrap().into_iter().map(|event| (minute(0), event)).collect();
        let event = activated(&history, &verdict, Some(joined - 60));
        let reason = FailureReason::JoinedWindowTooLong { longest_minutes: crate::time::Minutes(longest) };
        let at_activation =
            matches!(&event, RequestEvent::Closed { reason: Some(found), .. } if *found == reason);
        prop_assert_eq!(at_submission, at_activation);
        prop_assert_eq!(at_submission, joined > i64::from(longest));
    }

    #[test]
    fn who_may_review_is_the_same_when_pressing_approve_as_when_asked(verdict in verdicts(), who in 0_usize..6) {
        let Says::ApprovalNeeded { requirements, .. } = &verdict.outcome else { return Ok(()) };
        let name = ["alice", "bob", "carol", "dan", "grace", "zoe"][who];
        let may = can_review(requirements, &person(name), &submission().requester);
        let history = vec![(minute(0), submitted(&verdict, None).unwrap().remove(0))];
        let pressed = decide(&given(history).request, &approve_after(&[], name, verdict.clone()));
        prop_assert_eq!(pressed.is_ok(), may);
    }
}
