//! Contract suites: the laws of each port as functions that panic where a law is broken. An adapter
//! passes them by calling each in a test; [`event_store_contract!`](crate::event_store_contract) makes
//! one test of every law of the largest. Beside them is what tests of several packages do to the ports.
//!
//! They are tests that live in a library, hence the lints below.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc
)]

pub mod assignments;
pub mod clock;
pub mod directory;
pub mod doubles;
pub mod event_store;
pub mod notes;
pub mod notifier;
pub mod policies;
pub mod read_model;
pub mod unreadable;
pub mod workflow;
