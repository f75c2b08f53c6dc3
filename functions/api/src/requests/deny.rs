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

/// Deny a request: one is enough
#[utoipa::path(post, path = "/requests/{id}/deny", operation_id = "deny_request", tag = "requests",
    params(("id" = String, Path, format = Uuid)), request_body = Remark,
    responses((status = 200, body = RequestView), CommandProblems))]
pub(crate) async fn deny_request(
    State(api): State<ApiState>,
    LiveCaller(caller): LiveCaller,
    Id(id): Id<RequestId>,
    Body(remark): Body<Remark>,
) -> Result<Json<RequestView>, Problem> {
    let run =
        async { review_request(&api.kari, &caller, Cause::Api, id, Decision::Deny, remark.parse()?).await };
    command(&api, &caller, id, "deny", run).await
}
