//! What does not fit its events: administrators are told, and it is put right.

use std::fmt::Display;

use kari_domain::audit::{Head, StreamId, verify};
use kari_domain::ids::AppendId;
use kari_domain::ledger::{self, Ledger};

use super::items::{check_item, due_by_body, made_by};
use super::untold::{Untold, leave};
use crate::load::{expiry_warning, replay_ledger};
use crate::ports::{Append, EventStore, Item, ItemChange, ItemKey, Recorded};
use crate::relay::tell_damaged;
use crate::{Error, Kari, Loaded};

/// How often a stream is read again that others append to at the same time.
const ATTEMPTS: usize = 5;
/// How many state items are changed at once.
const AT_ONCE: usize = 50;

/// Checks one stream and its state item. What is wrong is told to administrators, and the item is made
/// anew from the events where they are sound. Whether all was well.
///
/// # Errors
/// If the store cannot be read.
pub async fn check_stream(kari: &Kari, stream: &StreamId) -> Result<bool, Error> {
    let Some((recorded, item)) = of_one_moment(&*kari.store, stream).await? else { return Ok(true) };
    let chain = verify(stream, recorded.events.iter().map(String::as_str), &recorded.head);
    let faults = check_item(stream, &recorded.events, item.as_ref());
    if chain.is_ok() && faults.is_empty() {
        return Ok(true);
    }
    let broken = chain.is_err();
    let all = chain.err().map(|fault| fault.to_string()).into_iter();
    let all: Vec<_> = all.chain(faults.iter().map(ToString::to_string)).collect();
    alarm(kari, stream, &all.join("; ")).await;
    // NB. Events that were altered or cut off prove nothing, and access must still end: then the item is all
    // there is, if it can be read.
    let item_holds = broken && item.is_some_and(|item| is_readable_at(&recorded.head, &item));
    if !faults.is_empty() && !recorded.events.is_empty() && !item_holds {
        let made = made_by(stream, &recorded.events, expiry_warning(kari).await);
        if let Ok(Some(made)) = made {
            put_anew(kari, Item { head: recorded.head, ..made }).await;
        }
    }
    Ok(false)
}

/// The events and the state item as they were at one moment; `None` where too much happens to tell, and so
/// the item is made anew all the time.
async fn of_one_moment(
    store: &dyn EventStore,
    stream: &StreamId,
) -> Result<Option<(Recorded, Option<Item>)>, Error> {
    for _ in 0..ATTEMPTS {
        let state = store.state(stream).await?;
        let recorded = store.recorded(stream).await?;
        if store.state(stream).await? == state {
            return Ok(Some((recorded, state.item)));
        }
    }
    tracing::info!(%stream, "too much happens to check it now; the next check tries again");
    Ok(None)
}

/// A ledger whose state item is missing, not readable, or not of the stream's end: the events tell. Where
/// they cannot be understood or are gone, the item is all that is left to end access by.
///
/// # Errors
/// [`Error::Corrupt`] if neither can be understood.
pub(crate) async fn recover_ledger(
    kari: &Kari,
    stream: StreamId,
    item: Option<Item>,
) -> Result<Loaded<Ledger>, Error> {
    let Recorded { events, head } = kari.store.recorded(&stream).await?;
    let replayed = match replay_ledger(&stream, &events) {
        _ if events.is_empty() => Err(Error::Corrupt(format!("{stream}: its events are gone"))),
        Ok((end, _)) if end != head => {
            Err(Error::Corrupt(format!("{stream}: its last event was altered or is missing")))
        }
        replayed => replayed.map(|(_, state)| state),
    };
    let by_item = || item.as_ref().and_then(|item| serde_json::from_str(&item.body).ok());
    let state: Ledger = replayed.or_else(|error| by_item().ok_or(error))?;
    alarm(kari, &stream, &"its state item is missing, not readable, or of another place").await;
    put_anew(kari, ledger_item(&stream, &head, &state)?).await;
    Ok(Loaded { stream, head, state })
}

fn is_readable_at(head: &Head, item: &Item) -> bool {
    item.head == *head && due_by_body(item).is_ok()
}

fn ledger_item(stream: &StreamId, head: &Head, state: &Ledger) -> Result<Item, Error> {
    let body = serde_json::to_string(state).map_err(crate::load::corrupt)?;
    Ok(Item {
        key: ItemKey::from(stream),
        head: head.clone(),
        due_at: ledger::due(state),
        request: None,
        body,
    })
}

/// Says in the log and to administrators, once a day for each fault, what is wrong with a stream's records.
/// NB. Whoever found it goes on: that nobody can be told must not keep access from ending. It is left for the next
/// check to tell.
pub async fn alarm(kari: &Kari, stream: &StreamId, what: &(dyn Display + Sync)) {
    tracing::error!(%stream, %what, "what is recorded was altered or damaged; see `kari audit verify`");
    let (what, found_at) = (what.to_string(), kari.clock.now());
    if let Err(error) = tell_damaged(kari, stream, &what, found_at).await {
        tracing::warn!(%stream, %error, "administrators could not be told; the next check tells them");
        leave(kari, stream, &Untold { what, found_at }).await;
    }
}

async fn put_anew(kari: &Kari, item: Item) {
    let (stream, version) = (StreamId::from_stored(item.key.0.clone()), item.head.version);
    put_right(kari, &stream, version, &[ItemChange::Put(item)]).await;
}

/// Changes state items to what the events of a stream make, unless somebody recorded something meanwhile: then that
/// brought them along. Whether all were changed.
pub(super) async fn put_right(kari: &Kari, stream: &StreamId, version: u64, changes: &[ItemChange]) -> bool {
    for items in changes.chunks(AT_ONCE) {
        let append = Append {
            id: AppendId(kari.ids.fresh()),
            at: kari.clock.now(),
            streams: vec![],
            unchanged: vec![(stream.clone(), version)],
            items: items.to_vec(),
            claims: vec![],
        };
        if let Err(error) = kari.store.append(&append).await {
            tracing::warn!(%stream, %error, "its state items were not put right");
            return false;
        }
    }
    true
}
