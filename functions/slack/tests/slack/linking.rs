//! `/access link CODE`.

use kari_application::caller::live_caller;
use kari_application::chat_links::links_of;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::link_chat::offer_link;
use kari_application::unlink_chat::unlink;
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::settings::Settings;
use serde_json::json;

use crate::world::{ADMIN, PAYMENTS, World, told, user};

async fn code(world: &World, who: &str) -> String {
    let caller = live_caller(&world.kari, &user(who)).await.unwrap();
    offer_link(&world.kari, &caller).await.unwrap().code
}

async fn only_links_count(world: &World) {
    let policies = world.kari.policies.current().await.unwrap();
    let set = policies.policy_set();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    let settings = Settings { slack_linked_only: true, ..set.settings.clone() };
    change_settings(&world.kari, &editor, settings, set.settings_version).await.unwrap();
}

async fn said(world: &World, who: &str, text: &str) -> String {
    world.command(who, text).await.json()["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_links_their_account_in_the_portal_is_known_by_that() {
    let world = World::new().await;
    only_links_count(&world).await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let code = code(&world, "rin").await;
    assert!(said(&world, "rin", &format!("link {code}")).await.starts_with("Your Slack account is linked"));
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "approved");
}

async fn unlinked(world: &World, by: &str, whose: &str) {
    let caller = live_caller(&world.kari, &user(by)).await.unwrap();
    unlink(&world.kari, &caller, "slack", &user(whose), &format!("slack/T1/U-{whose}")).await.unwrap();
}

#[tokio::test]
async fn whoever_was_unlinked_a_moment_ago_does_nothing_any_more_until_they_link_anew() {
    let world = World::new().await;
    only_links_count(&world).await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let used = code(&world, "rin").await;
    said(&world, "rin", &format!("link {used}")).await;
    unlinked(&world, "adam", "rin").await;
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "pending");
    let told = world.slack.only("chat.postEphemeral");
    assert!(
        told["text"].as_str().unwrap().starts_with("Link your Slack account in the portal first"),
        "{told}"
    );
    let again = said(&world, "rin", &format!("link {used}")).await;
    assert!(again.starts_with("There is no such code"), "{again}");
    let new = code(&world, "rin").await;
    said(&world, "rin", &format!("link {new}")).await;
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "approved");
}

#[tokio::test]
async fn it_is_said_to_whom_an_account_is_linked_already() {
    let world = World::new().await;
    assert!(!said(&world, "rin", "link").await.contains("is linked to"));
    let of_rin = code(&world, "rin").await;
    said(&world, "rin", &format!("link {of_rin}")).await;
    for asked in ["link", "help"] {
        assert!(said(&world, "rin", asked).await.ends_with("Your Slack account is linked to rin."));
    }
    let of_pat = code(&world, "pat").await;
    let refused = said(&world, "rin", &format!("link {of_pat}")).await;
    assert!(refused.starts_with("Your Slack account is linked to rin already. rin or an admin"), "{refused}");
    unlinked(&world, "rin", "rin").await;
    let linked = said(&world, "rin", &format!("link {of_pat}")).await;
    assert!(linked.starts_with("Your Slack account is linked to pat."), "{linked}");
}

#[tokio::test]
async fn a_link_keeps_what_its_owner_is_called_in_slack() {
    let world = World::new().await;
    let mut rin = told("rin");
    rin["profile"]["real_name"] = json!("Rin Reviewer");
    rin["profile"]["display_name"] = json!("");
    world.slack.add("U-rin", rin);
    let code = code(&world, "rin").await;
    said(&world, "rin", &format!("link {code}")).await;
    let links = links_of(&world.kari, "slack", &user("rin")).await.unwrap();
    assert_eq!(links[0].name.as_deref(), Some("Rin Reviewer"));
}

#[tokio::test]
async fn a_link_helps_those_whose_address_leads_to_more_than_one_user() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let code = code(&world, "twin").await;
    said(&world, "twin", &format!("link {code}")).await;
    world.pressed("twin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "approved");
}

#[tokio::test]
async fn a_code_that_is_none_links_nobody_and_guests_link_nothing() {
    let world = World::new().await;
    assert!(said(&world, "rin", "link AAAA-AAAA-AAAA").await.starts_with("There is no such code"));
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    let code = code(&world, "rin").await;
    assert!(said(&world, "gus", &format!("link {code}")).await.starts_with("Guests of the workspace"));
    assert!(said(&world, "rin", "help").await.contains("/access link CODE"));
}
