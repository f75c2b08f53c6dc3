//! The limiter of a Kari that is one process: the same queue, in memory. What was under way when the process
//! died is forgotten; Identity Center itself refuses what is too much.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::{CallError, Clock};
use kari_domain::ids::Tuple;

use super::limiter::{FORGOTTEN_AFTER, Lane, Limit, Rate, of_tuple, patience};

/// The queue of one process.
pub struct InMemory {
    clock: Arc<dyn Clock>,
    rate: Rate,
    queue: Mutex<Queue>,
}

impl std::fmt::Debug for InMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InMemory").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// In milliseconds since the epoch.
#[derive(Default)]
struct Queue {
    next_at: i64,
    /// Operations under way, since when.
    in_flight: BTreeMap<String, i64>,
}

impl InMemory {
    pub fn new(clock: Arc<dyn Clock>, rate: Rate) -> Self {
        Self { clock, rate, queue: Mutex::default() }
    }

    async fn reserve(&self, lane: Lane, operation: Option<String>) -> Result<(), CallError> {
        let now = self.clock.now().timestamp_millis();
        let place = self.place(lane, operation, now)?;
        if place > now {
            self.clock.sleep(TimeDelta::milliseconds(place - now)).await;
        }
        Ok(())
    }

    /// The next place in time.
    fn place(&self, lane: Lane, operation: Option<String>, now: i64) -> Result<i64, CallError> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.in_flight.retain(|_, since| *since >= now - FORGOTTEN_AFTER.num_milliseconds());
        let is_new = operation.as_ref().is_some_and(|operation| !queue.in_flight.contains_key(operation));
        let place = queue.next_at.max(now);
        if (is_new && queue.in_flight.len() >= self.rate.most(lane)) || place > now + patience(lane) {
            return Err(CallError::Throttled);
        }
        queue.next_at = place + self.rate.step();
        if let Some(operation) = operation {
            // NB. One that is tried again counts from its first time, or it would never be forgotten.
            queue.in_flight.entry(operation).or_insert(now);
        }
        Ok(place)
    }
}

#[async_trait]
impl Limit for InMemory {
    async fn pass(&self, lane: Lane) -> Result<(), CallError> {
        self.reserve(lane, None).await
    }

    async fn begin(&self, lane: Lane, tuple: &Tuple) -> Result<(), CallError> {
        self.reserve(lane, Some(of_tuple(tuple))).await
    }

    async fn end(&self, tuple: &Tuple) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).in_flight.remove(&of_tuple(tuple));
    }
}
