//! What Slack calls: an [`axum`] router over the same use cases as the portal's. It takes what Slack signed, answers
//! within its three seconds, and hands commands over to [`work`], which does them.
//!
//! It must never hold a rule of the domain, believe anything that comes with a button but the id of a request, or
//! log what people write. Start reading at [`router`], then at `interactions.rs`; `verified.rs` says what is
//! Slack's, `who.rs` who somebody is.

mod app;
mod commands;
mod events;
mod filled_in;
mod form;
mod incoming;
mod interactions;
mod job;
mod prompt;
mod requests;
mod routes;
mod say;
mod search;
mod verified;
mod who;
mod work;

pub use app::{HandOver, NotSetUp, SetUp, SlackApp};
pub use job::{Job, Reply, SentForm, SignedMessage, Wish};
pub use routes::router;
pub use work::{Unfinished, work};
