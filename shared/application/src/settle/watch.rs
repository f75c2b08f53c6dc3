//! Watching an operation that was accepted until it is over.

use chrono::TimeDelta;
use kari_domain::ids::OperationId;
use kari_domain::ledger::{LedgerEvent, Presence, TroubleCode};
use kari_domain::time::{Instant, LISTING_GRACE};

use super::{Patience, SHORTEST_PAUSE, Settled, Settling};
use crate::Error;
use crate::ports::{CallError, Listed, OperationKind, OperationStatus};

/// How long an operation is watched before `advance` asks to be called again.
const INLINE_WATCH: TimeDelta = TimeDelta::seconds(5);
/// Nothing is over sooner than this after it was accepted.
const NOTHING_SOONER: TimeDelta = TimeDelta::seconds(1);
/// The bounds of a pause before its jitter: on average half of it passes.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(2);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(15);

impl Patience {
    fn length(self) -> TimeDelta {
        match self {
            Self::Inline => INLINE_WATCH,
            Self::None => TimeDelta::zero(),
        }
    }
}

impl Settling<'_> {
    /// Watches an accepted operation as long as patience lasts.
    pub(super) async fn watch(&self, kind: OperationKind, operation: &OperationId) -> Result<Settled, Error> {
        let until = self.now + self.patience.length();
        let mut asks_at = self.first_ask();
        loop {
            let pause = asks_at - self.kari.clock.now();
            if pause > TimeDelta::zero() {
                if asks_at > until {
                    return self.still_in_progress(kind, asks_at).await;
                }
                self.kari.clock.sleep(pause).await;
            }
            match self.kari.assignments.status(kind, operation).await {
                Ok(OperationStatus::InProgress) => asks_at = self.next_ask(),
                Ok(OperationStatus::Succeeded) => return self.succeeded(kind).await,
                Ok(OperationStatus::Failed(failed)) => {
                    return self.failed(kind, TroubleCode::OperationFailed, &failed.reason).await;
                }
                Err(CallError::NotFound) => {
                    return self.failed(kind, TroubleCode::OperationUnknown, "").await;
                }
                Err(error) => return self.cannot_ask(kind, &error).await,
            }
        }
    }

    /// How it fares is not told. NB. Where that goes on, a deletion is judged by what is listed: nothing else would
    /// ever tell that it failed.
    async fn cannot_ask(&self, kind: OperationKind, error: &CallError) -> Result<Settled, Error> {
        match (kind, error) {
            (OperationKind::Deletion, CallError::Denied(_) | CallError::Invalid(_)) if self.hangs() => {
                self.check_gone(true).await
            }
            (OperationKind::Deletion, _) if self.is_given_up() => self.check_gone(true).await,
            (OperationKind::Creation | OperationKind::Deletion, _) => self.trouble(error).await,
        }
    }

    /// At once, unless it was only just accepted.
    fn first_ask(&self) -> Instant {
        if self.now < self.in_progress_since() + NOTHING_SOONER { self.next_ask() } else { self.now }
    }

    /// As many operations may be in progress as there are calls in a second, and everybody shares those:
    /// the longer it has taken, the longer it is left alone. On average each pause is as long as all of
    /// the time before it.
    pub(super) fn next_ask(&self) -> Instant {
        let now = self.kari.clock.now();
        let pause = ((now - self.in_progress_since()) * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        now + SHORTEST_PAUSE + self.kari.ids.jitter(pause)
    }

    /// Since when what is awaited is in progress, or wanted, where it is not known when it was accepted.
    pub(super) fn in_progress_since(&self) -> Instant {
        let ledger = &self.ledger.state;
        match (&ledger.presence, ledger.accepted_at) {
            (_, Some(accepted_at)) => accepted_at,
            (Presence::Creating { since, .. } | Presence::Removing { since, .. }, None) => *since,
            (Presence::Absent { .. } | Presence::Present { .. }, None) => self.now,
        }
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
        match self.kari.assignments.look(OperationKind::Creation, self.tuple).await {
            Ok(Listed::Yes) => self.observed(LedgerEvent::PresenceObserved {}).await,
            Ok(Listed::No) => Ok(Settled::At(self.next_ask())),
            Err(error) => self.trouble(&error).await,
        }
    }

    async fn failed(&self, kind: OperationKind, code: TroubleCode, detail: &str) -> Result<Settled, Error> {
        match kind {
            OperationKind::Creation => self.creation_failed(code, detail).await,
            OperationKind::Deletion => self.explain_failure(code, detail, true).await,
        }
    }
}
