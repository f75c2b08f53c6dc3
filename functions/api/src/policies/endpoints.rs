//! The five endpoints that every kind of policies has. They are written once, as a macro, because the
//! OpenAPI document needs each path in words; what they do is in `edit`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_domain::ids::PolicyId;
use kari_domain::policy::{ApproverPolicy, EligibilityPolicy, Guardrail};

use super::approvers::ApproverDocument;
use super::edit::{self, ListPolicies, Policies, VersionedPolicy};
use super::eligibility::EligibilityDocument;
use super::guardrails::GuardrailDocument;
use super::{findings, try_out};
use crate::extract::{Body, ExpectedVersion, Id, POLICY_KIB, Params};
use crate::routing::{Routes, with};
use crate::signed_in::{Administrator, Overseer};
use crate::{ApiState, EditProblems, Problem, Problems};

/// The endpoints of all kinds, relative to `/v1`.
pub(crate) fn routes<R: Routes>() -> R {
    let routes = R::none().and(eligibility::routes()).and(approvers::routes()).and(guardrails::routes());
    let routes = with!(routes, try_out::try_policies);
    with!(routes, findings::list_policy_findings)
}

/// `kind` is the last part of the path; `one` and `many` are what operation ids call it.
macro_rules! endpoints {
    ($kind:ident: $policy:ident as $document:ident, $one:literal, $many:literal, $summary:literal) => {
        mod $kind {
            use super::*;

            pub(super) fn routes<R: Routes>() -> R {
                with!(with!(R::none(), list, create), get, change, delete)
            }

            #[utoipa::path(get, path = concat!("/policies/", stringify!($kind)),
                operation_id = concat!("list_", $many), tag = "policies", summary = $summary,
                params(ListPolicies), responses((status = 200, body = Policies<$document>), Problems))]
            async fn list(
                State(api): State<ApiState>,
                _: Overseer,
                Params(part): Params<ListPolicies>,
            ) -> Result<Json<Policies<$document>>, Problem> {
                edit::list::<$policy, _>(&api, &part).await.map(Json)
            }

            /// Create one
            #[utoipa::path(post, path = concat!("/policies/", stringify!($kind)),
                operation_id = concat!("create_", $one), tag = "policies",
                request_body = $document,
                responses((status = 201, body = VersionedPolicy<$document>), EditProblems))]
            async fn create(
                State(api): State<ApiState>,
                Administrator(caller): Administrator,
                Body(document): Body<$document, POLICY_KIB>,
            ) -> Result<(StatusCode, Json<VersionedPolicy<$document>>), Problem> {
                let created = edit::create(&api, &caller, $policy::from(document)).await?;
                Ok((StatusCode::CREATED, Json(created)))
            }

            /// One of them
            #[utoipa::path(get, path = concat!("/policies/", stringify!($kind), "/{id}"),
                operation_id = concat!("get_", $one), tag = "policies",
                params(("id" = String, Path)),
                responses((status = 200, body = VersionedPolicy<$document>), Problems))]
            async fn get(
                State(api): State<ApiState>,
                _: Overseer,
                Id(id): Id<PolicyId>,
            ) -> Result<Json<VersionedPolicy<$document>>, Problem> {
                edit::get::<$policy, _>(&api, &id).await.map(Json)
            }

            /// Replace one
            #[utoipa::path(put, path = concat!("/policies/", stringify!($kind), "/{id}"),
                operation_id = concat!("change_", $one), tag = "policies",
                params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
                request_body = $document,
                responses((status = 200, body = VersionedPolicy<$document>), EditProblems))]
            async fn change(
                State(api): State<ApiState>,
                Administrator(caller): Administrator,
                Id(id): Id<PolicyId>,
                ExpectedVersion(expected): ExpectedVersion,
                Body(document): Body<$document, POLICY_KIB>,
            ) -> Result<Json<VersionedPolicy<$document>>, Problem> {
                edit::change(&api, &caller, &id, $policy::from(document), expected).await.map(Json)
            }

            /// Delete one
            #[utoipa::path(delete, path = concat!("/policies/", stringify!($kind), "/{id}"),
                operation_id = concat!("delete_", $one), tag = "policies",
                params(("id" = String, Path), ("If-Match" = String, Header, description = "The version it was made from, in quotes")),
                responses((status = 204, description = "It is gone"), EditProblems))]
            async fn delete(
                State(api): State<ApiState>,
                Administrator(caller): Administrator,
                Id(id): Id<PolicyId>,
                ExpectedVersion(expected): ExpectedVersion,
            ) -> Result<StatusCode, Problem> {
                edit::delete::<$policy>(&api, &caller, &id, expected).await?;
                Ok(StatusCode::NO_CONTENT)
            }
        }
    };
}

endpoints!(eligibility: EligibilityPolicy as EligibilityDocument,
    "eligibility_policy", "eligibility_policies", "All eligibility policies");
endpoints!(approvers: ApproverPolicy as ApproverDocument,
    "approver_policy", "approver_policies", "All approver policies");
endpoints!(guardrails: Guardrail as GuardrailDocument,
    "guardrail", "guardrails", "All guardrails");
