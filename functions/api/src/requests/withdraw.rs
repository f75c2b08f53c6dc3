use axum::Json;
use axum::extract::State;
use kari_application::withdraw_request;
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::RequestView;
use super::command::command;
use crate::extract::{Body, Id};
use crate::signed_in::EndingCaller;
use crate::{ApiState, CommandProblems, Problem};

/// An empty object.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Take a request back before access begins
#[utoipa::path(post, path = "/requests/{id}/withdraw", operation_id = "withdraw_request", tag = "requests",
    params(("id" = String, Path, format = Uuid)), request_body = Nothing,
    responses((status = 200, body = RequestView), CommandProblems))]
pub(crate) async fn withdraw_request(
    State(api): State<ApiState>,
    EndingCaller(caller): EndingCaller,
    Id(id): Id<RequestId>,
    Body(Nothing {}): Body<Nothing>,
) -> Result<Json<RequestView>, Problem> {
    let run = withdraw_request::withdraw_request(&api.kari, &caller, Cause::Api, id);
    command(&api, &caller, id, "withdraw", run).await
}
