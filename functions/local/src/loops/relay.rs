//! The relay: does what follows from every recorded event, from the outbox that the append itself
//! wrote.

use std::sync::Arc;
use std::time::Duration;

use kari_application::ports::Unavailable;
use kari_application::relay::{relay, tell_unreadable};
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
            if let Err(error) = relay_all(&kari, &store).await {
                tracing::warn!(%error, "the relay cannot read the outbox; it looks again");
            }
            // A timeout only means that nothing woke it.
            #[expect(
                clippy::disallowed_methods,
                reason = "in real time, which is when things fail and come back"
            )]
            let woken = tokio::time::timeout(PAUSE, self.wake.notified());
            woken.await.ok();
        }
    }
}

/// Goes once through everything in the outbox. What fails stays there and holds up nothing behind it.
async fn relay_all(kari: &Kari, store: &SqliteStore) -> Result<(), Unavailable> {
    let mut after = 0;
    loop {
        let batch = store.outbox_batch(after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.position;
        for outgoing in &batch {
            if is_handled(kari, outgoing).await {
                store.outbox_done(outgoing.position)?;
            }
        }
    }
}

async fn is_handled(kari: &Kari, outgoing: &Outgoing) -> bool {
    match relay(kari, &outgoing.bytes).await {
        Ok(()) => true,
        Err(Error::Corrupt(what)) => {
            let (stream, sequence) = (&outgoing.stream, outgoing.sequence);
            tracing::error!(%stream, sequence, what, "an event cannot be understood; it is set aside");
            match tell_unreadable(kari, stream).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(%stream, %error, "telling administrators failed; it is repeated");
                    false
                }
            }
        }
        Err(error) => {
            tracing::warn!(stream = %outgoing.stream, %error, "telling failed; it is repeated");
            false
        }
    }
}
