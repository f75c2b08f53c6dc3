use std::time::Duration;

use axum::http::StatusCode;
use kari_api::{Problems, SyncedCaller};
use rustix::process::{Signal, getpid, kill_process};

/// How long the answer has to leave.
const LAST_BREATH: Duration = Duration::from_millis(20);

/// Crash Kari now
///
/// The process dies as by `kill -9`; its supervisor starts it again.
#[utoipa::path(post, path = "/simulation/crash", operation_id = "crash", tag = "simulation",
    responses((status = 202, description = "It dies in a moment"), Problems))]
pub(crate) async fn crash(_me: SyncedCaller) -> StatusCode {
    tracing::warn!("crashing, as asked");
    tokio::spawn(async {
        #[expect(clippy::disallowed_methods, reason = "the answer travels in real time")]
        tokio::time::sleep(LAST_BREATH).await;
        if kill_process(getpid(), Signal::KILL).is_err() {
            std::process::abort();
        }
    });
    StatusCode::ACCEPTED
}
