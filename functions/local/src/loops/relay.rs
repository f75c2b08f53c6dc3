//! The relay: does what follows from every recorded event, from the outbox that the append itself
//! wrote.

use std::sync::Arc;
use std::time::Duration;

use kari_application::ports::Unavailable;
use kari_application::relay::relay;
use kari_application::{Error, Kari};
use kari_embedded::store::{Outgoing, SqliteStore};
use tokio::sync::Notify;

const BATCH: usize = 100;
/// How long to wait after something failed, and at most between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// Relays recorded events.
#[derive(Debug, Default)]
pub struct Relay {
    wake: Notify,
}

impl Relay {
    /// Looks now: something was appended.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Relays for ever.
    pub async fn run(self: Arc<Self>, kari: Kari, store: Arc<SqliteStore>) {
        loop {
            let more = match relay_batch(&kari, &store).await {
                Ok(more) => more,
                Err(error) => {
                    tracing::warn!(%error, "the relay cannot read the outbox; it looks again");
                    false
                }
            };
            if !more {
                // A timeout only means that nothing woke it.
                tokio::time::timeout(PAUSE, self.wake.notified()).await.ok();
            }
        }
    }
}

/// Whether to go on at once.
async fn relay_batch(kari: &Kari, store: &SqliteStore) -> Result<bool, Unavailable> {
    let batch = store.outbox_batch(BATCH)?;
    let mut handled = 0;
    for outgoing in &batch {
        match relay_one(kari, outgoing).await {
            Ok(()) => {}
            Err(Error::Corrupt(what)) => {
                let (stream, sequence) = (&outgoing.stream, outgoing.sequence);
                tracing::error!(%stream, sequence, what, "an event cannot be understood; nobody is told of it");
            }
            Err(error) => {
                tracing::warn!(stream = %outgoing.stream, %error, "telling failed; it is repeated");
                continue;
            }
        }
        store.outbox_done(outgoing.position)?;
        handled += 1;
    }
    Ok(handled > 0)
}

async fn relay_one(kari: &Kari, outgoing: &Outgoing) -> Result<(), Error> {
    let events = kari.store.stream(&outgoing.stream).await?;
    let place = usize::try_from(outgoing.sequence.saturating_sub(1)).unwrap_or(usize::MAX);
    let missing = || Error::Corrupt("the outbox names an event that is not there".to_owned());
    relay(kari, events.get(place).ok_or_else(missing)?).await
}
