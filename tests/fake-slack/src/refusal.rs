//! How Slack says no.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Why a call was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `ok: false`, with Slack's code and what it says to it.
    Not(String, Vec<String>),
    /// Called too often.
    TooOften { retry_after: u64 },
    /// Slack itself is in trouble.
    Broken(u16),
    /// It was done, and the answer is lost.
    Lost,
}

impl Refusal {
    pub(crate) fn code(code: &str) -> Self {
        Self::Not(code.to_owned(), vec![])
    }

    /// In a word, for the record of calls.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Not(code, _) => code.clone(),
            Self::TooOften { .. } => "ratelimited".to_owned(),
            Self::Broken(status) => status.to_string(),
            Self::Lost => "lost".to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Not(code, messages) => Json(refused(&code, &messages)).into_response(),
            Self::TooOften { retry_after } => (
                StatusCode::TOO_MANY_REQUESTS,
                [(RETRY_AFTER, retry_after.to_string())],
                Json(refused("ratelimited", &[])),
            )
                .into_response(),
            Self::Lost => StatusCode::GATEWAY_TIMEOUT.into_response(),
            Self::Broken(status) => {
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
            }
        }
    }
}

fn refused(code: &str, messages: &[String]) -> Value {
    if messages.is_empty() {
        json!({"ok": false, "error": code})
    } else {
        json!({"ok": false, "error": code, "response_metadata": {"messages": messages}})
    }
}
