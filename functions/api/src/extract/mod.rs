//! Requests, parsed at the edge: what gets past here is well-formed.

mod at;
mod body;
mod headers;
mod misfit;
mod path;
mod query;
mod slack_account;

pub use at::At;
pub use body::Body;
pub(crate) use body::POLICY_KIB;
pub(crate) use headers::{ExpectedVersion, IdempotencyKey};
pub(crate) use path::Id;
pub use query::{Limit, Params, page};
pub(crate) use query::{ListedIds, Search, States};
pub(crate) use slack_account::{SlackAccount, SlackAccountOf};
