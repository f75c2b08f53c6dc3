use super::wrong_state;
use crate::request::command::{RevokeRight, Revoker};
use crate::request::event::{EndCause, Outcome, RequestEvent};
use crate::request::refusal::Refusal;
use crate::request::state::{AccessRequest, Closed, EndingState, Revocation};
use crate::text::Comment;

/// Ending needs no eligibility (`failure-modes` 16): only the right to end it.
pub(super) fn revoke(
    request: &AccessRequest,
    by: &Revoker,
    comment: Option<&Comment>,
) -> Result<Vec<RequestEvent>, Refusal> {
    let own = request.asked().is_some_and(|asked| asked.submission.requester == by.id);
    // NB. Principal ids; the other rights were evaluated from the identity store just now.
    if !own && by.right == RevokeRight::None {
        return Err(Refusal::MayNotRevoke);
    }
    match request {
        AccessRequest::Approved(_) => Ok(vec![requested(by, comment), super::closed(Outcome::Revoked)]),
        AccessRequest::Activating(state) => Ok(once(state.revocation.as_ref(), by, comment)),
        AccessRequest::Active(state) => Ok(once(state.revocation.as_ref(), by, comment)),
        AccessRequest::Ending(EndingState { cause: EndCause::Revoked { .. }, .. })
        | AccessRequest::Closed(Closed { outcome: Outcome::Revoked, .. }) => Ok(vec![]),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Err(wrong_state(request, "revoked")),
    }
}

fn once(already: Option<&Revocation>, by: &Revoker, comment: Option<&Comment>) -> Vec<RequestEvent> {
    if already.is_some() { vec![] } else { vec![requested(by, comment)] }
}

fn requested(by: &Revoker, comment: Option<&Comment>) -> RequestEvent {
    RequestEvent::RevocationRequested {
        by: by.id.clone(),
        label: by.label.clone(),
        comment: comment.cloned(),
    }
}
