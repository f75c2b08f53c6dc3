//! What the policies say, rule by rule (tables) and for any policies at all (properties).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports
)]

mod agreement;
mod approvers;
mod checks;
mod eligibility;
mod guardrails;
mod json;
mod linting;
mod offering;
mod organization;
mod properties;
mod reasons;
mod reference;
mod reviews;
mod universe;
