//! The outbox, which the relay reads, and the hook that wakes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::executor::block_on;
use kari_application::ports::{Append, EventStore};
use kari_domain::audit::Head;
use kari_embedded::store::SqliteStore;

use crate::sample::append;

fn places(store: &SqliteStore, limit: usize) -> Vec<(String, u64)> {
    let batch = store.outbox_batch(0, limit).unwrap();
    assert!(batch.is_sorted_by_key(|outgoing| outgoing.position));
    batch.into_iter().map(|outgoing| (outgoing.stream.to_string(), outgoing.sequence)).collect()
}

#[test]
fn every_event_goes_out_in_the_order_of_recording_until_it_is_done() {
    let store = SqliteStore::in_memory().unwrap();
    block_on(store.append(&append(1, "stream/b", &Head::empty(), 2))).unwrap();
    block_on(store.append(&append(2, "stream/a", &Head::empty(), 1))).unwrap();
    let place = |name: &str, sequence| (name.to_owned(), sequence);
    let all = [place("stream/b", 1), place("stream/b", 2), place("stream/a", 1)];
    assert_eq!(places(&store, 10), all);
    assert_eq!(places(&store, 2), all[..2]);

    // Handled in another order than recorded, and once more after a crash.
    let second = store.outbox_batch(0, 10).unwrap()[1].position;
    store.outbox_done(second).unwrap();
    store.outbox_done(second).unwrap();
    assert_eq!(places(&store, 10), [place("stream/b", 1), place("stream/a", 1)]);
}

#[test]
fn an_append_that_did_not_happen_or_not_again_leaves_nothing_in_the_outbox() {
    let store = SqliteStore::in_memory().unwrap();
    let first = append(1, "stream/a", &Head::empty(), 1);
    block_on(store.append(&first)).unwrap();
    store.outbox_done(store.outbox_batch(0, 1).unwrap()[0].position).unwrap();
    block_on(store.append(&first)).unwrap();
    block_on(store.append(&append(2, "stream/a", &Head::empty(), 1))).unwrap_err();
    assert_eq!(places(&store, 10), []);
}

#[test]
fn listeners_are_told_once_of_each_append_that_recorded_events_and_may_read_at_once() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    let told = Arc::new(AtomicUsize::new(0));
    store.on_append({
        let (store, told) = (Arc::downgrade(&store), Arc::clone(&told));
        move || {
            let waiting = store.upgrade().unwrap().outbox_batch(0, 10).unwrap().len();
            told.fetch_add(waiting, Ordering::SeqCst);
        }
    });
    let first = append(1, "stream/a", &Head::empty(), 2);
    block_on(store.append(&first)).unwrap();
    block_on(store.append(&first)).unwrap();
    block_on(store.append(&append(2, "stream/a", &Head::empty(), 1))).unwrap_err();
    let nothing = Append { streams: Vec::new(), ..append(3, "stream/a", &Head::empty(), 0) };
    block_on(store.append(&nothing)).unwrap();
    assert_eq!(told.load(Ordering::SeqCst), 2);
}
