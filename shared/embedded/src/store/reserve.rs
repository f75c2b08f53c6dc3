//! The reserve: space that is kept beside the database, and given up when the disk is full, so that ends
//! can be recorded all the same. It is given up piece by piece: whoever fills the disk goes on taking what
//! becomes free.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

const FILE: &str = "reserve";
/// Enough for the write-ahead log to fill and be emptied once, and for hundreds of ends.
const BYTES: usize = 8 << 20;
/// It is made only where so much is free: what was given up a moment ago must not be taken away again from
/// those who needed it, and whoever writes meanwhile must find room.
const FREE_BEFORE: u64 = 2 * BYTES as u64;
/// What is given up, or written, at once.
const PIECE: usize = 1 << 20;

/// The space kept in one directory. NB. Whoever writes there shares this value: another one would not know
/// that the space is spent.
#[derive(Debug)]
pub struct Reserve {
    file: PathBuf,
    /// Changed only by whoever holds `turn`.
    spent: AtomicBool,
    /// Held while the file is made or given up, so that neither undoes half of the other.
    turn: Mutex<()>,
    free: fn(&Path) -> io::Result<u64>,
}

impl Reserve {
    /// The reserve in the directory of this file.
    pub fn beside(file: &Path) -> Self {
        Self {
            file: file.with_file_name(FILE),
            spent: AtomicBool::new(false),
            turn: Mutex::default(),
            free: free_beside,
        }
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a piece of the space to whoever writes next, who may need further ones. Whether there was any.
    pub fn give_up(&self) -> bool {
        let _turn = self.turn();
        // Where a file cannot be shortened without room for that, it goes as a whole.
        let given_up = self.shorten().or_else(|_| fs::remove_file(&self.file)).is_ok();
        self.spent.fetch_or(given_up, Ordering::SeqCst);
        given_up
    }

    fn shorten(&self) -> io::Result<()> {
        let length = fs::metadata(&self.file)?.len();
        match length.checked_sub(PIECE as u64).filter(|left| *left > 0) {
            Some(left) => OpenOptions::new().write(true).open(&self.file)?.set_len(left),
            None => fs::remove_file(&self.file),
        }
    }

    /// Whether some of it was given up, and could not be made again.
    pub fn is_spent(&self) -> bool {
        self.spent.load(Ordering::SeqCst)
    }

    /// Makes it if it is not there as a whole.
    ///
    /// # Errors
    /// What the operating system says; mostly that there is no room for it yet.
    pub fn keep(&self) -> io::Result<()> {
        let _turn = self.turn();
        let kept = if self.is_there() { Ok(()) } else { self.make() };
        self.spent.store(kept.is_err(), Ordering::SeqCst);
        kept
    }

    fn is_there(&self) -> bool {
        fs::metadata(&self.file).is_ok_and(|file| file.len() == BYTES as u64)
    }

    /// NB. It asks before it writes: filling a disk that is nearly full would take from others the very room
    /// that this is kept for.
    fn make(&self) -> io::Result<()> {
        if (self.free)(&self.file)? < FREE_BEFORE {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let unfinished = self.file.with_extension("new");
        let made = fill(&unfinished).and_then(|()| fs::rename(&unfinished, &self.file));
        if made.is_err() {
            fs::remove_file(&unfinished).ok();
        }
        made
    }
}

/// What somebody without special rights may still write to the disk under a file.
fn free_beside(file: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(file.parent().unwrap_or(Path::new(".")))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Writes it all: a file that is merely long takes no space.
fn fill(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let zeros = vec![0; PIECE];
    for _ in 0..BYTES / PIECE {
        file.write_all(&zeros)?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_made_given_up_piece_by_piece_and_made_again() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::beside(&directory.path().join("kari.db"));
        assert!(!reserve.give_up(), "there is none yet");
        assert!(!reserve.is_spent(), "what was never there was not spent");
        for _ in 0..2 {
            reserve.keep().unwrap();
            reserve.keep().unwrap();
            let names: Vec<_> = fs::read_dir(directory.path()).unwrap().flatten().collect();
            assert_eq!(names.len(), 1, "nothing else is left: {names:?}");
            assert_eq!(names[0].metadata().unwrap().len(), BYTES as u64);
            assert!(!reserve.is_spent());
            for given_up in 1..=BYTES / PIECE {
                assert!(reserve.give_up() && reserve.is_spent());
                let left = fs::metadata(directory.path().join(FILE)).map_or(0, |file| file.len());
                assert_eq!(left, (BYTES - given_up * PIECE) as u64);
            }
            assert!(!reserve.give_up() && reserve.is_spent());
        }
    }

    #[test]
    fn a_reserve_of_which_something_is_left_is_made_whole_again() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::beside(&directory.path().join("kari.db"));
        reserve.keep().unwrap();
        assert!(reserve.give_up() && !reserve.is_there());
        reserve.keep().unwrap();
        assert!(reserve.is_there() && !reserve.is_spent());
    }

    #[test]
    fn a_reserve_that_a_crash_left_unfinished_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::beside(&directory.path().join("kari.db"));
        fs::write(directory.path().join(FILE), "short").unwrap();
        reserve.keep().unwrap();
        assert!(reserve.is_there());
    }

    #[test]
    fn where_little_is_free_nothing_is_written_and_the_reserve_counts_as_spent() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::beside(&directory.path().join("kari.db"));
        let full = Reserve { free: |_| Ok(FREE_BEFORE - 1), ..reserve };
        // What would be written first is there already, and stays as it is.
        let unfinished = directory.path().join("reserve.new");
        fs::write(&unfinished, "untouched").unwrap();
        assert_eq!(full.keep().unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(full.is_spent());
        assert_eq!(fs::read_to_string(unfinished).unwrap(), "untouched");
        let roomy = Reserve { free: |_| Ok(FREE_BEFORE), ..full };
        roomy.keep().unwrap();
        assert!(!roomy.is_spent());
    }

    #[test]
    fn what_the_disk_has_free_is_known() {
        let directory = tempfile::tempdir().unwrap();
        assert!(free_beside(&directory.path().join("kari.db")).unwrap() > 0);
    }

    #[test]
    fn a_reserve_without_room_counts_as_spent() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::beside(&directory.path().join("gone").join("kari.db"));
        assert!(reserve.keep().is_err());
        assert!(reserve.is_spent());
    }
}
