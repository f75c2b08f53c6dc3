//! Randomness: from the operating system, or from a seed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use kari_application::ports::{Clock, Ids, Unavailable};
#[expect(clippy::disallowed_types, reason = "this is the Ids port")]
use rand::rngs::SysRng;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

/// Unguessable ids that begin with the present moment, so that later ones sort later (UUID version 7).
pub struct RandomIds {
    clock: Arc<dyn Clock>,
    random: Mutex<ChaCha20Rng>,
}

impl RandomIds {
    /// Ids stamped by this clock, with randomness from the operating system.
    ///
    /// # Errors
    /// [`Unavailable`] if the operating system gives none.
    pub fn new(clock: Arc<dyn Clock>) -> Result<Self, Unavailable> {
        let random = ChaCha20Rng::try_from_rng(&mut SysRng).map_err(|e| Unavailable::new("randomness", e))?;
        Ok(Self { clock, random: Mutex::new(random) })
    }

    /// The same with randomness from a seed, so that every run is alike. For measuring only.
    pub fn seeded(clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self { clock, random: Mutex::new(ChaCha20Rng::seed_from_u64(seed)) }
    }
}

impl std::fmt::Debug for RandomIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RandomIds").finish_non_exhaustive()
    }
}

impl Ids for RandomIds {
    fn fresh(&self) -> Uuid {
        let milliseconds = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        let mut tail = [0; 10];
        lock(&self.random).fill_bytes(&mut tail);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &tail).into_uuid()
    }

    fn jitter(&self, limit: TimeDelta) -> TimeDelta {
        jitter(&mut lock(&self.random), limit)
    }
}

/// Ids that are the same in every run with the same seed. For tests and simulations only.
#[derive(Debug)]
pub struct SeededIds {
    random: Mutex<ChaCha20Rng>,
}

impl SeededIds {
    /// Ids from this seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Mutex::new(ChaCha20Rng::seed_from_u64(seed)) }
    }
}

impl Ids for SeededIds {
    fn fresh(&self) -> Uuid {
        let mut bytes = [0; 16];
        lock(&self.random).fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    fn jitter(&self, limit: TimeDelta) -> TimeDelta {
        jitter(&mut lock(&self.random), limit)
    }
}

fn lock(random: &Mutex<ChaCha20Rng>) -> MutexGuard<'_, ChaCha20Rng> {
    random.lock().unwrap_or_else(PoisonError::into_inner)
}

fn jitter(random: &mut ChaCha20Rng, limit: TimeDelta) -> TimeDelta {
    let limit = limit.num_nanoseconds().unwrap_or(i64::MAX).max(0);
    TimeDelta::nanoseconds(random.random_range(0..=limit))
}
