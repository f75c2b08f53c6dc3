//! Ending: the intent is recorded together with leaving the tuple, and whoever can be closed at once is.

use kari_domain::audit::SystemReason;
use kari_domain::ids::RequestId;
use kari_domain::ledger::{self, Ledger, LedgerEvent, Ownership, Presence, TroubleCode};
use kari_domain::mutants::{Mutant, on};
use kari_domain::request::{AccessRequest, Command, Ending, Evidence, decide, evolve};

use super::{Situation, Stepped, look_around, record};
use crate::transaction::ATTEMPTS;
use crate::{Error, Kari};

/// Records the intent to end together with leaving the tuple, and closes at once where nothing is to
/// be removed.
pub(super) async fn start_end(kari: &Kari, situation: &Situation, cause: Ending) -> Result<Stepped, Error> {
    let now = situation.now;
    let reason = match &cause {
        Ending::Expiry | Ending::ActivationFailure { code: TroubleCode::ActivationDeadline, .. } => {
            SystemReason::Clock
        }
        Ending::Revocation => SystemReason::Revocation,
        Ending::ActivationFailure { .. } | Ending::RemovedOutOfBand => SystemReason::IdentityCenter,
        Ending::RequesterDisabled => SystemReason::Directory,
        Ending::Drained => SystemReason::Operator,
    };
    let mut events = decide(&situation.request.state, &Command::StartEnd { cause, now })?;
    let left = ledger::leave(&situation.ledger.state, situation.submission.id);
    if let (Some(evidence), [started]) =
        (nothing_to_remove(&situation.ledger.state, &left), events.as_slice())
    {
        let ending = evolve(situation.request.state.clone(), now, started)
            .map_err(|error| Error::Corrupt(error.to_string()))?;
        events.extend(decide(&ending, &Command::Close { evidence, gone_at: now })?);
    }
    record(kari, situation, &events, &left, reason).await
}

fn nothing_to_remove(ledger: &Ledger, left: &[LedgerEvent]) -> Option<Evidence> {
    if left.is_empty() {
        return None;
    }
    if on(Mutant::ClosesAtOnce) {
        return ledger.held_since.map(|at| Evidence::ObservedGone { at });
    }
    if ledger.holders.len() > 1 {
        return Some(Evidence::HeldByAnother);
    }
    match &ledger.presence {
        Presence::Present { ownership: Ownership::PreExisting, vanished_at, .. } => {
            Some(vanished_at.map_or(Evidence::PreExisting, |at| Evidence::ObservedGone { at }))
        }
        Presence::Present { ownership: Ownership::Owned, .. }
        | Presence::Creating { .. }
        | Presence::Removing { .. }
        | Presence::Absent { .. } => None,
    }
}

/// Ends the grant of a requester who was disabled or deleted; the caller has made sure of it live. Returns whether
/// that was recorded now: what has ended, or is ending already, is not ended again.
///
/// # Errors
/// As [`advance`](super::advance); [`Error::Busy`] if others were first every time.
pub async fn end_for_disabled_requester(kari: &Kari, id: RequestId) -> Result<bool, Error> {
    end_grant(kari, id, &Ending::RequesterDisabled).await
}

/// The same because whoever operates Kari ends everything, also what has not begun.
///
/// # Errors
/// As [`end_for_disabled_requester`].
pub(crate) async fn end_for_drain(kari: &Kari, id: RequestId) -> Result<bool, Error> {
    end_grant(kari, id, &Ending::Drained).await
}

async fn end_grant(kari: &Kari, id: RequestId, cause: &Ending) -> Result<bool, Error> {
    for _ in 0..ATTEMPTS {
        let Some(situation) = look_around(kari, id).await? else { return Ok(false) };
        match situation.request.state {
            AccessRequest::Approved(_) if *cause != Ending::Drained => return Ok(false),
            AccessRequest::Approved(_) | AccessRequest::Activating(_) | AccessRequest::Active(_) => {
                match start_end(kari, &situation, cause.clone()).await? {
                    Stepped::On(_) => return Ok(true),
                    Stepped::Rest(_) => return Ok(false),
                    Stepped::Anew => {}
                }
            }
            AccessRequest::Absent
            | AccessRequest::Pending(_)
            | AccessRequest::Ending(_)
            | AccessRequest::Closed(_) => return Ok(false),
        }
    }
    Err(Error::Busy)
}
