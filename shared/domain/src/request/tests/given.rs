//! The harness, and the commands it is given. A command's minute is *now*.

use super::sample::{History, ineligible, minute, no_approval_needed, person, submission, user};
use crate::audit::Cause;
use crate::directory::Subject;
use crate::ids::UserId;
use crate::ledger::TroubleCode;
use crate::policy::Verdict;
use crate::request::{
    AccessRequest, Assessment, Command, Decision, Ending, Evidence, Refusal, RequestEvent, ReviewFacts,
    RevokeRight, Revoker, StartActivation, Submit, decide, evolve, replay,
};

pub(super) struct Given {
    pub(super) request: AccessRequest,
}

#[allow(clippy::needless_pass_by_value, reason = "a sentence reads better without ampersands")]
pub(super) fn given(history: History) -> Given {
    let request =
        replay(history.iter().map(|(at, event)| (*at, event))).expect("the history can be replayed");
    Given { request }
}

impl Given {
    #[allow(clippy::needless_pass_by_value, reason = "a sentence reads better without ampersands")]
    pub(super) fn when(self, command: Command) -> When {
        let answer = decide(&self.request, &command);
        When { request: self.request, answer }
    }
}

pub(super) struct When {
    request: AccessRequest,
    answer: Result<Vec<RequestEvent>, Refusal>,
}

impl When {
    /// These events, and the request can go through them.
    #[track_caller]
    pub(super) fn then(self, expected: &str) -> Vec<RequestEvent> {
        let events = self.answer.unwrap_or_else(|refusal| panic!("expected {expected}, got: {refusal}"));
        assert_eq!(names(&events), expected);
        events.iter().try_fold(self.request, |request, event| evolve(request, minute(0), event)).unwrap();
        events
    }

    /// A repeat: no refusal, and no change.
    #[track_caller]
    pub(super) fn then_nothing(self) {
        self.then("");
    }

    /// Whatever comes of it, if it is not refused.
    #[track_caller]
    pub(super) fn events(self) -> Vec<RequestEvent> {
        self.answer.expect("no refusal")
    }

    #[track_caller]
    pub(super) fn then_refused(self, code: &str) -> Refusal {
        let refusal = self.answer.expect_err("a refusal");
        assert_eq!(refusal.code(), code, "{refusal}");
        refusal
    }
}

pub(super) fn names(events: &[RequestEvent]) -> String {
    events.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// The event's kind, with the word that matters.
pub(super) fn short(event: &RequestEvent) -> String {
    match event {
        RequestEvent::EndStarted { cause } => {
            format!("{}({:?})", event.name(), cause.outcome()).to_lowercase()
        }
        RequestEvent::Closed { outcome, .. } => format!("{}({outcome:?})", event.name()).to_lowercase(),
        RequestEvent::Requested { .. }
        | RequestEvent::Reviewed { .. }
        | RequestEvent::Approved { .. }
        | RequestEvent::ActivationStarted { .. }
        | RequestEvent::Activated {}
        | RequestEvent::ExpiryWarned {}
        | RequestEvent::RevocationRequested { .. }
        | RequestEvent::EndBlocked { .. }
        | RequestEvent::RemovalOverdue {} => event.name().to_owned(),
    }
}

/// Alice's request, judged like this.
pub(super) fn submit(verdict: Verdict) -> Submit {
    Submit {
        submission: submission(),
        verdict,
        justification_required: true,
        joined: None,
        pending: 0,
        now: minute(0),
    }
}

/// What the policies say, where those who review the target are those the verdict names.
pub(super) fn assessment(verdict: Verdict) -> Assessment {
    Assessment { target_requirements: verdict.requirements().to_vec(), verdict }
}

/// Bob's review, with the policies unchanged; nobody reviewed before.
pub(super) fn facts(reviewer: Subject, decision: Decision, verdict: Verdict, minutes: i64) -> ReviewFacts {
    let (label, assessment) = (reviewer.id.to_string(), assessment(verdict));
    ReviewFacts {
        reviewer,
        label,
        decision,
        comment: None,
        assessment,
        earlier: vec![],
        through: Cause::Api,
        now: minute(minutes),
    }
}

/// The same review, where the policies have these people review whatever is asked for the target.
pub(super) fn with_target(command: Command, requirements: &Verdict) -> Command {
    let Command::Review(mut facts) = command else { panic!("it is no review") };
    facts.assessment.target_requirements = requirements.requirements().to_vec();
    Command::Review(facts)
}

pub(super) fn review(facts: ReviewFacts) -> Command {
    Command::Review(Box::new(facts))
}

pub(super) fn approve(name: &str, verdict: Verdict, minutes: i64) -> Command {
    review(facts(person(name), Decision::Approve, verdict, minutes))
}

pub(super) fn deny(name: &str, verdict: Verdict, minutes: i64) -> Command {
    review(facts(person(name), Decision::Deny, verdict, minutes))
}

/// An approval after these people's, as they are now.
pub(super) fn approve_after(earlier: &[Subject], name: &str, verdict: Verdict) -> Command {
    let facts = facts(person(name), Decision::Approve, verdict, 10);
    review(ReviewFacts { earlier: earlier.to_vec(), ..facts })
}

pub(super) fn withdraw(name: &str, minutes: i64) -> Command {
    Command::Withdraw { by: user(name), now: minute(minutes) }
}

pub(super) fn revoke(name: &str, right: RevokeRight) -> Command {
    let (id, label): (UserId, String) = (user(name), name.to_owned());
    Command::Revoke { by: Revoker { id, label, right }, comment: None }
}

pub(super) fn lapse(minutes: i64) -> Command {
    Command::Lapse { now: minute(minutes) }
}

pub(super) fn start(verdict: Verdict, minutes: i64) -> StartActivation {
    StartActivation { verdict, held_since: None, now: minute(minutes) }
}

pub(super) fn activate(facts: StartActivation) -> Command {
    Command::StartActivation(Box::new(facts))
}

pub(super) fn activate_freely(minutes: i64) -> Command {
    activate(start(no_approval_needed(), minutes))
}

pub(super) fn activate_no_longer_eligible(minutes: i64) -> Command {
    activate(start(ineligible(), minutes))
}

pub(super) fn observe(minutes: i64) -> Command {
    Command::ObserveActive { now: minute(minutes) }
}

pub(super) fn warn(minutes: i64) -> Command {
    Command::WarnOfExpiry { now: minute(minutes) }
}

pub(super) fn end(cause: Ending, minutes: i64) -> Command {
    Command::StartEnd { cause, now: minute(minutes) }
}

pub(super) fn failure(code: TroubleCode) -> Ending {
    Ending::ActivationFailure { code, detail: "why".to_owned() }
}

pub(super) fn block(code: TroubleCode) -> Command {
    Command::MarkBlocked { code, detail: "why".to_owned() }
}

pub(super) fn alarm(minutes: i64) -> Command {
    Command::AlarmOverdue { now: minute(minutes) }
}

pub(super) fn close(minutes: i64) -> Command {
    Command::Close { evidence: Evidence::ObservedGone { at: minute(minutes) }, gone_at: minute(minutes) }
}
