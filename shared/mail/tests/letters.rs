//! Every letter of every kind in both languages, as text and as HTML: what is here was looked at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../slack/tests/messages/sample.rs"]
#[allow(dead_code, reason = "other tests use more of the sample")]
mod sample;

use std::collections::{BTreeMap, BTreeSet};

use kari_application::ports::NotificationKind;
use kari_domain::directory::Snapshot;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_mail::{Content, Letter, Links, letter};
use kari_texts::LetterKind::{self, OwnRemovalBlocked, Told};
use kari_texts::Names;
use sample::{after, commented, lives, long_winded, snapshot};

const LANGUAGES: [(Language, &str); 2] = [(Language::En, "en"), (Language::Ja, "ja")];

/// Each kind that goes out by e-mail, with the life of a request, and after how many of its events somebody hears of it;
/// `None` where it is about no request.
const KINDS: [(LetterKind, Option<(&str, usize)>); 18] = [
    (Told(NotificationKind::ReviewWanted), Some(("expired", 1))),
    (Told(NotificationKind::Approved), Some(("waits-for-its-start", 4))),
    (Told(NotificationKind::Denied), Some(("denied", 3))),
    (Told(NotificationKind::Withdrawn), Some(("withdrawn", 2))),
    (Told(NotificationKind::Lapsed), Some(("lapsed", 2))),
    (Told(NotificationKind::Active), Some(("expired", 6))),
    (Told(NotificationKind::ExpiringSoon), Some(("expired", 7))),
    (Told(NotificationKind::Failed), Some(("failed", 7))),
    (Told(NotificationKind::Expired), Some(("expired", 11))),
    (Told(NotificationKind::Revoked), Some(("ended-early", 9))),
    (Told(NotificationKind::RemovalOverdue), Some(("expired", 10))),
    (Told(NotificationKind::RemovalBlocked), Some(("expired", 9))),
    (OwnRemovalBlocked, Some(("expired", 9))),
    (Told(NotificationKind::PoliciesChanged), None),
    (Told(NotificationKind::PolicyNeedsAttention), None),
    (Told(NotificationKind::DirectoryTooOld), None),
    (Told(NotificationKind::DriftFound), None),
    (Told(NotificationKind::RecordsUnreadable), None),
];

fn written(
    kind: LetterKind,
    request: Option<&AccessRequest>,
    language: Language,
    snapshot: &Snapshot,
) -> Letter {
    let links = Links {
        portal: "https://kari.example".to_owned(),
        access_portal: Some("https://d-1234567890.awsapps.com/start/".to_owned()),
    };
    let content = Content { kind, request, names: Names(snapshot), language, links: &links };
    letter(&content, "alice@example.com")
}

fn of_kind(kind: LetterKind, language: Language) -> Letter {
    let (_, occasion) = KINDS.into_iter().find(|(known, _)| *known == kind).unwrap();
    let lives: BTreeMap<_, _> = lives().into_iter().collect();
    let request = occasion.map(|(life, events)| after(&lives[life], events));
    written(kind, request.as_ref(), language, &snapshot())
}

#[test]
fn each_kind_is_one_letter_as_text_and_as_html_in_both_languages() {
    for (language, tongue) in LANGUAGES {
        let mut subjects = BTreeSet::new();
        for (kind, _) in KINDS {
            let letter = of_kind(kind, language);
            let name = serde_json::to_value(kind).unwrap();
            let name = format!("{}-{tongue}", name.as_str().unwrap());
            insta::assert_snapshot!(format!("{name}-text"), format!("{}\n\n{}", letter.subject, letter.text));
            insta::assert_snapshot!(format!("{name}-html"), letter.html.replace("><", ">\n<"));
            subjects.insert(letter.subject);
        }
        assert_eq!(subjects.len(), KINDS.len(), "one kind, one letter");
    }
}

/// The tags of a page, each without what it says.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split(['>', ' ']).next().unwrap()).collect()
}

#[test]
fn what_people_wrote_and_what_things_are_called_is_neither_markup_nor_a_header() {
    let (plain, mut unkind) = (snapshot(), snapshot());
    let account = unkind.accounts.values_mut().next().unwrap();
    account.name = "x</td></table><script>alert(1)</script>\r\nBcc: eve@example.com\n\"&".to_owned();
    unkind.users.values_mut().next().unwrap().display_name = "<img src=x onerror=alert(1)>".to_owned();
    let request = after(&lives()[0].1, 6);
    for (language, _) in LANGUAGES {
        let expected = written(Told(NotificationKind::Active), Some(&request), language, &plain);
        let letter = written(Told(NotificationKind::Active), Some(&request), language, &unkind);
        assert_eq!(tags(&letter.html), tags(&expected.html));
        assert!(letter.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", letter.html);
        assert!(letter.html.contains("&lt;img src=x onerror=alert(1)&gt;"));
        assert!(letter.html.contains("&lt;https://evil.example|click&gt;"));
        assert!(!letter.subject.contains(['\r', '\n']), "{:?}", letter.subject);
        assert!(letter.text.contains("> <!channel> *bold*"), "as it was written: {}", letter.text);
    }
}

#[test]
fn what_is_told_of_says_who_what_when_and_why_and_leads_to_it_by_one_link() {
    let letter = of_kind(Told(NotificationKind::Active), Language::En);
    for said in [
        "AdministratorAccess on payments *prod* (111122223333)",
        "From: 2026-03-02 09:12 UTC",
        "Until: 2026-03-02 10:12 UTC",
        "Who: Alice <!here> (alice)",
        "https://kari.example/requests/00000000-0000-0000-0000-000000000001",
        "https://d-1234567890.awsapps.com/start/#/console?account_id=111122223333&role_name=AdministratorAccess",
        "export AWS_PROFILE=payments--prod--AdministratorAccess-111122223333",
    ] {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }
    let ending = of_kind(Told(NotificationKind::ExpiringSoon), Language::En);
    let again = "https://kari.example/request?again=00000000-0000-0000-0000-000000000001";
    assert!(ending.text.contains(again), "{}", ending.text);
    let trouble = of_kind(Told(NotificationKind::DriftFound), Language::En);
    assert!(trouble.html.contains(r#"href="https://kari.example""#), "{}", trouble.html);
}

#[test]
fn what_each_reviewer_said_is_told_with_who_said_it() {
    let request = commented(&[("bob", "only the replica"), ("carol", "and <read> only")]);
    let letter = written(Told(NotificationKind::Approved), Some(&request), Language::En, &snapshot());
    for said in ["Comment by Bob:\n> only the replica", "Comment by 佐藤 花子:\n> and <read> only"] {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }
    assert!(letter.html.contains("and &lt;read&gt; only"), "{}", letter.html);
}

#[test]
fn the_longest_reason_fits_and_a_subject_is_one_short_line() {
    for character in ["a", "障", "🙂", "<"] {
        let request = long_winded(character);
        let mut snapshot = snapshot();
        snapshot.accounts.values_mut().next().unwrap().name = character.repeat(1_000);
        let letter = written(Told(NotificationKind::ReviewWanted), Some(&request), Language::En, &snapshot);
        assert!(letter.text.contains(&character.repeat(1_000)));
        assert_eq!(letter.subject.chars().count(), 200);
    }
}
