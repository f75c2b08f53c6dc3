//! The laws of [`Notes`](crate::ports::Notes).

use super::event_store::sample::second;
use crate::ports::{NewNote, Notes};

fn note<'a>(group: &'a str, key: &'a str, body: &'a str) -> NewNote<'a> {
    NewNote { group, key, body, until: second(1_000_000) }
}

async fn bodies(notes: &dyn Notes, group: &str) -> Vec<(String, String)> {
    notes.all(group).await.unwrap().into_iter().map(|note| (note.key, note.body)).collect()
}

pub async fn a_group_has_its_notes_by_key_and_no_others(notes: &dyn Notes) {
    for (group, key) in [("card/1", "b"), ("card/1", "a/c"), ("card/10", "a"), ("card", "1/a")] {
        assert!(notes.write(&note(group, key, "{}"), 0).await.unwrap().is_some());
    }
    let there = [("a/c", "{}"), ("b", "{}")].map(|(key, body)| (key.to_owned(), body.to_owned()));
    assert_eq!(bodies(notes, "card/1").await, there);
    assert!(notes.one("card/1", "a").await.unwrap().is_none());
    assert_eq!(notes.one("card/10", "a").await.unwrap().unwrap().body, "{}");
    assert!(bodies(notes, "elsewhere").await.is_empty());
}

pub async fn a_note_is_written_only_over_the_revision_that_was_read(notes: &dyn Notes) {
    let first = notes.write(&note("g", "k", "first"), 0).await.unwrap().unwrap();
    assert_eq!(notes.write(&note("g", "k", "another"), 0).await.unwrap(), None, "it is there");
    let read = notes.one("g", "k").await.unwrap().unwrap();
    assert_eq!((read.body.as_str(), read.revision), ("first", first));
    assert_eq!(notes.write(&note("g", "k", "blind"), first + 1).await.unwrap(), None);
    let second = notes.write(&note("g", "k", "second"), first).await.unwrap().unwrap();
    assert_eq!(notes.write(&note("g", "k", "late"), first).await.unwrap(), None, "it was read before");
    let read = notes.one("g", "k").await.unwrap().unwrap();
    assert_eq!((read.body.as_str(), read.revision), ("second", second));
    assert!(second != first && first != 0);
    assert_eq!(notes.write(&note("g", "other", "x"), 1).await.unwrap(), None, "it is not there");
}

pub async fn a_note_is_erased_only_at_the_revision_that_was_read(notes: &dyn Notes) {
    let first = notes.write(&note("g", "k", "first"), 0).await.unwrap().unwrap();
    let second = notes.write(&note("g", "k", "second"), first).await.unwrap().unwrap();
    assert!(!notes.erase("g", "k", first).await.unwrap());
    assert!(notes.erase("g", "k", second).await.unwrap());
    assert!(notes.one("g", "k").await.unwrap().is_none());
    assert!(!notes.erase("g", "k", second).await.unwrap(), "it is gone");
    assert!(notes.write(&note("g", "k", "anew"), 0).await.unwrap().is_some());
}

/// Text of any kind comes back as it was.
pub async fn what_is_written_comes_back(notes: &dyn Notes) {
    let body = "{\"説明\": \"<!channel> 'it' \\\\ \\n 🙂\"}";
    assert!(notes.write(&note("g", "キー/1", body), 0).await.unwrap().is_some());
    assert_eq!(notes.one("g", "キー/1").await.unwrap().unwrap().body, body);
}
