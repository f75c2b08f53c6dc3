//! Eligibility policies: who may *ask* for what.

use serde::{Deserialize, Serialize};

use super::scope::{PermissionSets, Principals, Targets};
use crate::ids::PolicyId;
use crate::text::{Note, PolicyName};
use crate::time::Minutes;

/// Lets its principals request its permission sets on its targets for at most its duration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityPolicy {
    pub id: PolicyId,
    pub name: PolicyName,
    pub enabled: bool,
    pub principals: Principals,
    pub targets: Targets,
    pub permission_sets: PermissionSets,
    /// The longest grant this policy allows, before guardrails and the setting.
    pub max_duration_minutes: Minutes,
    pub approval_required: bool,
    pub ticket_required: bool,
    /// Shown in the request form.
    #[serde(default)]
    pub note: Option<Note>,
}
