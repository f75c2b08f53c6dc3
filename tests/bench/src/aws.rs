//! The part of AWS that a function calls before its first answers, behind TLS as the real one is: a DynamoDB, an
//! identity store, the secret of Slack, and a Lambda that takes every invocation. And the part of Slack that is called
//! before a search is answered: who somebody is.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use axum::{Json, Router};
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::UserId;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

use crate::deployed::Deployed;
use crate::function::{IDENTITY_STORE, WORKSPACE};

/// By which Slack signs what it sends.
pub(crate) const SIGNING_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const SECRET: &str = r#"{"bot_token":"xoxb-bench","signing_secret":"8f742231b10e8888abcd99yyyzzz85a5"}"#;
/// Where Debian and its kin have the certificates that are trusted.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";
/// Where Slack has its methods.
const SLACK: &str = "/api";

/// Serves until it is dropped.
pub(crate) struct Aws {
    /// Where DynamoDB answers. NB. Not where the others do: a function opens a connection to each.
    pub(crate) dynamodb: String,
    pub(crate) others: String,
    folder: TempDir,
    serving: [JoinHandle<io::Result<()>>; 2],
}

impl Aws {
    pub(crate) async fn start(deployed: &Deployed) -> io::Result<Self> {
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
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (dynamodb, one) = serve(acceptor.clone(), deployed).await?;
        let (others, other) = serve(acceptor, deployed).await?;
        Ok(Self { dynamodb, others, folder, serving: [one, other] })
    }

    /// Where Slack answers: beside the others, though a function opens a connection of its own to it.
    pub(crate) fn slack(&self) -> String {
        format!("{}{SLACK}", self.others)
    }

    /// The file with what makes it trusted.
    pub(crate) fn certificates(&self) -> PathBuf {
        self.folder.path().join("trusted.pem")
    }
}

impl Drop for Aws {
    fn drop(&mut self) {
        self.serving.iter().for_each(JoinHandle::abort);
    }
}

async fn serve(
    acceptor: TlsAcceptor,
    deployed: &Deployed,
) -> io::Result<(String, JoinHandle<io::Result<()>>)> {
    let tcp = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("https://localhost:{}", tcp.local_addr()?.port());
    let serving = axum::serve(Tls { tcp, acceptor }, router(deployed.clone()));
    Ok((url, tokio::spawn(serving.into_future())))
}

/// All of it, for whoever is reached without TLS.
pub(crate) fn router(deployed: Deployed) -> Router {
    Router::new().fallback(answer).with_state(deployed)
}

async fn answer(State(deployed): State<Deployed>, to: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let operation = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    match operation.and_then(|operation| operation.split_once('.')) {
        Some((_, "GetSecretValue")) => {
            json!({"Name": "kari-slack", "SecretString": SECRET}).to_string().into_response()
        }
        Some((_, "DescribeUser")) => person(describe_user(&deployed.directory, &asked)),
        Some((_, "GetUserId")) => person(user_id(&deployed.directory, &asked)),
        Some((_, operation)) => {
            let answer = deployed.table.answer(operation, &asked);
            answer.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
        }
        None if to.path().ends_with("/invocations") => StatusCode::ACCEPTED.into_response(),
        None if to.path().strip_prefix(SLACK) == Some("/users.info") => {
            in_slack(user_in_slack(&deployed.directory, &to))
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn describe_user(directory: &Snapshot, asked: &Value) -> Option<Value> {
    let id = UserId::parse(asked.get("UserId")?.as_str()?).ok()?;
    let User { id, user_name, display_name, enabled, .. } = directory.users.get(&id)?;
    let status = if *enabled { "ENABLED" } else { "DISABLED" };
    Some(json!({
        "IdentityStoreId": IDENTITY_STORE, "UserId": id, "UserName": user_name, "DisplayName": display_name,
        "UserStatus": status,
    }))
}

fn user_id(directory: &Snapshot, asked: &Value) -> Option<Value> {
    let name = asked.pointer("/AlternateIdentifier/UniqueAttribute/AttributeValue")?.as_str()?;
    let user = directory.users.values().find(|user| user.user_name == name)?;
    Some(json!({"IdentityStoreId": IDENTITY_STORE, "UserId": user.id}))
}

/// What the identity store answers about somebody, also if there is nobody.
fn person(found: Option<Value>) -> Response {
    let missing = || {
        let missing =
            json!({"__type": "ResourceNotFoundException", "Message": "nobody", "ResourceType": "USER"});
        (StatusCode::BAD_REQUEST, missing.to_string()).into_response()
    };
    found.map_or_else(missing, |found| found.to_string().into_response())
}

/// What Slack says of somebody. They have the id there that they have in the directory.
fn user_in_slack(directory: &Snapshot, asked: &Uri) -> Option<Value> {
    let (_, id) = form_urlencoded::parse(asked.query()?.as_bytes()).find(|(name, _)| name == "user")?;
    let User { id, display_name, email, enabled, .. } = directory.users.get(&UserId::parse(id).ok()?)?;
    Some(json!({
        "id": id, "team_id": WORKSPACE, "deleted": !enabled, "locale": "en-US",
        "profile": {"real_name": display_name, "email": email},
    }))
}

/// What Slack answers about somebody, also if there is nobody.
fn in_slack(found: Option<Value>) -> Response {
    let missing = || json!({"ok": false, "error": "user_not_found"});
    Json(found.map_or_else(missing, |user| json!({"ok": true, "user": user}))).into_response()
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

#[cfg(test)]
mod tests {
    use kari_slack::identity::{Profile, user_by_email};

    use super::*;
    use crate::{Size, organization};

    #[test]
    fn whoever_slack_tells_of_is_found_in_the_directory() {
        let directory =
            organization(Size { users: 20, groups: 5, units: 5, accounts: 20, permission_sets: 3 });
        let person = directory.users.values().find(|user| user.enabled).unwrap();
        let asked =
            |id: &str| -> Uri { format!("/api/users.info?user={id}&include_locale=true").parse().unwrap() };
        let told = user_in_slack(&directory, &asked(person.id.as_str())).unwrap();
        let profile = Profile::from(&serde_json::from_value::<kari_slack::User>(told).unwrap());
        assert_eq!(user_by_email(profile.email.as_deref(), &directory), Ok(person));
        assert!(profile.workspaces.contains(WORKSPACE) && !profile.nobody);
        assert_eq!(user_in_slack(&directory, &asked("U0BOB")), None);
    }
}
