//! Approver policies: who must *review* requests for which targets.

use serde::{Deserialize, Serialize};

use super::scope::{People, PermissionSets, Targets};
use crate::ids::PolicyId;
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
}

/// So many of these people must approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub reviewers: People,
    /// How many distinct people, at least one.
    pub quorum: u8,
}
