//! Who the holder of a token is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kari_domain::directory::User;
use serde_json::json;

use super::Issuer;

pub(super) async fn show(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
    match holder(&issuer, token.unwrap_or_default()).await {
        Some(user) => Json(json!({
            "sub": user.id,
            "name": user.display_name,
            "preferred_username": user.user_name,
            "email": user.email,
        }))
        .into_response(),
        None => {
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")]).into_response()
        }
    }
}

/// The enabled person a token was made for.
async fn holder(issuer: &Issuer, token: &str) -> Option<User> {
    let id = issuer.authenticator.verify(token).await.ok()?;
    let snapshot = issuer.people.load().await.ok()?;
    snapshot.users.get(&id).filter(|user| user.enabled).cloned()
}
