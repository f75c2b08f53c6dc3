//! What the laws append.

use chrono::TimeDelta;
use kari_domain::audit::{Actor, AuditEvent, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId};
use kari_domain::request::RequestState;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ports::{Append, EventStore, Item, ItemChange, ItemKey, PageRequest, RequestKeys, StreamAppend};

/// Two kinds of events, to filter by.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub(crate) enum Fact {
    Said { words: String },
    Sung { words: String },
}
impl AuditEvent for Fact {}

pub(crate) fn said(words: &str) -> Fact {
    Fact::Said { words: words.to_owned() }
}

/// The instant this many seconds after the beginning.
pub(crate) fn second(seconds: i64) -> Instant {
    Instant::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

pub(crate) fn stream(name: &str) -> StreamId {
    StreamId::from_stored(name.to_owned())
}

pub(crate) fn append_id(number: u128) -> AppendId {
    AppendId(Uuid::from_u128(number))
}

pub(crate) fn somebody(id: &str) -> Actor {
    Actor::User { id: id.parse().unwrap(), label: format!("{id} 花子") }
}

/// The system, appending at a second.
pub(crate) fn stamp(id: u128, at: i64) -> Stamp {
    let actor = Actor::System { reason: SystemReason::Clock };
    Stamp { append: append_id(id), at: second(at), actor, cause: Cause::Advance }
}

/// An append that changes nothing yet.
pub(crate) fn empty(id: u128) -> Append {
    Append {
        id: append_id(id),
        at: second(0),
        streams: Vec::new(),
        unchanged: Vec::new(),
        items: Vec::new(),
        claims: Vec::new(),
    }
}

/// Facts for the end of a stream, and where it ends then.
pub(crate) fn facts(name: &str, expected: &Head, facts: &[Fact], stamp: &Stamp) -> (StreamAppend, Head) {
    let stream = stream(name);
    let (events, head) = seal(&stream, expected, facts, stamp).unwrap();
    (StreamAppend { stream, expected: expected.clone(), events }, head)
}

/// An append of one fact to one stream, and where it ends then.
pub(crate) fn one_fact(id: u128, name: &str, expected: &Head) -> (Append, Head) {
    let (events, head) = facts(name, expected, &[said("something")], &stamp(id, 0));
    (Append { streams: vec![events], ..empty(id) }, head)
}

/// Appends one fact to a stream that is empty; where it ends then.
pub(crate) async fn begin(store: &dyn EventStore, id: u128, name: &str) -> Head {
    let (append, head) = one_fact(id, name, &Head::empty());
    store.append(&append).await.unwrap();
    head
}

/// An item without a due instant that is of no request.
pub(crate) fn item(key: &str) -> Item {
    let head = Head { version: 3, hash: "ab".repeat(32) };
    Item {
        key: ItemKey(key.to_owned()),
        head,
        due_at: None,
        request: None,
        body: format!("{{\"of\":\"{key}\"}}"),
    }
}

/// What lists know of the request with this number, submitted at a second.
pub(crate) fn request(number: u128, submitted_at: i64) -> RequestKeys {
    RequestKeys {
        id: RequestId(Uuid::from_u128(number)),
        requester: "u-1".parse().unwrap(),
        account: "111122223333".parse().unwrap(),
        permission_set: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap(),
        submitted_at: second(submitted_at),
        state: RequestState::Pending,
    }
}

/// The item of a request.
pub(crate) fn request_item(keys: RequestKeys) -> Item {
    let item = item(&format!("request/{}", keys.id));
    Item { request: Some(keys), ..item }
}

/// Puts items, in one append without events.
pub(crate) async fn put(store: &dyn EventStore, id: u128, items: impl IntoIterator<Item = Item>) {
    let items = items.into_iter().map(ItemChange::Put).collect();
    store.append(&Append { items, ..empty(id) }).await.unwrap();
}

/// A first page that is large enough for everything.
pub(crate) fn everything() -> PageRequest {
    PageRequest { limit: 200, after: None }
}
