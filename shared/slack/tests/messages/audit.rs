//! What auditors read: one line for each event of every kind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kari_application::ports::{News, Shown};
use kari_domain::audit::{Actor, Cause, Envelope, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId, Target, Tuple};
use kari_domain::request::{Outcome, RequestEvent};
use kari_domain::settings::Language;
use kari_slack::messages::{Message, audit_line};
use kari_texts::Names;
use serde_json::json;
use uuid::Uuid;

use crate::sample::{Life, after, lives, minute, set, snapshot, user};
use crate::{LANGUAGES, PORTAL, legal};

/// An event of every kind, as it was stored once: but for the lives of requests, which are told whole. NB. Of whatever
/// folders there are, so that none is forgotten.
fn golden() -> Vec<News> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let packages = inside(shared).into_iter().map(|package| package.join("fixtures/events"));
    let folders = packages.filter(|events| events.is_dir()).flat_map(|events| inside(&events));
    let others = folders.filter(|folder| !["lives", "request"].iter().any(|life| folder.ends_with(life)));
    let lines = others.flat_map(|folder| inside(&folder)).map(|file| std::fs::read_to_string(file).unwrap());
    lines.map(|line| alone(serde_json::from_str(&line).unwrap())).collect()
}

/// What is in a folder, in order.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn of_kind(kind: &str) -> News {
    golden().into_iter().find(|news| news.envelope.kind == kind).unwrap()
}

fn alone(envelope: Envelope) -> News {
    News { envelope, request: None, told: vec![] }
}

/// By whom it was: by the system, where nobody did it.
fn actor(event: &RequestEvent) -> Actor {
    let person = |id: &str| Actor::User { id: user(id), label: id.to_owned() };
    match event {
        RequestEvent::Requested { .. } | RequestEvent::Closed { outcome: Outcome::Withdrawn, .. } => {
            person("alice")
        }
        RequestEvent::Reviewed { review } => person(review.reviewer.as_str()),
        RequestEvent::RevocationRequested { by, .. } => person(by.as_str()),
        _ => Actor::System { reason: SystemReason::Clock },
    }
}

fn news(life: &Life, number: usize) -> News {
    let (at, event) = &life[number - 1];
    let stamp =
        Stamp { append: AppendId(Uuid::nil()), at: minute(*at), actor: actor(event), cause: Cause::Api };
    let stream = StreamId::request(RequestId(Uuid::from_u128(1)));
    let (sealed, _) = seal(&stream, &Head::empty(), std::slice::from_ref(event), &stamp).unwrap();
    let envelope = serde_json::from_str(&sealed[0].bytes).unwrap();
    let shown = Shown { state: after(life, number), version: number as u64 };
    News { envelope, request: Some(shown), told: vec![] }
}

fn told(news: &News, language: Language) -> (String, Message) {
    let (line, message) = audit_line(news, Names(&snapshot()), language, PORTAL);
    assert!(!line.text.contains('\n'));
    legal(&message);
    (line.text, message)
}

#[test]
fn each_event_is_one_line_for_auditors() {
    for (language, tongue) in LANGUAGES {
        let mut lines = BTreeMap::new();
        for (name, life) in lives() {
            for number in 1..=life.len() {
                let news = news(&life, number);
                lines.insert(format!("{name} {number} {}", news.envelope.kind), told(&news, language).0);
            }
        }
        for news in golden() {
            let (kind, stream) = (&news.envelope.kind, news.envelope.stream.as_str());
            let line = told(&news, language).0;
            let by_code = [format!("recorded {kind}"), format!("{kind} を記録")];
            assert!(!by_code.iter().any(|code| line.contains(code)), "{kind} has no words: {line}");
            lines.insert(format!("{} {kind}", stream.split('/').next().unwrap()), line);
        }
        let message = legal(&told(&of_kind("settings-changed"), language).1);
        insta::assert_json_snapshot!(format!("lines-{tongue}"), json!({"lines": lines, "message": message}));
    }
}

#[test]
fn a_kind_of_a_newer_version_goes_by_its_code() {
    let target = Target { account: "111122223333".parse().unwrap(), permission_set: set() };
    let ledger = StreamId::ledger(&Tuple { principal: user("alice"), target });
    let access = "AdministratorAccess on payments *prod* (111122223333) for Alice <!here>";
    let mut newer = news(&lives()[0].1, 1);
    newer.envelope.kind = "frozen".to_owned();
    assert_eq!(told(&newer, Language::En).0, format!("Alice <!here> recorded frozen: {access}"));
    newer.request = None;
    for (stream, english, japanese) in [
        (
            ledger,
            format!("recorded frozen: {access}"),
            " frozen を記録：Alice <!here> さんの payments *prod* (111122223333) の AdministratorAccess",
        ),
        (StreamId::policies(), "recorded frozen (policies)".to_owned(), "：frozen (policies) を記録"),
    ] {
        newer.envelope.stream = stream;
        assert_eq!(told(&newer, Language::En).0, format!("Alice <!here> {english}"));
        assert_eq!(told(&newer, Language::Ja).0, format!("Alice <!here>{japanese}"));
    }
}

#[test]
fn a_stranger_goes_by_their_account() {
    let mut refused = of_kind("attempt-refused");
    refused.envelope.actor = Actor::Stranger { account: "slack/T1/U1".to_owned() };
    for (language, line) in [
        (Language::En, "slack/T1/U1 (nobody known here) was refused a command (approve: self-review)"),
        (Language::Ja, "slack/T1/U1（該当するユーザーなし）：操作が拒否された（approve：self-review）"),
    ] {
        assert_eq!(told(&refused, language).0, line);
    }
}
