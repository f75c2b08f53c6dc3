//! How values lie in columns.

use chrono::DateTime;
use kari_domain::audit::Head;
use kari_domain::time::Instant;
use rusqlite::types::Type;

/// An instant as nanoseconds since the epoch. What is centuries away is as far as can be told.
pub(crate) fn nanoseconds(at: Instant) -> i64 {
    let furthest = if at < Instant::UNIX_EPOCH { i64::MIN } else { i64::MAX };
    at.timestamp_nanos_opt().unwrap_or(furthest)
}

/// The instant back.
pub(crate) fn instant(nanoseconds: i64) -> Instant {
    DateTime::from_timestamp_nanos(nanoseconds)
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
pub(super) fn head(row: &rusqlite::Row<'_>, version: &str, hash: &str) -> rusqlite::Result<Head> {
    Ok(Head { version: row.get(version)?, hash: row.get(hash)? })
}

/// The first text after every text that begins with `prefix`, in SQLite's binary order.
pub(super) fn end_of_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
