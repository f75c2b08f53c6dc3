//! Driving one tuple towards what its ledger wants: creating, removing, observing. It reads no
//! request, so access ends even when a request cannot be understood.

mod failure;
mod gone;
mod watch;

use chrono::TimeDelta;
use kari_domain::audit::SystemReason;
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::{self, Ledger, LedgerEvent, LedgerStep};
use kari_domain::time::Instant;

use crate::advance::system;
use crate::ports::{CallError, OperationKind};
use crate::transaction::Committed;
use crate::{Error, Kari, Loaded, load_ledger};

/// When to come back to what does not come to rest.
const NEXT_WATCH: TimeDelta = TimeDelta::seconds(2);
const MOST_STEPS: usize = 40;
/// Nothing is repeated sooner than this.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::milliseconds(250);

/// How long whoever drives a tuple stays to see what comes of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// A few seconds, which is cheaper than coming back: for whoever drives one request.
    Inline,
    /// Not at all: for whoever has all the others waiting.
    None,
}

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
/// [`Error::Unavailable`] if the store failed; trouble with Identity Center is recorded and retried.
pub async fn settle(kari: &Kari, tuple: &Tuple, patience: Patience) -> Result<Settled, Error> {
    for _ in 0..MOST_STEPS {
        let ledger = load_ledger(kari, tuple).await?;
        match settle_loaded(kari, tuple, ledger, patience).await? {
            Settled::Changed => {}
            settled @ (Settled::At(_) | Settled::EndHolders(_) | Settled::Rest) => return Ok(settled),
        }
    }
    Ok(Settled::At(kari.clock.now() + NEXT_WATCH))
}

/// Takes the step that is due by a ledger just read: whoever decided by it that a step is due must not
/// be answered by another.
pub(crate) async fn settle_loaded(
    kari: &Kari,
    tuple: &Tuple,
    ledger: Loaded<Ledger>,
    patience: Patience,
) -> Result<Settled, Error> {
    let now = kari.clock.now();
    let step = Settling { kari, tuple, ledger, patience, now };
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
    patience: Patience,
    /// When it began: before anything was looked at.
    now: Instant,
}

impl Settling<'_> {
    /// Records, and says how the ledger is afterwards, also where somebody else was first.
    async fn recorded(&self, events: &[LedgerEvent], reason: SystemReason) -> Result<Ledger, Error> {
        let mut transaction = system(self.kari, self.kari.clock.now(), reason);
        let next = transaction.record_ledger(&self.ledger, events)?;
        match transaction.commit().await? {
            Committed::Yes => Ok(next),
            Committed::Conflict(_) => Ok(load_ledger(self.kari, self.tuple).await?.state),
        }
    }

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

    /// Later, as long as this ledger says, with full jitter, so that many do not come back at once.
    fn later(&self, ledger: &Ledger) -> Settled {
        let now = self.kari.clock.now();
        Settled::At(now + SHORTEST_PAUSE + self.kari.ids.jitter(ledger::retry_after(ledger, now)))
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
}
