//! The outbox: recorded events that the relay has not handled yet. Written by the append itself, so
//! nothing is recorded and then not told.

use kari_application::ports::Unavailable;
use kari_domain::audit::StreamId;
use rusqlite::params;

use super::columns::{count, text};
use super::{Purpose, SqliteStore};

/// A recorded event to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its place among all events of the store.
    pub position: i64,
    pub stream: StreamId,
    pub sequence: u64,
    /// The event as it is stored.
    pub bytes: String,
}

impl SqliteStore {
    /// The oldest events behind the position `after` that were not handled yet, at most `limit`.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn outbox_batch(&self, after: i64, limit: usize) -> Result<Vec<Outgoing>, Unavailable> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT position, stream, sequence, bytes FROM outbox JOIN events USING (position)
                     WHERE position > ?1 ORDER BY position LIMIT ?2",
                )?
                .query_map(params![after, limit], |row| {
                    Ok(Outgoing {
                        position: row.get("position")?,
                        stream: StreamId::from_stored(text(row, "stream")?),
                        sequence: count(row, "sequence")?,
                        bytes: text(row, "bytes")?,
                    })
                })?
                .collect()
        })
    }

    /// Takes an event out of the outbox. Repeating it changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be written.
    pub fn outbox_done(&self, position: i64) -> Result<(), Unavailable> {
        self.write(Purpose::GoesOn, |connection| {
            connection.prepare_cached("DELETE FROM outbox WHERE position = ?1")?.execute([position])
        })?;
        Ok(())
    }
}
