//! Asynchronous operations: accepted now, done later.

use kari_domain::ids::OperationId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Assignment;

/// The two kinds of write; their ids are not interchangeable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriteKind {
    Creation,
    Deletion,
}

/// A write that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub id: OperationId,
    pub kind: WriteKind,
    pub assignment: Assignment,
    pub accepted_at: Instant,
    pub state: OperationState,
    /// Identity Center lost sight of it: it is in progress for long and blocks nothing meanwhile.
    pub straggler: bool,
}

/// How an operation fares, as its status tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum OperationState {
    InProgress,
    Succeeded { at: Instant },
    Failed { at: Instant, reason: String },
}

impl Operation {
    pub(super) fn in_progress(&self) -> bool {
        match self.state {
            OperationState::InProgress => true,
            OperationState::Succeeded { .. } | OperationState::Failed { .. } => false,
        }
    }
}

/// What happens to an operation at a moment already fixed. Ordered by when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) at: Instant,
    /// Order among steps of the same moment.
    pub(super) sequence: u64,
    pub(super) operation: OperationId,
    pub(super) effect: Effect,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Effect {
    /// It takes effect, and its status says so.
    Land,
    /// Its status says failed and nothing changed.
    Fail { reason: String },
    /// Its status has said failed, and it takes effect all the same.
    Haunt,
}

/// What the lists of operations tell: not which assignment it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationMetadata {
    pub id: OperationId,
    pub state: OperationState,
    pub accepted_at: Instant,
}

/// Which operations a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    Any,
    InProgress,
    Succeeded,
    Failed,
}

impl StatusFilter {
    pub(super) fn passes(self, state: &OperationState) -> bool {
        match self {
            Self::Any => true,
            Self::InProgress => matches!(state, OperationState::InProgress),
            Self::Succeeded => matches!(state, OperationState::Succeeded { .. }),
            Self::Failed => matches!(state, OperationState::Failed { .. }),
        }
    }
}
