//! Eligibility policies: who may ask for what.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_domain::ids::PolicyId;
use kari_domain::policy::EligibilityPolicy;
use kari_domain::text::{Note, PolicyName};
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{self, Policies, VersionedPolicy};
use super::scope::{PermissionSets, Principals, Targets};
use crate::extract::{Body, ExpectedVersion, Id};
use crate::signed_in::{Administrator, Overseer};
use crate::{ApiState, EditProblems, Problem, Problems};

/// Lets its principals request its permission sets on its targets for at most its duration.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EligibilityPolicy)]
pub struct EligibilityDocument {
    #[schema(value_type = String, example = "developers-sandbox")]
    id: PolicyId,
    #[schema(value_type = String, max_length = 100, example = "Developers in sandbox accounts")]
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
    #[serde(default)]
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

/// All eligibility policies
#[utoipa::path(get, path = "/policies/eligibility", operation_id = "list_eligibility_policies", tag = "policies",
    responses((status = 200, body = Policies<EligibilityDocument>), Problems))]
pub(crate) async fn list_eligibility_policies(Overseer(me): Overseer) -> Json<Policies<EligibilityDocument>> {
    Json(edit::list::<EligibilityPolicy, _>(&me))
}

/// Create one
#[utoipa::path(post, path = "/policies/eligibility", operation_id = "create_eligibility_policy", tag = "policies",
    request_body = EligibilityDocument,
    responses((status = 201, body = VersionedPolicy<EligibilityDocument>), EditProblems))]
pub(crate) async fn create_eligibility_policy(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Body(document): Body<EligibilityDocument>,
) -> Result<(StatusCode, Json<VersionedPolicy<EligibilityDocument>>), Problem> {
    let created = edit::create(&api, &caller, EligibilityPolicy::from(document)).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// One of them
#[utoipa::path(get, path = "/policies/eligibility/{id}", operation_id = "get_eligibility_policy", tag = "policies",
    params(("id" = String, Path)),
    responses((status = 200, body = VersionedPolicy<EligibilityDocument>), Problems))]
pub(crate) async fn get_eligibility_policy(
    Overseer(me): Overseer,
    Id(id): Id<PolicyId>,
) -> Result<Json<VersionedPolicy<EligibilityDocument>>, Problem> {
    edit::get::<EligibilityPolicy, _>(&me, &id).map(Json)
}

/// Replace one
#[utoipa::path(put, path = "/policies/eligibility/{id}", operation_id = "change_eligibility_policy", tag = "policies",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
    request_body = EligibilityDocument,
    responses((status = 200, body = VersionedPolicy<EligibilityDocument>), EditProblems))]
pub(crate) async fn change_eligibility_policy(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Id(id): Id<PolicyId>,
    ExpectedVersion(expected): ExpectedVersion,
    Body(document): Body<EligibilityDocument>,
) -> Result<Json<VersionedPolicy<EligibilityDocument>>, Problem> {
    edit::change(&api, &caller, &id, EligibilityPolicy::from(document), expected).await.map(Json)
}

/// Delete one
#[utoipa::path(delete, path = "/policies/eligibility/{id}", operation_id = "delete_eligibility_policy", tag = "policies",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
    responses((status = 204, description = "It is gone"), EditProblems))]
pub(crate) async fn delete_eligibility_policy(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Id(id): Id<PolicyId>,
    ExpectedVersion(expected): ExpectedVersion,
) -> Result<StatusCode, Problem> {
    edit::delete::<EligibilityPolicy>(&api, &caller, &id, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
