//! Guardrails: policies that only take away. They always win.

use serde::{Deserialize, Serialize};

use super::scope::{PermissionSets, Principals, Targets};
use crate::ids::PolicyId;
use crate::text::PolicyName;
use crate::time::Minutes;

/// Restricts every request in its scope; each part of the scope is *all* unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    pub id: PolicyId,
    pub name: PolicyName,
    pub enabled: bool,
    #[serde(default = "Principals::everyone")]
    pub principals: Principals,
    #[serde(default = "Targets::all")]
    pub targets: Targets,
    #[serde(default)]
    pub permission_sets: PermissionSets,
    pub effect: Effect,
}

/// What a guardrail does to the requests in its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// No request is possible.
    Forbid,
    /// No request goes without approval.
    RequireApproval,
    /// No request may be longer. It is refused, never shortened.
    Cap { minutes: Minutes },
}
