//! Reading streams and state items back into what the domain decides on.

use kari_domain::audit::{self, AuditEvent, Envelope, Head, StreamId};
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger::{self, Ledger};
use kari_domain::request::{self, AccessRequest};
use kari_domain::settings::Settings;
use kari_domain::time::{Instant, Minutes};
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::check_records::recover_ledger;
use crate::ports::{Notification, NotificationKind, Recorded, StreamState, Unavailable};
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
/// [`Error::Corrupt`] if the stream cannot be replayed, or does not end where the store says it does.
pub async fn load_request(kari: &Kari, id: RequestId) -> Result<Loaded<AccessRequest>, Error> {
    let stream = StreamId::request(id);
    let recorded = kari.store.recorded(&stream).await?;
    loaded(stream, &recorded)
}

/// The request that a message is about, as it is now, if there is one. What cannot be read is told of all the same.
///
/// # Errors
/// [`Unavailable`] if it cannot be loaded.
pub async fn load_told(
    kari: &Kari,
    notification: &Notification,
) -> Result<Option<AccessRequest>, Unavailable> {
    match notification.request {
        Some(id) if notification.kind != NotificationKind::RecordsUnreadable => {
            let loaded = load_request(kari, id).await;
            Ok(Some(loaded.map_err(|error| Unavailable::new("the request", error))?.state))
        }
        Some(_) | None => Ok(None),
    }
}

/// The request and the envelopes of its events, in order: both of the same moment.
///
/// # Errors
/// [`Error::Corrupt`] if the stream cannot be replayed, or does not end where the store says it does.
pub(crate) async fn load_with_timeline(
    kari: &Kari,
    id: RequestId,
) -> Result<(AccessRequest, Vec<Envelope>), Error> {
    let stream = StreamId::request(id);
    let recorded = kari.store.recorded(&stream).await?;
    let envelopes = recorded.events.iter().map(|bytes| serde_json::from_str(bytes).map_err(corrupt));
    let timeline = envelopes.collect::<Result<_, _>>()?;
    Ok((loaded(stream, &recorded)?.state, timeline))
}

fn loaded(stream: StreamId, recorded: &Recorded) -> Result<Loaded<AccessRequest>, Error> {
    let (head, state) = replay_request(&stream, &recorded.events)?;
    // NB. Each event vouches for the one before it; for the last one the store's own record does.
    if head != recorded.head {
        return Err(Error::Corrupt(format!("{stream}: its last event was altered or is missing")));
    }
    Ok(Loaded { stream, head, state })
}

/// The request that stored events make, and where they end.
pub(crate) fn replay_request(stream: &StreamId, stored: &[String]) -> Result<(Head, AccessRequest), Error> {
    let (head, events) = parse_all(stream, stored)?;
    let state = request::replay(events.iter().map(|(at, event)| (*at, event))).map_err(corrupt)?;
    Ok((head, state))
}

/// The ledger that stored events make, and where they end.
pub(crate) fn replay_ledger(stream: &StreamId, stored: &[String]) -> Result<(Head, Ledger), Error> {
    let (head, events) = parse_all(stream, stored)?;
    let state = ledger::replay(events.iter().map(|(at, event)| (*at, event))).map_err(corrupt)?;
    Ok((head, state))
}

/// The ledger of a tuple, from its state item alone: what removal rests on must need no replay. Only where
/// the item is not what it has to be, the events tell.
///
/// # Errors
/// [`Error::Corrupt`] if neither the item nor the events can be understood.
pub async fn load_ledger(kari: &Kari, tuple: &Tuple) -> Result<Loaded<Ledger>, Error> {
    let stream = StreamId::ledger(tuple);
    let StreamState { head, item } = kari.store.state(&stream).await?;
    let state = match &item {
        None if head == Head::empty() => Some(Ledger::default()),
        Some(item) if item.head == head => serde_json::from_str(&item.body).ok(),
        None | Some(_) => None,
    };
    match state {
        Some(state) => Ok(Loaded { stream, head, state }),
        None => recover_ledger(kari, stream, item).await,
    }
}

/// A state by its item; where that is not of the stream's end or cannot be read, by the events. With the place
/// at which the stream ends.
pub(crate) async fn load_state<T: DeserializeOwned>(
    kari: &Kari,
    stream: &StreamId,
    replay: impl FnOnce(&StreamId, &[String]) -> Result<(Head, T), Error>,
) -> Result<(Head, T), Error> {
    let StreamState { head, item } = kari.store.state(stream).await?;
    let state = item.filter(|item| item.head == head).and_then(|item| serde_json::from_str(&item.body).ok());
    if let Some(state) = state {
        return Ok((head, state));
    }
    let recorded = kari.store.recorded(stream).await?;
    Ok((recorded.head, replay(stream, &recorded.events)?.1))
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

type Events<E> = Vec<(Instant, E)>;

/// The events in order, and where they end.
pub(crate) fn parse_all<E: AuditEvent>(
    stream: &StreamId,
    stored: &[String],
) -> Result<(Head, Events<E>), Error> {
    let mut head = Head::empty();
    let mut events = Vec::with_capacity(stored.len());
    for bytes in stored {
        events.push(parse_next(stream, bytes, &head)?);
        head = head.after(bytes);
    }
    Ok((head, events))
}

/// NB. What does not follow the event before it was altered or lost one: nothing is decided on it.
fn parse_next<E: AuditEvent>(stream: &StreamId, bytes: &str, head: &Head) -> Result<(Instant, E), Error> {
    let envelope: Envelope<IgnoredAny> = serde_json::from_str(bytes).map_err(corrupt)?;
    let (last, next) = (head.version, head.version + 1);
    let fault = if envelope.stream != *stream {
        format!("event {next} belongs to {}", envelope.stream)
    } else if envelope.sequence != next {
        format!("event {next} is missing")
    } else if envelope.previous != head.hash {
        format!("event {last} was altered")
    } else {
        let event = audit::parse_stored(&envelope, bytes).map_err(corrupt)?;
        return Ok((envelope.at, event));
    };
    Err(Error::Corrupt(format!("{stream}: {fault}")))
}

/// The state item of a request, as lists read it.
pub(crate) fn request_of(body: &str) -> Result<AccessRequest, Error> {
    serde_json::from_str(body).map_err(corrupt)
}
