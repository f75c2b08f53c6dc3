//! What all commands on one request have in common.

use axum::Json;
use kari_application::Error;
use kari_application::browse::{Surroundings, ensure_visible, see, surroundings};
use kari_application::caller::Caller;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Refusal};
use kari_domain::text::Comment;
use serde::Deserialize;
use utoipa::ToSchema;

use super::RequestView;
use super::unreadable::told;
use super::view::Eye;
use crate::attempts::record;
use crate::{ApiState, Problem};

/// What somebody says about what they do.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remark {
    /// 1 to 1,000 characters.
    #[schema(min_length = 1, max_length = 1000, example = "Seen the incident, go ahead")]
    comment: Option<String>,
}

impl Remark {
    pub(super) fn parse(self) -> Result<Option<Comment>, Error> {
        let parsed = self.comment.map(|text| Comment::parse(&text)).transpose();
        parsed.map_err(|text| Error::Refused(Refusal::Text(text)))
    }
}

/// Runs a command and answers with the request it left behind.
pub(super) async fn command(
    api: &ApiState,
    caller: &Caller,
    id: RequestId,
    name: &str,
    run: impl Future<Output = Result<AccessRequest, Error>>,
) -> Result<Json<RequestView>, Problem> {
    let request = carry_out(api, caller, id, name, run).await?;
    answer(api, caller, request).await
}

/// Runs a command. A refused one is recorded.
pub(super) async fn carry_out<T>(
    api: &ApiState,
    caller: &Caller,
    id: RequestId,
    name: &str,
    run: impl Future<Output = Result<T, Error>>,
) -> Result<T, Problem> {
    let run = Box::pin(run_if_visible(api, caller, id, run)).await;
    match told(&api.kari, id, run).await {
        Ok(done) => Ok(done),
        Err(error) => {
            record(&api.kari, caller, name, Some(id), &error).await;
            Err(error.into())
        }
    }
}

/// What was recorded is told, whatever else cannot be read now: names are then those of the submission.
pub(super) async fn surroundings_if_readable(api: &ApiState) -> Surroundings {
    let unreadable = |error: &Error| tracing::warn!(%error, "an answer must do without the current names");
    surroundings(&api.kari).await.inspect_err(unreadable).unwrap_or_default()
}

/// The request that a command left behind.
pub(super) async fn answer(
    api: &ApiState,
    caller: &Caller,
    request: AccessRequest,
) -> Result<Json<RequestView>, Problem> {
    let around = surroundings_if_readable(api).await;
    let seen = see(&api.kari, caller, &around, request).ok_or_else(Problem::not_found)?;
    Eye::of(api, caller, &around).see(&seen).map(Json).ok_or_else(Problem::not_found)
}

/// NB. Whoever may not see a request learns nothing from commanding it, not even its state.
async fn run_if_visible<T>(
    api: &ApiState,
    caller: &Caller,
    id: RequestId,
    run: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    ensure_visible(&api.kari, caller, id).await?;
    run.await
}
