use super::event::{EndCause, RequestEvent};
use super::state::{
    AccessRequest, Activating, Active, Approved, Asked, Closed, EndingState, Grant, Past, Pending, Revocation,
};
use crate::audit::UnknownEvent;
use crate::time::Instant;

/// A stream that cannot be replayed. The request is parked and operators are alarmed; its access
/// still ends, because the ledger needs no request for that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreplayable {
    #[error(transparent)]
    Unknown(#[from] UnknownEvent),
    #[error("{event} cannot follow in state {state}")]
    Impossible { event: &'static str, state: &'static str },
}

/// The request that a stream's events make.
///
/// # Errors
/// [`Unreplayable`] at the first event that cannot follow.
pub fn replay<'a>(
    events: impl IntoIterator<Item = (Instant, &'a RequestEvent)>,
) -> Result<AccessRequest, Unreplayable> {
    events.into_iter().try_fold(AccessRequest::Absent, |request, (at, event)| evolve(request, at, event))
}

/// The request after one more event, recorded at `at`.
///
/// # Errors
/// [`Unreplayable::Impossible`] if the event cannot follow.
pub fn evolve(
    request: AccessRequest,
    at: Instant,
    event: &RequestEvent,
) -> Result<AccessRequest, Unreplayable> {
    let state = request.name();
    next(request, at, event).ok_or(Unreplayable::Impossible { event: event.name(), state })
}

/// `None` where the event cannot follow.
fn next(request: AccessRequest, at: Instant, event: &RequestEvent) -> Option<AccessRequest> {
    match event {
        RequestEvent::Requested { .. } => requested(&request, at, event),
        RequestEvent::Reviewed { review } => {
            let mut pending = pending(request)?;
            pending.asked.reviews.push(review.clone());
            Some(AccessRequest::Pending(pending))
        }
        RequestEvent::Approved { approval } => {
            let (asked, approval) = (pending(request)?.asked, approval.clone());
            Some(AccessRequest::Approved(Approved { asked, approval, approved_at: at }))
        }
        RequestEvent::ActivationStarted { .. } => activation_started(request, at, event),
        RequestEvent::Activated {} => activated(request, at),
        RequestEvent::ExpiryWarned {} => {
            let AccessRequest::Active(active) = request else { return None };
            Some(AccessRequest::Active(Active { warned: true, ..active }))
        }
        RequestEvent::RevocationRequested { by, label, comment } => {
            let (by, label, comment) = (by.clone(), label.clone(), comment.clone());
            revocation_requested(request, Revocation { by, label, comment, at })
        }
        RequestEvent::EndStarted { cause } => end_started(request, at, cause),
        RequestEvent::EndBlocked { code, detail } => {
            let blocked = Some((*code, detail.clone()));
            Some(AccessRequest::Ending(EndingState { blocked, ..ending(request)? }))
        }
        RequestEvent::RemovalOverdue {} => {
            Some(AccessRequest::Ending(EndingState { overdue: true, ..ending(request)? }))
        }
        RequestEvent::Closed { .. } => closed(request, at, event),
    }
}

fn pending(request: AccessRequest) -> Option<Pending> {
    if let AccessRequest::Pending(pending) = request { Some(pending) } else { None }
}

fn ending(request: AccessRequest) -> Option<EndingState> {
    if let AccessRequest::Ending(ending) = request { Some(ending) } else { None }
}

fn requested(request: &AccessRequest, at: Instant, event: &RequestEvent) -> Option<AccessRequest> {
    let (AccessRequest::Absent, RequestEvent::Requested { submission, verdict, joined }) = (request, event)
    else {
        return None;
    };
    let submission = (**submission).clone();
    let asked =
        Asked { submission, submitted_at: at, verdict: verdict.clone(), joined: *joined, reviews: vec![] };
    Some(AccessRequest::Pending(Pending { asked }))
}

fn activation_started(request: AccessRequest, at: Instant, event: &RequestEvent) -> Option<AccessRequest> {
    let AccessRequest::Approved(Approved { asked, approval, approved_at }) = request else { return None };
    let RequestEvent::ActivationStarted { window, deadline, joined, open_sessions_until } = event else {
        return None;
    };
    let (window, joined, open_sessions_until) = (*window, *joined, *open_sessions_until);
    let grant = Grant { asked, approval, approved_at, window, joined, open_sessions_until };
    Some(AccessRequest::Activating(Activating {
        grant,
        started_at: at,
        deadline: *deadline,
        revocation: None,
    }))
}

fn activated(request: AccessRequest, at: Instant) -> Option<AccessRequest> {
    let AccessRequest::Activating(Activating { grant, revocation, .. }) = request else { return None };
    Some(AccessRequest::Active(Active { grant, activated_at: at, warned: false, revocation }))
}

fn revocation_requested(request: AccessRequest, revocation: Revocation) -> Option<AccessRequest> {
    match request {
        // Nothing was created yet; the closing follows in the same append.
        AccessRequest::Approved(approved) => Some(AccessRequest::Approved(approved)),
        AccessRequest::Activating(state) => {
            Some(AccessRequest::Activating(Activating { revocation: Some(revocation), ..state }))
        }
        AccessRequest::Active(state) => {
            Some(AccessRequest::Active(Active { revocation: Some(revocation), ..state }))
        }
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => None,
    }
}

fn end_started(request: AccessRequest, at: Instant, cause: &EndCause) -> Option<AccessRequest> {
    let (grant, activated_at, revocation) = match request {
        AccessRequest::Activating(state) => (state.grant, None, state.revocation),
        AccessRequest::Active(state) => (state.grant, Some(state.activated_at), state.revocation),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => return None,
    };
    Some(AccessRequest::Ending(EndingState {
        grant,
        activated_at,
        cause: cause.clone(),
        started_at: at,
        revoked_at: revocation.map(|revocation| revocation.at),
        overdue: false,
        blocked: None,
    }))
}

fn closed(request: AccessRequest, at: Instant, event: &RequestEvent) -> Option<AccessRequest> {
    let RequestEvent::Closed { outcome, reason, evidence, open_sessions_until } = event else { return None };
    let past = match request {
        AccessRequest::Pending(state) => Past::Pending(state),
        AccessRequest::Approved(state) => Past::Approved(state),
        AccessRequest::Ending(state) => Past::Ended(Box::new(state)),
        AccessRequest::Absent
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Closed(_) => return None,
    };
    Some(AccessRequest::Closed(Closed {
        past,
        outcome: *outcome,
        reason: reason.clone(),
        evidence: evidence.clone(),
        open_sessions_until: *open_sessions_until,
        closed_at: at,
    }))
}
