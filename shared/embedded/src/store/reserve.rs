//! The reserve: space that is kept beside the database, and given up when the disk is full, so that ends
//! can be recorded all the same.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

const FILE: &str = "reserve";
/// Enough for the write-ahead log to fill and be emptied once, and for hundreds of ends.
const BYTES: usize = 8 << 20;
const CHUNK: usize = 1 << 20;

/// The space kept in one directory.
#[derive(Debug)]
pub struct Reserve {
    file: PathBuf,
    spent: AtomicBool,
}

impl Reserve {
    /// The reserve in the directory of this file.
    pub fn beside(file: &Path) -> Self {
        Self { file: file.with_file_name(FILE), spent: AtomicBool::new(false) }
    }

    /// Gives the space to whoever writes next. Whether there was any.
    pub fn give_up(&self) -> bool {
        let given_up = fs::remove_file(&self.file).is_ok();
        self.spent.fetch_or(given_up, Ordering::SeqCst);
        given_up
    }

    /// Whether it was given up, and could not be made again.
    pub fn is_spent(&self) -> bool {
        self.spent.load(Ordering::SeqCst)
    }

    /// Makes it if it is not there.
    ///
    /// # Errors
    /// What the operating system says; mostly that there is no room for it yet.
    pub fn keep(&self) -> io::Result<()> {
        let kept = if self.is_there() { Ok(()) } else { self.make() };
        self.spent.store(kept.is_err(), Ordering::SeqCst);
        kept
    }

    fn is_there(&self) -> bool {
        fs::metadata(&self.file).is_ok_and(|file| file.len() == BYTES as u64)
    }

    /// Only where there is room for two: what was given up a moment ago must not be taken away again from
    /// those who needed it.
    fn make(&self) -> io::Result<()> {
        let unfinished = self.file.with_extension("new");
        let made = fill(&unfinished, 2 * BYTES)
            .and_then(|file| file.set_len(BYTES as u64).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, &self.file));
        if made.is_err() {
            fs::remove_file(&unfinished).ok();
        }
        made
    }
}

/// Writes it all: a file that is merely long takes no space.
fn fill(path: &Path, bytes: usize) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let zeros = vec![0; CHUNK];
    for _ in 0..bytes / CHUNK {
        file.write_all(&zeros)?;
    }
    file.sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_made_given_up_once_and_made_again() {
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
            assert!(reserve.give_up() && reserve.is_spent());
            assert!(!reserve.give_up() && reserve.is_spent());
        }
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
    fn a_reserve_without_room_counts_as_spent() {
        let directory = tempfile::tempdir().unwrap();
        let reserve = Reserve::beside(&directory.path().join("gone").join("kari.db"));
        assert!(reserve.keep().is_err());
        assert!(reserve.is_spent());
    }
}
