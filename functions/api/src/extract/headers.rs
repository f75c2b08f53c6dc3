use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use crate::Problem;

const LONGEST_KEY: usize = 100;

/// The `Idempotency-Key` that a submission carries.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let value = values.next().ok_or_else(|| {
            let detail = "send a fresh Idempotency-Key header with each submission";
            Problem::malformed("idempotency-key-required", detail)
        })?;
        let bytes = value.as_bytes();
        let visible = bytes.iter().all(u8::is_ascii_graphic) && (1..=LONGEST_KEY).contains(&bytes.len());
        match value.to_str() {
            Ok(key) if visible && values.next().is_none() => Ok(Self(key.to_owned())),
            Ok(_) | Err(_) => {
                let detail = "the Idempotency-Key must be one value of 1 to 100 visible ASCII characters";
                Err(Problem::malformed("malformed-idempotency-key", detail))
            }
        }
    }
}

/// The version that an edit was made from: `If-Match: "<version>"`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpectedVersion(pub(crate) u64);

impl<S: Send + Sync> FromRequestParts<S> for ExpectedVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(header::IF_MATCH).iter();
        let value = values.next().ok_or_else(|| {
            let detail = "say which version you changed, as `If-Match: \"<version>\"`";
            Problem::new(StatusCode::PRECONDITION_REQUIRED, "version-required", detail)
        })?;
        let quoted = value.to_str().ok().and_then(|v| v.strip_prefix('"')?.strip_suffix('"'));
        let version = quoted.and_then(version).filter(|_| values.next().is_none());
        version.map(Self).ok_or_else(|| {
            Problem::malformed("malformed-version", "If-Match must be one version in double quotes")
        })
    }
}

/// A version as answers write it: entity tags are compared by their characters.
fn version(text: &str) -> Option<u64> {
    text.parse().ok().filter(|version: &u64| version.to_string() == text)
}
