//! What people press, twice, at once, too late, and again.

use serde_json::{Value, json};

use super::sent::{Filled, as_sent, interaction, submitted};
use super::stage::{BOB, CHANNEL, MISAKI, Stage, WITH_ALICE, button, says};
use crate::eventually::eventually;

#[test]
fn of_two_who_approve_at_once_one_does_and_the_other_is_told() {
    let stage = Stage::new();
    let id = stage.ask("alice");
    let card = stage.card();
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();
    let (at, card, approve) = (&stage, &card, &approve);
    std::thread::scope(|scope| {
        for who in [BOB, MISAKI] {
            scope.spawn(move || at.press_in(who, card, approve));
        }
    });
    eventually("it is approved", || says(&stage.there(CHANNEL), "Approved by"));
    let told = || [BOB, MISAKI].map(|who| stage.whispered(who)).concat();
    eventually("the slower one is told", || !told().is_empty());
    assert_eq!(told(), ["This is not possible any more: the request has moved on."]);
    assert_eq!(stage.refused(), ["approve wrong-state"]);
    let reviewed = stage.kinds(&id);
    assert_eq!(reviewed.iter().filter(|kind| *kind == "reviewed").count(), 1, "{reviewed:?}");
}

#[test]
fn an_approval_after_the_lapse_is_refused_and_told() {
    let stage = Stage::new();
    let id = stage.ask("alice");
    let card = stage.card();
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();
    stage.skip(8 * 60);
    stage.press_in(BOB, &card, &approve);
    stage.until_whispered(BOB, "Too late: the request has lapsed.");
    assert_eq!(stage.refused(), ["approve lapsed"]);
    assert!(!stage.kinds(&id).contains(&"approved".to_owned()));
    eventually("the card has nothing to press", || {
        says(&stage.there(CHANNEL)[..1], "nobody reviewed it in time")
            && button(&stage.there(CHANNEL)[..1], "approve").is_none()
    });
}

#[test]
fn a_denial_asks_for_a_comment_and_tells_it() {
    let stage = Stage::new();
    let id = stage.ask("alice");
    let card = stage.card();
    stage.press_in(BOB, &card, &button(std::slice::from_ref(&card), "deny").unwrap());
    let opened = stage.shown("views.open").expect("a modal is opened before Slack has its answer");
    let comment = "not today: <!channel> *please*";
    let view = as_sent(&opened, &[("comment", json!({ "value": comment }))]);
    assert_eq!(stage.interact(&submitted(BOB, &view)), (200, String::new()));
    eventually("the card says so and has nothing to press", || {
        let there = stage.there(CHANNEL);
        says(&there, "Denied by Bob Fischer.") && says(&there, comment) && !says(&there, "\"approve\"")
    });
    eventually("the requester is told why", || says(&stage.there(WITH_ALICE), comment));
    assert_eq!(stage.kinds(&id), ["requested", "reviewed", "closed"]);
}

#[test]
fn the_same_message_sent_again_does_nothing() {
    let stage = Stage::new();
    let asked = stage.ask_in_modal(&Filled::default());
    let card = stage.card();
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();
    let approval = interaction(&stage.pressed(BOB, &card, &approve));
    for _ in 0..2 {
        assert_eq!(stage.deliver(&approval), (200, String::new()));
    }
    eventually("it is active", || says(&stage.there(CHANNEL), "Active until"));
    let id = stage.mine()[0]["id"].as_str().unwrap().to_owned();
    stage.ok("POST", &format!("/v1/requests/{id}/revoke"), "bob", &json!({}));
    stage.deliver(&asked);
    stage.deliver(&approval);
    let replays = || stage.refused().iter().filter(|refused| *refused == "approve replayed").count();
    eventually("both are recorded as what they are", || replays() == 2);
    eventually("it is over", || {
        stage.skip(1);
        says(&stage.there(CHANNEL), "Ended early by")
    });
    assert_eq!(stage.mine().len(), 1, "nothing was asked for again");
    let happened = stage.kinds(&id);
    assert_eq!(happened.iter().filter(|kind| *kind == "reviewed").count(), 1, "{happened:?}");
    let recorded = stage.ok("GET", "/v1/audit?kind=requested", "hanako", &Value::Null);
    assert_eq!(recorded["items"].as_array().unwrap().len(), 1);
}
