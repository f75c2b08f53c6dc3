//! The inbox: what people are told within the portal.

mod list;
mod read;

use std::sync::Arc;

use axum::Extension;
use kari_api::ApiState;
use kari_embedded::inbox::Inbox;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, relative to `/v1`.
pub fn routes(inbox: Arc<Inbox>) -> OpenApiRouter<ApiState> {
    documented().layer(Extension(inbox))
}

/// The routes without anything behind them, for the OpenAPI document.
pub(crate) fn documented() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list::list_inbox)).routes(routes!(read::mark_inbox_read))
}
