//! The synced copy of the directory, kept as one document.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use kari_application::ports::{ReadModel, Unavailable};
use kari_domain::directory::Snapshot;

use crate::store::{Purpose, SqliteStore};

const NAME: &str = "directory";

/// The read model in the store. Reading it costs one lookup, unless somebody else wrote it meanwhile.
#[derive(Debug)]
pub struct StoredReadModel {
    store: Arc<SqliteStore>,
    last_read: Mutex<Option<(i64, Arc<Snapshot>)>>,
}

impl StoredReadModel {
    /// The read model of this store.
    pub fn new(store: Arc<SqliteStore>) -> Self {
        Self { store, last_read: Mutex::default() }
    }
}

#[async_trait]
impl ReadModel for StoredReadModel {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        let mut last_read = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last_read.as_ref().map(|(version, _)| *version);
        if let Some(document) = self.store.document_unless(NAME, known)? {
            // It is only a copy: what another version wrote is read again from the directory.
            let unreadable =
                |error: &serde_json::Error| tracing::error!(%error, "the read model cannot be understood");
            let snapshot = Snapshot::from_stored(&document.body).inspect_err(unreadable).unwrap_or_default();
            *last_read = Some((document.version, Arc::new(snapshot)));
        }
        Ok(last_read.as_ref().map(|(_, snapshot)| Arc::clone(snapshot)).unwrap_or_default())
    }

    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable> {
        let body = snapshot.to_stored().map_err(|e| Unavailable::new("the read model", e))?;
        let mut last_read = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        // A copy that is a little older serves as well; ends need the space more.
        let version = self.store.save_document(Purpose::CanWait, NAME, &body)?;
        *last_read = Some((version, Arc::new(snapshot)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use futures::executor::block_on;
    use kari_domain::time::Instant;

    use super::*;
    use crate::clock::VirtualClock;
    use crate::store::Reserve;

    #[test]
    fn the_copy_waits_while_there_is_only_the_reserve_and_other_things_go_on() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("kari.db");
        let reserve = Arc::new(Reserve::beside(&file));
        let store = Arc::new(SqliteStore::open_with(&file, &reserve).unwrap());
        let model = StoredReadModel::new(Arc::clone(&store));
        store.keep_reserve().unwrap();
        assert!(reserve.give_up());
        assert!(block_on(model.save(Snapshot::default())).is_err());
        VirtualClock::open(Arc::clone(&store)).unwrap().skip(TimeDelta::hours(1)).unwrap();

        store.keep_reserve().unwrap();
        let saved = Snapshot { synced_at: Instant::UNIX_EPOCH + TimeDelta::days(1), ..Snapshot::default() };
        block_on(model.save(saved.clone())).unwrap();
        assert_eq!(*block_on(model.load()).unwrap(), saved);
    }
}
