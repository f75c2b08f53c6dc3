//! The use cases, and the ports through which they reach the world.
//!
//! Async, but it must never know a runtime, an SDK, a database or HTTP. Every state change is loaded, decided
//! and appended as one [`Transaction`](transaction); whoever was overtaken by somebody else loads and decides
//! again, a bounded number of times.
//!
//! Start reading at [`ports`], then [`advance`], the operation that drives every request, and
//! [`settle`], which drives the account assignment behind it.

pub mod advance;
pub mod apply_policies;
pub mod browse;
pub mod caller;
mod change_request;
pub mod channel_event;
pub mod channels;
pub mod chat_links;
pub mod check_records;
#[cfg(feature = "contract")]
pub mod contract;
pub mod edit_policies;
mod error;
pub mod explain;
mod facts;
mod idempotency;
pub mod identify;
mod isolated;
mod lapse_request;
pub mod link_chat;
mod load;
pub mod note_undelivered;
pub mod notices;
pub mod one_time;
mod place;
pub mod policy_findings;
pub mod policy_storage;
pub mod ports;
pub mod read_model_age;
pub mod reconcile;
pub mod record_attempt;
pub mod record_stranger;
pub mod relay;
pub mod remind_reviewers;
pub mod review_request;
pub mod reviewers;
pub mod revoke_grant;
pub mod settle;
pub mod submit_request;
pub mod sync_directory;
mod transaction;
pub mod try_out;
pub mod unlink_chat;
pub mod withdraw_request;
pub mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use kari_domain::ids::GroupId;

pub use error::Error;
pub use load::{Loaded, load_ledger, load_request, load_told};

/// Everything the use cases work with.
#[derive(Clone)]
pub struct Kari {
    pub store: Arc<dyn ports::EventStore>,
    pub policies: Arc<dyn ports::Policies>,
    pub directory: Arc<dyn ports::Directory>,
    pub read_model: Arc<dyn ports::ReadModel>,
    pub assignments: Arc<dyn ports::Assignments>,
    pub workflow: Arc<dyn ports::Workflow>,
    pub notifier: Arc<dyn ports::Notifier>,
    /// Where requests are shown besides the portal; none is needed.
    pub boards: Vec<Arc<dyn ports::Board>>,
    pub clock: Arc<dyn ports::Clock>,
    pub ids: Arc<dyn ports::Ids>,
    pub roles: RoleGroups,
    /// Of which last assignments the log told lately.
    pub said_last: reconcile::SaidLast,
}

impl std::fmt::Debug for Kari {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kari").field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// Which groups are administrators and auditors. Deployment configuration, never an editable setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleGroups {
    pub administrators: BTreeSet<GroupId>,
    pub auditors: BTreeSet<GroupId>,
}
