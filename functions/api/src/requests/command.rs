//! What all commands on one request have in common.

use axum::Json;
use kari_application::Error;
use kari_application::browse::{ensure_visible, surroundings};
use kari_application::caller::Caller;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Refusal};
use kari_domain::text::Comment;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get::{RequestDetail, detail};
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

/// Runs a command and answers with the request as it is then. A refused one is recorded.
pub(super) async fn command(
    api: &ApiState,
    caller: &Caller,
    id: RequestId,
    name: &str,
    run: impl Future<Output = Result<AccessRequest, Error>>,
) -> Result<Json<RequestDetail>, Problem> {
    if let Err(error) = run_if_visible(api, caller, id, run).await {
        record(&api.kari, caller, name, Some(id), &error).await;
        return Err(error.into());
    }
    let around = surroundings(&api.kari).await?;
    Ok(Json(detail(api, caller, &around, id).await?))
}

/// NB. Whoever may not see a request learns nothing from commanding it, not even its state.
async fn run_if_visible(
    api: &ApiState,
    caller: &Caller,
    id: RequestId,
    run: impl Future<Output = Result<AccessRequest, Error>>,
) -> Result<(), Error> {
    ensure_visible(&api.kari, caller, id).await?;
    run.await.map(|_| ())
}
