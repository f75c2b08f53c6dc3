//! A batch of which everything is decided, or much of it.

use kari_domain::settings::Language;
use kari_slack::messages::{Card, Member, card};
use kari_texts::{Names, Said};
use uuid::Uuid;

use crate::many::{length, of_batch_rendered, remembered, within_one_message};
use crate::sample::{minute, of_batch_after, snapshot};
use crate::{LANGUAGES, PORTAL, legal};

/// A life of each kind and after how many of its events; what an account's line then says in each language.
const STANDS: [(&str, usize, [&str; 2]); 7] = [
    ("expired", 1, ["1 of 2 – Bob", "2名中1名が承認 – Bob"]),
    (
        "expired",
        4,
        [
            "Approved by Bob, 佐藤 花子. It begins now. · Comment by Bob: ok",
            "Bob さん、佐藤 花子 さんが承認しました。まもなく開始します。 · Bob さんのコメント：ok",
        ],
    ),
    ("expired", 6, ["Active until ", " まで有効です。Bob さん、佐藤 花子 さんが承認しました。"]),
    (
        "denied",
        3,
        [
            "Denied by 佐藤 花子. · Comment by 佐藤 花子: not today",
            "佐藤 花子 さんが却下しました。 · 佐藤 花子 さんのコメント：not today",
        ],
    ),
    (
        "failed",
        8,
        [
            "The access could not be set up: a quota of Identity Center is used up.",
            "アクセスを設定できませんでした：Identity Center のクォータを使い切りました。",
        ],
    ),
    ("expired", 11, [": its time was over.", "期限により "]),
    ("ended-early", 9, ["Ended early by Bob.", "Bob さんが期限前に終了しました。"]),
];

#[test]
fn each_line_of_a_batch_says_by_whom_it_was_decided_and_what_came_of_it() {
    let one = |(number, (life, events, _)): (u128, (&str, usize, [&str; 2]))| {
        of_batch_after(number, &format!("{number:012}"), life, events)
    };
    let members: Vec<_> = (1..).zip(STANDS).map(one).collect();
    for (spoken, (language, tongue)) in LANGUAGES.into_iter().enumerate() {
        let card = of_batch_rendered(&members, language);
        for (life, events, says) in STANDS {
            assert!(card.to_string().contains(says[spoken]), "{life} after {events}: {card}");
        }
        for number in 1..=7 {
            let link = format!("{PORTAL}/requests/{}\"", Uuid::from_u128(number));
            assert!(card.to_string().contains(&link), "each account leads to its own request: {card}");
        }
        insta::assert_json_snapshot!(format!("batch-decided-{tongue}"), card);
    }
}

#[test]
fn a_batch_of_fifty_says_of_each_account_what_was_decided_with_times_in_utc() {
    for (life, events, says) in STANDS {
        let account = |n: u128| of_batch_after(n, &format!("{n:012}"), life, events);
        let members: Vec<_> = (1..=50).map(account).collect();
        for (spoken, (language, _)) in LANGUAGES.into_iter().enumerate() {
            let card = of_batch_rendered(&members, language);
            assert!(length(&card["blocks"]) <= 13_000, "{life}: {}", length(&card["blocks"]));
            let card = card.to_string();
            assert_eq!(card.matches(says[spoken]).count(), 50, "{life} after {events}: {card}");
            for n in 1..=50 {
                assert!(card.contains(&format!("account {n} ({n:012})")), "{n}: {card}");
            }
            assert!(!card.contains("\"date\""), "{card}");
        }
    }
}

#[test]
fn however_long_names_and_comments_are_each_account_is_named_and_who_decided() {
    let snapshot = snapshot();
    let long = |n: u128| {
        let request = of_batch_after(n, &format!("{n:012}"), "denied", 3);
        let mut member = remembered(&request, Names(&snapshot));
        member.account = "障".repeat(60);
        member.path = "部門 / ".repeat(200);
        for status in &mut member.status {
            status.extend([Said::At(minute(0)), Said::Text("訃".repeat(1_000))]);
        }
        member
    };
    for count in [2, 10, 11, 50] {
        let batch: Vec<Member> = (1..).map(long).take(count).collect();
        let request = of_batch_after(1, "000000000001", "denied", 3);
        for (language, denied) in
            [(Language::En, "Denied by 佐藤 花子."), (Language::Ja, "佐藤 花子 さんが却下しました。")]
        {
            let card = within_one_message(&request, batch.clone(), language);
            let named = card.matches(&format!("{}…", "障".repeat(49))).count();
            assert_eq!((named, card.matches(denied).count()), (count, count), "{card}");
        }
    }
}

#[test]
fn what_an_older_version_remembers_without_a_status_is_read_and_shown_in_a_word() {
    let snapshot = snapshot();
    let request = of_batch_after(1, "000000000001", "denied", 3);
    let mut old = serde_json::to_value(remembered(&request, Names(&snapshot))).unwrap();
    old.as_object_mut().unwrap().remove("status").unwrap();
    let member: Member = serde_json::from_value(old).unwrap();
    let card = card(&Card {
        request: &request,
        batch: vec![member.clone(), member],
        progress: vec![],
        mentioned: vec![],
        names: Names(&snapshot),
        language: Language::En,
        portal: PORTAL,
    });
    let card = legal(&card.unwrap()).to_string();
    assert_eq!(card.matches(": denied\\n\u{2003}\u{2003}Root\"").count(), 2, "{card}");
}
