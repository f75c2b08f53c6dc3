use chrono::TimeDelta;
use kari_application::ports::{Clock, Notification, NotificationKind, Notifier};
use kari_domain::audit::StreamId;
use kari_domain::request::Decision;
use kari_fake_slack::{Control, Person};

use crate::stage::{AUDIT, Stage, buttons, events_in, slack_id, words};
use crate::town::{account, set, user};

/// The first line of each message to somebody.
fn titles(stage: &Stage, who: &str) -> Vec<String> {
    let first = |text: &String| text.split_inclusive('.').next().unwrap().to_owned();
    stage.told(who).iter().map(|posted| first(&posted.text)).collect()
}

#[test]
fn a_requester_hears_of_each_step_of_their_own_request() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.review("lee", id, Decision::Approve);
    stage.settle();
    stage.town.clock.advance_by(TimeDelta::seconds(5));
    stage.drive(id);
    stage.settle();
    stage.town.clock.advance_by(TimeDelta::minutes(16));
    stage.drive(id);
    stage.settle();
    stage.town.clock.advance_by(TimeDelta::minutes(16));
    stage.drive(id);
    stage.settle();
    assert_eq!(titles(&stage, "ann").len(), 4, "that it ended is told once it was seen gone twice");
    stage.town.clock.advance_by(TimeDelta::minutes(3));
    stage.drive(id);
    stage.settle();
    let expected = [
        "Your request was received.",
        "Your request was approved.",
        "Your access is ready.",
        "Your access ends soon.",
        "Your access expired.",
    ];
    assert_eq!(titles(&stage, "ann"), expected);
    let told = stage.told("ann");
    assert!(words(&told[2]).contains("https://d-1.awsapps.com/start/#/console?account_id=100000000000"));
    assert_eq!(buttons(&told[3]), ["end", "ask-again", "details"]);
    for others in ["ben", "cat", "sam", "tom"] {
        assert!(stage.told(others).is_empty(), "{others}");
    }
}

#[test]
fn a_few_messages_go_out_one_after_the_other_each_with_its_own_buttons() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    stage.settle();
    stage.review("lee", id, Decision::Approve);
    stage.drive(id);
    stage.settle();
    let told = stage.told("ann");
    assert_eq!(told.len(), 3, "received, approved, active");
    assert_eq!(buttons(&told[2]), ["details-1", "details"]);
}

#[test]
fn many_messages_that_come_while_a_conversation_rests_go_out_as_one() {
    let stage = Stage::with_channel();
    let accounts: Vec<_> = (0..30).map(|number| account("north", number)).collect();
    stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    let told = stage.told("ann");
    assert_eq!(told.len(), 2, "the first, and the rest together");
    assert_eq!(told[1].text, "29 messages at once");
    let links = words(&told[1]).matches("https://kari.example/requests/").count();
    assert_eq!(links, 29, "each line leads to its request");
}

#[test]
fn a_batch_that_becomes_active_is_told_with_the_console_of_each_account() {
    let stage = Stage::with_channel();
    let accounts: Vec<_> = (0..10).map(|number| account("north", number)).collect();
    let ids = stage.town.ask("ann", &accounts, &set(0));
    for id in &ids {
        stage.review("lee", *id, Decision::Approve);
    }
    stage.settle();
    stage.drive_all(&ids);
    stage.wait(TimeDelta::seconds(2));
    let before = stage.told("ann").len();
    stage.settle();
    let told = stage.told("ann").split_off(before);
    assert_eq!(told.len(), 2, "the first, and the rest together");
    assert_eq!(told[1].text, "Access is ready: 9 grants.");
    let said: String = told.iter().map(words).collect();
    for account in accounts {
        let console = format!("https://d-1.awsapps.com/start/#/console?account_id={account}&role_name=");
        assert_eq!(said.matches(&console).count(), 1, "{account}");
    }
}

#[test]
fn a_thousand_events_in_a_minute_are_a_few_messages_in_the_audit_channel() {
    let stage = Stage::new();
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    stage.settle();
    stage.workspace().apply(Control { forget: true, ..Control::default() });
    for number in 0..5 {
        for half in 0..2 {
            let accounts: Vec<_> = (0..50).map(|n| account("sandbox", half * 50 + n)).collect();
            stage.town.ask("ann", &accounts, &set(number));
        }
    }
    let began = stage.town.clock.now();
    stage.settle();
    assert!(stage.town.clock.now() - began <= TimeDelta::minutes(4));
    let there = stage.there(AUDIT);
    assert!(there.len() <= 20, "{}", there.len());
    let told: Vec<_> = there.iter().map(events_in).collect();
    let listed: usize = told.iter().map(|(listed, _)| listed).sum();
    let counted: usize = told.iter().map(|(_, counted)| counted).sum();
    assert_eq!(listed + counted, 1_000, "each event once: asked for, and passed by policy");
    assert!((200..=350).contains(&listed), "{listed}: what is more than some hundreds is counted");
}

#[test]
fn of_some_hundreds_of_events_each_has_its_line_in_the_audit_channel() {
    let stage = Stage::new();
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    stage.settle();
    stage.workspace().apply(Control { forget: true, ..Control::default() });
    for half in 0..2 {
        let accounts: Vec<_> = (0..50).map(|n| account("sandbox", half * 50 + n)).collect();
        stage.town.ask("ann", &accounts, &set(0));
    }
    stage.settle();
    let there = stage.there(AUDIT);
    let told: Vec<_> = there.iter().map(events_in).collect();
    assert_eq!(told.iter().map(|(listed, _)| listed).sum::<usize>(), 200, "{told:?}");
    assert!(told.iter().all(|(_, counted)| *counted == 0), "{told:?}");
    let said: String = there.iter().map(words).collect();
    for number in 0..100 {
        assert_eq!(said.matches(&format!("set-0 on sandbox-{number} (")).count(), 2, "{number}");
    }
}

#[test]
fn of_a_removal_that_is_blocked_the_requester_is_told_in_words_of_their_own() {
    let stage = Stage::with_channel();
    let id = stage.town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    stage.settle();
    let blocked = Notification {
        kind: NotificationKind::RemovalBlocked,
        recipients: ["ann", "tom"].map(user).to_vec(),
        stream: StreamId::request(id),
        sequence: 9,
        request: Some(id),
        at: stage.town.clock.now(),
    };
    stage.wait(TimeDelta::seconds(2));
    stage.block_on(stage.board.deliver(&blocked)).unwrap();
    let last = |who| stage.told(who).pop().unwrap().text;
    assert!(
        last("ann").starts_with("Your access cannot be taken away for now; administrators have been told.")
    );
    assert!(last("tom").starts_with("The removal of an access is blocked."));
}

#[test]
fn each_event_is_one_line_in_the_audit_channel() {
    let stage = Stage::new();
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    stage.settle();
    let before = stage.there(AUDIT).len();
    stage.town.ask("ann", &[account("north", 0)], &set(3));
    stage.settle();
    let there = stage.there(AUDIT);
    assert_eq!(there.len(), before + 1);
    assert!(
        there[before].text.starts_with("ann asked for access: set-3 on north-0"),
        "{}",
        there[before].text
    );
}

type Change = fn(&mut Person);

#[test]
fn nobody_is_told_who_is_not_one_of_us_for_certain() {
    let strangers: [(&str, Change); 4] = [
        ("a guest", |person| person.guest = true),
        ("a bot", |person| person.bot = true),
        ("somebody gone", |person| person.deleted = true),
        ("somebody of another address", |person| person.email = "ann@example.org".to_owned()),
    ];
    for (who, change) in strangers {
        let stage = Stage::with_channel();
        change(stage.workspace().people.get_mut(&slack_id("ann")).unwrap());
        stage.town.ask("ann", &[account("north", 0)], &set(0));
        stage.settle();
        assert!(stage.told("ann").is_empty(), "{who}");
    }
}

#[test]
fn an_address_of_two_people_is_nobodys() {
    let stage = Stage::with_channel();
    let mut snapshot = (*stage.town.run(stage.kari.read_model.load()).unwrap()).clone();
    let ben = snapshot.users.values_mut().find(|user| user.user_name == "ben").unwrap();
    ben.email = Some("ANN@example.com".to_owned());
    stage.town.run(stage.kari.read_model.save(snapshot)).unwrap();
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert!(stage.told("ann").is_empty());
    assert_eq!(stage.workspace().count("users.lookupByEmail"), 0);
}

#[test]
fn whoever_is_not_the_only_one_with_an_address_any_more_is_written_to_no_more() {
    let stage = Stage::with_channel();
    let asks = |number: usize| {
        stage.town.ask("ann", &[account("north", number)], &set(0));
        stage.settle();
        stage.told("ann").len()
    };
    let ben_has = |email: &str| {
        let mut snapshot = (*stage.town.run(stage.kari.read_model.load()).unwrap()).clone();
        snapshot.users.get_mut(&user("ben")).unwrap().email = Some(email.to_owned());
        stage.town.run(stage.kari.read_model.save(snapshot)).unwrap();
    };
    assert_eq!(asks(0), 1);
    ben_has("ANN@example.com");
    assert_eq!(asks(1), 1, "though it was found whose it is a moment ago");
    ben_has("ben@example.com");
    assert_eq!(asks(2), 2);
    assert_eq!(stage.workspace().count("users.lookupByEmail"), 1, "what Slack said is remembered");
}

#[test]
fn slack_that_is_off_is_not_called() {
    let stage = Stage::with_channel();
    stage.set(|settings| settings.channels.slack = false);
    stage.town.ask("ann", &[account("north", 0)], &set(0));
    stage.settle();
    assert!(stage.workspace().calls.is_empty());
    assert_eq!(stage.remind(), 0);
}
