//! The machine's clock with an offset.

use std::pin::pin;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use futures::future::select;
use kari_application::ports::{Clock, Unavailable};
use kari_domain::time::Instant;
use kari_machine::{SystemClock, nap};
use tokio::sync::watch;

use crate::store::{Purpose, SqliteStore, instant};

const OFFSET: &str = "clock-offset";
/// A century: further than anybody skips.
const MOST_SECONDS: i64 = 100 * 366 * 24 * 60 * 60;

/// The machine's clock plus an offset, which is kept in the store and only ever grows. For the
/// simulated Identity Center only.
#[derive(Debug)]
pub struct VirtualClock {
    machine: SystemClock,
    store: Arc<SqliteStore>,
    offset: watch::Sender<TimeDelta>,
}

impl VirtualClock {
    /// The clock with the offset that the store has, or with a longer one where the machine's clock was set
    /// back meanwhile: time goes on from what was recorded last, so that nothing lasts longer for it.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn open(store: Arc<SqliteStore>) -> Result<Self, Unavailable> {
        let kept = store.document_unless(OFFSET, None)?;
        let offset = watch::Sender::new(kept.map_or_else(TimeDelta::zero, |kept| read_offset(&kept.body)));
        let clock = Self { machine: SystemClock::default(), store, offset };
        let behind = clock.last_recorded_at()?.map_or(TimeDelta::zero(), |last| last - clock.now());
        if behind > TimeDelta::zero() {
            tracing::warn!(%behind, "the machine's clock was set back; time goes on from the last recorded event");
            clock.skip(behind + TimeDelta::seconds(1))?;
        }
        Ok(clock)
    }

    fn last_recorded_at(&self) -> Result<Option<Instant>, Unavailable> {
        let last = self.store.list(|connection| {
            connection.query_row("SELECT max(at) FROM events", [], |row| row.get::<_, Option<i64>>(0))
        })?;
        Ok(last.map(instant))
    }

    /// How far this clock is ahead of the machine's.
    pub fn offset(&self) -> TimeDelta {
        *self.offset.borrow()
    }

    /// Moves the clock forward by whole seconds, passing over what is less than one, and wakes who slept
    /// until then. Going back is not possible: a length below zero changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`] if the offset cannot be kept; then nothing has moved.
    pub fn skip(&self, length: TimeDelta) -> Result<(), Unavailable> {
        let mut kept = Ok(0);
        self.offset.send_if_modified(|offset| {
            let further = *offset + length.max(TimeDelta::zero());
            kept = self.store.save_document(Purpose::GoesOn, OFFSET, &further.num_seconds().to_string());
            if kept.is_ok() {
                *offset = TimeDelta::seconds(further.num_seconds());
            }
            kept.is_ok()
        });
        kept.map(|_| ())
    }
}

/// NB. Where it says nothing that can be used, time goes on from what was recorded last.
fn read_offset(text: &str) -> TimeDelta {
    let seconds = text.parse().ok().filter(|seconds| (0..=MOST_SECONDS).contains(seconds));
    seconds.map_or_else(
        || {
            tracing::error!(text, "the document clock-offset is no offset; it is passed over");
            TimeDelta::zero()
        },
        TimeDelta::seconds,
    )
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.machine.now() + self.offset()
    }

    async fn sleep(&self, length: TimeDelta) {
        let mut offset = self.offset.subscribe();
        let until = self.now() + length;
        while let Some(nap) = nap(self.now(), until) {
            #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
            let slept = tokio::time::sleep(nap);
            select(pin!(slept), pin!(offset.changed())).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_skip_wakes_who_slept_until_then() {
        let clock = VirtualClock::open(Arc::new(SqliteStore::in_memory().unwrap())).unwrap();
        let before = clock.now();
        let skip = async { clock.skip(TimeDelta::hours(1)).unwrap() };
        futures::join!(clock.sleep(TimeDelta::minutes(59)), skip);
        assert!(clock.now() - before >= TimeDelta::hours(1));
    }

    #[test]
    fn a_machine_whose_clock_was_set_back_goes_on_from_the_last_recorded_event() {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let ahead = SystemClock::default().now() + TimeDelta::hours(2);
        let at = ahead.timestamp_nanos_opt().unwrap();
        let event = "INSERT INTO events VALUES (1, 'request/1', 1, ?1, NULL, 'requested', x'00', '{}')";
        store.write(Purpose::GoesOn, |transaction| transaction.execute(event, [at])).unwrap();
        let clock = VirtualClock::open(Arc::clone(&store)).unwrap();
        assert!(clock.now() > ahead);
        assert!(VirtualClock::open(store).unwrap().offset() - clock.offset() < TimeDelta::minutes(1));
    }

    #[test]
    fn an_offset_that_cannot_be_used_is_passed_over() {
        for bad in ["abc", "-1", "9223372036854775807", "9000000000000", ""] {
            let store = Arc::new(SqliteStore::in_memory().unwrap());
            store.save_document(Purpose::GoesOn, OFFSET, bad).unwrap();
            assert_eq!(VirtualClock::open(store).unwrap().offset(), TimeDelta::zero(), "{bad}");
        }
    }

    #[test]
    fn the_offset_survives_a_restart_and_never_shrinks() {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let clock = VirtualClock::open(Arc::clone(&store)).unwrap();
        clock.skip(TimeDelta::days(1)).unwrap();
        clock.skip(TimeDelta::minutes(15)).unwrap();
        clock.skip(TimeDelta::days(-3)).unwrap();
        let after_restart = VirtualClock::open(store).unwrap();
        assert_eq!(after_restart.offset(), TimeDelta::days(1) + TimeDelta::minutes(15));
        assert!(after_restart.now() - SystemClock::default().now() > TimeDelta::days(1));
    }
}
