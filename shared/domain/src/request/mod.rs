//! The life of an access request:
//! `pending → approved → activating → active → ending → closed`.
//!
//! [`decide`] says what a command makes happen, or refuses it; [`evolve`] says what the request is
//! after an event. `decide` calls nothing: every fact travels inside the command. A repeated command
//! is `Ok(vec![])`, a forbidden one `Err(Refusal)`; the two are never merged.
//!
//! *Architecture invariant:* the events are the audit trail. What is not an event did not happen.

mod command;
mod decide;
mod event;
mod evolve;
mod permitted;
mod plan;
mod refusal;
mod state;

pub use command::{Assessment, Command, Ending, ReviewFacts, RevokeRight, Revoker, StartActivation, Submit};
pub use decide::{
    MOST_PENDING, activation_deadline, activation_due_at, check_start, decide, no_longer_allowed,
    over_for_certain_at, prospect,
};
pub use event::{
    Approval, Decision, EndCause, Evidence, FailureReason, Labels, Outcome, RequestEvent, Review, Submission,
    Window,
};
pub use evolve::{Unreplayable, evolve, replay};
pub use permitted::{Action, Viewer, permitted};
pub use plan::{Step, Why, deadline, due, plan};
pub use refusal::Refusal;
pub use state::{
    AccessRequest, Activating, Active, Approved, Asked, Closed, EndingState, Grant, Past, Pending,
    RequestState, Revocation,
};

#[cfg(test)]
pub(crate) mod tests;
