//! Checkpoints: what an auditor keeps outside of Kari, to see later that nothing recorded until then was
//! altered or removed since, not even by somebody who can rewrite the whole store.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::{Head, StreamId};

const DIGITS: usize = 64;

/// How many events a store held, and one digest over the ends that all streams had then.
///
/// The digest is the SHA-256, in hex, of one line for each stream with an event among the first `events`
/// of the store, in the order of the names' bytes: `name version hash`, each line ended by a line feed.
/// `version` and `hash` are those of the [`Head`] that these events lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub events: u64,
    pub digest: String,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.events, self.digest)
    }
}

/// A text that is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a checkpoint is a number, a colon and {DIGITS} hexadecimal digits, as `kari audit verify` prints it"
)]
pub struct MalformedCheckpoint;

impl FromStr for Checkpoint {
    type Err = MalformedCheckpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (events, digest) = text.split_once(':').ok_or(MalformedCheckpoint)?;
        if digest.len() != DIGITS || hex::decode(digest).is_err() {
            return Err(MalformedCheckpoint);
        }
        let events = events.parse().map_err(|_| MalformedCheckpoint)?;
        Ok(Self { events, digest: digest.to_ascii_lowercase() })
    }
}

/// Makes a checkpoint, stream by stream.
#[derive(Debug, Clone)]
pub struct CheckpointBuilder {
    events: u64,
    seen: u64,
    sha: Sha256,
}

impl CheckpointBuilder {
    /// For the first `events` events of a store.
    pub fn new(events: u64) -> Self {
        Self { events, seen: 0, sha: Sha256::new() }
    }

    /// Adds the next stream in the order of names: the stored bytes of its events in order, each with its
    /// place among all events of the store, from 1.
    pub fn add<'a>(&mut self, stream: &StreamId, recorded: impl IntoIterator<Item = (u64, &'a str)>) {
        let among = recorded.into_iter().filter(|(place, _)| *place <= self.events);
        let head = among.fold(Head::empty(), |head, (_, bytes)| head.after(bytes));
        if head.version > 0 {
            self.seen += head.version;
            self.sha.update(format!("{stream} {} {}\n", head.version, head.hash));
        }
    }

    /// The checkpoint; it says fewer events than were asked for where the store has no more.
    pub fn finish(self) -> Checkpoint {
        Checkpoint { events: self.seen, digest: hex::encode(self.sha.finalize()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [(&str, &str); 4] = [("a", "one"), ("b", "two"), ("a", "three"), ("b", "four")];

    fn checkpoint(events: u64, store: &[(&str, &str)]) -> Checkpoint {
        let mut builder = CheckpointBuilder::new(events);
        for name in ["a", "b"] {
            let placed = (1..).zip(store).filter(|(_, (stream, _))| *stream == name);
            builder.add(
                &StreamId::from_stored(name.to_owned()),
                placed.map(|(place, (_, bytes))| (place, *bytes)),
            );
        }
        builder.finish()
    }

    #[test]
    fn whoever_has_the_events_can_compute_a_checkpoint_without_our_code() {
        // printf 'a 2 %s\nb 1 %s\n' "$(printf three | sha256sum | cut -c-64)" \
        //     "$(printf two | sha256sum | cut -c-64)" | sha256sum
        let expected = "bd42cbd04c0455730b01eaf9cd610fb30afd2ba10feb8ddc4f3458101b0c2a22";
        assert_eq!(checkpoint(3, &EVENTS).to_string(), format!("3:{expected}"));
    }

    #[test]
    fn what_is_recorded_later_does_not_change_a_checkpoint() {
        assert_eq!(checkpoint(3, &EVENTS), checkpoint(3, &EVENTS[..3]));
        assert_ne!(checkpoint(4, &EVENTS), checkpoint(3, &EVENTS));
        assert_eq!(
            checkpoint(1, &EVENTS),
            checkpoint(1, &EVENTS[..1]),
            "nor does a stream that begins later"
        );
        let mut without = CheckpointBuilder::new(1);
        without.add(&StreamId::from_stored("a".to_owned()), [(1, "one")]);
        assert_eq!(checkpoint(1, &EVENTS), without.finish());
    }

    #[test]
    fn whatever_is_altered_removed_or_moved_to_another_stream_changes_a_checkpoint() {
        let known = checkpoint(4, &EVENTS);
        let altered = [("a", "one"), ("b", "two"), ("a", "3"), ("b", "four")];
        let moved = [("a", "one"), ("b", "two"), ("b", "three"), ("b", "four")];
        for other in [&altered[..], &moved[..], &EVENTS[..3]] {
            assert_ne!(checkpoint(4, other), known, "{other:?}");
        }
    }

    #[test]
    fn a_checkpoint_reads_back_and_nothing_else_is_one() {
        let known = checkpoint(4, &EVENTS);
        assert_eq!(known.to_string().parse(), Ok(known));
        let digits = "0".repeat(64);
        for bad in ["", "4", ":", &digits, "4:00", &format!("x:{digits}"), &format!("4:{}g", "0".repeat(63))]
        {
            assert_eq!(bad.parse::<Checkpoint>(), Err(MalformedCheckpoint), "{bad}");
        }
    }
}
