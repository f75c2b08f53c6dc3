//! Takes connections and answers what comes over them. Whoever only half sends something, does not read
//! the answers, or opens more connections than anybody needs, must not take them from the others.
//!
//! All limits stand here and none in the API: elsewhere API Gateway hands requests over whole, and
//! the function's own timeout ends what takes too long.

use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use axum::{Router, middleware};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use kari_api::Problem;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

use crate::silent::Connections;
use crate::watched::watched;

/// What connections may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// So many at once; further ones wait until one of them ends.
    pub connections: usize,
    /// How long one may be silent while another one waits for a place.
    pub silent: Duration,
    /// How long an answer may be on its way after it was handed over: until then its connection is not silent.
    pub answered: Duration,
    /// How long the head of a request may take to arrive. It is waited for from the answer before, so
    /// a connection may be idle for as long.
    pub head: Duration,
    /// How long a client may not read any of an answer that is ready.
    pub unread: Duration,
    /// How long a request may take after its head: its body to arrive and our answer to be found.
    pub request: Duration,
    /// How long requests under way may take once asked to stop.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // NB. Half of the files that most systems let a process have open: the store needs some, too.
            connections: 512,
            silent: Duration::from_secs(2),
            answered: Duration::from_secs(30),
            // Longer than the portal is ever silent while somebody looks at it.
            head: Duration::from_secs(15),
            unread: Duration::from_secs(15),
            request: Duration::from_secs(30),
            stop: Duration::from_secs(5),
        }
    }
}

/// Serves until `stop` completes, lets requests under way end, and gives what `stop` gave.
pub async fn serve<T>(
    mut listener: TcpListener,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = T>,
) -> T {
    let routes = routes.layer(middleware::from_fn_with_state(limits.request, in_time));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let places = Arc::new(Semaphore::new(limits.connections));
    let (open, connections) = (GracefulShutdown::new(), Connections::new(limits.answered));
    let mut stop = pin!(stop);
    let stopped = loop {
        let (place, stream) = tokio::select! {
            next = next(&mut listener, &places, &connections, limits.silent) => next,
            stopped = &mut stop => break stopped,
        };
        let this = Arc::new(connections.open());
        let (routes, on) = (TowerToHyperService::new(routes.clone()), Arc::clone(&this));
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let (speaking, answer) = (on.speak(), routes.call(request));
            async move {
                let Some(speaking) = speaking else { return pending().await };
                answer.await.map(|answer| answer.map(|body| speaking.during(body)))
            }
        });
        let connection = http.serve_connection(TokioIo::new(impatient(stream, limits)), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                // An error is the client's: it went away, was too slow, or does not speak HTTP.
                _ = connection => {}
                () = this.has_to_end() => {}
            }
            drop(place);
        });
    };
    drop(listener);
    #[expect(clippy::disallowed_methods, reason = "whoever stops it waits in real time")]
    let ended = tokio::time::timeout(limits.stop, open.shutdown());
    ended.await.ok();
    stopped
}

/// The answer, or a problem once it takes longer than this.
async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let awaited = Arc::new(AtomicBool::new(false));
    let of_body = Arc::clone(&awaited);
    let watch = move |is_awaited| of_body.store(is_awaited, Ordering::Relaxed);
    let request = request.map(|body| watched(body, watch));
    #[expect(clippy::disallowed_methods, reason = "whoever asks waits in real time")]
    let answered = tokio::time::timeout(limit, next.run(request));
    answered.await.unwrap_or_else(|_| too_late(awaited.load(Ordering::Relaxed)).into_response())
}

/// NB. 408 only while the body is awaited, without which nothing is done: browsers send again by themselves what
/// is answered so.
fn too_late(body_is_awaited: bool) -> Problem {
    if body_is_awaited {
        let message = "the body did not arrive in time, and nothing was done; send it again";
        return Problem::new(StatusCode::REQUEST_TIMEOUT, "body-timeout", message);
    }
    let message = "this took too long, and may have been done all the same; look before sending it again";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "request-timeout", message)
}

/// The connection, which fails when nobody reads what is written. Reading has limits of its own.
fn impatient(stream: TcpStream, limits: Limits) -> Pin<Box<TimeoutStream<TcpStream>>> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.unread));
    Box::pin(stream)
}

/// The next connection, as soon as there is a place for it.
async fn next(
    listener: &mut TcpListener,
    places: &Arc<Semaphore>,
    connections: &Connections,
    silent: Duration,
) -> (Option<OwnedSemaphorePermit>, TcpStream) {
    let (stream, _) = Listener::accept(listener).await;
    loop {
        if let Ok(place) = Arc::clone(places).try_acquire_owned() {
            return (Some(place), stream);
        }
        #[expect(clippy::disallowed_methods, reason = "whoever waits for a place waits in real time")]
        let look_again = tokio::time::sleep(connections.make_room(silent));
        tokio::select! {
            // Never an error: nobody closes it.
            place = Arc::clone(places).acquire_owned() => return (place.ok(), stream),
            () = look_again => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::{Notify, oneshot};
    use tokio::task::JoinHandle;

    use super::*;

    const NEVER: Duration = Duration::from_hours(1);
    const SOON: Duration = Duration::from_millis(200);
    const GENEROUS: Limits = Limits {
        connections: 100,
        silent: NEVER,
        answered: Duration::ZERO,
        head: NEVER,
        unread: NEVER,
        request: NEVER,
        stop: NEVER,
    };
    /// More than buffers on the way take.
    const LONG: usize = 64 * 1024 * 1024;
    const GET: &str = "GET /hello HTTP/1.1\r\nHost: kari\r\n\r\n";
    const POST: &str = "POST /length HTTP/1.1\r\nHost: kari\r\nContent-Length: 5\r\n\r\n";

    /// A server under test.
    struct Server {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        ended: JoinHandle<Result<(), oneshot::error::RecvError>>,
        /// One has come to `/slow`.
        came: Arc<Notify>,
        /// Lets it go on.
        go_on: Arc<Notify>,
    }

    impl Server {
        async fn start(limits: Limits) -> Self {
            let (came, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let slow = {
                let (came, go_on) = (Arc::clone(&came), Arc::clone(&go_on));
                async move || {
                    came.notify_one();
                    go_on.notified().await;
                    "at last"
                }
            };
            let routes = Router::new()
                .route("/hello", get("hello"))
                .route("/long", get("x".repeat(LONG)))
                .route("/slow", get(slow))
                .route("/length", post(async |body: String| body.len().to_string()));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = oneshot::channel();
            let ended = tokio::spawn(serve(listener, routes, limits, stopped));
            Self { address, stop, ended, came, go_on }
        }

        /// A client that has said something.
        async fn client(&self, text: &str) -> TcpStream {
            let mut client = TcpStream::connect(self.address).await.unwrap();
            client.write_all(text.as_bytes()).await.unwrap();
            client
        }
    }

    /// Waits for what must happen soon.
    #[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
    async fn soon<T>(what: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(20), what).await.expect("it happens soon")
    }

    /// The next answer, of which the body is expected to be `body`.
    async fn answer(client: &mut TcpStream, body: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(&format!("\r\n\r\n{body}")) {
            let byte = soon(client.read_u8()).await.unwrap_or_else(|e| panic!("{e} after {text:?}"));
            text.push(byte.into());
        }
        text
    }

    /// Everything until the server closes the connection.
    async fn rest(mut client: TcpStream) -> String {
        let mut text = String::new();
        soon(client.read_to_string(&mut text)).await.unwrap();
        text
    }

    #[tokio::test]
    async fn ordinary_requests_share_a_connection() {
        let server = Server::start(GENEROUS).await;
        let mut client = server.client(GET).await;
        assert!(answer(&mut client, "hello").await.starts_with("HTTP/1.1 200 OK\r\n"));
        client.write_all(format!("{POST}five!").as_bytes()).await.unwrap();
        assert!(answer(&mut client, "5").await.starts_with("HTTP/1.1 200 OK\r\n"));
    }

    #[tokio::test]
    async fn whoever_sends_half_a_head_or_nothing_is_cut_off() {
        let server = Server::start(Limits { head: SOON, ..GENEROUS }).await;
        for half in ["", "GET /hello HTTP/1.1\r\nHost: ka"] {
            assert_eq!(rest(server.client(half).await).await, "");
        }
        let mut idle = server.client(GET).await;
        answer(&mut idle, "hello").await;
        assert_eq!(rest(idle).await, "");
    }

    #[tokio::test]
    async fn whoever_sends_half_a_body_is_told_and_cut_off() {
        let server = Server::start(Limits { request: SOON, ..GENEROUS }).await;
        let told = rest(server.client(&format!("{POST}fiv")).await).await;
        assert!(told.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{told}");
        assert!(told.contains("\r\ncontent-type: application/problem+json\r\n"), "{told}");
        assert!(told.contains(r#""code":"body-timeout""#), "{told}");
    }

    #[tokio::test]
    async fn where_we_are_too_slow_nobody_is_told_that_nothing_was_done() {
        let server = Server::start(Limits { head: SOON, request: SOON, ..GENEROUS }).await;
        let told = rest(server.client(&GET.replace("hello", "slow")).await).await;
        assert!(told.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{told}");
        assert!(told.contains("\r\nretry-after: 2\r\n"), "{told}");
        assert!(told.contains(r#""code":"request-timeout""#), "{told}");
    }

    #[tokio::test]
    async fn whoever_does_not_read_the_answer_is_cut_off() {
        let server = Server::start(Limits { connections: 1, unread: SOON, ..GENEROUS }).await;
        let unread = server.client(&GET.replace("hello", "long")).await;
        let mut next = server.client(GET).await;
        // It came to its turn only because the first was over.
        answer(&mut next, "hello").await;
        drop(unread);
    }

    #[tokio::test]
    async fn there_are_no_more_connections_at_once_than_allowed() {
        let server = Server::start(Limits { connections: 1, head: SOON, ..GENEROUS }).await;
        let first = server.client("GET").await;
        let mut second = server.client(GET).await;
        answer(&mut second, "hello").await;
        // It came to its turn only because the first was over.
        let mut nothing = [0; 1];
        assert_eq!(first.try_read(&mut nothing).unwrap(), 0);
    }

    #[tokio::test]
    async fn whoever_is_silent_makes_room_for_others_and_whoever_is_being_answered_does_not() {
        let server = Server::start(Limits { connections: 2, silent: SOON, ..GENEROUS }).await;
        let mut slow = server.client(&GET.replace("hello", "slow")).await;
        server.came.notified().await;
        for silent in ["", "GET /hello HTTP/1.1\r\nHost: ka", GET] {
            let mut silent = server.client(silent).await;
            let mut next = server.client(GET).await;
            answer(&mut next, "hello").await;
            soon(silent.read_to_end(&mut vec![])).await.unwrap();
        }
        server.go_on.notify_one();
        answer(&mut slow, "at last").await;
    }

    #[tokio::test]
    async fn whoever_was_answered_a_moment_ago_keeps_their_place() {
        let server =
            Server::start(Limits { connections: 1, silent: SOON, answered: NEVER, ..GENEROUS }).await;
        let mut answered = server.client(GET).await;
        answer(&mut answered, "hello").await;
        let mut next = server.client(GET).await;
        #[expect(clippy::disallowed_methods, reason = "silence is measured in real time")]
        let waited = tokio::time::timeout(3 * SOON, next.readable()).await;
        assert!(waited.is_err(), "nobody made room");
        answered.write_all(GET.as_bytes()).await.unwrap();
        answer(&mut answered, "hello").await;
        drop(answered);
        answer(&mut next, "hello").await;
    }

    #[tokio::test]
    async fn a_request_under_way_ends_well_when_asked_to_stop() {
        let server = Server::start(GENEROUS).await;
        let mut idle = server.client(GET).await;
        answer(&mut idle, "hello").await;
        let under_way = server.client(&GET.replace("hello", "slow")).await;
        server.came.notified().await;
        server.stop.send(()).unwrap();
        // Closed at once, because nothing is under way there.
        assert_eq!(rest(idle).await, "");
        assert!(TcpStream::connect(server.address).await.is_err());
        assert!(!server.ended.is_finished());
        server.go_on.notify_one();
        assert!(rest(under_way).await.ends_with("\r\n\r\nat last"));
        soon(server.ended).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_request_that_never_ends_does_not_keep_it_from_stopping() {
        let server = Server::start(Limits { stop: SOON, ..GENEROUS }).await;
        let _under_way = server.client(&GET.replace("hello", "slow")).await;
        server.came.notified().await;
        server.stop.send(()).unwrap();
        soon(server.ended).await.unwrap().unwrap();
    }
}
