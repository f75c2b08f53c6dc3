//! The port, answered by the modules beside.

use async_trait::async_trait;
use kari_application::ports::{
    Append, AppendError, AuditFilter, AuditRecord, Due, EventStore, Item, ItemKey, ListError, Page,
    PageRequest, Recorded, RequestFilter, RequestScope, StreamState, Unavailable,
};
use kari_domain::audit::StreamId;
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;

use super::{SqliteStore, append, audit, read, requests};

#[async_trait]
impl EventStore for SqliteStore {
    async fn append(&self, append: &Append) -> Result<(), AppendError> {
        let purpose = append::purpose(append);
        let recorded = self.attempt(purpose, |connection| append::append(connection, append))?;
        if recorded > 0 {
            self.tell_listeners();
        }
        Ok(())
    }

    async fn appended(&self, id: AppendId, stream: &StreamId) -> Result<bool, Unavailable> {
        self.read(|connection| read::appended(connection, id, stream, 0))
    }

    async fn stream(&self, stream: &StreamId) -> Result<Vec<String>, Unavailable> {
        self.read(|connection| read::stream(connection, stream))
    }

    async fn recorded(&self, stream: &StreamId) -> Result<Recorded, Unavailable> {
        self.read(|connection| {
            Ok(Recorded { events: read::stream(connection, stream)?, head: read::head(connection, stream)? })
        })
    }

    async fn state(&self, stream: &StreamId) -> Result<StreamState, Unavailable> {
        self.read(|connection| {
            let item = read::item(connection, &ItemKey::from(stream))?;
            Ok(StreamState { head: read::head(connection, stream)?, item })
        })
    }

    async fn item(&self, key: &ItemKey) -> Result<Option<Item>, Unavailable> {
        self.read(|connection| read::item(connection, key))
    }

    async fn holder(&self, claim: &str, at: Instant) -> Result<Option<String>, Unavailable> {
        self.read(|connection| read::holder(connection, claim, at))
    }

    async fn items(&self, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError> {
        read::items(self, prefix, page)
    }

    async fn due(&self, until: Instant, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Unavailable> {
        self.read(|connection| read::due(connection, until, after, limit))
    }

    async fn requests(
        &self,
        scope: &RequestScope,
        filter: &RequestFilter,
        page: &PageRequest,
    ) -> Result<Page<Item>, ListError> {
        requests::requests(self, scope, filter, page)
    }

    async fn audit(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditRecord>, ListError> {
        audit::audit(self, filter, page)
    }

    async fn health(&self) -> Result<(), Unavailable> {
        self.trouble().map_or(Ok(()), |trouble| Err(Unavailable::new("the store", trouble)))
    }
}
