//! The synced copy of the directory, kept as one document.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{ReadModel, Unavailable};
use kari_domain::directory::Snapshot;
use tokio::sync::Mutex;

use crate::store::DynamoStore;

const NAME: &str = "directory";

/// The read model in the table. Reading it again costs one read of one row while it is unchanged.
#[derive(Debug)]
pub struct DynamoReadModel {
    store: DynamoStore,
    last_read: Mutex<Option<(u64, Arc<Snapshot>)>>,
}

impl DynamoReadModel {
    /// The read model of this store.
    pub fn new(store: DynamoStore) -> Self {
        Self { store, last_read: Mutex::default() }
    }
}

#[async_trait]
impl ReadModel for DynamoReadModel {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        // Held while reading, so that of many who ask at once one reads.
        let mut last_read = self.last_read.lock().await;
        let known = last_read.as_ref().map(|(version, _)| *version);
        if let Some(document) = self.store.document_unless(NAME, known).await? {
            // It is only a copy: what another version wrote is read again from the directory.
            let unreadable =
                |error: &serde_json::Error| tracing::error!(%error, "the read model cannot be understood");
            let snapshot: Snapshot =
                serde_json::from_str(&document.body).inspect_err(unreadable).unwrap_or_default();
            *last_read = Some((document.version, Arc::new(snapshot)));
        }
        Ok(last_read.as_ref().map(|(_, snapshot)| Arc::clone(snapshot)).unwrap_or_default())
    }

    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable> {
        let body = serde_json::to_string(&snapshot).map_err(|e| Unavailable::new("the read model", e))?;
        self.store.save_document(NAME, &body).await.map(|_| ())
    }
}
