//! Slack accounts that speak for people, and how that ends.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{Call, World};

async fn unlink(world: &World, who: &str, path: &str) -> String {
    world.call(who, Call::new(Method::DELETE, path)).await.brief()
}

async fn mine(world: &World, who: &str) -> Vec<Value> {
    world.get(who, "/v1/me/slack-links").await.ok()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_code_that_links_a_slack_account_is_made_for_whoever_is_signed_in() {
    let world = World::new().await;
    let link = world.call("alice", Call::new(Method::POST, "/v1/me/slack-link")).await;
    assert_eq!(link.status.as_u16(), 201);
    world.linked("alice", "slack/T1/U1").await;
    let listed =
        json!({ "workspace": "T1", "id": "U1", "name": "alice", "linked_at": "2026-11-22T04:00:00Z" });
    assert_eq!(mine(&world, "alice").await, [listed]);
    assert_eq!(mine(&world, "rin").await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_person_takes_their_own_link_back_and_doing_it_again_changes_nothing() {
    let world = World::new().await;
    world.linked("alice", "slack/T1/U1").await;
    for _ in 0..2 {
        assert_eq!(unlink(&world, "alice", "/v1/me/slack-links/T1/U1").await, "204");
    }
    assert_eq!(mine(&world, "alice").await, [] as [Value; 0]);
    let kinds: Vec<_> = world.events().await.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "unlinked").count(), 1, "{kinds:?}");
    assert_eq!(world.attempts().await, [] as [String; 0]);
}

#[tokio::test]
async fn what_is_linked_to_others_looks_as_if_it_were_linked_to_nobody_and_trying_is_recorded() {
    let world = World::new().await;
    world.linked("alice", "slack/T1/U1").await;
    let of = |account: &str| Call::new(Method::DELETE, &format!("/v1/me/slack-links/T1/{account}"));
    let hidden = world.call("rin", of("U1")).await;
    let missing = world.call("rin", of("U2")).await;
    assert_eq!((hidden.brief().as_str(), &hidden.text), ("404 not-found", &missing.text));
    assert_eq!(unlink(&world, "rin", "/v1/slack-links/u-alice/T1/U1").await, "404 not-found");
    assert_eq!(mine(&world, "alice").await.len(), 1);
    let attempts = world.attempts().await;
    assert_eq!(attempts.len(), 3, "{attempts:?}");
    assert!(attempts.contains(&"u-rin unlink slack not-found".to_owned()), "{attempts:?}");
}

#[tokio::test]
async fn an_administrator_sees_whose_each_account_is_and_unlinks_it() {
    let world = World::new().await;
    world.linked("rin", "slack/T1/U2").await;
    world.linked("alice", "slack/T1/U1").await;
    let page = world.get("adam", "/v1/slack-links?limit=1").await.ok();
    let first = &page["items"][0];
    assert_eq!((&first["user"]["id"], &first["account"]["id"]), (&json!("u-alice"), &json!("U1")));
    let next = format!("/v1/slack-links?cursor={}", page["next"].as_str().unwrap());
    assert_eq!(world.get("odette", &next).await.ok()["items"][0]["user"]["user_name"], "rin");
    // NB. Whose it is said to be has to be true.
    assert_eq!(unlink(&world, "adam", "/v1/slack-links/u-rin/T1/U1").await, "404 not-found");
    assert_eq!(unlink(&world, "adam", "/v1/slack-links/u-alice/T1/U1").await, "204");
    let left = world.get("adam", "/v1/slack-links").await.ok();
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(mine(&world, "alice").await, [] as [Value; 0]);
}

#[tokio::test]
async fn ids_that_cannot_be_slacks_are_malformed() {
    let world = World::new().await;
    for path in
        ["/v1/me/slack-links/T1/U%2F1", "/v1/slack-links/u%20alice/T1/U1", "/v1/slack-links/u-1/T1/%00"]
    {
        assert_eq!(unlink(&world, "adam", path).await, "400 malformed-id", "{path}");
    }
}
