//! The machine's clock.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{TimeDelta, Utc};
use kari_application::ports::Clock;
use kari_domain::time::Instant;

/// How long a sleeper sleeps before it looks again: the machine may have been suspended, or its
/// clock set.
const LONGEST_NAP: Duration = Duration::from_secs(1);

/// The machine's clock. It never goes back and never stands still, even if the machine's is set back:
/// then it goes on as fast as time passes, so that whatever is due still becomes due.
#[derive(Debug, Default)]
pub struct SystemClock {
    latest: Mutex<Option<(Instant, std::time::Instant)>>,
}

impl SystemClock {
    /// The time, when the machine's clock shows `wall` and its stop watch shows `passed`.
    fn read(&self, wall: Instant, passed: std::time::Instant) -> Instant {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let now = latest.map_or(wall, |(at, seen)| wall.max(at + passed.saturating_duration_since(seen)));
        *latest = Some((now, passed));
        now
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> Instant {
        self.read(Utc::now(), std::time::Instant::now())
    }

    async fn sleep(&self, length: TimeDelta) {
        let until = self.now() + length;
        while let Some(nap) = nap(self.now(), until) {
            #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
            tokio::time::sleep(nap).await;
        }
    }
}

/// How long to sleep before looking again; `None` when it is time.
pub fn nap(now: Instant, until: Instant) -> Option<Duration> {
    let left = (until - now).to_std().ok().filter(|left| !left.is_zero())?;
    Some(left.min(LONGEST_NAP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a stop watch is only told apart from itself")]
    fn time_goes_on_when_the_machines_clock_is_set_back() {
        let (clock, wall, passed) = (SystemClock::default(), Instant::UNIX_EPOCH, std::time::Instant::now());
        assert_eq!(clock.read(wall, passed), wall);
        let second_later = passed + Duration::from_secs(1);
        assert_eq!(clock.read(wall - TimeDelta::hours(1), second_later), wall + TimeDelta::seconds(1));
        assert_eq!(clock.read(wall + TimeDelta::hours(2), second_later), wall + TimeDelta::hours(2));
    }
}
