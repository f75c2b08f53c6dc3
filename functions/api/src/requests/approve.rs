use axum::Json;
use axum::extract::State;
use kari_application::review_request::review_request;
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::Decision;

use super::RequestView;
use super::command::{Remark, command};
use crate::extract::{Body, Id};
use crate::{ApiState, CommandProblems, LiveCaller, Problem};

/// Approve a request
#[utoipa::path(post, path = "/requests/{id}/approve", operation_id = "approve_request", tag = "requests",
    params(("id" = String, Path, format = Uuid)), request_body = Remark,
    responses((status = 200, body = RequestView), CommandProblems))]
pub(crate) async fn approve_request(
    State(api): State<ApiState>,
    LiveCaller(caller): LiveCaller,
    Id(id): Id<RequestId>,
    Body(remark): Body<Remark>,
) -> Result<Json<RequestView>, Problem> {
    let run = async {
        review_request(&api.kari, &caller, Cause::Api, id, Decision::Approve, remark.parse()?).await
    };
    command(&api, &caller, id, "approve", run).await
}
