//! Documents: things that are read and written whole.

use kari_application::ports::Unavailable;
use rusqlite::{OptionalExtension, params};

use super::columns::text;
use super::{Purpose, SqliteStore};

/// A document's text, and a number that changes whenever it is written.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) version: i64,
    pub(crate) body: String,
}

impl SqliteStore {
    /// The document if it exists and is not at version `known`.
    pub(crate) fn document_unless(
        &self,
        name: &str,
        known: Option<i64>,
    ) -> Result<Option<Document>, Unavailable> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT version, body FROM documents WHERE name = ?1 AND version IS NOT ?2")?
                .query_row(params![name, known], |row| {
                    Ok(Document { version: row.get(0)?, body: text(row, 1)? })
                })
                .optional()
        })
    }

    /// Writes a document; its new version.
    pub(crate) fn save_document(&self, purpose: Purpose, name: &str, body: &str) -> Result<i64, Unavailable> {
        self.write(purpose, |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO documents (name, version, body) VALUES (?1, 1, ?2)
                     ON CONFLICT (name) DO UPDATE SET version = version + 1, body = excluded.body
                     RETURNING version",
                )?
                .query_row([name, body], |row| row.get(0))
        })
    }
}
