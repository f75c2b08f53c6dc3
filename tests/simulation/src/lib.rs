//! A whole organization lives through bad days in a few milliseconds: random people ask, review,
//! withdraw and revoke; calls fail, answers get lost, processes die at every await; and after each
//! step it is checked that access ends.
//!
//! Everything runs on one thread, on a clock that jumps, from one seed: the same seed is the same
//! run. It must never use a runtime, the machine's clock or other randomness. It is a test that lives
//! in a library, hence the lints below.
//!
//! Start reading at [`simulation`], then [`tasks`] (what is interleaved), [`ports`] (what goes wrong)
//! and [`watch`] (what must hold).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc
)]

pub mod chaos;
pub mod commands;
pub mod coverage;
mod crash;
mod deeds;
pub mod dice;
mod edits;
pub mod finale;
mod guard;
mod journey;
pub mod many;
pub mod mutant;
pub mod organization;
mod poison;
pub mod ports;
pub mod process;
mod rounds;
pub mod scenes;
pub mod schedule;
pub mod simulation;
pub mod tasks;
pub mod watch;
