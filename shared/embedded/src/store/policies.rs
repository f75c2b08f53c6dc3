//! The items of the policy set, all of one moment.

use kari_application::policy_storage::{PREFIX, StoredPolicyItem};
use rusqlite::{OptionalExtension, Row, Transaction};

use super::SqliteStore;
use super::columns::{count, end_of_prefix, text};

impl SqliteStore {
    /// The version of the policy set; 0 before anything was recorded of it.
    pub(crate) fn policy_set_version(transaction: &Transaction<'_>) -> rusqlite::Result<u64> {
        let version = transaction
            .prepare_cached("SELECT version FROM items WHERE key = ?1")?
            .query_row([PREFIX], |row| count(row, 0))
            .optional()?;
        Ok(version.unwrap_or(0))
    }

    /// The policy set's own item, which holds the settings.
    pub(crate) fn policy_set_item(
        transaction: &Transaction<'_>,
    ) -> rusqlite::Result<Option<StoredPolicyItem>> {
        transaction
            .prepare_cached("SELECT key, version, body FROM items WHERE key = ?1")?
            .query_row([PREFIX], policy_item)
            .optional()
    }

    /// Everything stored about the policy set, by key.
    pub(crate) fn policy_items(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<StoredPolicyItem>> {
        transaction
            .prepare_cached("SELECT key, version, body FROM items WHERE key >= ?1 AND key < ?2 ORDER BY key")?
            .query_map([PREFIX, &end_of_prefix(PREFIX)], policy_item)?
            .collect()
    }
}

fn policy_item(row: &Row<'_>) -> rusqlite::Result<StoredPolicyItem> {
    Ok(StoredPolicyItem { key: text(row, "key")?, version: count(row, "version")?, body: text(row, "body")? })
}
