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
mod disk;
mod document;
mod event_store;
mod halt;
mod integrity;
mod outbox;
mod policies;
mod query;
mod read;
mod requests;
mod reserve;
mod schema;
mod streams;
#[cfg(test)]
mod tests;
mod wal;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kari_application::ports::Unavailable;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

pub use outbox::Outgoing;
pub use reserve::Reserve;
pub use streams::{Extent, RecordedStream};

pub(crate) use columns::{instant, nanoseconds, parsed};
pub(crate) use cursor::{Place, after, page_of, rows_to_read};
pub(crate) use disk::Purpose;

use disk::Disk;
use halt::Halt;

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const CACHED_STATEMENTS: usize = 64;

type Listener = Arc<dyn Fn() + Send + Sync>;

/// The store of one machine.
pub struct SqliteStore {
    /// For lists. None in memory, where only one connection sees the data. NB. It is closed first: the one
    /// that is closed last writes everything into the one file, and this one cannot write.
    lists: Option<Mutex<Connection>>,
    connection: Mutex<Connection>,
    /// None in memory, and for those who only look.
    disk: Option<Disk>,
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
    #[error("the database's file cannot be made or used: check the owner and permissions of its directory")]
    File(#[from] io::Error),
    #[error("the disk is full, and nothing is left of the space kept for that: make room on it")]
    Full(#[source] rusqlite::Error),
    #[error("the database cannot be opened: check that the file is a database of kari and may be written")]
    Sqlite(#[from] rusqlite::Error),
}

impl SqliteStore {
    /// Opens a database file, creating or migrating it.
    ///
    /// # Errors
    /// [`OpenError`] if it is of a newer version, or not usable.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let reserve = Arc::new(Reserve::beside(path.as_ref()));
        Self::open_with(path, &reserve)
    }

    /// The same, where others write beside the database and share its reserve.
    ///
    /// # Errors
    /// [`OpenError`] if it is of a newer version, or not usable.
    pub fn open_with(path: impl AsRef<Path>, reserve: &Arc<Reserve>) -> Result<Self, OpenError> {
        in_reserve(reserve, || Self::open_file(path.as_ref(), Arc::clone(reserve)))
    }

    fn open_file(path: &Path, reserve: Arc<Reserve>) -> Result<Self, OpenError> {
        disk::prepare(path)?;
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        schema::refuse_newer(&connection)?;
        wal::turn_on(&connection)?;
        let damage = integrity::mend(&connection)?;
        Self::in_file(path, connection, reserve, damage)
    }

    fn in_file(
        path: &Path,
        connection: Connection,
        reserve: Arc<Reserve>,
        damage: Option<String>,
    ) -> Result<Self, OpenError> {
        let store = Self::prepare(connection)?;
        let (lists, disk) = (Mutex::new(reader(path)?), Disk::under(path, reserve, damage)?);
        Ok(Self { lists: Some(lists), disk: Some(disk), ..store })
    }

    /// Opens a database file to write to it beside a Kari that may be running with it.
    ///
    /// NB. Nothing is made, migrated or mended: whoever has the file open would have it changed under itself.
    ///
    /// # Errors
    /// [`OpenError`] if it is not there, of another version, or not usable.
    pub fn open_beside(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let reserve = Arc::new(Reserve::beside(path));
        in_reserve(&reserve, || {
            let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            schema::refuse_all_but_this(&connection)?;
            wal::turn_on(&connection)?;
            Self::in_file(path, connection, Arc::clone(&reserve), None)
        })
    }

    /// Opens a database file only to look at it, also while a running Kari writes to it.
    ///
    /// # Errors
    /// [`OpenError`] if it is of another version, or not usable.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        in_reserve(&Reserve::beside(path), || {
            let connection = reader(path)?;
            schema::refuse_all_but_this(&connection)?;
            Ok(Self::of(connection))
        })
    }

    /// Whether anything was ever recorded in this file. It only looks: nothing is made or migrated.
    ///
    /// # Errors
    /// [`OpenError`] if it is there and no database.
    pub fn holds_records(path: impl AsRef<Path>) -> Result<bool, OpenError> {
        let path = path.as_ref();
        Self::holds_records_with(path, &Reserve::beside(path))
    }

    /// The same, where others write beside the database and share its reserve.
    ///
    /// # Errors
    /// [`OpenError`] if it is there and no database.
    pub fn holds_records_with(path: impl AsRef<Path>, reserve: &Reserve) -> Result<bool, OpenError> {
        let path = path.as_ref();
        if !path.exists() {
            return Ok(false);
        }
        in_reserve(reserve, || {
            let connection = reader(path)?;
            let has_schema =
                connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'streams'")?.exists([])?;
            Ok(has_schema
                && connection.prepare("SELECT 1 FROM streams UNION ALL SELECT 1 FROM events")?.exists([])?)
        })
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
        Self { connection: Mutex::new(connection), lists: None, disk: None, listeners: Mutex::default() }
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
        let done = connection.transaction().and_then(|transaction| read(&transaction));
        self.note_damage(&done);
        done.map_err(unavailable)
    }

    fn note_damage<T>(&self, done: &rusqlite::Result<T>) {
        if let (Some(disk), Err(error)) = (&self.disk, done) {
            disk.note_damage(error);
        }
    }

    /// Writes everything into the one file, so that it is whole by itself while nothing more is written.
    ///
    /// # Errors
    /// [`Unavailable`] if the disk does not take it; nothing is lost then, but the file is not whole without
    /// the log beside it.
    pub fn checkpoint(&self) -> Result<(), Unavailable> {
        self.attempt(Purpose::GoesOn, |connection| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(Halt::Failed)
        })
        .map_err(Halt::into_unavailable)
    }

    /// Reads a list: what may take long, and no decision rests on.
    pub(crate) fn list<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let Some(lists) = &self.lists else { return self.read(read) };
        let mut connection = lists.lock().unwrap_or_else(PoisonError::into_inner);
        let done = connection.transaction().and_then(|transaction| read(&transaction));
        self.note_damage(&done);
        done.map_err(unavailable)
    }

    /// Writes something that is not an append: all of it, or nothing.
    pub(crate) fn write<T>(
        &self,
        purpose: Purpose,
        write: impl Fn(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Unavailable> {
        let written = self.attempt(purpose, |connection| {
            let transaction =
                connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let written = write(&transaction)?;
            transaction.commit()?;
            Ok(written)
        });
        written.map_err(Halt::into_unavailable)
    }

    /// Every write passes here. Where the disk is full it is tried again in the space that is kept for that,
    /// unless it begins something or can wait.
    fn attempt<T>(
        &self,
        purpose: Purpose,
        write: impl Fn(&mut Connection) -> Result<T, Halt>,
    ) -> Result<T, Halt> {
        let mut connection = self.lock();
        let Some(disk) = &self.disk else { return write(&mut connection) };
        disk.admit(purpose)?;
        let mut done = write(&mut connection);
        while purpose.may_use_the_reserve()
            && done.as_ref().is_err_and(Halt::lacks_space)
            && disk.reserve.give_up()
        {
            done = write(&mut connection);
        }
        disk.note(&done);
        done
    }

    /// Whether the file that was opened is still in its place. If not, whatever would be written is lost.
    pub fn is_in_place(&self) -> bool {
        self.disk.as_ref().is_none_or(Disk::is_in_place)
    }

    /// Whether the file was found damaged since it was opened. Opening it again mends what can be mended.
    pub fn broke(&self) -> bool {
        self.disk.as_ref().is_some_and(Disk::broke)
    }

    /// Why not everything can be recorded at the moment, by what is known without trying.
    pub fn trouble(&self) -> Option<String> {
        self.disk.as_ref().and_then(Disk::trouble)
    }

    /// Keeps some space for the day when the disk is full; takes a moment where there is none yet, and
    /// whoever needs the space waits for that moment.
    ///
    /// # Errors
    /// What the operating system says; mostly that there is no room for it yet.
    pub fn keep_reserve(&self) -> io::Result<()> {
        self.disk.as_ref().map_or(Ok(()), |disk| disk.reserve.keep())
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

/// Opens a database, also while the disk is full: whoever comes back then must be able to end what is over.
/// NB. Whoever only looks needs some room as well, for what SQLite keeps beside a database that is open.
fn in_reserve<T>(reserve: &Reserve, open: impl Fn() -> Result<T, OpenError>) -> Result<T, OpenError> {
    loop {
        match open() {
            Err(OpenError::Sqlite(error)) if halt::lacks_space(&error) => {
                if !reserve.give_up() {
                    return Err(OpenError::Full(error));
                }
            }
            opened => return opened,
        }
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
