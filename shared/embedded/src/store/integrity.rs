//! Whether the file is whole: each index has what its table has, and every page can be read. Access ends by an
//! index, so one that lost a row would let access stay.

use kari_application::ports::Unavailable;
use rusqlite::{Connection, Error, ErrorCode};

use super::SqliteStore;

/// What the pragma says where it finds nothing.
const NOTHING: &str = "ok";

impl SqliteStore {
    /// What is wrong with the file itself, each as one line.
    ///
    /// # Errors
    /// [`Unavailable`] if not even that can be read.
    pub fn damages(&self) -> Result<Vec<String>, Unavailable> {
        let Some(disk) = &self.disk else { return self.list(|connection| found_in(connection, 100)) };
        // It reads the whole file: by a connection of its own, it holds up neither appends nor lists.
        super::reader(disk.path())
            .and_then(|connection| found_in(&connection, 100))
            .map_err(super::unavailable)
    }
}

/// Looks through the whole file, and builds it anew where that helps: indexes are made of their tables. What is
/// wrong with it all the same.
pub(super) fn mend(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let found = found_in(connection, 1)?;
    if found.is_empty() {
        return Ok(None);
    }
    tracing::error!(?found, "the database is damaged; its indexes are made anew");
    let made_anew = make_indexes_anew(connection);
    let left = found_in(connection, 1)?.into_iter().next();
    match &left {
        None => tracing::warn!("the database is whole again; see `kari audit verify`"),
        Some(damage) => tracing::error!(
            damage,
            error = made_anew.err().map(|error| error.to_string()),
            "the database stays damaged: what can be read still ends; take a backup of the directory, and go back to \
             an earlier one"
        ),
    }
    Ok(left)
}

fn make_indexes_anew(connection: &Connection) -> rusqlite::Result<()> {
    let done = connection.execute_batch("REINDEX");
    if done.is_ok() && found_in(connection, 1)?.is_empty() {
        return done;
    }
    // NB. An index with a page that cannot be read can be neither filled again nor dropped. It is struck from the
    // schema instead, and its pages are left behind until everything is copied.
    let indexes: Vec<String> = connection
        .prepare("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let struck = strike_and_make(connection, &indexes);
    // Whatever came of it: nobody else may write to the schema.
    connection.execute_batch("PRAGMA writable_schema = RESET")?;
    struck?;
    connection.execute_batch("VACUUM")
}

fn strike_and_make(connection: &Connection, indexes: &[String]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(
        "PRAGMA writable_schema = ON;
         DELETE FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL;
         PRAGMA writable_schema = RESET",
    )?;
    indexes.iter().try_for_each(|index| transaction.execute_batch(index))?;
    transaction.commit()
}

fn found_in(connection: &Connection, most: u32) -> rusqlite::Result<Vec<String>> {
    let found: rusqlite::Result<Vec<String>> = connection
        .prepare(&format!("PRAGMA integrity_check({most})"))?
        .query_map([], |row| row.get(0))?
        .collect();
    match found {
        Ok(mut lines) => {
            lines.retain(|line| line != NOTHING);
            Ok(lines)
        }
        Err(error) if is_damage(&error) => Ok(vec![error.to_string()]),
        Err(error) => Err(error),
    }
}

/// Whether it failed because the file is not whole.
pub(super) fn is_damage(error: &Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;
    use std::path::Path;

    use kari_application::ports::{EventStore, Item, ItemChange, ItemKey};
    use kari_domain::audit::Head;
    use kari_domain::ids::AppendId;
    use kari_domain::time::Instant;

    use super::*;

    fn put(store: &SqliteStore, key: &str) {
        let item = Item {
            key: ItemKey(key.to_owned()),
            head: Head::empty(),
            due_at: Some(Instant::UNIX_EPOCH),
            request: None,
            body: String::new(),
        };
        let append = kari_application::ports::Append {
            id: AppendId(uuid::Uuid::nil()),
            at: Instant::UNIX_EPOCH,
            streams: vec![],
            unchanged: vec![],
            items: vec![ItemChange::Put(item)],
            claims: vec![],
        };
        futures::executor::block_on(store.append(&append)).unwrap();
    }

    fn due(store: &SqliteStore) -> Vec<String> {
        let due = futures::executor::block_on(store.due(Instant::UNIX_EPOCH, None, 10)).unwrap();
        due.into_iter().map(|due| due.key.0).collect()
    }

    /// A store that was closed, with two items that are due.
    fn closed(path: &Path) {
        let store = SqliteStore::open(path).unwrap();
        put(&store, "request/1");
        put(&store, "request/2");
        assert_eq!(store.damages().unwrap(), [""; 0]);
    }

    #[test]
    fn an_index_that_cannot_be_read_is_made_anew_at_the_start() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kari.db");
        closed(&path);
        let connection = Connection::open(&path).unwrap();
        let sql = "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = 'items_due'";
        let (page, size): (u64, u64) =
            connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        drop(connection);
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.write_all_at(&[0xff; 64], (page - 1) * size).unwrap();
        drop(file);

        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(due(&store), ["request/1", "request/2"]);
        assert_eq!(store.damages().unwrap(), [""; 0]);
    }

    #[test]
    fn an_index_that_was_made_to_lack_a_row_is_seen_and_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("kari.db");
        closed(&path);
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "PRAGMA writable_schema = 1;
                 DROP INDEX items_due;
                 CREATE INDEX items_due ON items (due_at, key) WHERE due_at IS NOT NULL AND key <> 'request/1';
                 UPDATE sqlite_master SET sql = 'CREATE INDEX items_due ON items (due_at, key) WHERE due_at IS NOT NULL'
                     WHERE name = 'items_due';
                 PRAGMA writable_schema = 0;",
            )
            .unwrap();
        drop(connection);
        let seen = SqliteStore::open_read_only(&path).unwrap().damages().unwrap();
        assert!(seen.iter().any(|line| line.contains("items_due")), "{seen:?}");
        let beside = SqliteStore::open_beside(&path).unwrap();
        put(&beside, "request/3");
        drop(beside);
        let still = SqliteStore::open_read_only(&path).unwrap().damages().unwrap();
        assert!(
            still.iter().any(|line| line.contains("items_due")),
            "only the program itself mends: {still:?}"
        );
        assert_eq!(due(&SqliteStore::open(&path).unwrap()), ["request/1", "request/2", "request/3"]);
    }
}
