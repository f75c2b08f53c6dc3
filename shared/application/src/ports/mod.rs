//! What the use cases need from the world. Few and small; each trait's comment states its laws, and
//! each has a contract suite in `contract` (feature `contract`) that every adapter passes.

mod assignments;
mod board;
mod clock;
mod directory;
mod event_store;
mod known_event;
mod notes;
mod notifier;
mod policies;
mod workflow;

pub use assignments::{
    Assignees, Assignments, CallError, FailedOperation, Listed, MOST_CHARACTERS, OperationKind,
    OperationStatus, TheirWords,
};
pub use board::{Board, News, Shown};
pub use clock::{Clock, Ids};
pub use directory::{Directory, ReadModel};
pub use event_store::{
    Append, AppendError, AuditFilter, AuditRecord, ClaimChange, Conflict, Cursor, Due, EventStore, Item,
    ItemChange, ItemKey, ListError, Page, PageRequest, Recorded, RequestFilter, RequestKeys, RequestScope,
    StreamAppend, StreamState,
};
pub use known_event::{BrokenChain, KnownEvent};
pub use notes::{NewNote, Note, Notes};
pub use notifier::{Notification, NotificationKind, Notifier, Resting, Undeliverable};
pub use policies::Policies;
pub use workflow::Workflow;

/// A port could not do its work now. The next `advance` repeats it; a person is asked to try again.
#[derive(Debug, thiserror::Error)]
#[error("{what} is unavailable")]
pub struct Unavailable {
    /// What could not be reached, for instance `the directory`.
    pub what: &'static str,
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl Unavailable {
    /// An unavailability with its source.
    pub fn new(what: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { what, source: source.into() }
    }
}
