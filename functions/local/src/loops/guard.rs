//! The guard: watches over the records that everything rests on.

use std::sync::Arc;
use std::time::Duration;

use kari_application::check_records::{check_open, check_stream};
use kari_application::relay::tell_unreadable;
use kari_application::{Error, Kari};
use kari_embedded::store::SqliteStore;
use tokio::task::JoinSet;

/// In real time: what befalls a disk does not follow Kari's clock.
const EACH: Duration = Duration::from_secs(5);
const CHECK_EACH: Duration = Duration::from_hours(1);

/// Checks the records now and then, and watches the database. It returns when the database is not there
/// any more: then Kari must end, because whatever it recorded from then on would be lost.
pub async fn guard(kari: Kari, store: Arc<SqliteStore>) {
    // By itself, because it takes longer the more is recorded.
    let mut checks = JoinSet::new();
    checks.spawn(check_for_ever(kari, Arc::clone(&store)));
    let mut known: Option<String> = None;
    while store.is_in_place() {
        keep_reserve(Arc::clone(&store)).await;
        let now = store.trouble();
        tell_change(known.as_deref(), now.as_deref());
        known = now;
        #[expect(clippy::disallowed_methods, reason = "in real time: what befalls a disk does not wait")]
        tokio::time::sleep(EACH).await;
    }
    tracing::error!(
        "the database was removed, replaced or emptied while kari had it open; kari ends here, before it \
         records what nobody finds again"
    );
}

async fn check_for_ever(kari: Kari, store: Arc<SqliteStore>) {
    loop {
        check_records(&kari, &store).await;
        #[expect(
            clippy::disallowed_methods,
            reason = "in real time: tampering does not follow Kari's clock"
        )]
        tokio::time::sleep(CHECK_EACH).await;
    }
}

/// The cheap part of `kari audit verify`. It refuses nothing: what is over must end whatever is found.
async fn check_records(kari: &Kari, store: &SqliteStore) {
    match store.alterations() {
        Ok(altered) if altered.is_empty() => {}
        Ok(altered) => {
            tracing::error!(?altered, "the database's schema was altered; see `kari audit verify`");
        }
        Err(error) => tracing::warn!(%error, "the database's schema could not be checked"),
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
        tracing::error!(%stream, "where it ends is not recorded any more; see `kari audit verify`");
        if let Err(error) = tell_unreadable(kari, &stream).await {
            tracing::warn!(%stream, %error, "administrators could not be told");
        }
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

/// That there is no room shows in [`SqliteStore::trouble`].
async fn keep_reserve(store: Arc<SqliteStore>) {
    tokio::task::spawn_blocking(move || store.keep_reserve().ok()).await.ok();
}

/// Says once that something is wrong, and once that it is over.
fn tell_change(known: Option<&str>, now: Option<&str>) {
    match (known, now) {
        (before, Some(cause)) if before != Some(cause) => {
            tracing::error!(cause, "not everything can be recorded");
        }
        (Some(_), None) => tracing::info!("everything can be recorded again"),
        (Some(_), Some(_)) | (None, _) => {}
    }
}
