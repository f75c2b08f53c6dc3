//! The pages of the issuer. They need no JavaScript, and nothing in them is ever run or loaded from
//! elsewhere.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kari_domain::directory::{Snapshot, User};
use maud::{DOCTYPE, Markup, html};

use super::authorization_request::Parameters;
use super::language::Language;

/// How many hues the circles with initials have; the style sheet names as many.
const HUES: usize = 8;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The people who may sign in, as cards.
pub(super) fn people(
    snapshot: &Snapshot,
    parameters: &Parameters,
    form_key: &str,
    language: Language,
) -> Response {
    let texts = language.texts();
    let mut users: Vec<&User> = snapshot.users.values().filter(|user| user.enabled).collect();
    users.sort_by(|a, b| (&a.user_name, &a.id).cmp(&(&b.user_name, &b.id)));
    let body = html! {
        h1 { (texts.heading) }
        p.explanation { (texts.explanation) }
        form method="post" action="/oauth/authorize" {
            (hidden(parameters))
            input type="hidden" name="form_key" value=(form_key);
            ul.people {
                @for (place, user) in users.iter().enumerate() {
                    li { (card(snapshot, user, place % HUES, language)) }
                }
            }
        }
        @if users.is_empty() { p { (texts.nobody) } }
        p.footnote { (texts.footnote) }
    };
    shown(StatusCode::OK, language, &body)
}

fn card(snapshot: &Snapshot, user: &User, hue: usize, language: Language) -> Markup {
    let groups: Vec<&str> = snapshot
        .members
        .iter()
        .filter(|(_, members)| members.contains(&user.id))
        .filter_map(|(group, _)| snapshot.groups.get(group))
        .map(|group| group.display_name.as_str())
        .collect();
    html! {
        button.card type="submit" name="user" value=(user.id) {
            span class=(format!("initials hue-{hue}")) aria-hidden="true" { (initials(&user.display_name)) }
            span.who {
                strong { (user.display_name) }
                span.user-name { (user.user_name) }
            }
            span.groups {
                @for group in &groups { span.group { (group) } }
                @if groups.is_empty() { span.none { (language.texts().no_groups) } }
            }
        }
    }
}

/// At most two letters: the first of the first and of the last word.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = words.first().and_then(|word| word.chars().next());
    // A name in Chinese characters is known by its first one, the family's.
    let wide = first.is_some_and(|letter| !letter.is_alphabetic() || u32::from(letter) >= 0x2e80);
    let last = words.get(1..).and_then(<[&str]>::last).filter(|_| !wide).and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The client's request travels with the form, so that a restart in between is no harm.
fn hidden(parameters: &Parameters) -> Markup {
    let fields = serde_json::to_value(parameters).unwrap_or_default();
    let fields = fields.as_object().into_iter().flatten();
    let filled = fields.filter_map(|(name, value)| Some((name, value.as_str()?)));
    html! {
        @for (name, value) in filled { input type="hidden" name=(name) value=(value); }
    }
}

/// Something cannot go on; says what to do.
pub(super) fn sorry(status: StatusCode, language: Language, what: &str) -> Response {
    refusal(status, language, language.texts().refused, what)
}

/// The address leads nowhere, because a client put it together wrongly or somebody typed or kept it.
pub(super) fn wrong_address(language: Language, what: &str) -> Response {
    refusal(StatusCode::BAD_REQUEST, language, language.texts().wrong_address, what)
}

fn refusal(status: StatusCode, language: Language, heading: &str, what: &str) -> Response {
    let body = html! {
        h1 { (heading) }
        p.explanation { (what) }
        p { a.home href="/" { (language.texts().sign_in) } }
    };
    shown(status, language, &body)
}

/// What was sent cannot be read, the wish for a language included.
pub(super) fn malformed(headers: &HeaderMap) -> Response {
    let language = Language::of(None, headers);
    sorry(StatusCode::BAD_REQUEST, language, language.texts().malformed)
}

/// Signed out, without a place to go.
pub(super) fn signed_out(language: Language) -> Response {
    let texts = language.texts();
    let body = html! {
        h1 { (texts.signed_out) }
        p { a.home href="/" { (texts.sign_in_again) } }
    };
    shown(StatusCode::OK, language, &body)
}

fn shown(status: StatusCode, language: Language, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (language.texts().title) }
                link rel="stylesheet" href="/oauth/sign-in.css";
                link rel="icon" type="image/svg+xml" href="/oauth/mark.svg";
            }
            body {
                header { img src="/oauth/mark.svg" alt="" width="34" height="34"; span.name { "Kari" } }
                main { (body) }
            }
        }
    };
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_LANGUAGE, language.tag()),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (VARY, "Accept-Language"),
        // With `no-referrer` browsers hide the origin of a form, and the form would be refused.
        (REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, page.into_string()).into_response()
}

pub(super) async fn style() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../../assets/sign-in.css"))
}

/// The portal's own mark.
pub(super) async fn mark() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../../../../web/public/favicon.svg"))
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_people_would_write() {
        for (name, expected) in
            [("Alice Nakamura", "AN"), ("佐藤 花子", "佐"), ("Bob", "B"), ("ana maría lópez", "AL"), ("", "")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
