//! A data directory belongs to one real Identity Center for good.

use std::path::Path;

use anyhow::{bail, ensure};
use kari_application::Kari;
use kari_application::reconcile::what_is_left;
use kari_domain::ids::PermissionSetArn;

use crate::data_dir::{self, DataDirError, RealIdentityCenter};

/// NB. In another one nobody knows what was given out: it could not be taken away there, and would stay.
///
/// # Errors
/// If the directory belongs to another one than this, or cannot be read.
pub(crate) async fn refuse_another(
    directory: &Path,
    kari: &Kari,
    here: &RealIdentityCenter,
) -> anyhow::Result<()> {
    let known = match data_dir::instance(directory) {
        Ok(instance) => instance.real,
        Err(DataDirError::Unused(_)) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(known) = known {
        ensure!(
            known == *here,
            "this data directory belongs to the identity center {known}, but your credentials and Region lead to \
             {here}: use those of the first, because access that was given there ends only there; or choose another \
             directory with --data-dir"
        );
    } else if let Some(set) = another_ones(kari, here).await? {
        // Of a version that did not write it down.
        bail!(
            "kari gave access to {set} with this data directory, but your credentials and Region lead to {here}, which \
             does not have that: use those that kari ran with before, because that access ends only there; or choose \
             another directory with --data-dir"
        );
    }
    Ok(())
}

/// A permission set of another instance, if one is still to be taken away from somebody.
async fn another_ones(kari: &Kari, here: &RealIdentityCenter) -> anyhow::Result<Option<PermissionSetArn>> {
    let left = what_is_left(kari).await?;
    let id = here.instance.rsplit('/').next();
    let mut sets = left.assignments.into_iter().map(|tuple| tuple.target.permission_set);
    Ok(sets.find(|set| set.instance() != id))
}
