//! `/access link CODE`.

use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::link_chat::offer_link;
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
