//! The ledger: for every tuple (account, permission set, principal) who holds it, and what is known
//! of its assignment in Identity Center.
//!
//! Assignments are computed from it, not toggled: requests join and leave, and the ledger says what
//! Identity Center should hold. *Ownership is decided once*, in the append that enters `creating`,
//! from a look just before it, and never inferred later: what was there before us is never removed,
//! and what we may have created always is.
//!
//! *Architecture invariant:* a ledger's state item alone suffices to end access. Nothing here reads a
//! request.

mod change;
mod event;
mod evolve;
mod plan;
mod state;
mod trouble;

pub use change::{
    Looked, MOST_HOLDERS, MustWait, confirm_absence, join, leave, leave_overdue, note_drift, note_drift_gone,
    note_overdue, note_trouble, observe_missing, observe_present,
};
pub use event::{LedgerEvent, ProvenAbsence, RemovalReason};
pub use evolve::{Impossible, evolve, replay};
pub use plan::{
    BLOCKED_RETRY, HOLDER_BACKSTOP, LedgerStep, REACH_CHECK, back_off, due, plan, retry_after, taken_up_at,
};
pub use state::{Absence, Ledger, OnlyCreation, Ownership, Presence};
pub use trouble::{Trouble, TroubleCode};

#[cfg(test)]
pub(crate) mod tests;
