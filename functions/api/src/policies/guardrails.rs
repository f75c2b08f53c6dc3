//! Guardrails: policies that only take away.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{self, Guardrail};
use kari_domain::text::PolicyName;
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{self, Policies, VersionedPolicy};
use super::scope::{PermissionSets, Principals, Targets};
use crate::extract::{Body, ExpectedVersion, Id};
use crate::signed_in::{Administrator, Overseer};
use crate::{ApiState, EditProblems, Problem, Problems};

/// Restricts every request in its scope; each part of the scope is *all* unless said otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Guardrail)]
pub struct GuardrailDocument {
    #[schema(value_type = String, example = "production-needs-approval")]
    id: PolicyId,
    #[schema(value_type = String, max_length = 100, example = "Production needs approval")]
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

/// All guardrails
#[utoipa::path(get, path = "/policies/guardrails", operation_id = "list_guardrails", tag = "policies",
    responses((status = 200, body = Policies<GuardrailDocument>), Problems))]
pub(crate) async fn list_guardrails(Overseer(me): Overseer) -> Json<Policies<GuardrailDocument>> {
    Json(edit::list::<Guardrail, _>(&me))
}

/// Create one
#[utoipa::path(post, path = "/policies/guardrails", operation_id = "create_guardrail", tag = "policies",
    request_body = GuardrailDocument,
    responses((status = 201, body = VersionedPolicy<GuardrailDocument>), EditProblems))]
pub(crate) async fn create_guardrail(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Body(document): Body<GuardrailDocument>,
) -> Result<(StatusCode, Json<VersionedPolicy<GuardrailDocument>>), Problem> {
    let created = edit::create(&api, &caller, Guardrail::from(document)).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// One of them
#[utoipa::path(get, path = "/policies/guardrails/{id}", operation_id = "get_guardrail", tag = "policies",
    params(("id" = String, Path)),
    responses((status = 200, body = VersionedPolicy<GuardrailDocument>), Problems))]
pub(crate) async fn get_guardrail(
    Overseer(me): Overseer,
    Id(id): Id<PolicyId>,
) -> Result<Json<VersionedPolicy<GuardrailDocument>>, Problem> {
    edit::get::<Guardrail, _>(&me, &id).map(Json)
}

/// Replace one
#[utoipa::path(put, path = "/policies/guardrails/{id}", operation_id = "change_guardrail", tag = "policies",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
    request_body = GuardrailDocument,
    responses((status = 200, body = VersionedPolicy<GuardrailDocument>), EditProblems))]
pub(crate) async fn change_guardrail(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Id(id): Id<PolicyId>,
    ExpectedVersion(expected): ExpectedVersion,
    Body(document): Body<GuardrailDocument>,
) -> Result<Json<VersionedPolicy<GuardrailDocument>>, Problem> {
    edit::change(&api, &caller, &id, Guardrail::from(document), expected).await.map(Json)
}

/// Delete one
#[utoipa::path(delete, path = "/policies/guardrails/{id}", operation_id = "delete_guardrail", tag = "policies",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
    responses((status = 204, description = "It is gone"), EditProblems))]
pub(crate) async fn delete_guardrail(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    Id(id): Id<PolicyId>,
    ExpectedVersion(expected): ExpectedVersion,
) -> Result<StatusCode, Problem> {
    edit::delete::<Guardrail>(&api, &caller, &id, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}
