use chrono::TimeDelta;
use kari_application::caller::live_caller;
use kari_application::load_request;
use kari_application::ports::{Clock, News, Shown};
use kari_application::withdraw_request::withdraw_request;
use kari_domain::audit::{Cause, StreamId};
use kari_domain::directory::Snapshot;
use kari_domain::policy::People;
use kari_domain::request::Decision;
use kari_domain::settings::Language;
use kari_slack::delivery::PressedCard;

use crate::failing::failing;
use crate::stage::{NORTH, Stage, buttons, slack_id, words};
use crate::town::{account, set, user};

const SETTINGS: &str = "C0SETTINGS";

#[test]
fn a_request_is_one_message_in_its_channel_from_the_question_to_the_end() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    assert_eq!(buttons(&card), ["approve", "deny", "details"]);
    assert!(words(&card).contains("Waits for approval"), "{}", words(&card));
    assert!(words(&card).contains("north: 0 of 1"));

    stage.review("lee", id, Decision::Approve);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    assert_eq!(buttons(&card), ["details"], "what is decided has nothing to press");
    assert!(words(&card).contains("Approved by lee."), "{}", words(&card));

    stage.drive(id);
    stage.settle();
    assert_eq!(stage.town.state(id), "active");
    assert!(words(&stage.there(NORTH)[0]).contains("Active until"));

    stage.town.clock.advance_by(TimeDelta::minutes(31));
    stage.drive(id);
    stage.town.clock.advance_by(TimeDelta::minutes(5));
    stage.drive(id);
    stage.settle();
    assert_eq!(stage.town.state(id), "closed");
    let there = stage.there(NORTH);
    assert_eq!(there.len(), 1, "one message, whatever happened");
    assert!(words(&there[0]).contains("its time was over"), "{}", words(&there[0]));
    assert!(words(&there[0]).contains("Sessions that are open may last until"));
}

fn news(stage: &Stage, id: kari_domain::ids::RequestId, sequence: usize) -> News {
    let stored = stage.town.run(stage.kari.store.stream(&StreamId::request(id))).unwrap();
    let loaded = stage.town.run(load_request(&stage.kari, id)).unwrap();
    News {
        envelope: serde_json::from_str(&stored[sequence - 1]).unwrap(),
        request: Some(Shown { state: loaded.state, version: loaded.head.version }),
        told: vec![],
    }
}

#[test]
fn whatever_comes_again_or_late_changes_nothing_and_calls_nobody() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    let early = news(&stage, id, 1);
    stage.review("lee", id, Decision::Deny);
    stage.settle();
    let (before, calls) = (stage.there(NORTH), stage.workspace().calls.len());
    assert!(words(&before[0]).contains("Denied by lee."));
    for _ in 0..2 {
        stage.show(&early);
        stage.show(&news(&stage, id, 3));
        stage.show(&news(&stage, id, 1));
    }
    assert_eq!(stage.there(NORTH), before, "an older rendering never comes after a newer one");
    assert_eq!(stage.workspace().calls.len(), calls);
}

#[test]
fn several_events_at_once_are_one_change_of_the_message() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.review("lee", id, Decision::Approve);
    stage.drive(id);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    assert_eq!(card.edits, 1);
    assert!(words(&card).contains("Active until"));
}

#[test]
fn what_was_decided_before_anybody_was_asked_asks_nobody() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.review("lee", id, Decision::Deny);
    stage.settle();
    assert!(stage.there(NORTH).is_empty());
    assert_eq!(stage.told("ann").len(), 1, "she hears of it all the same");
}

#[test]
fn approvers_see_by_the_card_what_was_withdrawn_and_what_lapsed_and_are_told_by_nothing_else() {
    let stage = Stage::with_channel();
    let ids = [0, 1].map(|number| {
        let id = stage.town.ask("ann", &[account("north", number)], &set(0)).remove(0);
        stage.settle();
        id
    });
    let ann = stage.town.run(live_caller(&stage.kari, &user("ann"))).unwrap();
    stage.town.run(withdraw_request(&stage.kari, &ann, Cause::Api, ids[0])).unwrap();
    stage.settle();
    stage.town.pass(TimeDelta::hours(8));
    stage.drive(ids[1]);
    stage.settle();
    assert_eq!(ids.map(|id| stage.town.state(id)), ["closed"; 2]);
    let cards = stage.there(NORTH);
    assert_eq!(cards.len(), 2);
    for (card, said) in cards.iter().zip(["Withdrawn by the requester.", "nobody reviewed it in time."]) {
        assert_eq!(buttons(card), ["details"]);
        assert!(words(card).contains(said), "{}", words(card));
    }
    assert!(stage.told("lee").is_empty());
}

#[test]
fn without_a_channel_each_reviewer_has_a_copy_in_their_language_and_all_follow() {
    let stage = Stage::new();
    stage.north(|policy| {
        policy.requirements[0].reviewers.users.insert(user("sam"));
    });
    stage.workspace().people.get_mut(&slack_id("sam")).unwrap().locale = "ja-JP".to_owned();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    let cards = [stage.told("lee"), stage.told("sam")].map(|mut told| told.remove(0));
    assert!(words(&cards[0]).contains("Waits for approval"));
    assert!(words(&cards[1]).contains("承認を待っています"), "{}", words(&cards[1]));
    stage.review("sam", id, Decision::Approve);
    stage.settle();
    for who in ["lee", "sam"] {
        let told = stage.told(who);
        assert_eq!((told.len(), buttons(&told[0])), (1, vec!["details".to_owned()]), "{who}");
    }
}

#[test]
fn a_card_is_taken_back_from_whoever_is_no_reviewer_any_more_but_not_from_whoever_reviewed() {
    let stage = Stage::new();
    stage.north(|policy| {
        policy.requirements[0].quorum = 2;
        policy.requirements[0].reviewers.users.extend(["sam", "tom"].map(user));
    });
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    stage.north(|policy| policy.requirements[0].reviewers.users = ["cat", "tom"].map(user).into());
    stage.review("tom", id, Decision::Approve);
    stage.settle();
    let [lees, sams] = ["lee", "sam"].map(|who| stage.told(who).remove(0));
    assert!(words(&sams).contains("not shown in this Slack account"), "{}", words(&sams));
    assert!(buttons(&sams).is_empty() && !words(&sams).contains("ann"), "{}", words(&sams));
    assert!(words(&lees).contains("ann"), "{}", words(&lees));
    assert_eq!(stage.told("cat").len(), 1, "whoever reviews it now has it");
    stage.review("cat", id, Decision::Approve);
    stage.drive(id);
    stage.settle();
    assert_eq!(stage.town.state(id), "active");
    let [cats, lees, sams] = ["cat", "lee", "sam"].map(|who| words(&stage.told(who)[0]));
    assert!(cats.contains("Active until") && lees.contains("Active until"), "{cats} {lees}");
    assert!(!sams.contains("ann"), "{sams}");
}

#[test]
fn what_one_word_decides_is_taken_back_from_whoever_may_not_see_it_by_then_but_not_from_administrators() {
    let stage = Stage::new();
    stage.north(|policy| policy.requirements[0].reviewers.users.extend(["sam", "tom"].map(user)));
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.north(|policy| policy.requirements[0].reviewers.users = ["cat", "lee"].map(user).into());
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    let sams = words(&stage.told("sam")[0]);
    assert!(sams.contains("not shown in this Slack account") && !sams.contains("ann"), "{sams}");
    for who in ["lee", "tom"] {
        let told: Vec<_> = stage.told(who).iter().map(words).collect();
        assert!(told.iter().any(|card| card.contains("Approved by lee.")), "{who}: {told:?}");
    }
    assert!(stage.told("cat").is_empty(), "what is decided asks nobody");
}

#[test]
fn what_slack_would_not_take_back_with_the_last_word_is_taken_back_later_and_says_nothing_new_until_then() {
    let stage = Stage::new();
    stage.north(|policy| policy.requirements[0].reviewers.users.extend(["sam", "tom"].map(user)));
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.north(|policy| policy.requirements[0].reviewers.users = ["cat", "lee"].map(user).into());
    let before = stage.told("sam").remove(0);
    let change = format!("chat.update {}", before.channel);
    failing(&stage, &change, &["update_failed"; 100]);
    stage.review("lee", id, Decision::Deny);
    stage.relay();
    stage.wait(TimeDelta::seconds(2));
    assert_eq!((stage.relay(), stage.put_off()), (0, 1));
    // Somebody presses what still stands there.
    let (channel, ts) = (before.channel.clone(), before.ts.clone());
    let pressed = PressedCard { id: id.0, channel, ts, is_ours: true, is_outdated: true };
    stage.block_on(stage.board.keep_up(&pressed, Language::En)).unwrap();
    assert_eq!(stage.told("sam")[0], before);
    assert!(words(&stage.told("lee")[0]).contains("Denied by lee."), "nobody else waits for that");
    failing(&stage, &change, &[]);
    stage.settle();
    let sams = stage.told("sam").remove(0);
    assert!(words(&sams).contains("not shown in this Slack account"), "{}", words(&sams));
    assert!(buttons(&sams).is_empty() && !words(&sams).contains("ann"), "{}", words(&sams));
}

#[test]
fn by_a_copy_of_the_directory_that_was_never_read_nothing_is_taken_back() {
    let stage = Stage::new();
    stage.north(|policy| {
        policy.requirements[0].reviewers.users.insert(user("sam"));
    });
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.review("lee", id, Decision::Deny);
    stage.town.run(stage.kari.read_model.save(Snapshot::default())).unwrap();
    stage.settle();
    for who in ["lee", "sam"] {
        let card = stage.told(who).remove(0);
        assert_eq!(buttons(&card), ["details"], "{who}: {}", words(&card));
    }
}

#[test]
fn a_policy_without_a_channel_uses_that_of_the_settings_in_its_language() {
    let stage = Stage::new();
    stage.set(|settings| {
        settings.slack_channel = Some(NORTH.parse().unwrap());
        settings.slack_language = Language::Ja;
    });
    stage.town.ask("ann", &[account("south", 0)], &set(0));
    stage.settle();
    assert!(words(&stage.there(NORTH)[0]).contains("承認を待っています"));
    assert!(stage.told("sam").is_empty());
}

#[test]
fn each_policy_is_asked_in_its_own_channel_or_else_in_that_of_the_settings() {
    let stage = Stage::with_channel();
    stage.in_addition(|_| {});
    stage.workspace().channel(SETTINGS);
    stage.set(|settings| settings.slack_channel = Some(SETTINGS.parse().unwrap()));
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    assert_eq!([NORTH, SETTINGS].map(|channel| stage.there(channel).len()), [1, 1]);
    stage.review("sam", id, Decision::Deny);
    stage.settle();
    for channel in [NORTH, SETTINGS] {
        assert!(words(&stage.there(channel)[0]).contains("Denied by sam."), "{channel}");
    }
    assert_eq!(["lee", "sam"].map(|who| stage.told(who).len()), [0, 0]);
}

#[test]
fn reviewers_whose_policy_has_no_channel_get_the_card_themselves_besides_the_channel_of_another() {
    let stage = Stage::with_channel();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.in_addition(|_| {});
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    assert_eq!(stage.there(NORTH).len(), 1);
    assert_eq!(["cat", "lee", "sam"].map(|who| stage.told(who).len()), [0, 0, 1]);
    stage.review("sam", id, Decision::Deny);
    stage.settle();
    let told = stage.told("sam");
    assert_eq!((told.len(), buttons(&told[0])), (1, vec!["details".to_owned()]));
}

#[test]
fn each_policy_without_a_channel_has_those_on_its_list_told_or_else_its_reviewers() {
    let stage = Stage::new();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.in_addition(|_| {});
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert_eq!(["cat", "lee", "sam"].map(|who| stage.told(who).len()), [1, 0, 1]);
}

#[test]
fn those_on_the_notify_list_are_mentioned_and_nobody_else() {
    let stage = Stage::with_channel();
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.town.ask("ben", &[account("north", 1)], &set(0));
    stage.settle();
    let there = stage.there(NORTH);
    let mentioned: Vec<_> = there.iter().map(|card| words(card).contains(&slack_id("cat"))).collect();
    assert_eq!(mentioned, [false, true]);
    assert!(there.iter().all(|card| !words(card).contains(&slack_id("lee"))));
}

#[test]
fn in_each_channel_only_those_on_the_lists_of_its_own_policies_are_mentioned() {
    let stage = Stage::with_channel();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.in_addition(|policy| {
        policy.notify = People { users: [user("tom")].into(), ..People::default() };
    });
    stage.workspace().channel(SETTINGS);
    stage.set(|settings| settings.slack_channel = Some(SETTINGS.parse().unwrap()));
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    stage.remind_before_lapse();
    for (channel, mentioned) in [(NORTH, [true, false]), (SETTINGS, [false, true])] {
        let there = stage.there(channel);
        assert_eq!(there.len(), 2, "the card and the reminder in {channel}");
        for message in there {
            let said = words(&message);
            assert_eq!(["cat", "tom"].map(|who| said.contains(&slack_id(who))), mentioned, "{said}");
        }
    }
}

#[test]
fn reviewers_are_reminded_once_before_it_lapses() {
    let stage = Stage::with_channel();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    let asked_at = stage.town.clock.now();
    stage.town.pass(TimeDelta::hours(6));
    assert_eq!((stage.remind(), stage.there(NORTH).len()), (0, 1), "it is too early");
    stage.town.clock.advance_to(asked_at + TimeDelta::minutes(7 * 60 + 5));
    assert_eq!((stage.remind(), stage.there(NORTH).len()), (0, 2));
    let reminder = stage.there(NORTH).remove(1);
    assert!(words(&reminder).contains("lapses soon") && words(&reminder).contains(&slack_id("cat")));
    stage.town.clock.advance_by(TimeDelta::minutes(1));
    assert_eq!((stage.remind(), stage.there(NORTH).len()), (0, 2), "once");
}
