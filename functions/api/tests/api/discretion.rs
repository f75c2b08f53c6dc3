//! What stays inside, and what goes on when something is wrong.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::routing::get;
use chrono::TimeDelta;
use kari_api::ApiState;
use kari_application::ports::{
    Append, Item, ItemChange, ItemKey, Notification, NotificationKind, Notifier, StreamAppend, Unavailable,
};
use kari_application::{Kari, load_request};
use kari_domain::audit::{
    Actor, AuditEvent, Cause, Envelope, SealedEvent, Stamp, StreamId, SystemReason, seal,
};
use kari_domain::ids::AppendId;
use kari_domain::ledger::TroubleCode;
use kari_domain::request::{EndCause, RequestEvent, Window};
use kari_domain::time::{Instant, Minutes};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, World, wanted};

#[tokio::test]
async fn what_cannot_be_understood_is_parked_and_says_nothing_of_the_inside() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let other = world.asked("alice", crate::world::SHOP, ADMIN).await;
    append_nonsense(&world, &id).await;
    let path = format!("/v1/requests/{id}");
    for call in [Call::get(&path), Call::post(&format!("{path}/withdraw"), json!({}))] {
        let answer = world.call("alice", call).await;
        assert_eq!(answer.brief(), "500 corrupt");
        assert!(!answer.text.contains("sneezed"), "{}", answer.text);
    }
    // Everything else goes on.
    assert_eq!(world.get("alice", &format!("/v1/requests/{other}")).await.status, 200);
    assert_eq!(world.get("alice", "/v1/requests").await.status, 200);
    assert_eq!(world.get("odette", "/v1/audit").await.status, 200);
}

#[tokio::test]
async fn an_administrator_is_told_that_access_is_removed_although_its_request_cannot_be_understood() {
    let world = World::new().await;
    let id = world.asked("alice", PLAYGROUND, ADMIN).await;
    assert_eq!(world.drive(&id).await, "active");
    append_nonsense(&world, &id).await;
    let path = format!("/v1/requests/{id}/revoke");
    // The second time there is nothing left to remove.
    for (who, removed) in [("alice", false), ("odette", false), ("adam", true), ("adam", false)] {
        let answer = world.post(who, &path, json!({})).await;
        assert_eq!(answer.brief(), "500 corrupt", "{who}");
        assert_eq!(answer.text.contains("the access is being removed"), removed, "{who}: {}", answer.text);
        assert!(!answer.text.contains("sneezed"), "{}", answer.text);
    }
}

/// What was told, of which stream and place in it, and to whom.
type Told = (NotificationKind, String, u64, Vec<String>);

/// Keeps what would have been delivered.
#[derive(Default)]
struct Heard(Mutex<Vec<Told>>);

#[async_trait]
impl Notifier for Heard {
    async fn deliver(&self, told: &Notification) -> Result<(), Unavailable> {
        let recipients = told.recipients.iter().map(ToString::to_string).collect();
        self.0.lock().unwrap().push((told.kind, told.stream.to_string(), told.sequence, recipients));
        Ok(())
    }
}

#[tokio::test]
async fn whoever_meets_a_request_that_cannot_be_understood_has_the_administrators_told() {
    let world = World::new().await;
    let heard = Arc::new(Heard::default());
    let kari = Kari { notifier: heard.clone(), ..world.kari.clone() };
    let app = kari_api::router(ApiState { kari, ..world.state.clone() });
    let world = World { app, ..world };
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    append_nonsense(&world, &id).await;
    let path = format!("/v1/requests/{id}");
    let told = (NotificationKind::RecordsUnreadable, format!("request/{id}"), 0, vec!["u-adam".to_owned()]);
    for (met, call) in
        [Call::get(&path), Call::post(&format!("{path}/deny"), json!({}))].into_iter().enumerate()
    {
        assert_eq!(world.call("alice", call).await.brief(), "500 corrupt");
        // The same message each time: channels deliver it once.
        assert_eq!(*heard.0.lock().unwrap(), vec![told.clone(); met + 1]);
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_understood_hides_neither_its_page_nor_the_next() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    append(&world, &id, |bytes| bytes.replace("\"cause\":\"api\"", "\"cause\":\"telepathy\"")).await;
    world.later(1);
    world.post("paul", "/v1/requests/00000000-0000-4000-8000-000000000000/approve", json!({})).await;
    let page = world.get("odette", "/v1/audit?limit=3").await.ok();
    let kinds: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, ["attempt-refused", "requested", "requested"]);
    let unreadable = &page["items"][1];
    assert_eq!(
        (&unreadable["stream"], &unreadable["sequence"]),
        (&json!(format!("request/{id}")), &json!(2))
    );
    let bytes = unreadable["unreadable"].as_str().unwrap();
    assert!(bytes.contains("telepathy") && unreadable.get("cause").is_none(), "{unreadable}");
    assert_eq!(page["items"][2]["unreadable"], json!(null));
    assert!(page["next"].is_string(), "the list goes on");
}

const SAID: &str = "User: arn:aws:sts::100000000000:assumed-role/kari is not authorized";

/// Access that Identity Center did not give, and does not let be taken away.
fn denied(now: Instant) -> [RequestEvent; 3] {
    let window = Window::new(None, Minutes(60), now);
    let (code, detail) = (TroubleCode::AccessDenied, SAID.to_owned());
    [
        RequestEvent::ActivationStarted {
            window,
            deadline: now + TimeDelta::minutes(15),
            joined: None,
            open_sessions_until: window.expires_at,
        },
        RequestEvent::EndStarted { cause: EndCause::ActivationFailed { code, detail: detail.clone() } },
        RequestEvent::EndBlocked { code, detail },
    ]
}

#[tokio::test]
async fn what_identity_center_said_itself_is_told_only_to_those_who_see_all() {
    let world = World::new().await;
    let id = world.asked("alice", PLAYGROUND, ADMIN).await;
    world.record(&id, &denied(world.kari.clock.now())).await;
    for (who, told) in [("alice", false), ("rin", false), ("adam", true), ("odette", true)] {
        let answer = world.get(who, &format!("/v1/requests/{id}")).await;
        assert_eq!(answer.text.matches(SAID).count(), if told { 4 } else { 0 }, "{who}: {}", answer.text);
        let seen = answer.ok();
        let end = seen["timeline"].as_array().unwrap().iter().find(|entry| entry["kind"] == "end-started");
        let codes = [
            &seen["reason"]["parameters"]["code"],
            &seen["removal"]["blocked"]["code"],
            &end.unwrap()["data"]["cause"]["code"],
        ];
        assert_eq!(codes, ["access-denied"; 3], "{who} is told what is wrong");
    }
}

/// An event of a kind that nobody knows, as a newer version might write it.
async fn append_nonsense(world: &World, id: &str) {
    append(world, id, |bytes| bytes.replace("\"kind\":\"requested\"", "\"kind\":\"sneezed\"")).await;
}

/// An event like the first one, altered.
async fn append(world: &World, id: &str, alter: impl Fn(&str) -> String) {
    let loaded = load_request(&world.kari, id.parse().unwrap()).await.unwrap();
    let stored = world.kari.store.stream(&loaded.stream).await.unwrap();
    let id = AppendId(world.kari.ids.fresh());
    let envelope: Envelope = serde_json::from_str(&stored[0]).unwrap();
    let (sequence, previous) = (loaded.head.version + 1, loaded.head.hash.clone());
    let envelope = Envelope { sequence, previous, append: id, ..envelope };
    let bytes = alter(&serde_json::to_string(&envelope).unwrap());
    let event = SealedEvent { sequence, kind: "requested".to_owned(), bytes };
    let stream = StreamAppend { stream: loaded.stream, expected: loaded.head, events: vec![event] };
    let append = Append {
        id,
        at: world.kari.clock.now(),
        streams: vec![stream],
        unchanged: vec![],
        items: vec![],
        claims: vec![],
    };
    world.kari.store.append(&append).await.unwrap();
}

#[tokio::test]
async fn policies_that_cannot_be_read_keep_nobody_from_seeing_and_ending_their_own_access() {
    let world = World::new().await;
    let granted = world.asked("alice", PLAYGROUND, ADMIN).await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    assert_eq!(world.drive(&granted).await, "active");
    make_policies_unreadable(&world).await;
    assert_eq!(world.get("alice", "/v1/eligibility").await.brief(), "503 unavailable");

    let mine = world.get("alice", "/v1/requests").await.ok();
    let actions: HashSet<_> = mine["items"].as_array().unwrap().iter().map(|r| &r["actions"]).collect();
    assert_eq!(actions.len(), 2);
    assert!(actions.contains(&json!(["revoke"])) && actions.contains(&json!(["withdraw"])), "{actions:?}");
    assert_eq!(world.get("alice", "/v1/me").await.ok()["to_review"], 0);

    let path = |id: &str, command: &str| format!("/v1/requests/{id}/{command}");
    let ending = world.post("alice", &path(&granted, "revoke"), json!({})).await.ok();
    assert_eq!((&ending["id"], &ending["actions"]), (&json!(granted), &json!([])));
    let withdrawn = world.post("alice", &path(&waiting, "withdraw"), json!({})).await.ok();
    assert_eq!(withdrawn["outcome"], "withdrawn");
}

#[tokio::test]
async fn who_may_review_is_not_guessed_while_the_policies_cannot_be_read() {
    let world = World::new().await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    make_policies_unreadable(&world).await;
    let path = format!("/v1/requests/{waiting}");
    assert_eq!(world.get("rin", &path).await.brief(), "503 unavailable");
    assert_eq!(world.get("rin", "/v1/requests?scope=to-review").await.brief(), "503 unavailable");
    assert_eq!(world.post("rin", &format!("{path}/approve"), json!({})).await.brief(), "503 unavailable");
    assert_eq!(world.get("odette", &path).await.ok()["actions"], json!([]));
}

/// A policy set as a newer version might have written it.
async fn make_policies_unreadable(world: &World) {
    let stream = StreamId::policies();
    let key = ItemKey::from(&stream);
    let item = world.kari.store.item(&key).await.unwrap().unwrap();
    let (id, at) = (AppendId(world.kari.ids.fresh()), world.kari.clock.now());
    let actor = Actor::System { reason: SystemReason::Setup };
    let stamp = Stamp { append: id, at, actor, cause: Cause::Operator };
    let event = NewerEvent::PoliciesSung { melody: "do re mi".to_owned() };
    let (events, head) = seal(&stream, &item.head, &[event], &stamp).unwrap();
    let body = r#"{"song":"do re mi"}"#.to_owned();
    let append = Append {
        id,
        at,
        streams: vec![StreamAppend { stream, expected: item.head, events }],
        unchanged: vec![],
        items: vec![ItemChange::Put(Item { key, head, due_at: None, request: None, body })],
        claims: vec![],
    };
    world.kari.store.append(&append).await.unwrap();
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum NewerEvent {
    PoliciesSung { melody: String },
}

impl AuditEvent for NewerEvent {}

#[tokio::test]
async fn a_handler_that_breaks_is_answered_for() {
    let world = World::new().await;
    let more = Router::new().route("/broken", get(broken));
    let world = World { app: kari_api::router_with(world.state.clone(), more), ..world };
    let answer = world.get("alice", "/v1/broken").await;
    assert_eq!(answer.brief(), "500 internal");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

async fn broken() -> &'static str {
    panic!("on purpose")
}

#[tokio::test]
async fn names_come_from_the_directory_whatever_a_client_says() {
    let world = World::new().await;
    let mut body = wanted(PAYMENTS, ADMIN);
    body["permission_set_name"] = "ReadOnlyAccess".into();
    assert_eq!(world.call("alice", Call::submit("key", &body)).await.brief(), "400 malformed-body");
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let seen = world.get("rin", &format!("/v1/requests/{id}")).await.ok();
    assert_eq!(seen["permission_set"]["name"], "AdministratorAccess");
    assert_eq!(seen["account"]["name"], "payments");
}

#[tokio::test]
async fn attempts_are_bounded_for_each_person_and_day() {
    let world = World::new().await;
    let nowhere = wanted("999999999999", ADMIN);
    for number in 0..65 {
        let refused = world.call("alice", Call::submit(&format!("key-{number}"), &nowhere)).await;
        assert!(refused.status.is_client_error(), "{}", refused.brief());
    }
    assert_eq!(world.attempts().await.len(), 60);
    let last = async || world.events().await.last().unwrap().kind.clone();
    assert_eq!(last().await, "more-not-recorded", "that there were more is recorded, once");
    for command in ["approve", "withdraw"].repeat(13) {
        let path = format!("/v1/requests/00000000-0000-4000-8000-000000000000/{command}");
        world.post("alice", &path, json!({})).await;
    }
    assert_eq!(world.attempts().await.len(), 80, "noise does not hide whose requests were tried");
    // Noise cannot hide an attempt to approve one's own request.
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    for _ in 0..45 {
        world.post("alice", &format!("/v1/requests/{id}/approve"), json!({})).await;
    }
    let attempts = world.attempts().await;
    assert_eq!(attempts.len(), 100);
    assert_eq!(attempts.iter().filter(|attempt| attempt.contains("self-review")).count(), 20);
    let more = world.events().await.into_iter().filter(|event| event.kind == "more-not-recorded");
    assert_eq!(more.count(), 1);
    // The next day begins anew.
    world.later(24 * 60);
    world.post("alice", "/v1/requests/00000000-0000-4000-8000-000000000000/approve", json!({})).await;
    assert_eq!(last().await, "attempt-refused");
}
