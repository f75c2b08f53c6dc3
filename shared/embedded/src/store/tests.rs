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
fn a_reserve_that_somebody_beside_the_database_spent_is_spent_for_the_database_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kari.db");
    let reserve = Arc::new(Reserve::beside(&file));
    let store = SqliteStore::open_with(&file, Arc::clone(&reserve)).unwrap();
    store.keep_reserve().unwrap();
    assert!(reserve.give_up());
    assert!(store.attempt(Purpose::Begins, |_| Ok(())).is_err());
    assert!(store.attempt(Purpose::GoesOn, |_| Ok(())).is_ok());
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
