//! A small town with everything real but time.

use std::borrow::Borrow;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::TimeDelta;
use kari_api::authentication::{Algorithm, Authenticator, Kind, StaticKeys, Trust};
use kari_api::{ApiState, Channel, PortalConfig, router};
use kari_application::advance::advance;
use kari_application::edit_policies::{Editor, create_policy};
use kari_application::link_chat;
use kari_application::ports::{Append, AuditFilter, Clock, PageRequest, StreamAppend, Unavailable, Workflow};
use kari_application::sync_directory::sync_directory;
use kari_application::{Kari, load_request};
use kari_domain::audit::{Actor, Cause, Envelope, Stamp, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId, UserId};
use kari_domain::request::RequestEvent;
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World as Simulated};
use kari_embedded::ids::SeededIds;
use kari_embedded::organization::Organization;
use kari_embedded::store::SqliteStore;
use kari_embedded::{Parts, assemble};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::tokens::{AUDIENCE, ISSUER, Issuer, claims};

pub(crate) const PAYMENTS: &str = "111111111111";
pub(crate) const SHOP: &str = "222222222222";
pub(crate) const PLAYGROUND: &str = "333333333333";
pub(crate) const ADMIN: &str = "arn:aws:sso:::permissionSet/ssoins-town/ps-admin";
pub(crate) const READ: &str = "arn:aws:sso:::permissionSet/ssoins-town/ps-read";
pub(crate) const WHY: &str = "障害対応のため本番の状態を確認します";

static ISSUES: LazyLock<Issuer> = LazyLock::new(Issuer::new);

pub(crate) struct World {
    pub(crate) app: Router,
    pub(crate) state: ApiState,
    pub(crate) kari: Kari,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) identity_center: Arc<SimulatedIdentityCenter>,
    pub(crate) store: Arc<SqliteStore>,
}

/// The tests call `advance` themselves.
struct Nobody;

#[async_trait]
impl Workflow for Nobody {
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and code, as tables show them.
    pub(crate) fn brief(&self) -> String {
        if self.status.is_success() || self.text.is_empty() {
            self.status.as_u16().to_string()
        } else {
            format!("{} {}", self.status.as_u16(), self.code())
        }
    }

    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let organization = Organization::parse("town.toml", include_str!("town.toml")).unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let simulated = Simulated::new(&organization.directory, 1, FaultPlan::calm());
        let identity_center = Arc::new(SimulatedIdentityCenter::new(simulated, clock.clone()));
        let kari = assemble(Parts {
            store: Arc::clone(&store),
            directory: identity_center.clone(),
            assignments: identity_center.clone(),
            workflow: Arc::new(Nobody),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(1)),
            roles: organization.roles.clone(),
        });
        set_up(&kari, &organization).await;
        let portal = PortalConfig {
            access_portal_url: organization.access_portal,
            region: organization.region,
            channels: vec![Channel::Sns],
        };
        let authentication = Arc::new(authenticator(clock.clone()));
        let state = ApiState { kari: kari.clone(), authentication, portal };
        Self { app: router(state.clone()), state, kari, clock, identity_center, store }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// A call as somebody; `nobody` has no token.
    pub(crate) async fn call(&self, who: &str, call: Call) -> Answer {
        let token = (who != "nobody").then(|| self.token(who));
        self.send(call.request(token.as_deref())).await
    }

    pub(crate) fn token(&self, who: &str) -> String {
        sign(&claims(&format!("u-{who}"), self.clock.now()))
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.call(who, Call::get(path)).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: impl Borrow<Value>) -> Answer {
        self.call(who, Call::post(path, body)).await
    }

    /// Asks for an hour; the key is the account.
    pub(crate) async fn ask(&self, who: &str, account: &str, set: &str) -> Answer {
        self.call(who, Call::submit(account, wanted(account, set))).await
    }

    /// Somebody links a Slack account by a code of theirs.
    pub(crate) async fn linked(&self, who: &str, account: &str) {
        let link = self.call(who, Call::new(Method::POST, "/v1/me/slack-link")).await.json();
        let code = link["code"].as_str().unwrap();
        let linked = link_chat::link(&self.kari, "slack", account, Some(who), code).await.unwrap();
        assert_eq!(linked, link_chat::Linked::To(format!("u-{who}").parse().unwrap()));
    }

    /// The id of a request that was taken.
    pub(crate) async fn asked(&self, who: &str, account: &str, set: &str) -> String {
        let answer = self.ask(who, account, set).await.ok();
        answer["results"][0]["request"]["id"].as_str().unwrap().to_owned()
    }

    /// Runs something to its end. Whoever sleeps is woken at once, at the time it waits for.
    pub(crate) fn wait<T>(&self, something: impl Future<Output = T>) -> T {
        let mut something = pin!(something);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(done) = something.as_mut().poll(&mut context) {
                return done;
            }
            self.clock.advance_to(self.clock.next_wake().unwrap());
        }
    }

    /// Drives a request as far as it goes now.
    pub(crate) async fn drive(&self, id: &str) -> &'static str {
        let id: RequestId = id.parse().unwrap();
        self.wait(advance(&self.kari, id)).unwrap();
        load_request(&self.kari, id).await.unwrap().state.name()
    }

    /// Records events of a request by hand, as they may lie in a store.
    pub(crate) async fn record(&self, id: &str, events: &[RequestEvent]) {
        let loaded = load_request(&self.kari, id.parse().unwrap()).await.unwrap();
        let (id, at) = (AppendId(self.kari.ids.fresh()), self.kari.clock.now());
        let actor = Actor::System { reason: SystemReason::IdentityCenter };
        let stamp = Stamp { append: id, at, actor, cause: Cause::Advance };
        let (events, _) = seal(&loaded.stream, &loaded.head, events, &stamp).unwrap();
        let streams = vec![StreamAppend { stream: loaded.stream, expected: loaded.head, events }];
        let append = Append { id, at, streams, unchanged: vec![], items: vec![], claims: vec![] };
        self.kari.store.append(&append).await.unwrap();
    }

    pub(crate) fn later(&self, minutes: i64) {
        self.clock.advance_by(TimeDelta::minutes(minutes));
    }

    pub(crate) fn leave_group(&self, who: &str, group: &str) {
        let (user, group) = (UserId::parse(format!("u-{who}")).unwrap(), group.parse().unwrap());
        self.identity_center.with(|world, now| world.set_membership(now, &user, &group, false)).unwrap();
    }

    pub(crate) async fn sync(&self) {
        sync_directory(&self.kari).await.unwrap();
    }

    /// Everything recorded, the oldest first.
    pub(crate) async fn events(&self) -> Vec<Envelope> {
        let mut page = PageRequest { limit: 200, after: None };
        let mut events: Vec<Envelope> = vec![];
        loop {
            let found = self.kari.store.audit(&AuditFilter::default(), &page).await.unwrap();
            events.extend(found.items.iter().map(|item| serde_json::from_str(&item.bytes).unwrap()));
            page.after = found.next;
            if page.after.is_none() {
                events.reverse();
                return events;
            }
        }
    }

    /// How much was recorded, attempts aside.
    pub(crate) async fn changes(&self) -> usize {
        self.events().await.iter().filter(|event| event.kind != "attempt-refused").count()
    }

    /// What refused attempts were recorded: actor, command and code.
    pub(crate) async fn attempts(&self) -> Vec<String> {
        let events = self.events().await;
        let attempts = events.iter().filter(|event| event.kind == "attempt-refused");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let brief = |event: &Envelope| {
            let who = event.actor.user().map(ToString::to_string).unwrap_or_default();
            format!("{who} {} {}", text(&event.data["command"]), text(&event.data["code"]))
        };
        attempts.map(brief).collect()
    }
}

async fn set_up(kari: &Kari, organization: &Organization) {
    sync_directory(kari).await.unwrap();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    let policies = &organization.policies;
    for versioned in &policies.eligibility {
        create_policy(kari, &editor, versioned.policy.clone()).await.unwrap();
    }
    for versioned in &policies.approvers {
        create_policy(kari, &editor, versioned.policy.clone()).await.unwrap();
    }
    for versioned in &policies.guardrails {
        create_policy(kari, &editor, versioned.policy.clone()).await.unwrap();
    }
}

/// A token of the issuer that the world trusts.
pub(crate) fn sign(claims: &Value) -> String {
    ISSUES.sign(claims)
}

pub(crate) fn trust() -> Trust {
    Trust {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        algorithm: Algorithm::Es256,
        kind: Kind::Access(None),
        user_claim: "sub".to_owned(),
    }
}

fn authenticator(clock: Arc<dyn Clock>) -> Authenticator {
    Authenticator::new(trust(), Arc::new(StaticKeys(ISSUES.keys())), clock)
}

/// What is asked for in most tests: an hour, now.
pub(crate) fn wanted(account: &str, set: &str) -> Value {
    json!({ "accounts": [account], "permission_set": set, "duration_minutes": 60, "justification": WHY })
}

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

impl Call {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: vec![], body: None }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str, body: impl Borrow<Value>) -> Self {
        Self::new(Method::POST, path).json(body)
    }

    pub(crate) fn put(path: &str, version: u64, body: impl Borrow<Value>) -> Self {
        Self::new(Method::PUT, path).if_match(version).json(body)
    }

    pub(crate) fn delete(path: &str, version: u64) -> Self {
        Self::new(Method::DELETE, path).if_match(version)
    }

    pub(crate) fn submit(key: &str, body: impl Borrow<Value>) -> Self {
        Self::post("/v1/requests", body).header("idempotency-key", key)
    }

    pub(crate) fn json(self, body: impl Borrow<Value>) -> Self {
        self.raw(body.borrow().to_string())
    }

    pub(crate) fn raw(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", "application/json")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn if_match(self, version: u64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub(crate) fn request(self, token: Option<&str>) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.body(self.body.map_or_else(Body::empty, Body::from)).unwrap()
    }
}
