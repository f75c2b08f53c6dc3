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
use kari_domain::request::{AccessRequest, Command, Step, decide, plan};
use kari_domain::time::{Instant, Minutes};

use crate::advance::system;
use crate::ports::{CallError, OperationKind};
use crate::transaction::{Committed, Transaction};
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

/// Where the intent to create is from, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Whoever drives the tuple has recorded it itself just now.
    Own,
    /// It was read. NB. Whoever recorded it is about to create: of two creations that are sent at once, one would be
    /// forgotten, and might land when all is over.
    Read,
}

/// What came of settling.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// Something was recorded; nothing where somebody else was first. Ask again.
    Changed(Option<Box<Recorded>>),
    /// Nothing before this instant.
    At(Instant),
    /// Somebody else removed the assignment: these requests have to be advanced.
    EndHolders(Vec<RequestId>),
    /// Nothing is left to do.
    Rest,
}

/// How things are after something was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub ledger: Loaded<Ledger>,
    /// The request that drives the tuple, where something was recorded of it as well.
    pub request: Option<Loaded<AccessRequest>>,
}

/// The request that drives a tuple.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Driver<'a> {
    pub request: &'a Loaded<AccessRequest>,
    pub warning: Minutes,
}

/// Drives a tuple as far as it goes now.
///
/// # Errors
/// [`Error::Unavailable`] if the store failed; trouble with Identity Center is recorded and retried.
pub async fn settle(
    kari: &Kari,
    tuple: &Tuple,
    patience: Patience,
    mut intent: Intent,
) -> Result<Settled, Error> {
    let mut ledger = load_ledger(kari, tuple).await?;
    for _ in 0..MOST_STEPS {
        let intent = std::mem::replace(&mut intent, Intent::Read);
        match settle_loaded(kari, tuple, ledger, patience, intent, None).await? {
            Settled::Changed(Some(recorded)) => ledger = recorded.ledger,
            Settled::Changed(None) => ledger = load_ledger(kari, tuple).await?,
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
    intent: Intent,
    driver: Option<Driver<'_>>,
) -> Result<Settled, Error> {
    let now = kari.clock.now();
    let step = Settling { kari, tuple, ledger, patience, driver, now };
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
        LedgerStep::Create => match ledger::taken_up_at(&step.ledger.state) {
            Some(at) if intent == Intent::Read && now < at => Ok(Settled::At(at)),
            Some(_) | None => step.create().await,
        },
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
    driver: Option<Driver<'a>>,
    /// When it began: before anything was looked at.
    now: Instant,
}

impl Settling<'_> {
    /// Records, and says how the ledger is afterwards, also where somebody else was first.
    async fn recorded(&self, events: &[LedgerEvent], reason: SystemReason) -> Result<Loaded<Ledger>, Error> {
        let mut transaction = system(self.kari, self.kari.clock.now(), reason);
        let next = transaction.record_ledger(&self.ledger, events)?;
        match transaction.commit().await? {
            Committed::Yes => Ok(next),
            Committed::Conflict(_) => load_ledger(self.kari, self.tuple).await,
        }
    }

    async fn record(&self, events: &[LedgerEvent], reason: SystemReason) -> Result<Settled, Error> {
        let now = self.kari.clock.now();
        let mut transaction = system(self.kari, now, reason);
        let ledger = transaction.record_ledger(&self.ledger, events)?;
        let request = match self.driver {
            Some(driver) if reason == SystemReason::IdentityCenter => {
                follow(driver, &ledger.state, now, &mut transaction)?
            }
            Some(_) | None => None,
        };
        let committed = transaction.commit().await?;
        Ok(Settled::Changed((committed == Committed::Yes).then(|| Box::new(Recorded { ledger, request }))))
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
            Err(error @ (CallError::Denied(_) | CallError::Invalid(_))) => self.removal_refused(&error).await,
            Err(
                error @ (CallError::Throttled
                | CallError::Conflict
                | CallError::QuotaExceeded
                | CallError::Unknown(_)),
            ) => self.trouble(&error).await,
        }
    }
}

/// What the request makes of what was observed, without another look, is recorded with it: one append less,
/// and access is never observed without being active, or gone without being closed.
fn follow(
    driver: Driver<'_>,
    ledger: &Ledger,
    now: Instant,
    transaction: &mut Transaction<'_>,
) -> Result<Option<Loaded<AccessRequest>>, Error> {
    let Driver { request, warning } = driver;
    let command = match plan(&request.state, ledger, warning, now) {
        Step::ObserveActive => Command::ObserveActive { now },
        Step::Close { evidence, gone_at } => Command::Close { evidence, gone_at },
        Step::Rest
        | Step::Wait(..)
        | Step::Lapse
        | Step::Activate
        | Step::Settle(_)
        | Step::VerifyPresence
        | Step::WarnOfExpiry
        | Step::StartEnd(_)
        | Step::AlarmOverdue
        | Step::MarkBlocked { .. } => return Ok(None),
    };
    let events = decide(&request.state, &command)?;
    transaction.record_request(request, &events, warning).map(Some)
}
