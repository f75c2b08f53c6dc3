//! Who may control.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::complaint::Complaint;
use crate::identity_center::http::serve::Peer;

/// NB. Whoever controls may assign anything to anybody; that is for this machine alone, whatever
/// address the front listens on.
pub(super) async fn only_from_here(request: Request, next: Next) -> Response {
    if is_here(request.extensions().get()) {
        return next.run(request).await;
    }
    Complaint(StatusCode::FORBIDDEN, "only this machine may control it".to_owned()).into_response()
}

fn is_here(peer: Option<&Peer>) -> bool {
    peer.is_some_and(|Peer(address)| address.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_controls() {
        let from = |address: &str| is_here(Some(&Peer(address.parse().unwrap())));
        assert!(from("127.0.0.1:1") && from("127.1.2.3:1") && from("[::1]:1"));
        assert!(!from("192.168.0.1:1") && !from("[2001:db8::1]:1") && !is_here(None));
    }
}
