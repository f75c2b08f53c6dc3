//! The verifier of a stream's chain: altered, missing and added events are found.

use super::{Envelope, Head, StreamId};

/// What is wrong with a chain, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    #[error("{stream}: the event at {sequence} is not readable: {detail}")]
    Unreadable { stream: StreamId, sequence: u64, detail: String },
    #[error("{stream}: the event at {sequence} says it is number {found}; events are missing or moved")]
    OutOfSequence { stream: StreamId, sequence: u64, found: u64 },
    #[error("{stream}: the event at {sequence} belongs to {found}")]
    Misplaced { stream: StreamId, sequence: u64, found: StreamId },
    #[error("{stream}: the event before {sequence} was altered")]
    Altered { stream: StreamId, sequence: u64 },
    #[error("{stream}: it ends at {found}, but {expected} events were recorded or the last was altered")]
    WrongEnd { stream: StreamId, expected: u64, found: u64 },
}

/// Verifies one stream: its stored bytes in order, against the head the store keeps for it.
///
/// # Errors
/// The first [`ChainFault`] found; after it nothing in the stream is certain.
pub fn verify<'a>(
    stream: &StreamId,
    stored: impl IntoIterator<Item = &'a str>,
    recorded: &Head,
) -> Result<(), ChainFault> {
    let mut head = Head::empty();
    for bytes in stored {
        let sequence = head.version + 1;
        let envelope: Envelope = serde_json::from_str(bytes).map_err(|e| ChainFault::Unreadable {
            stream: stream.clone(),
            sequence,
            detail: e.to_string(),
        })?;
        check_place(stream, sequence, &envelope)?;
        if envelope.previous != head.hash {
            return Err(ChainFault::Altered { stream: stream.clone(), sequence });
        }
        head = head.after(bytes);
    }
    if head == *recorded {
        Ok(())
    } else {
        Err(ChainFault::WrongEnd { stream: stream.clone(), expected: recorded.version, found: head.version })
    }
}

fn check_place(stream: &StreamId, sequence: u64, envelope: &Envelope) -> Result<(), ChainFault> {
    if envelope.stream != *stream {
        let found = envelope.stream.clone();
        return Err(ChainFault::Misplaced { stream: stream.clone(), sequence, found });
    }
    if envelope.sequence != sequence {
        let found = envelope.sequence;
        return Err(ChainFault::OutOfSequence { stream: stream.clone(), sequence, found });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::super::{Actor, AuditEvent, Cause, Stamp, SystemReason, parse, seal};
    use super::*;
    use crate::ids::AppendId;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
    enum Fact {
        Said { words: String },
    }
    impl AuditEvent for Fact {}

    fn chain() -> (StreamId, Vec<String>, Head) {
        let stream = StreamId::policies();
        let stamp = Stamp {
            append: AppendId(uuid::Uuid::nil()),
            at: crate::time::Instant::UNIX_EPOCH,
            actor: Actor::System { reason: SystemReason::Setup },
            cause: Cause::Operator,
        };
        let facts: Vec<Fact> = ["a", "b", "c"].map(|w| Fact::Said { words: w.to_owned() }).into();
        let (sealed, head) = seal(&stream, &Head::empty(), &facts, &stamp).unwrap();
        (stream, sealed.into_iter().map(|e| e.bytes).collect(), head)
    }

    fn check(stream: &StreamId, stored: &[String], head: &Head) -> Result<(), ChainFault> {
        verify(stream, stored.iter().map(String::as_str), head)
    }

    #[test]
    fn an_untouched_chain_is_sound_and_reads_back() {
        let (stream, stored, head) = chain();
        assert_eq!(check(&stream, &stored, &head), Ok(()));
        let envelope: Envelope = serde_json::from_str(&stored[1]).unwrap();
        assert_eq!(parse::<Fact>(&envelope), Ok(Fact::Said { words: "b".to_owned() }));
    }

    #[test]
    fn an_altered_event_is_found_wherever_it_is() {
        let (stream, stored, head) = chain();
        for place in 0..stored.len() {
            let mut forged = stored.clone();
            forged[place] = forged[place].replace("\"words\":\"", "\"words\":\"not ");
            assert!(check(&stream, &forged, &head).is_err(), "event {place}");
        }
    }

    #[test]
    fn a_missing_event_is_found_wherever_it_is() {
        let (stream, stored, head) = chain();
        for place in 0..stored.len() {
            let mut cut = stored.clone();
            cut.remove(place);
            assert!(check(&stream, &cut, &head).is_err(), "event {place}");
        }
    }

    #[test]
    fn an_event_from_another_stream_is_found() {
        let (_, stored, head) = chain();
        let other = StreamId::from_stored("attempts/u-1/2026-01-01".to_owned());
        assert!(matches!(check(&other, &stored, &head), Err(ChainFault::Misplaced { .. })));
    }

    #[test]
    fn an_event_of_a_newer_version_is_unknown_not_guessed() {
        let (_, stored, _) = chain();
        let mut envelope: Envelope = serde_json::from_str(&stored[0]).unwrap();
        envelope.version = 2;
        assert!(parse::<Fact>(&envelope).is_err());
        envelope.version = 1;
        envelope.kind = "sung".to_owned();
        assert!(parse::<Fact>(&envelope).is_err());
    }
}
