//! The portal's files, carried within the program.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use kari_api::Problem;
use rust_embed::{EmbeddedFile, RustEmbed};
use serde_json::json;

use crate::sign_in::SignIn;

/// What `npm run build` made.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
/// Where the build puts files whose names change with their content.
const HASHED: &str = "assets/";
/// Paths that belong to programs; a page there would only confuse them.
const NOT_PAGES: [&str; 4] = ["v1/", "oauth/", ".well-known/", HASHED];

/// Adds the portal and its configuration. Whatever no other route answers is the portal's.
pub fn add_to(router: Router, sign_in: &SignIn, simulated: bool) -> Router {
    let config = json!({
        "authority": sign_in.authority,
        "client_id": sign_in.client_id,
        "scope": sign_in.scopes.join(" "),
        "redirect_path": "/callback",
        "identity_tokens": sign_in.identity_tokens,
        "simulated": simulated,
    });
    let configuration = async || ([(CACHE_CONTROL, "no-cache")], Json(config));
    router.route("/config.json", get(configuration)).fallback(page)
}

async fn page(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Problem::not_found().into_response();
    }
    if let Some(file) = Files::get(path).filter(|_| !path.is_empty()) {
        return answer(path, file, request.headers());
    }
    if NOT_PAGES.iter().any(|prefix| path.starts_with(prefix)) {
        return Problem::not_found().into_response();
    }
    Files::get(INDEX).map_or_else(not_built, |file| answer(INDEX, file, request.headers()))
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", short(file.metadata.sha256_hash()));
    let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers_out = [(ETAG, tag.clone()), (CACHE_CONTROL, caching.to_owned())];
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|list| list.split(',')).any(|one| one.trim().trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, headers_out).into_response();
    }
    (headers_out, [(CONTENT_TYPE, media_type(path))], Body::from(file.data)).into_response()
}

fn short(hash: [u8; 32]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash).chars().take(22).collect()
}

/// Only what the build makes; anything else is offered as bytes.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let message = "The portal is not built. Run `make run`, or in the folder web: npm ci && npm run build\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/plain; charset=utf-8")], message).into_response()
}
