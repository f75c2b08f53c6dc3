//! The relay: does what follows from every recorded event, from the outbox that the append itself
//! wrote.

mod failing;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use kari_application::ports::Unavailable;
use kari_application::relay::{catch_up, relay, tell_unreadable};
use kari_application::{Error, Kari};
use kari_embedded::store::{Outgoing, SqliteStore};
use tokio::sync::Notify;

use self::failing::Failing;

const BATCH: usize = 100;
/// How long to wait at most between two looks.
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
        let mut failing = Failing::default();
        loop {
            if let Err(error) = relay_all(&kari, &store, &mut failing).await {
                tracing::warn!(%error, "the relay cannot read the outbox; it looks again");
            }
            match catch_up(&kari).await {
                Err(error) if !error.is_resting() => {
                    tracing::warn!(%error, "what was put off failed; it is repeated");
                }
                Ok(()) | Err(_) => {}
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

/// Goes once through everything in the outbox. What fails stays there and holds up nothing behind it; it is
/// tried again after a while.
async fn relay_all(kari: &Kari, store: &SqliteStore, failing: &mut Failing) -> Result<(), Unavailable> {
    let mut after = 0;
    loop {
        let batch = store.outbox_batch(after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.position;
        for outgoing in &batch {
            let position = outgoing.position;
            if failing.is_resting(position, kari.clock.now()) {
                continue;
            }
            match handle(kari, store, outgoing, failing.has_failed(position)).await {
                Ok(()) => failing.is_over(position),
                Err(error) => {
                    if !failing.has_failed(position) && !error.is_resting() {
                        tracing::warn!(stream = %outgoing.stream, %error, "telling failed; it is repeated");
                    }
                    failing.failed(position, kari.clock.now());
                }
            }
        }
    }
}

/// Does what follows from one event, and takes it out of the outbox.
async fn handle(
    kari: &Kari,
    store: &SqliteStore,
    outgoing: &Outgoing,
    is_repeated: bool,
) -> Result<(), Error> {
    match relay(kari, &outgoing.bytes).await {
        Err(Error::Corrupt(what)) => {
            let (stream, sequence) = (&outgoing.stream, outgoing.sequence);
            if !is_repeated {
                tracing::error!(%stream, sequence, what, "an event cannot be understood; it is set aside");
            }
            tell_unreadable(kari, stream).await?;
        }
        done => done?,
    }
    Ok(store.outbox_done(outgoing.position)?)
}
