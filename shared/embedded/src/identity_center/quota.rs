//! A token bucket: so many calls per second, with a burst of the same size.

use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TokenBucket {
    /// Thousandths of a call.
    level: u64,
    filled_at: Instant,
}

impl TokenBucket {
    pub(super) fn full(per_second: u32, now: Instant) -> Self {
        Self { level: u64::from(per_second) * 1000, filled_at: now }
    }

    /// Takes one call out; false if there is none left.
    pub(super) fn take(&mut self, per_second: u32, now: Instant) -> bool {
        let passed_ms = (now - self.filled_at).num_milliseconds().max(0).unsigned_abs();
        let poured = passed_ms.saturating_mul(u64::from(per_second));
        self.level = self.level.saturating_add(poured).min(u64::from(per_second) * 1000);
        self.filled_at = now;
        let enough = self.level >= 1000;
        if enough {
            self.level -= 1000;
        }
        enough
    }
}
