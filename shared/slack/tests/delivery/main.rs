//! What comes to Slack of what is recorded: in the town of the use cases, with a Slack that is strict about its
//! limits and fails when it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod batches;
mod cards;
mod crowd;
mod failing;
mod found;
mod letters;
mod linked;
mod missed;
mod refused;
mod stage;
#[path = "../../../application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;
mod unreadable;
