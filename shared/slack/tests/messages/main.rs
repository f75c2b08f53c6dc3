//! Every message of every kind in both languages, as JSON: what is here was looked at. All of it is held against
//! Slack's limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod audit;
mod decided;
mod many;
mod portal_only;
mod remarks;
mod sample;

use std::collections::BTreeMap;

use kari_application::ports::NotificationKind;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_slack::api::SlackUserId;
use kari_slack::messages::{Card, Letter, Message, Progress, card, kept_elsewhere, letter};
use kari_texts::{LetterKind, Links, Names};
use sample::{Life, UNKIND, after, lives, long_winded, snapshot};
use serde_json::{Value, json};

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
    let kind = match kind {
        LetterKind::Received | LetterKind::Remind => return Some(("expired", 1)),
        LetterKind::OwnRemovalBlocked => NotificationKind::RemovalBlocked,
        LetterKind::Told(kind) => kind,
    };
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
    let kinds: Vec<_> = [LetterKind::Received, LetterKind::Remind, LetterKind::OwnRemovalBlocked]
        .into_iter()
        .chain(KINDS.map(LetterKind::Told))
        .collect();
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
    assert!(ready.contains("export AWS_PROFILE=payments--prod--AdministratorAccess-111122223333"), "{ready}");
    let ending = written(LetterKind::Told(NotificationKind::ExpiringSoon), Language::En);
    assert_eq!(actions(&ending), ["end", "ask-again", "details"]);
}

#[test]
fn instead_of_a_card_that_is_shown_elsewhere_nothing_of_it_is_said() {
    for (language, tongue) in LANGUAGES {
        let said = legal(&kept_elsewhere(language, PORTAL));
        insta::assert_json_snapshot!(format!("elsewhere-{tongue}"), said);
    }
}
