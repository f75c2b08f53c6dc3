//! What is wrong with a control request.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kari_application::ports::Unavailable;
use serde_json::json;

#[derive(Debug)]
pub(super) struct Complaint(pub(super) StatusCode, pub(super) String);

impl Complaint {
    pub(super) fn missing(what: &str, id: impl std::fmt::Display) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no {what} {id}"))
    }

    pub(super) fn wrong(message: impl std::fmt::Display) -> Self {
        Self(StatusCode::BAD_REQUEST, message.to_string())
    }
}

impl From<Unavailable> for Complaint {
    fn from(error: Unavailable) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl IntoResponse for Complaint {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}
