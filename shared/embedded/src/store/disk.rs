//! The disk under the database: the file is for its owner's eyes only, it is noticed when it is not the
//! one that was opened any more, and some space is kept for the day when the disk is full.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::halt::{Halt, NoPlace};
use super::integrity::is_damage;
use super::reserve::Reserve;

const OWNER_ONLY: u32 = 0o600;
/// SQLite keeps these beside a database, and makes them with its permissions.
const LOG: &str = "-wal";
const BESIDE: [&str; 2] = [LOG, "-shm"];

/// What a write is for, which decides what it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Something new begins.
    Begins,
    /// Nothing comes of it if it is written later.
    CanWait,
    /// Something that was begun goes on or ends.
    GoesOn,
}

impl Purpose {
    /// Whether it may be written in the space that is kept for ends.
    pub(super) fn may_use_the_reserve(self) -> bool {
        match self {
            Self::GoesOn => true,
            Self::Begins | Self::CanWait => false,
        }
    }
}

/// A database file while it is open.
#[derive(Debug)]
pub(super) struct Disk {
    path: PathBuf,
    device: u64,
    inode: u64,
    length: u64,
    /// The log beside it, once there is one: what is not in the file yet is there.
    log: OnceLock<u64>,
    pub(super) reserve: Arc<Reserve>,
    /// Why the last write failed, if it did.
    failure: Mutex<Option<String>>,
    /// What is wrong with the file. It does not pass.
    damage: OnceLock<String>,
    /// Whether it was whole when it was opened.
    was_whole: bool,
}

impl Disk {
    /// The disk under a database that was opened just now.
    pub(super) fn under(path: &Path, reserve: Arc<Reserve>, damage: Option<String>) -> io::Result<Self> {
        let file = fs::metadata(path)?;
        Ok(Self {
            path: path.to_owned(),
            device: file.dev(),
            inode: file.ino(),
            length: file.len(),
            log: OnceLock::new(),
            reserve,
            failure: Mutex::default(),
            was_whole: damage.is_none(),
            damage: damage.map(OnceLock::from).unwrap_or_default(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file and its log are still where they were opened. A file that became shorter was emptied:
    /// ours only grows.
    pub(super) fn is_in_place(&self) -> bool {
        let file = fs::metadata(&self.path)
            .is_ok_and(|now| now.dev() == self.device && now.ino() == self.inode && now.len() >= self.length);
        let log = fs::metadata(beside(&self.path, LOG)).map(|log| log.ino()).ok();
        file && match (self.log.get(), log) {
            (Some(known), log) => log == Some(*known),
            (None, Some(log)) => *self.log.get_or_init(|| log) == log,
            (None, None) => true,
        }
    }

    /// NB. What would be written to a file that nobody finds again is not written, and of the space that is
    /// kept for ends nothing is taken by what begins or can wait.
    pub(super) fn admit(&self, purpose: Purpose) -> Result<(), NoPlace> {
        if !self.is_in_place() {
            return Err(NoPlace::FileGone);
        }
        if self.reserve.is_spent() && !purpose.may_use_the_reserve() {
            return Err(NoPlace::OnlyTheReserve);
        }
        Ok(())
    }

    /// Remembers how a write ended.
    pub(super) fn note<T>(&self, done: &Result<T, Halt>) {
        let failure = match done {
            Ok(_) => None,
            Err(Halt::Failed(error) | Halt::Unknown(error)) => {
                self.note_damage(error);
                Some(error.to_string())
            }
            Err(Halt::Conflict(_) | Halt::Malformed(_) | Halt::NoPlace(_)) => return,
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// Remembers that a file is damaged, if this is what it says.
    pub(super) fn note_damage(&self, error: &rusqlite::Error) {
        if is_damage(error) {
            self.damage.get_or_init(|| error.to_string());
        }
    }

    pub(super) fn broke(&self) -> bool {
        self.was_whole && self.damage.get().is_some()
    }

    /// Why not everything can be read or written at the moment.
    pub(super) fn trouble(&self) -> Option<String> {
        if let Some(damage) = self.damage.get() {
            return Some(format!("the database is damaged: {damage}"));
        }
        let failure = || self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match self.admit(Purpose::Begins) {
            Err(no_place) => Some(no_place.to_string()),
            Ok(()) => failure(),
        }
    }
}

/// Makes the file if there is none, and sees to it that nobody but its owner reads it.
pub(super) fn prepare(path: &Path) -> io::Result<()> {
    // NB. Closing a file takes SQLite's locks on it away from this process, so that one which is there
    // is never opened here.
    match OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    close_to_others(path)?;
    BESIDE.iter().try_for_each(|suffix| close_to_others(&beside(path, suffix)))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Also where it was there before, made by somebody with other habits.
fn close_to_others(file: &Path) -> io::Result<()> {
    match fs::metadata(file) {
        Ok(known) if known.is_file() && known.permissions().mode() & 0o777 != OWNER_ONLY => {
            fs::set_permissions(file, Permissions::from_mode(OWNER_ONLY))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
