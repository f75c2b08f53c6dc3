//! The API as clients meet it: real requests against the real router on the embedded adapters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod audit;
mod authentication;
mod authorization;
mod bad_input;
mod directory_age;
mod discretion;
mod findings;
mod foreseen;
mod http;
mod journey;
mod lists;
mod me;
mod no_longer_allowed;
mod openapi;
mod policies;
mod policy_parts;
mod slack_links;
mod tokens;
mod try_out;
mod world;
