use async_trait::async_trait;

/// A letter to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address, as the directory has it.
    pub to: String,
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Why a letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It may be taken later: it is sent again.
    #[error("the letter was not taken now")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is never taken. The code is recorded. NB. Not the answer itself, which may quote the letter.
    #[error("the letter is never taken: {code}")]
    Permanent { code: String },
    /// No letter of ours is taken, whoever it is to: sending was paused, the password is wrong, a quota is used up. It
    /// is one trouble, and over once somebody has mended it: then it is sent again.
    #[error("no letter is taken from this account: {code}")]
    Account { code: String },
    /// Nobody takes it, whoever it is to: the server cannot be reached, or does not answer. Nothing was refused, and it
    /// is sent again.
    #[error("no letter can be brought there")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nobody said in time whether it is taken. It is sent again, and comes twice where it was.
    #[error("nobody said whether the letter is taken")]
    Unanswered(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Who carries letters.
///
/// Laws: a letter that was taken is `Ok`; whether it arrives nobody knows. A letter may be sent again whose first
/// sending had no answer.
#[async_trait]
pub trait Postman: Send + Sync {
    /// Hands over one letter.
    async fn send(&self, letter: &Letter) -> Result<(), SendError>;
}
