//! What finds whatever was lost on the way. It takes no input but the store and what Identity Center
//! lists, continues at the next item when one fails, and removes only what the ledger owns.

mod backlog;
mod compare;
mod disabled;
mod drain;
mod drift;
mod last;
mod paced;
mod sweep;

use chrono::TimeDelta;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{AccountId, RequestId, Tuple};
use kari_domain::ledger::{self, Ledger, LedgerEvent};
use kari_domain::request::Why;

use crate::advance::{Advanced, advance_with};
use crate::isolated::isolated;
use crate::ports::ItemKey;
use crate::relay::tell_unreadable;
use crate::settle::{Intent, Patience, Settled, settle};
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, Loaded, load_ledger};

pub use backlog::{LateRemovals, late_removals, oldest_due};
pub use compare::verify;
pub use disabled::end_grants_of_disabled_users;
pub use drain::{Left, accept_requests, end_all_grants, what_is_left};
pub use drift::find_drift;
pub use last::SaidLast;
pub use sweep::sweep;

const PAGE: usize = 200;
/// Between two tries to end the holders of an assignment that others removed.
const HOLDERS_REST: TimeDelta = TimeDelta::seconds(5);

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests and tuples driven on.
    pub driven: usize,
    /// Those that failed this time; they stay due.
    pub failed: usize,
    /// Those that are left to the next time, because this one was over.
    pub left: usize,
    /// What could be compared with Identity Center: what somebody holds, a permission set in an account, or an
    /// account.
    pub compared: usize,
    /// Grants ended because their requester was disabled or deleted.
    pub ended: usize,
    /// Assignments that the ledger says are present and that are missing.
    pub missing: usize,
    /// Permission sets in accounts whose role vanishes with what we hold of them.
    pub last: usize,
    /// Assignments that nobody here knows of, found now.
    pub drift: usize,
}

impl Report {
    /// One more item: what it counts for, or that it failed.
    fn count<E: std::fmt::Display>(
        &mut self,
        what: &'static str,
        outcome: Result<impl Into<usize>, E>,
    ) -> usize {
        match outcome {
            Ok(counts) => counts.into(),
            Err(error) => {
                self.fail(what, &error);
                0
            }
        }
    }

    fn fail(&mut self, what: &'static str, error: &impl std::fmt::Display) {
        self.failed += 1;
        tracing::warn!(what, %error, "it could not be dealt with; the rest goes on");
    }

    /// Logs what happened, if anything did. What was compared and found as it should be is nothing, and of last
    /// assignments the log says more.
    pub fn log(&self, what: &'static str) {
        let Self { driven, failed, left, compared, ended, missing, last, drift } = *self;
        if (Self { compared, last, ..Self::default() }) == *self {
            return;
        }
        let some = |count: usize| (count > 0).then_some(count);
        tracing::info!(
            driven = some(driven),
            failed = some(failed),
            left = some(left),
            compared = some(compared),
            ended = some(ended),
            missing = some(missing),
            last = some(last),
            drift = some(drift),
            "{what}"
        );
    }

    fn add(&mut self, other: &Self) {
        let Self { driven, failed, left, compared, ended, missing, last, drift } = other;
        self.driven += driven;
        self.failed += failed;
        self.left += left;
        self.compared += compared;
        self.ended += ended;
        self.missing += missing;
        self.last += last;
        self.drift += drift;
    }
}

/// It is not always the same that comes first.
fn in_turn<T>(kari: &Kari, all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().collect();
    let first = kari.ids.fresh().as_u128() % all.len().max(1) as u128;
    all.rotate_left(usize::try_from(first).unwrap_or_default());
    all
}

/// Drives on one item that is due, and says when it wants to be driven next. Administrators are told of
/// what cannot be understood.
///
/// # Errors
/// What `advance` or `settle` says.
pub async fn drive(kari: &Kari, key: &ItemKey) -> Result<Advanced, Error> {
    drive_with(kari, key, Patience::Inline).await
}

async fn drive_with(kari: &Kari, key: &ItemKey, patience: Patience) -> Result<Advanced, Error> {
    let stream = StreamId::from_stored(key.0.clone());
    let driven = isolated(async {
        match (stream.as_request(), stream.as_tuple()) {
            (Some(request), _) => advance_with(kari, request, patience).await,
            (None, Some(tuple)) => settle_and_end(kari, &tuple, patience, Intent::Read).await,
            (None, None) => Ok(Advanced::Done),
        }
    })
    .await;
    if let Err(Error::Corrupt(_)) = driven
        && let Err(error) = tell_unreadable(kari, &stream).await
    {
        tracing::warn!(%stream, %error, "administrators could not be told; the next drive tells them");
    }
    driven
}

async fn settle_and_end(
    kari: &Kari,
    tuple: &Tuple,
    patience: Patience,
    intent: Intent,
) -> Result<Advanced, Error> {
    let settled = settle(kari, tuple, patience, intent).await?;
    let again = Advanced::At(kari.clock.now() + HOLDERS_REST, Why::AwaitRemoval);
    match settled {
        Settled::Rest => Ok(Advanced::Done),
        Settled::At(at) => Ok(Advanced::At(at, Why::AwaitRemoval)),
        Settled::Changed(_) => Ok(again),
        Settled::EndHolders(holders) => {
            end_holders(kari, tuple, &holders, patience).await?;
            Ok(again)
        }
    }
}

/// The requests of a vanished assignment end by themselves; one that cannot be understood is taken
/// out of the ledger.
async fn end_holders(
    kari: &Kari,
    tuple: &Tuple,
    holders: &[RequestId],
    patience: Patience,
) -> Result<(), Error> {
    for holder in holders {
        match advance_with(kari, *holder, patience).await {
            Ok(_) => {}
            Err(Error::Corrupt(_)) => {
                take_out(kari, tuple, *holder).await?;
            }
            Err(error) => tracing::warn!(request.id = %holder, %error, "a holder could not be ended yet"),
        }
    }
    settle(kari, tuple, patience, Intent::Read).await.map(|_| ())
}

/// Access ends by the ledger alone where the request cannot be understood. Returns whether the request held the
/// tuple until now.
async fn take_out(kari: &Kari, tuple: &Tuple, holder: RequestId) -> Result<bool, Error> {
    take_out_by(kari, tuple, holder, || reconciling(kari)).await
}

/// The same in transactions that somebody else begins, as whose doing it is recorded.
pub(crate) async fn take_out_by<'a>(
    kari: &'a Kari,
    tuple: &Tuple,
    holder: RequestId,
    begin: impl Fn() -> Transaction<'a>,
) -> Result<bool, Error> {
    for _ in 0..ATTEMPTS {
        let ledger = load_ledger(kari, tuple).await?;
        let left = ledger::leave(&ledger.state, holder);
        if left.is_empty() {
            return Ok(false);
        }
        let mut transaction = begin();
        transaction.record_ledger(&ledger, &left)?;
        if transaction.commit().await? == Committed::Yes {
            return Ok(true);
        }
    }
    Err(Error::Busy)
}

/// Whether it was recorded; not where somebody else was first.
async fn record(kari: &Kari, ledger: &Loaded<Ledger>, events: &[LedgerEvent]) -> Result<bool, Error> {
    let mut transaction = reconciling(kari);
    transaction.record_ledger(ledger, events)?;
    Ok(transaction.commit().await? == Committed::Yes)
}

fn reconciling(kari: &Kari) -> Transaction<'_> {
    let actor = Actor::System { reason: SystemReason::Reconciler };
    Transaction::new(kari, kari.clock.now(), actor, Cause::Reconcile)
}

/// The accounts that can hold assignments, by the read model.
///
/// # Errors
/// If the read model cannot be read.
pub async fn active_accounts(kari: &Kari) -> Result<Vec<AccountId>, Error> {
    let snapshot = kari.read_model.load().await?;
    let active = snapshot.accounts.values().filter(|account| account.status == AccountStatus::Active);
    Ok(active.map(|account| account.id.clone()).collect())
}
