//! What the contract leaves to each store: what becomes of rows that somebody else wrote, took away or
//! changed, and of appends that cannot be made.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_dynamodb::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::body::SdkBody;
use kari_application::ports::{
    Append, AppendError, Conflict, EventStore, Item, ItemChange, ItemKey, ListError, PageRequest,
    StreamAppend,
};
use kari_aws::store::DynamoStore;
use kari_domain::audit::{Actor, AuditEvent, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum Fact {
    Said { words: String },
}

impl AuditEvent for Fact {}

struct Town {
    client: aws_sdk_dynamodb::Client,
    table: String,
    store: DynamoStore,
}

impl Town {
    async fn new() -> Self {
        let table = crate::support::new_table().await;
        Self { client: crate::support::client(), store: crate::support::store(&table), table }
    }

    /// Takes a row away behind the store's back.
    async fn take_away(&self, pk: &str, sk: &str) {
        let delete = self.client.delete_item().table_name(&self.table);
        delete.set_key(Some(key(pk, sk))).send().await.unwrap();
    }

    async fn row(&self, pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        get.set_key(Some(key(pk, sk))).send().await.unwrap().item.unwrap()
    }

    /// Puts a row behind the store's back.
    async fn put(&self, row: HashMap<String, AttributeValue>) {
        self.client.put_item().table_name(&self.table).set_item(Some(row)).send().await.unwrap();
    }

    /// Changes an attribute of a row behind the store's back.
    async fn change(&self, pk: &str, sk: &str, attribute: &str, value: AttributeValue) {
        let update = self.client.update_item().table_name(&self.table).set_key(Some(key(pk, sk)));
        let update = update.update_expression("SET #attribute = :value");
        let update = update.expression_attribute_names("#attribute", attribute);
        update.expression_attribute_values(":value", value).send().await.unwrap();
    }
}

fn key(pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    [("pk", pk), ("sk", sk)].map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned()))).into()
}

fn stream() -> StreamId {
    StreamId::from_stored("request/1".to_owned())
}

/// An append of so many facts behind `head`, with the state item, and where the stream ends then.
fn facts(id: u128, head: &Head, count: usize) -> (Append, Head) {
    let (id, at) = (AppendId(Uuid::from_u128(id)), Instant::UNIX_EPOCH);
    let actor = Actor::System { reason: SystemReason::Clock };
    let stamp = Stamp { append: id, at, actor, cause: Cause::Advance };
    let facts = vec![Fact::Said { words: "something".to_owned() }; count];
    let (events, after) = seal(&stream(), head, &facts, &stamp).unwrap();
    let key = ItemKey::from(&stream());
    let item = Item { key, head: after.clone(), due_at: None, request: None, body: "{}".to_owned() };
    let append = Append {
        id,
        at,
        streams: vec![StreamAppend { stream: stream(), expected: head.clone(), events }],
        unchanged: vec![],
        items: vec![ItemChange::Put(item)],
        claims: vec![],
    };
    (append, after)
}

#[tokio::test]
async fn a_stream_whose_end_is_recorded_nowhere_goes_on_behind_its_last_event_and_nowhere_else() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 2);
    town.store.append(&first).await.unwrap();
    town.take_away("request/1", "state#request/1").await;

    let state = town.store.state(&stream()).await.unwrap();
    assert_eq!((&state.head, state.item), (&head, None));
    assert_eq!(town.store.recorded(&stream()).await.unwrap().head, head);
    let forged = Head { hash: "f".repeat(64), ..head.clone() };
    for elsewhere in
        [Head::empty(), Head { version: 1, ..head.clone() }, Head { version: 3, ..head.clone() }, forged]
    {
        let refused = town.store.append(&facts(2, &elsewhere, 1).0).await;
        assert!(matches!(refused, Err(AppendError::Conflict(Conflict::Version { .. }))), "{refused:?}");
    }
    let (next, head) = facts(3, &head, 1);
    town.store.append(&next).await.unwrap();
    assert_eq!(town.store.state(&stream()).await.unwrap().item.unwrap().head, head);
    assert_eq!(town.store.stream(&stream()).await.unwrap().len(), 3);
}

/// The state item that a first append brought along, put anew where the stream is at this version.
fn put_anew(id: u128, first: &Append, version: u64) -> Append {
    let id = AppendId(Uuid::from_u128(id));
    Append { id, streams: vec![], unchanged: vec![(stream(), version)], ..first.clone() }
}

#[tokio::test]
async fn an_item_that_is_put_at_its_streams_last_event_says_again_where_the_stream_ends() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 2);
    town.store.append(&first).await.unwrap();
    town.take_away("request/1", "state#request/1").await;
    let (forged, _) = facts(9, &Head { hash: "f".repeat(64), ..head.clone() }, 0);
    let (too_early, _) = facts(1, &Head::empty(), 1);
    for elsewhere in
        [put_anew(2, &forged, 2), put_anew(3, &too_early, 1), put_anew(4, &first, 1), put_anew(5, &first, 3)]
    {
        let refused = town.store.append(&elsewhere).await;
        assert!(matches!(refused, Err(AppendError::Conflict(Conflict::Version { .. }))), "{refused:?}");
    }
    assert_eq!(town.store.state(&stream()).await.unwrap().item, None);

    town.store.append(&put_anew(6, &first, 2)).await.unwrap();
    // Now it says so itself: it is no longer the last event that does.
    town.take_away("request/1", "event#request/1#0000000002").await;
    let state = town.store.state(&stream()).await.unwrap();
    assert_eq!((&state.head, &state.item.unwrap().head), (&head, &head));
    town.store.append(&facts(7, &head, 1).0).await.unwrap();
}

#[tokio::test]
async fn an_item_is_deleted_where_its_stream_has_no_events_and_never_where_it_has() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 1);
    let key = ItemKey::from(&stream());
    let delete = |id| Append { items: vec![ItemChange::Delete(key.clone())], ..put_anew(id, &first, 0) };
    town.store.append(&put_anew(2, &first, 0)).await.unwrap();
    town.store.append(&delete(3)).await.unwrap();
    assert_eq!(town.store.item(&key).await.unwrap(), None);
    town.store.append(&first).await.unwrap();
    let refused = town.store.append(&delete(4)).await;
    assert!(matches!(refused, Err(AppendError::Conflict(Conflict::Version { .. }))), "{refused:?}");
    assert_eq!(town.store.item(&key).await.unwrap().unwrap().head, head);
}

#[tokio::test]
async fn a_stream_that_lost_its_last_event_says_that_it_ended_later() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 2);
    town.store.append(&first).await.unwrap();
    town.take_away("request/1", "event#request/1#0000000002").await;
    let recorded = town.store.recorded(&stream()).await.unwrap();
    assert_eq!((recorded.events.len(), &recorded.head), (1, &head));
}

/// As where a table was restored that had some rows of a transaction and not others.
#[tokio::test]
async fn a_record_that_is_behind_its_events_catches_up_when_something_is_to_be_recorded_or_all_is_read() {
    for by_reading in [false, true] {
        let town = Town::new().await;
        let (first, head) = facts(1, &Head::empty(), 1);
        town.store.append(&first).await.unwrap();
        let record = town.row("request/1", "state#request/1").await;
        let (second, end) = facts(2, &head, 2);
        town.store.append(&second).await.unwrap();
        town.put(record).await;
        assert_eq!(town.store.state(&stream()).await.unwrap().head, head);

        if by_reading {
            let recorded = town.store.recorded(&stream()).await.unwrap();
            assert_eq!((recorded.events.len(), recorded.head), (3, end.clone()));
        } else {
            let refused = town.store.append(&facts(3, &head, 1).0).await;
            assert!(matches!(refused, Err(AppendError::Conflict(Conflict::Version { .. }))), "{refused:?}");
        }
        let state = town.store.state(&stream()).await.unwrap();
        assert_eq!((&state.head, &state.item.unwrap().head), (&end, &head), "its item is that of before");
        town.store.append(&facts(4, &end, 1).0).await.unwrap();
        assert_eq!(town.store.stream(&stream()).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn an_event_that_does_not_follow_the_end_of_its_stream_is_never_taken_for_one_of_it() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 1);
    town.store.append(&first).await.unwrap();
    let forged = Head { hash: "f".repeat(64), ..head.clone() };
    let bytes = facts(9, &forged, 1).0.streams[0].events[0].bytes.clone();
    let place = "event#request/1#0000000002";
    town.change("request/1", place, "bytes", AttributeValue::S(bytes)).await;

    let refused = town.store.append(&facts(2, &head, 1).0).await;
    assert!(matches!(refused, Err(AppendError::Conflict(Conflict::Version { .. }))), "{refused:?}");
    let recorded = town.store.recorded(&stream()).await.unwrap();
    assert_eq!((recorded.events.len(), recorded.head), (2, head.clone()));
    assert_eq!(town.store.state(&stream()).await.unwrap().head, head);
    town.take_away("request/1", place).await;
    town.store.append(&facts(3, &head, 1).0).await.unwrap();
}

/// As where all rows of an append are not shown at the same moment.
#[tokio::test]
async fn what_is_shown_a_moment_later_is_waited_for() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 2);
    town.store.append(&first).await.unwrap();
    let place = "event#request/1#0000000002";
    let last = town.row("request/1", place).await;
    town.take_away("request/1", place).await;
    let stream = stream();
    let shown_later = async {
        // It is not there when the stream is read for the first time.
        assert_eq!(town.store.stream(&stream).await.unwrap().len(), 1);
        town.put(last).await;
    };
    let (recorded, ()) = tokio::join!(town.store.recorded(&stream), shown_later);
    let recorded = recorded.unwrap();
    assert_eq!((recorded.events.len(), recorded.head), (2, head));
}

#[tokio::test]
async fn an_item_that_cannot_be_understood_comes_empty_and_the_list_goes_on() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 1);
    town.store.append(&first).await.unwrap();
    let damaged = AttributeValue::N("7".to_owned());
    town.change("request/1", "state#request/1", "body", damaged).await;
    let state = town.store.state(&stream()).await.unwrap();
    let empty = state.item.unwrap();
    assert_eq!((state.head, empty.head, empty.body.as_str()), (head, Head::empty(), ""));
    let everything = PageRequest { limit: 200, after: None };
    for prefix in ["request/", "request/1/", ""] {
        let listed = town.store.items(prefix, &everything).await.unwrap().items;
        assert_eq!(listed.len(), usize::from(prefix != "request/1/"), "{prefix}");
    }
}

#[tokio::test]
async fn what_does_not_fit_into_one_transaction_certainly_did_not_happen() {
    let town = Town::new().await;
    let refused = town.store.append(&facts(1, &Head::empty(), 101).0).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    assert!(town.store.stream(&stream()).await.unwrap().is_empty());
    let most = town.store.append(&facts(2, &Head::empty(), 99).0).await;
    assert!(most.is_ok(), "{most:?}");
    assert_eq!(town.store.stream(&stream()).await.unwrap().len(), 99);
}

/// Has every transaction carried out, and answered as one that is not allowed.
#[derive(Debug, Default)]
struct Disowning {
    is_transaction: AtomicBool,
}

impl Intercept for Disowning {
    fn name(&self) -> &'static str {
        "disowning"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let target = context.request().headers().get("x-amz-target").unwrap_or_default();
        self.is_transaction.store(target.ends_with(".TransactWriteItems"), Ordering::SeqCst);
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.is_transaction.load(Ordering::SeqCst) {
            let answer = context.response_mut();
            *answer.status_mut() = 400_u16.try_into()?;
            *answer.body_mut() = SdkBody::from(r#"{"__type":"AccessDeniedException","message":"no"}"#);
        }
        Ok(())
    }
}

/// As where the SDK got no answer to the first sending in time, and a refusal to the second one.
#[tokio::test]
async fn what_is_refused_only_after_it_was_carried_out_has_happened() {
    let town = Town::new().await;
    let config = crate::support::config().interceptor(Disowning::default());
    let client = aws_sdk_dynamodb::Client::from_conf(config.build());
    let store = DynamoStore::new(client, town.table.as_str(), Arc::new(crate::support::Patient));
    let (append, _) = facts(1, &Head::empty(), 1);
    store.append(&append).await.unwrap();
    assert_eq!(town.store.stream(&stream()).await.unwrap().len(), 1);

    let nothing_recorded = Append { streams: vec![], ..append };
    let refused = store.append(&nothing_recorded).await;
    assert!(matches!(refused, Err(AppendError::Unknown(_))), "{refused:?}");
}

#[tokio::test]
async fn a_stream_that_goes_on_may_also_be_one_that_must_be_unchanged_before() {
    let town = Town::new().await;
    let (first, head) = facts(1, &Head::empty(), 1);
    town.store.append(&Append { unchanged: vec![(stream(), 0)], ..first }).await.unwrap();
    let (next, _) = facts(2, &head, 1);
    town.store.append(&Append { unchanged: vec![(stream(), 1)], ..next }).await.unwrap();
}

#[tokio::test]
async fn a_table_that_is_not_there_is_unavailable_and_never_empty() {
    let store = crate::support::store("nowhere");
    assert!(store.stream(&stream()).await.is_err());
    assert!(store.state(&stream()).await.is_err());
    assert!(store.holder("key", Instant::UNIX_EPOCH).await.is_err());
    let listed = store.items("", &PageRequest { limit: 1, after: None }).await;
    assert!(matches!(listed, Err(ListError::Unavailable(_))));
    let refused = store.append(&facts(1, &Head::empty(), 1).0).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
}
