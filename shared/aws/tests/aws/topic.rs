//! The channel for machines, against an SNS that takes messages and does nothing else.

mod stage;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use kari_application::Kari;
use kari_application::contract::notifier;
use kari_application::ports::{Board, News, Notification, NotificationKind, Notifier, Shown};
use kari_application::relay::relay;
use kari_aws::topic::Document;
use kari_domain::audit::{Envelope, StreamId, parse};
use kari_domain::ids::UserId;
use kari_domain::request::{AccessRequest, RequestEvent, evolve};
use kari_domain::time::Instant;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::town::{account, set};
use stage::{Published, Stage, news};

const SCHEMA: &str = include_str!("../../../../infra/sns.schema.json");
const DESCRIPTION: &str = include_str!("../../../../infra/sns.md");

fn people(count: usize) -> BTreeSet<UserId> {
    (0..count).map(|number| format!("u-{number:04}").parse().unwrap()).collect()
}

/// The golden events in this folder of the domain's or the application's.
fn golden(folder: &str) -> Vec<Value> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let files = std::fs::read_dir(shared.join(folder)).unwrap();
    let mut lines: Vec<_> =
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    lines.sort_unstable();
    lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each event of a golden life of a request, as it is told when it was just recorded.
fn life(name: &str) -> Vec<News> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let file = shared.join(format!("domain/fixtures/events/lives/{name}.jsonl"));
    let mut state = AccessRequest::Absent;
    let lines = std::fs::read_to_string(file).unwrap();
    let told = |line: &str| {
        let envelope: Envelope = serde_json::from_str(line).unwrap();
        let event: RequestEvent = parse(&envelope).unwrap();
        state = evolve(std::mem::replace(&mut state, AccessRequest::Absent), envelope.at, &event).unwrap();
        let shown = Shown { state: state.clone(), version: envelope.sequence };
        News { envelope, request: Some(shown), told: vec![(NotificationKind::Approved, people(1))] }
    };
    lines.lines().map(told).collect()
}

const LIVES: [&str; 8] = [
    "request-auto-approved",
    "request-denied",
    "request-failed",
    "request-failed-before-access",
    "request-removed-out-of-band",
    "request-requester-disabled",
    "request-reviewed",
    "request-revoked",
];

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

fn valid(document: &Value) {
    let problems: Vec<_> = validator().iter_errors(document).map(|problem| problem.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?} {document:#}");
}

#[test]
fn every_kind_of_event_is_published_as_its_schema_says() {
    let folders = [
        "domain/fixtures/events/request",
        "domain/fixtures/events/ledger",
        "application/fixtures/events/policies",
        "application/fixtures/events/findings",
        "application/fixtures/events/attempts",
        "application/fixtures/events/channels",
    ];
    let alone = folders.into_iter().flat_map(golden).map(|event| news(&event));
    let mut kinds = BTreeSet::new();
    for news in alone.chain(LIVES.into_iter().flat_map(life)) {
        let document: Value = serde_json::from_str(&Document::of_event(&news).body()).unwrap();
        valid(&document);
        assert_eq!(document["event"]["data"], news.envelope.data);
        assert_eq!(document["request"].is_null(), news.request.is_none());
        kinds.insert(news.envelope.kind);
    }
    assert!(kinds.len() >= 39, "{kinds:?}");
    assert!(!validator().is_valid(&json!(DESCRIPTION)), "a schema that takes anything says nothing");
    let mut broken = example();
    broken["request"]["state"] = json!("granted");
    assert!(!validator().is_valid(&broken));
}

/// The example in the description.
fn example() -> Value {
    let (_, rest) = DESCRIPTION.split_once("```json\n").expect("an example");
    serde_json::from_str(rest.split_once("```").unwrap().0).unwrap()
}

#[test]
fn the_example_in_the_description_is_what_is_published() {
    let reviewed = life("request-reviewed");
    let approved = reviewed.iter().find(|news| news.envelope.kind == "approved").unwrap();
    let requester = approved.request.as_ref().unwrap().state.asked().unwrap().submission.requester.clone();
    let told = vec![(NotificationKind::Approved, BTreeSet::from([requester]))];
    let document = Document::of_event(&News { told, ..approved.clone() });
    let published: Value = serde_json::from_str(&document.body()).unwrap();
    valid(&published);
    assert_eq!(example(), published, "{published:#}");
    for (name, value) in document.attributes() {
        assert!(DESCRIPTION.contains(&format!("| `{name}` | ")), "{name}");
        assert!(published.to_string().contains(&format!(r#""{name}":"{value}""#)), "{name}");
    }
}

#[tokio::test]
async fn what_happens_is_published_once_for_each_event_however_often_it_is_told_and_to_whom() {
    let stage = Stage::new().await;
    let kari = Kari { boards: vec![Arc::new(stage.topic.clone())], ..stage.town.kari.clone() };
    let asked = stage.town.asking("ann", &[account("north", 0), account("sandbox", 0)], &set(0)).await;
    assert_eq!(asked.len(), 2);
    let outgoing = stage.town.store.outbox_batch(0, 1_000).unwrap();
    let recorded: Vec<_> = outgoing
        .iter()
        .map(|one| serde_json::from_str::<Envelope>(&one.bytes).unwrap())
        .map(|envelope| (envelope.stream.as_str().to_owned(), envelope.sequence))
        .collect();
    for _ in 0..2 {
        for one in &outgoing {
            relay(&kari, &one.bytes).await.unwrap();
        }
    }
    assert_eq!(stage.sns.events(), recorded);
    let taken = stage.sns.taken();
    for published in &taken {
        valid(&published.document);
    }
    let of = |kind: &str| taken.iter().filter(|p| p.attributes["kind"] == kind).cloned().collect::<Vec<_>>();
    let requested = of("requested");
    assert_eq!(requested.len(), 2);
    let north = requested.iter().find(|p| p.attributes["account"] == account("north", 0).as_str()).unwrap();
    let attributes = [
        ("kind", "requested".to_owned()),
        ("account", account("north", 0).to_string()),
        ("permission_set", set(0).to_string()),
    ];
    assert_eq!(north.attributes, attributes.map(|(name, value)| (name.to_owned(), value)).into());
    assert_eq!(
        north.document["told"],
        json!([{"kind": "review-wanted", "count": 1, "recipients": ["u-lee"]}])
    );
    assert_eq!(north.document["request"]["state"], "pending");
    let policies = &of("policy-created")[0];
    assert_eq!(policies.attributes.keys().collect::<Vec<_>>(), ["kind"]);
}

#[test]
fn the_events_of_a_ledger_are_filtered_by_their_account_and_permission_set() {
    for event in golden("domain/fixtures/events/ledger") {
        let attributes = Document::of_event(&news(&event)).attributes();
        assert_eq!(attributes["kind"], event["kind"]);
        assert_eq!(attributes["account"], "111122223333");
        assert_eq!(attributes["permission_set"], "arn:aws:sso:::permissionSet/ssoins-1/ps-admin");
    }
}

#[tokio::test]
async fn what_is_for_very_many_or_very_long_fits_and_says_how_many_there_are() {
    let stage = Stage::new().await;
    let requested = golden("domain/fixtures/events/request").into_iter().find(|e| e["kind"] == "requested");
    let mut news = news(&requested.unwrap());
    news.told = vec![(NotificationKind::ReviewWanted, people(1_200))];
    stage.topic.show(&news).await.unwrap();
    news.envelope.sequence += 1;
    news.envelope.data = json!({"policy": "障".repeat(100_000)});
    stage.topic.show(&news).await.unwrap();
    let taken = stage.sns.taken();
    for Published { document, attributes } in &taken {
        valid(document);
        let extra: usize = attributes.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
        assert!(document.to_string().len() + extra <= 256 * 1024);
        let told = &document["told"][0];
        assert_eq!(
            (told["count"].as_u64(), told["recipients"].as_array().unwrap().len()),
            (Some(1_200), 500)
        );
    }
    assert!(taken[0].document["event"]["data"].is_object());
    assert_eq!(taken[1].document["event"]["data"], Value::Null);
}

fn notice(kind: NotificationKind, sequence: u64) -> Notification {
    Notification {
        kind,
        recipients: people(2).into_iter().collect(),
        stream: StreamId::directory(),
        sequence,
        request: None,
        at: Instant::UNIX_EPOCH,
    }
}

#[tokio::test]
async fn a_topic_keeps_the_laws_of_a_notifier() {
    let stage = Stage::new().await;
    notifier::every_recipient_is_told_and_nobody_else(&stage.topic, |user| stage.messages_to(user)).await;
    let stage = Stage::new().await;
    notifier::delivering_again_changes_nothing(&stage.topic, |user| stage.messages_to(user)).await;
    let stage = Stage::new().await;
    notifier::another_event_or_kind_is_another_message(&stage.topic, |user| stage.messages_to(user)).await;
}

#[tokio::test]
async fn what_rests_on_no_event_is_published_by_itself_and_nothing_is_published_twice() {
    let stage = Stage::new().await;
    let alone = [NotificationKind::RecordsUnreadable, NotificationKind::DirectoryTooOld];
    let events = [
        NotificationKind::ReviewWanted,
        NotificationKind::Approved,
        NotificationKind::RemovalOverdue,
        NotificationKind::PoliciesChanged,
        NotificationKind::PolicyNeedsAttention,
        NotificationKind::DriftFound,
    ];
    for kind in alone.into_iter().chain(events) {
        for sequence in [0, 7, 0] {
            stage.topic.deliver(&notice(kind, sequence)).await.unwrap();
        }
    }
    let taken = stage.sns.taken();
    let of = |published: &Published| {
        valid(&published.document);
        let notice = &published.document["notice"];
        assert_eq!(published.attributes["kind"], notice["kind"]);
        (notice["kind"].as_str().unwrap().to_owned(), notice["sequence"].as_u64().unwrap())
    };
    let expected = [
        ("records-unreadable", 0),
        ("records-unreadable", 7),
        ("directory-too-old", 0),
        ("directory-too-old", 7),
    ];
    assert_eq!(
        taken.iter().map(of).collect::<Vec<_>>(),
        expected.map(|(kind, sequence)| (kind.to_owned(), sequence))
    );
}

#[tokio::test]
async fn a_topic_that_is_off_is_not_called() {
    let stage = Stage::new().await;
    stage.turn(false);
    let event = golden("application/fixtures/events/findings").remove(0);
    stage.show(&event).await;
    stage.topic.deliver(&notice(NotificationKind::DirectoryTooOld, 1)).await.unwrap();
    assert_eq!(stage.sns.taken(), []);
    stage.turn(true);
    stage.show(&event).await;
    assert_eq!(stage.sns.taken().len(), 1);
}

#[tokio::test]
async fn what_sns_never_takes_is_recorded_once_and_holds_up_nothing_and_what_it_does_not_take_now_is_repeated()
 {
    let stage = Stage::new().await;
    *stage.sns.refuses.lock().unwrap() = Some("InvalidParameter");
    for event in golden("application/fixtures/events/findings") {
        stage.show(&event).await;
        stage.show(&event).await;
    }
    assert_eq!(stage.recorded(), [json!({"destination": "kari", "code": "InvalidParameter"})]);
    assert_eq!((stage.given_up.take(), stage.given_up.take()), (1, 0));
    *stage.sns.refuses.lock().unwrap() = None;
    let event = golden("domain/fixtures/events/ledger").remove(0);
    stage.show(&event).await;
    assert_eq!(stage.sns.taken().len(), 1);

    // A topic that is gone, may not be published to, or whose key may not be used, holds up nothing either.
    for code in
        ["NotFound", "AuthorizationError", "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound"]
    {
        let stage = Stage::new().await;
        *stage.sns.refuses.lock().unwrap() = Some(code);
        stage.show(&event).await;
        assert_eq!(stage.recorded(), [json!({"destination": "kari", "code": code})]);
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let nobody = Stage::calling(crate::front::clients_of(closed).await.sns(), Arc::default()).await;
    nobody.turn(true);
    assert!(nobody.topic.show(&news(&event)).await.is_err());
    assert!(nobody.topic.deliver(&notice(NotificationKind::DirectoryTooOld, 1)).await.is_err());
    assert!(nobody.recorded().is_empty() && nobody.given_up.take() == 0);
}
