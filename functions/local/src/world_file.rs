//! The simulated Identity Center in a file, so that it survives Kari as the real one would.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kari_application::ports::{Clock, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::time::Instant;
use kari_embedded::identity_center::{By, FaultPlan, Saver, SimulatedIdentityCenter, World};

use crate::data_dir::{DataDir, Files};

const FILE: &str = "simulated-identity-center.json";
/// How many calls the portal can look back on.
const CALLS_KEPT: usize = 400;

/// Opens the simulated Identity Center with the people and accounts of this organization; on first
/// start a new one, with dice from this seed.
///
/// # Errors
/// If the file cannot be read, written or understood.
pub fn open(
    directory: &DataDir,
    organization: &Snapshot,
    seed: u64,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<SimulatedIdentityCenter> {
    let path = directory.path().join(FILE);
    let save = saver(directory.files().clone());
    let mut world: World = match std::fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).with_context(|| {
            format!("{} cannot be understood; restore it, or start with a new --data-dir", path.display())
        })?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let new = World::new(organization, seed, FaultPlan::lifelike());
            save(&new)?;
            new
        }
        Err(e) => return Err(e).with_context(|| format!("{} cannot be read", path.display())),
    };
    world.keep_calls(CALLS_KEPT);
    let identity_center = SimulatedIdentityCenter::new(world, clock).saved_by(save);
    // The organization file may have changed; assignments stay. Where it did not nothing is written: whoever
    // comes back while the disk is full needs the room for ends.
    identity_center.with(|world, now| world.adopt(now, organization))?;
    Ok(identity_center)
}

/// Whether it holds access that Kari gave out. What cannot be understood is for [`open`] to refuse.
pub fn has_access_of_ours(directory: &Path) -> bool {
    let world = std::fs::read(directory.join(FILE)).ok();
    let world: Option<World> = world.and_then(|text| serde_json::from_slice(&text).ok());
    world.is_some_and(|mut world| {
        // As it was saved: nothing goes on meanwhile.
        world.present(Instant::UNIX_EPOCH).iter().any(|(_, by)| *by == By::Kari)
    })
}

/// Saves before a call is answered: what was accepted is never forgotten.
fn saver(files: Files) -> Saver {
    Arc::new(move |world| {
        let unavailable = |e: std::io::Error| Unavailable::new("the simulated identity center", e);
        let text = serde_json::to_vec(world).map_err(|e| unavailable(e.into()))?;
        files.replace(FILE, &text).map_err(unavailable)
    })
}

#[cfg(test)]
mod tests {
    use kari_embedded::clock::SystemClock;

    use super::*;
    use crate::organization_file;

    #[test]
    fn a_start_with_the_organization_of_before_writes_nothing() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let mut organization = organization_file::read(None).unwrap().directory;
        let start = |organization: &Snapshot| {
            open(&directory, organization, 1, Arc::new(SystemClock::default())).map(drop)
        };
        start(&organization).unwrap();
        // From here on nothing can be written.
        std::fs::create_dir(parent.path().join("simulated-identity-center.new")).unwrap();
        start(&organization).unwrap();
        organization.users.pop_first().unwrap();
        assert!(start(&organization).is_err());
    }
}
