use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{SlackApp, commands, events, interactions};

/// Slack's messages are short, but bring the message or view along that something was pressed in.
const MOST_BODY_BYTES: usize = 1024 * 1024;

/// Everything that Slack calls, beneath `/slack`.
pub fn router(app: SlackApp) -> Router {
    Router::new()
        .route("/slack/commands", post(commands::command))
        .route("/slack/interactions", post(interactions::interaction))
        .route("/slack/events", post(events::event))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
