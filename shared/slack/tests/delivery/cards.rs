use chrono::TimeDelta;
use kari_application::load_request;
use kari_application::ports::{Clock, News, Shown};
use kari_domain::audit::StreamId;
use kari_domain::policy::People;
use kari_domain::request::Decision;
use kari_domain::settings::Language;
use kari_fake_slack::Person;

use crate::stage::{NORTH, Stage, buttons, slack_id, words};
use crate::town::{account, person, set, user};

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

/// So many more reviewers in addition, of whom the first ones are not in Slack.
fn crowd(stage: &Stage, many: usize, not_in_slack: usize) -> Vec<String> {
    let names: Vec<_> = (0..many).map(|number| format!("a-{number:03}")).collect();
    let mut snapshot = (*stage.town.run(stage.kari.read_model.load()).unwrap()).clone();
    for name in &names {
        person(&mut snapshot, name);
    }
    stage.town.run(stage.kari.read_model.save(snapshot)).unwrap();
    for name in names.iter().skip(not_in_slack) {
        let email = format!("{name}@example.com");
        stage.workspace().join(&slack_id(name), Person { email, ..Person::default() });
    }
    stage.in_addition(|policy| {
        policy.requirements[0].reviewers.users = names.iter().map(|name| user(name)).collect();
    });
    stage.settle();
    stage.workspace().calls.clear();
    names
}

#[test]
fn of_more_reviewers_than_get_a_card_each_policy_has_some_and_nobody_loses_a_place_to_one_not_in_slack() {
    let stage = Stage::new();
    let names = crowd(&stage, 90, 20);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert_eq!(stage.told("lee").len(), 1, "whoever else there is to ask");
    let told: Vec<_> = names.iter().filter(|name| stage.told(name).len() == 1).collect();
    assert_eq!((told.len(), told[0].as_str(), told[48].as_str()), (49, "a-020", "a-068"));
    // Ann is looked up too.
    assert_eq!(stage.workspace().count("users.lookupByEmail"), 1 + 20 + 49 + 1);
}

#[test]
fn a_hundred_reviewers_are_looked_for_however_few_of_them_are_in_slack() {
    let stage = Stage::new();
    let names = crowd(&stage, 100, 99);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert_eq!((stage.told("lee").len(), stage.told(&names[99]).len()), (1, 0));
    assert_eq!(stage.workspace().count("users.lookupByEmail"), 101);
}

/// Somebody asks for an account of the north. Returns how often somebody was looked up by their address for that.
fn look_ups(stage: &Stage, who: &str, number: usize) -> usize {
    let before = stage.workspace().count("users.lookupByEmail");
    stage.town.ask(who, &[account("north", number)], &set(0));
    stage.settle();
    stage.workspace().count("users.lookupByEmail") - before
}

/// Time passes, and the directory is as it was.
fn pass(stage: &Stage, length: TimeDelta) {
    stage.town.clock.advance_by(length);
    let mut snapshot = (*stage.town.run(stage.kari.read_model.load()).unwrap()).clone();
    snapshot.synced_at = stage.town.clock.now();
    stage.town.run(stage.kari.read_model.save(snapshot)).unwrap();
}

#[test]
fn reviewers_who_are_not_in_slack_are_looked_up_once_a_day_and_not_for_each_card() {
    let stage = Stage::new();
    let names = crowd(&stage, 30, 30);
    assert_eq!(look_ups(&stage, "ann", 0), 1 + 30 + 1);
    let email = format!("{}@example.com", names[0]);
    stage.workspace().join(&slack_id(&names[0]), Person { email, ..Person::default() });
    // Nothing in the memory of a process is left by then.
    pass(&stage, TimeDelta::hours(2));
    assert_eq!(look_ups(&stage, "ann", 1), 2, "ann and lee");
    assert_eq!(stage.told(&names[0]).len(), 0);
    pass(&stage, TimeDelta::hours(23));
    assert_eq!(look_ups(&stage, "ann", 2), 1 + 30 + 1);
    assert_eq!(stage.told(&names[0]).len(), 1, "whoever joined has a card by the next day");
}

#[test]
fn reviewers_who_have_another_address_by_now_are_looked_up_by_that_one() {
    let stage = Stage::new();
    let names = crowd(&stage, 30, 30);
    look_ups(&stage, "ann", 0);
    let email = format!("{}@other.example", names[0]);
    stage.workspace().join(&slack_id(&names[0]), Person { email: email.clone(), ..Person::default() });
    let mut snapshot = (*stage.town.run(stage.kari.read_model.load()).unwrap()).clone();
    snapshot.users.get_mut(&user(&names[0])).unwrap().email = Some(email);
    stage.town.run(stage.kari.read_model.save(snapshot)).unwrap();
    pass(&stage, TimeDelta::hours(2));
    assert_eq!(look_ups(&stage, "ann", 1), 3, "ann, lee and the one with another address");
    assert_eq!(stage.told(&names[0]).len(), 1);
}

#[test]
fn an_answer_that_says_nothing_of_a_reviewer_is_not_remembered_of_them() {
    let stage = Stage::new();
    // Ann and Lee are known from now on.
    look_ups(&stage, "ann", 0);
    let names = crowd(&stage, 30, 30);
    let email = format!("{}@example.com", names[0]);
    stage.workspace().join(&slack_id(&names[0]), Person { email, ..Person::default() });
    // Once too many calls, and once an answer that is about the question.
    let failing = ["429", "invalid_arguments"].map(str::to_owned).to_vec();
    stage.workspace().failing.insert("users.lookupByEmail".to_owned(), failing);
    look_ups(&stage, "ann", 1);
    assert!(stage.workspace().failing["users.lookupByEmail"].is_empty());
    pass(&stage, TimeDelta::hours(2));
    look_ups(&stage, "ann", 2);
    assert!(!stage.told(&names[0]).is_empty());
    assert!(stage.told(&names[1]).is_empty());
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
