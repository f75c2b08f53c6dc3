use crate::policy::{Outcome, Verdict};
use crate::request::command::Submit;
use crate::request::event::{Approval, RequestEvent, Window};
use crate::request::refusal::Refusal;
use crate::request::state::AccessRequest;
use crate::time::{FURTHEST_START, Instant, Minutes, whole_seconds};

/// How many requests of one person may wait for review.
pub const MOST_PENDING: usize = 100;

/// Another body never comes here under the same id: ids follow from the idempotency key's use.
pub(super) fn submit(request: &AccessRequest, command: &Submit) -> Result<Vec<RequestEvent>, Refusal> {
    if request.asked().is_some() {
        return Ok(vec![]);
    }
    if command.justification_required && command.submission.justification.is_none() {
        return Err(Refusal::JustificationRequired);
    }
    check_start(command.submission.start, command.now)?;
    let approval = prospect(&command.verdict, command.joined, command.pending)?;
    let requested = RequestEvent::Requested {
        submission: Box::new(command.submission.clone()),
        verdict: command.verdict.clone(),
        joined: command.joined,
    };
    let approved = approval.map(|approval| RequestEvent::Approved { approval });
    Ok([requested].into_iter().chain(approved).collect())
}

/// Whether access may be asked for from this start on.
///
/// # Errors
/// The refusal that a submission would meet.
pub fn check_start(start: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    match start {
        Some(start) if start < whole_seconds(now) => Err(Refusal::StartInPast),
        Some(start) if start > now + FURTHEST_START => Err(Refusal::StartTooFar),
        Some(_) | None => Ok(()),
    }
}

/// What comes of asking: approved at once, or `None`, waiting for review. `joined` is the window that
/// it would make with the requester's grants of the same access, `pending` how many other requests of
/// theirs wait for review. Submission decides by this, and whoever only thinks of asking is told by it.
///
/// # Errors
/// The refusal that a submission would meet.
pub fn prospect(
    verdict: &Verdict,
    joined: Option<Window>,
    pending: usize,
) -> Result<Option<Approval>, Refusal> {
    match &verdict.outcome {
        Outcome::Ineligible { reasons } => Err(Refusal::Ineligible { reasons: reasons.clone() }),
        Outcome::NoApprovalNeeded { max_duration_minutes, .. } => {
            check_joined(joined, *max_duration_minutes).map(|()| Some(Approval::Policy))
        }
        Outcome::ApprovalNeeded { .. } if pending >= MOST_PENDING => Err(Refusal::TooManyPending),
        Outcome::ApprovalNeeded { .. } => Ok(None),
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
