//! Slack took a card and its answer was lost: the next one is posted, and the first is found once somebody presses
//! something in it.

use kari_domain::ids::RequestId;
use kari_domain::request::Decision;
use kari_domain::settings::Language;
use kari_fake_slack::{Control, Posted};
use kari_slack::delivery::PressedCard;
use uuid::Uuid;

use crate::failing::{failing, recorded};
use crate::stage::{NORTH, Stage, buttons, slack_id, words};
use crate::town::{account, set, user};

/// The next so many messages are taken, and nobody hears of it.
fn lose(stage: &Stage, answers: usize) {
    let failing = [("chat.postMessage".to_owned(), vec!["lost".to_owned(); answers])].into();
    stage.workspace().apply(Control { failing, ..Control::default() });
}

fn press(stage: &Stage, id: Uuid, message: &Posted, is_ours: bool) {
    let (channel, ts) = (message.channel.clone(), message.ts.clone());
    let pressed = PressedCard { id, channel, ts, is_ours, is_outdated: false };
    stage.block_on(stage.board.keep_up(&pressed, Language::Ja)).unwrap();
}

/// Somebody asked, and there are two cards for it.
fn twice(stage: &Stage, accounts: usize) -> Vec<RequestId> {
    lose(stage, 1);
    let accounts: Vec<_> = (0..accounts).map(|number| account("north", number)).collect();
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    assert_eq!(stage.there(NORTH).len(), 2, "one that nobody remembers, and one");
    ids
}

fn all_say(stage: &Stage, what: &str) {
    for card in stage.there(NORTH) {
        assert!(words(&card).contains(what), "{}", words(&card));
        assert_eq!(buttons(&card), ["details"]);
    }
}

#[test]
fn a_card_whose_answer_was_lost_is_kept_up_from_the_first_press_on() {
    let stage = Stage::with_channel();
    let id = twice(&stage, 1).remove(0);
    press(&stage, id.0, &stage.there(NORTH)[0], true);
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    all_say(&stage, "Approved by lee.");
    stage.drive(id);
    stage.settle();
    all_say(&stage, "Active until");
}

#[test]
fn where_one_that_was_found_cannot_be_changed_auditors_read_of_its_conversation() {
    let stage = Stage::with_channel();
    let id = twice(&stage, 1).remove(0);
    press(&stage, id.0, &stage.there(NORTH)[0], true);
    failing(&stage, "chat.update", &["invalid_blocks"; 2]);
    stage.review("lee", id, Decision::Deny);
    stage.settle();
    let refused = [format!("channel/{NORTH}"), NORTH.to_owned()];
    assert_eq!(recorded(&stage), refused.map(|place| (place, "invalid_blocks".to_owned())));
}

#[test]
fn one_that_is_found_late_says_at_once_how_it_stands() {
    let stage = Stage::with_channel();
    let id = twice(&stage, 1).remove(0);
    stage.review("lee", id, Decision::Deny);
    stage.settle();
    let first = stage.there(NORTH).remove(0);
    assert_eq!(buttons(&first).len(), 3, "nobody remembers it");
    press(&stage, id.0, &first, true);
    all_say(&stage, "Denied by lee.");
    let calls = stage.workspace().calls.len();
    for card in stage.there(NORTH) {
        press(&stage, id.0, &card, true);
    }
    assert_eq!(stage.workspace().calls.len(), calls, "what is remembered needs no second look");
}

#[test]
fn a_batch_is_found_by_its_own_id() {
    let stage = Stage::with_channel();
    let ids = twice(&stage, 3);
    let loaded = stage.town.run(kari_application::load_request(&stage.kari, ids[0])).unwrap();
    let batch = loaded.state.asked().unwrap().submission.batch.unwrap();
    press(&stage, batch.0, &stage.there(NORTH)[0], true);
    for id in ids {
        stage.review("lee", id, Decision::Deny);
    }
    stage.settle();
    for card in stage.there(NORTH) {
        assert_eq!(words(&card).matches(": denied").count(), 3, "{}", words(&card));
    }
}

#[test]
fn one_that_an_earlier_version_drew_is_drawn_anew_though_it_is_remembered() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    let changes = |is_outdated: bool| {
        let before = stage.workspace().count("chat.update");
        let (channel, ts) = (card.channel.clone(), card.ts.clone());
        let pressed = PressedCard { id: id.0, channel, ts, is_ours: true, is_outdated };
        stage.block_on(stage.board.keep_up(&pressed, Language::En)).unwrap();
        stage.workspace().count("chat.update") - before
    };
    assert_eq!([false, true, false].map(changes), [0, 1, 0]);
}

#[test]
fn a_card_in_a_conversation_with_one_person_is_found_too_and_stays_in_their_language() {
    let stage = Stage::new();
    lose(&stage, 1);
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    let cards = stage.told("lee");
    assert_eq!(cards.len(), 2);
    press(&stage, id.0, &cards[0], true);
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    for card in stage.told("lee") {
        assert!(words(&card).contains("Approved by lee."), "{}", words(&card));
    }
}

#[test]
fn where_slack_does_not_say_whose_message_it_is_only_a_place_of_the_card_counts() {
    let stage = Stage::with_channel();
    let id = twice(&stage, 1).remove(0);
    let first = stage.there(NORTH).remove(0);
    let elsewhere = Posted { channel: "C0AUDIT".to_owned(), ..first.clone() };
    press(&stage, id.0, &elsewhere, false);
    assert_eq!(stage.workspace().count("chat.update"), 0, "nothing elsewhere is touched");
    press(&stage, id.0, &first, false);
    stage.review("lee", id, Decision::Deny);
    stage.settle();
    all_say(&stage, "Denied by lee.");
}

#[test]
fn what_is_no_request_or_has_no_card_makes_none_and_there_are_never_many() {
    let stage = Stage::with_channel();
    let sandbox = stage.town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    let id = twice(&stage, 1).remove(0);
    let first = stage.there(NORTH).remove(0);
    for nothing in [Uuid::nil(), sandbox.0] {
        press(&stage, nothing, &first, true);
    }
    let before = stage.workspace().count("chat.update");
    for number in 0..30 {
        press(&stage, id.0, &Posted { ts: format!("1.{number}"), ..first.clone() }, true);
    }
    assert_eq!(stage.workspace().count("chat.update") - before, 10);
}

#[test]
fn a_reminder_comes_once_to_a_place_however_many_cards_stand_there() {
    let stage = Stage::with_channel();
    stage.north(|policy| {
        policy.notify = kari_domain::policy::People { users: [user("cat")].into(), ..Default::default() };
    });
    let id = twice(&stage, 1).remove(0);
    press(&stage, id.0, &stage.there(NORTH)[0], true);
    stage.town.clock.advance_by(chrono::TimeDelta::minutes(7 * 60 + 5));
    assert_eq!((stage.remind(), stage.there(NORTH).len()), (0, 3));
    assert!(words(&stage.there(NORTH)[2]).contains(&slack_id("cat")));
}
