//! Every call received: the last ones in full, all of them counted.

use std::collections::{BTreeMap, VecDeque};

use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::{Action, ApiError, Injected};

/// One call and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub at: Instant,
    pub action: Action,
    /// What it was about, in readable names.
    pub arguments: String,
    /// The error it was answered with.
    pub error: Option<ApiError>,
    /// The fault that struck it, which the caller cannot see.
    pub injected: Option<Injected>,
}

/// How often an operation was called since the world began; never reset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub calls: u64,
    /// Those answered with an error, or not at all.
    pub errors: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CallLog {
    limit: usize,
    recent: VecDeque<Call>,
    counts: BTreeMap<Action, Count>,
}

impl CallLog {
    pub(super) fn keeping(limit: usize) -> Self {
        Self { limit, recent: VecDeque::new(), counts: BTreeMap::new() }
    }

    pub(super) fn keep(&mut self, limit: usize) {
        self.limit = limit;
        self.trim();
    }

    pub(super) fn record(&mut self, call: Call) {
        let count = self.counts.entry(call.action).or_default();
        count.calls += 1;
        count.errors += u64::from(call.error.is_some());
        self.recent.push_back(call);
        self.trim();
    }

    fn trim(&mut self) {
        let surplus = self.recent.len().saturating_sub(self.limit);
        self.recent.drain(..surplus);
    }

    /// The newest first.
    pub(super) fn recent(&self) -> impl Iterator<Item = &Call> {
        self.recent.iter().rev()
    }

    pub(super) fn counts(&self) -> &BTreeMap<Action, Count> {
        &self.counts
    }
}
