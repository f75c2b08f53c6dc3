use chrono::TimeDelta;
use kari_application::ports::{Clock, NewNote, Notes};
use kari_domain::audit::StreamId;
use kari_domain::policy::People;
use kari_domain::request::Decision;
use kari_fake_slack::{Call, Control, TOKEN};

use crate::stage::{AUDIT, NORTH, Stage, buttons, words};
use crate::town::{account, set, user};

/// What is recorded about Slack: destination and code.
pub(crate) fn recorded(stage: &Stage) -> Vec<(String, String)> {
    let stored = stage.town.run(stage.kari.store.stream(&StreamId::channel("slack"))).unwrap();
    let events = stored.iter().map(|bytes| serde_json::from_str::<serde_json::Value>(bytes).unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    events.map(|event| (text(&event["data"]["destination"]), text(&event["data"]["code"]))).collect()
}

pub(crate) fn failing(stage: &Stage, method: &str, answers: &[&str]) {
    let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let failing = [(method.to_owned(), answers)].into();
    stage.workspace().apply(Control { failing, ..Control::default() });
}

#[test]
fn what_slack_cannot_do_now_is_done_later_and_once() {
    for answer in ["500", "503", "429", "internal_error", "ratelimited"] {
        let stage = Stage::with_channel();
        failing(&stage, "chat.postMessage", &[answer, answer]);
        let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
        assert!(stage.relay() > 0, "{answer}");
        stage.settle();
        assert_eq!((stage.there(NORTH).len(), stage.told("ann").len()), (1, 1), "{answer}");
        failing(&stage, "chat.update", &[answer]);
        stage.review("lee", id, Decision::Deny);
        let failed = stage.relay();
        // What Slack does not take for a while is put off, so that nobody waits behind it.
        let rests = ["429", "ratelimited"].contains(&answer);
        assert_eq!(stage.put_off(), usize::from(rests), "{answer}");
        assert!(rests || failed > 0, "{answer}");
        stage.settle();
        assert!(words(&stage.there(NORTH)[0]).contains("Denied by lee."), "{answer}");
        assert!(recorded(&stage).is_empty());
    }
}

#[test]
fn what_slack_cannot_do_now_with_one_message_is_put_off_and_holds_up_nothing() {
    for answer in ["update_failed", "external_channel_migrating"] {
        let stage = Stage::with_channel();
        let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
        stage.settle();
        failing(&stage, "chat.update", &[answer; 5]);
        stage.review("lee", id, Decision::Deny);
        // Denied and closed are a word each, and there is a second between two in one conversation.
        stage.relay();
        stage.wait(TimeDelta::seconds(2));
        assert_eq!((stage.relay(), stage.put_off()), (0, 1), "{answer}");
        stage.settle();
        assert!(words(&stage.there(NORTH)[0]).contains("Denied by lee."), "{answer}");
        assert!(recorded(&stage).is_empty());
    }
}

#[test]
fn slack_that_is_down_holds_up_no_grant() {
    let stage = Stage::with_channel();
    failing(&stage, "chat.postMessage", &["503"; 40]);
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert!(stage.relay() > 0);
    stage.review("lee", id, Decision::Approve);
    stage.drive(id);
    assert_eq!(stage.town.state(id), "active");
    let waiting = stage.relay();
    assert!(waiting > 0, "what was not told waits");
    let read = stage.town.inbox.unread(&user("ann")).unwrap();
    assert!(read >= 2, "the portal tells it all the same");
}

#[test]
fn a_channel_that_is_gone_is_recorded_once_and_holds_up_nothing() {
    for (wrong, code) in [(None, "channel_not_found"), (Some("is_archived"), "is_archived")] {
        let stage = Stage::with_channel();
        match wrong {
            Some(wrong) => {
                stage.workspace().channels.insert(NORTH.to_owned(), Some(wrong.to_owned()));
            }
            None => {
                stage.workspace().channels.remove(NORTH);
            }
        }
        stage.town.ask("ann", &[account("north", 0)], &set(0));
        stage.town.ask("ben", &[account("north", 1)], &set(0));
        stage.settle();
        assert_eq!(recorded(&stage), [(format!("channel/{NORTH}"), code.to_owned())]);
        assert_eq!((stage.told("ann").len(), stage.told("ben").len()), (1, 1));
        stage.town.pass(TimeDelta::hours(25));
        stage.town.ask("cat", &[account("north", 2)], &set(0));
        stage.settle();
        assert_eq!(recorded(&stage).len(), 2, "and again another day");
    }
}

#[test]
fn a_message_that_was_deleted_is_not_posted_again() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.workspace().messages.retain(|posted| posted.channel != NORTH);
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    stage.drive(id);
    stage.settle();
    assert!(stage.there(NORTH).is_empty());
    assert_eq!(recorded(&stage), [(format!("channel/{NORTH}"), "message_not_found".to_owned())]);
}

#[test]
fn a_token_that_was_revoked_is_recorded_once_holds_up_no_grant_and_nothing_is_lost_once_there_is_a_good_one()
{
    let stage = Stage::with_channel();
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    let shown = stage.town.ask("ben", &[account("north", 1)], &set(0)).remove(0);
    stage.settle();
    stage.workspace().apply(Control { revoked: true, ..Control::default() });
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    for request in [id, shown] {
        stage.review("lee", request, Decision::Approve);
        stage.drive(request);
        assert_eq!(stage.town.state(request), "active");
    }
    for _ in 0..3 {
        assert!(stage.relay() > 0, "it is told later");
    }
    assert_eq!(recorded(&stage), [("workspace".to_owned(), "token_revoked".to_owned())]);
    stage.workspace().token = Some(TOKEN.to_owned());
    stage.settle();
    let cards = stage.there(NORTH);
    assert!(words(&cards[0]).contains("Active until"), "{}", words(&cards[0]));
    assert!(stage.told("ann").iter().any(|letter| words(letter).contains("ready")), "her access is");
    assert!(stage.told("ben").iter().any(|letter| words(letter).contains("ready")), "and his");
}

#[test]
fn where_administrators_suspended_posting_nothing_is_lost_once_they_allow_it_again() {
    let stage = Stage::with_channel();
    failing(&stage, "chat.postMessage", &["ekm_access_denied"; 2]);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    assert!(stage.relay() > 0, "it is told later");
    assert_eq!(recorded(&stage), [("workspace".to_owned(), "ekm_access_denied".to_owned())]);
    stage.settle();
    assert_eq!((stage.there(NORTH).len(), stage.told("ann").len()), (1, 1));
}

#[test]
fn whoever_died_while_changing_a_message_is_not_waited_for_long() {
    let stage = Stage::with_channel();
    failing(&stage, "chat.postMessage", &["500"]);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.relay();
    let before = stage.town.clock.now();
    stage.settle();
    assert!(stage.town.clock.now() - before < TimeDelta::seconds(30));
    assert_eq!(stage.there(NORTH).len(), 1);
}

#[test]
fn where_a_channel_takes_nothing_its_reviewers_get_the_card_themselves() {
    let stage = Stage::with_channel();
    stage.workspace().channels.remove(NORTH);
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    assert_eq!(buttons(&stage.told("lee")[0]), ["approve", "deny", "details"]);
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    let told = stage.told("lee");
    assert_eq!((told.len(), buttons(&told[0])), (1, vec!["details".to_owned()]));
}

#[test]
fn what_slack_says_of_a_channel_to_whoever_posts_there_is_said_of_that_channel_and_not_of_the_app() {
    for code in [
        "no_permission",
        "team_access_not_granted",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "external_channel_migrating",
    ] {
        let stage = Stage::with_channel();
        go_away(&stage, Some(code));
        stage.town.ask("ann", &[account("north", 0)], &set(0));
        stage.settle();
        assert_eq!(buttons(&stage.told("lee")[0]), ["approve", "deny", "details"], "{code}");
        assert_eq!(recorded(&stage), [(format!("channel/{NORTH}"), code.to_owned())]);
    }
}

#[test]
fn where_the_channel_of_one_policy_takes_nothing_those_whom_that_policy_tells_get_the_card_and_each_once() {
    let stage = Stage::with_channel();
    stage.workspace().channels.remove(NORTH);
    stage.north(|policy| {
        policy.notify = People { users: ["cat", "sam"].map(user).into(), ..People::default() };
    });
    stage.in_addition(|_| {});
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert_eq!(["cat", "lee", "sam"].map(|who| stage.told(who).len()), [1, 0, 1]);
}

/// Slack takes no reminder of two requests, and the first one is approved.
fn approved_before_the_reminder(stage: &Stage) {
    let asked_at = stage.town.clock.now();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.town.ask("ben", &[account("north", 1)], &set(0));
    stage.settle();
    stage.town.pass(TimeDelta::hours(6));
    stage.town.clock.advance_to(asked_at + TimeDelta::minutes(7 * 60 + 5));
    failing(stage, "chat.postMessage", &["503", "503"]);
    assert_eq!(stage.remind(), 2);
    stage.town.pass(TimeDelta::minutes(1));
    stage.review("lee", id, Decision::Approve);
}

/// What is reminded of, once all of it was.
fn reminders(stage: &Stage) -> Vec<String> {
    stage.settle();
    for _ in 0..3 {
        stage.remind();
        stage.wait(TimeDelta::seconds(2));
    }
    let there = stage.there(NORTH).into_iter().map(|posted| words(&posted));
    there.filter(|words| words.contains("lapses soon")).collect()
}

#[test]
fn a_reminder_that_waited_until_its_request_was_decided_is_not_posted() {
    let stage = Stage::with_channel();
    approved_before_the_reminder(&stage);
    let reminders = reminders(&stage);
    assert_eq!(reminders.len(), 1, "{reminders:?}");
    assert!(reminders[0].contains("north-1"), "{reminders:?}");
    let left = stage.town.run(stage.notes.all(&format!("queue/channel/{NORTH}"))).unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_an_older_version_left_waiting_is_posted_as_it_is() {
    let stage = Stage::with_channel();
    approved_before_the_reminder(&stage);
    let group = format!("queue/channel/{NORTH}");
    let waiting = stage.town.run(stage.notes.all(&group)).unwrap().remove(0);
    let mut body: serde_json::Value = serde_json::from_str(&waiting.body).unwrap();
    body.as_object_mut().unwrap().remove("only_while").expect("a reminder has it");
    let (body, until) = (body.to_string(), stage.town.clock.now() + TimeDelta::days(1));
    let old = NewNote { group: &group, key: "0/remind/old", body: &body, until };
    stage.town.run(stage.notes.write(&old, 0)).unwrap().unwrap();
    assert_eq!(reminders(&stage).len(), 2);
}

#[test]
fn what_is_told_of_access_is_not_posted_once_that_is_over() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    stage.town.clock.advance_by(TimeDelta::seconds(5));
    stage.drive(id);
    failing(&stage, "chat.postMessage", &["503"]);
    assert!(stage.relay() > 0, "that it is ready");
    stage.town.clock.advance_by(TimeDelta::minutes(16));
    stage.drive(id);
    failing(&stage, "chat.postMessage", &["503", "503"]);
    assert!(stage.relay() > 1, "and that it ends soon");
    for minutes in [16, 3] {
        stage.town.clock.advance_by(TimeDelta::minutes(minutes));
        stage.drive(id);
    }
    stage.settle();
    let told: Vec<_> = stage.told("ann").into_iter().map(|letter| letter.text).collect();
    let begin = |title: &str| told.iter().filter(|text| text.starts_with(title)).count();
    assert_eq!(begin("Your access expired."), 1, "{told:?}");
    assert_eq!((begin("Your access is ready."), begin("Your access ends soon.")), (0, 0), "{told:?}");
}

#[test]
fn a_reminder_that_waits_tells_what_still_waits_by_now() {
    let stage = Stage::with_channel();
    let asked_at = stage.town.clock.now();
    let accounts = [0, 1, 2].map(|number| account("north", number));
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    stage.town.pass(TimeDelta::hours(6));
    stage.town.clock.advance_to(asked_at + TimeDelta::minutes(7 * 60 + 5));
    failing(&stage, "chat.postMessage", &["503"; 3]);
    assert_eq!(stage.remind(), 3);
    stage.town.pass(TimeDelta::minutes(1));
    stage.review("lee", ids[0], Decision::Deny);
    stage.settle();
    assert_eq!((stage.remind(), stage.there(NORTH).len()), (0, 2));
    let reminder = words(&stage.there(NORTH)[1]);
    assert!(reminder.contains("2 requests lapse soon"), "{reminder}");
}

#[test]
fn a_channel_that_was_set_right_has_the_card_once_reviewers_are_reminded() {
    let stage = Stage::with_channel();
    stage.workspace().channels.remove(NORTH);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    stage.workspace().channel(NORTH);
    stage.remind_before_lapse();
    assert_eq!(stage.there(NORTH).len(), 2, "the card and the reminder");
    assert_eq!(stage.told("lee").len(), 2, "and where it stands already the reminder");
}

#[test]
fn a_card_that_slack_does_not_take_anywhere_is_tried_with_nobody_else() {
    let stage = Stage::with_channel();
    failing(&stage, "chat.postMessage", &["invalid_blocks"]);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert!(stage.told("lee").is_empty(), "it would not be taken there either");
}

/// How often something was to be posted in the channel of the north.
fn posts(stage: &Stage) -> usize {
    let workspace = stage.workspace();
    let there = |call: &&Call| call.method == "chat.postMessage" && call.body["channel"] == NORTH;
    workspace.calls.iter().filter(there).count()
}

#[test]
fn where_a_channel_goes_away_after_the_card_was_posted_its_reviewers_have_it_and_the_reminder() {
    for wrong in [None, Some("is_archived")] {
        let stage = Stage::with_channel();
        let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
        stage.settle();
        go_away(&stage, wrong);
        stage.remind_before_lapse();
        let told = stage.told("lee");
        assert_eq!(told.len(), 2, "the card and the reminder");
        assert_eq!(buttons(&told[0]), ["approve", "deny", "details"]);
        assert!(words(&told[1]).contains("lapses soon"), "{}", words(&told[1]));
        let before = posts(&stage);
        for _ in 0..5 {
            assert_eq!(stage.remind(), 0);
            stage.wait(TimeDelta::minutes(1));
        }
        assert_eq!((posts(&stage), stage.told("lee").len()), (before, 2), "a dead channel is left alone");
        stage.review("lee", id, Decision::Approve);
        stage.settle();
        assert_eq!(buttons(&stage.told("lee")[0]), ["details"]);
        assert_eq!(recorded(&stage).len(), 1);
    }
}

/// The channel is deleted, or takes nothing for this reason.
pub(crate) fn go_away(stage: &Stage, wrong: Option<&str>) {
    let mut workspace = stage.workspace();
    match wrong {
        Some(wrong) => workspace.channels.insert(NORTH.to_owned(), Some(wrong.to_owned())),
        None => workspace.channels.remove(NORTH),
    };
}

#[test]
fn where_a_channel_has_gone_by_the_next_word_all_that_still_waits_is_asked_of_its_reviewers() {
    for wrong in [None, Some("is_archived")] {
        let stage = Stage::with_channel();
        let accounts = [0, 1, 2].map(|number| account("north", number));
        let ids = stage.town.ask("ann", &accounts, &set(0));
        stage.settle();
        go_away(&stage, wrong);
        stage.review("lee", ids[0], Decision::Deny);
        stage.settle();
        let told = stage.told("lee");
        assert_eq!(told.len(), 1);
        assert_eq!(buttons(&told[0]), ["approve", "deny", "choose", "details"]);
        assert_eq!(words(&told[0]).matches(": waits for approval").count(), 2, "{}", words(&told[0]));
    }
}
