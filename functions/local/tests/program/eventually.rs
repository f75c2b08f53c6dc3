//! Waits for what another process does, in real time.

use std::time::{Duration, Instant};

/// Longer than anything takes that is waited for, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks again until the answer is yes.
#[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
pub(crate) fn eventually(what: &str, mut ask: impl FnMut() -> bool) {
    let since = Instant::now();
    while !ask() {
        assert!(since.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        std::thread::yield_now();
    }
}
