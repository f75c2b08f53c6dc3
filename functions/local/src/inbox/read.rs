use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use kari_api::{ApiState, Problem, Problems, SyncedCaller};
use kari_application::Error;
use kari_application::ports::PageRequest;
use kari_embedded::inbox::Inbox;

/// Mark my messages as read
#[utoipa::path(post, path = "/inbox/read", operation_id = "mark_inbox_read", tag = "inbox",
    responses((status = 204, description = "They are read"), Problems))]
pub(crate) async fn mark_inbox_read(
    State(api): State<ApiState>,
    Extension(inbox): Extension<Arc<Inbox>>,
    me: SyncedCaller,
) -> Result<StatusCode, Problem> {
    let user = &me.caller.user.id;
    let newest = inbox.messages(user, &PageRequest { limit: 1, after: None }).map_err(Error::from)?;
    if let Some(newest) = newest.items.first() {
        inbox.mark_read(user, newest.id, api.kari.clock.now()).map_err(Error::from)?;
    }
    Ok(StatusCode::NO_CONTENT)
}
