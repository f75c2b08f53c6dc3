//! The one way to change state: load → decide → append. A transaction gathers what was decided about
//! one or a few streams, with the state items and claims that follow from it, and appends it all at
//! once or not at all.

use kari_domain::audit::{Actor, AuditEvent, Cause, Head, SealedEvent, Stamp, StreamId, seal};
use kari_domain::ids::{AppendId, Tuple};
use kari_domain::ledger::{self, Ledger, LedgerEvent};
use kari_domain::request::{self, AccessRequest, RequestEvent, over_for_certain_at};
use kari_domain::time::{Instant, Minutes};

use crate::caller::Caller;
use crate::load::corrupt;
use crate::one_time::OneTime;
use crate::ports::{
    Append, AppendError, ClaimChange, Conflict, Item, ItemChange, ItemKey, RequestKeys, StreamAppend,
};
use crate::{Error, Kari, Loaded};

/// How often a use case decides again after losing a race, before it tells the caller to try later.
pub(crate) const ATTEMPTS: usize = 16;
/// How often an append of unknown outcome is read back.
const READ_BACKS: usize = 5;

/// Whether an append happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Committed {
    Yes,
    /// Somebody else was first: load and decide again.
    Conflict(Conflict),
}

/// What a stream's state item holds besides its place.
#[derive(Default)]
pub(crate) struct State {
    pub due_at: Option<Instant>,
    pub request: Option<RequestKeys>,
    pub body: String,
}

/// Changes that happen together.
pub(crate) struct Transaction<'a> {
    kari: &'a Kari,
    stamp: Stamp,
    append: Append,
    one_time: Option<OneTime>,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(kari: &'a Kari, at: Instant, actor: Actor, cause: Cause) -> Self {
        let id = AppendId(kari.ids.fresh());
        let stamp = Stamp { append: id, at, actor, cause };
        let append = Append { id, at, streams: vec![], unchanged: vec![], items: vec![], claims: vec![] };
        Self { kari, stamp, append, one_time: None }
    }

    /// Appends to any stream, and puts its state item. Returns where the stream ends then.
    pub(crate) fn record<E: AuditEvent, T>(
        &mut self,
        loaded: &Loaded<T>,
        events: &[E],
        state: State,
    ) -> Result<Head, Error> {
        Ok(self.record_each(loaded, events, state)?.pop().unwrap_or_else(|| loaded.head.clone()))
    }

    /// The same. Returns where the stream ends after each of these events.
    pub(crate) fn record_each<E: AuditEvent, T>(
        &mut self,
        loaded: &Loaded<T>,
        events: &[E],
        state: State,
    ) -> Result<Vec<Head>, Error> {
        if events.is_empty() {
            return Ok(vec![]);
        }
        let (sealed, head) = seal(&loaded.stream, &loaded.head, events, &self.stamp).map_err(corrupt)?;
        let mut end = loaded.head.clone();
        let after = |event: &SealedEvent| {
            end = end.after(&event.bytes);
            end.clone()
        };
        let ends = sealed.iter().map(after).collect();
        let (stream, expected) = (loaded.stream.clone(), loaded.head.clone());
        let State { due_at, request, body } = state;
        let item = Item { key: ItemKey::from(&stream), head, due_at, request, body };
        self.append.streams.push(StreamAppend { stream, expected, events: sealed });
        self.append.items.push(ItemChange::Put(item));
        Ok(ends)
    }

    /// Appends to a request's stream; its item and the claim on its target follow. Returns the request as it is
    /// once this is committed.
    pub(crate) fn record_request(
        &mut self,
        loaded: &Loaded<AccessRequest>,
        events: &[RequestEvent],
        warning: Minutes,
    ) -> Result<Loaded<AccessRequest>, Error> {
        let at = self.stamp.at;
        let next = events
            .iter()
            .try_fold(loaded.state.clone(), |state, event| request::evolve(state, at, event))
            .map_err(corrupt)?;
        let body = serde_json::to_string(&next).map_err(corrupt)?;
        let state = State { due_at: request::due(&next, warning), request: keys(&next), body };
        let head = self.record(loaded, events, state)?;
        self.append.claims.extend(claim_on_target(&loaded.state, &next));
        Ok(Loaded { stream: loaded.stream.clone(), head, state: next })
    }

    /// Appends to a tuple's ledger. Returns the ledger as it is once this is committed.
    pub(crate) fn record_ledger(
        &mut self,
        loaded: &Loaded<Ledger>,
        events: &[LedgerEvent],
    ) -> Result<Loaded<Ledger>, Error> {
        let at = self.stamp.at;
        let next = events
            .iter()
            .try_fold(loaded.state.clone(), |state, event| ledger::evolve(state, at, event))
            .map_err(corrupt)?;
        let body = serde_json::to_string(&next).map_err(corrupt)?;
        let state = State { due_at: ledger::due(&next), request: None, body };
        let head = self.record(loaded, events, state)?;
        Ok(Loaded { stream: loaded.stream.clone(), head, state: next })
    }

    /// The decision rests on this version of the policy set, if on any.
    pub(crate) fn evaluated_with(&mut self, policy_set_version: Option<u64>) {
        self.append.unchanged.extend(policy_set_version.map(|version| (StreamId::policies(), version)));
    }

    /// The decision rests on this stream as it was read, though nothing is appended to it.
    pub(crate) fn rests_on<T>(&mut self, loaded: &Loaded<T>) {
        self.append.unchanged.push((loaded.stream.clone(), loaded.head.version));
    }

    /// Uses up what the caller came with, if that is good for one command only.
    pub(crate) fn by(&mut self, caller: &Caller) {
        if let Some(one_time) = &caller.one_time {
            self.once(one_time);
        }
    }

    /// Uses this up.
    pub(crate) fn once(&mut self, one_time: &OneTime) {
        self.append.claims.push(one_time.claim());
        self.one_time = Some(one_time.clone());
    }

    pub(crate) fn claim(&mut self, claim: ClaimChange) {
        self.append.claims.push(claim);
    }

    pub(crate) fn item(&mut self, change: ItemChange) {
        self.append.items.push(change);
    }

    /// Appends. Nothing to write is success: then nothing rests on what would have to be unchanged. What is good
    /// once is used up also where nothing else is written.
    ///
    /// # Errors
    /// [`Error::Replayed`] if what is good once was used before.
    pub(crate) async fn commit(self) -> Result<Committed, Error> {
        let Append { streams, items, claims, .. } = &self.append;
        if streams.is_empty() && items.is_empty() && claims.is_empty() {
            return Ok(Committed::Yes);
        }
        let first = streams.first().map(|append| append.stream.clone());
        match (self.kari.store.append(&self.append).await, first) {
            (Ok(()), _) => Ok(Committed::Yes),
            (Err(AppendError::Conflict(conflict)), _) if self.is_replayed(&conflict) => Err(Error::Replayed),
            (Err(AppendError::Conflict(conflict)), _) => Ok(Committed::Conflict(conflict)),
            (Err(AppendError::Unknown(_)), Some(first)) => self.read_back(first).await,
            (Err(AppendError::Unavailable(error) | AppendError::Unknown(error)), _) => Err(error.into()),
        }
    }

    fn is_replayed(&self, conflict: &Conflict) -> bool {
        let Conflict::Claim { key, .. } = conflict else { return false };
        self.one_time.as_ref().is_some_and(|one_time| one_time.claim_key() == *key)
    }

    /// After an unknown outcome one reads back and knows.
    async fn read_back(&self, stream: StreamId) -> Result<Committed, Error> {
        let mut attempt = 1;
        loop {
            match self.kari.store.appended(self.append.id, &stream).await {
                Ok(true) => return Ok(Committed::Yes),
                Ok(false) => return Ok(Committed::Conflict(Conflict::Version { stream })),
                Err(error) if attempt == READ_BACKS => return Err(error.into()),
                Err(_) => attempt += 1,
            }
        }
    }
}

/// Takes a claim that stands by itself, without an event. After an unknown outcome whoever holds it tells.
pub(crate) async fn take(
    kari: &Kari,
    key: String,
    value: &str,
    until: Option<Instant>,
) -> Result<Committed, Error> {
    let at = kari.clock.now();
    let claims = vec![ClaimChange::Take { key: key.clone(), value: value.to_owned(), until }];
    let id = AppendId(kari.ids.fresh());
    let append = Append { id, at, streams: vec![], unchanged: vec![], items: vec![], claims };
    match kari.store.append(&append).await {
        Ok(()) => Ok(Committed::Yes),
        Err(AppendError::Conflict(conflict)) => Ok(Committed::Conflict(conflict)),
        Err(AppendError::Unknown(error)) => match kari.store.holder(&key, at).await? {
            Some(held_by) if held_by == value => Ok(Committed::Yes),
            Some(held_by) => Ok(Committed::Conflict(Conflict::Claim { key, held_by })),
            None => Err(error.into()),
        },
        Err(AppendError::Unavailable(error)) => Err(error.into()),
    }
}

/// What lists find a request by.
pub(crate) fn keys(request: &AccessRequest) -> Option<RequestKeys> {
    let asked = request.asked()?;
    let submission = &asked.submission;
    Some(RequestKeys {
        id: submission.id,
        requester: submission.requester.clone(),
        account: submission.target.account.clone(),
        permission_set: submission.target.permission_set.clone(),
        submitted_at: asked.submitted_at,
        state: request.state(),
    })
}

/// One request per person and target may be pending or approved at a time. Its claim ends by itself when
/// it is certainly neither, not before, so that a request that cannot be read any more does not keep its
/// owner from that access for ever, and yet never stands beside another open one.
fn claim_on_target(before: &AccessRequest, after: &AccessRequest) -> Option<ClaimChange> {
    let submission = &after.asked()?.submission;
    let key = target_claim(&submission.tuple());
    let value = submission.id.to_string();
    match (before.claims_target(), after.claims_target()) {
        (false, true) => Some(ClaimChange::Take { key, value, until: Some(over_for_certain_at(submission)) }),
        (true, false) => Some(ClaimChange::Release { key, value }),
        (true, true) | (false, false) => None,
    }
}

/// The key of the claim that an open request holds on its target.
pub(crate) fn target_claim(tuple: &Tuple) -> String {
    format!("open/{}/{}/{}", tuple.principal, tuple.target.account, tuple.target.permission_set)
}
