//! Chance from a seed.

use chrono::TimeDelta;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Dice that fall the same way in every run with the same seed.
#[derive(Debug, Clone)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice from a seed; different `stream`s of one seed are independent.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Self(random)
    }

    /// True in `per_mille` of 1,000 throws. What cannot happen is not thrown for.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.below(1000) < per_mille as usize
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0.random_range(0..limit)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// One of these, as often as its weight says.
    pub fn weighted<'a, T>(&mut self, among: &'a [(T, u32)]) -> &'a T {
        let total: u32 = among.iter().map(|(_, weight)| weight).sum();
        let mut left = self.0.random_range(0..total);
        for (what, weight) in among {
            if left < *weight {
                return what;
            }
            left -= weight;
        }
        unreachable!("the weights add up to the total")
    }

    /// A length of time between two bounds, to the millisecond.
    pub fn between(&mut self, least: TimeDelta, most: TimeDelta) -> TimeDelta {
        let (least, most) = (least.num_milliseconds(), most.num_milliseconds());
        TimeDelta::milliseconds(self.0.random_range(least..=most.max(least)))
    }
}
