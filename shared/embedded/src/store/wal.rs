//! Turning the write-ahead log on: what makes an append survive the death of the process.

use rusqlite::{Connection, ErrorCode};

use super::OpenError;

const ATTEMPTS: usize = 100;

/// Turns the write-ahead log on.
pub(super) fn turn_on(connection: &Connection) -> Result<(), OpenError> {
    for _ in 1..ATTEMPTS {
        match try_to_turn_on(connection) {
            Err(OpenError::Sqlite(error)) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                // Another process is turning it on or closing the file. The switch itself does not
                // wait for that, a transaction does.
                connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
            }
            done => return done,
        }
    }
    try_to_turn_on(connection)
}

fn try_to_turn_on(connection: &Connection) -> Result<(), OpenError> {
    let mut mode = String::new();
    connection.pragma_update_and_check(None, "journal_mode", "wal", |row| {
        mode = row.get(0)?;
        Ok(())
    })?;
    // Where shared memory is missing, SQLite keeps the old mode and says so without an error.
    if mode == "wal" { Ok(()) } else { Err(OpenError::NoWriteAheadLog) }
}
