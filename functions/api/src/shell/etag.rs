use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::Problem;

/// No answer is longer; lists are bounded. Lambda gives none of more than 6 MB, in which each quotation mark of ours
/// takes two bytes.
const MOST_ANSWER_BYTES: usize = 5_000_000;

/// Gives every answer to a GET a weak entity tag, and sends nothing to whoever has it already.
pub(crate) async fn answer_not_modified(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !reads || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST_ANSWER_BYTES).await else { return too_much() };
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes)));
    let is_known = known.as_ref().and_then(|known| known.to_str().ok()).is_some_and(|k| names(k, &tag));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether `If-None-Match` names the tag, by the weak comparison of RFC 9110.
fn names(header: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.trim() == "*" || header.split(',').any(|known| opaque(known) == opaque(tag))
}

fn too_much() -> Response {
    let detail = "the answer is too long; ask for fewer items at once";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "answer-too-long", detail).into_response()
}
