use super::submit::check_joined;
use super::wrong_state;
use crate::mutants::{Mutant, on};
use crate::policy::{Outcome as VerdictOutcome, Verdict};
use crate::request::command::StartActivation;
use crate::request::event::{Approval, FailureReason, Outcome, RequestEvent, Submission, Window};
use crate::request::refusal::Refusal;
use crate::request::state::{AccessRequest, Activating, Active, Approved, Grant};
use crate::time::{ACTIVATION_DEADLINE, Instant};

/// When an approved request is to begin: at its start, or at its approval if that is later.
pub fn activation_due_at(approved: &Approved) -> Instant {
    approved.asked.submission.start.map_or(approved.approved_at, |start| start.max(approved.approved_at))
}

/// When it is given up if it has not begun.
pub fn activation_deadline(approved: &Approved) -> Instant {
    given_up_at(activation_due_at(approved))
}

/// From when on a request can be neither reviewed nor begin access any more, whatever was recorded about
/// it or can be read of it: it is approved before it lapses or never, and then begins within the deadline
/// or never.
pub fn over_for_certain_at(submission: &Submission) -> Instant {
    let lapses_at = submission.lapses_at;
    given_up_at(submission.start.map_or(lapses_at, |start| start.max(lapses_at)))
}

fn given_up_at(due_at: Instant) -> Instant {
    let times = if on(Mutant::NoActivationDeadline) { 100 } else { 1 };
    due_at + ACTIVATION_DEADLINE * times
}

/// The evaluation right before access begins: what was true earlier proves nothing.
pub(super) fn start(request: &AccessRequest, facts: &StartActivation) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Approved(approved) if facts.now < activation_due_at(approved) => Err(Refusal::NotYet),
        AccessRequest::Approved(approved) => Ok(vec![start_or_fail(approved, facts)]),
        AccessRequest::Activating(_) => Ok(vec![]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "activated")),
    }
}

fn start_or_fail(approved: &Approved, facts: &StartActivation) -> RequestEvent {
    // Nothing later moves its end.
    let Submission { start, duration_minutes, .. } = &approved.asked.submission;
    let window = Window::new(*start, *duration_minutes, facts.now);
    let expires_at = window.expires_at;
    let joined = facts.held_since.map(|since| Window { starts_at: since, expires_at });
    match obstacle(approved, facts, joined) {
        Some(reason) => failed(reason),
        None => RequestEvent::ActivationStarted {
            window,
            // A start with a fraction of a second must not let access appear after its end.
            deadline: activation_deadline(approved).min(expires_at),
            joined,
            open_sessions_until: facts.verdict.open_sessions_until(expires_at),
        },
    }
}

fn obstacle(approved: &Approved, facts: &StartActivation, joined: Option<Window>) -> Option<FailureReason> {
    if facts.now >= activation_deadline(approved) {
        return Some(FailureReason::ActivationDeadline);
    }
    if on(Mutant::BelievesTheApproval) {
        return None;
    }
    not_allowed(&approved.approval, &facts.verdict, joined)
}

/// Why what was approved before would not be let begin with these policies; `None` if it would.
fn not_allowed(approval: &Approval, verdict: &Verdict, joined: Option<Window>) -> Option<FailureReason> {
    match (&verdict.outcome, approval) {
        (VerdictOutcome::Ineligible { reasons }, Approval::Policy) => {
            Some(FailureReason::NoLongerEligible { reasons: reasons.clone() })
        }
        // Approvals are final, also where nobody could give them any more.
        (VerdictOutcome::Ineligible { reasons }, Approval::Reviewers { .. }) => {
            let reasons: Vec<_> = reasons.iter().filter(|r| !r.is_about_reviewers()).cloned().collect();
            (!reasons.is_empty()).then_some(FailureReason::NoLongerEligible { reasons })
        }
        (VerdictOutcome::ApprovalNeeded { .. }, Approval::Policy) => Some(FailureReason::ApprovalNowNeeded),
        (VerdictOutcome::NoApprovalNeeded { max_duration_minutes, .. }, Approval::Policy) => {
            let longest_minutes = *max_duration_minutes;
            check_joined(joined, longest_minutes)
                .err()
                .map(|_| FailureReason::JoinedWindowTooLong { longest_minutes })
        }
        (
            VerdictOutcome::ApprovalNeeded { .. } | VerdictOutcome::NoApprovalNeeded { .. },
            Approval::Reviewers { .. },
        ) => None,
    }
}

/// Why a grant, or what is approved to become one, would not be let begin by this verdict of now. What is
/// active does not end by it: it is for administrators to know.
pub fn no_longer_allowed(request: &AccessRequest, verdict: &Verdict) -> Option<FailureReason> {
    let (approval, joined) = match request {
        AccessRequest::Approved(Approved { approval, asked, .. }) => (approval, asked.joined),
        AccessRequest::Activating(Activating { grant: Grant { approval, joined, .. }, .. })
        | AccessRequest::Active(Active { grant: Grant { approval, joined, .. }, .. }) => (approval, *joined),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => return None,
    };
    not_allowed(approval, verdict, joined)
}

fn failed(reason: FailureReason) -> RequestEvent {
    let reason = Some(reason);
    RequestEvent::Closed { outcome: Outcome::Failed, reason, evidence: None, open_sessions_until: None }
}

pub(super) fn observe(request: &AccessRequest, now: Instant) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Activating(state) if now >= state.deadline => Err(Refusal::TooLate),
        AccessRequest::Activating(_) => Ok(vec![RequestEvent::Activated {}]),
        AccessRequest::Active(_) => Ok(vec![]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "activated")),
    }
}

pub(super) fn warn(request: &AccessRequest, now: Instant) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Active(state) if now >= state.grant.window.expires_at => Err(Refusal::TooLate),
        AccessRequest::Active(state) if state.warned => Ok(vec![]),
        AccessRequest::Active(_) => Ok(vec![RequestEvent::ExpiryWarned {}]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "warned of")),
    }
}
