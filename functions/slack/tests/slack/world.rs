//! A small town with everything real but time, and a Slack that keeps what it is told.

use std::future::ready;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, change_settings, create_policy};
use kari_application::ports::{AuditFilter, Clock, PageRequest, Unavailable, Workflow};
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::sync_directory::sync_directory;
use kari_application::{Kari, load_request};
use kari_domain::audit::{Actor, Cause, Envelope, SystemReason};
use kari_domain::ids::{RequestId, UserId};
use kari_domain::settings::{Channels, Settings};
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World as Simulated};
use kari_embedded::ids::SeededIds;
use kari_embedded::notes::StoredNotes;
use kari_embedded::organization::Organization;
use kari_embedded::store::SqliteStore;
use kari_embedded::{Parts, assemble};
use kari_slack::SecretsInUse;
use kari_slack::delivery::{Delivery, Links};
use kari_slack::signature::{SIGNATURE, SigningKey, TIMESTAMP};
use kari_slack_function::{HandOver, Job, SetUp, SlackApp, router, work};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::fake::FakeSlack;

pub(crate) const PAYMENTS: &str = "111111111111";
pub(crate) const SHOP: &str = "222222222222";
pub(crate) const PLAYGROUND: &str = "333333333333";
pub(crate) const VAULT: &str = "444444444444";
pub(crate) const ADMIN: &str = "arn:aws:sso:::permissionSet/ssoins-town/ps-admin";
pub(crate) const READ: &str = "arn:aws:sso:::permissionSet/ssoins-town/ps-read";
pub(crate) const WHY: &str = "障害対応のため本番の状態を確認します";
pub(crate) const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const CHANNEL: &str = "C1";

pub(crate) struct World {
    pub(crate) app: SlackApp,
    pub(crate) router: Router,
    pub(crate) kari: Kari,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) slack: FakeSlack,
    /// The signing secret as it is kept.
    pub(crate) secret: Arc<Mutex<&'static str>>,
    pub(crate) identity_center: Arc<SimulatedIdentityCenter>,
    pub(crate) jobs: Arc<Kept>,
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

/// What was handed over. It is done when a test says so, as it may be later on Lambda.
#[derive(Default)]
pub(crate) struct Kept {
    jobs: Mutex<Vec<Job>>,
    /// Whether what is unfinished is done again by itself, as on Lambda.
    pub(crate) repeats: AtomicBool,
}

impl Kept {
    pub(crate) fn take(&self) -> Vec<Job> {
        std::mem::take(&mut *self.jobs.lock().unwrap())
    }
}

#[async_trait]
impl HandOver for Kept {
    async fn hand_over(&self, _: &SlackApp, job: Job) -> Result<(), Unavailable> {
        // As it goes from one invocation to another.
        let job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        self.jobs.lock().unwrap().push(job);
        Ok(())
    }

    fn repeats(&self) -> bool {
        self.repeats.load(Ordering::Relaxed)
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Slack has its answer, and there is nothing in it.
    pub(crate) fn taken(self) {
        assert_eq!((self.status, self.text.as_str()), (StatusCode::OK, ""));
    }
}

/// What `users.info` says of somebody.
pub(crate) fn told(name: &str) -> Value {
    json!({
        "id": format!("U-{name}"), "team_id": "T1", "locale": "en-US", "is_bot": false, "deleted": false,
        "is_restricted": false, "is_ultra_restricted": false,
        "profile": { "email": format!("{name}@town.example") },
    })
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::of(include_str!("town.toml")).await
    }

    pub(crate) async fn of(town: &str) -> Self {
        let mut organization = Organization::parse("town.toml", town).unwrap();
        // A file would be refused for it; an identity store may have it.
        let twin = organization.directory.users.get_mut(&user("twin-2")).unwrap();
        twin.email = Some("TWIN@town.example".to_owned());
        let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let simulated = Simulated::new(&organization.directory, 1, FaultPlan::calm());
        let identity_center = Arc::new(SimulatedIdentityCenter::new(simulated, clock.clone()));
        let kari = assemble(Parts {
            store: store.clone(),
            directory: identity_center.clone(),
            assignments: identity_center.clone(),
            workflow: Arc::new(Nobody),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(1)),
            roles: organization.roles.clone(),
        });
        set_up(&kari, &organization).await;
        let (slack, jobs) = (FakeSlack::default(), Arc::new(Kept::default()));
        for user in organization.directory.users.values() {
            slack.add(&format!("U-{}", user.user_name), told(&user.user_name));
        }
        let secret = Arc::new(Mutex::new(SECRET));
        let kept = Arc::clone(&secret);
        let read = move || {
            let signing_secret = *kept.lock().unwrap();
            ready(Ok(json!({ "bot_token": "xoxb-1", "signing_secret": signing_secret }).to_string()))
        };
        let secrets = SecretsInUse::of(read).await.unwrap();
        let set_up = SetUp::new(secrets, ["T1".to_owned()].into(), Some(&slack.listen().await)).unwrap();
        let portal = "https://kari.town.example/";
        let links = Links { portal: portal.to_owned(), access_portal: None };
        let notes = Arc::new(StoredNotes::new(store, clock.clone()));
        let workspaces = set_up.workspaces.clone();
        let delivery = Delivery::new(kari.clone(), set_up.slack.clone(), notes, links, workspaces);
        let app =
            SlackApp::new(kari.clone(), set_up, Arc::new(delivery), clock.clone(), portal, jobs.clone());
        Self { router: router(app.clone()), app, kari, clock, slack, secret, identity_center, jobs }
    }

    /// A message with these headers.
    pub(crate) async fn send(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await;
        let response = response.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// The headers that Slack would send with a body now.
    pub(crate) fn signature(&self, body: &str) -> (String, String) {
        let now = self.clock.now();
        let key = SigningKey::new(SECRET).unwrap();
        (key.sign(now, body.as_bytes()), now.timestamp().to_string())
    }

    /// A message as Slack sends it. Each is sent a second after the one before, as Slack does not sign the
    /// same twice.
    pub(crate) async fn signed(&self, path: &str, body: &str) -> Answer {
        self.clock.advance_by(TimeDelta::seconds(1));
        let (signature, timestamp) = self.signature(body);
        self.send(path, &[(SIGNATURE, &signature), (TIMESTAMP, &timestamp)], body).await
    }

    pub(crate) async fn interact(&self, payload: &Value) -> Answer {
        self.signed("/slack/interactions", &interaction(payload)).await
    }

    pub(crate) async fn command(&self, who: &str, text: &str) -> Answer {
        let fields =
            [("team_id", "T1"), ("user_id", &format!("U-{who}")), ("text", text), ("trigger_id", "tr")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.signed("/slack/commands", &body).await
    }

    /// Somebody presses a button in the channel.
    pub(crate) async fn press(&self, who: &str, action: &str, value: &str) {
        self.interact(&pressed(who, action, value)).await.taken();
    }

    /// Does what was handed over.
    pub(crate) async fn work(&self) {
        for job in self.jobs.take() {
            work(&self.app, &job).await.unwrap();
        }
    }

    /// Somebody presses a button, and what they want is done.
    pub(crate) async fn pressed(&self, who: &str, action: &str, value: &str) {
        self.press(who, action, value).await;
        self.work().await;
    }

    /// The batch that a request is of.
    pub(crate) async fn batch_of(&self, id: RequestId) -> String {
        let request = load_request(&self.kari, id).await.unwrap().state;
        request.asked().unwrap().submission.batch.unwrap().to_string()
    }

    /// Asks in the portal for an hour.
    pub(crate) async fn asked(&self, who: &str, accounts: &[&str], set: &str) -> Vec<RequestId> {
        self.asked_because(who, accounts, set, WHY).await
    }

    pub(crate) async fn asked_because(
        &self,
        who: &str,
        accounts: &[&str],
        set: &str,
        why: &str,
    ) -> Vec<RequestId> {
        let wanted = Wanted {
            idempotency_key: format!("{accounts:?} {set}"),
            accounts: accounts.iter().map(|id| id.parse().unwrap()).collect(),
            permission_set: set.parse().unwrap(),
            start: None,
            duration: Minutes(60),
            justification: Some(Justification::parse(why).unwrap()),
            ticket: None,
        };
        let caller = live_caller(&self.kari, &user(who)).await.unwrap();
        let submitted = submit_request(&self.kari, &caller, Cause::Api, &wanted).await.unwrap();
        submitted.answers.into_iter().map(|answer| answer.result.unwrap().id().unwrap()).collect()
    }

    pub(crate) async fn state(&self, id: RequestId) -> &'static str {
        load_request(&self.kari, id).await.unwrap().state.name()
    }

    /// Drives a request as far as it goes now.
    pub(crate) async fn drive(&self, id: RequestId) -> &'static str {
        let clock = Arc::clone(&self.clock);
        let mut advancing = std::pin::pin!(advance(&self.kari, id));
        let done = std::future::poll_fn(|context| {
            let polled = advancing.as_mut().poll(context);
            if polled.is_pending()
                && let Some(at) = clock.next_wake()
            {
                clock.advance_to(at);
                context.waker().wake_by_ref();
            }
            polled
        });
        done.await.unwrap();
        self.state(id).await
    }

    pub(crate) fn later(&self, minutes: i64) {
        self.clock.advance_by(TimeDelta::minutes(minutes));
    }

    /// Changes the settings.
    pub(crate) async fn set(&self, change: impl FnOnce(&mut Settings)) {
        let policies = self.kari.policies.current().await.unwrap();
        let set = policies.policy_set();
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        let mut settings = set.settings.clone();
        change(&mut settings);
        change_settings(&self.kari, &editor, settings, set.settings_version).await.unwrap();
    }

    /// For so long nobody answers who is asked about people and accounts.
    pub(crate) fn lose_directory_for(&self, length: TimeDelta) {
        self.identity_center.with(|world, now| world.directory_down_for(now, length)).unwrap();
    }

    pub(crate) fn leave_group(&self, who: &str, group: &str) {
        let group = group.parse().unwrap();
        self.identity_center.with(|world, now| world.set_membership(now, &user(who), &group, false)).unwrap();
    }

    /// Everything recorded about requests, the oldest first: kind, actor and cause.
    pub(crate) async fn recorded(&self) -> Vec<String> {
        let page = PageRequest { limit: 200, after: None };
        let found = self.kari.store.audit(&AuditFilter::default(), &page).await.unwrap();
        let events =
            found.items.iter().rev().map(|item| serde_json::from_str::<Envelope>(&item.bytes).unwrap());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let brief = |event: &Envelope| {
            let who = match &event.actor {
                Actor::Stranger { account } => account.clone(),
                actor => actor.user().map(ToString::to_string).unwrap_or_default(),
            };
            let what = match event.kind.as_str() {
                "attempt-refused" => {
                    format!("refused {} {}", text(&event.data["command"]), text(&event.data["code"]))
                }
                kind => kind.to_owned(),
            };
            let cause = serde_json::to_value(event.cause).unwrap();
            format!("{what} {who} {}", text(&cause))
        };
        let by_slack: Vec<_> = events.filter(|event| event.cause == Cause::Slack).collect();
        by_slack.iter().map(brief).collect()
    }
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(format!("u-{name}")).unwrap()
}

pub(crate) fn interaction(payload: &Value) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish()
}

/// A button of a message in the channel.
pub(crate) fn pressed(who: &str, action: &str, value: &str) -> Value {
    json!({
        "type": "block_actions",
        "team": { "id": "T1", "domain": "town" },
        "user": { "id": format!("U-{who}"), "team_id": "T1", "username": who },
        "api_app_id": "A1",
        "container": { "type": "message", "message_ts": "1.1", "channel_id": CHANNEL },
        "channel": { "id": CHANNEL, "name": "approvals" },
        "message": { "ts": "1.1", "blocks": "nobody reads this" },
        "trigger_id": "tr",
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [{ "type": "button", "action_id": action, "block_id": "b", "value": value }],
    })
}

/// What a modal holds: its fields, each with what is chosen or written.
pub(crate) fn modal(callback: &str, metadata: &str, fields: &[(&str, Value)]) -> Value {
    let values: serde_json::Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), json!({ *name: value }))).collect();
    json!({
        "id": "V1", "type": "modal", "callback_id": callback, "private_metadata": metadata, "hash": "h1",
        "state": { "values": values },
    })
}

pub(crate) fn submission(who: &str, view: &Value) -> Value {
    json!({
        "type": "view_submission",
        "team": { "id": "T1" }, "user": { "id": format!("U-{who}"), "team_id": "T1" },
        "view": view,
    })
}

async fn set_up(kari: &Kari, organization: &Organization) {
    sync_directory(kari).await.unwrap();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    let policies = &organization.policies;
    // Its ids are none of those that snapshots show.
    let other_ids = Kari { ids: Arc::new(SeededIds::new(2)), ..kari.clone() };
    let on = Channels { slack: true, ..policies.settings.channels };
    change_settings(&other_ids, &editor, Settings { channels: on, ..policies.settings.clone() }, 0)
        .await
        .unwrap();
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
