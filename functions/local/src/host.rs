//! Which name this server answers to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, LOCATION};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::issuer::Origin;

/// The names of this very machine.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Lets requests to our own address pass, leads people from another name of this machine there, and
/// refuses the rest.
pub async fn only_our_own(State(origin): State<Arc<Origin>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // NB. Another site's name that points to this machine (DNS rebinding) ends here.
    if host.eq_ignore_ascii_case(origin.authority()) || request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    let readable = [Method::GET, Method::HEAD].contains(request.method());
    if readable && is_sibling(host, origin.authority()) {
        let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
        return (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, format!("{origin}{rest}"))]).into_response();
    }
    let message = format!("this server answers as {origin} only; other names can be set with --origin\n");
    (StatusCode::MISDIRECTED_REQUEST, message).into_response()
}

/// Whether both are names of this machine with the same port.
fn is_sibling(host: &str, own: &str) -> bool {
    let parts =
        |authority: &str| authority.rsplit_once(':').map(|(name, port)| (name.to_owned(), port.to_owned()));
    let (Some((name, port)), Some((own_name, own_port))) = (parts(host), parts(own)) else {
        return false;
    };
    LOOPBACK.contains(&name.as_str()) && LOOPBACK.contains(&own_name.as_str()) && port == own_port
}

#[cfg(test)]
mod tests {
    use super::is_sibling;

    #[test]
    fn only_names_of_this_machine_with_our_port_are_siblings() {
        assert!(is_sibling("localhost:8080", "127.0.0.1:8080"));
        assert!(is_sibling("[::1]:8080", "127.0.0.1:8080"));
        for other in ["localhost:8081", "evil.example:8080", "localhost", "", "localhost.evil.example:8080"] {
            assert!(!is_sibling(other, "127.0.0.1:8080"), "{other}");
        }
        assert!(!is_sibling("localhost:443", "kari.example:443"));
    }
}
