//! Which name this server answers to.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, LOCATION};
use axum::http::uri::Authority;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kari_api::Problem;

use crate::issuer::Origin;

/// The names of this very machine.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Lets requests to our own address pass, leads people from another name of this machine there, and
/// refuses the rest.
pub async fn only_our_own(State(origin): State<Arc<Origin>>, request: Request, next: Next) -> Response {
    let Some(host) = the_one_host(&request) else {
        return Problem::malformed("no-host", "name the server once, in one Host header").into_response();
    };
    // NB. Another site's name that points to this machine (DNS rebinding) ends here.
    if host.eq_ignore_ascii_case(origin.authority()) || request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    let readable = [Method::GET, Method::HEAD].contains(request.method());
    if readable && is_sibling(&host, origin.authority()) {
        let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
        return (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, format!("{origin}{rest}"))]).into_response();
    }
    let message = format!("this server answers as {origin} only; other names can be set with --origin");
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "another-host", &message).into_response()
}

/// The name asked for, in lower case; `None` if there are several.
fn the_one_host(request: &Request) -> Option<String> {
    let mut named: Vec<&str> = request.uri().authority().map(Authority::as_str).into_iter().collect();
    for host in request.headers().get_all(HOST) {
        named.push(host.to_str().ok()?);
    }
    let first = named.first()?.to_ascii_lowercase();
    named.iter().all(|name| name.eq_ignore_ascii_case(&first)).then_some(first)
}

/// Whether both are names of this machine with the same port.
fn is_sibling(host: &str, own: &str) -> bool {
    let ((name, port), (own_name, own_port)) = (name_and_port(host), name_and_port(own));
    LOOPBACK.contains(&name) && LOOPBACK.contains(&own_name) && port == own_port
}

/// NB. An IPv6 address has colons of its own.
fn name_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        Some(_) | None => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &str, hosts: &[&str]) -> Option<String> {
        let request = Request::builder().uri(uri);
        let request = hosts.iter().fold(request, |request, host| request.header(HOST, *host));
        the_one_host(&request.body(axum::body::Body::empty()).unwrap())
    }

    #[test]
    fn a_server_is_named_once() {
        assert_eq!(asked("/", &["LocalHost:8080"]).as_deref(), Some("localhost:8080"));
        assert_eq!(asked("http://a.example/", &["a.example"]).as_deref(), Some("a.example"));
        assert_eq!(asked("http://evil.example/", &["a.example"]), None);
        assert_eq!(asked("/", &["a.example", "b.example"]), None);
        assert_eq!(asked("/", &[]), None);
    }

    #[test]
    fn only_names_of_this_machine_with_our_port_are_siblings() {
        assert!(is_sibling("localhost:8080", "127.0.0.1:8080"));
        assert!(is_sibling("[::1]:8080", "127.0.0.1:8080"));
        assert!(is_sibling("localhost", "127.0.0.1") && is_sibling("[::1]", "localhost"), "on port 80");
        for other in ["localhost:8081", "evil.example:8080", "localhost", "", "localhost.evil.example:8080"] {
            assert!(!is_sibling(other, "127.0.0.1:8080"), "{other}");
        }
        assert!(!is_sibling("localhost:443", "kari.example:443"));
    }
}
