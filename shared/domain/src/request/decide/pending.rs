use super::{closed, wrong_state};
use crate::ids::UserId;
use crate::request::event::{Outcome, RequestEvent};
use crate::request::refusal::Refusal;
use crate::request::state::{AccessRequest, Closed};
use crate::time::Instant;

pub(super) fn withdraw(
    request: &AccessRequest,
    by: &UserId,
    now: Instant,
) -> Result<Vec<RequestEvent>, Refusal> {
    // NB. Principal ids, never names or addresses.
    if request.asked().is_some_and(|asked| asked.submission.requester != *by) {
        return Err(Refusal::NotTheRequester);
    }
    match request {
        AccessRequest::Pending(pending) if now >= pending.asked.submission.lapses_at => {
            Err(Refusal::Lapsed { lapsed_at: pending.asked.submission.lapses_at })
        }
        AccessRequest::Pending(_) | AccessRequest::Approved(_) => Ok(vec![closed(Outcome::Withdrawn)]),
        AccessRequest::Closed(Closed { outcome: Outcome::Withdrawn, .. }) => Ok(vec![]),
        AccessRequest::Absent
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "withdrawn")),
    }
}

pub(super) fn lapse(request: &AccessRequest, now: Instant) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Pending(pending) if now < pending.asked.submission.lapses_at => Err(Refusal::NotYet),
        AccessRequest::Pending(_) => Ok(vec![closed(Outcome::Lapsed)]),
        AccessRequest::Closed(Closed { outcome: Outcome::Lapsed, .. }) => Ok(vec![]),
        AccessRequest::Absent
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "lapsed")),
    }
}
