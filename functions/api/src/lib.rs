//! The HTTP API: an [`axum`] router over the use cases. It parses what comes in, asks a use case, and
//! shapes what goes out.
//!
//! It must never hold a rule of the domain, decide who may do what by a token's claims, or log what
//! people write. Start reading at [`router`], then at one endpoint, for instance
//! `requests/approve.rs`; [`authentication`] says who calls, `problem.rs` what goes wrong.

mod apart;
mod attempts;
mod audit;
pub mod authentication;
mod directory;
mod documented;
mod eligibility;
mod extract;
mod health;
mod me;
mod openapi;
mod policies;
mod problem;
mod requests;
mod routes;
mod routing;
mod settings;
mod shapes;
mod shell;
mod signed_in;
mod slack_link;
mod slack_links;
mod state;

pub use documented::{CommandProblems, EditProblems, Problems, SubmitProblems};
pub use extract::{At, Body, Limit, Params, page};
pub use health::{Health, health};
pub use openapi::openapi;
pub use problem::{PROBLEM_JSON, Problem};
pub use routes::{router, router_with};
pub use shapes::{Names, Person};
pub use signed_in::{Administrator, LiveCaller, Overseer, SyncedCaller};
pub use state::{ApiState, Channel, PortalConfig};
