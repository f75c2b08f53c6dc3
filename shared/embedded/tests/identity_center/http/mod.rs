//! The HTTP front, as raw requests meet it.

mod calls;
mod control;
mod paging;
mod silence;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;

use kari_application::ports::Clock;
use kari_domain::directory::Snapshot;
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::http::{Front, Options};
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::town::{at, organization};

/// A front that answers, and what stands behind it.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) center: Arc<SimulatedIdentityCenter>,
    pub(crate) clock: Arc<ManualClock>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Value,
}

impl Reply {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
        Self { status, head: head.to_owned(), body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// The members of a result.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The name of the exception.
    #[track_caller]
    pub(crate) fn code(&self) -> &str {
        assert_ne!(self.status, 200, "{}", self.body);
        self.body["__type"].as_str().unwrap()
    }
}

impl Site {
    pub(crate) async fn calm() -> Self {
        Self::start(&organization(), FaultPlan::calm(), Options::default()).await
    }

    pub(crate) async fn planned(plan: FaultPlan) -> Self {
        Self::start(&organization(), plan, Options::default()).await
    }

    pub(crate) async fn start(organization: &Snapshot, plan: FaultPlan, options: Options) -> Self {
        let clock = Arc::new(ManualClock::new(at(0)));
        let (address, center) = serve(organization, plan, options, clock.clone()).await;
        Self { address, center, clock }
    }

    /// A call of an AWS API. The ids of our instance are added where they are wanted and not given.
    pub(crate) async fn call(&self, operation: &str, members: Value) -> Reply {
        self.try_call(operation, members).await.expect("an answer")
    }

    /// The same; `None` if the connection ends without an answer.
    pub(crate) async fn try_call(&self, operation: &str, mut members: Value) -> Option<Reply> {
        let instance = self.center.with(|world, _| world.instance().clone()).unwrap();
        let (prefix, id) = match operation_service(operation) {
            "sso-admin" => ("SWBExternalService", Some(("InstanceArn", instance.instance_arn))),
            "identity-store" => ("AWSIdentityStore", Some(("IdentityStoreId", instance.identity_store_id))),
            _ => ("AWSOrganizationsV20161128", None),
        };
        if let Some((name, id)) = id.filter(|(name, _)| members.get(*name).is_none()) {
            members[name] = json!(id);
        }
        self.post(&format!("{prefix}.{operation}"), &members.to_string()).await
    }

    /// A raw request of an AWS API.
    pub(crate) async fn post(&self, target: &str, body: &str) -> Option<Reply> {
        let target = format!("X-Amz-Target: {target}\r\n");
        send(self.address, "POST /", &format!("{target}Content-Type: application/x-amz-json-1.1\r\n"), body)
            .await
    }

    /// A request of the control API.
    pub(crate) async fn control(&self, request: &str, body: Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(self.address, request, "Content-Type: application/json\r\n", &body).await.expect("an answer")
    }
}

pub(crate) async fn serve(
    organization: &Snapshot,
    plan: FaultPlan,
    options: Options,
    clock: Arc<dyn Clock>,
) -> (SocketAddr, Arc<SimulatedIdentityCenter>) {
    let center = Arc::new(SimulatedIdentityCenter::new(World::new(organization, 7, plan), clock));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(Front::new(Arc::clone(&center), options).serve(listener));
    (address, center)
}

/// The service of an operation, as the world serializes it.
fn operation_service(operation: &str) -> &'static str {
    use kari_embedded::identity_center::{Action, Service};
    match operation.parse::<Action>().unwrap().service() {
        Service::SsoAdmin => "sso-admin",
        Service::IdentityStore => "identity-store",
        Service::Organizations => "organizations",
    }
}

pub(crate) async fn send(address: SocketAddr, request: &str, headers: &str, body: &str) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!("{request} HTTP/1.1\r\nHost: aws\r\nConnection: close\r\n{headers}");
    let text = format!("{head}Content-Length: {length}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset is one without an answer, too.
    stream.read_to_end(&mut answer).await.ok();
    let text = String::from_utf8(answer).unwrap();
    (!text.is_empty()).then(|| Reply::read(&text))
}
