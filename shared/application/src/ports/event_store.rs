use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kari_domain::audit::{Head, SealedEvent, StreamId};
use kari_domain::ids::{AccountId, AppendId, PermissionSetArn, RequestId, Target, Tuple, UserId};
use kari_domain::request::RequestState;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Unavailable;

/// The store of events and of the current state that lists read. One conditional append settles
/// every race.
///
/// Laws:
/// - `append` is one transaction: all of it happens, or nothing.
/// - It succeeds only if every stream named is at its expected version, every `unchanged` stream is at
///   its version, and every claim taken is free, expired, or already has that very value.
/// - After [`AppendError::Conflict`] nothing happened. After [`AppendError::Unknown`] either may be
///   true, and `appended` tells which; an append with the same id never happens twice.
/// - What was appended survives the death of the process at any later moment.
/// - `stream`, `recorded`, `item`, `items_by_key`, `state`, `holder`, `holders` and `appended` are strongly consistent.
///   `due`, `requests`, `items` and `audit` may be late; no decision reads them.
/// - Bytes come back exactly as they were given.
/// - Pages that follow each other by cursor neither repeat nor skip what did not change meanwhile. A
///   page may be shorter than asked for although another follows, where filling it would take too much
///   reading: only `next` tells the end. A cursor that the list did not make is [`ListError::BadCursor`].
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Appends.
    async fn append(&self, append: &Append) -> Result<(), AppendError>;
    /// Whether an append of this id to this stream has happened.
    async fn appended(&self, id: AppendId, stream: &StreamId) -> Result<bool, Unavailable>;
    /// The stored bytes of a stream's events, in order.
    async fn stream(&self, stream: &StreamId) -> Result<Vec<String>, Unavailable>;
    /// A stream's events with where it ends by the store's own record; both of one moment. A store that
    /// keeps no record beside the events says where those end.
    async fn recorded(&self, stream: &StreamId) -> Result<Recorded, Unavailable> {
        let events = self.stream(stream).await?;
        let head = events.iter().fold(Head::empty(), |head, bytes| head.after(bytes));
        Ok(Recorded { events, head })
    }
    /// A stream's state item with where the stream ends by the store's own record; both of one moment. A
    /// store that keeps that record in the item says what the item says.
    async fn state(&self, stream: &StreamId) -> Result<StreamState, Unavailable> {
        let key = ItemKey::from(stream);
        let mut item = self.item(&key).await?;
        let mut head = Head::empty();
        if item.is_none() {
            head = self.recorded(stream).await?.head;
        }
        if head != Head::empty() {
            // What was appended between the two reads brought its item along.
            item = self.item(&key).await?;
        }
        Ok(StreamState { head: item.as_ref().map_or(head, |item| item.head.clone()), item })
    }
    /// Whether everything can be recorded at the moment, by what the store knows without trying.
    async fn health(&self) -> Result<(), Unavailable> {
        Ok(())
    }
    /// One state item. One that is there but damaged comes with an empty body and a place before the first
    /// event.
    async fn item(&self, key: &ItemKey) -> Result<Option<Item>, Unavailable>;
    /// The state items under these keys, as [`item`](Self::item) tells of each; what is not there is missing.
    async fn items_by_key(&self, keys: &BTreeSet<ItemKey>) -> Result<BTreeMap<ItemKey, Item>, Unavailable> {
        let mut items = BTreeMap::new();
        for key in keys {
            if let Some(item) = self.item(key).await? {
                items.insert(key.clone(), item);
            }
        }
        Ok(items)
    }
    /// The value that holds a claim at this instant; `None` if it is free then.
    async fn holder(&self, claim: &str, at: Instant) -> Result<Option<String>, Unavailable>;
    /// Of these claims the values that hold one at this instant, as [`holder`](Self::holder) tells of each; what is
    /// free then is missing.
    async fn holders(
        &self,
        claims: &BTreeSet<String>,
        at: Instant,
    ) -> Result<BTreeMap<String, String>, Unavailable> {
        let mut holders = BTreeMap::new();
        for claim in claims {
            if let Some(value) = self.holder(claim, at).await? {
                holders.insert(claim.clone(), value);
            }
        }
        Ok(holders)
    }
    /// State items whose key begins with `prefix`, by key.
    async fn items(&self, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError>;
    /// What is due at or before `until`, by instant and key, the longest overdue first; behind `after`
    /// where one is given.
    async fn due(&self, until: Instant, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Unavailable>;
    /// State items of access requests, the newest submission first.
    async fn requests(
        &self,
        scope: &RequestScope,
        filter: &RequestFilter,
        page: &PageRequest,
    ) -> Result<Page<Item>, ListError>;
    /// Recorded events of all streams, the newest first.
    async fn audit(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditRecord>, ListError>;
}

/// One transaction.
#[derive(Debug, Clone)]
pub struct Append {
    pub id: AppendId,
    /// When it is made, for claims that expire.
    pub at: Instant,
    pub streams: Vec<StreamAppend>,
    /// Streams that must still be at these versions, though nothing is appended to them.
    pub unchanged: Vec<(StreamId, u64)>,
    pub items: Vec<ItemChange>,
    pub claims: Vec<ClaimChange>,
}

/// Events for the end of one stream.
#[derive(Debug, Clone)]
pub struct StreamAppend {
    pub stream: StreamId,
    /// Where the stream must end for the append to happen.
    pub expected: Head,
    pub events: Vec<SealedEvent>,
}

/// A stream as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The stored bytes of its events, in order.
    pub events: Vec<String>,
    /// Where it ends by the store's own record. If the events end elsewhere, they were tampered with.
    pub head: Head,
}

/// What a stream has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamState {
    /// Where the stream ends by the store's own record.
    pub head: Head,
    /// Its state item; one with another head is not the state of the stream.
    pub item: Option<Item>,
}

/// The key of a state item. A stream's own item has the stream's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemKey(pub String);

impl From<&StreamId> for ItemKey {
    fn from(stream: &StreamId) -> Self {
        Self(stream.as_str().to_owned())
    }
}

/// Current state, as lists and "due" queries read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub key: ItemKey,
    /// The head of the stream it is the state of.
    pub head: Head,
    /// When `advance` or `settle` must come next at the latest; `None` when nothing is left to do.
    pub due_at: Option<Instant>,
    /// What lists of access requests sort and filter by; `None` for other items.
    pub request: Option<RequestKeys>,
    /// The state, as JSON.
    pub body: String,
}

/// What lists of access requests sort and filter by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKeys {
    pub id: RequestId,
    pub requester: UserId,
    pub account: AccountId,
    pub permission_set: PermissionSetArn,
    pub submitted_at: Instant,
    pub state: RequestState,
}

impl RequestKeys {
    /// The assignment that the request is about.
    pub fn tuple(&self) -> Tuple {
        let target = Target { account: self.account.clone(), permission_set: self.permission_set.clone() };
        Tuple { principal: self.requester.clone(), target }
    }
}

/// A change of a state item.
#[derive(Debug, Clone)]
pub enum ItemChange {
    Put(Item),
    Delete(ItemKey),
}

/// A change of a uniqueness claim: a key that at most one value may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimChange {
    /// Takes the key for this value, until the instant (at which it is free again) if one is given.
    /// Taking what has this very value already replaces the instant.
    Take { key: String, value: String, until: Option<Instant> },
    /// Gives the key back if it has this value; otherwise nothing.
    Release { key: String, value: String },
}

/// Why an append did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    #[error("somebody else was first")]
    Conflict(Conflict),
    /// It may or may not have happened: read back.
    #[error("the outcome of the append is unknown")]
    Unknown(#[source] Unavailable),
    /// It certainly did not happen.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Which condition of an append was not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// A stream (also one of `unchanged`) is at another version.
    Version { stream: StreamId },
    /// A claim is held by another value.
    Claim { key: String, held_by: String },
}

/// What is due, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub key: ItemKey,
    pub at: Instant,
}

/// An opaque place in a list, made by the store. It survives restarts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Why a list could not be given.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The cursor was not made by this list; a caller's mistake.
    #[error("the cursor does not belong to this list: start again without one")]
    BadCursor,
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// 1 to 200.
    pub limit: usize,
    pub after: Option<Cursor>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// Which access requests a list is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestScope {
    /// Everybody's.
    All,
    /// One requester's.
    Of(UserId),
}

/// What further narrows a list of access requests; empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// Any of these.
    pub states: Vec<RequestState>,
    pub account: Option<AccountId>,
    pub requester: Option<UserId>,
    pub permission_set: Option<PermissionSetArn>,
}

/// What narrows a list of events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A stream, or the beginning of streams' names.
    pub stream_prefix: Option<String>,
    pub actor: Option<UserId>,
    pub kind: Option<String>,
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub to: Option<Instant>,
}

/// A recorded event as the audit list gives it: the exact stored bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    pub bytes: String,
}
