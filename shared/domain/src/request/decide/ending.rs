use super::wrong_state;
use crate::ledger::TroubleCode;
use crate::request::command::Ending;
use crate::request::event::{EndCause, Evidence, Outcome, RequestEvent};
use crate::request::refusal::Refusal;
use crate::request::state::{AccessRequest, Activating, Active, EndingState, Grant, Revocation};
use crate::time::{Instant, REMOVAL_OVERDUE};

/// Starts the end. It needs no eligibility and no approval, only a cause that is true.
pub(super) fn start(
    request: &AccessRequest,
    cause: &Ending,
    now: Instant,
) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Activating(Activating { grant, revocation, .. })
        | AccessRequest::Active(Active { grant, revocation, .. }) => {
            let cause = true_cause(request, grant, revocation.as_ref(), cause, now)?;
            Ok(vec![RequestEvent::EndStarted { cause }])
        }
        AccessRequest::Ending(_) => Ok(vec![]),
        // It has not begun, so that there is nothing to remove.
        AccessRequest::Approved(_) if *cause == Ending::Drained => Ok(vec![super::closed(Outcome::Revoked)]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "ended")),
    }
}

fn true_cause(
    request: &AccessRequest,
    grant: &Grant,
    revocation: Option<&Revocation>,
    cause: &Ending,
    now: Instant,
) -> Result<EndCause, Refusal> {
    match cause {
        Ending::Expiry if now < grant.window.expires_at => Err(Refusal::NotYet),
        Ending::Expiry => Ok(EndCause::Expired),
        Ending::Revocation => {
            let revocation = revocation.ok_or_else(|| wrong_state(request, "revoked"))?.clone();
            Ok(EndCause::Revoked { by: revocation.by, label: revocation.label, comment: revocation.comment })
        }
        // Decided on an older state: the assignment was observed meanwhile, so nothing failed.
        Ending::ActivationFailure { .. } if matches!(request, AccessRequest::Active(_)) => {
            Err(wrong_state(request, "failed"))
        }
        Ending::ActivationFailure { code, detail } => {
            Ok(EndCause::ActivationFailed { code: *code, detail: detail.clone() })
        }
        Ending::RemovedOutOfBand => Ok(EndCause::RemovedOutOfBand),
        Ending::RequesterDisabled => Ok(EndCause::RequesterDisabled),
        Ending::Drained => Ok(EndCause::Drained),
    }
}

pub(super) fn block(
    request: &AccessRequest,
    code: TroubleCode,
    detail: &str,
) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Ending(EndingState { blocked: Some((known, _)), .. }) if *known == code => Ok(vec![]),
        AccessRequest::Ending(_) => Ok(vec![RequestEvent::EndBlocked { code, detail: detail.to_owned() }]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "blocked")),
    }
}

pub(super) fn alarm(request: &AccessRequest, now: Instant) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Ending(state) if now < state.over_at() + REMOVAL_OVERDUE => Err(Refusal::NotYet),
        AccessRequest::Ending(state) if state.overdue => Ok(vec![]),
        AccessRequest::Ending(_) => Ok(vec![RequestEvent::RemovalOverdue {}]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "overdue")),
    }
}

/// A failed removal never closes a request: there is no way here without evidence.
pub(super) fn close(
    request: &AccessRequest,
    evidence: &Evidence,
    gone_at: Instant,
) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Ending(state) => Ok(vec![closing(state, evidence, gone_at)]),
        AccessRequest::Closed(_) => Ok(vec![]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_) => Err(wrong_state(request, "closed")),
    }
}

fn closing(state: &EndingState, evidence: &Evidence, gone_at: Instant) -> RequestEvent {
    let session = state.grant.open_sessions_until - state.grant.window.expires_at;
    RequestEvent::Closed {
        outcome: state.cause.outcome(),
        reason: None,
        evidence: Some(evidence.clone()),
        open_sessions_until: evidence.shows_it_gone().then_some(gone_at + session),
    }
}
