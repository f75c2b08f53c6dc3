//! The one-machine program: mostly as a process of its own, which is killed, stopped, tampered with and asked over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod authorization;
#[cfg(feature = "aws")]
mod deployment;
mod drain;
#[cfg(feature = "aws")]
mod elsewhere;
mod eventually;
#[cfg(feature = "aws")]
mod identity_center_aws;
mod journeys;
mod kill;
mod mail;
mod openapi;
mod policies;
mod said;
mod sign_in;
mod sign_in_errors;
mod slack;
#[cfg(feature = "aws")]
mod sns;
mod supervision;
mod support;
mod taken_away;
mod tampering;
#[cfg(not(feature = "aws"))]
mod without_aws;
