//! Every stream with its events and its state item, for the verifier.

use std::collections::BTreeSet;

use kari_application::check_records::BESIDE_STREAMS;
use kari_application::policy_storage::StoredPolicyItem;
use kari_application::ports::{Item, ItemKey, KnownEvent, Unavailable};
use kari_domain::audit::{ChainFault, Head, StreamId, verify};
use kari_domain::ids::UserId;
use rusqlite::{Connection, Row};

use super::columns::{count, is_text, nanoseconds, text, text_or_none};
use super::{OpenError, SqliteStore, read, schema};

/// Streams that have events, but no record of where they end, or none that can be read.
const UNRECORDED: &str = "
    SELECT stream FROM events WHERE stream NOT IN (SELECT stream FROM streams)
    UNION SELECT stream FROM streams WHERE version < 0 OR hash GLOB '*[^0-9a-f]*' ORDER BY 1";

/// What records of ends and items are kept under.
const KEYS: &str = "SELECT stream FROM streams UNION SELECT key FROM items ORDER BY 1";

/// Streams whose item is not where their record says that they end, and items that should be a stream's and are
/// none's.
fn misplaced() -> String {
    let are_of_streams = are_of_streams();
    format!(
        "SELECT streams.stream FROM streams LEFT JOIN items ON items.key = streams.stream
            WHERE (items.version, items.hash) IS NOT (streams.version, streams.hash)
        UNION SELECT key FROM items
            WHERE key NOT GLOB 'policies/*' AND {are_of_streams} AND key NOT IN (SELECT stream FROM streams)
        ORDER BY 1"
    )
}

/// Whatever has events, a recorded end, or a state item that is a stream's.
fn names() -> String {
    let are_of_streams = are_of_streams();
    format!(
        "SELECT stream FROM streams UNION SELECT stream FROM events
        UNION SELECT CASE WHEN key GLOB 'policies/*' THEN 'policies' ELSE key END FROM items
            WHERE {are_of_streams}
        ORDER BY 1"
    )
}

/// The condition that leaves out the items that are no stream's.
fn are_of_streams() -> String {
    BESIDE_STREAMS.map(|prefix| format!("key NOT GLOB '{prefix}*'")).join(" AND ")
}

/// A stream as it is stored.
#[derive(Debug, Clone)]
pub struct RecordedStream {
    pub stream: StreamId,
    /// Where it ends according to the store's own record, which is kept apart from the events.
    pub head: Head,
    /// The bytes of its events, in order.
    pub events: Vec<String>,
    /// The place of each event among all events of the store, from 1.
    pub positions: Vec<u64>,
    /// The numbers of the events that lists find under something else than what their bytes say.
    pub misfiled: Vec<u64>,
    /// The state item beside it.
    pub item: Option<Item>,
    /// The policies, beside the stream that is about them.
    pub policies: Vec<StoredPolicyItem>,
}

impl RecordedStream {
    /// Verifies the chain.
    ///
    /// # Errors
    /// The first [`ChainFault`].
    pub fn verify(&self) -> Result<(), ChainFault> {
        verify(&self.stream, self.events.iter().map(String::as_str), &self.head)
    }

    /// Whether its name is one that Kari could have written.
    pub fn is_named(&self) -> bool {
        is_text(self.stream.as_str())
    }

    /// The events, each with its place among all events of the store.
    pub fn placed(&self) -> impl Iterator<Item = (u64, &str)> {
        self.positions.iter().copied().zip(self.events.iter().map(String::as_str))
    }
}

/// How many events there are, and at which place the last one is. Places are given out without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub events: u64,
    pub last: u64,
}

impl SqliteStore {
    /// All streams, by name; each as it was at one moment, also while others append.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read; then also as an item of the iterator.
    pub fn all_streams(
        &self,
    ) -> Result<impl Iterator<Item = Result<RecordedStream, Unavailable>>, Unavailable> {
        let names = self.names(&names())?;
        Ok(names.into_iter().map(|stream| self.recorded_stream(stream)))
    }

    /// The streams that have events, but no record of where they end, and whatever lies under a name that
    /// Kari never gave. Nothing but this shows it: what is left of such a stream fits, because whoever goes on
    /// with it does so behind the last event that is there. No event is read, but every name.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn unrecorded(&self) -> Result<Vec<StreamId>, Unavailable> {
        let mut found = self.names(UNRECORDED)?;
        found.extend(self.names(KEYS)?.into_iter().filter(|key| !is_text(key.as_str())));
        Ok(found)
    }

    /// The streams whose state item is missing or of another place than their recorded end. No event is
    /// read, but every item's place.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn misplaced(&self) -> Result<Vec<StreamId>, Unavailable> {
        let found = self.names(&misplaced())?;
        Ok(found.into_iter().filter(|stream| is_text(stream.as_str())).collect())
    }

    /// The place of the event that was recorded last; 0 if there is none. It is read at once, however many
    /// there are.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn last_recorded(&self) -> Result<u64, Unavailable> {
        self.list(|connection| {
            let sql = "SELECT coalesce(max(position), 0) FROM events";
            connection.query_row(sql, [], |row| count(row, 0))
        })
    }

    /// How many events there are.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn extent(&self) -> Result<Extent, Unavailable> {
        self.list(|connection| {
            let sql = "SELECT count(*), coalesce(max(position), 0) FROM events WHERE position > 0";
            connection.query_row(sql, [], |row| Ok(Extent { events: row.get(0)?, last: row.get(1)? }))
        })
    }

    /// The tables, indexes and triggers that are not as this version makes them; among them the triggers
    /// that keep events from being changed.
    ///
    /// # Errors
    /// [`OpenError`] if the store cannot be read.
    pub fn alterations(&self) -> Result<BTreeSet<String>, OpenError> {
        schema::alterations(&self.lock())
    }

    fn names(&self, sql: &str) -> Result<Vec<StreamId>, Unavailable> {
        self.list(|connection| {
            let mut statement = connection.prepare(sql)?;
            statement.query_map([], |row| Ok(StreamId::from_stored(text(row, 0)?)))?.collect()
        })
    }

    fn recorded_stream(&self, stream: StreamId) -> Result<RecordedStream, Unavailable> {
        self.list(|connection| {
            let head = read::recorded_head(connection, &stream)?.unwrap_or_else(Head::empty);
            let item = read::item(connection, &ItemKey::from(&stream))?;
            let policies =
                if stream == StreamId::policies() { Self::policy_items(connection)? } else { vec![] };
            let empty = RecordedStream {
                stream,
                head,
                events: vec![],
                positions: vec![],
                misfiled: vec![],
                item,
                policies,
            };
            with_events(connection, empty)
        })
    }
}

fn with_events(connection: &Connection, mut recorded: RecordedStream) -> rusqlite::Result<RecordedStream> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM events WHERE stream = ?1 ORDER BY sequence")?;
    let mut rows = statement.query([recorded.stream.as_str()])?;
    while let Some(row) = rows.next()? {
        let bytes = text(row, "bytes")?;
        if !is_filed(row, &bytes)? {
            recorded.misfiled.push(count(row, "sequence")?);
        }
        recorded.positions.push(count(row, "position")?);
        recorded.events.push(bytes);
    }
    Ok(recorded)
}

/// Whether the columns, by which events are found, repeat what the bytes say. Bytes that say nothing are
/// a fault of the chain.
fn is_filed(row: &Row<'_>, bytes: &str) -> rusqlite::Result<bool> {
    let Ok(known) = KnownEvent::parse(bytes) else { return Ok(true) };
    let actor = text_or_none(row, "actor")?;
    let append: Vec<u8> = row.get("append")?;
    Ok(text(row, "stream")? == known.stream.as_str()
        && count(row, "sequence")? == known.sequence
        && row.get::<_, i64>("at")? == nanoseconds(known.at)
        && actor.as_deref() == known.actor.user().map(UserId::as_str)
        && text(row, "kind")? == known.kind
        && append == known.append.0.as_bytes())
}
