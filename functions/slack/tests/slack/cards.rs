//! A card that nobody remembers is found by whoever presses a button of it: after Slack has its answer.

use kari_application::edit_policies::{Editor, change_settings};
use kari_application::load_request;
use kari_application::ports::{Board, News, Shown};
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::ids::RequestId;
use serde_json::{Value, json};

use crate::world::{ADMIN, PAYMENTS, World, pressed};

/// Somebody asked, and its card is in the channel, as far as anybody remembers as another message.
async fn shown(world: &World) -> RequestId {
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    let policies = world.kari.policies.current().await.unwrap();
    let mut settings = policies.policy_set().settings.clone();
    settings.channels.slack = true;
    settings.slack_channel = Some("C1".parse().unwrap());
    let version = policies.policy_set().settings_version;
    change_settings(&world.kari, &editor, settings, version).await.unwrap();
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let stored = world.kari.store.stream(&StreamId::request(id)).await.unwrap();
    let loaded = load_request(&world.kari, id).await.unwrap();
    let news = News {
        envelope: serde_json::from_str(&stored[0]).unwrap(),
        request: Some(Shown { state: loaded.state, version: loaded.head.version }),
        told: vec![],
    };
    // The letter to whoever asked, who is nobody to this Slack, is another matter.
    world.app.delivery.show(&news).await.ok();
    world.slack.take();
    id
}

/// A button of a message that this app posted.
fn of_ours(action: &str, id: RequestId) -> Value {
    let mut payload = pressed("rin", action, &id.to_string());
    payload["message"]["bot_id"] = json!("B1");
    payload["message"]["app_id"] = json!("A1");
    payload
}

/// Which messages were changed since the last time.
fn changed(world: &World) -> Vec<(String, String)> {
    let calls = world.slack.take().into_iter().filter(|(method, _)| method == "chat.update");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    calls.map(|(_, sent)| (text(&sent["channel"]), text(&sent["ts"]))).collect()
}

#[tokio::test]
async fn a_card_that_nobody_remembers_follows_from_the_press_on() {
    for action in ["approve", "deny", "choose"] {
        let world = World::new().await;
        let id = shown(&world).await;
        world.interact(&of_ours(action, id)).await.taken();
        assert!(changed(&world).is_empty(), "{action}: slack has its answer before anything is done");
        world.work().await;
        assert!(changed(&world).contains(&("C1".to_owned(), "1.1".to_owned())), "{action}");
        world.interact(&of_ours("deny", id)).await.taken();
        world.work().await;
        assert!(changed(&world).is_empty(), "{action}: it is remembered now");
    }
}

#[tokio::test]
async fn what_a_press_finds_to_take_nothing_is_counted_once() {
    let world = World::new().await;
    let id = shown(&world).await;
    assert_eq!(world.app.delivery.given_up(), 0);
    world.slack.fail("chat.update", "channel_not_found");
    for expected in [1, 0] {
        world.interact(&of_ours("deny", id)).await.taken();
        world.work().await;
        assert_eq!(world.app.delivery.given_up(), expected);
    }
}

#[tokio::test]
async fn what_another_app_posted_or_one_person_alone_sees_is_no_card() {
    let world = World::new().await;
    let id = shown(&world).await;
    let others: [(&str, Value); 3] = [
        ("/message/app_id", json!("A2")),
        ("/message/bot_id", Value::Null),
        ("/container/type", json!("view")),
    ];
    for (place, value) in others {
        let mut payload = of_ours("deny", id);
        *payload.pointer_mut(place).unwrap() = value;
        world.interact(&payload).await.taken();
        world.work().await;
        assert!(changed(&world).is_empty(), "{place}");
    }
    let mut ephemeral = of_ours("deny", id);
    ephemeral["container"]["is_ephemeral"] = json!(true);
    world.interact(&ephemeral).await.taken();
    world.work().await;
    assert!(changed(&world).is_empty());
}
