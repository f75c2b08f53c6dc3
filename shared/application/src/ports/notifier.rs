use async_trait::async_trait;
use kari_domain::audit::StreamId;
use kari_domain::ids::{RequestId, UserId};
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Unavailable;

/// What people are told about. One kind of event, one message (`failure-modes` 35).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotificationKind {
    /// To reviewers: a request waits for you.
    ReviewWanted,
    /// To the requester.
    Approved,
    Denied,
    /// To those who were asked to review it: its requester took it back.
    Withdrawn,
    /// To the requester.
    Lapsed,
    /// To the requester: access is ready.
    Active,
    ExpiringSoon,
    Failed,
    Expired,
    Revoked,
    /// To administrators: an ending takes too long.
    RemovalOverdue,
    /// To administrators and the requester: an ending is blocked, and may stay so for days.
    RemovalBlocked,
    /// To administrators: the policy set or the settings changed.
    PoliciesChanged,
    /// To administrators: the directory changed, and a policy names what is gone or cannot be met any more.
    PolicyNeedsAttention,
    /// To administrators: the directory could not be read for long, so that nobody has a right by what was
    /// read last.
    DirectoryTooOld,
    /// To administrators: Identity Center differs from the ledger.
    DriftFound,
    /// To administrators: something recorded cannot be understood, and waits for them.
    RecordsUnreadable,
}

/// One message to some people about one recorded event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    pub kind: NotificationKind,
    pub recipients: Vec<UserId>,
    /// The event it tells of. Where nothing was recorded it tells of the stream itself, and the sequence is
    /// 0, or what makes this time another one. Drift is told for an account: the stream is what the names of
    /// its ledgers begin with, the sequence the instant in milliseconds. What is told of policies is told for an
    /// append: the sequence stands for that. With the channel these identify a delivery.
    pub stream: StreamId,
    pub sequence: u64,
    pub request: Option<RequestId>,
    pub at: Instant,
}

/// The source of an [`Unavailable`] that no repetition mends: the channel never takes this message.
#[derive(Debug, thiserror::Error)]
#[error("the channel does not take this message: {0}")]
pub struct Undeliverable(pub String);

/// The source of an [`Unavailable`] that is no trouble: the channel takes this message in a moment.
#[derive(Debug, thiserror::Error)]
#[error("{0}; it is told again in a moment")]
pub struct Resting(pub String);

/// A channel that tells people.
///
/// Laws: idempotent by (recipient, stream, sequence, kind): delivering again changes nothing. What is never taken
/// is told by its source, [`Undeliverable`], so that it holds up nothing. What it puts off it remembers, and delivers when
/// it is asked to catch up. A channel for machines has one message for all recipients, and none of what it was told as
/// an event.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Delivers to every recipient.
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable>;
    /// Delivers what was put off because the channel took nothing from anybody, as far as it does now. A channel that
    /// puts nothing off has nothing to do.
    async fn catch_up(&self) -> Result<(), Unavailable> {
        Ok(())
    }
}
