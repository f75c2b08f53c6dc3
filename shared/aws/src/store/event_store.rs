//! The port, answered by the modules beside.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kari_application::ports::{
    Append, AppendError, AuditFilter, AuditRecord, Due, EventStore, Item, ItemKey, ListError, Page,
    PageRequest, Recorded, RequestFilter, RequestScope, StreamState, Unavailable,
};
use kari_domain::audit::StreamId;
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;

use super::{DynamoStore, append, audit, items, read, requests};

#[async_trait]
impl EventStore for DynamoStore {
    async fn append(&self, append: &Append) -> Result<(), AppendError> {
        append::append(self, append).await
    }

    async fn appended(&self, id: AppendId, stream: &StreamId) -> Result<bool, Unavailable> {
        read::appended(self, id, stream).await
    }

    async fn stream(&self, stream: &StreamId) -> Result<Vec<String>, Unavailable> {
        read::stream(self, stream).await
    }

    async fn recorded(&self, stream: &StreamId) -> Result<Recorded, Unavailable> {
        read::recorded(self, stream).await
    }

    async fn state(&self, stream: &StreamId) -> Result<StreamState, Unavailable> {
        read::state(self, stream).await
    }

    async fn item(&self, key: &ItemKey) -> Result<Option<Item>, Unavailable> {
        read::item(self, key).await
    }

    async fn items_by_key(&self, keys: &BTreeSet<ItemKey>) -> Result<BTreeMap<ItemKey, Item>, Unavailable> {
        read::items_by_key(self, keys).await
    }

    async fn holder(&self, claim: &str, at: Instant) -> Result<Option<String>, Unavailable> {
        read::holder(self, claim, at).await
    }

    async fn holders(
        &self,
        claims: &BTreeSet<String>,
        at: Instant,
    ) -> Result<BTreeMap<String, String>, Unavailable> {
        read::holders(self, claims, at).await
    }

    async fn items(&self, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError> {
        items::items(self, prefix, page).await
    }

    async fn due(&self, until: Instant, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Unavailable> {
        read::due(self, until, after, limit).await
    }

    async fn requests(
        &self,
        scope: &RequestScope,
        filter: &RequestFilter,
        page: &PageRequest,
    ) -> Result<Page<Item>, ListError> {
        requests::requests(self, scope, filter, page).await
    }

    async fn audit(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditRecord>, ListError> {
        audit::audit(self, filter, page).await
    }
}
