//! Seeing that it is gone: no creation of ours is in flight, and a look does not find it.

use kari_domain::audit::SystemReason;
use kari_domain::ledger::{self, LedgerEvent, Looked, OnlyCreation, Presence, TroubleCode};

use super::{Settled, Settling};
use crate::Error;
use crate::ports::{CallError, Listed, OperationKind, OperationStatus};

enum Gone {
    Yes,
    StillListed,
    CreationInFlight,
}

impl Settling<'_> {
    pub(super) async fn check_gone(&self, accepted: bool) -> Result<Settled, Error> {
        match self.is_gone().await {
            Ok(Gone::Yes) => self.observed(LedgerEvent::AbsenceObserved {}).await,
            Ok(Gone::CreationInFlight) => self.still_creating().await,
            Ok(Gone::StillListed) => {
                self.explain_failure(TroubleCode::StillListed, "the assignment is still listed", accepted)
                    .await
            }
            Err(error) => self.cannot_see(&error, accepted).await,
        }
    }

    /// What must not be deleted may never have come to be: where creating it was refused, so is deleting it.
    pub(super) async fn removal_refused(&self, error: &CallError) -> Result<Settled, Error> {
        match self.is_gone().await {
            Ok(Gone::Yes) => self.observed(LedgerEvent::AbsenceObserved {}).await,
            Ok(Gone::StillListed | Gone::CreationInFlight) | Err(_) => {
                self.explain_failure(error.code(), &error.to_string(), false).await
            }
        }
    }

    pub(super) async fn confirm_absence(&self) -> Result<Settled, Error> {
        let looked = match self.is_gone().await {
            Ok(Gone::Yes) => Looked::NotListed,
            Ok(Gone::StillListed) => Looked::Listed,
            Ok(Gone::CreationInFlight) => return self.still_creating().await,
            Err(error) => return self.cannot_see(&error, false).await,
        };
        let events = ledger::confirm_absence(&self.ledger.state, looked, self.now);
        if events.is_empty() {
            Ok(self.later(&self.ledger.state))
        } else {
            self.record(&events, SystemReason::IdentityCenter).await
        }
    }

    async fn is_gone(&self) -> Result<Gone, CallError> {
        if self.is_being_created().await? {
            return Ok(Gone::CreationInFlight);
        }
        Ok(match self.kari.assignments.look(OperationKind::Deletion, self.tuple).await? {
            Listed::No => Gone::Yes,
            Listed::Yes => Gone::StillListed,
        })
    }

    /// Whether a creation of ours is in flight. Where there was one only, it is asked about at most: all
    /// that are in progress are looked through only where others may have been sent.
    async fn is_being_created(&self) -> Result<bool, CallError> {
        let status = match &self.ledger.state.only_creation {
            Some(OnlyCreation { ended: true, .. }) => return Ok(false),
            Some(OnlyCreation { ended: false, operation }) => {
                self.kari.assignments.status(OperationKind::Creation, operation).await
            }
            None => Err(CallError::NotFound),
        };
        match status {
            Ok(OperationStatus::InProgress) => Ok(true),
            Ok(OperationStatus::Succeeded | OperationStatus::Failed(_)) => Ok(false),
            Err(CallError::NotFound) => {
                Ok(self.kari.assignments.creation_in_flight(self.tuple).await?.is_some())
            }
            Err(error) => Err(error),
        }
    }

    /// What is in flight may still land, so it is waited for; it may hang where the account is out of
    /// reach.
    async fn still_creating(&self) -> Result<Settled, Error> {
        match &self.ledger.state.presence {
            Presence::Removing { .. } if self.hangs() => self.creation_hangs().await,
            Presence::Removing { .. } => Ok(Settled::At(self.next_ask())),
            Presence::Absent { .. } | Presence::Creating { .. } | Presence::Present { .. } => {
                Ok(self.later(&self.ledger.state))
            }
        }
    }
}
