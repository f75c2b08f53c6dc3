//! What rests on the copy of the directory while it grows old, and what does not.

use chrono::TimeDelta;
use kari_application::ports::{NotificationKind, PageRequest};
use kari_application::sync_directory::refresh_directory;
use kari_embedded::inbox::Inbox;
use serde_json::{Value, json};

use crate::world::{ADMIN, PAYMENTS, PLAYGROUND, World};

/// The identity store answers nobody for so long.
fn lose_the_directory(world: &World, length: TimeDelta) {
    world.identity_center.with(|center, now| center.directory_down_for(now, length)).unwrap();
}

fn disable(world: &World, who: &str) {
    let id = format!("u-{who}").parse().unwrap();
    world.identity_center.with(|center, now| center.disable_user(now, &id)).unwrap();
}

async fn roles(world: &World, who: &str) -> Value {
    world.get(who, "/v1/me").await.ok()["roles"].clone()
}

#[tokio::test]
async fn a_role_rests_on_the_copy_for_an_hour_and_then_on_the_identity_store_itself() {
    let world = World::new().await;
    world.leave_group("odette", "g-auditors");
    disable(&world, "rin");
    world.later(60);
    assert_eq!(roles(&world, "odette").await, json!(["auditor"]));
    assert_eq!(world.get("rin", "/v1/me").await.status, 200);
    world.later(1);
    assert_eq!(roles(&world, "odette").await, json!([]));
    assert_eq!(world.get("odette", "/v1/audit").await.brief(), "404 not-found");
    assert_eq!(world.get("rin", "/v1/me").await.brief(), "403 unknown-caller");
    assert_eq!(roles(&world, "adam").await, json!(["administrator"]), "who still is, still is");
    world.sync().await;
    assert_eq!(roles(&world, "odette").await, json!([]));
}

#[tokio::test]
async fn while_nobody_can_be_asked_one_sees_ones_own_for_a_day_and_nothing_by_a_role() {
    let world = World::new().await;
    world.later(30);
    let granted = world.asked("alice", PLAYGROUND, ADMIN).await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    assert_eq!(world.drive(&granted).await, "active");
    lose_the_directory(&world, TimeDelta::days(3));
    world.later(31);
    for who in ["adam", "odette"] {
        assert_eq!(roles(&world, who).await, json!([]), "{who}");
        assert_eq!(world.get(who, "/v1/audit").await.brief(), "404 not-found", "{who}");
        assert_eq!(
            world.get(who, &format!("/v1/requests/{granted}")).await.brief(),
            "404 not-found",
            "{who}"
        );
    }
    assert_eq!(world.get("rin", &format!("/v1/requests/{waiting}")).await.brief(), "404 not-found");
    assert_eq!(world.get("rin", "/v1/me").await.ok()["to_review"], 0);
    assert_eq!(world.get("dora", "/v1/me").await.brief(), "403 unknown-caller");
    let mine = world.get("alice", "/v1/requests").await.ok();
    assert_eq!(mine["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        world.get("alice", &format!("/v1/requests/{granted}")).await.ok()["actions"],
        json!(["revoke"])
    );
    world.later(24 * 60);
    assert_eq!(world.get("alice", "/v1/requests").await.brief(), "503 unavailable");
}

#[tokio::test]
async fn while_the_directory_is_lost_one_ends_and_takes_back_what_is_ones_own_and_nothing_else() {
    let world = World::new().await;
    let granted = world.asked("alice", PLAYGROUND, ADMIN).await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    assert_eq!(world.drive(&granted).await, "active");
    lose_the_directory(&world, TimeDelta::days(3));
    let (end, take_back) =
        (format!("/v1/requests/{granted}/revoke"), format!("/v1/requests/{waiting}/withdraw"));
    for who in ["rin", "adam", "paul"] {
        assert_eq!(world.post(who, &end, json!({})).await.brief(), "503 unavailable", "{who}");
        assert_eq!(world.post(who, &take_back, json!({})).await.brief(), "503 unavailable", "{who}");
    }
    let approve = format!("/v1/requests/{waiting}/approve");
    assert_eq!(world.post("alice", &approve, json!({})).await.brief(), "503 unavailable");
    assert_eq!(world.post("alice", &take_back, json!({})).await.ok()["outcome"], "withdrawn");
    assert_eq!(world.post("alice", &end, json!({ "comment": "done" })).await.ok()["actions"], json!([]));
    assert_eq!(
        world.post("alice", "/v1/requests/nonsense/revoke", json!({})).await.brief(),
        "503 unavailable"
    );
}

#[tokio::test]
async fn who_was_disabled_ends_nothing_once_the_identity_store_says_so() {
    let world = World::new().await;
    let granted = world.asked("alice", PLAYGROUND, ADMIN).await;
    assert_eq!(world.drive(&granted).await, "active");
    disable(&world, "alice");
    let ended = world.post("alice", &format!("/v1/requests/{granted}/revoke"), json!({})).await;
    assert_eq!(ended.brief(), "403 unknown-caller");
}

#[tokio::test]
async fn nothing_that_needs_reviewers_is_asked_for_by_a_copy_older_than_an_hour() {
    let world = World::new().await;
    world.later(61);
    let outlook =
        format!("/v1/eligibility/verdict?account={PAYMENTS}&permission_set={ADMIN}&duration_minutes=60");
    assert_eq!(world.get("alice", &outlook).await.brief(), "503 directory-too-old", "said beforehand");
    let refused = world.ask("alice", PAYMENTS, ADMIN).await;
    assert_eq!(refused.brief(), "503 directory-too-old", "{}", refused.text);
    assert!(
        refused.json()["detail"].as_str().unwrap().contains("2026-11-22 04:00:00 UTC"),
        "{}",
        refused.text
    );
    assert!(refused.headers.contains_key("retry-after"));
    world.asked("alice", PLAYGROUND, ADMIN).await;
    world.sync().await;
    world.asked("alice", PAYMENTS, ADMIN).await;
}

#[tokio::test]
async fn administrators_are_told_once_when_the_directory_could_not_be_read_for_an_hour() {
    let world = World::new().await;
    let told = || {
        let page = PageRequest { limit: 200, after: None };
        let messages = Inbox::new(world.store.clone()).messages(&"u-adam".parse().unwrap(), &page).unwrap();
        messages.items.iter().filter(|message| message.kind == NotificationKind::DirectoryTooOld).count()
    };
    for outage in 1..=2 {
        lose_the_directory(&world, TimeDelta::hours(3));
        for (minutes, expected) in [(59, outage - 1), (2, outage), (30, outage)] {
            world.later(minutes);
            assert!(world.wait(refresh_directory(&world.kari)).is_err());
            assert_eq!(told(), expected, "outage {outage}");
        }
        world.later(180);
        world.wait(refresh_directory(&world.kari)).unwrap();
    }
}
