//! Eligibility policies: who may ask for what.

use kari_domain::ids::PolicyId;
use kari_domain::policy::EligibilityPolicy;
use kari_domain::text::{Note, PolicyName, written, written_if_any};
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scope::{PermissionSets, Principals, Targets};

/// Lets its principals request its permission sets on its targets for at most its duration.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EligibilityPolicy)]
pub struct EligibilityDocument {
    #[schema(value_type = String, example = "developers-sandbox")]
    id: PolicyId,
    #[schema(value_type = String, max_length = 100, example = "Developers in sandbox accounts")]
    #[serde(deserialize_with = "written")]
    name: PolicyName,
    enabled: bool,
    principals: Principals,
    targets: Targets,
    permission_sets: PermissionSets,
    /// The longest grant it allows, before guardrails and the setting.
    max_duration_minutes: u32,
    approval_required: bool,
    ticket_required: bool,
    /// Shown in the request form.
    #[serde(default, deserialize_with = "written_if_any")]
    #[schema(value_type = Option<String>, max_length = 500)]
    note: Option<Note>,
}

impl From<EligibilityDocument> for EligibilityPolicy {
    fn from(document: EligibilityDocument) -> Self {
        Self {
            id: document.id,
            name: document.name,
            enabled: document.enabled,
            principals: document.principals.into(),
            targets: document.targets.into(),
            permission_sets: document.permission_sets.into(),
            max_duration_minutes: Minutes(document.max_duration_minutes),
            approval_required: document.approval_required,
            ticket_required: document.ticket_required,
            note: document.note,
        }
    }
}

impl From<&EligibilityPolicy> for EligibilityDocument {
    fn from(policy: &EligibilityPolicy) -> Self {
        Self {
            id: policy.id.clone(),
            name: policy.name.clone(),
            enabled: policy.enabled,
            principals: (&policy.principals).into(),
            targets: (&policy.targets).into(),
            permission_sets: (&policy.permission_sets).into(),
            max_duration_minutes: policy.max_duration_minutes.0,
            approval_required: policy.approval_required,
            ticket_required: policy.ticket_required,
            note: policy.note.clone(),
        }
    }
}
