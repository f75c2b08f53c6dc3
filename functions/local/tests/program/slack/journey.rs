use kari_fake_slack::{Control, Posted};
use serde_json::{Value, json};

use super::sent::Filled;
use super::stage::{ACCOUNT, ALICE, AUDIT, BOB, CHANNEL, Stage, WITH_ALICE, button, says};
use crate::eventually::eventually;
use crate::support::start;

#[test]
fn access_is_asked_for_in_a_modal_approved_by_a_button_and_ended_by_another() {
    let stage = Stage::new();
    stage.ask_in_modal(&Filled::default());
    eventually("the modal shows what came of it", || {
        stage.shown("views.update").is_some_and(|view| view.to_string().contains(ACCOUNT))
    });

    let card = stage.card();
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();
    for _ in ["click", "double click"] {
        stage.press_in(BOB, &card, &approve);
    }
    eventually("the card says so and has nothing to press", || {
        let there = stage.there(CHANNEL);
        says(&there, "Approved by") && !says(&there, "\"approve\"")
    });
    eventually("the requester has a way in", || says(&stage.there(WITH_ALICE), "/#/console?account_id="));

    stage.skip(50);
    eventually("the warning comes with a way to end it", || {
        button(&stage.there(WITH_ALICE), "end").is_some()
    });
    let end = button(&stage.there(WITH_ALICE), "end").unwrap();
    stage.press(ALICE, WITH_ALICE, &end);
    eventually("it is over", || {
        stage.skip(1);
        says(&stage.there(CHANNEL), "Ended early by")
    });
    assert_eq!(stage.there(CHANNEL).len(), 1, "one card, whatever happened");
    eventually("its requester hears of it", || {
        says(&stage.there(WITH_ALICE), "アクセスが期限前に終了しました")
    });
    assert_eq!(["requested", "reviewed"].map(|kind| stage.cause(kind)), ["slack", "slack"]);
    let reviewed = stage.kinds(stage.mine()[0]["id"].as_str().unwrap());
    assert_eq!(reviewed.iter().filter(|kind| *kind == "reviewed").count(), 1, "clicked twice, done once");
    assert!(stage.whispered(BOB).is_empty() && stage.refused().is_empty());
    assert_kept_up(&stage, &card, "ended early");
}

/// The message was changed to each state that it said, and never back to one before.
fn assert_kept_up(stage: &Stage, card: &Posted, end: &str) {
    let order = ["waits for approval", "approved", "being set up", "active", "ending", end];
    let shown = stage.changes_of(card);
    let places: Vec<_> = shown.iter().map(|word| order.iter().position(|known| known == word)).collect();
    assert!(places.is_sorted() && !places.contains(&None), "{shown:?}");
    assert!(["active", end].iter().all(|state| shown.iter().any(|word| word == state)), "{shown:?}");
}

#[test]
fn what_was_pressed_before_a_stop_is_done_before_it() {
    let mut stage = Stage::new();
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": stage.power_user(), "duration_minutes": 60,
        "justification": "障害対応のため本番の状態を確認します",
    });
    let asked = stage.ok("POST", "/v1/requests", "alice", &wanted);
    let id = asked["results"][0]["request"]["id"].as_str().unwrap().to_owned();
    eventually("the card is there", || button(&stage.there(CHANNEL), "approve").is_some());
    let card = stage.there(CHANNEL).remove(0);
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();

    let press = stage.pressed(BOB, &card, &approve);
    let fake = stage.fake.clone();
    // Slack answers nobody until this is dropped.
    let silent = fake.workspace();
    assert_eq!(stage.interact(&press), (200, String::new()));
    let supervisor = rustix::process::Pid::from_child(&stage.process);
    rustix::process::kill_process(supervisor, rustix::process::Signal::TERM).unwrap();
    let address = stage.origin.strip_prefix("http://").unwrap().to_owned();
    eventually("nobody is let in any more", || std::net::TcpStream::connect(&address).is_err());
    drop(silent);
    assert!(stage.process.wait().unwrap().success());

    (stage.process, stage.origin) =
        start(&["serve", "--port=0", "--seed=7"], &stage.data.path().join("kari"));
    let request = stage.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null);
    let kinds: Vec<_> = request["timeline"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert!(kinds.contains(&&json!("approved")), "{kinds:?}");
}

#[test]
fn a_card_whose_answer_was_lost_is_updated_like_the_other_once_somebody_presses_it() {
    let stage = Stage::new();
    let failing = [(format!("chat.postMessage {CHANNEL}"), vec!["lost".to_owned()])].into();
    stage.fake.workspace().apply(Control { failing, ..Control::default() });
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": stage.power_user(), "duration_minutes": 60,
        "justification": "the disk of the payments database is full",
    });
    stage.ok("POST", "/v1/requests", "alice", &wanted);
    eventually("it is posted once more", || stage.there(CHANNEL).len() == 2);
    let first = stage.there(CHANNEL).remove(0);
    let approve = button(std::slice::from_ref(&first), "approve").unwrap();
    stage.press_in(BOB, &first, &approve);
    eventually("both say so and have nothing to press", || {
        let there = stage.there(CHANNEL);
        there.iter().all(|card| {
            let card = std::slice::from_ref(card);
            says(card, "Approved by") && !says(card, "\"approve\"")
        })
    });
}

#[test]
fn a_request_is_shown_in_its_channel_and_told_to_its_requester_from_the_question_to_the_end() {
    let stage = Stage::new();
    let set = stage.power_user();
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": set, "duration_minutes": 60,
        "justification": "障害対応のため <!channel> *本番* を確認します",
    });
    let asked = stage.ok("POST", "/v1/requests", "alice", &wanted);
    let id = asked["results"][0]["request"]["id"].as_str().unwrap().to_owned();
    eventually("the card is there", || says(&stage.there(CHANNEL), "\"approve\""));
    eventually("the requester hears of it", || says(&stage.there(WITH_ALICE), "申請を受け付けました"));

    stage.ok("POST", &format!("/v1/requests/{id}/approve"), "bob", &json!({}));
    eventually("the card says so and has nothing to press", || {
        let there = stage.there(CHANNEL);
        says(&there, "Approved by") && !says(&there, "\"approve\"")
    });
    eventually("it is active", || says(&stage.there(CHANNEL), "Active until"));
    eventually("with a way in", || says(&stage.there(WITH_ALICE), "/#/console?account_id=210000000011"));

    stage.skip(50);
    eventually("the warning comes with a way to end it", || says(&stage.there(WITH_ALICE), "\"end\""));
    stage.skip(15);
    eventually("it is over", || {
        stage.skip(1);
        says(&stage.there(CHANNEL), "its time was over")
    });
    let there = stage.there(CHANNEL);
    assert_eq!(there.len(), 1, "one card, whatever happened");
    assert_kept_up(&stage, &there[0], "ended");
    eventually("every event is told to auditors", || says(&stage.there(AUDIT), "closed the request"));
}
