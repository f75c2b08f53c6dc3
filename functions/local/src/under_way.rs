//! What was promised to somebody and goes on beside everything else: a stop waits for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

/// Tasks under way. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct UnderWay(Arc<Mutex<JoinSet<()>>>);

impl UnderWay {
    /// Does this beside everything else.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What has ended is forgotten, so that not all of a long life is kept.
        while let Some(ended) = tasks.try_join_next() {
            said(ended);
        }
        tasks.spawn(task);
    }

    /// Waits until everything has ended, and so long at most. What has not ended by then is cut off.
    pub async fn end_within(&self, limit: Duration) {
        let mut tasks = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async {
            while let Some(ended) = tasks.join_next().await {
                said(ended);
            }
        };
        #[expect(clippy::disallowed_methods, reason = "whoever stops it waits in real time")]
        let ended = tokio::time::timeout(limit, all);
        if ended.await.is_err() {
            tracing::warn!(
                left = tasks.len(),
                "what was commanded took too long to stop for, and is cut off"
            );
        }
    }
}

fn said(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "something that was commanded broke off");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_stop_waits_for_what_is_under_way() {
        let (under_way, done) = (UnderWay::default(), Arc::new(AtomicBool::new(false)));
        let (go_on, told) = oneshot::channel::<()>();
        let noted = Arc::clone(&done);
        under_way.clone().spawn(async move {
            told.await.ok();
            noted.store(true, Ordering::Relaxed);
        });
        under_way.spawn(async { panic!("one that breaks off holds up no other") });
        let ending = tokio::spawn(async move { under_way.end_within(Duration::from_mins(1)).await });
        tokio::task::yield_now().await;
        assert!(!ending.is_finished() && !done.load(Ordering::Relaxed));
        go_on.send(()).unwrap();
        ending.await.unwrap();
        assert!(done.load(Ordering::Relaxed));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_for_nothing_for_ever() {
        let under_way = UnderWay::default();
        under_way.spawn(std::future::pending());
        under_way.end_within(Duration::from_secs(5)).await;
    }

    #[tokio::test]
    async fn what_has_ended_is_not_kept() {
        let under_way = UnderWay::default();
        for _ in 0..100 {
            under_way.spawn(async {});
            tokio::task::yield_now().await;
        }
        assert!(under_way.0.lock().unwrap().len() < 10);
        under_way.end_within(Duration::from_secs(5)).await;
    }
}
