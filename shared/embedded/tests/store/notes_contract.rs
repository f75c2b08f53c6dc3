//! What channels remember on one machine obeys its laws.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::executor::block_on;
use kari_application::contract::notes as law;
use kari_application::ports::{NewNote, Notes};
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;
use kari_embedded::notes::StoredNotes;
use kari_embedded::store::SqliteStore;

fn new() -> StoredNotes {
    StoredNotes::new(
        Arc::new(SqliteStore::in_memory().unwrap()),
        Arc::new(ManualClock::new(Instant::UNIX_EPOCH)),
    )
}

#[test]
fn a_group_has_its_notes_by_key_and_no_others() {
    block_on(law::a_group_has_its_notes_by_key_and_no_others(&new()));
}

#[test]
fn a_note_is_written_only_over_the_revision_that_was_read() {
    block_on(law::a_note_is_written_only_over_the_revision_that_was_read(&new()));
}

#[test]
fn a_note_is_erased_only_at_the_revision_that_was_read() {
    block_on(law::a_note_is_erased_only_at_the_revision_that_was_read(&new()));
}

#[test]
fn what_is_written_comes_back() {
    block_on(law::what_is_written_comes_back(&new()));
}

#[test]
fn a_note_is_forgotten_once_its_time_is_over_and_not_before() {
    let clock = Arc::new(ManualClock::new(Instant::UNIX_EPOCH));
    let notes = StoredNotes::new(Arc::new(SqliteStore::in_memory().unwrap()), clock.clone());
    let until = Instant::UNIX_EPOCH + TimeDelta::days(30);
    let write = |key: &str| {
        let note = NewNote { group: "g", key, body: "", until: until + TimeDelta::days(1) };
        block_on(notes.write(&note, 0)).unwrap();
    };
    for key in ["a", "b", "c"] {
        block_on(notes.write(&NewNote { group: "g", key, body: "", until }, 0)).unwrap();
    }
    clock.advance_to(until);
    write("d");
    assert_eq!(block_on(notes.all("g")).unwrap().len(), 4);
    clock.advance_by(TimeDelta::seconds(1));
    write("e");
    let left: Vec<_> = block_on(notes.all("g")).unwrap().into_iter().map(|note| note.key).collect();
    assert_eq!(left, ["d", "e"]);
}
