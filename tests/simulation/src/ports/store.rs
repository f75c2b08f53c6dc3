//! The store, whose answers may get lost.

use std::slice;
use std::sync::Arc;

use async_trait::async_trait;
use futures::FutureExt;
use kari_application::ports::{
    Append, AppendError, AuditFilter, AuditRecord, Due, EventStore, Item, ItemChange, ItemKey, ListError,
    Page, PageRequest, Recorded, RequestFilter, RequestScope, StreamAppend, StreamState, Unavailable,
};
use kari_domain::audit::{Envelope, Head, SealedEvent, StreamId};
use kari_domain::ids::{AppendId, RequestId, Target, Tuple};
use kari_domain::time::Instant;
use kari_embedded::store::SqliteStore;

use super::gate::{AppendFate, Gate, Port};
use crate::mutant::Misfit;
use crate::tasks::TaskId;

/// The store behind the gate.
#[derive(Debug)]
pub struct GatedStore {
    inner: Arc<SqliteStore>,
    gate: Arc<Gate>,
}

impl GatedStore {
    /// The store behind the gate.
    pub fn new(inner: Arc<SqliteStore>, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }

    async fn pass<T: Send>(
        &self,
        about: &[StreamId],
        call: impl Future<Output = Result<T, Unavailable>> + Send,
    ) -> Result<T, Unavailable> {
        if let Some(stream) = about.first() {
            self.gate.watch().coverage.reads(stream.as_str());
        }
        self.gate.pass(Port::Store, about, call).await
    }

    async fn list<T: Send>(
        &self,
        call: impl Future<Output = Result<T, ListError>> + Send,
    ) -> Result<T, ListError> {
        self.gate.before(Port::Store).await;
        self.gate.fail(Port::Store, &[])?;
        let answer = call.await;
        self.gate.after(Port::Store).await;
        answer
    }

    fn apply(&self, append: &Append) -> Result<(), AppendError> {
        apply(&self.inner, &self.gate, append, self.gate.current())
    }
}

/// Appends, and shows the watch what was appended. The store answers at once.
pub(crate) fn apply(
    store: &SqliteStore,
    gate: &Gate,
    append: &Append,
    by: TaskId,
) -> Result<(), AppendError> {
    let forced = forced(store, gate, append);
    let append = forced.as_ref().unwrap_or(append);
    let outcome = store.append(append).now_or_never().expect("the embedded store answers at once");
    let mut watch = gate.watch();
    match &outcome {
        Ok(()) => watch.appended(append, by, gate.now()),
        Err(AppendError::Conflict(conflict)) => watch.conflicted(append, conflict),
        Err(AppendError::Unknown(_) | AppendError::Unavailable(_)) => {}
    }
    outcome
}

/// The append as it would have to be to happen whatever was appended meanwhile, if the store
/// misbehaves in that way.
fn forced(store: &SqliteStore, gate: &Gate, append: &Append) -> Option<Append> {
    let every = gate.does(Misfit::LastAppendWins);
    if !every && !gate.does(Misfit::LedgerUnconditional) {
        return None;
    }
    let mut forced = append.clone();
    for stream in &mut forced.streams {
        if every || stream.stream.as_tuple().is_some() {
            *stream = continued(store, stream);
        }
    }
    let heads: Vec<_> =
        forced.streams.iter().map(|stream| (ItemKey::from(&stream.stream), head_after(stream))).collect();
    for item in &mut forced.items {
        if let ItemChange::Put(item) = item
            && let Some((_, head)) = heads.iter().find(|(key, _)| *key == item.key)
        {
            item.head = head.clone();
        }
    }
    Some(forced)
}

fn head_after(append: &StreamAppend) -> Head {
    append.events.iter().fold(append.expected.clone(), |head, event| head.after(&event.bytes))
}

/// The same events at the end that the stream has now.
fn continued(store: &SqliteStore, append: &StreamAppend) -> StreamAppend {
    let stored = store.stream(&append.stream).now_or_never().expect("at once").expect("readable");
    let expected = stored.iter().fold(Head::empty(), |head, bytes| head.after(bytes));
    let mut head = expected.clone();
    let mut events = vec![];
    for event in &append.events {
        let mut envelope: Envelope = serde_json::from_str(&event.bytes).expect("an envelope");
        envelope.sequence = head.version + 1;
        envelope.previous.clone_from(&head.hash);
        let bytes = serde_json::to_string(&envelope).expect("an envelope");
        head = head.after(&bytes);
        events.push(SealedEvent { sequence: head.version, kind: event.kind.clone(), bytes });
    }
    StreamAppend { stream: append.stream.clone(), expected, events }
}

/// What an append is about. A stream that does not exist yet belongs to the assignment that is asked for.
fn streams(append: &Append) -> Vec<StreamId> {
    let keys = append.items.iter().filter_map(|change| match change {
        ItemChange::Put(item) => item.request.as_ref(),
        ItemChange::Delete(_) => None,
    });
    let is_new = |id: RequestId| {
        let mut streams = append.streams.iter();
        streams.any(|stream| stream.expected == Head::empty() && stream.stream == StreamId::request(id))
    };
    let asked_for = keys.filter(|keys| is_new(keys.id)).map(|keys| {
        let (account, permission_set) = (keys.account.clone(), keys.permission_set.clone());
        let target = Target { account, permission_set };
        StreamId::ledger(&Tuple { principal: keys.requester.clone(), target })
    });
    append.streams.iter().map(|stream| stream.stream.clone()).chain(asked_for).collect()
}

fn untold() -> AppendError {
    AppendError::Unknown(Unavailable::new("the store", "the answer was lost"))
}

#[async_trait]
impl EventStore for GatedStore {
    async fn append(&self, append: &Append) -> Result<(), AppendError> {
        self.gate.before(Port::Store).await;
        let fate = self.gate.append_fate();
        if fate != AppendFate::AsAsked {
            self.gate.watch().fault(Port::Store, fate.name(), &streams(append));
        }
        let outcome = match fate {
            AppendFate::AsAsked => self.apply(append),
            AppendFate::Unavailable => {
                Err(AppendError::Unavailable(Unavailable::new("the store", "the weather is bad")))
            }
            AppendFate::HappensUntold => self.apply(append).and(Err(untold())),
            AppendFate::Lost => Err(untold()),
            AppendFate::HappensLate => {
                self.gate.append_later(append.clone());
                Err(untold())
            }
        };
        self.gate.after(Port::Store).await;
        outcome
    }

    async fn appended(&self, id: AppendId, stream: &StreamId) -> Result<bool, Unavailable> {
        self.pass(slice::from_ref(stream), self.inner.appended(id, stream)).await
    }

    async fn stream(&self, stream: &StreamId) -> Result<Vec<String>, Unavailable> {
        self.pass(slice::from_ref(stream), async {
            self.gate.watch().read(self.gate.current(), stream);
            self.inner.stream(stream).await
        })
        .await
    }

    async fn recorded(&self, stream: &StreamId) -> Result<Recorded, Unavailable> {
        self.pass(slice::from_ref(stream), async {
            self.gate.watch().read(self.gate.current(), stream);
            self.inner.recorded(stream).await
        })
        .await
    }

    async fn state(&self, stream: &StreamId) -> Result<StreamState, Unavailable> {
        self.pass(slice::from_ref(stream), self.inner.state(stream)).await
    }

    async fn item(&self, key: &ItemKey) -> Result<Option<Item>, Unavailable> {
        self.pass(&[StreamId::from_stored(key.0.clone())], self.inner.item(key)).await
    }

    async fn holder(&self, claim: &str, at: Instant) -> Result<Option<String>, Unavailable> {
        self.pass(&[], self.inner.holder(claim, at)).await
    }

    async fn items(&self, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError> {
        self.list(self.inner.items(prefix, page)).await
    }

    async fn due(&self, until: Instant, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Unavailable> {
        let limit = if self.gate.does(Misfit::NothingIsDue) { 0 } else { limit };
        self.pass(&[], self.inner.due(until, after, limit)).await
    }

    async fn requests(
        &self,
        scope: &RequestScope,
        filter: &RequestFilter,
        page: &PageRequest,
    ) -> Result<Page<Item>, ListError> {
        self.list(self.inner.requests(scope, filter, page)).await
    }

    async fn audit(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditRecord>, ListError> {
        self.list(self.inner.audit(filter, page)).await
    }
}

impl AppendFate {
    fn name(self) -> &'static str {
        match self {
            Self::AsAsked => "as-asked",
            Self::Unavailable => "unavailable",
            Self::HappensUntold => "append-untold",
            Self::Lost => "append-lost",
            Self::HappensLate => "append-late",
        }
    }
}
