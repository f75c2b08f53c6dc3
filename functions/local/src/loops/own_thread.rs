//! Work that keeps a thread busy for seconds.

use std::future::pending;

use tokio::runtime::Handle;
use tokio::task::{JoinError, spawn_blocking};

/// Does it on a thread of its own, on which it holds up nobody. It fails only where the work panics. Where it is not
/// begun any more, because the program is being stopped, whoever waits for it is cut off waiting.
pub(super) async fn on_own_thread<T: Send + 'static>(
    work: impl AsyncFnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    match spawn_blocking(move || Handle::current().block_on(work())).await {
        Err(error) if error.is_cancelled() => pending().await,
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use tokio::runtime::Runtime;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_handed_to_whoever_waits() {
        let done = on_own_thread(async || -> u8 { panic!("on purpose") }).await;
        assert!(done.unwrap_err().is_panic());
    }

    #[test]
    fn whoever_waits_while_the_program_is_being_stopped_is_told_nothing() {
        let runtime = Runtime::new().unwrap();
        let handle = runtime.handle().clone();
        runtime.shutdown_background();
        let _entered = handle.enter();
        let mut waiting = pin!(on_own_thread(async || ()));
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}
