//! Databases of every version that ever was are opened; those of versions to come are refused.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use futures::executor::block_on;
use kari_application::ports::{Cursor, EventStore, ItemKey, PageRequest, RequestFilter, RequestScope};
use kari_domain::audit::Head;
use kari_domain::ids::{Target, Tuple};
use kari_domain::request::RequestState;
use kari_domain::time::Instant;
use kari_embedded::clock::VirtualClock;
use kari_embedded::inbox::Inbox;
use kari_embedded::store::{OpenError, SqliteStore};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::sample;

/// Add one for each version; never change one.
const FIXTURES: [(usize, &str); 4] = [
    (1, include_str!("fixtures/store-v1.sql")),
    (2, include_str!("fixtures/store-v2.sql")),
    (3, include_str!("fixtures/store-v3.sql")),
    (4, include_str!("fixtures/store-v4.sql")),
];

const EVERYTHING: PageRequest = PageRequest { limit: 200, after: None::<Cursor> };

fn database(directory: &TempDir, sql: &str) -> std::path::PathBuf {
    let file = directory.path().join("kari.db");
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    file
}

fn schema(file: &Path) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let sql = "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_database_of_every_earlier_version_is_opened_with_all_that_is_in_it() {
    for (version, sql) in FIXTURES {
        let directory = TempDir::new().unwrap();
        let store = Arc::new(SqliteStore::open(database(&directory, sql)).unwrap());
        let streams: Vec<_> = store.all_streams().unwrap().map(Result::unwrap).collect();
        assert_eq!(streams.len(), 1, "version {version}");
        assert_eq!((streams[0].verify(), streams[0].events.len()), (Ok(()), 2));

        let any = RequestFilter::default();
        let listed = store.requests(&RequestScope::All, &any, &EVERYTHING);
        let item = block_on(listed).unwrap().items.remove(0);
        assert_eq!((&item.key, &item.head), (&ItemKey::from(&streams[0].stream), &streams[0].head));
        assert_eq!(item.due_at, Some(Instant::UNIX_EPOCH + TimeDelta::hours(8)));
        let request = item.request.unwrap();
        assert_eq!(request.state, RequestState::Pending);

        let outgoing = store.outbox_batch(0, 10).unwrap();
        assert_eq!(outgoing.iter().map(|o| o.sequence).collect::<Vec<_>>(), [2]);
        let inbox = Inbox::new(Arc::clone(&store));
        let reviewer = "u-2".parse().unwrap();
        assert_eq!(inbox.unread(&reviewer).unwrap(), 1);
        let message = inbox.messages(&reviewer, &EVERYTHING).unwrap().items.remove(0);
        let target = Target { account: request.account, permission_set: request.permission_set };
        assert_eq!(message.about, Some(Tuple { principal: request.requester, target }));
        assert_eq!(VirtualClock::open(store).unwrap().offset(), TimeDelta::hours(1));
    }
}

#[test]
fn a_migrated_database_has_the_same_schema_as_a_new_one() {
    for (version, sql) in FIXTURES {
        let (migrated, new) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let (migrated, new) = (database(&migrated, sql), new.path().join("kari.db"));
        drop(SqliteStore::open(&migrated));
        drop(SqliteStore::open(&new));
        assert_eq!(schema(&migrated), schema(&new), "version {version}");
    }
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let directory = TempDir::new().unwrap();
    let file = database(&directory, "PRAGMA user_version = 1000; CREATE TABLE tomorrow (a);");
    let before = std::fs::read(&file).unwrap();
    let refused = SqliteStore::open(&file).unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 1000, .. }));
    assert!(refused.to_string().contains("schema 1000"), "{refused}");
    assert!(refused.to_string().ends_with("update kari"), "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn looking_at_a_database_neither_migrates_nor_writes_it_whatever_its_version() {
    let directory = TempDir::new().unwrap();
    let file = database(&directory, FIXTURES[0].1);
    drop(SqliteStore::open(&file).unwrap());
    let before = std::fs::read(&file).unwrap();
    let looked = Arc::new(SqliteStore::open_read_only(&file).unwrap());
    assert_eq!(looked.all_streams().unwrap().map(|s| s.unwrap().verify()).collect::<Vec<_>>(), [Ok(())]);
    assert!(VirtualClock::open(looked).unwrap().skip(TimeDelta::hours(1)).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), before);

    for (version, ending) in [(0, "start this kari once to bring it up to date"), (1000, "update kari")] {
        let directory = TempDir::new().unwrap();
        let file = database(&directory, &format!("CREATE TABLE other (a); PRAGMA user_version = {version};"));
        let before = std::fs::read(&file).unwrap();
        for refused in [SqliteStore::open_read_only(&file), SqliteStore::open_beside(&file)] {
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains(&format!("schema {version}")), "{refused}");
            assert!(refused.ends_with(ending), "{refused}");
        }
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}

#[test]
fn beside_a_running_kari_one_records_and_makes_no_database_where_there_is_none() {
    let directory = TempDir::new().unwrap();
    let none = directory.path().join("none.db");
    assert!(SqliteStore::open_beside(&none).is_err());
    assert!(!none.exists());

    let running = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    let beside = SqliteStore::open_beside(directory.path().join("kari.db")).unwrap();
    block_on(beside.append(&sample::append(1, "request/1", &Head::empty(), 2))).unwrap();
    let streams: Vec<_> = running.all_streams().unwrap().map(Result::unwrap).collect();
    assert_eq!(streams.iter().map(|s| s.events.len()).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_running_kari_is_looked_at_without_being_disturbed() {
    let directory = TempDir::new().unwrap();
    let running = Arc::new(SqliteStore::open(directory.path().join("kari.db")).unwrap());
    let looked = SqliteStore::open_read_only(directory.path().join("kari.db")).unwrap();
    assert_eq!(looked.all_streams().unwrap().count(), 0);
    block_on(running.append(&sample::append(1, "request/1", &Head::empty(), 2))).unwrap();
    let streams: Vec<_> = looked.all_streams().unwrap().map(Result::unwrap).collect();
    assert_eq!(streams.iter().map(|s| s.events.len()).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    std::fs::write(&file, "a diary".repeat(1000)).unwrap();
    assert!(matches!(SqliteStore::open(&file), Err(OpenError::Sqlite(_))));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "a diary".repeat(1000));
}

#[test]
fn two_processes_may_open_a_new_database_at_once() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    std::thread::scope(|scope| {
        let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| SqliteStore::open(&file).map(drop))).collect();
        for opened in opened {
            opened.join().unwrap().unwrap();
        }
    });
}
