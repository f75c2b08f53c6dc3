//! Several as one message: the requests of a batch on one card, and many messages that came together.

use std::collections::BTreeMap;

use kari_application::ports::NotificationKind;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_slack::api::SlackUserId;
use kari_slack::messages::{
    Card, Letter, Line, Member, Progress, Ready, among_others, card, digest, fitting, letter, member, ready,
    ready_digest,
};
use kari_texts::{LetterKind, Links, Names};
use serde_json::Value;
use uuid::Uuid;

use crate::sample::{UNKIND, active_of_batch, after, lives, minute, of_batch, snapshot};
use crate::{LANGUAGES, PORTAL, actions, legal, links, occasion};

/// The card of a batch of these requests.
pub(crate) fn of_batch_rendered(members: &[AccessRequest], language: Language) -> Value {
    let snapshot = snapshot();
    let names = Names(&snapshot);
    let batch: Vec<Member> = members.iter().map(|request| remembered(request, names)).collect();
    let request = &members[0];
    let mentioned = vec![SlackUserId("U0BOB".to_owned()), SlackUserId("U0CAROL".to_owned())];
    let card = card(&Card { request, batch, progress: vec![], mentioned, names, language, portal: PORTAL });
    legal(&card.unwrap())
}

/// A request of a batch, of which Bob approved what still waits.
pub(crate) fn remembered(request: &AccessRequest, names: Names<'_>) -> Member {
    let policy = "Leads & <friends>".to_owned();
    let progress = Progress { policy, quorum: 2, portal_only: false, met_by: vec!["Bob".to_owned()] };
    let waits = matches!(request, AccessRequest::Pending(_));
    member(request, 1, names, if waits { vec![progress] } else { vec![] }, BTreeMap::new(), None).unwrap()
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
    let named: Vec<_> = (1..=3).map(|n: u128| Uuid::from_u128(n).to_string()).collect();
    let approves = format!("\"value\":\"{}/{}\"", Uuid::from_u128(900), named.join(","));
    assert!(card.to_string().contains(&approves), "{card}");
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
pub(crate) fn length(block: &Value) -> usize {
    match block {
        Value::Array(values) => values.iter().map(length).sum(),
        Value::Object(fields) => {
            let text = fields.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
            text + fields.values().map(length).sum::<usize>()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The card of a batch of which this is remembered, however long it is: Slack takes it as one message.
pub(crate) fn within_one_message(request: &AccessRequest, batch: Vec<Member>, language: Language) -> String {
    let (snapshot, progress, mentioned) = (snapshot(), vec![], vec![]);
    let names = Names(&snapshot);
    let card = card(&Card { request, batch, progress, mentioned, names, language, portal: PORTAL });
    let card = legal(&card.unwrap());
    let blocks = card["blocks"].as_array().unwrap();
    assert!(blocks.iter().all(|block| length(block) <= 3_000));
    assert!(length(&card["blocks"]) <= 13_000, "{}", length(&card["blocks"]));
    card.to_string()
}

#[test]
fn of_a_batch_with_the_longest_names_each_account_is_named_and_what_fits_of_where_it_is() {
    let snapshot = snapshot();
    let long = |request: &AccessRequest| {
        let mut member = remembered(request, Names(&snapshot));
        member.account = "障".repeat(60);
        member.path = "部門 / ".repeat(200);
        member.progress = vec![member.progress[0].clone(); 20];
        member
    };
    let members: Vec<_> = (1..=50).map(|n: u128| of_batch(n, &format!("{n:012}"))).collect();
    for (language, _) in LANGUAGES {
        let lines = within_one_message(&members[0], members.iter().map(long).collect(), language);
        assert_eq!(lines.matches("🟡 障").count(), 50);
        assert!(lines.matches("Leads & <friends>").count() >= 50, "how far each has come: {lines}");
        assert!(!lines.contains(" more (") && !lines.contains("ほか"), "{lines}");
    }
}

#[test]
fn no_block_of_a_batch_is_too_long_however_long_its_lines_are() {
    let snapshot = snapshot();
    for length in 1..=60 {
        let named = |n: u128| {
            let mut member = remembered(&of_batch(n, &format!("{n:012}")), Names(&snapshot));
            (member.account, member.path, member.progress) = ("a".repeat(length), String::new(), vec![]);
            member
        };
        let card = card(&Card {
            request: &of_batch(1, "000000000001"),
            batch: (1..=50).map(named).collect(),
            progress: vec![],
            mentioned: vec![],
            names: Names(&snapshot),
            language: Language::En,
            portal: PORTAL,
        });
        let card = legal(&card.unwrap());
        let longest = card["blocks"].as_array().unwrap().iter().map(crate::many::length).max();
        assert!(longest <= Some(3_000), "{length}: {longest:?}");
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
        comment: number.is_multiple_of(3).then(|| "not *today*\n<!here>".to_owned()),
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
    assert_eq!(ending.again, Some(format!("{PORTAL}/request?again={}", Uuid::from_u128(1))));
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
