//! Only what Slack signed gets in.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kari_slack::signature::{SIGNATURE, Signed, TIMESTAMP};
use tokio::time::{Instant, timeout_at};

use crate::SlackApp;
use crate::prompt::answered_by;

/// A body that Slack signed, as it came.
pub(crate) struct FromSlack {
    pub(crate) signed: Signed,
    pub(crate) body: Bytes,
    /// Until when Slack waits for the answer.
    pub(crate) until: Instant,
}

impl FromRequest<SlackApp> for FromSlack {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SlackApp) -> Result<Self, Response> {
        // Before anything is waited for: also secrets that are read again take of the time that Slack waits.
        let until = answered_by();
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        let header = |name| text(&headers, name);
        // NB. Before anything in it is read.
        let (signature, timestamp, now) = (header(SIGNATURE), header(TIMESTAMP), app.clock.now());
        match timeout_at(until, app.secrets.verify(signature, timestamp, &body, now)).await {
            Ok(Ok(signed)) => Ok(Self { signed, body, until }),
            Ok(Err(why)) => {
                tracing::warn!(%why, "something was not taken for slack's");
                Err(StatusCode::UNAUTHORIZED.into_response())
            }
            Err(_) => {
                tracing::warn!("whether a message is slack's could not be told in time");
                Err(StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
        }
    }
}

/// The header, unless it is there more than once: then nobody knows which one counts.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first)?.to_str().ok()
}
