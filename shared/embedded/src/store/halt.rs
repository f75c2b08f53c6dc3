//! Why a write came to nothing, and what that tells the caller.

use kari_application::ports::{AppendError, BrokenChain, Conflict, Unavailable};
use rusqlite::{Error, ErrorCode, ffi};

use super::unavailable;

/// Why a write is given up.
#[derive(Debug)]
pub(super) enum Halt {
    Conflict(Conflict),
    Malformed(BrokenChain),
    NoPlace(NoPlace),
    /// SQLite failed, and nothing was written.
    Failed(Error),
    /// SQLite failed while it made the write durable: it may be there or not.
    Unknown(Error),
}

/// Why there is no place to write to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoPlace {
    #[error("the database's file was removed, replaced or emptied while it was open")]
    FileGone,
    #[error("the disk is full: in the space kept for it what was begun still ends, but nothing new begins")]
    OnlyTheReserve,
}

impl Halt {
    /// A commit that failed.
    pub(super) fn at_commit(error: Error) -> Self {
        let nothing_happened =
            error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) || lacks_space(&error);
        if nothing_happened { Self::Failed(error) } else { Self::Unknown(error) }
    }

    /// Whether there was no room for it.
    pub(super) fn lacks_space(&self) -> bool {
        match self {
            Self::Failed(error) => lacks_space(error),
            Self::Conflict(_) | Self::Malformed(_) | Self::NoPlace(_) | Self::Unknown(_) => false,
        }
    }

    /// As a failure of what is no append, where the caller needs to know no more.
    pub(super) fn into_unavailable(self) -> Unavailable {
        match self {
            Self::Conflict(conflict) => Unavailable::new("the store", AppendError::Conflict(conflict)),
            Self::Malformed(malformed) => Unavailable::new("the store", malformed),
            Self::NoPlace(no_place) => Unavailable::new("the store", no_place),
            Self::Failed(error) | Self::Unknown(error) => unavailable(error),
        }
    }
}

/// Whether SQLite found no room: the disk is full, or what may be used of it is used up. Then not even
/// the record that commits was written.
pub(super) fn lacks_space(error: &Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || extended.is_some_and(|code| [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE].contains(&code))
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<NoPlace> for Halt {
    fn from(no_place: NoPlace) -> Self {
        Self::NoPlace(no_place)
    }
}

impl From<Halt> for AppendError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Conflict(conflict) => Self::Conflict(conflict),
            Halt::Unknown(error) => Self::Unknown(unavailable(error)),
            Halt::Malformed(_) | Halt::NoPlace(_) | Halt::Failed(_) => {
                Self::Unavailable(halt.into_unavailable())
            }
        }
    }
}
