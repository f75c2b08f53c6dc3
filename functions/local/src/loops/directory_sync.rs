//! The directory sync: keeps the read model that lists and explanations use fresh.

use std::panic::resume_unwind;
use std::time::Duration;

use chrono::TimeDelta;
use kari_application::sync_directory::{refresh_directory, sync_directory};
use kari_application::{Error, Kari};

use super::own_thread::on_own_thread;

/// In Kari's time: skipping further than this syncs at once.
const EACH: TimeDelta = TimeDelta::minutes(3);
/// After a failure, in real time: skipping hours does not mend what is broken.
const RETRY: Duration = Duration::from_secs(5);
/// How often a start tries before it gives up.
const FIRST_TRIES: usize = 5;

/// Syncs for ever, beginning now.
pub async fn sync_for_ever(kari: Kari) {
    loop {
        while let Err(error) = sync(&kari).await {
            tracing::warn!(%error, "the directory could not be read; the earlier copy stays in use");
            #[expect(
                clippy::disallowed_methods,
                reason = "in real time: skipping hours does not mend what is broken"
            )]
            tokio::time::sleep(RETRY).await;
        }
        kari.clock.sleep(EACH).await;
    }
}

/// Syncs once. What there is to know about a great many policies takes seconds to find.
async fn sync(kari: &Kari) -> Result<(), Error> {
    let kari = kari.clone();
    match on_own_thread(async move || refresh_directory(&kari).await).await {
        Ok(synced) => synced,
        // What panics there panics here.
        Err(panic) => resume_unwind(panic.into_panic()),
    }
}

/// The first sync, which everything else needs.
///
/// # Errors
/// What the directory says in the last try.
pub async fn sync_once(kari: &Kari) -> Result<(), Error> {
    let mut tries = 1;
    while let Err(error) = sync_directory(kari).await {
        if tries == FIRST_TRIES {
            return Err(error);
        }
        tries += 1;
        #[expect(
            clippy::disallowed_methods,
            reason = "in real time: skipping hours does not mend what is broken"
        )]
        tokio::time::sleep(RETRY).await;
    }
    Ok(())
}
