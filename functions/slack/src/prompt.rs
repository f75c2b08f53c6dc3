//! Answering within Slack's three seconds, whatever happens behind.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kari_application::Error;
use kari_application::ports::Unavailable;
use kari_slack::identity::{SlackPerson, Unidentified};
use kari_slack::messages::escaped;
use kari_slack::signature::Signed;
use kari_slack::views::{error_text, stranger_text};
use kari_slack::{CallError, Language, Pick};
use serde_json::json;

use crate::{Job, Reply, SlackApp, Wish};

/// Slack waits for three seconds, of which the way takes some.
const AT_MOST: Duration = Duration::from_millis(2_400);

/// Why nothing came of something, in the words of whoever did it.
#[derive(Debug)]
pub(crate) struct Trouble(pub(crate) String);

impl Trouble {
    pub(crate) fn of(language: Language, why: &Unidentified) -> Self {
        match why {
            Unidentified::Stranger(stranger) => {
                tracing::warn!(%stranger, "somebody in slack is nobody here");
                Self(stranger_text(language, *stranger).to_owned())
            }
            Unidentified::Failed(error) => Self::failed(language, error),
        }
    }

    pub(crate) fn failed(language: Language, error: &Error) -> Self {
        if let Error::Unavailable(source) = error {
            tracing::error!(error = %source, "a port is unavailable");
        }
        Self(error_text(language, error))
    }

    pub(crate) fn call(language: Language, error: &CallError) -> Self {
        tracing::warn!(%error, "a call of slack failed");
        let text = language.pick(
            "Slack did not answer in time. Try again.",
            "Slack が時間内に応答しませんでした。もう一度操作してください。",
        );
        Self(text.to_owned())
    }
}

/// Does something as long as Slack waits.
pub(crate) async fn promptly<T>(something: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    #[expect(clippy::disallowed_methods, reason = "slack waits in real time")]
    let done = tokio::time::timeout(AT_MOST, something).await;
    done.unwrap_or_else(|_| {
        tracing::warn!("an answer to slack took too long; it was given up");
        Err(Trouble(
            "This took too long. Try again. / 時間がかかりすぎました。再試行してください。".to_owned(),
        ))
    })
}

/// Hands a command over to the worker.
///
/// # Errors
/// [`Trouble`] if it cannot be handed over: then nothing of it happens.
pub(crate) async fn hand_over(
    app: &SlackApp,
    by: SlackPerson,
    signed: Signed,
    wish: Wish,
    reply: Reply,
) -> Result<(), Trouble> {
    let job = Job { id: app.kari.ids.fresh(), by, message: signed.into(), wish, reply };
    let handed: Result<(), Unavailable> = app.hand_over.hand_over(app, job).await;
    handed.map_err(|error| {
        tracing::error!(%error, "a command could not be handed over");
        Trouble(
            "Kari could not do this now. Try again. / 現在処理できません。再試行してください。".to_owned(),
        )
    })
}

/// The answer by which Slack knows that it was taken.
pub(crate) fn taken() -> Response {
    StatusCode::OK.into_response()
}

/// The answer to a message that cannot be understood, though Slack signed it.
pub(crate) fn malformed() -> Response {
    tracing::error!("a message of slack cannot be understood");
    StatusCode::BAD_REQUEST.into_response()
}

/// An answer that only whoever commanded it sees. NB. Plain text: nothing in it means anything.
pub(crate) fn privately(text: &str) -> Response {
    let plain = json!({ "type": "plain_text", "text": text, "emoji": false });
    let blocks = json!([{ "type": "section", "text": plain }]);
    Json(json!({ "response_type": "ephemeral", "text": escaped(text), "blocks": blocks })).into_response()
}
