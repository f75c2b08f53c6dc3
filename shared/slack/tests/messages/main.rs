//! Every message of every kind in both languages, as JSON: what is here was looked at. All of it is held against
//! Slack's limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod portal_only;
mod remarks;
mod sample;

use std::collections::BTreeMap;

use kari_application::ports::{News, NotificationKind, Shown};
use kari_domain::audit::{Actor, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId, Target, Tuple};
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_slack::api::SlackUserId;
use kari_slack::messages::{
    Card, Letter, Line, Member, Message, Progress, Ready, among_others, audit_line, card, digest, fitting,
    kept_elsewhere, letter, member, ready, ready_digest,
};
use kari_texts::{LetterKind, Links, Names};
use sample::{
    Life, UNKIND, active_of_batch, after, lives, long_winded, minute, of_batch, set, snapshot, user,
};
use serde_json::{Value, json};
use uuid::Uuid;

const PORTAL: &str = "https://kari.example";
const LANGUAGES: [(Language, &str); 2] = [(Language::En, "en"), (Language::Ja, "ja")];

/// A message as JSON, which Slack would take.
fn legal(message: &Message) -> Value {
    let value = serde_json::to_value(message).unwrap();
    assert_eq!(kari_fake_slack::complaint(&value["blocks"]), None, "{value:#}");
    let said = value.to_string();
    assert!(!said.contains("mrkdwn"), "nothing is parsed: {said}");
    for markup in ["<!", "<@", "<http"] {
        assert!(!value["text"].as_str().unwrap().contains(markup), "{said}");
    }
    value
}

fn rendered(request: &AccessRequest, language: Language) -> Value {
    let snapshot = snapshot();
    let met_by = request.asked().unwrap().reviews.iter().map(|review| review.label.clone()).collect();
    let progress =
        vec![Progress { policy: "Leads & <friends>".to_owned(), quorum: 2, portal_only: false, met_by }];
    let mentioned = vec![SlackUserId("U0BOB".to_owned()), SlackUserId("U0CAROL".to_owned())];
    let names = Names(&snapshot);
    legal(
        &card(&Card { request, batch: vec![], progress, mentioned, names, language, portal: PORTAL })
            .unwrap(),
    )
}

fn of_batch_rendered(members: &[AccessRequest], language: Language) -> Value {
    let snapshot = snapshot();
    let names = Names(&snapshot);
    let batch: Vec<Member> = members.iter().map(|request| remembered(request, names)).collect();
    let request = &members[0];
    let mentioned = vec![SlackUserId("U0BOB".to_owned()), SlackUserId("U0CAROL".to_owned())];
    let card = card(&Card { request, batch, progress: vec![], mentioned, names, language, portal: PORTAL });
    legal(&card.unwrap())
}

/// A request of a batch, of which Bob approved what still waits.
fn remembered(request: &AccessRequest, names: Names<'_>) -> Member {
    let policy = "Leads & <friends>".to_owned();
    let progress = Progress { policy, quorum: 2, portal_only: false, met_by: vec!["Bob".to_owned()] };
    let waits = matches!(request, AccessRequest::Pending(_));
    member(request, 1, names, if waits { vec![progress] } else { vec![] }, BTreeMap::new(), None).unwrap()
}

fn every_step(life: &Life, language: Language) -> Vec<Value> {
    let step = |events: usize| json!({"after": life[events - 1].1.name(), "card": rendered(&after(life, events), language)});
    (1..=life.len()).map(step).collect()
}

#[test]
fn a_card_says_what_was_recorded_after_each_event_of_each_life() {
    for (name, life) in lives() {
        for (language, tongue) in LANGUAGES {
            insta::assert_json_snapshot!(format!("card-{name}-{tongue}"), every_step(&life, language));
        }
    }
}

fn actions(message: &Value) -> Vec<String> {
    let blocks = message["blocks"].as_array().unwrap().iter();
    let elements =
        blocks.filter(|block| block["type"] == "actions").flat_map(|b| b["elements"].as_array().unwrap());
    elements.map(|element| element["action_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_card_has_buttons_only_while_it_waits_and_what_they_carry_is_an_opaque_id() {
    for (name, life) in lives() {
        for events in 1..=life.len() {
            let request = after(&life, events);
            let card = rendered(&request, Language::En);
            let waits = matches!(request, AccessRequest::Pending(_));
            let expected: &[&str] = if waits { &["approve", "deny", "details"] } else { &["details"] };
            assert_eq!(actions(&card), expected, "{name} after {events}");
            let card = card.to_string();
            assert_eq!(card.contains(&format!("\"value\":\"{}\"", request.id().unwrap())), waits);
            assert_eq!(card.contains("U0BOB"), waits, "who is told is told once it waits, no longer");
        }
    }
}

#[test]
fn what_people_wrote_stands_there_as_they_wrote_it_and_means_nothing() {
    let card = rendered(&after(&lives()[0].1, 1), Language::En);
    let quoted = &card["blocks"][2]["elements"][1];
    assert_eq!(quoted, &json!({"type": "rich_text_quote", "elements": [{"type": "text", "text": UNKIND}]}));
    assert_eq!(card["blocks"][0]["text"]["emoji"], false);
}

#[test]
fn the_longest_reason_fits_whatever_it_is_written_in() {
    for character in ["a", "障", "🙂", "<", "&"] {
        for (language, _) in LANGUAGES {
            let card = rendered(&long_winded(character), language);
            let quoted = card["blocks"][2]["elements"][1]["elements"][0]["text"].as_str().unwrap();
            assert_eq!(quoted, character.repeat(1_000));
        }
    }
}

#[test]
fn a_batch_is_one_card_with_one_line_for_each_account() {
    let members: Vec<_> = (1..=3).map(|n: u128| of_batch(n, &format!("{n:012}"))).collect();
    for (language, tongue) in LANGUAGES {
        insta::assert_json_snapshot!(format!("batch-{tongue}"), of_batch_rendered(&members, language));
    }
    let card = of_batch_rendered(&members, Language::En);
    assert_eq!(actions(&card), ["approve", "deny", "choose", "details"]);
    assert!(card.to_string().contains(&format!("\"value\":\"{}\"", Uuid::from_u128(900))));
}

#[test]
fn a_batch_of_fifty_names_each_of_its_accounts() {
    let members: Vec<_> = (1..=50).map(|n: u128| of_batch(n, &format!("{n:012}"))).collect();
    for (language, tongue) in LANGUAGES {
        insta::assert_json_snapshot!(format!("batch-of-50-{tongue}"), of_batch_rendered(&members, language));
    }
}

#[test]
fn a_batch_of_a_hundred_fits_and_its_buttons_stay_while_any_of_it_waits() {
    let mut members: Vec<_> = (1..=100).map(|n: u128| of_batch(n, &format!("{n:012}"))).collect();
    let card = of_batch_rendered(&members, Language::Ja);
    assert!(card.to_string().contains("ほか50件"));
    let decided = after(&lives()[2].1, 3);
    members.iter_mut().skip(1).for_each(|member| *member = decided.clone());
    assert_eq!(actions(&of_batch_rendered(&members, Language::En)).len(), 4);
    members[0] = decided;
    assert_eq!(actions(&of_batch_rendered(&members, Language::En)), ["details"]);
}

/// How long the texts of a block are, together.
fn length(block: &Value) -> usize {
    match block {
        Value::Array(values) => values.iter().map(length).sum(),
        Value::Object(fields) => {
            let text = fields.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
            text + fields.values().map(length).sum::<usize>()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[test]
fn of_a_batch_with_the_longest_names_what_fits_is_shown_and_the_rest_is_summed_up() {
    let snapshot = snapshot();
    let long = |request: &AccessRequest| {
        let mut member = remembered(request, Names(&snapshot));
        member.account = "障".repeat(60);
        member.path = "部門 / ".repeat(200);
        member.progress = vec![member.progress[0].clone(); 20];
        member
    };
    let members: Vec<_> = (1..=50).map(|n: u128| of_batch(n, &format!("{n:012}"))).collect();
    for (language, before, after) in [(Language::En, "and ", " more"), (Language::Ja, "ほか", "件")] {
        let card = card(&Card {
            request: &members[0],
            batch: members.iter().map(long).collect(),
            progress: vec![],
            mentioned: vec![],
            names: Names(&snapshot),
            language,
            portal: PORTAL,
        });
        let card = legal(&card.unwrap());
        let blocks = card["blocks"].as_array().unwrap();
        assert!(blocks.iter().all(|block| length(block) <= 3_000));
        assert!(length(&card["blocks"]) <= 13_000, "{}", length(&card["blocks"]));
        let named = card.to_string().matches("🟡 障").count();
        let rest = 50 - named;
        assert!((20..50).contains(&named), "{named}");
        let more = format!("{before}{rest}{after} (🟡 {rest}) ");
        assert!(card.to_string().contains(&more), "{more}: {}", blocks[blocks.len() - 2]);
        assert_eq!(blocks[blocks.len() - 2].to_string().matches("https://kari.example/requests/").count(), 1);
    }
}

#[test]
fn a_reminder_of_a_batch_is_one_message_for_all_that_waits() {
    let (snapshot, links) = (snapshot(), Links { portal: PORTAL.to_owned(), access_portal: None });
    let request = of_batch(1, "000000000001");
    let mentioned = [SlackUserId("U0BOB".to_owned())];
    for (language, tongue) in LANGUAGES {
        let message = letter(&Letter {
            kind: LetterKind::Remind,
            request: Some(&request),
            of_batch: 50,
            mentioned: &mentioned,
            names: Names(&snapshot),
            language,
            links: &links,
        });
        insta::assert_json_snapshot!(format!("remind-batch-{tongue}"), legal(&message));
    }
}

const KINDS: [NotificationKind; 17] = [
    NotificationKind::ReviewWanted,
    NotificationKind::Approved,
    NotificationKind::Denied,
    NotificationKind::Withdrawn,
    NotificationKind::Lapsed,
    NotificationKind::Active,
    NotificationKind::ExpiringSoon,
    NotificationKind::Failed,
    NotificationKind::Expired,
    NotificationKind::Revoked,
    NotificationKind::RemovalOverdue,
    NotificationKind::RemovalBlocked,
    NotificationKind::PoliciesChanged,
    NotificationKind::PolicyNeedsAttention,
    NotificationKind::DirectoryTooOld,
    NotificationKind::DriftFound,
    NotificationKind::RecordsUnreadable,
];

/// The life, and after how many of its events somebody hears of it; `None` where it is about no request.
fn occasion(kind: LetterKind) -> Option<(&'static str, usize)> {
    let LetterKind::Told(kind) = kind else { return Some(("expired", 1)) };
    Some(match kind {
        NotificationKind::ReviewWanted => ("expired", 1),
        NotificationKind::Approved => ("waits-for-its-start", 4),
        NotificationKind::Denied => ("denied", 3),
        NotificationKind::Withdrawn => ("withdrawn", 2),
        NotificationKind::Lapsed => ("lapsed", 2),
        NotificationKind::Active => ("expired", 6),
        NotificationKind::ExpiringSoon => ("expired", 7),
        NotificationKind::Failed => ("failed", 7),
        NotificationKind::Expired => ("expired", 11),
        NotificationKind::Revoked => ("ended-early", 9),
        NotificationKind::RemovalOverdue => ("expired", 10),
        NotificationKind::RemovalBlocked => ("expired", 9),
        NotificationKind::PoliciesChanged
        | NotificationKind::PolicyNeedsAttention
        | NotificationKind::DirectoryTooOld
        | NotificationKind::DriftFound
        | NotificationKind::RecordsUnreadable => return None,
    })
}

fn links() -> Links {
    let access_portal = Some("https://d-1234567890.awsapps.com/start/".to_owned());
    Links { portal: PORTAL.to_owned(), access_portal }
}

fn written(kind: LetterKind, language: Language) -> Value {
    let (snapshot, lives) = (snapshot(), lives().into_iter().collect::<BTreeMap<_, _>>());
    let request = occasion(kind).map(|(life, events)| after(&lives[life], events));
    let links = links();
    let message = letter(&Letter {
        kind,
        request: request.as_ref(),
        of_batch: 1,
        mentioned: &[],
        names: Names(&snapshot),
        language,
        links: &links,
    });
    legal(&message)
}

#[test]
fn each_kind_of_letter_is_one_message() {
    let kinds: Vec<_> =
        [LetterKind::Received, LetterKind::Remind].into_iter().chain(KINDS.map(LetterKind::Told)).collect();
    for (language, tongue) in LANGUAGES {
        let letters: BTreeMap<_, _> = kinds
            .iter()
            .map(|kind| (serde_json::to_value(kind).unwrap().to_string(), written(*kind, language)))
            .collect();
        let texts: std::collections::BTreeSet<_> =
            letters.values().map(|letter| letter["text"].to_string()).collect();
        assert_eq!(texts.len(), kinds.len(), "one kind, one message");
        insta::assert_json_snapshot!(format!("letters-{tongue}"), letters);
    }
}

#[test]
fn an_access_that_is_ready_comes_with_its_console_and_one_that_ends_with_a_way_to_end_it() {
    let ready = written(LetterKind::Told(NotificationKind::Active), Language::En).to_string();
    let console = "https://d-1234567890.awsapps.com/start/#/console?account_id=111122223333&role_name=AdministratorAccess";
    assert!(ready.contains(console), "{ready}");
    assert!(ready.contains("export AWS_PROFILE=payments--prod--AdministratorAccess"), "{ready}");
    let ending = written(LetterKind::Told(NotificationKind::ExpiringSoon), Language::En);
    assert_eq!(actions(&ending), ["end", "ask-again", "details"]);
}

fn news(life: &Life, number: usize) -> News {
    let (at, event) = &life[number - 1];
    let actor = if number == 1 {
        Actor::User { id: user("alice"), label: "Alice".to_owned() }
    } else {
        Actor::System { reason: SystemReason::Clock }
    };
    let stamp = Stamp { append: AppendId(Uuid::nil()), at: minute(*at), actor, cause: Cause::Api };
    let stream = StreamId::request(RequestId(Uuid::from_u128(1)));
    let (sealed, _) = seal(&stream, &Head::empty(), std::slice::from_ref(event), &stamp).unwrap();
    let envelope = serde_json::from_str(&sealed[0].bytes).unwrap();
    let shown = Shown { state: after(life, number), version: number as u64 };
    News { envelope, request: Some(shown), told: vec![] }
}

#[test]
fn each_event_is_one_line_for_auditors() {
    let snapshot = snapshot();
    for (language, tongue) in LANGUAGES {
        let mut lines = BTreeMap::new();
        for (name, life) in lives() {
            for number in 1..=life.len() {
                let news = news(&life, number);
                let (line, message) = audit_line(&news, Names(&snapshot), language, PORTAL);
                assert!(!line.text.contains('\n'));
                legal(&message);
                lines.insert(format!("{name} {number} {}", news.envelope.kind), line.text);
            }
        }
        let mut other = news(&lives()[0].1, 1);
        other.request = None;
        other.envelope.stream = StreamId::policies();
        other.envelope.kind = "settings-changed".to_owned();
        let (line, message) = audit_line(&other, Names(&snapshot), language, PORTAL);
        lines.insert("of another stream".to_owned(), line.text);
        let target = Target { account: "111122223333".parse().unwrap(), permission_set: set() };
        other.envelope.stream = StreamId::ledger(&Tuple { principal: user("alice"), target });
        other.envelope.kind = "creation-accepted".to_owned();
        let (line, _) = audit_line(&other, Names(&snapshot), language, PORTAL);
        lines.insert("of an assignment".to_owned(), line.text);
        insta::assert_json_snapshot!(
            format!("audit-{tongue}"),
            json!({"lines": lines, "message": legal(&message)})
        );
    }
}

#[test]
fn instead_of_a_card_that_is_shown_elsewhere_nothing_of_it_is_said() {
    for (language, tongue) in LANGUAGES {
        let said = legal(&kept_elsewhere(language, PORTAL));
        insta::assert_json_snapshot!(format!("elsewhere-{tongue}"), said);
    }
}

#[test]
fn a_thousand_messages_are_one_digest_that_fits() {
    let lines: Vec<_> = (0..1_000).map(one_of_many).collect();
    for (language, tongue) in LANGUAGES {
        insta::assert_json_snapshot!(
            format!("digest-of-1000-{tongue}"),
            legal(&digest(&lines, 0, language, PORTAL))
        );
        insta::assert_json_snapshot!(
            format!("digest-{tongue}"),
            legal(&digest(&lines[..3], 0, language, PORTAL))
        );
    }
    let (named, message) = (fitting(&lines), digest(&lines, 0, Language::En, PORTAL));
    let said = serde_json::to_string(&message.blocks).unwrap();
    assert_eq!(message.text, "1000 messages at once");
    assert!(said.contains(&format!("and {} more", 1_000 - named)) && named > 30, "{named}");
    assert_eq!(said.matches("https://kari.example/requests/").count(), named);
}

/// One of many messages: every third with what was said to it, the second one about access that ends.
fn one_of_many(number: u128) -> Line {
    let link = format!("{PORTAL}/requests/{}", Uuid::from_u128(number));
    Line {
        text: format!("{number} {UNKIND}").replace('\n', " "),
        at: None,
        comment: (number % 3 == 0).then(|| "not *today*\n<!here>".to_owned()),
        again: (number == 1).then(|| format!("{PORTAL}/request?account=111122223333")),
        link: Some(link),
    }
}

#[test]
fn the_longest_lines_there_are_fit_with_all_that_belongs_to_them() {
    let long = Line {
        text: "障".repeat(700),
        at: Some(minute(0)),
        comment: Some("訃".repeat(1_000)),
        link: Some(format!("{PORTAL}/{}", "a".repeat(60))),
        again: Some(format!("{PORTAL}/{}", "b".repeat(200))),
    };
    let lines = vec![long; 100];
    for (language, _) in LANGUAGES {
        let message = legal(&digest(&lines, 200, language, PORTAL));
        let blocks = message["blocks"].as_array().unwrap();
        assert!(blocks.iter().all(|block| length(block) <= 3_000));
        assert!(message["blocks"].to_string().chars().count() <= 13_000);
        let named = message.to_string().matches("2026-03-02 09:00 UTC").count();
        assert_eq!(named, fitting(&lines));
        assert!(message.to_string().contains(&(300 - named).to_string()), "{named}");
    }
}

#[test]
fn among_others_a_letter_says_what_was_said_to_it_and_leads_to_its_request() {
    let (snapshot, links) = (snapshot(), links());
    let lives = lives().into_iter().collect::<BTreeMap<_, _>>();
    let line = |kind: NotificationKind| {
        let request = occasion(LetterKind::Told(kind)).map(|(life, events)| after(&lives[life], events));
        among_others(&Letter {
            kind: LetterKind::Told(kind),
            request: request.as_ref(),
            of_batch: 1,
            mentioned: &[],
            names: Names(&snapshot),
            language: Language::En,
            links: &links,
        })
    };
    let denied = line(NotificationKind::Denied);
    assert!(denied.text.starts_with("Your request was denied. AdministratorAccess on payments"));
    assert_eq!(denied.comment.as_deref(), Some("not today: `rm -rf` <!here>"));
    assert_eq!(denied.link, Some(format!("{PORTAL}/requests/{}", Uuid::from_u128(1))));
    let ending = line(NotificationKind::ExpiringSoon);
    assert_eq!((ending.comment, ending.link), (None, denied.link));
    assert!(ending.again.unwrap().starts_with("https://kari.example/request?account=111122223333&"));
    assert_eq!(line(NotificationKind::PoliciesChanged).link, None);
}

/// So many accesses of a batch that are ready.
fn ready_ones(count: u128, language: Language) -> Vec<Ready> {
    let (snapshot, links) = (snapshot(), links());
    let one = |number: u128| {
        let request = active_of_batch(number, &format!("{number:012}"));
        ready(&Letter {
            kind: LetterKind::Told(NotificationKind::Active),
            request: Some(&request),
            of_batch: 1,
            mentioned: &[],
            names: Names(&snapshot),
            language,
            links: &links,
        })
    };
    (1..=count).map(|number| one(number).unwrap()).collect()
}

#[test]
fn many_accesses_that_are_ready_are_one_message_with_the_console_of_each() {
    for (language, tongue) in LANGUAGES {
        for count in [5, 50] {
            let message = legal(&ready_digest(&ready_ones(count, language), &[], language, &links()));
            for number in 1..=count {
                let console =
                    format!("/start/#/console?account_id={number:012}&role_name=AdministratorAccess");
                assert!(message.to_string().contains(&console), "{console}");
            }
            insta::assert_json_snapshot!(format!("digest-of-{count}-ready-{tongue}"), message);
        }
    }
}

#[test]
fn of_more_accesses_than_fit_the_rest_is_counted_with_a_link_to_all_that_are_active() {
    let mut ready = ready_ones(200, Language::En);
    for one in &mut ready {
        one.what = "障".repeat(200);
    }
    let lines = vec![Line { text: "訃".repeat(110), ..Line::default() }; 100];
    for (language, before, after) in [(Language::En, "and ", " more "), (Language::Ja, "ほか", "件 ")] {
        for lines in [&lines[..0], &lines[..]] {
            let message = legal(&ready_digest(&ready, lines, language, &links()));
            let blocks = message["blocks"].as_array().unwrap();
            assert!(blocks.iter().all(|block| length(block) <= 3_000));
            assert!(message["blocks"].to_string().chars().count() <= 13_000);
            let said = message.to_string();
            let named = said.matches("/start/#/console?").count();
            assert!((20..200).contains(&named), "{named}");
            assert!(said.contains(&format!("{before}{}{after}", 200 - named)), "{said}");
            assert_eq!(said.matches("https://kari.example/active").count(), 1);
        }
    }
}

#[test]
fn what_came_together_with_access_that_is_ready_is_said_below() {
    let lines = [Line { text: UNKIND.replace('\n', " "), ..Line::default() }];
    let message = legal(&ready_digest(&ready_ones(1, Language::En), &lines, Language::En, &links()));
    let text = message["text"].as_str().unwrap();
    assert!(text.starts_with("Your access is ready.\n") && text.contains("INC-1: fix: step 2"), "{text}");
    let last = message["blocks"].as_array().unwrap().last().unwrap();
    assert!(last.to_string().contains("INC-1: fix: step 2"), "{last}");
}

#[test]
fn only_access_that_is_ready_and_has_a_console_is_listed_with_it() {
    let snapshot = snapshot();
    let request = active_of_batch(1, "000000000001");
    let leading = |portal: &str| Links { access_portal: Some(portal.to_owned()), ..links() };
    for (kind, links) in [
        (NotificationKind::Active, &Links { access_portal: None, ..links() }),
        (NotificationKind::Active, &leading("d-1234567890.awsapps.com/start")),
        (NotificationKind::Active, &leading("ftp://d-1234567890.awsapps.com/start")),
        (NotificationKind::ExpiringSoon, &links()),
    ] {
        let told = Letter {
            kind: LetterKind::Told(kind),
            request: Some(&request),
            of_batch: 1,
            mentioned: &[],
            names: Names(&snapshot),
            language: Language::En,
            links,
        };
        assert_eq!(ready(&told), None, "{kind:?}");
        assert!(!actions(&legal(&letter(&told))).contains(&"details-1".to_owned()), "{kind:?}");
    }
}
