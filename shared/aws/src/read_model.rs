//! The synced copy of the directory, kept as one document.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::{Clock, ReadModel, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::time::Instant;
use tokio::sync::Mutex;

use crate::store::{Document, DynamoStore};

const NAME: &str = "directory";

/// For how long nobody asks whether there is a newer one: it is minutes old anyhow.
const TRUSTED: TimeDelta = TimeDelta::seconds(5);

/// How long what is kept is only confirmed while the directory stays as it is, and not written anew. NB. Whoever altered
/// or damaged it has it replaced after that.
const CONFIRMED_FOR: TimeDelta = TimeDelta::hours(1);

/// The read model in the table. Reading it again costs nothing for some seconds, and then one read of one
/// row while it is unchanged. Saving what is kept already costs a read and a write of that row: the whole of a big directory is
/// more than its partition takes in seconds.
pub struct DynamoReadModel {
    store: DynamoStore,
    clock: Arc<dyn Clock>,
    last_read: Mutex<Option<Read>>,
}

/// What is known of the copy that is kept.
struct Read {
    version: u64,
    /// `None` where it cannot be understood. NB. It is not younger than the epoch then, whenever it was confirmed.
    snapshot: Option<Arc<Snapshot>>,
    /// Of when it says itself that it is; nothing where it cannot be understood.
    written_at: Option<Instant>,
    /// When somebody looked last whether it is still that one.
    at: Instant,
}

impl Read {
    fn new(version: u64, snapshot: Option<Arc<Snapshot>>, at: Instant) -> Self {
        let written_at = snapshot.as_ref().map(|snapshot| snapshot.synced_at);
        Self { version, snapshot, written_at, at }
    }

    /// What is known after this was found, and this before.
    fn after(before: Option<Self>, found: Option<Document>, at: Instant) -> Option<Self> {
        let Some(Document { version, confirmed_at, body }) = found else {
            return before.map(|read| Self { at, ..read });
        };
        let mut read = match body {
            Some(body) => Self::new(version, understood(&body), at),
            None => Self { at, ..before? },
        };
        if let (Some(snapshot), Some(confirmed_at)) = (&mut read.snapshot, confirmed_at)
            && snapshot.synced_at != confirmed_at
        {
            Arc::make_mut(snapshot).synced_at = confirmed_at;
        }
        Some(read)
    }
}

/// It is only a copy: what another version wrote is read again from the directory.
fn understood(body: &str) -> Option<Arc<Snapshot>> {
    let unreadable =
        |error: &serde_json::Error| tracing::error!(%error, "the read model cannot be understood");
    Snapshot::from_stored(body).inspect_err(unreadable).ok().map(Arc::new)
}

/// Whether both say the same, of whatever instant each is.
fn say_the_same(one: &Snapshot, other: &Snapshot) -> bool {
    // NB. Named one by one: what a snapshot says besides has to be compared, too.
    let Snapshot { users, groups, members, units, accounts, permission_sets, synced_at: _, memberships: _ } =
        one;
    *users == other.users
        && *groups == other.groups
        && *members == other.members
        && *units == other.units
        && *accounts == other.accounts
        && *permission_sets == other.permission_sets
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

    /// Makes what is kept be of this instant, if it says the same; whether it does.
    async fn confirm(&self, last_read: &mut Option<Read>, snapshot: &Snapshot) -> Result<bool, Unavailable> {
        if last_read.is_none() {
            let found = self.store.document_unless(NAME, None).await?;
            *last_read = Read::after(None, found, self.clock.now());
        }
        let Some(read) = last_read else { return Ok(false) };
        if read.written_at.is_none_or(|at| snapshot.synced_at >= at + CONFIRMED_FOR) {
            return Ok(false);
        }
        let Some(kept) = read.snapshot.as_mut().filter(|kept| say_the_same(kept, snapshot)) else {
            return Ok(false);
        };
        if !self.store.confirm_document(NAME, read.version, snapshot.synced_at).await? {
            return Ok(false);
        }
        Arc::make_mut(kept).synced_at = snapshot.synced_at;
        read.at = self.clock.now();
        Ok(true)
    }
}

#[async_trait]
impl ReadModel for DynamoReadModel {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        // Held while reading, so that of many who ask at once one reads.
        let mut last_read = self.last_read.lock().await;
        let at = self.clock.now();
        if last_read.as_ref().is_none_or(|read| at >= read.at + TRUSTED) {
            let known = last_read.as_ref().map(|read| read.version);
            let found = self.store.document_unless(NAME, known).await?;
            *last_read = Read::after(last_read.take(), found, at);
        }
        Ok(last_read.as_ref().and_then(|read| read.snapshot.clone()).unwrap_or_default())
    }

    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable> {
        // Held until it is saved: what is loaded next is at least this.
        let mut last_read = self.last_read.lock().await;
        if self.confirm(&mut last_read, &snapshot).await? {
            return Ok(());
        }
        let body = snapshot.to_stored().map_err(|e| Unavailable::new("the read model", e))?;
        let version = self.store.save_document(NAME, &body).await?;
        *last_read = Some(Read::new(version, Some(Arc::new(snapshot)), self.clock.now()));
        Ok(())
    }
}
