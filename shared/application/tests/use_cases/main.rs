//! Use cases on the embedded parts, where it takes many requests to see what they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod alarm;
mod asking;
mod attempts;
mod check;
mod drain;
mod drift;
mod elsewhere;
mod endings;
mod hanging;
mod last_assignment;
mod linking;
mod management;
mod offers;
mod one_time;
mod pace;
mod policy_as_code;
mod policy_bounds;
mod refused;
mod review_rights;
mod stale;
mod sweep;
mod sync;
mod tampered;
mod telling;
mod to_review;
mod town;
mod unlinking;
mod unlucky;
mod unreadable;
mod untold;
mod verify;
