//! Reviewers whom Slack does not know, beside those whom it does.

use chrono::TimeDelta;
use kari_application::ports::{Clock, Notification, NotificationKind, Notifier};
use kari_domain::audit::StreamId;
use kari_fake_slack::{Person, TOKEN};

use crate::linked::links;
use crate::stage::{Stage, slack_id};
use crate::town::{account, person, set, user};

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

/// Somebody of the directory joins Slack.
fn join(stage: &Stage, name: &str) {
    let email = format!("{name}@example.com");
    stage.workspace().join(&slack_id(name), Person { email, ..Person::default() });
}

/// Of many of whom nobody is found, so many are looked up though they are noted.
const ANYWAY: usize = 5;

#[test]
fn reviewers_who_are_not_in_slack_are_looked_up_every_few_hours_and_not_for_each_card() {
    let stage = Stage::new();
    let names = crowd(&stage, 30, 30);
    assert_eq!(look_ups(&stage, "ann", 0), 1 + 30 + 1);
    join(&stage, &names[29]);
    // Nothing in the memory of a process is left by then.
    pass(&stage, TimeDelta::hours(2));
    assert_eq!(look_ups(&stage, "ann", 1), 2 + ANYWAY, "ann and lee, and the first ones again");
    assert_eq!(stage.told(&names[29]).len(), 0);
    pass(&stage, TimeDelta::hours(5));
    assert_eq!(look_ups(&stage, "ann", 2), 2 + 30 - ANYWAY, "the first ones were looked up later");
    assert_eq!(stage.told(&names[29]).len(), 1, "whoever joined has a card by then");
}

#[test]
fn whoever_joined_has_letters_at_once_and_by_that_the_next_card() {
    let stage = Stage::new();
    let names = crowd(&stage, 30, 30);
    look_ups(&stage, "ann", 0);
    join(&stage, &names[29]);
    pass(&stage, TimeDelta::hours(2));
    let id = stage.town.ask("ann", &[account("north", 1)], &set(0)).remove(0);
    stage.settle();
    assert_eq!(stage.told(&names[29]).len(), 0);
    let letter = Notification {
        kind: NotificationKind::RemovalBlocked,
        recipients: vec![user(&names[29])],
        stream: StreamId::request(id),
        sequence: 9,
        request: Some(id),
        at: stage.town.clock.now(),
    };
    stage.wait(TimeDelta::seconds(2));
    stage.block_on(stage.board.deliver(&letter)).unwrap();
    assert_eq!(stage.told(&names[29]).len(), 1);
    // Nor is it remembered any more that they were found.
    pass(&stage, TimeDelta::hours(2));
    look_ups(&stage, "ann", 2);
    assert_eq!(stage.told(&names[29]).len(), 2);
}

#[test]
fn whoever_is_noted_and_linked_an_account_has_the_card_there() {
    let stage = Stage::new();
    stage.workspace().people.get_mut(&slack_id("lee")).unwrap().email = "lee@private.example".to_owned();
    look_ups(&stage, "ann", 0);
    links(&stage, "lee", &slack_id("lee"));
    pass(&stage, TimeDelta::hours(2));
    assert_eq!(look_ups(&stage, "ann", 1), 1, "ann");
    assert_eq!(stage.told("lee").len(), 1);
}

#[test]
fn the_only_reviewer_of_a_requirement_has_the_card_as_soon_as_they_joined() {
    let stage = Stage::new();
    // There is another requirement, of which somebody is found.
    stage.in_addition(|_| {});
    let lee = stage.workspace().people.remove(&slack_id("lee")).unwrap();
    look_ups(&stage, "ann", 0);
    stage.workspace().join(&slack_id("lee"), lee);
    pass(&stage, TimeDelta::hours(2));
    look_ups(&stage, "ann", 1);
    assert_eq!(["lee", "sam"].map(|who| stage.told(who).len()), [1, 2]);
}

#[test]
fn what_was_said_by_the_token_of_another_workspace_counts_no_more_once_there_is_the_right_one() {
    let stage = Stage::new();
    let names = crowd(&stage, 30, 0);
    let people = std::mem::take(&mut stage.workspace().people);
    stage.put_token("xoxb-other");
    look_ups(&stage, "ann", 0);
    assert_eq!(stage.told(&names[29]).len(), 0);
    stage.put_token(TOKEN);
    stage.workspace().people = people;
    pass(&stage, TimeDelta::hours(2));
    // By what Slack refuses it is noticed that there is another token.
    look_ups(&stage, "ann", 1);
    look_ups(&stage, "ann", 2);
    assert_eq!(stage.told(&names[29]).len(), 1);
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
