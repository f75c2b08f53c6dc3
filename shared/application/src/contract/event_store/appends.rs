//! Laws of appending.

use kari_domain::audit::{Head, SealedEvent, seal};

use super::sample::{append_id, begin, empty, facts, item, one_fact, said, stamp, stream};
use crate::ports::{
    Append, AppendError, ClaimChange, Conflict, EventStore, ItemChange, ItemKey, StreamAppend,
};

pub(crate) fn assert_version_conflict(result: Result<(), AppendError>, name: &str) {
    match result {
        Err(AppendError::Conflict(Conflict::Version { stream })) => assert_eq!(stream.as_str(), name),
        other => panic!("expected a conflict at {name}, got {other:?}"),
    }
}

/// Sealed like any event, but with white space that no serializer of ours would write.
fn oddly_spaced(name: &str, head: &Head, words: &str) -> SealedEvent {
    let (sealed, _) = seal(&stream(name), head, &[said(words)], &stamp(1, 0)).unwrap();
    let SealedEvent { sequence, kind, bytes } = sealed.into_iter().next().unwrap();
    SealedEvent { sequence, kind, bytes: format!(" {} \n", bytes.replace("\":", "\" :\t")) }
}

pub async fn events_come_back_byte_for_byte_and_in_order(store: &dyn EventStore) {
    let mut head = Head::empty();
    let mut events = Vec::new();
    for words in ["plain", "日本語 🙂 \u{10ffff}", "quote \" backslash \\ null \0", ""] {
        let event = oddly_spaced("stream/a", &head, words);
        head = head.after(&event.bytes);
        events.push(event);
    }
    let bytes: Vec<_> = events.iter().map(|e| e.bytes.clone()).collect();
    let append = StreamAppend { stream: stream("stream/a"), expected: Head::empty(), events };
    store.append(&Append { streams: vec![append], ..empty(1) }).await.unwrap();
    assert_eq!(store.stream(&stream("stream/a")).await.unwrap(), bytes);
}

pub async fn a_stream_without_events_is_empty(store: &dyn EventStore) {
    begin(store, 1, "stream/a").await;
    assert!(store.stream(&stream("stream/")).await.unwrap().is_empty());
    assert!(store.item(&ItemKey("stream/a".to_owned())).await.unwrap().is_none());
}

pub async fn an_append_at_another_version_conflicts_and_changes_nothing(store: &dyn EventStore) {
    let first = begin(store, 1, "stream/a").await;
    let before = store.stream(&stream("stream/a")).await.unwrap();
    let (too_early, _) = one_fact(2, "stream/a", &Head::empty());
    assert_version_conflict(store.append(&too_early).await, "stream/a");
    let (_, never) = one_fact(3, "stream/a", &first);
    let (too_late, _) = one_fact(4, "stream/a", &never);
    assert_version_conflict(store.append(&too_late).await, "stream/a");
    assert_eq!(store.stream(&stream("stream/a")).await.unwrap(), before);
}

pub async fn an_append_on_another_hash_conflicts_and_changes_nothing(store: &dyn EventStore) {
    let first = begin(store, 1, "stream/a").await;
    let forged = Head { hash: "f".repeat(64), ..first };
    let (append, _) = one_fact(2, "stream/a", &forged);
    assert_version_conflict(store.append(&append).await, "stream/a");
    assert_eq!(store.stream(&stream("stream/a")).await.unwrap().len(), 1);
}

pub async fn a_conflict_in_one_stream_stops_the_whole_append(store: &dyn EventStore) {
    begin(store, 1, "stream/b").await;
    let stamp = stamp(2, 0);
    let (good, _) = facts("stream/a", &Head::empty(), &[said("never")], &stamp);
    let (bad, _) = facts("stream/b", &Head::empty(), &[said("never")], &stamp);
    let take =
        |value: &str| ClaimChange::Take { key: "key".to_owned(), value: value.to_owned(), until: None };
    let append = Append {
        streams: vec![good, bad],
        items: vec![ItemChange::Put(item("stream/a"))],
        claims: vec![take("loser")],
        ..empty(2)
    };
    assert_version_conflict(store.append(&append).await, "stream/b");
    assert!(store.stream(&stream("stream/a")).await.unwrap().is_empty());
    assert!(store.item(&ItemKey("stream/a".to_owned())).await.unwrap().is_none());
    assert!(!store.appended(append_id(2), &stream("stream/a")).await.unwrap());
    store.append(&Append { claims: vec![take("winner")], ..empty(3) }).await.unwrap();
}

pub async fn a_stream_that_must_be_unchanged_stops_the_append_if_it_moved(store: &dyn EventStore) {
    begin(store, 1, "policies").await;
    let (append, head) = one_fact(2, "stream/a", &Head::empty());
    for stale in [0, 2] {
        let append = Append { unchanged: vec![(stream("policies"), stale)], ..append.clone() };
        assert_version_conflict(store.append(&append).await, "policies");
    }
    assert!(store.stream(&stream("stream/a")).await.unwrap().is_empty());
    let unchanged = vec![(stream("policies"), 1), (stream("stream/never"), 0)];
    store.append(&Append { unchanged, ..append }).await.unwrap();
    assert_eq!(store.stream(&stream("policies")).await.unwrap().len(), 1);
    let (next, _) = one_fact(3, "stream/a", &head);
    store.append(&next).await.unwrap();
}

pub async fn an_append_never_happens_twice(store: &dyn EventStore) {
    let (append, head) = one_fact(1, "stream/a", &Head::empty());
    let append = Append { items: vec![ItemChange::Put(item("stream/a"))], ..append };
    store.append(&append).await.unwrap();
    store.append(&append).await.unwrap();
    assert_eq!(store.stream(&stream("stream/a")).await.unwrap().len(), 1);

    // Also not when the world has moved on.
    let (next, _) = one_fact(2, "stream/a", &head);
    let newer = crate::ports::Item { body: "{}".to_owned(), ..item("stream/a") };
    store.append(&Append { items: vec![ItemChange::Put(newer.clone())], ..next }).await.unwrap();
    store.append(&append).await.unwrap();
    assert_eq!(store.stream(&stream("stream/a")).await.unwrap().len(), 2);
    assert_eq!(store.item(&newer.key).await.unwrap(), Some(newer));
}

pub async fn an_append_that_happened_is_known_by_id_and_stream(store: &dyn EventStore) {
    let head = begin(store, 1, "stream/a").await;
    let stamp = stamp(2, 0);
    let (a, _) = facts("stream/a", &head, &[said("a")], &stamp);
    let (b, _) = facts("stream/b", &Head::empty(), &[said("b"), said("c")], &stamp);
    store.append(&Append { streams: vec![a, b], ..empty(2) }).await.unwrap();
    for (id, name, happened) in [
        (1, "stream/a", true),
        (2, "stream/a", true),
        (2, "stream/b", true),
        (1, "stream/b", false),
        (3, "stream/a", false),
        (2, "stream/c", false),
    ] {
        assert_eq!(store.appended(append_id(id), &stream(name)).await.unwrap(), happened, "{id} {name}");
    }
}

/// Appends to a store, then opens it again by `reopen` and looks whether everything is there, and
/// whether a cursor made before still works.
pub async fn what_was_appended_survives<S: std::ops::Deref<Target: EventStore>>(
    before: S,
    reopen: impl AsyncFnOnce(S) -> S,
) {
    let page = crate::ports::PageRequest { limit: 1, after: None };
    let until = super::sample::second(60);
    let key = "key".to_owned();
    let take = ClaimChange::Take { key, value: "first".to_owned(), until: Some(until) };
    let (append, head) = one_fact(1, "stream/a", &Head::empty());
    let items = [item("stream/a"), item("stream/b")];
    let changes = items.iter().cloned().map(ItemChange::Put).collect();
    before.append(&Append { items: changes, claims: vec![take], ..append }).await.unwrap();
    let bytes = before.stream(&stream("stream/a")).await.unwrap();
    let cursor = before.items("stream/", &page).await.unwrap().next;

    let after = reopen(before).await;
    assert_eq!(after.stream(&stream("stream/a")).await.unwrap(), bytes);
    assert!(after.appended(append_id(1), &stream("stream/a")).await.unwrap());
    let rest = after.items("stream/", &crate::ports::PageRequest { after: cursor, ..page }).await.unwrap();
    assert_eq!(rest.items, items[1..]);
    let take = ClaimChange::Take { key: "key".to_owned(), value: "second".to_owned(), until: Some(until) };
    super::claims::assert_held_by(after.append(&Append { claims: vec![take], ..empty(2) }).await, "first");
    let (next, _) = one_fact(3, "stream/a", &head);
    after.append(&next).await.unwrap();
}
