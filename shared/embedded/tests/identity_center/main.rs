//! The behaviours of the simulated Identity Center, each a sentence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod contracts;
mod deleted_and_suspended;
mod determinism;
mod faults;
mod http;
mod invariants;
mod lateness;
mod lookups;
mod operations;
mod outside;
mod ports;
mod quotas;
mod roles;
mod town;
mod views;
