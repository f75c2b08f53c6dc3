//! The end of a session. Nobody stays signed in here, so there is nothing to forget; the client is
//! sent back home.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::language::Language;
use super::{Issuer, page};

#[derive(Debug, Deserialize)]
pub(super) struct Logout {
    post_logout_redirect_uri: Option<String>,
    state: Option<String>,
    ui_locales: Option<String>,
}

pub(super) async fn show(
    State(issuer): State<Arc<Issuer>>,
    query: Result<Query<Logout>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Query(logout)) = query else { return page::malformed(&headers) };
    // NB. Nowhere but home: this must not send people to other sites.
    let homes = [format!("{}/", issuer.origin), format!("{}/signed-out", issuer.origin)];
    let Some(home) = logout.post_logout_redirect_uri.filter(|uri| homes.contains(uri)) else {
        return page::signed_out(Language::of(logout.ui_locales.as_deref(), &headers));
    };
    let state = logout.state.map(|state| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("?{}", query.append_pair("state", &state).finish())
    });
    let location = format!("{home}{}", state.unwrap_or_default());
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
