//! What is wrong with the policies is shown, and told once to those who can mend it.

use kari_application::ports::{AuditFilter, NotificationKind, PageRequest};
use kari_application::relay::relay;
use kari_application::sync_directory::refresh_directory;
use kari_domain::directory::Snapshot;
use kari_domain::ids::GroupId;
use kari_embedded::inbox::Inbox;
use serde_json::{Value, json};

use crate::world::{Call, World};

const FINDINGS: &str = "/v1/policies/findings";

/// The organization as it is, changed.
async fn reorganize(world: &World, change: impl FnOnce(&mut Snapshot)) {
    let mut organization = world.kari.directory.read_all().await.unwrap();
    change(&mut organization);
    world.identity_center.with(|center, now| center.adopt(now, &organization)).unwrap();
    refresh_directory(&world.kari).await.unwrap();
    relay_everything(world).await;
}

/// What the relay does, and does again for all that came before.
async fn relay_everything(world: &World) {
    let page = PageRequest { limit: 200, after: None };
    for event in world.kari.store.audit(&AuditFilter::default(), &page).await.unwrap().items {
        relay(&world.kari, &event.bytes).await.unwrap();
    }
}

fn leads() -> GroupId {
    "g-leads".parse().unwrap()
}

fn brief(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (severity, code) = (text(&finding["severity"]), text(&finding["what"]["code"]));
    format!("{severity} {} {}: {code}", text(&finding["kind"]), text(&finding["policy"]["id"]))
}

async fn found(world: &World) -> Vec<String> {
    world.get("adam", FINDINGS).await.ok()["items"].as_array().unwrap().iter().map(brief).collect()
}

/// How often somebody was told that a policy needs attention.
fn told(world: &World, who: &str) -> usize {
    let inbox = Inbox::new(world.store.clone());
    let page = PageRequest { limit: 200, after: None };
    let messages = inbox.messages(&format!("u-{who}").parse().unwrap(), &page).unwrap().items;
    messages.iter().filter(|message| message.kind == NotificationKind::PolicyNeedsAttention).count()
}

async fn recorded(world: &World, kind: &str) -> usize {
    world.events().await.iter().filter(|event| event.kind == kind).count()
}

#[tokio::test]
async fn policies_with_which_nothing_is_wrong_have_no_findings() {
    let world = World::new().await;
    let expected = json!({ "items": [], "directory_synced_at": "2026-11-22T04:00:00Z" });
    assert_eq!(world.get("odette", FINDINGS).await.ok(), expected);
}

#[tokio::test]
async fn a_vanished_approver_group_is_shown_and_administrators_are_told_once_until_it_is_back() {
    let world = World::new().await;
    let before = world.kari.directory.read_all().await.unwrap();
    reorganize(&world, |organization| {
        organization.groups.remove(&leads());
        organization.members.remove(&leads());
    })
    .await;
    let expected =
        ["error approvers leads: quorum-cannot-be-met", "warning approvers leads: vanished-reference"];
    assert_eq!(found(&world).await, expected);
    let named = &world.get("adam", FINDINGS).await.ok()["items"][1]["what"];
    assert_eq!(named["parameters"], json!({ "field": "requirements.reviewers", "id": "g-leads" }));

    for _ in 0..3 {
        refresh_directory(&world.kari).await.unwrap();
        relay_everything(&world).await;
    }
    let both = (told(&world, "adam"), recorded(&world, "finding-noted").await);
    assert_eq!(both, (1, 2), "what was found together is one message");
    assert_eq!((told(&world, "odette"), told(&world, "alice")), (0, 0), "nobody else can mend it");

    reorganize(&world, |organization| *organization = before.clone()).await;
    assert_eq!((found(&world).await, recorded(&world, "finding-gone").await), (vec![], 2));
    assert_eq!(told(&world, "adam"), 1, "that it is over needs nobody");
    reorganize(&world, |organization| drop(organization.groups.remove(&leads()))).await;
    assert_eq!(told(&world, "adam"), 2, "it has come again");
}

#[tokio::test]
async fn reviewers_who_leave_one_by_one_are_told_of_when_a_quorum_cannot_be_met_any_more() {
    let world = World::new().await;
    for (who, expected) in [("rin", 0), ("pat", 0), ("lou", 1)] {
        world.leave_group(who, "g-leads");
        refresh_directory(&world.kari).await.unwrap();
        relay_everything(&world).await;
        assert_eq!(told(&world, "adam"), expected, "{who} left");
    }
}

#[tokio::test]
async fn what_somebody_may_have_meant_is_shown_last_and_told_to_nobody() {
    let world = World::new().await;
    let path = "/v1/policies/eligibility/sandbox";
    let read = world.get("adam", path).await.ok();
    let mut policy = read["policy"].clone();
    policy["enabled"] = json!(false);
    world.call("adam", Call::put(path, read["version"].as_u64().unwrap(), policy)).await.ok();
    reorganize(&world, |organization| drop(organization.groups.remove(&leads()))).await;
    let found = found(&world).await;
    assert_eq!(found.last().unwrap(), "info eligibility sandbox: disabled", "{found:?}");
    assert_eq!(recorded(&world, "finding-noted").await, found.len() - 1);
}

#[tokio::test]
async fn by_a_directory_that_was_never_read_nothing_is_said_to_be_gone() {
    let world = World::new().await;
    world.kari.read_model.save(Snapshot::default()).await.unwrap();
    assert_eq!(world.get("adam", FINDINGS).await.brief(), "503 directory-too-old");
    assert_eq!(recorded(&world, "finding-noted").await, 0);
}
