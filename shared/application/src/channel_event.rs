//! What is recorded about a channel, in a stream of its own.

use kari_domain::audit::AuditEvent;
use kari_domain::ids::UserId;
use serde::{Deserialize, Serialize};

/// What happened with a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum ChannelEvent {
    /// Nothing is taken at a destination, however often it is tried.
    Undeliverable {
        /// Where in the channel, for instance the id of a chat's channel.
        destination: String,
        /// The channel's own code for why.
        code: String,
    },
    /// An account of a chat speaks for a user from now on.
    Linked {
        /// As the chat knows it.
        account: String,
        user: UserId,
        /// What the account was called there at that time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// It speaks for them no more. By whom it was ended says the envelope.
    Unlinked { account: String, user: UserId },
}

impl AuditEvent for ChannelEvent {}
