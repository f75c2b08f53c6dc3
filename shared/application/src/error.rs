use kari_domain::policy::PolicyProblem;
use kari_domain::request::Refusal;
use kari_domain::time::Instant;

use crate::ports::{ListError, Resting, Unavailable};

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The domain says no; nothing changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It does not exist, or the caller may not see it; the two look alike from outside.
    #[error("there is nothing here for you")]
    NotFound,
    /// The caller's user id is not one enabled user of the identity store.
    #[error("your user is unknown or disabled in the identity store")]
    UnknownCaller,
    /// The message that commands it was used before.
    #[error("this was sent before and counts once; do it again if you meant it")]
    Replayed,
    /// A policy or setting is not well-formed or names what does not exist.
    #[error("the policy cannot be taken as it is")]
    BadPolicy(Vec<PolicyProblem>),
    #[error("a policy with this id exists already; choose another id")]
    PolicyExists,
    /// Somebody changed it since the caller read it.
    #[error("somebody changed it meanwhile; read version {current} and try again")]
    StaleVersion { current: u64 },
    /// A cursor that no list gave out.
    #[error("the cursor is not one that this list gave; start from the beginning")]
    BadCursor,
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// What this rests on was read too long ago, and reading it again has failed since.
    #[error(
        "the directory was last read at {synced_at}, so nobody knows who could review this; \
         try again when it can be read"
    )]
    DirectoryTooOld { synced_at: Instant },
    /// Too many others changed the same thing at the same time.
    #[error("many people are changing this at the moment; try again")]
    Busy,
    /// Impossible or unknown data. The request is parked, operators are alarmed; nothing is guessed.
    #[error("recorded data cannot be understood: {0}")]
    Corrupt(String),
}

impl Error {
    /// Whether it is no trouble, but only too soon.
    pub fn is_resting(&self) -> bool {
        matches!(self, Self::Unavailable(error) if error.source.is::<Resting>())
    }
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        match error {
            ListError::BadCursor => Self::BadCursor,
            ListError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}
