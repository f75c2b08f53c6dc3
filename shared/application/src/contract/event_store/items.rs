//! Laws of state items.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_domain::audit::Head;

use super::appends::assert_version_conflict;
use super::sample::{begin, empty, everything, item, one_fact, put, request, request_item, second, stream};
use crate::ports::{Append, Due, EventStore, Item, ItemChange, ItemKey, Recorded, StreamState};

fn due(key: &str, at: i64) -> Item {
    Item { due_at: Some(second(at)), ..item(key) }
}

pub async fn an_item_comes_back_as_it_was_put(store: &dyn EventStore) {
    let exact = second(0) + TimeDelta::microseconds(123_456);
    let full = Item {
        due_at: Some(exact),
        body: "{ \"text\" :\t\"日本語 🙂\" }\n".to_owned(),
        ..request_item(request(1, 7))
    };
    let plain = item("policies/eligibility/a");
    put(store, 1, [full.clone(), plain.clone()]).await;
    let nothing = ItemKey("policies/eligibility/".to_owned());
    let keys = BTreeSet::from([full.key.clone(), plain.key.clone(), nothing.clone()]);
    let both = BTreeMap::from([full.clone(), plain.clone()].map(|item| (item.key.clone(), item)));
    assert_eq!(store.items_by_key(&keys).await.unwrap(), both);
    assert_eq!(store.item(&full.key).await.unwrap(), Some(full));
    assert_eq!(store.item(&plain.key).await.unwrap(), Some(plain));
    assert_eq!(store.item(&nothing).await.unwrap(), None);
}

pub async fn a_stream_comes_with_its_end_and_its_item(store: &dyn EventStore) {
    let (a, nothing) = (stream("request/a"), StreamState { head: Head::empty(), item: None });
    assert_eq!(store.state(&a).await.unwrap(), nothing);
    assert_eq!(store.recorded(&a).await.unwrap(), Recorded { events: vec![], head: Head::empty() });
    let first = begin(store, 1, "request/a").await;
    assert_eq!(store.state(&a).await.unwrap(), StreamState { head: first.clone(), item: None });

    let (append, head) = one_fact(2, "request/a", &first);
    let item = Item { head: head.clone(), ..item("request/a") };
    store.append(&Append { items: vec![ItemChange::Put(item.clone())], ..append }).await.unwrap();
    assert_eq!(store.state(&a).await.unwrap(), StreamState { head: head.clone(), item: Some(item) });
    let recorded = store.recorded(&a).await.unwrap();
    assert_eq!((&recorded.events, &recorded.head), (&store.stream(&a).await.unwrap(), &head));
    assert_eq!(store.health().await.ok(), Some(()));
}

pub async fn a_stream_comes_without_the_items_that_lie_beside_it(store: &dyn EventStore) {
    let policies = stream("policies");
    let first = begin(store, 1, "policies").await;
    let (append, head) = one_fact(2, "policies", &first);
    let own = Item { head: head.clone(), ..item("policies") };
    let beside = ["policies/approver/a", "policies/eligibility/b", "policies/guardrail/a"].map(item);
    let items = beside.into_iter().chain([own.clone()]).map(ItemChange::Put).collect();
    store.append(&Append { items, ..append }).await.unwrap();

    let events = store.stream(&policies).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(store.recorded(&policies).await.unwrap(), Recorded { events, head: head.clone() });
    assert_eq!(store.state(&policies).await.unwrap(), StreamState { head, item: Some(own) });
}

pub async fn an_item_is_replaced_and_deleted(store: &dyn EventStore) {
    let old = Item { due_at: Some(second(1)), ..request_item(request(1, 7)) };
    put(store, 1, [old.clone()]).await;
    let new = Item { due_at: None, request: None, body: "{}".to_owned(), ..old };
    put(store, 2, [new.clone()]).await;
    assert_eq!(store.item(&new.key).await.unwrap(), Some(new.clone()));
    let delete = ItemChange::Delete(new.key.clone());
    store.append(&Append { items: vec![delete], ..empty(3) }).await.unwrap();
    assert_eq!(store.item(&new.key).await.unwrap(), None);
    assert!(store.items("", &everything()).await.unwrap().items.is_empty());
}

pub async fn an_item_is_put_where_its_stream_is_unchanged_and_not_where_it_moved_on(store: &dyn EventStore) {
    let a = stream("request/a");
    let put_at = |id: u128, version: u64, item: &Item| Append {
        unchanged: vec![(a.clone(), version)],
        items: vec![ItemChange::Put(item.clone())],
        ..empty(id)
    };
    let head = begin(store, 1, "request/a").await;
    let old = Item { head: head.clone(), due_at: Some(second(1)), ..item("request/a") };
    let anew = Item { due_at: None, body: "{}".to_owned(), ..old.clone() };
    for (id, item) in [(2, old), (3, anew.clone())] {
        store.append(&put_at(id, 1, &item)).await.unwrap();
        let state = StreamState { head: head.clone(), item: Some(item) };
        assert_eq!(store.state(&a).await.unwrap(), state);
    }
    let (next, head) = one_fact(4, "request/a", &head);
    let newest = Item { head: head.clone(), ..anew.clone() };
    store.append(&Append { items: vec![ItemChange::Put(newest.clone())], ..next }).await.unwrap();
    for (id, elsewhere) in [(5, 0), (6, 1), (7, 3)] {
        assert_version_conflict(store.append(&put_at(id, elsewhere, &anew)).await, "request/a");
    }
    assert_eq!(store.state(&a).await.unwrap(), StreamState { head, item: Some(newest) });

    // Nor where nothing was ever recorded.
    let b = Item { key: ItemKey("request/b".to_owned()), ..anew };
    let append = Append { unchanged: vec![(stream("request/b"), 1)], ..put_at(8, 1, &b) };
    assert_version_conflict(store.append(&append).await, "request/b");
    assert_eq!(store.item(&b.key).await.unwrap(), None);
}

pub async fn what_is_due_comes_the_longest_overdue_first(store: &dyn EventStore) {
    put(store, 1, [due("a", 30), due("b", 10), due("c", 20), due("d", 31), item("e")]).await;
    let due = |key: &str, at: i64| Due { key: ItemKey(key.to_owned()), at: second(at) };
    assert_eq!(store.due(second(9), None, 10).await.unwrap(), []);
    let all = store.due(second(30), None, 10).await.unwrap();
    assert_eq!(all, [due("b", 10), due("c", 20), due("a", 30)]);
    assert_eq!(store.due(second(30), None, 2).await.unwrap(), all[..2]);
    for (place, last) in all.iter().enumerate() {
        assert_eq!(store.due(second(30), Some(last), 10).await.unwrap(), all[place + 1..]);
    }
}

pub async fn what_is_no_longer_due_is_not_listed(store: &dyn EventStore) {
    put(store, 1, [due("a", 10), due("b", 10), due("c", 10)]).await;
    put(store, 2, [item("a"), due("b", 50)]).await;
    let delete = ItemChange::Delete(ItemKey("c".to_owned()));
    store.append(&Append { items: vec![delete], ..empty(3) }).await.unwrap();
    assert_eq!(store.due(second(49), None, 10).await.unwrap(), []);
    assert_eq!(store.due(second(50), None, 10).await.unwrap().len(), 1);
}
