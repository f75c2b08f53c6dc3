//! Guardrails: policies that only take away.

use kari_domain::ids::PolicyId;
use kari_domain::policy::{self, Guardrail};
use kari_domain::text::{PolicyName, written};
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scope::{PermissionSets, Principals, Targets};

/// Restricts every request in its scope; each part of the scope is *all* unless said otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Guardrail)]
pub struct GuardrailDocument {
    #[schema(value_type = String, example = "production-needs-approval")]
    id: PolicyId,
    #[schema(value_type = String, max_length = 100, example = "Production needs approval")]
    #[serde(deserialize_with = "written")]
    name: PolicyName,
    enabled: bool,
    #[serde(default)]
    principals: Principals,
    #[serde(default)]
    targets: Targets,
    #[serde(default)]
    permission_sets: PermissionSets,
    effect: Effect,
}

/// What a guardrail does to the requests in its scope: `"forbid"`, `"require-approval"` or
/// `{"cap": {"minutes": 60}}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    Forbid,
    RequireApproval,
    Cap { minutes: u32 },
}

impl From<Effect> for policy::Effect {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Forbid => Self::Forbid,
            Effect::RequireApproval => Self::RequireApproval,
            Effect::Cap { minutes } => Self::Cap { minutes: Minutes(minutes) },
        }
    }
}

impl From<policy::Effect> for Effect {
    fn from(effect: policy::Effect) -> Self {
        match effect {
            policy::Effect::Forbid => Self::Forbid,
            policy::Effect::RequireApproval => Self::RequireApproval,
            policy::Effect::Cap { minutes } => Self::Cap { minutes: minutes.0 },
        }
    }
}

impl From<GuardrailDocument> for Guardrail {
    fn from(document: GuardrailDocument) -> Self {
        Self {
            id: document.id,
            name: document.name,
            enabled: document.enabled,
            principals: document.principals.into(),
            targets: document.targets.into(),
            permission_sets: document.permission_sets.into(),
            effect: document.effect.into(),
        }
    }
}

impl From<&Guardrail> for GuardrailDocument {
    fn from(policy: &Guardrail) -> Self {
        Self {
            id: policy.id.clone(),
            name: policy.name.clone(),
            enabled: policy.enabled,
            principals: (&policy.principals).into(),
            targets: (&policy.targets).into(),
            permission_sets: (&policy.permission_sets).into(),
            effect: policy.effect.into(),
        }
    }
}
