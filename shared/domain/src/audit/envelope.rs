//! The envelope around an event, and the seal that chains it to the one before.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{Actor, Cause, StreamId};
use crate::ids::AppendId;
use crate::time::Instant;

/// An event that can be recorded. Its serialized form is `{"kind": …, "data": …}`.
///
/// Events are for ever: changes to a kind are additive, and a change that is not gets a new version.
pub trait AuditEvent: Serialize + DeserializeOwned {
    /// The version of this event's data. 1 until its meaning changes.
    fn version(&self) -> u16 {
        1
    }

    /// Who did this, where it is not whoever caused the append.
    fn actor(&self) -> Option<Actor> {
        None
    }
}

/// One recorded fact, as it is stored (JSON, one object). Whoever does not want its data as it is says
/// `Envelope<IgnoredAny>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<D = Value> {
    pub stream: StreamId,
    /// The place in the stream, from 1.
    pub sequence: u64,
    pub at: Instant,
    pub actor: Actor,
    pub cause: Cause,
    /// The append that recorded it; all events of one append were recorded together or not at all.
    pub append: AppendId,
    pub kind: String,
    pub version: u16,
    pub data: D,
    /// The SHA-256 of the stored bytes of the event before it in its stream, in hex; 64 zeros for
    /// the first.
    pub previous: String,
}

/// Where a stream ends: how many events it has and the hash of the last one's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub version: u64,
    pub hash: String,
}

impl Head {
    /// The head of a stream without events.
    pub fn empty() -> Self {
        Self { version: 0, hash: "0".repeat(64) }
    }

    /// The head after one more event with these stored bytes.
    #[must_use]
    pub fn after(&self, bytes: &str) -> Self {
        Self { version: self.version + 1, hash: hex::encode(Sha256::digest(bytes.as_bytes())) }
    }
}

/// What all events of one append have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub append: AppendId,
    pub at: Instant,
    pub actor: Actor,
    pub cause: Cause,
}

/// An event ready to be stored: its place, its kind, and the exact bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEvent {
    pub sequence: u64,
    pub kind: String,
    pub bytes: String,
}

/// An event of a kind or shape this program does not know: written by a newer version, or damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {kind} (version {version}) cannot be read: {detail}")]
pub struct UnknownEvent {
    pub kind: String,
    pub version: u16,
    pub detail: String,
}

/// Puts events into envelopes, each chained to the one before, starting at `head`. Returns them with
/// the head that the stream has afterwards.
///
/// # Errors
/// A serialization error; with our own event types there is none.
pub fn seal<E: AuditEvent>(
    stream: &StreamId,
    head: &Head,
    events: &[E],
    stamp: &Stamp,
) -> Result<(Vec<SealedEvent>, Head), serde_json::Error> {
    let mut head = head.clone();
    let mut sealed = Vec::with_capacity(events.len());
    for event in events {
        let text = serde_json::to_string(event)?;
        let Tagged { kind, data } = serde_json::from_str(&text)?;
        let envelope = Envelope {
            stream: stream.clone(),
            sequence: head.version + 1,
            at: stamp.at,
            actor: event.actor().unwrap_or_else(|| stamp.actor.clone()),
            cause: stamp.cause,
            append: stamp.append,
            kind,
            version: event.version(),
            data,
            previous: head.hash.clone(),
        };
        let bytes = serde_json::to_string(&envelope)?;
        head = head.after(&bytes);
        sealed.push(SealedEvent { sequence: head.version, kind: envelope.kind, bytes });
    }
    Ok((sealed, head))
}

/// An event by itself. What it holds is put into the envelope as it was written.
#[derive(Deserialize)]
struct Tagged<'a> {
    kind: String,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// Reads the event out of its envelope. By way of text, as [`parse_stored`] does: whatever reads every kind of
/// event is big, and so there is one of it in a program.
///
/// # Errors
/// [`UnknownEvent`] if its kind, version or shape is not known here.
pub fn parse<E: AuditEvent>(envelope: &Envelope) -> Result<E, UnknownEvent> {
    let mut tagged = serde_json::Map::from_iter([("kind".to_owned(), Value::from(envelope.kind.clone()))]);
    if !envelope.data.is_null() {
        tagged.insert("data".to_owned(), envelope.data.clone());
    }
    known(envelope, serde_json::from_str(&Value::Object(tagged).to_string()))
}

/// The same, straight out of the stored bytes: replaying reads many events.
///
/// # Errors
/// As [`parse`].
pub fn parse_stored<E: AuditEvent, D>(envelope: &Envelope<D>, bytes: &str) -> Result<E, UnknownEvent> {
    known(envelope, serde_json::from_str(bytes))
}

fn known<E: AuditEvent, D>(
    envelope: &Envelope<D>,
    event: Result<E, serde_json::Error>,
) -> Result<E, UnknownEvent> {
    let unknown =
        |detail: String| UnknownEvent { kind: envelope.kind.clone(), version: envelope.version, detail };
    let event = event.map_err(|error| unknown(error.to_string()))?;
    if event.version() < envelope.version {
        return Err(unknown("its version is newer than this program".to_owned()));
    }
    Ok(event)
}
