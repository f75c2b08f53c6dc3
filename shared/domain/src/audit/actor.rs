//! Who did something, and what led to it.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// Who did something here: a person, or the system with a named reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Actor {
    /// A person; the label is the display name of that time.
    User {
        id: UserId,
        label: String,
    },
    System {
        reason: SystemReason,
    },
}

impl Actor {
    /// The person's id, if a person acted.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::System { .. } => None,
        }
    }
}

/// Why the system acted without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemReason {
    /// An instant that was fixed earlier has come.
    Clock,
    /// A policy lets it pass without approval.
    Policy,
    /// The directory changed: a user was disabled or deleted.
    Directory,
    /// Identity Center answered.
    IdentityCenter,
    /// The ledger was compared with Identity Center.
    Reconciler,
    /// Somebody revoked it; the event before names them.
    Revocation,
    /// A channel that tells people answered.
    Channel,
    /// The first set-up of a deployment.
    Setup,
    /// Somebody who operates the deployment, at its command line.
    Operator,
}

/// Through which door a command came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A person, through the HTTP API (the portal or a script).
    Api,
    /// A person, through Slack.
    Slack,
    /// The operation that drives a request or a tuple.
    Advance,
    /// The sweep over everything.
    Reconcile,
    /// An operator's command line.
    Operator,
}
