//! What channels remember, in the store of one machine.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{Clock, NewNote, Note, Notes, Unavailable};
use rusqlite::{OptionalExtension, Row, params};

use crate::store::{Purpose, SqliteStore, nanoseconds};

/// So many notes whose time is over are forgotten with each that is written.
const FORGET: &str = "DELETE FROM notes WHERE (grp, key) IN
     (SELECT grp, key FROM notes WHERE until < ?1 ORDER BY until LIMIT 4)";

/// Everybody's notes.
pub struct StoredNotes {
    store: Arc<SqliteStore>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for StoredNotes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredNotes").field("store", &self.store).finish_non_exhaustive()
    }
}

impl StoredNotes {
    /// The notes kept in this store.
    pub fn new(store: Arc<SqliteStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

#[async_trait]
impl Notes for StoredNotes {
    async fn all(&self, group: &str) -> Result<Vec<Note>, Unavailable> {
        self.store.read(|connection| {
            connection
                .prepare_cached("SELECT key, revision, body FROM notes WHERE grp = ?1 ORDER BY key")?
                .query_map([group], note)?
                .collect()
        })
    }

    async fn one(&self, group: &str, key: &str) -> Result<Option<Note>, Unavailable> {
        self.store.read(|connection| {
            connection
                .prepare_cached("SELECT key, revision, body FROM notes WHERE grp = ?1 AND key = ?2")?
                .query_row([group, key], note)
                .optional()
        })
    }

    async fn write(&self, new: &NewNote<'_>, expected: u64) -> Result<Option<u64>, Unavailable> {
        let (until, now) = (nanoseconds(new.until), nanoseconds(self.clock.now()));
        self.store.write(Purpose::GoesOn, |connection| {
            connection.prepare_cached(FORGET)?.execute([now])?;
            let written = if expected == 0 {
                connection
                    .prepare_cached(
                        "INSERT OR IGNORE INTO notes (grp, key, revision, body, until) VALUES (?1, ?2, 1, ?3, ?4)",
                    )?
                    .execute(params![new.group, new.key, new.body, until])?
            } else {
                connection
                    .prepare_cached(
                        "UPDATE notes SET revision = revision + 1, body = ?3, until = ?4
                         WHERE grp = ?1 AND key = ?2 AND revision = ?5",
                    )?
                    .execute(params![new.group, new.key, new.body, until, expected])?
            };
            Ok((written == 1).then_some(expected + 1))
        })
    }

    async fn erase(&self, group: &str, key: &str, expected: u64) -> Result<bool, Unavailable> {
        self.store.write(Purpose::GoesOn, |connection| {
            let erased = connection
                .prepare_cached("DELETE FROM notes WHERE grp = ?1 AND key = ?2 AND revision = ?3")?
                .execute(params![group, key, expected])?;
            Ok(erased == 1)
        })
    }
}

fn note(row: &Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note { key: row.get("key")?, revision: row.get("revision")?, body: row.get("body")? })
}
