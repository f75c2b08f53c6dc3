use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use kari_api::{ApiState, Body, CommandProblems, Problem, SyncedCaller};
use kari_application::Error;
use kari_embedded::inbox::Inbox;
use serde::Deserialize;
use utoipa::ToSchema;

/// What was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// The newest message that was shown; what came after it stays new.
    up_to: i64,
}

/// Mark my messages as read
#[utoipa::path(post, path = "/inbox/read", operation_id = "mark_inbox_read", tag = "inbox",
    request_body = Seen,
    responses((status = 204, description = "They are read"), CommandProblems))]
pub(crate) async fn mark_inbox_read(
    State(api): State<ApiState>,
    Extension(inbox): Extension<Arc<Inbox>>,
    me: SyncedCaller,
    Body(seen): Body<Seen>,
) -> Result<StatusCode, Problem> {
    inbox.mark_read(&me.caller.user.id, seen.up_to, api.kari.clock.now()).map_err(Error::from)?;
    Ok(StatusCode::NO_CONTENT)
}
