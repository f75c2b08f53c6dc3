//! The event store in one SQLite file (or in memory), with the other things one machine keeps.
//!
//! *Architecture invariant:* every append is one `IMMEDIATE` transaction on a database in WAL mode
//! with `synchronous=FULL`: whatever kills the process, an append is there wholly or not at all.
//!
//! Calls block for the few milliseconds that a transaction takes. One connection writes, and reads what
//! decisions rest on; lists, which may take longer, have one of their own and hold up no append.

mod append;
mod audit;
mod columns;
mod cursor;
mod document;
mod event_store;
mod outbox;
mod policies;
mod query;
mod read;
mod requests;
mod schema;
mod streams;
mod wal;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kari_application::ports::Unavailable;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

pub use outbox::Outgoing;
pub use streams::RecordedStream;

pub(crate) use columns::{instant, nanoseconds, parsed};
pub(crate) use cursor::{Place, after, page_of, rows_to_read};

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const CACHED_STATEMENTS: usize = 64;

type Listener = Arc<dyn Fn() + Send + Sync>;

/// The store of one machine.
pub struct SqliteStore {
    connection: Mutex<Connection>,
    /// For lists. None in memory, where only one connection sees the data.
    lists: Option<Mutex<Connection>>,
    listeners: Mutex<Vec<Listener>>,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the database was written by a newer version of kari (schema {found}, this one knows {known}): \
         update kari"
    )]
    Newer { found: usize, known: usize },
    #[error(
        "the database was last used by an older version of kari (schema {found}, this one knows {known}): \
         start this kari once to bring it up to date"
    )]
    Older { found: usize, known: usize },
    #[error("the database has no write-ahead log here: keep it on a disk of this machine")]
    NoWriteAheadLog,
    #[error("the database cannot be opened: check that the file is a database of kari and may be written")]
    Sqlite(#[from] rusqlite::Error),
}

impl SqliteStore {
    /// Opens a database file, creating or migrating it.
    ///
    /// # Errors
    /// [`OpenError`] if it is of a newer version, or not usable.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        schema::refuse_newer(&connection)?;
        wal::turn_on(&connection)?;
        let store = Self::prepare(connection)?;
        Ok(Self { lists: Some(Mutex::new(reader(path)?)), ..store })
    }

    /// Opens a database file only to look at it, also while a running Kari writes to it.
    ///
    /// # Errors
    /// [`OpenError`] if it is of another version, or not usable.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let connection = reader(path.as_ref())?;
        schema::refuse_all_but_this(&connection)?;
        Ok(Self::of(connection))
    }

    /// Opens a new database that lives as long as this value.
    ///
    /// # Errors
    /// [`OpenError`] if there is no memory.
    pub fn in_memory() -> Result<Self, OpenError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(mut connection: Connection) -> Result<Self, OpenError> {
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        keep_statements(&connection)?;
        schema::migrate(&mut connection)?;
        Ok(Self::of(connection))
    }

    fn of(connection: Connection) -> Self {
        Self { connection: Mutex::new(connection), lists: None, listeners: Mutex::default() }
    }

    /// Has `listener` called after every append that recorded events. It must return at once.
    pub fn on_append(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::new(listener));
    }

    fn tell_listeners(&self) {
        let listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for listener in listeners {
            listener();
        }
    }

    /// The connection. A thread that panicked has left no transaction open: they roll back on drop.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads something; several statements see the same moment.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let mut connection = self.lock();
        connection.transaction().and_then(|transaction| read(&transaction)).map_err(unavailable)
    }

    /// Reads a list: what may take long, and no decision rests on.
    pub(crate) fn list<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let Some(lists) = &self.lists else { return self.read(read) };
        let mut connection = lists.lock().unwrap_or_else(PoisonError::into_inner);
        connection.transaction().and_then(|transaction| read(&transaction)).map_err(unavailable)
    }

    /// Writes something that is not an append: all of it, or nothing.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let mut connection = self.lock();
        let attempt = || {
            let transaction =
                connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let written = write(&transaction)?;
            transaction.commit()?;
            Ok(written)
        };
        attempt().map_err(unavailable)
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

/// A connection that cannot write.
fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Has statements prepared once, and not again for other values: nothing is ever analysed, so that
/// they are found in the same way.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn unavailable(source: rusqlite::Error) -> Unavailable {
    Unavailable::new("the store", source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_takes_long_holds_up_no_append() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
        let count = |transaction: &Transaction<'_>| {
            transaction.query_row("SELECT count(*) FROM documents", [], |row| row.get::<_, u64>(0))
        };
        let during = store.list(|transaction| {
            let before = count(transaction)?;
            assert!(store.connection.try_lock().is_ok(), "the list keeps others from writing");
            store.save_document("a", "written while somebody lists").unwrap();
            Ok((before, count(transaction)?))
        });
        assert_eq!(during.unwrap(), (0, 0), "a list is of one moment");
        assert_eq!(store.list(count).unwrap(), 1, "the next list sees it");
    }

    #[test]
    fn lists_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path().join("kari.db")).unwrap();
        assert!(store.list(|transaction| transaction.execute("DELETE FROM documents", [])).is_err());
    }
}
