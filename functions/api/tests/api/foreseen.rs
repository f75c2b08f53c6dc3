//! What the form says before anything is sent is what sending it would come to.

use std::sync::Arc;

use async_trait::async_trait;
use kari_api::{ApiState, router};
use kari_application::Kari;
use kari_application::ports::{EventStore, PageRequest, ReadModel, RequestFilter, RequestScope, Unavailable};
use kari_domain::directory::Snapshot;
use serde_json::{Value, json};

use crate::lists::put_pending;
use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, READ, SHOP, World, wanted};

fn body(account: &str, set: &str, minutes: u32) -> Value {
    let mut body = wanted(account, set);
    body["duration_minutes"] = minutes.into();
    body
}

/// What alice is told beforehand, and what she is answered then; the reasons' and the problem's codes.
async fn both(world: &World, account: &str, set: &str, minutes: u32) -> (Value, String) {
    let query = format!("account={account}&permission_set={set}&duration_minutes={minutes}");
    let verdict = world.get("alice", &format!("/v1/eligibility/verdict?{query}")).await.ok();
    let key = format!("{}-{set}-{minutes}-{account}", world.changes().await);
    let answer = world.call("alice", Call::submit(&key, body(account, set, minutes))).await;
    if let Some(id) = answer.json()["results"][0]["request"]["id"].as_str() {
        world.post("alice", &format!("/v1/requests/{id}/withdraw"), json!({})).await.ok();
    }
    (verdict, answer.brief())
}

fn told(verdict: &Value) -> (String, Vec<String>) {
    let reasons = verdict["reasons"].as_array().unwrap().iter();
    let codes = reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect();
    (verdict["outcome"].as_str().unwrap().to_owned(), codes)
}

fn refused(code: &str) -> (String, Vec<String>) {
    ("refused".to_owned(), vec![code.to_owned()])
}

fn possible(outcome: &str) -> (String, Vec<String>) {
    (outcome.to_owned(), vec![])
}

#[tokio::test]
async fn too_long_together_with_access_that_is_there_is_foreseen() {
    let world = World::new().await;
    let first = world.asked("alice", PLAYGROUND, ADMIN).await;
    assert_eq!(world.drive(&first).await, "active");
    world.later(30);
    // Eight hours are the most without approval, and half an hour of them is over.
    for (minutes, fits) in [(60, true), (449, true), (451, false), (480, false)] {
        let (verdict, answer) = both(&world, PLAYGROUND, ADMIN, minutes).await;
        if fits {
            assert_eq!(
                (told(&verdict), answer.as_str()),
                (possible("no-approval-needed"), "201"),
                "{minutes}"
            );
        } else {
            assert_eq!(told(&verdict), refused("joined-window-too-long"), "{minutes}");
            assert_eq!(answer, "422 joined-window-too-long", "{minutes}");
            assert_eq!(verdict["reasons"][0]["parameters"], json!({ "longest_minutes": 480 }));
            assert_eq!(verdict["joined_window"]["starts_at"], "2026-11-22T04:00:00Z");
        }
    }
}

#[tokio::test]
async fn that_the_same_was_asked_for_already_is_foreseen_until_it_lapses() {
    let world = World::new().await;
    world.asked("alice", PAYMENTS, ADMIN).await;
    for (later, told_then, answered) in [
        (0, refused("already-requested"), "409 already-requested"),
        (8 * 60 - 1, refused("already-requested"), "409 already-requested"),
        (1, possible("approval-needed"), "201"),
    ] {
        world.later(later);
        world.sync().await;
        let (verdict, answer) = both(&world, PAYMENTS, ADMIN, 60).await;
        assert_eq!((told(&verdict), answer.as_str()), (told_then, answered), "{later} minutes later");
    }
    let (verdict, _) = both(&world, PAYMENTS, READ, 60).await;
    assert_eq!(told(&verdict), possible("approval-needed"), "something else is not in the way");
}

#[tokio::test]
async fn what_waits_approved_for_its_start_is_in_the_way_and_what_is_used_is_not() {
    let world = World::new().await;
    let mut later = body(PLAYGROUND, ADMIN, 60);
    later["start"] = "2026-11-22T05:00:00Z".into();
    world.call("alice", Call::submit("later", later)).await.ok();
    let (verdict, answer) = both(&world, PLAYGROUND, ADMIN, 60).await;
    assert_eq!((told(&verdict), answer.as_str()), (refused("already-requested"), "409 already-requested"));
    let mine = world.get("alice", "/v1/requests").await.ok();
    world.later(60);
    assert_eq!(world.drive(mine["items"][0]["id"].as_str().unwrap()).await, "active");
    let (verdict, answer) = both(&world, PLAYGROUND, ADMIN, 60).await;
    assert_eq!((told(&verdict), answer.as_str()), (possible("no-approval-needed"), "201"));
}

#[tokio::test]
async fn too_many_requests_that_wait_are_foreseen_where_approval_is_needed() {
    let world = World::new().await;
    world.asked("alice", SHOP, ADMIN).await;
    put_pending(&world, "u-alice", 99).await;
    let (verdict, answer) = both(&world, PAYMENTS, ADMIN, 60).await;
    assert_eq!((told(&verdict), answer.as_str()), (refused("too-many-pending"), "422 too-many-pending"));
    let (verdict, answer) = both(&world, PLAYGROUND, ADMIN, 60).await;
    assert_eq!((told(&verdict), answer.as_str()), (possible("no-approval-needed"), "201"));
}

#[tokio::test]
async fn where_policies_refuse_their_reasons_are_told_as_they_are() {
    let world = World::new().await;
    let (verdict, answer) = both(&world, SHOP, READ, 60).await;
    let reasons = vec!["forbidden-by-guardrail".to_owned()];
    assert_eq!((told(&verdict), answer.as_str()), (("ineligible".to_owned(), reasons), "422 ineligible"));
}

/// A read model that is lost as soon as somebody has asked for something.
struct LostOnceAsked {
    inner: Arc<dyn ReadModel>,
    store: Arc<dyn EventStore>,
}

#[async_trait]
impl ReadModel for LostOnceAsked {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        let page = PageRequest { limit: 1, after: None };
        let asked = self.store.requests(&RequestScope::All, &RequestFilter::default(), &page).await;
        if asked.unwrap().items.is_empty() {
            self.inner.load().await
        } else {
            Err(Unavailable::new("the read model", "it is lost"))
        }
    }

    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable> {
        self.inner.save(snapshot).await
    }
}

#[tokio::test]
async fn what_was_recorded_is_told_although_the_names_cannot_be_read_any_more() {
    let world = World::new().await;
    let inner = Arc::clone(&world.kari.read_model);
    let read_model = Arc::new(LostOnceAsked { inner, store: Arc::clone(&world.kari.store) });
    let state = ApiState { kari: Kari { read_model, ..world.kari.clone() }, ..world.state.clone() };
    let world = World { app: router(state.clone()), state, ..world };
    let answer = world.ask("alice", PAYMENTS, ADMIN).await;
    assert_eq!(answer.brief(), "201");
    let request = &answer.json()["results"][0]["request"];
    assert_eq!((&request["state"], &request["account"]["name"]), (&json!("pending"), &json!("payments")));
    let id = request["id"].clone();
    assert_eq!(world.ask("alice", PAYMENTS, ADMIN).await.ok()["results"][0]["request"]["id"], id);
}
