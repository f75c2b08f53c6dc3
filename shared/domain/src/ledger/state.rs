use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::ProvenAbsence;
use super::plan::HOLDER_BACKSTOP;
use super::trouble::Trouble;
use crate::ids::{OperationId, RequestId};
use crate::request::Window;
use crate::time::Instant;

/// What is known of one tuple. Its serialized form is the state item from which access is ended even
/// when everything else is unreadable: keep it plain, and change it only by adding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    pub presence: Presence,
    /// The requests that hold the tuple, with the instants at which their grants end.
    pub holders: BTreeMap<RequestId, Instant>,
    /// Since when it has been held without a gap; the start of the joined window.
    pub held_since: Option<Instant>,
    /// When the access of its last holder was over, if that is why it is removed: promises about the end count
    /// from there, however late it was noticed. While it is held, of those who have left.
    #[serde(default)]
    pub over_at: Option<Instant>,
    /// When we last began to remove it. An assignment that vanishes soon after may be our own doing.
    pub last_removal_at: Option<Instant>,
    /// When it was last observed gone.
    pub last_absent_at: Option<Instant>,
    /// How it is known that it was gone then, if not from looking: what it needs does not exist.
    #[serde(default)]
    pub absence_proof: Option<ProvenAbsence>,
    /// When its last holder left it to itself, because it was there before us.
    pub last_release_at: Option<Instant>,
    /// When it had been found missing, where it was missing as its last holder left it.
    #[serde(default)]
    pub missing_at_release: Option<Instant>,
    /// What keeps a creation or removal from succeeding.
    pub trouble: Option<Trouble>,
    /// When the operation that is awaited was accepted.
    #[serde(default)]
    pub accepted_at: Option<Instant>,
    /// The one creation that was sent since nothing of ours was there. `None` where others may have been
    /// sent of which nothing is known: then all that are in flight have to be looked through.
    #[serde(default)]
    pub only_creation: Option<OnlyCreation>,
    /// When it was last looked for in vain after its absence was confirmed, while it is watched.
    #[serde(default)]
    pub watched_at: Option<Instant>,
    /// When it was looked for in vain after it was let be.
    #[serde(default)]
    pub missed_at: Option<Instant>,
    /// Since when a removal has taken longer than it may, and people were alarmed.
    #[serde(default)]
    pub overdue_since: Option<Instant>,
    /// Since when Identity Center has listed it although nobody here knows of it.
    pub drift_since: Option<Instant>,
}

impl Ledger {
    /// Whether its last holder left it to itself, because it was there before us. That is how such a
    /// grant ended, for ever, whatever became of the assignment since.
    pub(crate) fn was_released(&self) -> bool {
        self.last_release_at > self.last_absent_at
    }

    /// Whether it was [released](Self::was_released) and, as far as is known, is there still: it was not looked for
    /// in vain since. What is listed then is no drift.
    pub(super) fn was_let_be(&self) -> bool {
        self.was_released() && self.last_release_at > self.missed_at
    }

    /// Whether a holder is past its end for so long that it is made to leave.
    pub fn is_overstayed(&self, now: Instant) -> bool {
        self.holders.values().any(|ends_at| *ends_at + HOLDER_BACKSTOP <= now)
    }

    /// The window that the grants that hold the tuple make together with one more that touches them;
    /// `None` if it stands alone.
    pub fn joined_window(&self, window: Window) -> Option<Window> {
        let touches = self.holders.values().any(|ends_at| *ends_at >= window.starts_at);
        let starts_at = self.held_since.filter(|_| touches)?;
        Some(Window { starts_at, ..window })
    }
}

/// A creation of ours beside which there is no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyCreation {
    pub operation: OperationId,
    /// Whether it was seen to be over: nothing of ours can be in flight any more.
    pub ended: bool,
}

/// What Identity Center should hold, and what was observed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Presence {
    /// Nothing of ours is there.
    Absent { absence: Absence },
    /// We want it; a creation may have been sent. From here on it is ours.
    Creating {
        since: Instant,
        /// The creation that was accepted last, while its outcome is unknown.
        operation: Option<OperationId>,
    },
    /// It was observed.
    Present {
        ownership: Ownership,
        observed_at: Instant,
        /// When it was found missing although it is held. Its holders must end.
        vanished_at: Option<Instant>,
    },
    /// No holder is left, and it is ours: it must go.
    Removing {
        since: Instant,
        /// The deletion that was accepted last, while its outcome is unknown.
        operation: Option<OperationId>,
    },
}

impl Default for Presence {
    fn default() -> Self {
        Self::Absent { absence: Absence::Unwatched }
    }
}

/// How sure it is that nothing of ours is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "kebab-case")]
pub enum Absence {
    /// We never created it, or that is long over. Whatever is listed is not ours.
    Unwatched,
    /// Seen gone once. Listings lag, so one more look is needed a listing grace later.
    Observed { at: Instant },
    /// Seen gone twice. Watched a little longer for a creation of ours that lands late.
    Confirmed { at: Instant },
}

/// Whose an assignment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// We created it, or may have.
    Owned,
    /// It was there before us; it is never removed.
    PreExisting,
}
