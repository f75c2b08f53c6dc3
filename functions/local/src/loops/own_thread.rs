//! Work that keeps a thread busy for seconds.

use tokio::runtime::Handle;
use tokio::task::{JoinError, spawn_blocking};

/// Does it on a thread of its own, on which it holds up nobody. It fails where the work panics, or is not begun
/// any more because the program is being stopped.
pub(super) async fn on_own_thread<T: Send + 'static>(
    work: impl AsyncFnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    spawn_blocking(move || Handle::current().block_on(work())).await
}
