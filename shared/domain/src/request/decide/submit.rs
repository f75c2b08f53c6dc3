use crate::policy::Outcome;
use crate::request::command::Submit;
use crate::request::event::{Approval, RequestEvent, Window};
use crate::request::refusal::Refusal;
use crate::request::state::AccessRequest;
use crate::time::{FURTHEST_START, Minutes, whole_seconds};

pub(super) fn submit(request: &AccessRequest, command: &Submit) -> Result<Vec<RequestEvent>, Refusal> {
    if let Some(asked) = request.asked() {
        return if asked.submission.body_hash == command.submission.body_hash {
            Ok(vec![])
        } else {
            Err(Refusal::IdempotencyKeyReused)
        };
    }
    check_form(command)?;
    let requested = RequestEvent::Requested {
        submission: Box::new(command.submission.clone()),
        verdict: command.verdict.clone(),
        joined: command.joined,
    };
    match &command.verdict.outcome {
        Outcome::Ineligible { reasons } => Err(Refusal::Ineligible { reasons: reasons.clone() }),
        Outcome::ApprovalNeeded { .. } => Ok(vec![requested]),
        Outcome::NoApprovalNeeded { max_duration_minutes, .. } => {
            check_joined(command.joined, *max_duration_minutes)?;
            Ok(vec![requested, RequestEvent::Approved { approval: Approval::Policy }])
        }
    }
}

fn check_form(command: &Submit) -> Result<(), Refusal> {
    if command.justification_required && command.submission.justification.is_none() {
        return Err(Refusal::JustificationRequired);
    }
    match command.submission.start {
        Some(start) if start < whole_seconds(command.now) => Err(Refusal::StartInPast),
        Some(start) if start > command.now + FURTHEST_START => Err(Refusal::StartTooFar),
        Some(_) | None => Ok(()),
    }
}

/// Without approval, grants that touch may together not last longer than one may.
pub(super) fn check_joined(joined: Option<Window>, longest: Minutes) -> Result<(), Refusal> {
    let too_long = |window: &Window| window.expires_at - window.starts_at > longest.delta();
    if joined.as_ref().is_some_and(too_long) {
        Err(Refusal::JoinedWindowTooLong { longest_minutes: longest })
    } else {
        Ok(())
    }
}
