use std::path::Path;
use std::process::Child;
use std::sync::{Mutex, PoisonError};

use crate::support::start;

/// A worker without supervisor, so that its death is ours to choose.
pub(crate) struct Worker {
    process: Mutex<Child>,
    pub(crate) origin: String,
    data: tempfile::TempDir,
}

impl Worker {
    pub(crate) fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (process, origin) = start(&["serve", "--port", "0", "--seed", "7"], data.path());
        Self { process: Mutex::new(process), origin, data }
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.data.path()
    }

    /// SIGKILL, and the next one at the same address. Whoever waits for the worker waits for all of it.
    pub(crate) fn kill_and_start_again(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.kill().unwrap();
        process.wait().unwrap();
        let port = self.origin.rsplit(':').next().unwrap();
        let (next, origin) = start(&["serve", "--port", port], self.data.path());
        assert_eq!(origin, self.origin);
        *process = next;
    }

    /// Returns when a worker is there that was not being killed.
    pub(crate) fn wait_until_there(&self) {
        drop(self.process.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn stop(&self) {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.kill().unwrap();
        process.wait().unwrap();
    }
}
