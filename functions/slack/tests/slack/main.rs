//! What Slack calls, as Slack calls it: signed messages against the real router and worker, on the embedded
//! adapters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod asking;
mod cards;
mod fake;
mod home;
mod linking;
mod off;
mod people;
mod repeats;
mod reviews;
mod signed;
mod views;
mod world;
