//! Who the holder of a token is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Issuer;

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
    match token.map(|token| issuer.verify_access(token)) {
        Some(Ok(claims)) => Json(json!({
            "sub": claims.sub,
            "name": claims.name,
            "preferred_username": claims.preferred_username,
            "email": claims.email,
        }))
        .into_response(),
        Some(Err(_)) | None => {
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")]).into_response()
        }
    }
}
