//! What Slack does not take, and that it holds up no access.

use kari_fake_slack::{Control, Person};
use serde_json::Value;

use super::stage::{BOB, CHANNEL, Stage, button};
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
    let recorded = stage.ok("GET", "/v1/audit?stream=channels/slack", "hanako", &Value::Null);
    let recorded: Vec<_> = recorded["items"].as_array().unwrap().iter().map(|of| &of["data"]).collect();
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    assert_eq!(recorded[0]["destination"], format!("channel/{CHANNEL}"));
    assert_eq!(recorded[0]["code"], "channel_not_found");
}
