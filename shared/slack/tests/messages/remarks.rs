//! What reviewers said.

use kari_application::ports::NotificationKind;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_slack::messages::{Letter, letter};
use kari_texts::{LetterKind, Names};
use serde_json::Value;

use crate::many::length;
use crate::sample::{commented, snapshot};
use crate::{LANGUAGES, legal, links, rendered};

/// The letter that it was approved.
fn approved(request: &AccessRequest, language: Language) -> Value {
    let (snapshot, links) = (snapshot(), links());
    legal(&letter(&Letter {
        kind: LetterKind::Told(NotificationKind::Approved),
        request: Some(request),
        of_batch: 1,
        mentioned: &[],
        names: Names(&snapshot),
        language,
        links: &links,
    }))
}

#[test]
fn what_each_reviewer_said_is_told_with_who_said_it() {
    let request = commented(&[("bob", "only the replica"), ("carol", "and *read* only")]);
    for (language, said) in [
        (Language::En, ["Comment by Bob", "only the replica", "Comment by 佐藤 花子", "and *read* only"]),
        (
            Language::Ja,
            ["Bob さんのコメント", "only the replica", "佐藤 花子 さんのコメント", "and *read* only"],
        ),
    ] {
        for message in [rendered(&request, language), approved(&request, language)] {
            let message = message["blocks"].to_string();
            let places =
                said.map(|words| message.find(words).unwrap_or_else(|| panic!("{words}: {message}")));
            assert!(places.is_sorted(), "{message}");
        }
    }
}

#[test]
fn of_many_of_the_longest_remarks_the_newest_ones_fit() {
    let longest = "障".repeat(1_000);
    let people = ["r-1", "r-2", "r-3", "r-4", "r-5", "r-6", "r-7", "r-8"];
    let request = commented(&people.map(|who| (who, longest.as_str())));
    for (language, _) in LANGUAGES {
        for message in [rendered(&request, language), approved(&request, language)] {
            let blocks = message["blocks"].as_array().unwrap();
            assert!(blocks.iter().all(|block| length(block) <= 3_000));
            assert!(length(&message["blocks"]) <= 13_000);
            assert_eq!(message.to_string().matches(&longest).count(), 5);
            assert!(message.to_string().contains("r-8"));
        }
    }
}
