//! A token bucket: so many calls per second, with a burst of the same size.

use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

/// One call in the smallest parts that are kept. At one call a second, a nanosecond fills in one part,
/// so that nothing is lost to rounding however often one looks.
const CALL: u64 = 1_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TokenBucket {
    /// In parts of a call.
    level: u64,
    filled_at: Instant,
}

impl TokenBucket {
    pub(super) fn full(per_second: u32, now: Instant) -> Self {
        Self { level: capacity(per_second), filled_at: now }
    }

    /// Takes one call out; false if there is none left.
    pub(super) fn take(&mut self, per_second: u32, now: Instant) -> bool {
        let passed = (now - self.filled_at).to_std().unwrap_or_default().as_nanos();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        let poured = passed.saturating_mul(per_second.into());
        self.level = self.level.saturating_add(poured).min(capacity(per_second));
        self.filled_at = now;
        let left = self.level.checked_sub(CALL);
        self.level = left.unwrap_or(self.level);
        left.is_some()
    }
}

fn capacity(per_second: u32) -> u64 {
    u64::from(per_second) * CALL
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const PER_SECOND: u32 = 20;

    /// A bucket that was full at the epoch and is empty now.
    fn emptied() -> TokenBucket {
        let mut bucket = TokenBucket::full(PER_SECOND, Instant::UNIX_EPOCH);
        let taken = std::iter::repeat_with(|| bucket.take(PER_SECOND, Instant::UNIX_EPOCH));
        assert_eq!(taken.take_while(|taken| *taken).count(), 20);
        bucket
    }

    /// After how many of these steps each of the next three calls was let through.
    fn next_three(step: TimeDelta) -> Vec<i32> {
        let mut bucket = emptied();
        let steps = (1..10_000).filter(|n| bucket.take(PER_SECOND, Instant::UNIX_EPOCH + step * *n));
        steps.take(3).collect()
    }

    #[test]
    fn a_call_is_let_through_every_twentieth_of_a_second_however_often_one_asks() {
        assert_eq!(next_three(TimeDelta::milliseconds(50)), [1, 2, 3]);
        assert_eq!(next_three(TimeDelta::microseconds(100)), [500, 1_000, 1_500]);
        // Fifty of these steps fall short of 50 ms by 50 ns.
        assert_eq!(next_three(TimeDelta::nanoseconds(999_999)), [51, 101, 151]);
    }

    #[test]
    fn it_never_holds_more_than_one_second_of_calls() {
        let mut bucket = emptied();
        let much_later = Instant::UNIX_EPOCH + TimeDelta::days(365_000);
        let taken = std::iter::repeat_with(|| bucket.take(PER_SECOND, much_later));
        assert_eq!(taken.take_while(|taken| *taken).count(), 20);
    }
}
