//! Reads by key, by prefix and by due instant.

use kari_application::ports::{Due, Item, ItemKey, ListError, Page, PageRequest, RequestKeys, Unavailable};
use kari_domain::audit::{Head, StreamId};
use kari_domain::ids::{AppendId, RequestId};
use kari_domain::time::Instant;
use rusqlite::{Connection, Error, OptionalExtension, Row, params};

use super::SqliteStore;
use super::columns::{self, end_of_prefix, instant, is_text, nanoseconds, parsed};
use super::cursor::{Place, after, page_of, rows_to_read};

pub(super) const ITEMS_BY_KEY: &str = "SELECT * FROM items WHERE key >= ?1 AND key < ?2 ORDER BY key";
pub(super) const DUE: &str = "SELECT key, due_at FROM items
     WHERE due_at <= ?1 AND (due_at, key) > (?2, ?3) ORDER BY due_at, key";

/// Whether the append recorded anything in the stream behind the event `after`.
pub(super) fn appended(
    connection: &Connection,
    id: AppendId,
    stream: &StreamId,
    after: u64,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM events WHERE stream = ?1 AND sequence > ?2 AND append = ?3")?
        .exists(params![stream.as_str(), after, id.0.as_bytes()])
}

pub(super) fn stream(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT bytes FROM events WHERE stream = ?1 ORDER BY sequence")?
        .query_map([stream.as_str()], |row| columns::text(row, 0))?
        .collect()
}

/// Where a stream ends: by the store's own record or, if that is gone, by the events that are left. What
/// is left must be able to go on; that the record is gone is for the verifier.
pub(super) fn head(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Head> {
    let recorded = recorded_head(connection, stream)?;
    let head = match recorded {
        Some(head) => Some(head),
        None => last_event(connection, stream)?,
    };
    Ok(head.unwrap_or_else(Head::empty))
}

/// What the store's own record says; a record that cannot be read says nothing.
pub(super) fn recorded_head(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<Head>> {
    connection
        .prepare_cached("SELECT version, hash FROM streams WHERE stream = ?1")?
        .query_row([stream.as_str()], |row| Ok(columns::head(row, "version", "hash").ok()))
        .optional()
        .map(Option::flatten)
}

fn last_event(connection: &Connection, stream: &StreamId) -> rusqlite::Result<Option<Head>> {
    connection
        .prepare_cached(
            "SELECT sequence, bytes FROM events WHERE stream = ?1 ORDER BY sequence DESC LIMIT 1",
        )?
        .query_row([stream.as_str()], |row| {
            let bytes = columns::text(row, "bytes")?;
            Ok(Head { version: columns::count(row, "sequence")?, ..Head::empty().after(&bytes) })
        })
        .optional()
}

/// The item, also one that cannot be read: it comes without a body and a place, so that whoever needs it
/// finds that out instead of trying again for ever.
pub(super) fn item(connection: &Connection, key: &ItemKey) -> rusqlite::Result<Option<Item>> {
    let row = |row: &Row<'_>| readable_or_empty(row, key.clone());
    connection.prepare_cached("SELECT * FROM items WHERE key = ?1")?.query_row([&key.0], row).optional()
}

fn readable_or_empty(row: &Row<'_>, key: ItemKey) -> rusqlite::Result<Item> {
    match item_of(row) {
        Err(
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..),
        ) => Ok(Item { key, head: Head::empty(), due_at: None, request: None, body: String::new() }),
        item => item,
    }
}

pub(super) fn holder(connection: &Connection, claim: &str, at: Instant) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM claims WHERE key = ?1 AND (until IS NULL OR until > ?2)")?
        .query_row(params![claim, nanoseconds(at)], |row| row.get(0))
        .optional()
}

pub(super) fn items(store: &SqliteStore, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError> {
    let after = after(page, |place| match place {
        Place::Items(key) => Some(key),
        Place::Requests(..) | Place::Audit(..) | Place::Inbox(_) => None,
    })?;
    // The first text after a key is the key with a zero byte behind it.
    let first = after.map_or_else(|| prefix.to_owned(), |key| prefix.to_owned().max(key + "\0"));
    let rows: Result<Vec<_>, Unavailable> = store.list(|connection| {
        connection
            .prepare_cached(ITEMS_BY_KEY)?
            .query_map([first, end_of_prefix(prefix)], |row| {
                let Some(key) = named(row)? else { return Ok(None) };
                let place = Place::Items(key.0.clone());
                Ok(Some((readable_or_empty(row, key)?, place)))
            })?
            .filter_map(Result::transpose)
            .take(rows_to_read(page))
            .collect()
    });
    Ok(page_of(page, rows?))
}

pub(super) fn due(
    connection: &Connection,
    until: Instant,
    after: Option<&Due>,
    limit: usize,
) -> rusqlite::Result<Vec<Due>> {
    let (at, key) = after.map_or((i64::MIN, ""), |due| (nanoseconds(due.at), due.key.0.as_str()));
    connection
        .prepare_cached(DUE)?
        .query_map(params![nanoseconds(until), at, key], |row| {
            let Some(key) = named(row)? else { return Ok(None) };
            Ok(Some(Due { key, at: instant(row.get("due_at")?) }))
        })?
        .filter_map(Result::transpose)
        .take(limit)
        .collect()
}

/// The key of a row, if it is one. NB. Under another nothing is found, and nobody could go on behind it in
/// the list: such a row is passed over here, and [`SqliteStore::unrecorded`] tells of it.
fn named(row: &Row<'_>) -> rusqlite::Result<Option<ItemKey>> {
    Ok(Some(columns::text(row, "key")?).filter(|key| is_text(key)).map(ItemKey))
}

/// The item in a row with all its columns.
pub(super) fn item_of(row: &Row<'_>) -> rusqlite::Result<Item> {
    let due_at: Option<i64> = row.get("due_at")?;
    Ok(Item {
        key: ItemKey(row.get("key")?),
        head: columns::head(row, "version", "hash")?,
        due_at: due_at.map(instant),
        request: request_keys(row)?,
        body: row.get("body")?,
    })
}

/// The item in a row, unless the row cannot be understood: then the list goes on without it.
pub(super) fn readable_item_of(row: &Row<'_>) -> Option<Item> {
    let unreadable = |error: &rusqlite::Error| {
        let key = columns::text(row, "key").unwrap_or_default();
        tracing::error!(item = key, %error, "a row of the store cannot be understood");
    };
    item_of(row).inspect_err(unreadable).ok()
}

/// The page of those that can be understood. The others count as well, so that nothing behind them is
/// skipped or repeated.
pub(super) fn readable_page_of(page: &PageRequest, rows: Vec<(Option<Item>, Place)>) -> Page<Item> {
    let Page { items, next } = page_of(page, rows);
    Page { items: items.into_iter().flatten().collect(), next }
}

fn request_keys(row: &Row<'_>) -> rusqlite::Result<Option<RequestKeys>> {
    let Some(id) = row.get::<_, Option<[u8; 16]>>("request")? else { return Ok(None) };
    let text = |column: &str| row.get::<_, String>(column);
    Ok(Some(RequestKeys {
        id: RequestId(uuid::Uuid::from_bytes(id)),
        requester: parsed(&text("requester")?)?,
        account: parsed(&text("account")?)?,
        permission_set: parsed(&text("permission_set")?)?,
        submitted_at: instant(row.get("submitted_at")?),
        state: parsed(&text("state")?)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::plan_of_sql;

    #[test]
    fn what_is_due_and_what_has_a_prefix_is_read_from_an_index() {
        let store = SqliteStore::in_memory().unwrap();
        let due = plan_of_sql(&store, DUE, vec![0.into(), 0.into(), String::new().into()]);
        assert_eq!(due, "SEARCH items USING COVERING INDEX items_due ((due_at,key)>(?,?) AND due_at<?)");
        let by_key = plan_of_sql(&store, ITEMS_BY_KEY, vec!["a".to_owned().into(), "b".to_owned().into()]);
        assert_eq!(by_key, "SEARCH items USING INDEX sqlite_autoindex_items_1 (key>? AND key<?)");
    }
}
