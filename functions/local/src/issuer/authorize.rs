//! The authorization endpoint: shows the people, and signs one of them in.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kari_domain::directory::User;
use serde::Deserialize;

use super::authorization_request::{Flaw, Parameters};
use super::codes::{Authorization, random_text};
use super::language::Language;
use super::{Issuer, page};

const COOKIE_NAME: &str = "kari-sign-in";

/// Somebody pressed a card.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    #[serde(flatten)]
    parameters: Parameters,
    user: String,
    form_key: String,
}

pub(super) async fn show(
    State(issuer): State<Arc<Issuer>>,
    query: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Query(parameters)) = query else { return page::malformed(&headers) };
    let language = Language::of(parameters.ui_locales.as_deref(), &headers);
    if let Err(flaw) = parameters.check(&issuer.origin) {
        return refuse(&issuer, &parameters, flaw, language);
    }
    let (Ok(snapshot), Some(form_key)) = (issuer.people.load().await, random_text()) else {
        return page::sorry(StatusCode::SERVICE_UNAVAILABLE, language, language.texts().unavailable);
    };
    // NB. The key in the form must equal the one in this cookie, which no other site can read or set
    // for a request it makes.
    let cookie = format!("{COOKIE_NAME}={form_key}; Path=/oauth; HttpOnly; SameSite=Strict; Max-Age=3600");
    let page = page::people(&snapshot, &parameters, &form_key, language);
    ([(SET_COOKIE, cookie)], page).into_response()
}

pub(super) async fn sign_in(
    State(issuer): State<Arc<Issuer>>,
    headers: HeaderMap,
    form: Result<Form<Choice>, FormRejection>,
) -> Response {
    let Ok(Form(choice)) = form else { return page::malformed(&headers) };
    let parameters = choice.parameters;
    let language = Language::of(parameters.ui_locales.as_deref(), &headers);
    if !is_own_form(&issuer, &headers, &choice.form_key) {
        return page::sorry(StatusCode::FORBIDDEN, language, language.texts().stale);
    }
    // NB. The form came back through the browser: everything is checked again.
    if let Err(flaw) = parameters.check(&issuer.origin) {
        return refuse(&issuer, &parameters, flaw, language);
    }
    let Ok(snapshot) = issuer.people.load().await else {
        return page::sorry(StatusCode::SERVICE_UNAVAILABLE, language, language.texts().unavailable);
    };
    let user = choice.user.parse().ok().and_then(|id| snapshot.users.get(&id));
    let Some(user) = user.filter(|user| user.enabled) else {
        return page::sorry(StatusCode::BAD_REQUEST, language, language.texts().stale);
    };
    answer_with_code(&issuer, &parameters, user)
}

fn answer_with_code(issuer: &Issuer, parameters: &Parameters, user: &User) -> Response {
    let authorization = Authorization {
        user: user.id.clone(),
        client_id: parameters.client_id.clone(),
        redirect_uri: parameters.redirect_uri.clone(),
        code_challenge: parameters.code_challenge.clone(),
        nonce: parameters.nonce.clone(),
        scope: parameters.scope.clone(),
    };
    match issuer.codes.give_out(authorization, issuer.clock.now()) {
        Some(code) => redirect(issuer, parameters, &[("code", &code)]),
        None => redirect(issuer, parameters, &[("error", "server_error")]),
    }
}

/// Whether our own page sent this form, in the browser that was shown it.
fn is_own_form(issuer: &Issuer, headers: &HeaderMap, form_key: &str) -> bool {
    // NB. A browser states the origin of every form it posts; another site cannot forge it.
    let same_origin = headers.get(ORIGIN).is_some_and(|origin| origin == issuer.origin.as_str());
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split("; ")).filter_map(|pair| pair.split_once('='));
    let same_browser = pairs.any(|(name, value)| name == COOKIE_NAME && value == form_key);
    same_origin && same_browser && !form_key.is_empty()
}

/// NB. A flaw of client or address is shown here and never sent there.
fn refuse(issuer: &Issuer, parameters: &Parameters, flaw: Flaw, language: Language) -> Response {
    let texts = language.texts();
    match flaw {
        Flaw::UnknownClient => page::wrong_address(language, texts.unknown_client),
        Flaw::ForeignRedirect => page::wrong_address(language, texts.foreign_redirect),
        Flaw::Answerable { error, description } => {
            redirect(issuer, parameters, &[("error", error), ("error_description", description)])
        }
    }
}

fn redirect(issuer: &Issuer, parameters: &Parameters, answer: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(answer);
    if let Some(state) = &parameters.state {
        query.append_pair("state", state);
    }
    // Tells a client with several issuers whose answer this is (RFC 9207).
    query.append_pair("iss", issuer.origin.as_str());
    let location = format!("{}?{}", issuer.origin.callback(), query.finish());
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
