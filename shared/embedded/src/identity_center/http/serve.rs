//! Takes connections. Plain `axum::serve` always answers; here a call can also go without an answer.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Marks the answer that must not be given.
#[derive(Debug, Clone, Copy)]
struct Unanswered;

/// Who is at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// The answer was lost on its way.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the answer is lost")]
struct Lost;

/// In place of an answer: the connection is closed.
pub(super) fn no_answer() -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(Unanswered);
    response
}

pub(super) async fn serve(mut listener: TcpListener, routes: Router) {
    let mut open = JoinSet::new();
    loop {
        let (stream, peer) = Listener::accept(&mut listener).await;
        while open.try_join_next().is_some() {}
        open.spawn(converse(stream, Peer(peer), routes.clone()));
    }
}

async fn converse(stream: TcpStream, peer: Peer, routes: Router) {
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        let answer = routes.call(request);
        async move {
            let Ok(response) = answer.await;
            // An error makes hyper drop the connection without having written anything.
            if response.extensions().get::<Unanswered>().is_some() { Err(Lost) } else { Ok(response) }
        }
    });
    // What goes wrong here is either meant or the client's.
    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
}
