//! While Slack is turned off in the settings nothing is taken from it.

use serde_json::json;

use crate::world::{ADMIN, PAYMENTS, World, pressed, told};

const OFF: &str =
    "Slack is turned off in Kari, so nothing was done. Use the portal: https://kari.town.example";

#[tokio::test]
async fn what_is_pressed_while_slack_is_off_does_nothing_and_leads_to_the_portal() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.set(|settings| settings.channels.slack = false).await;
    for button in ["approve", "end"] {
        world.pressed("rin", button, &id.to_string()).await;
        assert_eq!(world.slack.only("chat.postEphemeral")["text"], OFF, "{button}");
    }
    for button in ["deny", "choose", "ask", "ask-again"] {
        world.press("rin", button, &id.to_string()).await;
        assert_eq!(world.slack.only("chat.postEphemeral")["text"], OFF, "{button}");
    }
    assert_eq!(world.state(id).await, "pending");
    assert!(world.recorded().await.is_empty());

    world.set(|settings| settings.channels.slack = true).await;
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "approved", "the same button works again");
}

#[tokio::test]
async fn whoever_asks_searches_or_links_while_slack_is_off_gets_nothing_but_the_portals_address() {
    let world = World::new().await;
    world.set(|settings| settings.channels.slack = false).await;
    for text in ["", "link ABCD-EFGH"] {
        assert_eq!(world.command("alice", text).await.json()["text"], OFF, "{text}");
    }
    let mut searching = pressed("alice", "accounts", "");
    searching["type"] = json!("block_suggestion");
    searching["action_id"] = json!("accounts");
    searching["value"] = json!("");
    assert_eq!(world.interact(&searching).await.json(), json!({ "options": [] }));
    assert!(world.slack.take().is_empty());

    let home = json!({ "type": "event_callback", "team_id": "T1",
                       "event": { "type": "app_home_opened", "user": "U-alice", "tab": "home" } });
    world.signed("/slack/events", &home.to_string()).await.taken();
    world.work().await;
    let shown = world.slack.only("views.publish").to_string();
    assert!(shown.contains("https://kari.town.example") && !shown.contains("actions"), "{shown}");
}

#[tokio::test]
async fn what_a_stranger_commands_while_slack_is_off_is_not_even_recorded() {
    let world = World::new().await;
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.set(|settings| settings.channels.slack = false).await;
    for button in ["approve", "deny"] {
        world.pressed("gus", button, &id.to_string()).await;
        let said = world.slack.only("chat.postEphemeral")["text"].clone();
        assert!(said.as_str().unwrap().starts_with("Guests of the workspace"), "no settings: {said}");
    }
    world.command("gus", "link CODE").await;
    world.work().await;
    assert!(world.recorded().await.is_empty());
}
