//! Every stream with its events, for the verifier.

use kari_application::ports::Unavailable;
use kari_domain::audit::{ChainFault, Head, StreamId, verify};
use rusqlite::OptionalExtension;

use super::{SqliteStore, columns, read};

/// A stream as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStream {
    pub stream: StreamId,
    /// Where it ends according to the store's own record, which is kept apart from the events.
    pub head: Head,
    /// The bytes of its events, in order.
    pub events: Vec<String>,
}

impl RecordedStream {
    /// Verifies the chain.
    ///
    /// # Errors
    /// The first [`ChainFault`].
    pub fn verify(&self) -> Result<(), ChainFault> {
        verify(&self.stream, self.events.iter().map(String::as_str), &self.head)
    }
}

impl SqliteStore {
    /// All streams, by name; each as it was at one moment, also while others append.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read; then also as an item of the iterator.
    pub fn all_streams(
        &self,
    ) -> Result<impl Iterator<Item = Result<RecordedStream, Unavailable>>, Unavailable> {
        let names = self.read(|connection| {
            connection
                .prepare(
                    "SELECT stream FROM streams UNION SELECT stream FROM events
                     UNION SELECT key FROM items
                         WHERE key NOT LIKE 'policies/%' AND key NOT LIKE 'reconciler/%' ORDER BY 1",
                )?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        })?;
        Ok(names.into_iter().map(|name| self.recorded_stream(StreamId::from_stored(name))))
    }

    fn recorded_stream(&self, stream: StreamId) -> Result<RecordedStream, Unavailable> {
        self.read(|connection| {
            let head = connection
                .prepare_cached("SELECT version, hash FROM streams WHERE stream = ?1")?
                .query_row([stream.as_str()], |row| columns::head(row, "version", "hash"))
                .optional()?;
            let events = read::stream(connection, &stream)?;
            Ok(RecordedStream { stream, head: head.unwrap_or_else(Head::empty), events })
        })
    }
}
