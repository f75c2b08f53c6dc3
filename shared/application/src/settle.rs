//! Driving one tuple towards what its ledger wants: creating, removing, observing. It reads no
//! request, so access ends even when a request cannot be understood.

use chrono::TimeDelta;
use kari_domain::audit::SystemReason;
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{OperationId, RequestId, Tuple};
use kari_domain::ledger::{
    self, Ledger, LedgerEvent, LedgerStep, Looked, Presence, ProvenAbsence, Trouble, TroubleCode,
};
use kari_domain::mutants::{Mutant, on};
use kari_domain::time::{Instant, LISTING_GRACE};

use crate::advance::system;
use crate::ports::{CallError, Listed, OperationKind, OperationStatus};
use crate::{Error, Kari, Loaded, load_ledger};

/// How long an operation is watched inline before `advance` asks to be called again.
const INLINE_WATCH: TimeDelta = TimeDelta::seconds(5);
const INLINE_PAUSE: TimeDelta = TimeDelta::milliseconds(700);
const NEXT_WATCH: TimeDelta = TimeDelta::seconds(2);
const MOST_STEPS: usize = 40;
/// From when on a removal that stays in progress makes us ask the directory why.
const HANGS_AFTER: TimeDelta = TimeDelta::minutes(2);
/// How long an operation may hang before it is sent once more.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::minutes(10);

/// What came of settling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Something was recorded, or somebody else was first: ask again.
    Changed,
    /// Nothing before this instant.
    At(Instant),
    /// Somebody else removed the assignment: these requests have to be advanced.
    EndHolders(Vec<RequestId>),
    /// Nothing is left to do.
    Rest,
}

/// Drives a tuple as far as it goes now.
///
/// # Errors
/// As [`settle_step`].
pub async fn settle(kari: &Kari, tuple: &Tuple) -> Result<Settled, Error> {
    for _ in 0..MOST_STEPS {
        match settle_step(kari, tuple).await? {
            Settled::Changed => {}
            settled @ (Settled::At(_) | Settled::EndHolders(_) | Settled::Rest) => return Ok(settled),
        }
    }
    Ok(Settled::At(kari.clock.now() + NEXT_WATCH))
}

/// Takes the one step that is due.
///
/// # Errors
/// [`Error::Unavailable`] if the store failed; trouble with Identity Center is recorded and retried.
pub async fn settle_step(kari: &Kari, tuple: &Tuple) -> Result<Settled, Error> {
    settle_loaded(kari, tuple, load_ledger(kari, tuple).await?).await
}

/// Takes the step that is due by a ledger just read: whoever decided by it that a step is due must not
/// be answered by another.
pub(crate) async fn settle_loaded(
    kari: &Kari,
    tuple: &Tuple,
    ledger: Loaded<Ledger>,
) -> Result<Settled, Error> {
    let now = kari.clock.now();
    let step = Settling { kari, tuple, ledger, now };
    let plan = match ledger::plan(&step.ledger.state, now) {
        LedgerStep::WaitBlocked(_) if step.is_back_in_reach().await => {
            ledger::plan(&Ledger { trouble: None, ..step.ledger.state.clone() }, now)
        }
        plan => plan,
    };
    match plan {
        LedgerStep::Rest => Ok(Settled::Rest),
        LedgerStep::Wait(at) => Ok(Settled::At(at)),
        LedgerStep::WaitBlocked(at) => Ok(Settled::At(at.min(now + ledger::REACH_CHECK))),
        LedgerStep::EndHolders => {
            Ok(Settled::EndHolders(step.ledger.state.holders.keys().copied().collect()))
        }
        LedgerStep::LeaveOverdue => {
            let events = ledger::leave_overdue(&step.ledger.state, now);
            step.record(&events, SystemReason::Clock).await
        }
        LedgerStep::AlarmOverdue => {
            let events = ledger::note_overdue(&step.ledger.state, now);
            step.record(&events, SystemReason::Clock).await
        }
        LedgerStep::Create => step.create().await,
        LedgerStep::AwaitCreation(operation) => step.watch(OperationKind::Creation, &operation).await,
        LedgerStep::Delete => step.delete().await,
        LedgerStep::AwaitRemoval(operation) => step.watch(OperationKind::Deletion, &operation).await,
        LedgerStep::ConfirmAbsence => step.confirm_absence().await,
        LedgerStep::EndWatch => step.record(&[LedgerEvent::WatchEnded {}], SystemReason::Clock).await,
    }
}

/// One step about one tuple.
struct Settling<'a> {
    kari: &'a Kari,
    tuple: &'a Tuple,
    ledger: Loaded<Ledger>,
    now: Instant,
}

impl Settling<'_> {
    async fn record(&self, events: &[LedgerEvent], reason: SystemReason) -> Result<Settled, Error> {
        let mut transaction = system(self.kari, self.kari.clock.now(), reason);
        transaction.record_ledger(&self.ledger, events)?;
        transaction.commit().await?;
        Ok(Settled::Changed)
    }

    async fn observed(&self, event: LedgerEvent) -> Result<Settled, Error> {
        self.record(&[event], SystemReason::IdentityCenter).await
    }

    /// Whether the read model, read since the last try, shows the account in reach again.
    async fn is_back_in_reach(&self) -> bool {
        let Ok(snapshot) = self.kari.read_model.load().await else { return false };
        let account = snapshot.accounts.get(&self.tuple.target.account);
        let tried_at = self.ledger.state.trouble.as_ref().and_then(|trouble| trouble.tried_at);
        account.is_some_and(|account| account.status == AccountStatus::Active)
            && tried_at.is_some_and(|tried_at| snapshot.synced_at > tried_at)
    }

    /// Later, with full jitter, so that many do not come back at once.
    fn later(&self) -> Settled {
        let delay = ledger::retry_after(&self.ledger.state, self.now);
        Settled::At(self.now + TimeDelta::milliseconds(250) + self.kari.ids.jitter(delay))
    }

    async fn create(&self) -> Result<Settled, Error> {
        match self.kari.assignments.create(self.tuple).await {
            Ok(operation) => self.observed(LedgerEvent::CreationAccepted { operation }).await,
            Err(CallError::Conflict) => self.adopt_creation().await,
            Err(error) => self.trouble(&error).await,
        }
    }

    /// A conflict may be our own creation whose answer was lost.
    async fn adopt_creation(&self) -> Result<Settled, Error> {
        match self.kari.assignments.creation_in_flight(self.tuple).await {
            Ok(Some(operation)) => self.observed(LedgerEvent::CreationAccepted { operation }).await,
            Ok(None) => self.trouble(&CallError::Conflict).await,
            Err(error) => self.trouble(&error).await,
        }
    }

    async fn delete(&self) -> Result<Settled, Error> {
        match self.kari.assignments.delete(self.tuple).await {
            Ok(operation) => self.observed(LedgerEvent::RemovalAccepted { operation }).await,
            Err(CallError::NotFound) => self.check_gone(false).await,
            Err(error @ (CallError::Denied(_) | CallError::Invalid(_))) => {
                self.explain_failure(error.code(), &error.to_string(), false).await
            }
            Err(
                error @ (CallError::Throttled
                | CallError::Conflict
                | CallError::QuotaExceeded
                | CallError::Unknown(_)),
            ) => self.trouble(&error).await,
        }
    }

    /// Watches an accepted operation for a few seconds: cheaper than coming back.
    async fn watch(&self, kind: OperationKind, operation: &OperationId) -> Result<Settled, Error> {
        let until = self.now + INLINE_WATCH;
        loop {
            match self.kari.assignments.status(kind, operation).await {
                Ok(OperationStatus::InProgress) if self.kari.clock.now() < until => {
                    self.kari.clock.sleep(INLINE_PAUSE).await;
                }
                Ok(OperationStatus::InProgress) => return self.still_in_progress(kind).await,
                Ok(OperationStatus::Succeeded) => return self.succeeded(kind).await,
                Ok(OperationStatus::Failed(failed)) => {
                    return self.failed(kind, TroubleCode::OperationFailed, &failed.reason).await;
                }
                Err(CallError::NotFound) => {
                    return self.failed(kind, TroubleCode::OperationUnknown, "").await;
                }
                Err(error) => return self.trouble(&error).await,
            }
        }
    }

    /// A removal that stays in progress is not waited for blindly: operations on accounts out of reach
    /// hang, and some are never heard of again. While the account is out of reach none is sent again,
    /// because those that hang take up the few that may be outstanding.
    async fn still_in_progress(&self, kind: OperationKind) -> Result<Settled, Error> {
        let Presence::Removing { since, .. } = self.ledger.state.presence else {
            return Ok(self.soon());
        };
        if kind == OperationKind::Creation || self.now < since + HANGS_AFTER {
            return Ok(self.soon());
        }
        match self.reason_in_directory().await {
            Some(Reason::Proven(proof)) => self.observed(LedgerEvent::AbsenceProven { proof }).await,
            Some(Reason::Blocked(code)) => self.wait_blocked(code).await,
            None if self.has_hung_long_enough() => {
                let (code, detail) = (TroubleCode::OperationGivenUp, String::new());
                self.observed(LedgerEvent::RemovalFailed { code, detail }).await
            }
            None => {
                self.note(TroubleCode::OperationHangs, "").await?;
                Ok(self.later())
            }
        }
    }

    fn has_hung_long_enough(&self) -> bool {
        let hangs = |trouble: &Trouble| {
            trouble.code.blocks()
                || trouble.code == TroubleCode::OperationHangs && self.now >= trouble.since + GIVEN_UP_AFTER
        };
        self.ledger.state.trouble.as_ref().is_some_and(hangs)
    }

    /// The account is out of reach, and something is in progress there: it can only be waited for.
    async fn wait_blocked(&self, code: TroubleCode) -> Result<Settled, Error> {
        self.note(code, "").await?;
        Ok(Settled::Changed)
    }

    fn soon(&self) -> Settled {
        Settled::At(self.kari.clock.now() + NEXT_WATCH)
    }

    async fn succeeded(&self, kind: OperationKind) -> Result<Settled, Error> {
        match kind {
            OperationKind::Creation if self.was_long_ago() => self.see_created().await,
            OperationKind::Creation => self.observed(LedgerEvent::PresenceObserved {}).await,
            OperationKind::Deletion => self.check_gone(true).await,
        }
    }

    /// Whether the creation may have succeeded so long ago that somebody may have removed it since.
    fn was_long_ago(&self) -> bool {
        matches!(self.ledger.state.presence, Presence::Creating { since, .. } if self.now >= since + LISTING_GRACE)
    }

    /// What succeeded is believed when it is seen.
    async fn see_created(&self) -> Result<Settled, Error> {
        match self.kari.assignments.look(self.tuple).await {
            Ok(Listed::Yes) => self.observed(LedgerEvent::PresenceObserved {}).await,
            Ok(Listed::No) => Ok(self.soon()),
            Err(error) => self.trouble(&error).await,
        }
    }

    async fn failed(&self, kind: OperationKind, code: TroubleCode, detail: &str) -> Result<Settled, Error> {
        match kind {
            OperationKind::Creation => {
                let failed = LedgerEvent::CreationFailed { code, detail: detail.to_owned() };
                self.observed(failed).await?;
                Ok(self.later())
            }
            OperationKind::Deletion => self.explain_failure(code, detail, true).await,
        }
    }

    /// Gone means: no creation of ours is in flight, and a look does not find it.
    async fn check_gone(&self, accepted: bool) -> Result<Settled, Error> {
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

    /// What cannot even be looked at may not exist any more.
    async fn cannot_see(&self, error: &CallError, accepted: bool) -> Result<Settled, Error> {
        match error {
            CallError::NotFound | CallError::Denied(_) | CallError::Invalid(_) => {
                self.explain_failure(error.code(), &error.to_string(), accepted).await
            }
            CallError::Throttled | CallError::Conflict | CallError::QuotaExceeded | CallError::Unknown(_) => {
                self.trouble(error).await
            }
        }
    }

    /// What is in flight may still land, so it is waited for; it may hang where the account is out of
    /// reach.
    async fn still_creating(&self) -> Result<Settled, Error> {
        match &self.ledger.state.presence {
            Presence::Removing { since, .. } if self.now >= *since + HANGS_AFTER => {
                match self.reason_in_directory().await {
                    Some(Reason::Blocked(code)) => self.wait_blocked(code).await,
                    Some(Reason::Proven(_)) | None => Ok(self.later()),
                }
            }
            Presence::Removing { .. }
            | Presence::Absent { .. }
            | Presence::Creating { .. }
            | Presence::Present { .. } => Ok(self.soon()),
        }
    }

    async fn is_gone(&self) -> Result<Gone, CallError> {
        if self.kari.assignments.creation_in_flight(self.tuple).await?.is_some() {
            return Ok(Gone::CreationInFlight);
        }
        Ok(match self.kari.assignments.look(self.tuple).await? {
            Listed::No => Gone::Yes,
            Listed::Yes => Gone::StillListed,
        })
    }

    async fn confirm_absence(&self) -> Result<Settled, Error> {
        let looked = match self.is_gone().await {
            Ok(Gone::Yes) => Looked::NotListed,
            Ok(Gone::StillListed) => Looked::Listed,
            Ok(Gone::CreationInFlight) => return self.still_creating().await,
            Err(error) => return self.cannot_see(&error, false).await,
        };
        let events = ledger::confirm_absence(&self.ledger.state, looked, self.now);
        if events.is_empty() {
            Ok(self.later())
        } else {
            self.record(&events, SystemReason::IdentityCenter).await
        }
    }

    /// Records trouble when it begins or changes, and comes back later.
    async fn trouble(&self, error: &CallError) -> Result<Settled, Error> {
        let detail = match error {
            CallError::Denied(detail) | CallError::Invalid(detail) => detail.as_str(),
            CallError::Throttled
            | CallError::Conflict
            | CallError::NotFound
            | CallError::QuotaExceeded
            | CallError::Unknown(_) => "",
        };
        self.note(error.code(), detail).await?;
        Ok(self.later())
    }

    async fn note(&self, code: TroubleCode, detail: &str) -> Result<(), Error> {
        let events = ledger::note_trouble(&self.ledger.state, code, detail);
        self.record(&events, SystemReason::IdentityCenter).await.map(|_| ())
    }

    /// A removal failed for a reason: is what it is about gone, or the account out of reach?
    async fn explain_failure(
        &self,
        code: TroubleCode,
        detail: &str,
        accepted: bool,
    ) -> Result<Settled, Error> {
        match self.reason_in_directory().await {
            Some(Reason::Proven(proof)) => return self.observed(LedgerEvent::AbsenceProven { proof }).await,
            Some(Reason::Blocked(code)) => {
                // The request wants to know at once; the ledger says when to try again.
                self.fail_removal(code, detail, accepted).await?;
                return Ok(Settled::Changed);
            }
            None => self.fail_removal(code, detail, accepted).await?,
        }
        // The trouble that was just recorded decides how long to wait.
        let ledger = load_ledger(self.kari, self.tuple).await?;
        Ok(Settling { ledger, ..*self }.later())
    }

    async fn fail_removal(&self, code: TroubleCode, detail: &str, accepted: bool) -> Result<(), Error> {
        let events = if accepted {
            vec![LedgerEvent::RemovalFailed { code, detail: detail.to_owned() }]
        } else {
            ledger::note_trouble(&self.ledger.state, code, detail)
        };
        self.record(&events, SystemReason::IdentityCenter).await.map(|_| ())
    }

    /// What the directory says about a removal that fails; nothing where it cannot be read.
    async fn reason_in_directory(&self) -> Option<Reason> {
        let directory = &self.kari.directory;
        let target = &self.tuple.target;
        if directory.user(&self.tuple.principal).await.ok()?.is_none() {
            return Some(Reason::Proven(ProvenAbsence::User));
        }
        if directory.permission_set(&target.permission_set).await.ok()?.is_none() {
            return Some(Reason::Proven(ProvenAbsence::PermissionSet))
                .filter(|_| !on(Mutant::ProvesNoAbsence));
        }
        if on(Mutant::HidesWhatBlocks) {
            return None;
        }
        match directory.account(&target.account).await.ok()?.map(|account| account.status) {
            Some(AccountStatus::Active) => None,
            Some(AccountStatus::Suspended) => Some(Reason::Blocked(TroubleCode::AccountSuspended)),
            Some(AccountStatus::Closed) => Some(Reason::Blocked(TroubleCode::AccountClosed)),
            None => Some(Reason::Blocked(TroubleCode::AccountOutOfReach)),
        }
    }
}

enum Gone {
    Yes,
    StillListed,
    CreationInFlight,
}

enum Reason {
    Proven(ProvenAbsence),
    Blocked(TroubleCode),
}
