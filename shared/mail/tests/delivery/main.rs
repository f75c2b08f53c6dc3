//! Who is written to, and what becomes of what is not taken. The postman keeps what he is given.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod refused;
mod reviewers;
mod stage;
mod told;
#[path = "../../../application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;
