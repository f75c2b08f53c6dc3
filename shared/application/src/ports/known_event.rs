use std::borrow::Cow;

use kari_domain::audit::{Actor, Head, StreamId};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use serde::Deserialize;

use super::StreamAppend;

/// What a store needs to know of an event; the rest of the bytes is none of its business.
#[derive(Debug, Deserialize)]
pub struct KnownEvent<'a> {
    pub stream: StreamId,
    pub sequence: u64,
    pub at: Instant,
    pub actor: Actor,
    pub append: AppendId,
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    #[serde(borrow)]
    previous: Cow<'a, str>,
    /// The exact bytes to be stored.
    #[serde(skip)]
    pub bytes: &'a str,
}

/// An append that would break a chain: a mistake of the caller, never of people.
#[derive(Debug, thiserror::Error)]
pub enum BrokenChain {
    #[error("the event to append is not readable")]
    Unreadable(#[source] serde_json::Error),
    #[error("the event to append does not continue {0}")]
    Detached(StreamId),
}

impl<'a> KnownEvent<'a> {
    /// What these stored bytes say.
    ///
    /// # Errors
    /// If they are no event.
    pub fn parse(bytes: &'a str) -> Result<Self, serde_json::Error> {
        Ok(Self { bytes, ..serde_json::from_str(bytes)? })
    }
}

impl StreamAppend {
    /// The events, and where the stream ends with them.
    ///
    /// NB. A chain is never broken by us, so whatever the verifier finds was done by others.
    ///
    /// # Errors
    /// [`BrokenChain`] if an event does not follow the one before it.
    pub fn known_events(&self, id: AppendId) -> Result<(Vec<KnownEvent<'_>>, Head), BrokenChain> {
        let mut head = self.expected.clone();
        let mut events = Vec::with_capacity(self.events.len());
        for sealed in &self.events {
            let event = KnownEvent::parse(&sealed.bytes).map_err(BrokenChain::Unreadable)?;
            let continues = event.stream == self.stream
                && event.sequence == head.version + 1
                && event.sequence == sealed.sequence
                && event.previous == head.hash
                && event.append == id;
            if !continues {
                return Err(BrokenChain::Detached(self.stream.clone()));
            }
            head = head.after(&sealed.bytes);
            events.push(event);
        }
        Ok((events, head))
    }
}
