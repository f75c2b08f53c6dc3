//! Approver policies: who must review.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{self, ApproverPolicy};
use kari_domain::text::PolicyName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{self, Policies, VersionedPolicy};
use super::scope::{People, PermissionSets, Targets};
use crate::extract::{Body, ExpectedVersion, Id};
use crate::signed_in::{Administrator, Overseer};
use crate::{ApiState, EditProblems, Problem, Problems};

/// Asks for reviews of requests for its permission sets on its targets. The closest policy decides;
/// those marked *in addition* apply besides it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApproverPolicy)]
pub struct ApproverDocument {
    #[schema(value_type = String, example = "payments-leads")]
    id: PolicyId,
    #[schema(value_type = String, max_length = 100, example = "Payments leads")]
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
        }
    }
}

/// All approver policies
#[utoipa::path(get, path = "/policies/approvers", operation_id = "list_approver_policies", tag = "policies",
    responses((status = 200, body = Policies<ApproverDocument>), Problems))]
pub(crate) async fn list_approver_policies(Overseer(me): Overseer) -> Json<Policies<ApproverDocument>> {
    Json(edit::list::<ApproverPolicy, _>(&me))
}

/// Create one
#[utoipa::path(post, path = "/policies/approvers", operation_id = "create_approver_policy", tag = "policies",
    request_body = ApproverDocument,
    responses((status = 201, body = VersionedPolicy<ApproverDocument>), EditProblems))]
pub(crate) async fn create_approver_policy(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Body(document): Body<ApproverDocument>,
) -> Result<(StatusCode, Json<VersionedPolicy<ApproverDocument>>), Problem> {
    let created = edit::create(&api, &caller, ApproverPolicy::from(document)).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// One of them
#[utoipa::path(get, path = "/policies/approvers/{id}", operation_id = "get_approver_policy", tag = "policies",
    params(("id" = String, Path)),
    responses((status = 200, body = VersionedPolicy<ApproverDocument>), Problems))]
pub(crate) async fn get_approver_policy(
    Overseer(me): Overseer,
    Id(id): Id<PolicyId>,
) -> Result<Json<VersionedPolicy<ApproverDocument>>, Problem> {
    edit::get::<ApproverPolicy, _>(&me, &id).map(Json)
}

/// Replace one
#[utoipa::path(put, path = "/policies/approvers/{id}", operation_id = "change_approver_policy", tag = "policies",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
    request_body = ApproverDocument,
    responses((status = 200, body = VersionedPolicy<ApproverDocument>), EditProblems))]
pub(crate) async fn change_approver_policy(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Id(id): Id<PolicyId>,
    ExpectedVersion(expected): ExpectedVersion,
    Body(document): Body<ApproverDocument>,
) -> Result<Json<VersionedPolicy<ApproverDocument>>, Problem> {
    edit::change(&api, &caller, &id, ApproverPolicy::from(document), expected).await.map(Json)
}

/// Delete one
#[utoipa::path(delete, path = "/policies/approvers/{id}", operation_id = "delete_approver_policy", tag = "policies",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
    responses((status = 204, description = "It is gone"), EditProblems))]
pub(crate) async fn delete_approver_policy(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Id(id): Id<PolicyId>,
    ExpectedVersion(expected): ExpectedVersion,
) -> Result<StatusCode, Problem> {
    edit::delete::<ApproverPolicy>(&api, &caller, &id, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
