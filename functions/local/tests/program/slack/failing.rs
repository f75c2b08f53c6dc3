//! What Slack does not take, and that it holds up no access.

use kari_fake_slack::{Control, Person, TOKEN};
use serde_json::{Value, json};

use super::stage::{BOB, CHANNEL, Stage, WITH_ALICE, button, says};
use crate::eventually::eventually;

/// The conversation between the bot and Bob.
const WITH_BOB: &str = "D0BOB";

#[test]
fn a_deleted_channel_is_recorded_once_and_holds_up_no_access() {
    let stage = Stage::new();
    let yuki = Person { email: "yuki.suzuki@hinode.example".to_owned(), ..Person::default() };
    let people = [("U0YUKI".to_owned(), yuki)].into();
    stage.fake.workspace().apply(Control { people, deleted: vec![CHANNEL.to_owned()], ..Control::default() });
    let requests = ["alice", "yuki"].map(|who| (who, stage.ask(who)));
    eventually("its reviewers get the cards themselves", || {
        let there = stage.there(WITH_BOB);
        there.len() == 2 && there.iter().all(|card| button(std::slice::from_ref(card), "approve").is_some())
    });
    for card in stage.there(WITH_BOB) {
        stage.press_in(BOB, &card, &button(std::slice::from_ref(&card), "approve").unwrap());
    }
    let all_are = |state: &str| {
        let mut states = requests.iter().map(|(who, id)| {
            stage.ok("GET", &format!("/v1/requests/{id}"), who, &Value::Null)["state"].clone()
        });
        states.all(|theirs| theirs == state)
    };
    eventually("both begin", || all_are("active"));
    stage.skip(60);
    eventually("both end", || {
        stage.skip(1);
        all_are("closed")
    });
    assert_eq!(recorded(&stage), [format!("channel/{CHANNEL} channel_not_found")]);
}

/// What is recorded of what Slack does not take: where, and why.
fn recorded(stage: &Stage) -> Vec<String> {
    let found = stage.ok("GET", "/v1/audit?stream=channels/slack", "hanako", &Value::Null);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let brief = |of: &Value| format!("{} {}", text(&of["data"]["destination"]), text(&of["data"]["code"]));
    found["items"].as_array().unwrap().iter().map(brief).collect()
}

#[test]
fn a_revoked_token_is_recorded_once_holds_up_no_access_and_nothing_is_lost_once_it_is_taken_again() {
    let stage = Stage::new();
    // However often time is skipped here.
    stage.set(&json!({ "pending_lapses_after_minutes": 10_080 }));
    stage.fake.workspace().apply(Control { revoked: true, ..Control::default() });
    let id = stage.ask("alice");
    eventually("it is recorded", || recorded(&stage) == ["workspace token_revoked"]);
    let is =
        |state: &str| stage.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null)["state"] == state;
    stage.ok("POST", &format!("/v1/requests/{id}/approve"), "bob", &json!({}));
    eventually("it begins", || is("active"));
    stage.skip(60);
    eventually("it ends", || {
        stage.skip(1);
        is("closed")
    });
    stage.ask("yuki");
    assert!(stage.there(CHANNEL).is_empty() && stage.there(WITH_ALICE).is_empty());

    stage.fake.workspace().apply(Control { token: Some(TOKEN.to_owned()), ..Control::default() });
    eventually("what waits is shown", || {
        stage.skip(1);
        button(&stage.there(CHANNEL), "approve").is_some()
    });
    eventually("its requester hears what became of it", || {
        stage.skip(1);
        let told = stage.there(WITH_ALICE);
        says(&told, "申請が承認されました。") && says(&told, "アクセスの期限が切れました。")
    });
    assert!(!says(&stage.there(WITH_ALICE), "アクセスの準備ができました。"), "that is over");
    assert_eq!(recorded(&stage), ["workspace token_revoked"]);
}
