//! Answering within Slack's three seconds, whatever happens behind.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kari_application::Error;
use kari_application::ports::Unavailable;
use kari_domain::ids::RequestId;
use kari_slack::delivery::PressedCard;
use kari_slack::identity::{SlackPerson, Stranger, Unidentified};
use kari_slack::messages::{Message, paragraph};
use kari_slack::signature::Signed;
use kari_slack::views::{error_text, stranger_text};
use kari_slack::{CallError, Language, Pick};
use serde_json::json;
use tokio::time::{Instant, timeout_at};

use crate::who::{Somebody, Unserved};
use crate::{Job, Reply, SlackApp, Wish};

/// Slack waits for three seconds, of which the way takes some.
const AT_MOST: Duration = Duration::from_millis(2_400);

/// Until when a message that comes now has to be answered.
pub(crate) fn answered_by() -> Instant {
    Instant::now() + AT_MOST
}

/// Why nothing came of something.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// In the words of whoever did it.
    pub(crate) text: String,
    /// Whether the very same may succeed in a minute: something that it needs did not answer.
    pub(crate) passes: bool,
    /// Why they are nobody here, if that is it.
    pub(crate) stranger: Option<Stranger>,
}

impl Trouble {
    /// What no repetition mends.
    pub(crate) fn lasting(text: impl Into<String>) -> Self {
        Self { text: text.into(), passes: false, stranger: None }
    }

    pub(crate) fn of(app: &SlackApp, somebody: &Somebody<'_>, why: &Unserved) -> Self {
        let language = somebody.language;
        match why {
            Unserved::Off => Self::lasting(off_text(language, &app.portal_url)),
            // NB. They are told no more than ever, and nothing is taken from them, so that nothing is recorded either.
            Unserved::OffToStranger(stranger) => {
                Self { stranger: None, ..Self::of_stranger(app, somebody, *stranger) }
            }
            Unserved::Unidentified(Unidentified::Stranger(stranger)) => {
                Self::of_stranger(app, somebody, *stranger)
            }
            Unserved::Unidentified(Unidentified::Failed(error)) => Self::failed(language, error),
        }
    }

    fn of_stranger(app: &SlackApp, somebody: &Somebody<'_>, stranger: Stranger) -> Self {
        // NB. Ids only: whoever looks them up in Slack learns the rest.
        let SlackPerson { workspace, id } = somebody.person;
        let code = stranger.code();
        tracing::info!(
            slack.workspace = workspace,
            slack.user = id,
            code,
            "somebody in slack is nobody here"
        );
        let text = stranger_text(somebody.language, stranger);
        let text = match stranger {
            Stranger::NotLinked | Stranger::Unknown | Stranger::Ambiguous => {
                format!("{text} {}/slack", app.portal_url)
            }
            Stranger::ForeignWorkspace
            | Stranger::Guest
            | Stranger::Nobody
            | Stranger::NoEmail
            | Stranger::Disabled => text.to_owned(),
        };
        Self { stranger: Some(stranger), ..Self::lasting(text) }
    }

    pub(crate) fn failed(language: Language, error: &Error) -> Self {
        if let Error::Unavailable(source) = error {
            tracing::error!(error = %source, "a port is unavailable");
        }
        Self { passes: passes(error), ..Self::lasting(error_text(language, error)) }
    }

    pub(crate) fn call(language: Language, error: &CallError) -> Self {
        tracing::warn!(%error, "a call of slack failed");
        let text = match (error.against_the_app(), language) {
            (Some(code), Language::En) => {
                format!(
                    "Slack refuses Kari's app ({code}). Tell whoever runs Kari; the portal works meanwhile."
                )
            }
            (Some(code), Language::Ja) => format!(
                "Slack が Kari のアプリを拒否しています（{code}）。Kari の運用担当者に連絡してください。ポータルは利用できます。"
            ),
            (None, _) => language
                .pick(
                    "Slack did not answer in time. Try again.",
                    "Slack が時間内に応答しませんでした。もう一度操作してください。",
                )
                .to_owned(),
        };
        Self { passes: !matches!(error, CallError::Permanent { .. }), ..Self::lasting(text) }
    }
}

/// Whether the same may succeed in a minute.
pub(crate) fn passes(error: &Error) -> bool {
    match error {
        Error::Unavailable(_) | Error::Busy | Error::DirectoryTooOld { .. } => true,
        Error::Refused(_)
        | Error::NotFound
        | Error::UnknownCaller
        | Error::Replayed
        | Error::BadPolicy(_)
        | Error::PolicyExists
        | Error::StaleVersion { .. }
        | Error::BadCursor
        | Error::Corrupt(_) => false,
    }
}

/// What somebody is told while Kari does not use Slack.
fn off_text(language: Language, portal_url: &str) -> String {
    match language {
        Language::En => {
            format!("Slack is turned off in Kari, so nothing was done. Use the portal: {portal_url}")
        }
        Language::Ja => {
            format!(
                "Kari では現在 Slack を使用していないため、処理は行われませんでした。ポータルを利用してください：{portal_url}"
            )
        }
    }
}

/// Does something as long as Slack waits for the answer to its message.
pub(crate) async fn promptly<T>(
    until: Instant,
    something: impl Future<Output = Result<T, Trouble>>,
) -> Result<T, Trouble> {
    let done = timeout_at(until, something).await;
    done.unwrap_or_else(|_| {
        tracing::warn!("an answer to slack took too long; it was given up");
        Err(Trouble::lasting("This took too long. Try again. / 時間がかかりすぎました。再試行してください。"))
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
    hand_over_with(app, by, signed, wish, reply, None).await
}

/// The same, with the card that a button was pressed of.
pub(crate) async fn hand_over_with(
    app: &SlackApp,
    by: SlackPerson,
    signed: Signed,
    wish: Wish,
    reply: Reply,
    card: Option<PressedCard>,
) -> Result<(), Trouble> {
    let job = Job { id: app.kari.ids.fresh(), by, message: signed.into(), wish, reply, card };
    let handed: Result<(), Unavailable> = app.hand_over.hand_over(app, job).await;
    handed.map_err(|error| {
        tracing::error!(%error, "a command could not be handed over");
        Trouble::lasting("Kari could not do this now. Try again. / 現在処理できません。再試行してください。")
    })
}

/// Has the worker record that a command was refused because whoever brought it is nobody here.
///
/// NB. It never fails the answer, and holds it up no longer than Slack waits anyway.
pub(crate) async fn report(
    app: &SlackApp,
    until: Instant,
    by: SlackPerson,
    signed: Signed,
    refused: (&str, Option<RequestId>, Stranger),
) {
    let (command, request, stranger) = refused;
    let wish = Wish::Refused { command: command.to_owned(), request, stranger };
    let handed = timeout_at(until, hand_over(app, by, signed, wish, Reply::default())).await;
    if !matches!(handed, Ok(Ok(()))) {
        tracing::warn!(command, "that a stranger was refused may not be recorded");
    }
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

/// An answer that only whoever commanded it sees.
pub(crate) fn privately(text: &str) -> Response {
    let Message { text, blocks } = paragraph(text);
    Json(json!({ "response_type": "ephemeral", "text": text, "blocks": blocks })).into_response()
}
