//! The schema of the database and how it came about: one SQL step per version, for ever.

use rusqlite::{Connection, TransactionBehavior};

use super::OpenError;

/// Step n takes a database from version n to n + 1. Steps are only ever added.
const STEPS: &[&str] = &[include_str!("migrations/0001_initial.sql")];

/// Brings the database to the newest version. Each step is one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    while step(connection)? {}
    Ok(())
}

/// Takes the next step; false if there is none. The version is read within the transaction, because
/// another process may be migrating too.
fn step(connection: &mut Connection) -> Result<bool, OpenError> {
    if version(connection)? == STEPS.len() {
        return Ok(false);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    let Some(sql) = STEPS.get(found) else {
        return if found == STEPS.len() {
            Ok(false)
        } else {
            Err(OpenError::Newer { found, known: STEPS.len() })
        };
    };
    transaction.execute_batch(sql)?;
    transaction.pragma_update(None, "user_version", found + 1)?;
    transaction.commit()?;
    Ok(true)
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
