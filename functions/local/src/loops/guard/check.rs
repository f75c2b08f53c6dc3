//! The check of the records: what `kari audit verify` finds, as far as what is open rests on it. It refuses
//! nothing: what is over must end whatever is found.

use std::sync::Arc;
use std::time::Duration;

use kari_application::check_records::{alarm, check_open, check_stream};
use kari_application::{Error, Kari};
use kari_embedded::store::SqliteStore;

use super::pause;
use crate::loops::own_thread::on_own_thread;

/// In real time: tampering does not follow Kari's clock.
const EACH: Duration = Duration::from_hours(1);
/// After a check that failed badly, and so may have seen nothing.
const AGAIN: Duration = Duration::from_mins(5);

pub(super) async fn check_for_ever(kari: &Kari, store: &Arc<SqliteStore>) {
    loop {
        let until_the_next = check(kari, store).await;
        pause(until_the_next).await;
    }
}

/// Checks once, and says how long to wait until the next time. It goes through every name in the store and
/// replays what is open.
pub(super) async fn check(kari: &Kari, store: &Arc<SqliteStore>) -> Duration {
    let (kari, store) = (kari.clone(), Arc::clone(store));
    match on_own_thread(async move || check_records(&kari, &store).await).await {
        Ok(()) => EACH,
        Err(panic) => {
            tracing::error!(%panic, "the check of the records failed badly; it begins anew");
            AGAIN
        }
    }
}

async fn check_records(kari: &Kari, store: &SqliteStore) {
    match store.alterations() {
        Ok(altered) if altered.is_empty() => {}
        Ok(altered) => {
            tracing::error!(?altered, "the database's schema was altered; see `kari audit verify`");
        }
        Err(error) => tracing::warn!(%error, "the database's schema could not be checked"),
    }
    match store.damages() {
        Ok(damages) if damages.is_empty() => {}
        Ok(damages) => tracing::error!(?damages, "the database's file is damaged; see `kari audit verify`"),
        Err(error) => tracing::warn!(%error, "the database's file could not be checked"),
    }
    if let Err(error) = tell_unrecorded(kari, store).await {
        tracing::warn!(%error, "the records could not be checked");
    }
    if let Err(error) = check_misplaced(kari, store).await {
        tracing::warn!(%error, "the state items could not be checked");
    }
    if let Err(error) = check_open(kari).await {
        tracing::warn!(%error, "what is open could not be checked");
    }
}

/// NB. Also where everything that is left fits: a record that is gone hides that later events are, too.
async fn tell_unrecorded(kari: &Kari, store: &SqliteStore) -> Result<(), Error> {
    for stream in store.unrecorded()? {
        alarm(kari, &stream, &"where it ends is not recorded any more").await;
    }
    Ok(())
}

async fn check_misplaced(kari: &Kari, store: &SqliteStore) -> Result<(), Error> {
    for stream in store.misplaced()? {
        if let Err(error) = check_stream(kari, &stream).await {
            tracing::error!(%stream, %error, "it could not be checked; the others are");
        }
    }
    Ok(())
}
