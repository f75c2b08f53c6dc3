//! Kari on AWS, as the command line reaches it.

mod deployment;
mod doctor;

use std::path::Path;

use kari_application::Kari;

pub(crate) use doctor::examine;

/// A deployment, with the credentials that this process has.
///
/// # Errors
/// If its file cannot be read or understood.
pub(crate) async fn open(file: &Path) -> anyhow::Result<Kari> {
    Ok(kari_aws::assemble(&deployment::read(file)?).await?)
}
