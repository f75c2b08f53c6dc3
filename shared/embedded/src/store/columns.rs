//! How values lie in columns.

use chrono::DateTime;
use kari_domain::audit::Head;
use kari_domain::time::Instant;
use rusqlite::types::{FromSql, FromSqlResult, Type, ValueRef};
use rusqlite::{Row, RowIndex};

/// An instant as nanoseconds since the epoch. What is centuries away is as far as can be told.
pub(crate) fn nanoseconds(at: Instant) -> i64 {
    let furthest = if at < Instant::UNIX_EPOCH { i64::MIN } else { i64::MAX };
    at.timestamp_nanos_opt().unwrap_or(furthest)
}

/// The instant back.
pub(crate) fn instant(nanoseconds: i64) -> Instant {
    DateTime::from_timestamp_nanos(nanoseconds)
}

/// A text whose bytes may be anything.
struct Lossy(String);

impl FromSql for Lossy {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(String::from_utf8_lossy(value.as_bytes()?).into_owned()))
    }
}

/// A column's text. NB. The database is a file, and somebody may have written bytes to it that are no text:
/// in their place stands a sign that no Kari writes. Then it is not what it was recorded to be, which whoever
/// needs it finds out, and everything around it can still be read.
pub(super) fn text(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<String> {
    row.get(column).map(|Lossy(text)| text)
}

/// The same of a column that may be empty.
pub(super) fn text_or_none(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<String>> {
    Ok(row.get::<_, Option<Lossy>>(column)?.map(|Lossy(text)| text))
}

/// Whether this text could be one in the store, and not what is left of bytes that are none.
pub(super) fn is_text(text: &str) -> bool {
    !text.contains(char::REPLACEMENT_CHARACTER)
}

/// A column that counts from 1. What is below zero counts nothing.
pub(super) fn count(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// A value parsed from a column's text.
pub(crate) fn parsed<T>(text: &str) -> rusqlite::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(e)))
}

/// A head from its two columns.
pub(super) fn head(row: &Row<'_>, version: &str, hash: &str) -> rusqlite::Result<Head> {
    Ok(Head { version: row.get(version)?, hash: row.get(hash)? })
}

/// The first text after every text that begins with `prefix`, in SQLite's binary order.
pub(super) fn end_of_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
