//! Seeded chance, part of the world's state so that a restored world goes on exactly as before.

use chrono::TimeDelta;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::fault_plan::MillisRange;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// True in `per_mille` of 1,000 throws. What cannot happen is not thrown for.
    pub(super) fn chance(&mut self, per_mille: u16) -> bool {
        per_mille > 0 && self.0.random_range(0..1000) < per_mille
    }

    pub(super) fn between(&mut self, range: MillisRange) -> TimeDelta {
        let most = range.most_ms.max(range.least_ms);
        TimeDelta::milliseconds(i64::from(self.0.random_range(range.least_ms..=most)))
    }

    pub(super) fn operation_id(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid().to_string()
    }

    /// The suffix of a role's name: 16 hexadecimal digits.
    pub(super) fn role_suffix(&mut self) -> String {
        format!("{:016x}", self.0.random::<u64>())
    }
}
