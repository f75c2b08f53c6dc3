//! The token endpoint: a code for tokens.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use super::Issuer;
use super::codes::Authorization;
use super::tokens::LIFETIME;

#[derive(Debug, Deserialize)]
pub(super) struct Exchange {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    code_verifier: String,
}

/// Why no tokens are given; the codes are those of RFC 6749.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    Malformed,
    GrantType,
    Grant,
    Server,
}

pub(super) async fn exchange(
    State(issuer): State<Arc<Issuer>>,
    form: Result<Form<Exchange>, FormRejection>,
) -> Response {
    let answer = match form {
        Ok(Form(exchange)) => tokens(&issuer, &exchange).await,
        Err(_) => Err(Refused::Malformed),
    };
    let never_kept = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    match answer {
        Ok(tokens) => (never_kept, Json(tokens)).into_response(),
        Err(refused) => (never_kept, refused).into_response(),
    }
}

async fn tokens(issuer: &Issuer, exchange: &Exchange) -> Result<serde_json::Value, Refused> {
    if exchange.grant_type != "authorization_code" {
        return Err(Refused::GrantType);
    }
    let authorization = issuer.codes.redeem(&exchange.code, issuer.clock.now()).ok_or(Refused::Grant)?;
    if !is_bound_to(&authorization, exchange) {
        return Err(Refused::Grant);
    }
    let snapshot = issuer.people.load().await.map_err(|_| Refused::Server)?;
    let user = snapshot.users.get(&authorization.user).filter(|user| user.enabled).ok_or(Refused::Grant)?;
    let access = issuer.access_token(user).map_err(|_| Refused::Server)?;
    let identity = issuer.identity_token(user, authorization.nonce).map_err(|_| Refused::Server)?;
    Ok(json!({
        "access_token": access,
        "id_token": identity,
        "token_type": "Bearer",
        "expires_in": LIFETIME.num_seconds(),
        "scope": authorization.scope,
    }))
}

/// NB. Whoever exchanges a code must be the client it was given to, and must know the secret behind
/// the challenge.
fn is_bound_to(authorization: &Authorization, exchange: &Exchange) -> bool {
    let digest = ring::digest::digest(&ring::digest::SHA256, exchange.code_verifier.as_bytes());
    let challenge = URL_SAFE_NO_PAD.encode(digest);
    (43..=128).contains(&exchange.code_verifier.len())
        && challenge == authorization.code_challenge
        && exchange.client_id == authorization.client_id
        && exchange.redirect_uri == authorization.redirect_uri
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "invalid_request", "send a form"),
            Self::GrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "only authorization_code is supported")
            }
            Self::Grant => (
                StatusCode::BAD_REQUEST,
                "invalid_grant",
                "the code is unknown, used, expired or not yours; sign in again",
            ),
            Self::Server => (StatusCode::SERVICE_UNAVAILABLE, "server_error", "try again in a moment"),
        };
        (status, Json(json!({ "error": error, "error_description": description }))).into_response()
    }
}
