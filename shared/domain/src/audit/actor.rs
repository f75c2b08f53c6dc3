//! Who did something, and what led to it.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// Who did something here: a person, or the system with a named reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub enum Actor {
    /// A person; the label is the display name of that time.
    User {
        id: UserId,
        label: String,
    },
    System {
        reason: SystemReason,
    },
    /// Somebody who operates the deployment, at its command line, by what AWS calls them (an ARN): they need
    /// not be in the identity store.
    Operator {
        label: String,
    },
    /// Somebody in a channel who is nobody here, by their account in it, such as `slack/T…/U…`. NB. Ids only: anybody
    /// may take any name there.
    Stranger {
        account: String,
    },
}

impl Actor {
    /// The person's id, if a person acted.
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::System { .. } | Self::Operator { .. } | Self::Stranger { .. } => None,
        }
    }
}

/// An actor as it is recorded. An operator is the system that acts for an operator, and a stranger a channel that
/// tells of an account, so that programs of before either was known read them as they always did.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Stored {
    User {
        id: UserId,
        label: String,
    },
    System {
        reason: SystemReason,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    },
}

impl From<Stored> for Actor {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::User { id, label } => Self::User { id, label },
            Stored::System { reason: SystemReason::Operator, label: Some(label) } => Self::Operator { label },
            Stored::System { reason: SystemReason::Channel, label: Some(account) } => {
                Self::Stranger { account }
            }
            Stored::System { reason, label: _ } => Self::System { reason },
        }
    }
}

impl From<Actor> for Stored {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::User { id, label } => Self::User { id, label },
            Actor::System { reason } => Self::System { reason, label: None },
            Actor::Operator { label } => Self::System { reason: SystemReason::Operator, label: Some(label) },
            Actor::Stranger { account } => {
                Self::System { reason: SystemReason::Channel, label: Some(account) }
            }
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
    /// A channel that tells people answered, or brought something of an account that is nobody's.
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
