use axum::Json;
use axum::extract::State;
use kari_application::browse;
use kari_domain::ids::RequestId;
use serde::Serialize;
use utoipa::ToSchema;

use super::timeline::timeline;
use super::unreadable::told;
use super::view::Eye;
use super::{RequestView, TimelineEntry};
use crate::extract::Id;
use crate::{ApiState, Problem, Problems, SyncedCaller};

/// A request with everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestDetail {
    #[serde(flatten)]
    request: RequestView,
    timeline: Vec<TimelineEntry>,
}

/// One request
#[utoipa::path(get, path = "/requests/{id}", operation_id = "get_request", tag = "requests",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = RequestDetail), Problems))]
pub(crate) async fn get_request(
    State(api): State<ApiState>,
    me: SyncedCaller,
    Id(id): Id<RequestId>,
) -> Result<Json<RequestDetail>, Problem> {
    let SyncedCaller { caller, around } = me;
    let found = browse::get_request(&api.kari, &caller, &around, id).await;
    let (seen, events) = told(&api.kari, id, found).await?;
    let eye = Eye::of(&api, &caller, &around);
    let request = eye.see(&seen).ok_or_else(Problem::not_found)?;
    Ok(Json(RequestDetail { request, timeline: timeline(&events, eye)? }))
}
