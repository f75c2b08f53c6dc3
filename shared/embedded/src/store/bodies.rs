//! State items without what lists need, for adapters that read several in one transaction.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::SqliteStore;
use super::columns::end_of_prefix;

/// A state item's key, version and body.
#[derive(Debug)]
pub(crate) struct StoredItem {
    pub(crate) key: String,
    pub(crate) version: u64,
    pub(crate) body: String,
}

impl SqliteStore {
    /// One item.
    pub(crate) fn body(transaction: &Transaction<'_>, key: &str) -> rusqlite::Result<Option<StoredItem>> {
        transaction
            .prepare_cached("SELECT key, version, body FROM items WHERE key = ?1")?
            .query_row([key], stored_item)
            .optional()
    }

    /// All items whose key begins with `prefix`, by key.
    pub(crate) fn bodies(transaction: &Transaction<'_>, prefix: &str) -> rusqlite::Result<Vec<StoredItem>> {
        transaction
            .prepare_cached("SELECT key, version, body FROM items WHERE key >= ?1 AND key < ?2 ORDER BY key")?
            .query_map([prefix, &end_of_prefix(prefix)], stored_item)?
            .collect()
    }
}

fn stored_item(row: &Row<'_>) -> rusqlite::Result<StoredItem> {
    Ok(StoredItem { key: row.get("key")?, version: row.get("version")?, body: row.get("body")? })
}
