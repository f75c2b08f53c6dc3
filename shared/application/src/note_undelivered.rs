//! What a channel cannot deliver, however often it is tried: a chat's channel that was deleted, a token that
//! was taken back. It is recorded once, and holds up nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};

use crate::channel_event::ChannelEvent;
use crate::ports::{ClaimChange, Conflict, Unavailable};
use crate::transaction::{ATTEMPTS, Committed, State, Transaction};
use crate::{Error, Kari, Loaded};

/// For so long the same is not recorded again.
const ONCE_IN: TimeDelta = TimeDelta::days(1);

/// How many destinations were given up since somebody asked. Its clones count together.
#[derive(Debug, Clone, Default)]
pub struct GivenUp(Arc<AtomicU64>);

impl GivenUp {
    /// How many destinations were found to take nothing since this was asked last.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }

    /// Records that a destination of a channel takes nothing, once, so that the rest may go on.
    ///
    /// # Errors
    /// If that cannot be recorded; then it is tried again.
    pub async fn give_up(
        &self,
        kari: &Kari,
        channel: &str,
        destination: &str,
        code: &str,
    ) -> Result<(), Unavailable> {
        let noted = note_undelivered(kari, channel, destination, code).await;
        if noted.map_err(|error| Unavailable::new("the store", error))? {
            self.0.fetch_add(1, Ordering::Relaxed);
            tracing::error!(
                channel,
                destination,
                code,
                "nothing is taken there; it is recorded and passed over"
            );
        }
        Ok(())
    }
}

/// Records that nothing can be delivered to this destination of a channel, unless that was recorded lately.
/// Returns whether it is news.
///
/// # Errors
/// If the store fails.
pub async fn note_undelivered(
    kari: &Kari,
    channel: &str,
    destination: &str,
    code: &str,
) -> Result<bool, Error> {
    let stream = StreamId::channel(channel);
    let event = ChannelEvent::Undeliverable { destination: destination.to_owned(), code: code.to_owned() };
    for _ in 0..ATTEMPTS {
        let now = kari.clock.now();
        let actor = Actor::System { reason: SystemReason::Channel };
        let mut transaction = Transaction::new(kari, now, actor, Cause::Advance);
        let head = kari.store.state(&stream).await?.head;
        let loaded = Loaded { stream: stream.clone(), head, state: () };
        transaction.record(&loaded, std::slice::from_ref(&event), State::default())?;
        transaction.claim(ClaimChange::Take {
            key: format!("undeliverable/{channel}/{destination}/{code}"),
            // Nobody else's: whoever comes while it is held finds it recorded.
            value: kari.ids.fresh().to_string(),
            until: Some(now + ONCE_IN),
        });
        match transaction.commit().await? {
            Committed::Yes => return Ok(true),
            Committed::Conflict(Conflict::Claim { .. }) => return Ok(false),
            Committed::Conflict(Conflict::Version { .. }) => {}
        }
    }
    Err(Error::Busy)
}
