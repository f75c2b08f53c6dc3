//! What the store does for the audit trail: events never change, and what somebody changes all the
//! same is found.

use futures::executor::block_on;
use kari_application::check_records::BESIDE_STREAMS;
use kari_application::ports::{AppendError, AuditFilter, EventStore, ItemKey, PageRequest};
use kari_domain::audit::{ChainFault, Head, StreamId};
use kari_embedded::store::SqliteStore;
use rusqlite::Connection;

use crate::sample::{append, stream};

/// A store with three events in each of two streams, after somebody had `sql` run on its file.
fn tampered(sql: &str) -> Vec<Result<(), ChainFault>> {
    let (store, _directory) = tampered_store(sql);
    store.all_streams().unwrap().map(|stream| stream.unwrap().verify()).collect()
}

fn tampered_store(sql: &str) -> (SqliteStore, tempfile::TempDir) {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    let store = SqliteStore::open(&file).unwrap();
    block_on(store.append(&append(1, "stream/a", &Head::empty(), 3))).unwrap();
    block_on(store.append(&append(2, "stream/b", &Head::empty(), 3))).unwrap();
    let forger = Connection::open(&file).unwrap();
    forger.execute_batch("DROP TRIGGER events_never_change; DROP TRIGGER events_never_go").unwrap();
    forger.execute_batch("PRAGMA foreign_keys = off").unwrap();
    forger.execute_batch(sql).unwrap();
    (store, directory)
}

#[test]
fn untouched_streams_are_sound() {
    assert_eq!(tampered(""), [Ok(()), Ok(())]);
}

#[test]
fn an_altered_event_is_found_and_only_in_its_stream() {
    for sequence in 1..=3 {
        let sql = format!(
            "UPDATE events SET bytes = replace(bytes, 'something', 'nothing')
             WHERE stream = 'stream/a' AND sequence = {sequence}"
        );
        let found = tampered(&sql);
        assert!(found[0].is_err(), "event {sequence}");
        assert_eq!(found[1], Ok(()));
    }
}

#[test]
fn missing_events_are_found_also_at_the_end_and_when_all_are_gone() {
    for which in ["sequence = 1", "sequence = 2", "sequence = 3", "sequence > 1", "TRUE"] {
        let found = tampered(&format!("DELETE FROM events WHERE stream = 'stream/a' AND {which}"));
        assert!(found[0].is_err(), "{which}");
        assert_eq!(found[1], Ok(()));
    }
}

#[test]
fn a_stream_whose_recorded_end_is_gone_is_found() {
    let found = tampered("DELETE FROM streams WHERE stream = 'stream/b'");
    assert_eq!(found[0], Ok(()));
    assert!(matches!(found[1], Err(ChainFault::WrongEnd { .. })));
}

#[test]
fn a_stream_whose_recorded_end_is_gone_goes_on_where_its_events_end() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    let store = SqliteStore::open(&file).unwrap();
    block_on(store.append(&append(1, "stream/a", &Head::empty(), 3))).unwrap();
    let end = block_on(store.recorded(&stream("stream/a"))).unwrap().head;
    Connection::open(&file).unwrap().execute("DELETE FROM streams", []).unwrap();
    assert_eq!(block_on(store.recorded(&stream("stream/a"))).unwrap().head, end);
    assert_eq!(block_on(store.state(&stream("stream/a"))).unwrap().head, end);
    assert_eq!(store.unrecorded().unwrap(), [stream("stream/a")]);
    block_on(store.append(&append(2, "stream/a", &end, 1))).unwrap();
    assert_eq!(store.all_streams().unwrap().map(|s| s.unwrap().verify()).collect::<Vec<_>>(), [Ok(())]);
}

#[test]
fn a_text_that_is_none_is_a_fault_of_its_stream_and_hides_no_other() {
    let page = PageRequest { limit: 10, after: None };
    for column in ["bytes", "stream", "kind", "actor"] {
        let sql = format!(
            "UPDATE events SET {column} = CAST(x'ff' AS TEXT) WHERE stream = 'stream/a' AND sequence = 2"
        );
        let (store, _directory) = tampered_store(&sql);
        assert_eq!(store.outbox_batch(0, 10).unwrap().len(), 6, "{column}");
        let audited = block_on(store.audit(&AuditFilter::default(), &page)).unwrap();
        assert_eq!(audited.items.len(), 6, "{column}");
        let left = block_on(store.stream(&stream("stream/a"))).unwrap().len();
        assert_eq!(left, if column == "stream" { 2 } else { 3 });
        let found: Vec<_> = store.all_streams().unwrap().map(Result::unwrap).collect();
        assert!(found[0].verify().is_err() || found[0].misfiled == [2], "{column}");
        assert!(found[1].verify().is_ok() && found[1].misfiled.is_empty(), "{column}");
        assert_eq!(found.iter().filter(|recorded| !recorded.is_named()).count(), found.len() - 2);
        assert_eq!(found.len(), if column == "stream" { 3 } else { 2 });
    }
}

#[test]
fn a_record_that_cannot_be_read_counts_as_none_and_is_named() {
    for flaw in ["hash = CAST(x'ff' AS TEXT)", "version = -1"] {
        let (store, _directory) =
            tampered_store(&format!("UPDATE streams SET {flaw} WHERE stream LIKE '%a'"));
        assert_eq!(store.unrecorded().unwrap(), [stream("stream/a")], "{flaw}");
        let end = block_on(store.recorded(&stream("stream/a"))).unwrap().head;
        assert_eq!(end.version, 3, "{flaw}");
        block_on(store.append(&append(3, "stream/a", &end, 1))).unwrap();
        assert_eq!(store.unrecorded().unwrap(), [], "{flaw}");
    }
}

#[test]
fn a_number_below_zero_hides_nothing() {
    let (store, _directory) =
        tampered_store("UPDATE events SET sequence = -1, position = -6 WHERE position = 6");
    assert!(store.all_streams().unwrap().all(|recorded| recorded.is_ok()));
    let extent = store.extent().unwrap();
    assert_eq!((extent.events, extent.last), (5, 5));
}

#[test]
fn what_is_kept_beside_the_streams_counts_as_none() {
    let values = BESIDE_STREAMS.map(|key| format!("('{key}', 0, '', '{{}}'), ('{key}more', 0, '', '{{}}')"));
    let sql = format!("INSERT INTO items (key, version, hash, body) VALUES {}", values.join(", "));
    let (store, _directory) = tampered_store(&sql);
    assert_eq!(store.all_streams().unwrap().count(), 2);
    // Those of the sample have no state items.
    assert_eq!(store.misplaced().unwrap(), [stream("stream/a"), stream("stream/b")]);
}

#[test]
fn a_state_item_whose_columns_cannot_be_read_is_there_without_a_body() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    let store = SqliteStore::open(&file).unwrap();
    let insert = "INSERT INTO items (key, version, hash, body) VALUES ('stream/a', -1, 'x', 'y')";
    Connection::open(&file).unwrap().execute(insert, []).unwrap();
    let item = block_on(store.item(&ItemKey("stream/a".to_owned()))).unwrap().unwrap();
    assert_eq!((item.head, item.body.as_str()), (Head::empty(), ""));
    let page = PageRequest { limit: 10, after: None };
    assert_eq!(block_on(store.items("stream/", &page)).unwrap().items.len(), 1);
}

#[test]
fn a_recorded_event_cannot_be_changed_or_deleted_by_an_ordinary_statement() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    let store = SqliteStore::open(&file).unwrap();
    block_on(store.append(&append(1, "stream/a", &Head::empty(), 3))).unwrap();
    let other = Connection::open(&file).unwrap();
    for statement in ["UPDATE events SET actor = 'u-2'", "DELETE FROM events"] {
        let refused = other.execute(statement, []).unwrap_err().to_string();
        assert!(refused.contains("a recorded event"), "{refused}");
    }
}

#[test]
fn an_append_that_would_break_a_chain_is_refused_and_changes_nothing() {
    let store = SqliteStore::in_memory().unwrap();
    let good = append(1, "stream/a", &Head::empty(), 3);
    let mut gap = good.clone();
    gap.streams[0].events.remove(1);
    let mut misplaced = good.clone();
    misplaced.streams[0].stream = StreamId::from_stored("stream/b".to_owned());
    let mut forged = good.clone();
    let event = &mut forged.streams[0].events[0];
    event.bytes = event.bytes.replace("something", "nothing");
    let mut of_another = good.clone();
    of_another.id = kari_domain::ids::AppendId(uuid::Uuid::from_u128(9));
    let mut unreadable = good.clone();
    unreadable.streams[0].events[2].bytes = "{}".to_owned();
    for bad in [gap, misplaced, forged, of_another, unreadable] {
        let refused = block_on(store.append(&bad));
        assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    }
    assert!(block_on(store.stream(&stream("stream/a"))).unwrap().is_empty());
    block_on(store.append(&good)).unwrap();
}
