//! The adapters against AWS's own DynamoDB engine, and against what stands for the other services.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod clock;
mod counter;
mod duties;
mod front;
mod journey;
mod letters;
mod limiter;
mod management;
mod narrow;
mod notes;
mod policies;
mod policy_copy;
mod read_model;
mod reading;
mod records;
mod rounds;
mod store;
mod store_contract;
mod support;
mod topic;
#[path = "../../../application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;
mod turns;
mod workflow;
