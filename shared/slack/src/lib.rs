//! Slack, where people are: messages rendered from the recorded state, and the client that posts them.
//!
//! It must never know AWS, a store or who calls it, and decides nothing about a request: what a message says
//! and which buttons it has is read off the state. Start reading at [`delivery`], which says what goes where,
//! then [`messages`], what it looks like; `client.rs` is what everything goes through.

mod client;
pub mod delivery;
pub mod identity;
mod language;
pub mod messages;
mod methods;
pub mod people;
mod secrets;
pub mod signature;
pub mod views;

pub use client::{CallError, Slack};
/// The languages that people are told things in.
pub use kari_domain::settings::Language;
pub use language::Pick;
pub use methods::{Bot, EnterpriseUser, Posted, User, UserFlags, UserProfile};
pub use secrets::{NoSecrets, SecretsInUse};
/// The types of Slack's Web API and Block Kit.
pub use slack_morphism::prelude as api;
