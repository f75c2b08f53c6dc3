//! Reading streams and state items back into what the domain decides on.

use kari_domain::audit::{self, Envelope, Head, StreamId};
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::Ledger;
use kari_domain::request::{AccessRequest, RequestEvent, replay};
use kari_domain::time::Instant;

use crate::ports::{Item, ItemKey};
use crate::{Error, Kari};

/// Something with the place in its stream at which it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<T> {
    pub stream: StreamId,
    pub head: Head,
    pub state: T,
}

/// The request, replayed from its events. The state item is for lists; decisions rest on the events,
/// so that an event of a newer version is noticed and parks the request.
///
/// # Errors
/// [`Error::Corrupt`] if the stream cannot be replayed.
pub async fn load_request(kari: &Kari, id: RequestId) -> Result<Loaded<AccessRequest>, Error> {
    let stream = StreamId::request(id);
    let stored = kari.store.stream(&stream).await?;
    let mut events = Vec::with_capacity(stored.len());
    for bytes in &stored {
        events.push(parse_event(bytes)?);
    }
    let state = replay(events.iter().map(|(at, event)| (*at, event))).map_err(corrupt)?;
    Ok(Loaded { stream, head: head_of(&stored), state })
}

/// The envelopes of a request's events, in order.
///
/// # Errors
/// [`Error::Corrupt`] if one cannot be read.
pub async fn timeline(kari: &Kari, id: RequestId) -> Result<Vec<Envelope>, Error> {
    let stored = kari.store.stream(&StreamId::request(id)).await?;
    stored.iter().map(|bytes| serde_json::from_str(bytes).map_err(corrupt)).collect()
}

/// The ledger of a tuple, from its state item alone: what removal rests on must need no replay.
///
/// # Errors
/// [`Error::Corrupt`] if the item cannot be read.
pub async fn load_ledger(kari: &Kari, tuple: &Tuple) -> Result<Loaded<Ledger>, Error> {
    let stream = StreamId::ledger(tuple);
    match kari.store.item(&ItemKey::from(&stream)).await? {
        None => Ok(Loaded { stream, head: Head::empty(), state: Ledger::default() }),
        Some(Item { head, body, .. }) => {
            let state = serde_json::from_str(&body).map_err(corrupt)?;
            Ok(Loaded { stream, head, state })
        }
    }
}

pub(crate) fn corrupt(error: impl std::fmt::Display) -> Error {
    Error::Corrupt(error.to_string())
}

pub(crate) fn parse_event(bytes: &str) -> Result<(Instant, RequestEvent), Error> {
    let envelope: Envelope = serde_json::from_str(bytes).map_err(corrupt)?;
    let event = audit::parse(&envelope).map_err(corrupt)?;
    Ok((envelope.at, event))
}

fn head_of(stored: &[String]) -> Head {
    let Some(last) = stored.last() else { return Head::empty() };
    let hash = Head::empty().after(last).hash;
    Head { version: stored.len() as u64, hash }
}
