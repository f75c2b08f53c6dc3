//! The organization file: what it says, and how its mistakes are told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod existing;
mod format;
mod mistakes;
mod sample;
