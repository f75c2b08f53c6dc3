//! A clock that stands still until it is told to move. It needs no runtime.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::Clock;
use kari_domain::time::Instant;

/// A clock for tests and simulations.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Instant,
    next_sleeper: u64,
    /// Who sleeps, by instant and then in the order of falling asleep, so that waking is the same
    /// in every run.
    sleepers: BTreeMap<(Instant, u64), Waker>,
}

impl ManualClock {
    /// A clock that shows this instant.
    pub fn new(now: Instant) -> Self {
        Self { state: Mutex::new(State { now, next_sleeper: 0, sleepers: BTreeMap::new() }) }
    }

    /// Moves the clock to this instant and wakes who slept until then. Going back is not possible:
    /// an earlier instant changes nothing.
    pub fn advance_to(&self, at: Instant) {
        let woken = {
            let mut state = self.lock();
            state.now = state.now.max(at);
            let now = state.now;
            let still_asleep = state.sleepers.split_off(&(now, u64::MAX));
            std::mem::replace(&mut state.sleepers, still_asleep)
        };
        woken.into_values().for_each(Waker::wake);
    }

    /// Moves the clock forward by this much.
    pub fn advance_by(&self, length: TimeDelta) {
        let at = self.now() + length;
        self.advance_to(at);
    }

    /// When the next sleeper wakes, if anybody sleeps.
    pub fn next_wake(&self) -> Option<Instant> {
        self.lock().sleepers.keys().next().map(|(at, _)| *at)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.lock().now
    }

    async fn sleep(&self, length: TimeDelta) {
        let key = {
            let mut state = self.lock();
            state.next_sleeper += 1;
            (state.now + length, state.next_sleeper)
        };
        Sleep { clock: self, key }.await;
    }
}

/// Somebody's sleep. Dropping it removes them.
struct Sleep<'a> {
    clock: &'a ManualClock,
    key: (Instant, u64),
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        state.sleepers.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        self.clock.lock().sleepers.remove(&self.key);
    }
}
