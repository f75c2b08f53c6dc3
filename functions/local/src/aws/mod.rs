//! Kari on AWS, as the command line reaches it.

mod deployment;

use std::path::Path;

use kari_application::Kari;

/// A deployment, with the credentials that this process has.
///
/// # Errors
/// If its file cannot be read or understood.
pub(crate) async fn open(file: &Path) -> anyhow::Result<Kari> {
    Ok(kari_aws::assemble(&deployment::read(file)?).await?)
}
