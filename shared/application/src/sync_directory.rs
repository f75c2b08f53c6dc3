//! Copying the directory into the read model that lists and explanations use, and what follows from it.

use kari_domain::audit::StreamId;
use kari_domain::time::Instant;

use crate::policy_findings::note_findings;
use crate::ports::{Notification, NotificationKind};
use crate::read_model_age::tells_rights;
use crate::relay::administrators;
use crate::{Error, Kari};

/// Reads everything and keeps it. Returns the moment the copy is of. The reading of a big organization takes
/// minutes, and the next one may begin meanwhile: one that is overtaken is not kept.
///
/// # Errors
/// If the directory or the read model cannot be reached; the earlier copy stays.
pub async fn sync_directory(kari: &Kari) -> Result<Instant, Error> {
    let snapshot = kari.directory.read_all().await?;
    let synced_at = snapshot.synced_at;
    let kept_at = kari.read_model.load().await?.synced_at;
    // NB. One of the future is somebody's wrong clock, and must not stay for ever.
    if kept_at > synced_at && kept_at <= kari.clock.now() {
        return Ok(kept_at);
    }
    kari.read_model.save(snapshot).await?;
    Ok(synced_at)
}

/// The same with what follows from it: administrators hear of policies that need attention now, or, where
/// the directory could not be read for long, of that.
///
/// # Errors
/// As [`sync_directory`]. What follows is repeated with the next one.
pub async fn refresh_directory(kari: &Kari) -> Result<(), Error> {
    let synced = sync_directory(kari).await.map(|_| ());
    let told = match &synced {
        Ok(()) => note_findings(kari).await,
        Err(_) => tell_if_too_old(kari).await,
    };
    if let Err(error) = told {
        tracing::warn!(%error, "what follows from the directory could not be told; it is repeated");
    }
    synced
}

/// Tells administrators, as the copy knows them, that rights do not rest on it any more; once for each
/// copy that got so old.
async fn tell_if_too_old(kari: &Kari) -> Result<(), Error> {
    let (snapshot, now) = (kari.read_model.load().await?, kari.clock.now());
    if tells_rights(&snapshot, now) {
        return Ok(());
    }
    let notification = Notification {
        kind: NotificationKind::DirectoryTooOld,
        recipients: administrators(kari).await?.into_iter().collect(),
        stream: StreamId::directory(),
        // Which copy it is makes it one message, however often reading fails.
        sequence: u64::try_from(snapshot.synced_at.timestamp()).unwrap_or_default(),
        request: None,
        at: now,
    };
    Ok(kari.notifier.deliver(&notification).await?)
}
