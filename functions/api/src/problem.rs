//! What a client is told when it does not get what it asked for: RFC 9457 problem details with
//! stable codes.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kari_application::Error;
use kari_domain::request::Refusal;
use kari_domain::text::MalformedText;
use serde::Serialize;
use utoipa::ToSchema;

use crate::authentication::Rejected;
use crate::requests::SubmissionResult;
use crate::shapes::Reason;

/// The media type of problems.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// When to come back after something was unavailable.
const RETRY_AFTER_SECONDS: &str = "2";

/// A problem. Clients go by `code`, which never changes; `detail` says in English what to do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:kari:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "urn:kari:problem:lapsed")]
    kind: Box<str>,
    /// The code in words.
    #[schema(value_type = String, example = "Lapsed")]
    title: Box<str>,
    /// The HTTP status.
    #[schema(example = 409)]
    status: u16,
    /// Stable; what programs go by.
    #[schema(value_type = String, example = "lapsed")]
    code: Box<str>,
    /// A sentence that says what to do.
    #[schema(value_type = String, example = "The request lapsed at 2026-11-22 04:00:00 UTC; it has to be made again.")]
    detail: Box<str>,
    /// Every reason, where policies refuse or a policy is refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
    /// What became of each account, where all of a submission was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    results: Vec<SubmissionResult>,
}

impl Problem {
    /// A problem with a code of this API's own.
    pub fn new(status: StatusCode, code: &str, detail: &str) -> Self {
        Self {
            kind: format!("urn:kari:problem:{code}").into(),
            title: capitalized(&code.replace('-', " ")).into(),
            status: status.as_u16(),
            code: code.into(),
            detail: sentence(detail).into(),
            reasons: vec![],
            results: vec![],
        }
    }

    /// What is sent is not what this API takes.
    pub fn malformed(code: &str, detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// NB. The same for what does not exist and for what the caller may not see.
    pub fn not_found() -> Self {
        Self::from(Error::NotFound)
    }

    /// What was asked for is being done, and how things are nobody can tell.
    pub(crate) fn ended_unread() -> Self {
        let detail = "recorded data cannot be understood; the access is being removed all the same, \
                      and whoever runs Kari has to look at the rest";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "corrupt", detail)
    }

    /// With what became of each account.
    #[must_use]
    pub fn with_results(self, results: Vec<SubmissionResult>) -> Self {
        Self { results, ..self }
    }

    /// With what more there is to say about it.
    #[must_use]
    pub(crate) fn with_reason(self, reason: Reason) -> Self {
        Self { reasons: vec![reason], ..self }
    }

    /// Reasons are those of one account; where there are more, each has its own.
    pub(crate) fn without_reasons_unless(self, one: bool) -> Self {
        if one { self } else { Self { reasons: vec![], ..self } }
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A message of the application as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let text = capitalized(text);
    if text.ends_with('.') { text } else { text + "." }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = if &*self.code == "invalid-token" {
                HeaderValue::from_static("Bearer error=\"invalid_token\"")
            } else {
                HeaderValue::from_static("Bearer")
            };
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let after = HeaderValue::from_static(RETRY_AFTER_SECONDS);
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Refused(refusal) => refused(&refusal),
            Error::NotFound => Self::new(StatusCode::NOT_FOUND, "not-found", &detail),
            Error::UnknownCaller => Self::new(StatusCode::FORBIDDEN, "unknown-caller", &detail),
            Error::Replayed => Self::new(StatusCode::CONFLICT, "replayed", &detail),
            Error::BadPolicy(problems) => Self {
                reasons: problems.iter().map(Reason::from).collect(),
                ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-policy", &detail)
            },
            Error::PolicyExists => Self::new(StatusCode::CONFLICT, "policy-exists", &detail),
            Error::StaleVersion { .. } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "stale-version", &detail)
            }
            Error::BadCursor => Self::malformed("bad-cursor", &detail),
            Error::Unavailable(source) => {
                tracing::error!(error = %source, cause = ?source.source.to_string(), "a port is unavailable");
                unavailable()
            }
            Error::DirectoryTooOld { .. } => {
                tracing::warn!(%detail, "the read model is too old");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "directory-too-old", &detail)
            }
            Error::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", &detail),
            // NB. What is wrong with the data is for operators, not for callers.
            Error::Corrupt(what) => {
                tracing::error!(%what, "recorded data cannot be understood");
                let sorry = "recorded data cannot be understood; whoever runs Kari has to look at it";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "corrupt", sorry)
            }
        }
    }
}

fn unavailable() -> Problem {
    let detail = "something this needs is unavailable at the moment; try again shortly";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
}

fn refused(refusal: &Refusal) -> Problem {
    let mut problem = Problem::new(status_of(refusal), refusal.code(), &refusal.to_string());
    problem.reasons = match refusal {
        Refusal::Text(text) => vec![text.into()],
        other => other.reasons().iter().map(Reason::from).collect(),
    };
    // Where policies refuse, it is the reasons that say what to do.
    for reason in refusal.reasons() {
        problem.detail = format!("{} {}", problem.detail, reason.sentence()).into();
    }
    problem
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::SelfReview
        | Refusal::NotAReviewer
        | Refusal::PortalOnly
        | Refusal::NotTheRequester
        | Refusal::MayNotRevoke => StatusCode::FORBIDDEN,
        Refusal::WrongState { .. }
        | Refusal::Lapsed { .. }
        | Refusal::AlreadyRequested
        | Refusal::IdempotencyKeyReused => StatusCode::CONFLICT,
        Refusal::Ineligible { .. }
        | Refusal::UnknownAccount
        | Refusal::UnknownPermissionSet
        | Refusal::StartInPast
        | Refusal::StartTooFar
        | Refusal::JustificationRequired
        | Refusal::Text(_)
        | Refusal::TooManyPending
        | Refusal::JoinedWindowTooLong { .. }
        | Refusal::NotYet
        | Refusal::TooLate => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        refused(&refusal)
    }
}

impl From<MalformedText> for Problem {
    fn from(text: MalformedText) -> Self {
        refused(&Refusal::Text(text))
    }
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            // NB. Callers are not told which check failed.
            Rejected::Invalid(why) => {
                tracing::warn!(why, "a token was not taken");
                let detail = "the token is not valid here; sign in again";
                Self::new(StatusCode::UNAUTHORIZED, "invalid-token", detail)
            }
            Rejected::Unavailable(error) => Self::from(Error::Unavailable(error)),
        }
    }
}
