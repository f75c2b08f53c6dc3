use std::collections::BTreeSet;

use kari_application::ports::{Append, ClaimChange, StreamAppend};
use kari_domain::audit::{Head, SealedEvent, StreamId};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;

use super::*;

#[test]
fn a_list_that_takes_long_holds_up_no_append() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    let count = |transaction: &Transaction<'_>| {
        transaction.query_row("SELECT count(*) FROM documents", [], |row| row.get::<_, u64>(0))
    };
    let during = store.list(|transaction| {
        let before = count(transaction)?;
        assert!(store.connection.try_lock().is_ok(), "the list keeps others from writing");
        store.save_document(Purpose::GoesOn, "a", "written while somebody lists").unwrap();
        Ok((before, count(transaction)?))
    });
    assert_eq!(during.unwrap(), (0, 0), "a list is of one moment");
    assert_eq!(store.list(count).unwrap(), 1, "the next list sees it");
}

fn full() -> Halt {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    Halt::Failed(rusqlite::Error::SqliteFailure(code, None))
}

#[test]
fn on_a_full_disk_what_goes_on_is_written_in_the_reserve_and_nothing_else_is() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    let reserve = directory.path().join("reserve");
    let write = |_: &mut Connection| if reserve.exists() { Err(full()) } else { Ok(()) };
    store.keep_reserve().unwrap();
    for other in [Purpose::Begins, Purpose::CanWait] {
        assert!(store.attempt(other, write).unwrap_err().lacks_space());
        assert!(reserve.exists(), "{other:?} may not use it");
    }
    assert!(store.trouble().unwrap().contains("full"), "{:?}", store.trouble());

    store.attempt(Purpose::GoesOn, write).unwrap();
    assert!(!reserve.exists());
    assert!(store.trouble().unwrap().contains("nothing new begins"), "{:?}", store.trouble());
    for other in [Purpose::Begins, Purpose::CanWait] {
        let refused = store.attempt(other, write).unwrap_err();
        assert!(matches!(refused, Halt::NoPlace(halt::NoPlace::OnlyTheReserve)), "{refused:?}");
    }

    // There is room again.
    store.keep_reserve().unwrap();
    store.attempt(Purpose::Begins, |_| Ok(())).unwrap();
    assert_eq!(store.trouble(), None);
}

#[test]
fn a_write_takes_no_more_of_the_reserve_than_it_needs() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    store.keep_reserve().unwrap();
    let left = || std::fs::metadata(directory.path().join("reserve")).map_or(0, |file| file.len());
    let whole = left();
    let write = |_: &mut Connection| if left() > whole / 2 { Err(full()) } else { Ok(()) };
    store.attempt(Purpose::GoesOn, write).unwrap();
    assert_eq!(left(), whole / 2);
}

/// What SQLite says where there is no room for what it keeps beside a database that is open.
fn no_room_beside() -> OpenError {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_SHMSIZE);
    OpenError::Sqlite(rusqlite::Error::SqliteFailure(code, None))
}

#[test]
fn on_a_full_disk_a_database_is_opened_in_the_reserve_while_there_is_any() {
    let directory = tempfile::tempdir().unwrap();
    let reserve = Reserve::beside(&directory.path().join("kari.db"));
    reserve.keep().unwrap();
    let left = || std::fs::metadata(directory.path().join("reserve")).map_or(0, |file| file.len());
    let whole = left();
    let open = || if left() == whole { Err(no_room_beside()) } else { Ok("opened") };
    assert_eq!(in_reserve(&reserve, open).unwrap(), "opened");
    assert!(left() > 0 && reserve.is_spent());

    let refused = in_reserve(&reserve, || Err::<(), _>(no_room_beside())).unwrap_err();
    assert!(matches!(refused, OpenError::Full(_)), "{refused:?}");
    assert!(refused.to_string().contains("the disk is full"), "{refused}");
    assert_eq!(left(), 0);
}

#[test]
fn whatever_else_keeps_a_database_from_being_opened_leaves_the_reserve_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kari.db");
    Reserve::beside(&file).keep().unwrap();
    std::fs::write(&file, "a diary".repeat(1000)).unwrap();
    assert!(SqliteStore::open(&file).is_err());
    assert!(SqliteStore::open_beside(&file).is_err());
    assert!(SqliteStore::open_read_only(&file).is_err());
    assert!(SqliteStore::holds_records(&file).is_err());
    assert_eq!(std::fs::metadata(directory.path().join("reserve")).unwrap().len(), 8 << 20);
}

/// By which kinds something begins, and which can wait; all others may be written in the space kept for ends.
/// A new kind that only lets something begin belongs here.
#[test]
fn whatever_lets_something_begin_waits_for_room_and_every_kind_that_is_named_exists() {
    let named = |purpose| move |kind: &String| append::purpose_of(kind) == purpose;
    let kinds = every_kind();
    assert_eq!(
        kinds.iter().filter(|kind| named(Purpose::Begins)(kind)).collect::<Vec<_>>(),
        [
            "activation-started",
            "approved",
            "creation-started",
            "policy-changed",
            "policy-created",
            "policy-deleted",
            "requested",
            "reviewed",
            "settings-changed"
        ]
    );
    assert_eq!(
        kinds.iter().filter(|kind| named(Purpose::CanWait)(kind)).collect::<Vec<_>>(),
        ["attempt-refused", "finding-gone", "finding-noted", "more-not-recorded"]
    );
    for end in ["revocation-requested", "end-started", "removal-started", "absence-observed", "closed"] {
        assert!(kinds.contains(end), "{end}");
        assert_eq!(append::purpose_of(end), Purpose::GoesOn, "{end}");
    }
}

/// The kinds of all events there are: each has a golden file.
fn every_kind() -> BTreeSet<String> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folders = [
        "domain/fixtures/events/request",
        "domain/fixtures/events/ledger",
        "application/fixtures/events/policies",
        "application/fixtures/events/findings",
        "application/fixtures/events/attempts",
    ];
    let files = folders.into_iter().flat_map(|folder| std::fs::read_dir(shared.join(folder)).unwrap());
    files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn an_append_that_lets_something_begin_takes_nothing_of_the_space_for_ends() {
    let appended = |kinds: &[&str], claims| Append {
        id: AppendId(uuid::Uuid::from_u128(1)),
        at: Instant::UNIX_EPOCH,
        streams: vec![StreamAppend {
            stream: StreamId::policies(),
            expected: Head::empty(),
            events: kinds
                .iter()
                .map(|kind| SealedEvent { sequence: 1, kind: (*kind).to_owned(), bytes: String::new() })
                .collect(),
        }],
        unchanged: vec![],
        items: vec![],
        claims,
    };
    let take = || vec![ClaimChange::Take { key: "key".to_owned(), value: "value".to_owned(), until: None }];
    for (kinds, claims, expected) in [
        (&["end-started", "closed"][..], vec![], Purpose::GoesOn),
        (&["closed"], take(), Purpose::Begins),
        (&["holder-joined", "activation-started"], vec![], Purpose::Begins),
        (&["attempt-refused"], vec![], Purpose::CanWait),
        (&["attempt-refused", "requested"], vec![], Purpose::Begins),
    ] {
        assert_eq!(append::purpose(&appended(kinds, claims)), expected, "{kinds:?}");
    }
}

#[test]
fn a_reserve_that_somebody_beside_the_database_spent_is_spent_for_the_database_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kari.db");
    let reserve = Arc::new(Reserve::beside(&file));
    let store = SqliteStore::open_with(&file, &reserve).unwrap();
    store.keep_reserve().unwrap();
    assert!(reserve.give_up());
    assert!(store.attempt(Purpose::Begins, |_| Ok(())).is_err());
    assert!(store.attempt(Purpose::GoesOn, |_| Ok(())).is_ok());
}

#[test]
fn a_database_that_is_found_damaged_says_so_for_good_and_wants_to_be_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    let failing = |code| {
        let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        store.read(|_| Err::<(), _>(error)).unwrap_err();
    };
    failing(rusqlite::ffi::SQLITE_BUSY);
    assert_eq!((store.broke(), store.trouble()), (false, None));
    failing(rusqlite::ffi::SQLITE_CORRUPT);
    store.read(|_| Ok(())).unwrap();
    assert!(store.broke());
    assert!(store.trouble().unwrap().contains("damaged"), "{:?}", store.trouble());
}

#[test]
fn a_database_that_is_full_says_so_until_there_is_room_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    let allow = |pages: u32| store.lock().pragma_update(None, "max_page_count", pages).unwrap();
    allow(40);
    let long = "x".repeat(1 << 20);
    let refused = store.save_document(Purpose::GoesOn, "a", &long).unwrap_err();
    assert!(refused.source.to_string().contains("full"), "{refused:?}");
    assert!(store.trouble().unwrap().contains("full"), "{:?}", store.trouble());
    allow(10_000);
    store.save_document(Purpose::GoesOn, "a", &long).unwrap();
    assert_eq!(store.trouble(), None);
}

#[test]
fn the_files_of_a_database_are_for_its_owner_only_also_where_they_were_not() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kari.db");
    for others_may_read in [false, true] {
        if others_may_read {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
        let store = SqliteStore::open(&file).unwrap();
        store.save_document(Purpose::GoesOn, "a", "written").unwrap();
        for entry in std::fs::read_dir(directory.path()).unwrap().flatten() {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        }
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 3);
    }
}

#[test]
fn a_commit_without_room_did_not_happen_and_of_other_failures_nothing_is_known() {
    let at_commit =
        |code| Halt::at_commit(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
    for code in [rusqlite::ffi::SQLITE_FULL, rusqlite::ffi::SQLITE_BUSY, rusqlite::ffi::SQLITE_IOERR_WRITE] {
        assert!(matches!(at_commit(code), Halt::Failed(_)), "{code}");
    }
    for code in [rusqlite::ffi::SQLITE_IOERR_FSYNC, rusqlite::ffi::SQLITE_CORRUPT] {
        assert!(matches!(at_commit(code), Halt::Unknown(_)), "{code}");
    }
}

#[test]
fn lists_cannot_write() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
    assert!(store.list(|transaction| transaction.execute("DELETE FROM documents", [])).is_err());
}
