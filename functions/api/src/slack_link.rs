use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kari_application::link_chat::offer_link;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiState, LiveCaller, Problem, Problems};

/// A code that links a Slack account to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlackLink {
    /// To be given in Slack, with `/access link CODE`.
    #[schema(example = "K7QF-M2XW-9PDA")]
    code: String,
    /// When it is no good any more.
    expires_at: DateTime<Utc>,
}

/// Link my Slack account
///
/// Whoever gives the code in Slack acts there as the caller, so it is shown to nobody else. It is good for one account,
/// and for ten minutes.
#[utoipa::path(post, path = "/me/slack-link", operation_id = "link_slack", tag = "me",
    responses((status = 201, body = SlackLink), Problems))]
pub(crate) async fn link_slack(
    State(api): State<ApiState>,
    LiveCaller(caller): LiveCaller,
) -> Result<(StatusCode, Json<SlackLink>), Problem> {
    let offered = offer_link(&api.kari, &caller).await?;
    Ok((StatusCode::CREATED, Json(SlackLink { code: offered.code, expires_at: offered.until })))
}
