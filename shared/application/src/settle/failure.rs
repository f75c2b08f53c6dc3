//! What does not succeed: why, whether it is repeated, and when.

use chrono::TimeDelta;
use kari_domain::audit::SystemReason;
use kari_domain::directory::AccountStatus;
use kari_domain::ledger::{self, Ledger, LedgerEvent, Presence, ProvenAbsence, Trouble, TroubleCode};
use kari_domain::mutants::{Mutant, on};
use kari_domain::time::Instant;

use super::{Recorded, Settled, Settling};
use crate::ports::{CallError, OperationKind};
use crate::{Error, Loaded};

/// From when on an operation that stays in progress makes us ask the directory why.
const HANGS_AFTER: TimeDelta = TimeDelta::minutes(2);
/// How long an operation may hang after that before it is sent once more.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::minutes(10);

enum Reason {
    Proven(ProvenAbsence),
    Blocked(TroubleCode),
}

impl Settling<'_> {
    /// Records trouble when it begins or changes, and comes back later.
    pub(super) async fn trouble(&self, error: &CallError) -> Result<Settled, Error> {
        let detail = match error {
            CallError::Denied(detail) | CallError::Invalid(detail) => detail.as_str(),
            CallError::Throttled
            | CallError::Conflict
            | CallError::NotFound
            | CallError::QuotaExceeded
            | CallError::Unknown(_) => "",
        };
        self.note_and_wait(error.code(), detail).await
    }

    /// The trouble that was just recorded decides how long to wait.
    async fn note_and_wait(&self, code: TroubleCode, detail: &str) -> Result<Settled, Error> {
        let ledger = self.note(code, detail).await?;
        Ok(self.later(&ledger.state))
    }

    async fn note(&self, code: TroubleCode, detail: &str) -> Result<Loaded<Ledger>, Error> {
        let events = ledger::note_trouble(&self.ledger.state, code, detail);
        self.recorded(&events, SystemReason::IdentityCenter).await
    }

    pub(super) async fn creation_failed(&self, code: TroubleCode, detail: &str) -> Result<Settled, Error> {
        let failed = LedgerEvent::CreationFailed { code, detail: detail.to_owned() };
        let ledger = self.recorded(&[failed], SystemReason::IdentityCenter).await?;
        Ok(self.later(&ledger.state))
    }

    /// What cannot even be looked at may not exist any more.
    pub(super) async fn cannot_see(&self, error: &CallError, accepted: bool) -> Result<Settled, Error> {
        match error {
            CallError::NotFound | CallError::Denied(_) | CallError::Invalid(_) => {
                self.explain_failure(error.code(), &error.to_string(), accepted).await
            }
            CallError::Throttled | CallError::Conflict | CallError::QuotaExceeded | CallError::Unknown(_) => {
                self.trouble(error).await
            }
        }
    }

    /// A removal failed for a reason: is what it is about gone, or the account out of reach?
    pub(super) async fn explain_failure(
        &self,
        code: TroubleCode,
        detail: &str,
        accepted: bool,
    ) -> Result<Settled, Error> {
        match self.reason_in_directory().await {
            Some(Reason::Proven(proof)) => self.observed(LedgerEvent::AbsenceProven { proof }).await,
            Some(Reason::Blocked(code)) => {
                // The request wants to know at once; the ledger says when to try again.
                let ledger = self.fail_removal(code, detail, accepted).await?;
                Ok(Settled::Changed(Some(Box::new(Recorded { ledger, request: None }))))
            }
            None => {
                let ledger = self.fail_removal(code, detail, accepted).await?;
                Ok(self.later(&ledger.state))
            }
        }
    }

    async fn fail_removal(
        &self,
        code: TroubleCode,
        detail: &str,
        accepted: bool,
    ) -> Result<Loaded<Ledger>, Error> {
        if !accepted {
            return self.note(code, detail).await;
        }
        let failed = LedgerEvent::RemovalFailed { code, detail: detail.to_owned() };
        self.recorded(&[failed], SystemReason::IdentityCenter).await
    }

    /// A removal that stays in progress is not waited for blindly: operations on accounts out of reach
    /// hang, and some are never heard of again. While the account is out of reach none is sent again,
    /// because those that hang take up the few that may be outstanding.
    pub(super) async fn still_in_progress(
        &self,
        kind: OperationKind,
        asks_at: Instant,
    ) -> Result<Settled, Error> {
        match (&self.ledger.state.presence, kind) {
            (Presence::Removing { .. }, OperationKind::Deletion) if self.hangs() => {
                self.deletion_hangs().await
            }
            (
                Presence::Removing { .. }
                | Presence::Absent { .. }
                | Presence::Creating { .. }
                | Presence::Present { .. },
                OperationKind::Creation | OperationKind::Deletion,
            ) => Ok(Settled::At(asks_at)),
        }
    }

    /// Whether what is in progress takes longer than it should.
    pub(super) fn hangs(&self) -> bool {
        self.now >= self.in_progress_since() + HANGS_AFTER
    }

    async fn deletion_hangs(&self) -> Result<Settled, Error> {
        match self.reason_in_directory().await {
            Some(Reason::Proven(proof)) => self.observed(LedgerEvent::AbsenceProven { proof }).await,
            Some(Reason::Blocked(code)) => self.wait_blocked(code).await,
            None if self.has_hung_long_enough() => {
                let (code, detail) = (TroubleCode::OperationGivenUp, String::new());
                self.observed(LedgerEvent::RemovalFailed { code, detail }).await
            }
            None => self.note_and_wait(TroubleCode::OperationHangs, "").await,
        }
    }

    /// NB. By when it began, and not by the trouble: one call among many that is throttled would begin that anew, each
    /// time, and the deletion would never be sent again.
    fn has_hung_long_enough(&self) -> bool {
        let blocked = |trouble: &Trouble| trouble.code.blocks();
        self.ledger.state.trouble.as_ref().is_some_and(blocked) || self.is_given_up()
    }

    /// Whether what is in progress takes so long that it is waited for no longer.
    pub(super) fn is_given_up(&self) -> bool {
        self.now >= self.in_progress_since() + HANGS_AFTER + GIVEN_UP_AFTER
    }

    /// A creation in flight keeps a removal from being over, whoever else is gone.
    pub(super) async fn creation_hangs(&self) -> Result<Settled, Error> {
        match self.block_in_directory().await {
            Some(code) => self.wait_blocked(code).await,
            None => Ok(self.later(&self.ledger.state)),
        }
    }

    /// The account is out of reach, and something is in progress there: it can only be waited for.
    async fn wait_blocked(&self, code: TroubleCode) -> Result<Settled, Error> {
        let ledger = self.note(code, "").await?;
        Ok(Settled::Changed(Some(Box::new(Recorded { ledger, request: None }))))
    }

    /// What the directory says about a removal that fails; nothing where it cannot be read. NB. The permission set
    /// first: one of another Identity Center cannot be read in this one, and that the user is not in this one's
    /// identity store then proves nothing.
    async fn reason_in_directory(&self) -> Option<Reason> {
        let directory = &self.kari.directory;
        let target = &self.tuple.target;
        if directory.permission_set(&target.permission_set).await.ok()?.is_none() {
            return Some(Reason::Proven(ProvenAbsence::PermissionSet))
                .filter(|_| !on(Mutant::ProvesNoAbsence));
        }
        if directory.user(&self.tuple.principal).await.ok()?.is_none() {
            return Some(Reason::Proven(ProvenAbsence::User));
        }
        self.block_in_directory().await.map(Reason::Blocked)
    }

    /// Why nothing can be done in the account, by the directory; nothing where it cannot be read.
    async fn block_in_directory(&self) -> Option<TroubleCode> {
        if on(Mutant::HidesWhatBlocks) {
            return None;
        }
        let account = self.kari.directory.account(&self.tuple.target.account).await.ok()?;
        match account.map(|account| account.status) {
            Some(AccountStatus::Active) => None,
            Some(AccountStatus::Suspended) => Some(TroubleCode::AccountSuspended),
            Some(AccountStatus::Closed) => Some(TroubleCode::AccountClosed),
            None => Some(TroubleCode::AccountOutOfReach),
        }
    }
}
