use async_trait::async_trait;
use chrono::TimeDelta;
use kari_domain::time::Instant;

/// The time. Never read anywhere else, so that tests and simulations own it.
///
/// Laws: `now` never goes back within a process; after `sleep(d)` it has advanced by at least `d`.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;
    /// Waits: for a few seconds while an asynchronous operation completes, between the calls of a sweep that
    /// must leave room for others, and between the turns of what goes on by itself on one machine.
    async fn sleep(&self, length: TimeDelta);
}

/// Randomness: identifiers and jitter.
///
/// Laws: `fresh` never returns the same value twice; `jitter` lies in `0..=limit` and is spread evenly.
pub trait Ids: Send + Sync {
    /// A new unique id.
    fn fresh(&self) -> uuid::Uuid;
    /// A random length of time between zero and `limit`.
    fn jitter(&self, limit: TimeDelta) -> TimeDelta;
}
