//! Approver policies: who must *review* requests for which targets.

use serde::{Deserialize, Serialize};

use super::scope::{People, PermissionSets, Targets};
use crate::ids::{PolicyId, SlackChannel};
use crate::text::PolicyName;

/// Asks for reviews of requests for its permission sets on its targets. The closest policy decides,
/// those marked *in addition* apply besides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproverPolicy {
    pub id: PolicyId,
    pub name: PolicyName,
    pub enabled: bool,
    pub targets: Targets,
    pub permission_sets: PermissionSets,
    /// All of them must be met, and nobody counts twice.
    pub requirements: Vec<Requirement>,
    /// Who is told of a request; may be fewer people than may approve.
    #[serde(default)]
    pub notify: People,
    /// Applies wherever it matches, besides the closest policy. It never replaces one.
    #[serde(default)]
    pub in_addition: bool,
    /// The Slack channel in which its requests are reviewed; the one of the settings if it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack_channel: Option<SlackChannel>,
    /// Its reviewers approve in the portal only: what they press in a chat denies, and never approves. Not
    /// stored while it is not so, as before there was this rule.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub portal_only: bool,
}

/// So many of these people must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub reviewers: People,
    /// How many distinct people, at least one.
    pub quorum: u8,
}
