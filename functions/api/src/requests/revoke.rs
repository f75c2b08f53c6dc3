use axum::Json;
use axum::extract::State;
use kari_application::revoke_grant::revoke_grant;
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;

use super::RequestView;
use super::command::{Remark, answer, carry_out};
use crate::extract::{Body, Id};
use crate::signed_in::EndingCaller;
use crate::{ApiState, CommandProblems, Problem};

/// End access early
#[utoipa::path(post, path = "/requests/{id}/revoke", operation_id = "revoke_request", tag = "requests",
    params(("id" = String, Path, format = Uuid)), request_body = Remark,
    responses((status = 200, body = RequestView), CommandProblems))]
pub(crate) async fn revoke_request(
    State(api): State<ApiState>,
    EndingCaller(caller): EndingCaller,
    Id(id): Id<RequestId>,
    Body(remark): Body<Remark>,
) -> Result<Json<RequestView>, Problem> {
    let run = async { revoke_grant(&api.kari, &caller, Cause::Api, id, remark.parse()?).await };
    match carry_out(&api, &caller, id, "revoke", run).await? {
        Some(request) => answer(&api, &caller, request).await,
        None => Err(Problem::ended_unread()),
    }
}
