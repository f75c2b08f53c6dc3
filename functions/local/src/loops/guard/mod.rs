//! The guard: watches over the records that everything rests on.

mod check;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use kari_application::Kari;
use kari_embedded::store::SqliteStore;
use tokio::sync::Notify;

use self::check::check_for_ever;
use crate::data_dir::Files;
use crate::{first_start, recorded};

/// In real time: what befalls a disk does not follow Kari's clock.
const EACH: Duration = Duration::from_secs(5);
/// How often it is tried to keep some space. That there is room again may be known a little later.
const KEEP_EACH: Duration = Duration::from_mins(1);
/// How often it is noted how far the records go.
const NOTE_EACH: Duration = Duration::from_mins(1);

/// Checks the records now and then, and watches the database. It returns when the database is not there
/// any more: then Kari must end, because whatever it recorded from then on would be lost. So it does when the
/// database is found damaged, because the next start mends what can be mended.
pub async fn guard(kari: Kari, store: Arc<SqliteStore>, files: Files) {
    let beside = async {
        tokio::join!(
            check_for_ever(&kari, &store),
            keep_reserve_for_ever(&store),
            note_records_for_ever(&store, &files),
            correct_mark_in_time(&store, &files),
        )
    };
    tokio::select! {
        () = watch(&store) => {}
        _ = beside => {}
    }
    if store.is_in_place() {
        tracing::error!("the database was found damaged; kari ends here, and mends it at the start");
    } else {
        tracing::error!(
            "the database or its log was removed, replaced or emptied while kari had it open; kari ends here, before \
             it records what nobody finds again"
        );
    }
}

/// Watches until the database is gone, or found damaged.
async fn watch(store: &SqliteStore) {
    let mut known: Option<String> = None;
    while store.is_in_place() && !store.broke() {
        let now = store.trouble();
        tell_change(known.as_deref(), now.as_deref());
        known = now;
        pause(EACH).await;
    }
}

/// That there is no room shows in [`SqliteStore::trouble`].
async fn keep_reserve_for_ever(store: &Arc<SqliteStore>) {
    loop {
        let store = Arc::clone(store);
        tokio::task::spawn_blocking(move || store.keep_reserve().ok()).await.ok();
        pause(KEEP_EACH).await;
    }
}

/// What cannot be noted, mostly for want of room, is noted later.
async fn note_records_for_ever(store: &Arc<SqliteStore>, files: &Files) {
    loop {
        let (store, files) = (Arc::clone(store), files.clone());
        tokio::task::spawn_blocking(move || recorded::note(&store, &files).ok()).await.ok();
        pause(NOTE_EACH).await;
    }
}

/// Notes at once that the first event was recorded, and then is done for ever.
async fn correct_mark_in_time(store: &SqliteStore, files: &Files) {
    let recorded = Arc::new(Notify::new());
    let told = Arc::clone(&recorded);
    store.on_append(move || told.notify_one());
    while first_start::says_nothing(files.path()) {
        if let Err(error) = first_start::correct_mark(store, files) {
            tracing::warn!(%error, "that events are recorded could not be noted; it is repeated");
        }
        tokio::select! {
            () = recorded.notified() => {}
            () = pause(EACH) => {}
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "in real time: what befalls a disk does not wait")]
async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
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
