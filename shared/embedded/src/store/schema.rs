//! The schema of the database and how it came about: one SQL step per version, for ever.

use std::collections::BTreeSet;

use rusqlite::{Connection, TransactionBehavior};

use super::OpenError;
use super::columns::{text, text_or_none};

/// Step n takes a database from version n to n + 1. Steps are only ever added.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_fewer_indexes.sql"),
    include_str!("migrations/0003_notes.sql"),
    include_str!("migrations/0004_one_index_by_time.sql"),
];

/// Refuses a database of a newer version; nothing is written to it.
pub(super) fn refuse_newer(connection: &Connection) -> Result<(), OpenError> {
    let (found, known) = (version(connection)?, STEPS.len());
    if found > known { Err(OpenError::Newer { found, known }) } else { Ok(()) }
}

/// Refuses a database of any other version: looking at one must not migrate it.
pub(super) fn refuse_all_but_this(connection: &Connection) -> Result<(), OpenError> {
    refuse_newer(connection)?;
    let (found, known) = (version(connection)?, STEPS.len());
    if found < known { Err(OpenError::Older { found, known }) } else { Ok(()) }
}

/// Brings the database to the newest version. Each step is one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    while version(connection)? < STEPS.len() {
        step(connection)?;
    }
    refuse_newer(connection)
}

/// Takes the next step. The version is read again within the transaction, because another process
/// may be migrating too.
fn step(connection: &mut Connection) -> Result<(), OpenError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    if let Some(sql) = STEPS.get(found) {
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", found + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The tables, indexes and triggers that are not as this version makes them: missing, altered or added. NB. No
/// name is passed over, whatever it begins with.
pub(super) fn alterations(connection: &Connection) -> Result<BTreeSet<String>, OpenError> {
    let mut new = Connection::open_in_memory()?;
    migrate(&mut new)?;
    let (found, wanted) = (objects(connection)?, objects(&new)?);
    let altered = found.symmetric_difference(&wanted);
    Ok(altered.map(|object| object.name.clone()).collect())
}

/// A part of a schema.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Object {
    name: String,
    /// A table, an index or a trigger; one of each may have the same name.
    kind: String,
    /// None for indexes that belong to a table's own definition.
    sql: Option<String>,
}

fn objects(connection: &Connection) -> rusqlite::Result<BTreeSet<Object>> {
    connection
        .prepare("SELECT name, type AS kind, sql FROM sqlite_master")?
        .query_map([], |row| {
            Ok(Object { name: text(row, "name")?, kind: text(row, "kind")?, sql: text_or_none(row, "sql")? })
        })?
        .collect()
}
