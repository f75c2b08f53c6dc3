//! The timer: drives requests and assignments when they are due. What it knows of them is in its
//! [`Agenda`]; here it reads the store, and drives.

mod agenda;
#[cfg(test)]
mod tests;
mod workflow;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kari_application::check_records::check_stream;
use kari_application::ports::{Due, ItemKey, Unavailable};
use kari_application::{Error, Kari, reconcile};
use kari_domain::audit::StreamId;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};

use self::agenda::{Agenda, Driven, FirstFailure};
pub use self::workflow::TimerWorkflow;

/// How much is driven at the same time: a little less than Identity Center does at once.
const MOST_AT_ONCE: usize = 12;
const PAGE: usize = 200;

/// Drives everything that is due.
#[derive(Debug, Default)]
pub struct Timer {
    agenda: Mutex<Agenda>,
    wake: Notify,
}

impl Timer {
    /// Looks now: something was appended, or time was skipped.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Whether everything that is due now was driven, and rests until later.
    ///
    /// # Errors
    /// If the store cannot say what is due.
    pub async fn is_at_rest(&self, kari: &Kari) -> Result<bool, Unavailable> {
        let now = kari.clock.now();
        let due = kari.store.due(now, None, PAGE).await?;
        let agenda = self.lock();
        Ok(!agenda.is_at_work() && due.iter().all(|due| agenda.is_resting(due, now)))
    }

    /// Drives for ever.
    pub async fn run(self: Arc<Self>, kari: Kari) {
        let mut under_way = JoinSet::new();
        loop {
            self.start_due(&kari, &mut under_way).await;
            let pause = self.lock().pause(kari.clock.now());
            tokio::select! {
                () = self.wake.notified() => {}
                () = kari.clock.sleep(pause) => {}
                Some(ended) = under_way.join_next(), if !under_way.is_empty() => match ended {
                    Ok(driven) => self.note(driven, &kari),
                    Err(error) => panics_on(error),
                },
            }
        }
    }

    /// Starts as much of what is due as may be driven at once, the longest overdue first.
    async fn start_due(&self, kari: &Kari, under_way: &mut JoinSet<Driven>) {
        let now = kari.clock.now();
        self.lock().forget_finished(now);
        let mut last: Option<Due> = None;
        loop {
            let due = match kari.store.due(now, last.as_ref(), PAGE).await {
                Ok(due) => due,
                Err(error) => {
                    tracing::warn!(%error, "the timer cannot see what is due; it looks again");
                    return;
                }
            };
            last = due.last().cloned();
            for due in due {
                if under_way.len() >= MOST_AT_ONCE {
                    return;
                }
                let resting = self.lock().is_resting(&due, now);
                if !resting {
                    self.start(kari, due, under_way).await;
                }
            }
            if last.is_none() {
                return;
            }
        }
    }

    /// Starts one drive, unless its lane is busy. What lane it belongs to may not be readable; then it is
    /// driven in one of its own, because the item only repeats what the events say.
    async fn start(&self, kari: &Kari, due: Due, under_way: &mut JoinSet<Driven>) {
        let lane = lane_of(kari, &due.key).await;
        let is_readable = lane.is_some();
        let lane = lane.unwrap_or_else(|| due.key.clone());
        if self.lock().take(&lane) {
            let kari = kari.clone();
            under_way.spawn(async move {
                let outcome = reconcile::drive(&kari, &due.key).await;
                if !is_readable && outcome.is_ok() {
                    mend(&kari, &due.key).await;
                }
                Driven { due, lane, outcome }
            });
        }
    }

    fn note(&self, driven: Driven, kari: &Kari) {
        let failed = self.lock().note(driven, kari.clock.now());
        if let Some(FirstFailure { key, error }) = failed {
            say(&key, &error);
        }
    }

    fn forget(&self, key: &ItemKey) {
        self.lock().forget(key);
    }

    fn lock(&self) -> MutexGuard<'_, Agenda> {
        self.agenda.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn say(key: &ItemKey, error: &Error) {
    if let Error::Corrupt(what) = error {
        tracing::error!(item = %key.0, what, "recorded data cannot be understood; it is parked");
    } else {
        tracing::warn!(item = %key.0, %error, "driving failed; it is repeated");
    }
}

/// A drive that panics is caught where it does; what panics beside it ends the timer. What was cancelled ends with the
/// program.
fn panics_on(error: JoinError) {
    if let Ok(panic) = error.try_into_panic() {
        std::panic::resume_unwind(panic);
    }
}

/// The assignment that an item is about, if that can be read.
async fn lane_of(kari: &Kari, key: &ItemKey) -> Option<ItemKey> {
    let stream = StreamId::from_stored(key.0.clone());
    if stream.as_request().is_none() {
        return Some(key.clone());
    }
    let request = kari.store.item(key).await.ok()??.request?;
    Some(ItemKey::from(&StreamId::ledger(&request.tuple())))
}

/// An item that cannot be read is missing from every list. Driving it may have written it anew; if not, it
/// is made from its events, and administrators are told.
async fn mend(kari: &Kari, key: &ItemKey) {
    if let Err(error) = check_stream(kari, &StreamId::from_stored(key.0.clone())).await {
        tracing::warn!(item = %key.0, %error, "an item cannot be read, and could not be made anew");
    }
}
