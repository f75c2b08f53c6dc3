//! Batches as the table's stream gives them: complete, twice, in disorder, and with garbage.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::Kari;
use kari_application::ports::{Notification, Notifier, PageRequest, Unavailable, Undeliverable};
use kari_domain::audit::{Envelope, StreamId};
use kari_domain::ids::RequestId;
use kari_relay::{Batch, Failure, Relayed, Repeat, handle};
use serde_json::{Value, json};
use town::{Town, account, set, user};

fn recorded(town: &Town, id: RequestId) -> Vec<String> {
    town.run(town.kari.store.stream(&StreamId::request(id))).unwrap()
}

fn record(place: usize, bytes: &str) -> Value {
    let envelope: Option<Envelope> = serde_json::from_str(bytes).ok();
    let stream = envelope.map_or_else(|| "request/of-somebody".to_owned(), |e| e.stream.as_str().to_owned());
    json!({
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": place.to_string(),
            "Keys": {"pk": {"S": "request"}, "sk": {"S": "event#"}},
            "NewImage": {"bytes": {"S": bytes}, "stream": {"S": stream}, "kind": {"S": "requested"}},
        },
    })
}

fn relayed(town: &Town, kari: &Kari, records: &[Value]) -> Relayed {
    let batch: Batch = serde_json::from_value(json!({"Records": records})).unwrap();
    town.run(handle(kari, &batch))
}

fn told(town: &Town, who: &str) -> usize {
    town.inbox.messages(&user(who), &PageRequest { limit: 200, after: None }).unwrap().items.len()
}

#[test]
fn every_record_is_followed_once_however_often_and_in_what_order_it_comes() {
    let town = Town::new();
    let ids = town.ask("ann", &[account("north", 0), account("north", 1)], &set(0));
    let all: Vec<_> = ids.iter().flat_map(|id| recorded(&town, *id)).collect();
    let records: Vec<_> = all.iter().enumerate().map(|(place, bytes)| record(place, bytes)).collect();
    assert_eq!(relayed(&town, &town.kari, &records), Relayed::default());
    assert_eq!(told(&town, "lee"), 2, "one message for each request");
    let twice: Vec<_> = records.iter().rev().chain(&records).cloned().collect();
    assert_eq!(relayed(&town, &town.kari, &twice), Relayed::default());
    assert_eq!(told(&town, "lee"), 2);
}

#[test]
fn a_batch_of_a_hundred_records_is_followed_to_its_last() {
    let town = Town::new();
    let accounts: Vec<_> = (0..100).map(|number| account("north", number)).collect();
    let ids: Vec<_> = accounts.chunks(50).flat_map(|some| town.ask("ann", some, &set(0))).collect();
    let records: Vec<_> =
        ids.iter().enumerate().map(|(place, id)| record(place, &recorded(&town, *id)[0])).collect();
    assert_eq!(records.len(), 100);
    assert_eq!(relayed(&town, &town.kari, &records), Relayed::default());
    assert_eq!(told(&town, "lee"), 100);
}

#[test]
fn what_cannot_be_understood_is_set_aside_and_told_and_holds_up_nothing() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    let sound = recorded(&town, id).remove(0);
    let newer = sound.replace("\"requested\"", "\"notary-summoned\"");
    let of_a_document = json!({"dynamodb": {"SequenceNumber": "8", "NewImage": {"bytes": {"B": "AA=="}}}});
    let emptied = json!({"dynamodb": {
        "SequenceNumber": "7", "Keys": {"sk": {"S": "event#request/1#0000000001"}}, "NewImage": {"at": {"S": "1"}},
    }});
    let removed = json!({"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "9"}});
    let batch = vec![
        record(1, "no event at all"),
        record(2, &newer),
        of_a_document,
        emptied,
        removed,
        record(3, &sound),
    ];
    let expected = Relayed { dead_letters: 3, repeat: Repeat::default() };
    assert_eq!(relayed(&town, &town.kari, &batch), expected);
    assert_eq!(told(&town, "lee"), 1, "what lay behind");
    assert!(told(&town, "tom") > 0, "administrators hear of it");
}

/// A channel that is broken for one person's messages.
struct BrokenFor(Arc<dyn Notifier>, &'static str);

#[async_trait]
impl Notifier for BrokenFor {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        if notification.recipients.contains(&user(self.1)) {
            return Err(Unavailable::new("the channel", "it is broken"));
        }
        self.0.deliver(notification).await
    }
}

#[test]
fn only_what_failed_is_repeated_and_what_lies_behind_is_followed_all_the_same() {
    let town = Town::new();
    let first = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    let second = town.ask("ann", &[account("south", 0)], &set(0)).remove(0);
    let broken = BrokenFor(Arc::clone(&town.kari.notifier), "lee");
    let kari = Kari { notifier: Arc::new(broken), ..town.kari.clone() };
    let records = vec![record(1, &recorded(&town, first)[0]), record(2, &recorded(&town, second)[0])];
    let failed = Relayed {
        repeat: Repeat { batch_item_failures: vec![Failure { item_identifier: "1".to_owned() }] },
        dead_letters: 0,
    };
    assert_eq!(relayed(&town, &kari, &records), failed);
    assert_eq!((told(&town, "lee"), told(&town, "sam")), (0, 1));
    let answer = serde_json::to_value(&failed.repeat).unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "1"}]}));
    assert_eq!(relayed(&town, &town.kari, &records), Relayed::default());
    assert_eq!((told(&town, "lee"), told(&town, "sam")), (1, 1));
}

/// A channel that never takes anything for one person.
struct Refusing(Arc<dyn Notifier>, &'static str);

#[async_trait]
impl Notifier for Refusing {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        if notification.recipients.contains(&user(self.1)) {
            return Err(Unavailable::new("the channel", Undeliverable("it is too long".to_owned())));
        }
        self.0.deliver(notification).await
    }
}

#[test]
fn what_a_channel_never_takes_is_set_aside_and_told_and_holds_up_nothing() {
    let town = Town::new();
    let ids = town.ask("ann", &[account("north", 0), account("south", 0)], &set(0));
    let records = [record(1, &recorded(&town, ids[0])[0]), record(2, &recorded(&town, ids[1])[0])];
    // Tom is the administrator.
    for (refused, told_to) in [("lee", ["sam", "tom"]), ("tom", ["lee", "sam"])] {
        let refusing = Refusing(Arc::clone(&town.kari.notifier), refused);
        let kari = Kari { notifier: Arc::new(refusing), ..town.kari.clone() };
        let garbage = if refused == "tom" { vec![record(3, "no event at all")] } else { vec![] };
        let all: Vec<_> = records.iter().cloned().chain(garbage).collect();
        let expected = Relayed { dead_letters: 1, repeat: Repeat::default() };
        assert_eq!(relayed(&town, &kari, &all), expected, "{refused}");
        assert_eq!(told_to.map(|who| told(&town, who)), [1, 1], "{refused}");
    }
}
