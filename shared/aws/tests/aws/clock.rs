//! A clock on which whoever sleeps finds that the time has passed.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::Clock;
use kari_domain::time::Instant;

#[derive(Debug)]
pub(crate) struct JumpingClock(Mutex<Instant>);

impl JumpingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Instant::UNIX_EPOCH + TimeDelta::days(20_000))))
    }

    /// Nothing happens for so long.
    pub(crate) fn pass(&self, length: TimeDelta) {
        self.jump_to(self.now() + length);
    }

    /// Nothing happens until then.
    pub(crate) fn jump_to(&self, at: Instant) {
        let mut now = self.0.lock().unwrap();
        *now = at.max(*now);
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, length: TimeDelta) {
        self.pass(length);
        // Others who wait for the same time get their turn.
        tokio::task::yield_now().await;
    }
}
