//! Copying the directory into the read model that lists and explanations use.

use kari_domain::time::Instant;

use crate::{Error, Kari};

/// Reads everything and keeps it. Returns the moment the copy is of.
///
/// # Errors
/// If the directory or the read model cannot be reached; the earlier copy stays.
pub async fn sync_directory(kari: &Kari) -> Result<Instant, Error> {
    let snapshot = kari.directory.read_all().await?;
    let synced_at = snapshot.synced_at;
    kari.read_model.save(snapshot).await?;
    Ok(synced_at)
}
