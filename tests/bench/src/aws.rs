//! The part of AWS that a function calls before its first answers, behind TLS as the real one is: a DynamoDB in
//! which there is nothing, the secret of Slack, and a Lambda that takes every invocation.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// By which Slack signs what it sends.
pub(crate) const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const SECRET: &str = r#"{"bot_token":"xoxb-bench","signing_secret":"8f742231b10e8888abcd99yyyzzz85a5"}"#;
/// Where Debian and its kin have the certificates that are trusted.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Serves until it is dropped.
pub(crate) struct Aws {
    pub(crate) url: String,
    folder: TempDir,
    serving: JoinHandle<io::Result<()>>,
}

impl Aws {
    pub(crate) async fn start() -> io::Result<Self> {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).map_err(io::Error::other)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .map_err(io::Error::other)?;
        // NB. With all that a function has to read of them, as where it is deployed.
        let folder = tempfile::tempdir()?;
        let trusted = fs::read_to_string(TRUSTED).unwrap_or_default() + &cert.pem();
        fs::write(folder.path().join("trusted.pem"), trusted)?;
        let tcp = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("https://localhost:{}", tcp.local_addr()?.port());
        let listener = Tls { tcp, acceptor: TlsAcceptor::from(Arc::new(config)) };
        let serving = tokio::spawn(axum::serve(listener, Router::new().fallback(answer)).into_future());
        Ok(Self { url, folder, serving })
    }

    /// The file with what makes it trusted.
    pub(crate) fn certificates(&self) -> PathBuf {
        self.folder.path().join("trusted.pem")
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(request: Request) -> Response {
    let operation = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    match operation.and_then(|operation| operation.split_once('.')) {
        Some((_, "GetItem")) => "{}".into_response(),
        Some((_, "Query")) => r#"{"Items":[],"Count":0,"ScannedCount":0}"#.into_response(),
        Some((_, "GetSecretValue")) => {
            serde_json::json!({"Name": "kari-slack", "SecretString": SECRET}).to_string().into_response()
        }
        None if request.uri().path().ends_with("/invocations") => StatusCode::ACCEPTED.into_response(),
        Some(_) | None => StatusCode::NOT_FOUND.into_response(),
    }
}

struct Tls {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = Listener::accept(&mut self.tcp).await;
            // What is sent in two parts does not wait for the first to be acknowledged.
            stream.set_nodelay(true).ok();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
