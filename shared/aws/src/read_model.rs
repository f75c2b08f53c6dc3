//! The synced copy of the directory, kept as one document.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::{Clock, ReadModel, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::time::Instant;
use tokio::sync::Mutex;

use crate::store::DynamoStore;

const NAME: &str = "directory";

/// For how long nobody asks whether there is a newer one: it is minutes old anyhow.
const TRUSTED: TimeDelta = TimeDelta::seconds(5);

/// The read model in the table. Reading it again costs nothing for some seconds, and then one read of one
/// row while it is unchanged.
pub struct DynamoReadModel {
    store: DynamoStore,
    clock: Arc<dyn Clock>,
    last_read: Mutex<Option<Read>>,
}

struct Read {
    version: u64,
    snapshot: Arc<Snapshot>,
    at: Instant,
}

impl std::fmt::Debug for DynamoReadModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoReadModel").field("store", &self.store).finish_non_exhaustive()
    }
}

impl DynamoReadModel {
    /// The read model of this store.
    pub fn new(store: DynamoStore, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, last_read: Mutex::default() }
    }
}

#[async_trait]
impl ReadModel for DynamoReadModel {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        // Held while reading, so that of many who ask at once one reads.
        let mut last_read = self.last_read.lock().await;
        let at = self.clock.now();
        if let Some(read) = last_read.as_ref().filter(|read| at < read.at + TRUSTED) {
            return Ok(Arc::clone(&read.snapshot));
        }
        let known = last_read.as_ref().map(|read| read.version);
        if let Some(document) = self.store.document_unless(NAME, known).await? {
            // It is only a copy: what another version wrote is read again from the directory.
            let unreadable =
                |error: &serde_json::Error| tracing::error!(%error, "the read model cannot be understood");
            let snapshot = Snapshot::from_stored(&document.body).inspect_err(unreadable).unwrap_or_default();
            *last_read = Some(Read { version: document.version, snapshot: Arc::new(snapshot), at });
        } else if let Some(read) = last_read.as_mut() {
            read.at = at;
        }
        Ok(last_read.as_ref().map(|read| Arc::clone(&read.snapshot)).unwrap_or_default())
    }

    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable> {
        let body = serde_json::to_string(&snapshot).map_err(|e| Unavailable::new("the read model", e))?;
        // Held until it is saved: what is loaded next is at least this.
        let mut last_read = self.last_read.lock().await;
        let version = self.store.save_document(NAME, &body).await?;
        *last_read = Some(Read { version, snapshot: Arc::new(snapshot), at: self.clock.now() });
        Ok(())
    }
}
