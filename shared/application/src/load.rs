//! Reading streams and state items back into what the domain decides on.

use kari_domain::audit::{self, Envelope, Head, StreamId};
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::Ledger;
use kari_domain::request::{AccessRequest, RequestEvent, replay};
use kari_domain::settings::Settings;
use kari_domain::time::{Instant, Minutes};
use serde::de::IgnoredAny;

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
    replayed(stream, &stored)
}

/// The request and the envelopes of its events, in order: both of the same moment.
///
/// # Errors
/// [`Error::Corrupt`] if the stream cannot be replayed.
pub(crate) async fn load_with_timeline(
    kari: &Kari,
    id: RequestId,
) -> Result<(AccessRequest, Vec<Envelope>), Error> {
    let stream = StreamId::request(id);
    let stored = kari.store.stream(&stream).await?;
    let envelopes = stored.iter().map(|bytes| serde_json::from_str(bytes).map_err(corrupt));
    let timeline = envelopes.collect::<Result<_, _>>()?;
    Ok((replayed(stream, &stored)?.state, timeline))
}

fn replayed(stream: StreamId, stored: &[String]) -> Result<Loaded<AccessRequest>, Error> {
    let mut head = Head::empty();
    let mut events = Vec::with_capacity(stored.len());
    for bytes in stored {
        events.push(parse_next(bytes, &head)?);
        head = head.after(bytes);
    }
    let state = replay(events.iter().map(|(at, event)| (*at, event))).map_err(corrupt)?;
    Ok(Loaded { stream, head, state })
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

/// How long before its end the requester is warned; asked for only where a warning may be to come.
pub(crate) async fn warning_for(kari: &Kari, request: &AccessRequest) -> Minutes {
    match request {
        AccessRequest::Activating(_) | AccessRequest::Active(_) => expiry_warning(kari).await,
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Settings::default().expiry_warning_minutes,
    }
}

/// How long before its end a requester is warned. Where the setting cannot be read the default serves:
/// nothing that ends waits for a setting.
pub(crate) async fn expiry_warning(kari: &Kari) -> Minutes {
    match kari.policies.settings().await {
        Ok(settings) => settings.expiry_warning_minutes,
        Err(error) => {
            tracing::warn!(%error, "the settings cannot be read; the default warning serves");
            Settings::default().expiry_warning_minutes
        }
    }
}

pub(crate) fn corrupt(error: impl std::fmt::Display) -> Error {
    Error::Corrupt(error.to_string())
}

/// NB. What does not follow the event before it was altered or lost one: nothing is decided on it.
fn parse_next(bytes: &str, head: &Head) -> Result<(Instant, RequestEvent), Error> {
    let envelope: Envelope<IgnoredAny> = serde_json::from_str(bytes).map_err(corrupt)?;
    if envelope.sequence != head.version + 1 || envelope.previous != head.hash {
        return Err(Error::Corrupt(format!(
            "{}: event {} was altered or is missing",
            envelope.stream, head.version
        )));
    }
    let event = audit::parse_stored(&envelope, bytes).map_err(corrupt)?;
    Ok((envelope.at, event))
}

/// The state item of a request, as lists read it.
pub(crate) fn request_of(body: &str) -> Result<AccessRequest, Error> {
    serde_json::from_str(body).map_err(corrupt)
}
