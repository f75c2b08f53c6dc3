//! Approver policies: who must review.

use kari_domain::ids::{PolicyId, SlackChannel};
use kari_domain::policy::{self, ApproverPolicy};
use kari_domain::text::{PolicyName, written};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scope::{People, PermissionSets, Targets};

/// Asks for reviews of requests for its permission sets on its targets. The closest policy decides;
/// those marked *in addition* apply besides it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApproverPolicy)]
pub struct ApproverDocument {
    #[schema(value_type = String, example = "payments-leads")]
    id: PolicyId,
    #[schema(value_type = String, max_length = 100, example = "Payments leads")]
    #[serde(deserialize_with = "written")]
    name: PolicyName,
    enabled: bool,
    targets: Targets,
    permission_sets: PermissionSets,
    /// All of them must be met, and nobody counts twice.
    requirements: Vec<RequirementDocument>,
    /// Who is told of a request.
    #[serde(default)]
    notify: People,
    #[serde(default)]
    in_addition: bool,
    /// The Slack channel in which its requests are reviewed, by id or name; the one of the settings if it
    /// names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 81, example = "C0123456789")]
    slack_channel: Option<SlackChannel>,
    /// Its reviewers approve in the portal only, not in Slack.
    #[serde(default)]
    portal_only: bool,
}

/// So many of these people must approve.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApproverRequirement)]
pub struct RequirementDocument {
    reviewers: People,
    #[schema(minimum = 1, maximum = 10)]
    quorum: u8,
}

impl From<RequirementDocument> for policy::Requirement {
    fn from(requirement: RequirementDocument) -> Self {
        Self { reviewers: requirement.reviewers.into(), quorum: requirement.quorum }
    }
}

impl From<&policy::Requirement> for RequirementDocument {
    fn from(requirement: &policy::Requirement) -> Self {
        Self { reviewers: (&requirement.reviewers).into(), quorum: requirement.quorum }
    }
}

impl From<ApproverDocument> for ApproverPolicy {
    fn from(document: ApproverDocument) -> Self {
        Self {
            id: document.id,
            name: document.name,
            enabled: document.enabled,
            targets: document.targets.into(),
            permission_sets: document.permission_sets.into(),
            requirements: document.requirements.into_iter().map(Into::into).collect(),
            notify: document.notify.into(),
            in_addition: document.in_addition,
            slack_channel: document.slack_channel,
            portal_only: document.portal_only,
        }
    }
}

impl From<&ApproverPolicy> for ApproverDocument {
    fn from(policy: &ApproverPolicy) -> Self {
        Self {
            id: policy.id.clone(),
            name: policy.name.clone(),
            enabled: policy.enabled,
            targets: (&policy.targets).into(),
            permission_sets: (&policy.permission_sets).into(),
            requirements: policy.requirements.iter().map(Into::into).collect(),
            notify: (&policy.notify).into(),
            in_addition: policy.in_addition,
            slack_channel: policy.slack_channel.clone(),
            portal_only: policy.portal_only,
        }
    }
}
