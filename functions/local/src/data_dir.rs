//! The directory with everything this Kari must not forget.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kari_embedded::store::Reserve;
use serde::{Deserialize, Serialize};

use crate::cli::IdentityCenter;

const LOCK: &str = "lock";
const INSTANCE: &str = "instance.json";
const OWNER_ONLY: u32 = 0o700;
const OTHERS: u32 = 0o077;

/// A data directory that is ours alone until this value is dropped or the process dies.
#[derive(Debug)]
pub struct DataDir {
    files: Files,
    /// Held, not read: the operating system gives the locks back when the files are closed. The directory
    /// itself, because whoever deletes a file in it would open the door to another worker; and the file
    /// that earlier versions of kari look for.
    _locks: [File; 2],
}

/// The files in a data directory, for whoever writes there. All share the one reserve.
#[derive(Debug, Clone)]
pub struct Files {
    path: PathBuf,
    reserve: Arc<Reserve>,
}

/// What other commands need to know of the Kari that uses a data directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Where people reach it; also the name of its token issuer.
    pub origin: String,
    pub identity_center: IdentityCenter,
    /// Which one, where it is real. What an earlier version wrote does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub real: Option<RealIdentityCenter>,
}

/// What a real Identity Center is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealIdentityCenter {
    /// The ARN of its instance.
    pub instance: String,
    pub identity_store: String,
}

impl fmt::Display for RealIdentityCenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with the identity store {}", self.instance, self.identity_store)
    }
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("another kari uses {0}: stop it, or choose another directory with --data-dir")]
    InUse(PathBuf),
    #[error(
        "others may read or change {0}, and it holds no data of kari: close it to them with `chmod 700`, or \
         name a directory that is kari's alone with --data-dir"
    )]
    OpenToOthers(PathBuf),
    #[error("the data directory {path} cannot be used: check its owner and permissions")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("no kari has run with {0} yet: start it first, or name its directory with --data-dir")]
    Unused(PathBuf),
    #[error(
        "a kari that recorded events ran with {0}, but its kari.db is missing or empty: restore it from a \
         backup, and delete kari.db-wal and kari.db-shm there unless the backup has them; or start anew with \
         another --data-dir, but then kari knows nothing of the access it gave out and will not end it: \
         remove that in identity center"
    )]
    RecordsGone(PathBuf),
}

impl DataDir {
    /// Opens a data directory, creating it if needed, and keeps every other worker out.
    ///
    /// # Errors
    /// [`DataDirError`] if it is in use or not usable.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let io = |source| DataDirError::Io { path: path.to_owned(), source };
        // NB. What is inside is for its owner's eyes only.
        DirBuilder::new().recursive(true).mode(OWNER_ONLY).create(path).map_err(io)?;
        let path = path.canonicalize().map_err(io)?;
        let directory = File::open(&path).map_err(io)?;
        lock(&directory, &path)?;
        close_to_others(&directory, &path)?;
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path.join(LOCK));
        let file = file.map_err(io)?;
        lock(&file, &path)?;
        let reserve = Arc::new(Reserve::beside(&database(&path)));
        Ok(Self { files: Files { path, reserve }, _locks: [directory, file] })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.files.path
    }

    /// Its files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        database(self.path())
    }

    /// Tells other commands who runs here, unless they know.
    ///
    /// # Errors
    /// [`DataDirError::Io`] if it cannot be written.
    pub fn announce(&self, new: &Instance) -> Result<(), DataDirError> {
        if instance(self.path()).is_ok_and(|known| known == *new) {
            return Ok(());
        }
        let written = serde_json::to_vec_pretty(new)
            .map_err(io::Error::from)
            .and_then(|text| self.files.replace(INSTANCE, &text));
        written.map_err(|source| DataDirError::Io { path: self.path().to_owned(), source })
    }
}

fn lock(file: &File, directory: &Path) -> Result<(), DataDirError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(directory.to_owned())),
        Err(TryLockError::Error(source)) => Err(DataDirError::Io { path: directory.to_owned(), source }),
    }
}

/// Closes a directory that somebody with other habits made for Kari. NB. Only one in which nobody else has
/// anything: it may be a person's home or a folder that many share.
fn close_to_others(directory: &File, path: &Path) -> Result<(), DataDirError> {
    let io = |source| DataDirError::Io { path: path.to_owned(), source };
    if directory.metadata().map_err(io)?.permissions().mode() & OTHERS == 0 {
        return Ok(());
    }
    let is_ours = database(path).exists() || has_instance(path);
    if !is_ours && fs::read_dir(path).map_err(io)?.next().is_some() {
        return Err(DataDirError::OpenToOthers(path.to_owned()));
    }
    directory.set_permissions(Permissions::from_mode(OWNER_ONLY)).map_err(io)
}

impl Files {
    /// The directory that they are in.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is kept for the day when the disk is full.
    pub fn reserve(&self) -> Arc<Reserve> {
        Arc::clone(&self.reserve)
    }

    /// Replaces a file as a whole: whatever kills the process, it has the old content or the new. Where the
    /// disk is full it takes the space that is kept for that.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn replace(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let file = self.path.join(name);
        let mut done = replace(&file, content);
        while done.as_ref().is_err_and(lacks_space) && self.reserve.give_up() {
            done = replace(&file, content);
        }
        done
    }
}

/// Whether it is known who ran here.
pub fn has_instance(directory: &Path) -> bool {
    directory.join(INSTANCE).exists()
}

/// The database in a data directory.
pub fn database(directory: &Path) -> PathBuf {
    directory.join("kari.db")
}

/// Who runs, or ran last, with this data directory.
///
/// # Errors
/// [`DataDirError::Unused`] if nobody has yet.
pub fn instance(directory: &Path) -> Result<Instance, DataDirError> {
    let text = std::fs::read(directory.join(INSTANCE)).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => DataDirError::Unused(directory.to_owned()),
        _ => DataDirError::Io { path: directory.to_owned(), source },
    })?;
    serde_json::from_slice(&text)
        .map_err(|e| DataDirError::Io { path: directory.to_owned(), source: e.into() })
}

fn lacks_space(error: &io::Error) -> bool {
    [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded].contains(&error.kind())
}

/// Replaces a file as a whole, if there is room for it.
///
/// # Errors
/// What the operating system says.
pub fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = file.with_extension("new");
    let mut new = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    new.write_all(content)?;
    new.sync_all()?;
    std::fs::rename(&unfinished, file)?;
    file.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn two_workers_never_share_a_data_directory() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("deep/data");
        let first = DataDir::open(&path).unwrap();
        assert!(matches!(DataDir::open(&path), Err(DataDirError::InUse(_))));
        drop(first);
        assert!(DataDir::open(&path).is_ok());
    }

    #[test]
    fn a_data_directory_stays_taken_when_its_lock_file_is_deleted_or_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let first = DataDir::open(parent.path()).unwrap();
        std::fs::remove_file(parent.path().join(LOCK)).unwrap();
        for _ in 0..2 {
            assert!(matches!(DataDir::open(parent.path()), Err(DataDirError::InUse(_))));
        }
        drop(first);
        assert!(DataDir::open(parent.path()).is_ok());
    }

    #[test]
    fn a_new_data_directory_is_for_its_owner_only() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(&parent.path().join("data")).unwrap();
        let mode = std::fs::metadata(directory.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn open_to_others(path: &Path) {
        std::fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_directory_in_which_somebody_else_has_files_is_refused_and_stays_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("diary"), "dear diary").unwrap();
        open_to_others(home.path());
        let refused = DataDir::open(home.path()).unwrap_err();
        assert!(matches!(refused, DataDirError::OpenToOthers(_)), "{refused}");
        assert!(refused.to_string().contains("chmod 700") && refused.to_string().contains("--data-dir"));
        assert_eq!(mode(home.path()), 0o755);
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1, "nothing was made there");

        // What is closed already may hold what it likes.
        std::fs::set_permissions(home.path(), Permissions::from_mode(0o700)).unwrap();
        assert!(DataDir::open(home.path()).is_ok());
    }

    #[test]
    fn a_directory_of_karis_or_an_empty_one_is_closed_to_others() {
        let parent = tempfile::tempdir().unwrap();
        open_to_others(parent.path());
        drop(DataDir::open(parent.path()).unwrap());
        assert_eq!(mode(parent.path()), 0o700);
        std::fs::write(database(parent.path()), "").unwrap();
        open_to_others(parent.path());
        drop(DataDir::open(parent.path()).unwrap());
        assert_eq!(mode(parent.path()), 0o700);
    }

    #[test]
    fn a_directory_that_another_worker_uses_is_left_alone() {
        let parent = tempfile::tempdir().unwrap();
        let _first = DataDir::open(parent.path()).unwrap();
        std::fs::write(database(parent.path()), "").unwrap();
        open_to_others(parent.path());
        assert!(matches!(DataDir::open(parent.path()), Err(DataDirError::InUse(_))));
        assert_eq!(mode(parent.path()), 0o755);
    }

    #[test]
    fn who_runs_there_can_be_asked_by_other_commands() {
        let parent = tempfile::tempdir().unwrap();
        assert!(matches!(instance(parent.path()), Err(DataDirError::Unused(_))));
        let here = Instance {
            origin: "http://127.0.0.1:1".to_owned(),
            identity_center: IdentityCenter::Simulated,
            real: None,
        };
        DataDir::open(parent.path()).unwrap().announce(&here).unwrap();
        assert_eq!(instance(parent.path()).unwrap(), here);
        // What is known is not written again: there may be no room for it.
        std::fs::create_dir(parent.path().join("instance.new")).unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        directory.announce(&here).unwrap();
        let elsewhere = Instance { origin: "http://127.0.0.1:2".to_owned(), ..here };
        assert!(directory.announce(&elsewhere).is_err());
    }
}
