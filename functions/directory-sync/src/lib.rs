//! What a schedule invokes: copies users, groups, accounts and permission sets into the read model that lists
//! and explanations use, and tells what follows from it.

use kari_application::sync_directory::refresh_directory;
use kari_application::{Error, Kari};

/// Reads the directory.
///
/// # Errors
/// If it cannot be read; the earlier copy stays in use, and the next schedule repeats it.
pub async fn handle(kari: &Kari) -> Result<(), Error> {
    refresh_directory(kari).await
}
