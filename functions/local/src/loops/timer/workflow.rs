use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{ItemKey, Unavailable, Workflow};
use kari_domain::audit::StreamId;
use kari_domain::ids::RequestId;

use super::Timer;

/// The workflow of one machine is the timer: starting a request means looking at it now.
#[derive(Debug)]
pub struct TimerWorkflow(pub Arc<Timer>);

#[async_trait]
impl Workflow for TimerWorkflow {
    async fn start(&self, request: RequestId) -> Result<(), Unavailable> {
        self.0.forget(&ItemKey::from(&StreamId::request(request)));
        self.0.wake();
        Ok(())
    }

    async fn start_end(&self, request: RequestId) -> Result<(), Unavailable> {
        self.start(request).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Mutex;

    use chrono::TimeDelta;
    use kari_application::advance::Advanced;
    use kari_application::contract::workflow::{Subject, all};
    use kari_application::ports::Due;
    use kari_domain::request::Why;
    use kari_domain::time::Instant;

    use super::super::agenda::Driven;
    use super::*;

    const NOW: Instant = Instant::UNIX_EPOCH;

    fn due(request: RequestId) -> Due {
        Due { key: ItemKey::from(&StreamId::request(request)), at: NOW }
    }

    /// What is wrong with a workflow.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Fault {
        Nothing,
        IsDeaf,
        IsDeafToEnds,
        StartsOnlyOnce,
        WakesEverybody,
    }

    struct Broken {
        inner: TimerWorkflow,
        fault: Fault,
        started: Mutex<BTreeSet<RequestId>>,
        known: Mutex<BTreeSet<RequestId>>,
    }

    impl Broken {
        fn new(fault: Fault) -> Self {
            let inner = TimerWorkflow(Arc::new(Timer::default()));
            Self { inner, fault, started: Mutex::default(), known: Mutex::default() }
        }

        fn put_to_sleep(&self, request: RequestId) {
            self.known.lock().unwrap().insert(request);
            let (due, lane) = (due(request), due(request).key);
            let outcome = Ok(Advanced::At(NOW + TimeDelta::hours(1), Why::HoldUntilExpiry));
            self.inner.0.lock().note(Driven { due, lane, outcome }, NOW);
        }
    }

    #[async_trait]
    impl Workflow for Broken {
        async fn start(&self, request: RequestId) -> Result<(), Unavailable> {
            let first = self.started.lock().unwrap().insert(request);
            match self.fault {
                Fault::IsDeaf => return Ok(()),
                Fault::StartsOnlyOnce if !first => {
                    return Err(Unavailable::new("the workflow", "it runs already"));
                }
                Fault::WakesEverybody => {
                    for known in &*self.known.lock().unwrap() {
                        self.inner.0.forget(&due(*known).key);
                    }
                }
                Fault::Nothing | Fault::IsDeafToEnds | Fault::StartsOnlyOnce => {}
            }
            self.inner.start(request).await
        }

        async fn start_end(&self, request: RequestId) -> Result<(), Unavailable> {
            match self.fault {
                Fault::IsDeafToEnds => Ok(()),
                Fault::Nothing | Fault::IsDeaf | Fault::StartsOnlyOnce | Fault::WakesEverybody => {
                    self.inner.start_end(request).await
                }
            }
        }
    }

    fn passes(fault: Fault) -> bool {
        let workflow = Broken::new(fault);
        let subject = Subject {
            workflow: &workflow,
            put_to_sleep: &|request| workflow.put_to_sleep(request),
            is_awake: &|request| !workflow.inner.0.lock().is_resting(&due(request), NOW),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(all(subject)))).is_ok()
    }

    #[test]
    fn the_timer_keeps_the_laws_of_a_workflow_and_whoever_breaks_one_is_found() {
        assert!(passes(Fault::Nothing));
        for fault in [Fault::IsDeaf, Fault::IsDeafToEnds, Fault::StartsOnlyOnce, Fault::WakesEverybody] {
            assert!(!passes(fault), "{fault:?} is not found");
        }
    }

    #[tokio::test]
    async fn a_start_wakes_the_timer_out_of_its_pause() {
        let timer = Arc::new(Timer::default());
        TimerWorkflow(Arc::clone(&timer)).start(RequestId(uuid::Uuid::from_u128(1))).await.unwrap();
        timer.wake.notified().await;
    }
}
