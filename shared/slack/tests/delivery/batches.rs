//! Several accounts asked for at once are one card.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_application::ports::{Clock, NewNote, Notes};
use kari_domain::ids::RequestId;
use kari_domain::policy::{People, Requirement};
use kari_domain::request::Decision;

use crate::stage::{NORTH, Stage, buttons, slack_id, words};
use crate::town::{account, set, user};

const SOUTH: &str = "C0SOUTH";

fn ask(stage: &Stage, count: usize) -> Vec<RequestId> {
    let accounts: Vec<_> = (0..count).map(|number| account("north", number)).collect();
    stage.town.ask("ann", &accounts, &set(0))
}

#[test]
fn a_batch_is_one_message_that_follows_each_of_its_requests() {
    let stage = Stage::with_channel();
    let accounts: Vec<_> = (0..50).map(|number| account("north", number)).collect();
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    let there = stage.there(NORTH);
    assert_eq!(there.len(), 1);
    assert_eq!(
        (there[0].edits, buttons(&there[0])),
        (0, ["approve", "deny", "choose", "details"].map(str::to_owned).to_vec())
    );
    for number in 0..50 {
        assert!(words(&there[0]).contains(&format!("north-{number} (")), "{number}");
    }
    stage.review("lee", ids[7], Decision::Deny);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    assert_eq!(words(&card).matches(": denied\n").count(), 1);
    assert_eq!(words(&card).matches("Denied by lee.").count(), 1);
    assert_eq!(buttons(&card).len(), 4, "the rest still waits");
    for id in &ids {
        if *id != ids[7] {
            stage.review("lee", *id, Decision::Deny);
        }
    }
    stage.settle();
    let there = stage.there(NORTH);
    assert_eq!((there.len(), buttons(&there[0])), (1, vec!["details".to_owned()]));
    assert_eq!(words(&there[0]).matches("root / north · Denied by lee.").count(), 50);
}

#[test]
fn each_line_says_where_the_account_is_and_how_far_it_is_approved() {
    let stage = Stage::with_channel();
    stage.north(|policy| {
        let users = ["lee", "sam"].map(user).into();
        policy.requirements =
            vec![Requirement { reviewers: People { users, ..People::default() }, quorum: 2 }];
    });
    let ids = ask(&stage, 3);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    assert_eq!(words(&card).matches("root / north · north: 0 of 2").count(), 3, "{}", words(&card));
    stage.review("lee", ids[1], Decision::Approve);
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    assert_eq!(words(&card).matches("north: 1 of 2 – lee").count(), 1, "{}", words(&card));
    assert_eq!(words(&card).matches("north: 0 of 2").count(), 2);
    stage.review("sam", ids[1], Decision::Approve);
    stage.settle();
    let card = words(&stage.there(NORTH)[0]);
    assert_eq!(card.matches(" of 2").count(), 2, "what is approved needs nobody");
    assert_eq!(card.matches("root / north · Approved by lee, sam.").count(), 1, "{card}");
    stage.drive(ids[1]);
    stage.settle();
    let card = words(&stage.there(NORTH)[0]);
    assert_eq!(card.matches("root / north · Active until ").count(), 1, "{card}");
    assert_eq!(card.matches("Approved by lee, sam.").count(), 1, "{card}");
}

#[test]
fn everybody_on_the_notify_lists_of_what_still_waits_is_mentioned_once() {
    let stage = Stage::with_channel();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.south(|policy| {
        policy.slack_channel = Some(NORTH.parse().unwrap());
        policy.notify = People { users: ["cat", "tom"].map(user).into(), ..People::default() };
    });
    let accounts = [account("north", 0), account("north", 1), account("south", 0)];
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    let mentioned = || {
        let card = words(&stage.there(NORTH)[0]);
        ["cat", "tom"].map(|who| card.matches(&slack_id(who)).count())
    };
    assert_eq!(mentioned(), [1, 1]);
    stage.review("sam", ids[2], Decision::Approve);
    stage.settle();
    assert_eq!(mentioned(), [1, 0], "nobody waits for tom any more");
}

#[test]
fn the_card_of_a_batch_mentions_in_each_channel_those_who_are_told_there() {
    let stage = Stage::with_channel();
    stage.workspace().channel(SOUTH);
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    stage.south(|policy| {
        policy.slack_channel = Some(SOUTH.parse().unwrap());
        policy.notify = People { users: [user("tom")].into(), ..People::default() };
    });
    stage.town.ask("ann", &[account("north", 0), account("south", 0)], &set(0));
    stage.settle();
    let mentioned = [NORTH, SOUTH].map(|channel| {
        let card = words(&stage.there(channel)[0]);
        ["cat", "tom"].map(|who| card.contains(&slack_id(who)))
    });
    assert_eq!(mentioned, [[true, false], [false, true]]);
}

/// Two accounts of the north, which has a channel, and one of the south, which has none.
fn ask_of_two_units(stage: &Stage) -> Vec<RequestId> {
    let accounts = [account("north", 0), account("north", 1), account("south", 0)];
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    ids
}

#[test]
fn each_place_shows_of_a_batch_what_is_asked_there_and_nothing_of_the_rest() {
    let stage = Stage::with_channel();
    let ids = ask_of_two_units(&stage);
    let links = |card: &str| ids.iter().map(|id| card.contains(&id.to_string())).collect::<Vec<_>>();
    let (north, sams) = (stage.there(NORTH).remove(0), stage.told("sam").remove(0));
    assert_eq!(buttons(&north), ["approve", "deny", "choose", "details"]);
    assert_eq!(buttons(&sams), ["approve", "deny", "details"]);
    assert_eq!(words(&north).matches("north-").count(), 2, "{}", words(&north));
    assert!(!words(&north).contains("south") && !words(&sams).contains("north"), "{}", words(&sams));
    assert_eq!(links(&words(&sams)), [false, false, true]);
    assert!(!links(&words(&north))[2]);

    stage.review("lee", ids[1], Decision::Deny);
    stage.review("sam", ids[2], Decision::Approve);
    stage.settle();
    let (north, sams) = (stage.there(NORTH).remove(0), stage.told("sam").remove(0));
    assert_eq!((words(&north).matches(": denied").count(), buttons(&north).len()), (1, 4));
    assert!(words(&sams).contains("Approved by sam.") && !words(&sams).contains("north"), "{}", words(&sams));
    assert!(!words(&north).contains("south"), "{}", words(&north));
}

#[test]
fn one_press_approves_nothing_of_a_batch_but_what_waits_in_that_place() {
    let stage = Stage::with_channel();
    let accounts = [account("south", 0), account("north", 0), account("north", 1)];
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    let approves = || {
        let north = stage.there(NORTH).remove(0).blocks;
        let buttons = north.as_array().unwrap().iter().find(|block| block["type"] == "actions").unwrap();
        let (_, named) = buttons["elements"][0]["value"].as_str().unwrap().split_once('/').unwrap();
        named.split(',').map(|id| id.parse().unwrap()).map(RequestId).collect::<BTreeSet<_>>()
    };
    assert_eq!(approves(), [ids[1], ids[2]].into());
    stage.review("lee", ids[1], Decision::Deny);
    stage.settle();
    assert_eq!(approves(), [ids[2]].into());
}

#[test]
fn reviewers_are_reminded_of_what_is_asked_of_them() {
    let stage = Stage::with_channel();
    ask_of_two_units(&stage);
    stage.remind_before_lapse();
    let (norths, sams) = (words(&stage.there(NORTH)[1]), words(&stage.told("sam")[1]));
    assert!(norths.contains("2 requests lapse soon"), "{norths}");
    assert!(sams.contains("A request lapses soon") && sams.contains("south-0"), "{sams}");
}

#[test]
fn a_request_of_a_batch_that_comes_to_be_asked_in_the_place_of_others_is_shown_there_too() {
    let stage = Stage::with_channel();
    ask_of_two_units(&stage);
    stage.south(|policy| policy.slack_channel = Some(NORTH.parse().unwrap()));
    stage.settle();
    stage.remind_before_lapse();
    let north = words(&stage.there(NORTH)[0]);
    assert!(north.contains("north-0") && north.contains("north-1") && north.contains("south-0"), "{north}");
    assert!(!words(&stage.told("sam")[0]).contains("north"), "and only there");
}

#[test]
fn reviewers_have_themselves_only_what_was_asked_of_them_in_a_channel_that_is_gone() {
    let stage = Stage::with_channel();
    stage.south(|policy| policy.slack_channel = Some(NORTH.parse().unwrap()));
    stage.workspace().channels.remove(NORTH);
    ask_of_two_units(&stage);
    let [lees, sams] = ["lee", "sam"].map(|who| words(&stage.told(who)[0]));
    assert!(lees.contains("north-0") && lees.contains("north-1") && !lees.contains("south"), "{lees}");
    assert!(sams.contains("south-0") && !sams.contains("north"), "{sams}");
}

#[test]
fn what_an_older_version_remembers_is_shown_wherever_its_card_stands() {
    let stage = Stage::with_channel();
    let ids = ask_of_two_units(&stage);
    let loaded = stage.town.run(kari_application::load_request(&stage.kari, ids[0])).unwrap();
    let group = format!("card/{}", loaded.state.asked().unwrap().submission.batch.unwrap());
    for note in stage.town.run(stage.notes.all(&group)).unwrap() {
        let mut body: serde_json::Value = serde_json::from_str(&note.body).unwrap();
        body.as_object_mut().unwrap().remove("places");
        let (body, until) = (body.to_string(), stage.town.clock.now() + TimeDelta::days(1));
        let old = NewNote { group: &group, key: &note.key, body: &body, until };
        stage.town.run(stage.notes.write(&old, note.revision)).unwrap().unwrap();
    }
    stage.review("sam", ids[2], Decision::Deny);
    stage.settle();
    let north = words(&stage.there(NORTH)[0]);
    assert!(north.contains("north-0") && north.contains("south-0"), "{north}");
}

#[test]
fn reviewers_are_reminded_of_a_batch_once_for_all_that_waits() {
    let stage = Stage::with_channel();
    stage.north(|policy| policy.notify = People { users: [user("cat")].into(), ..People::default() });
    let ids = ask(&stage, 20);
    stage.settle();
    let asked_at = stage.town.clock.now();
    stage.review("lee", ids[0], Decision::Deny);
    stage.settle();
    stage.town.clock.advance_to(asked_at + TimeDelta::minutes(7 * 60 + 5));
    for _ in 0..2 {
        assert_eq!((stage.remind(), stage.there(NORTH).len()), (0, 2));
        stage.wait(TimeDelta::minutes(1));
    }
    let reminder = words(&stage.there(NORTH)[1]);
    assert!(
        reminder.contains("19 requests lapse soon") && reminder.contains("set-0 on 19 accounts"),
        "{reminder}"
    );
    assert!(reminder.contains(&slack_id("cat")));
}

#[test]
fn one_record_of_a_batch_reads_all_of_it_and_the_others_see_that_they_are_covered() {
    let stage = Stage::with_channel();
    let ids = ask(&stage, 50);
    stage.notes.take();
    assert!(stage.relay() > 0, "the letters to ann wait for each other");
    let calls = stage.notes.take();
    // For each its own note, and a look at all of them; and what her letters need.
    assert!(calls < 50 * 8, "{calls}");
    stage.settle();
    for id in ids {
        stage.review("lee", id, Decision::Approve);
    }
    stage.settle();
    let card = stage.there(NORTH).remove(0);
    let approved = words(&card).matches("Approved by lee.").count();
    assert_eq!(approved, 50, "and the last state is shown all the same");
    assert_eq!(card.edits, 1, "much that is decided at once is one change");
}
