//! What is not taken from Slack, and who is told why.

use std::time::Duration;

use chrono::TimeDelta;
use kari_fake_slack::{Control, Person};

use super::sent::{SIGNING_SECRET, Sent};
use super::stage::{BOB, CHANNEL, SAMPLE, Stage, TEAM, button};
use crate::eventually::eventually;
use crate::support::client;

/// Another workspace.
const STRANGE: &str = "T0000000002";
/// Two people with one address. NB. A file may not give it twice; an identity store may, and to whoever compares
/// addresses a space at their end is none.
const TWINS: &str = r#"
[[user]]
name = "twin"
email = "twin@hinode.example"

[[user]]
name = "other-twin"
email = "twin@hinode.example "
"#;

#[test]
fn what_slack_did_not_sign_or_signed_long_ago_is_refused_by_the_program() {
    let stage = Stage::new();
    let fresh = stage.commanded(BOB, "");
    let signed = |secret: &str, minutes: i64| {
        let fields: Vec<_> = form_urlencoded::parse(fresh.body.as_bytes()).into_owned().collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Sent::signed(&fresh.path, &fields, secret, fresh.at + TimeDelta::minutes(minutes))
    };
    let altered = Sent { body: format!("{}&", fresh.body), ..signed(SIGNING_SECRET, 0) };
    let unsigned = client()
        .post(format!("{}{}", stage.origin, fresh.path))
        .header("content-type", "application/x-www-form-urlencoded")
        .send(&fresh.body);
    assert_eq!(unsigned.unwrap().status().as_u16(), 401);
    for sent in [signed("another", 0), signed(SIGNING_SECRET, -6), signed(SIGNING_SECRET, 6), altered] {
        assert_eq!(stage.deliver(&sent).0, 401);
    }
    let asked_about = |method| stage.fake.workspace().count(method);
    assert_eq!((asked_about("users.info"), asked_about("views.open")), (0, 0), "nobody was even asked about");
    assert_eq!(stage.deliver(&fresh), (200, String::new()));
}

#[test]
fn an_approver_who_left_the_group_meanwhile_is_told_alone() {
    let leads = r#"members = ["bob", "misaki", "hanako"]"#;
    assert!(SAMPLE.contains(leads));
    let mut stage = Stage::new();
    let id = stage.ask("alice");
    let card = stage.card();
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();
    stage.reorganize(&SAMPLE.replace(leads, r#"members = ["misaki", "hanako"]"#));
    stage.press_in(BOB, &card, &approve);
    stage.until_whispered(BOB, "You are not one of the people who decide about this, or not any more.");
    assert_eq!(stage.refused(), ["approve not-found"]);
    assert_eq!(stage.kinds(&id), ["requested"]);
}

#[test]
fn guests_strangers_and_whoever_is_not_one_enabled_user_are_told_why_and_do_nothing() {
    let stage = Stage::in_organization(&format!("{SAMPLE}{TWINS}"));
    let of = |email: &str| Person { email: email.to_owned(), ..Person::default() };
    let bob = || of("bob.fischer@hinode.example");
    let people = [
        ("U1GUEST", Person { guest: true, ..bob() }),
        ("U1ELSEWHERE", Person { team: Some(STRANGE.to_owned()), ..bob() }),
        ("U1BOT", Person { bot: true, ..bob() }),
        ("U1UNKNOWN", of("bob.fischer@elsewhere.example")),
        ("U1TWIN", of("twin@hinode.example")),
        ("U1DAICHI", of("daichi.watanabe@hinode.example")),
    ];
    let people = people.map(|(id, person)| (id.to_owned(), person)).into();
    stage.fake.workspace().apply(Control { people, ..Control::default() });
    let id = stage.ask("alice");
    let card = stage.card();
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();
    let mut everybody = vec![];
    for (who, team, words) in [
        ("U1GUEST", TEAM, "Guests of the workspace cannot use Kari."),
        ("U1ELSEWHERE", TEAM, "Kari does not take commands from this workspace."),
        (BOB, STRANGE, "Kari does not take commands from this workspace."),
        ("U1BOT", TEAM, "Only people can use Kari."),
        ("U1UNKNOWN", TEAM, "No user of the identity store has the e-mail address"),
        ("U1TWIN", TEAM, "More than one user of the identity store has the e-mail address"),
        ("U1DAICHI", TEAM, "Your user is disabled in the identity store."),
    ] {
        let mut press = stage.pressed(who, &card, &approve);
        press["team"]["id"] = team.into();
        assert_eq!(stage.interact(&press), (200, String::new()));
        everybody.push((who, words));
    }
    for (who, words) in everybody {
        stage.until_whispered(who, words);
    }
    // Before they were told.
    let mut refused = stage.refused();
    refused.sort();
    let codes =
        ["ambiguous", "disabled", "foreign-workspace", "foreign-workspace", "guest", "nobody", "unknown"];
    assert_eq!(refused, codes.map(|code| format!("approve {code}")));
    assert_eq!(stage.kinds(&id), ["requested"]);
    assert!(button(&stage.there(CHANNEL), "approve").is_some(), "it still waits");
}

#[test]
fn a_trigger_that_is_too_old_or_was_used_opens_nothing_and_whoever_did_it_is_told() {
    let too_late = "Slack did not answer in time. Try again.";
    let stage = Stage::new();
    let last =
        || stage.fake.workspace().calls.iter().rfind(|it| it.method == "views.open").unwrap().answer.clone();
    let command = stage.commanded(BOB, "");
    assert_eq!(stage.deliver(&command), (200, String::new()));
    let (status, answer) = stage.deliver(&command);
    assert!(status == 200 && answer.contains(too_late), "{status} {answer}");
    assert_eq!(last(), "exchanged_trigger_id");

    stage.ask("alice");
    let card = stage.card();
    stage.fake.workspace().trigger = Duration::ZERO;
    let (status, answer) = stage.command(BOB, "");
    assert!(status == 200 && answer.contains(too_late), "{status} {answer}");
    stage.press_in(BOB, &card, &button(std::slice::from_ref(&card), "deny").unwrap());
    eventually("whoever pressed it is told", || stage.whispered(BOB) == [too_late]);
    assert_eq!(last(), "expired_trigger_id");
}
