//! The audit trail: what is recorded, how events are chained, and how a chain is verified.
//!
//! *Architecture invariant:* a hash covers the stored bytes, never a re-serialization; whoever reads
//! a chain twenty years from now needs no code of ours to check it.

mod actor;
mod checkpoint;
mod envelope;
mod stream;
mod verify;

pub use actor::{Actor, Cause, SystemReason};
pub use checkpoint::{Checkpoint, CheckpointBuilder, MalformedCheckpoint};
pub use envelope::{AuditEvent, Envelope, Head, SealedEvent, Stamp, UnknownEvent, parse, parse_stored, seal};
pub use stream::StreamId;
pub use verify::{ChainFault, verify};

#[cfg(test)]
mod tests;
