//! What Slack refuses in one place is of that place alone.

use chrono::TimeDelta;
use kari_application::ports::Notes;
use kari_domain::ids::RequestId;
use kari_domain::request::Decision;
use kari_domain::settings::Language;
use kari_fake_slack::Call;
use kari_slack::delivery::PressedCard;

use crate::failing::{failing, go_away, recorded};
use crate::stage::{AUDIT, NORTH, Stage, buttons, words};
use crate::town::{account, set, user};

/// What Slack says of one place, though elsewhere it says so of the app.
const OF_A_PLACE: [&str; 2] = ["no_permission", "team_access_not_granted"];

#[test]
fn where_the_message_of_one_channel_cannot_be_changed_its_reviewers_have_what_waits_and_nothing_is_held_up() {
    for code in OF_A_PLACE {
        let stage = Stage::with_channel();
        let ids = stage.town.ask("ann", &[0, 1].map(|number| account("north", number)), &set(0));
        stage.settle();
        failing(&stage, "chat.update", &[code]);
        stage.review("lee", ids[0], Decision::Deny);
        stage.settle();
        assert_eq!(recorded(&stage), [(format!("channel/{NORTH}"), code.to_owned())]);
        let told = stage.told("lee");
        assert_eq!(told.len(), 1, "{code}");
        assert!(words(&told[0]).contains("north-1"), "{}", words(&told[0]));
    }
}

#[test]
fn what_slack_refuses_to_one_person_is_passed_and_holds_up_nobody_else() {
    for code in OF_A_PLACE {
        let stage = Stage::new();
        failing(&stage, "chat.postMessage U0LEE", &[code]);
        failing(&stage, "chat.postMessage U0ANN", &[code]);
        stage.town.ask("ann", &[account("north", 0)], &set(0));
        assert_eq!(stage.relay(), 0, "{code}");
        let refused = ["user/u-lee", "user/u-ann"].map(|place| (place.to_owned(), code.to_owned()));
        assert_eq!(recorded(&stage), refused);
        stage.town.ask("ben", &[account("north", 1)], &set(0));
        stage.settle();
        assert_eq!(["lee", "ann", "ben"].map(|who| stage.told(who).len()), [1, 0, 1], "{code}");
    }
}

#[test]
fn a_channel_that_is_archived_is_known_by_what_slack_says_where_a_message_is_changed() {
    let stage = Stage::with_channel();
    let ids = stage.town.ask("ann", &[0, 1].map(|number| account("north", number)), &set(0));
    stage.settle();
    go_away(&stage, Some("is_archived"));
    stage.review("lee", ids[0], Decision::Deny);
    stage.settle();
    assert_eq!(recorded(&stage), [(format!("channel/{NORTH}"), "is_inactive".to_owned())]);
    assert_eq!(buttons(&stage.told("lee")[0]).first().map(String::as_str), Some("approve"));
}

#[test]
fn where_the_app_is_invited_again_what_was_left_in_the_channel_is_its_card_and_there_is_no_second_one() {
    let stage = Stage::with_channel();
    stage.north(|policy| {
        policy.requirements[0].quorum = 3;
        policy.requirements[0].reviewers.users.extend(["sam", "tom"].map(user));
    });
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    go_away(&stage, None);
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    assert_eq!(stage.told("sam").len(), 1, "whoever was asked there is asked elsewhere");
    stage.workspace().channel(NORTH);
    stage.town.pass(TimeDelta::hours(2));
    for who in ["sam", "tom"] {
        stage.review(who, id, Decision::Approve);
        stage.settle();
        let there = stage.there(NORTH);
        assert_eq!(there.len(), 1);
        assert!(words(&there[0]).contains(who), "{}", words(&there[0]));
    }
    let notes = stage.town.run(stage.notes.all(&format!("card/{id}"))).unwrap();
    let left: Vec<_> = notes.iter().filter(|note| note.key.contains("left/")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Somebody presses a button of the card in the channel.
fn press(stage: &Stage, id: RequestId) {
    let card = stage.there(NORTH).remove(0);
    let pressed =
        PressedCard { id: id.0, channel: card.channel, ts: card.ts, is_ours: true, is_outdated: false };
    stage.block_on(stage.board.keep_up(&pressed, Language::En)).unwrap();
}

#[test]
fn a_card_that_slack_would_not_change_is_changed_by_the_next_press() {
    // Also where that was put off before.
    for answers in [&["invalid_blocks"][..], &["429", "invalid_blocks"][..]] {
        let stage = Stage::with_channel();
        let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
        stage.settle();
        failing(&stage, "chat.update", answers);
        stage.review("lee", id, Decision::Deny);
        stage.settle();
        assert_eq!(recorded(&stage), [(format!("channel/{NORTH}"), "invalid_blocks".to_owned())]);
        let calls = stage.workspace().calls.len();
        stage.wait(TimeDelta::minutes(1));
        assert_eq!(stage.relay(), 0);
        assert_eq!(stage.workspace().calls.len(), calls, "it is not tried again by itself");
        assert_eq!(buttons(&stage.there(NORTH)[0]).len(), 3);
        press(&stage, id);
        assert!(words(&stage.there(NORTH)[0]).contains("Denied by lee."), "{answers:?}");
    }
}

/// The app was removed from the channel when the first of two requests was denied, and was invited again since.
fn invited_again() -> (Stage, Vec<RequestId>) {
    let stage = Stage::with_channel();
    let ids = stage.town.ask("ann", &[0, 1].map(|number| account("north", number)), &set(0));
    stage.settle();
    go_away(&stage, None);
    stage.review("lee", ids[0], Decision::Deny);
    stage.settle();
    assert!(!words(&stage.there(NORTH)[0]).contains(": denied"));
    stage.workspace().channel(NORTH);
    (stage, ids)
}

#[test]
fn what_was_left_in_a_channel_that_took_nothing_follows_from_the_next_word_on() {
    let (stage, ids) = invited_again();
    stage.review("lee", ids[1], Decision::Deny);
    stage.settle();
    let there = stage.there(NORTH);
    assert_eq!((there.len(), buttons(&there[0])), (1, vec!["details".to_owned()]));
    assert_eq!(words(&there[0]).matches(": denied").count(), 2, "{}", words(&there[0]));
    assert_eq!(recorded(&stage).len(), 1);
}

#[test]
fn where_what_was_left_cannot_be_changed_auditors_read_of_the_channel() {
    let (stage, ids) = invited_again();
    failing(&stage, &format!("chat.update {NORTH}"), &["invalid_blocks"]);
    stage.review("lee", ids[1], Decision::Deny);
    stage.settle();
    assert_eq!(recorded(&stage)[1..], [(format!("channel/{NORTH}"), "invalid_blocks".to_owned())]);
}

#[test]
fn what_was_left_in_a_channel_that_took_nothing_follows_from_a_press_on() {
    let (stage, ids) = invited_again();
    press(&stage, ids[0]);
    assert_eq!(words(&stage.there(NORTH)[0]).matches(": denied").count(), 1);
}

#[test]
fn what_was_left_is_tried_again_with_each_word_while_the_channel_still_takes_nothing_and_holds_up_nothing() {
    let (stage, ids) = invited_again();
    go_away(&stage, None);
    let changes = || {
        let workspace = stage.workspace();
        let of_the_channel = |call: &&Call| call.method == "chat.update" && call.body["channel"] == NORTH;
        workspace.calls.iter().filter(of_the_channel).count()
    };
    let before = changes();
    stage.review("lee", ids[1], Decision::Deny);
    stage.settle();
    assert_eq!(changes() - before, 1);
    assert_eq!(buttons(&stage.told("lee")[0]), ["details"], "where it is asked instead it follows");
    assert_eq!(recorded(&stage).len(), 1, "and nobody is told twice");
}

/// What Slack says of a channel for a while.
const MIGRATING: &str = "external_channel_migrating";

#[test]
fn lines_for_a_channel_that_takes_nothing_for_now_come_once_it_does_and_hold_up_nothing() {
    let stage = Stage::new();
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    stage.settle();
    // There is a second between two words in one conversation.
    stage.wait(TimeDelta::seconds(2));
    let before = stage.there(AUDIT).len();
    stage.workspace().channels.insert(AUDIT.to_owned(), Some(MIGRATING.to_owned()));
    for (number, who) in ["ann", "ben"].into_iter().enumerate() {
        stage.town.ask(who, &[account("north", number)], &set(0));
        assert_eq!((stage.relay(), stage.put_off(), stage.told(who).len()), (0, 1, 1));
        stage.wait(TimeDelta::minutes(1));
    }
    assert_eq!((stage.relay(), stage.there(AUDIT).len()), (0, before));
    stage.workspace().channel(AUDIT);
    stage.settle();
    let there = stage.there(AUDIT);
    assert_eq!(there.len(), before + 2);
    for (line, who) in there[before..].iter().zip(["ann", "ben"]) {
        assert!(line.text.starts_with(&format!("{who} asked for access")), "{}", line.text);
    }
    assert!(recorded(&stage).is_empty(), "nothing was lost");
}

#[test]
fn behind_lines_for_a_channel_that_takes_nothing_for_now_reviewers_are_reminded_elsewhere() {
    let stage = Stage::with_channel();
    stage.set(|settings| settings.slack_audit_channel = Some(NORTH.parse().unwrap()));
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    stage.wait(TimeDelta::seconds(2));
    let before = stage.there(NORTH).len();
    go_away(&stage, Some(MIGRATING));
    stage.set(|settings| settings.slack_channel = Some(AUDIT.parse().unwrap()));
    assert_eq!((stage.relay(), stage.put_off()), (0, 1));
    stage.remind_before_lapse();
    assert_eq!(stage.told("lee").len(), 2, "the card and the reminder");
    stage.workspace().channel(NORTH);
    stage.settle();
    assert!(stage.there(NORTH).len() > before, "and the lines come");
}

/// How often a message was to be changed.
fn changes(stage: &Stage) -> usize {
    stage.workspace().calls.iter().filter(|call| call.method == "chat.update").count()
}

#[test]
fn a_card_that_slack_would_not_change_is_left_alone_for_a_while() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    failing(&stage, "chat.update", &["update_failed"; 40]);
    stage.review("lee", id, Decision::Deny);
    stage.relay();
    stage.wait(TimeDelta::seconds(2));
    assert_eq!((stage.relay(), stage.put_off()), (0, 1));
    let before = changes(&stage);
    for seconds in [2, 20] {
        stage.wait(TimeDelta::seconds(seconds));
        stage.relay();
        assert_eq!(changes(&stage), before);
    }
    stage.wait(TimeDelta::seconds(30));
    stage.relay();
    assert_eq!((changes(&stage), stage.put_off()), (before + 1, 1), "then it is tried again, once");
    stage.relay();
    assert_eq!(changes(&stage), before + 1, "and left alone again");
    failing(&stage, "chat.update", &[]);
    stage.settle();
    assert!(words(&stage.there(NORTH)[0]).contains("Denied by lee."));
}

#[test]
fn a_card_that_was_put_off_before_it_was_over_is_put_off_once() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    failing(&stage, "chat.update", &["update_failed"; 100]);
    let keys = || {
        let late = stage.town.run(stage.notes.all("late")).unwrap();
        late.into_iter().map(|note| note.key).collect::<Vec<_>>()
    };
    stage.review("lee", id, Decision::Approve);
    stage.drive(id);
    stage.relay();
    assert_eq!(keys(), [format!("1/card/{id}")]);
    stage.town.clock.advance_by(TimeDelta::minutes(31));
    stage.drive(id);
    stage.town.clock.advance_by(TimeDelta::minutes(5));
    stage.drive(id);
    assert_eq!(stage.town.state(id), "closed");
    stage.relay();
    assert_eq!(keys(), [format!("2/card/{id}")]);
}
