use std::collections::BTreeSet;

use async_trait::async_trait;
use kari_domain::ids::{AccountId, OperationId, PermissionSetArn, Target, Tuple, UserId};
use kari_domain::ledger::TroubleCode;

use super::Unavailable;

/// Creating and deleting account assignments: the first *grant backend*. Nothing outside this port
/// knows which one is in use.
///
/// Laws: operations are asynchronous: an [`OperationId`] means accepted, not done. No call repeats
/// itself underneath; one place decides about repeating. Creating what exists and deleting what does
/// not exist change nothing (the latter may answer [`CallError::NotFound`]). After
/// [`CallError::Unknown`] the operation may have been accepted.
#[async_trait]
pub trait Assignments: Send + Sync {
    /// Asks for an assignment to be created.
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError>;
    /// Asks for an assignment to be deleted.
    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError>;
    /// How an accepted operation fares. [`CallError::NotFound`] if it is no longer known.
    async fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError>;
    /// The creation of this tuple that is in progress, if there is one, whoever started it.
    async fn creation_in_flight(&self, tuple: &Tuple) -> Result<Option<OperationId>, CallError>;
    /// Looks whether the assignment is listed now. Listings may lag behind operations. It is for a creation or a
    /// deletion, which comes first where calls have to wait.
    async fn look(&self, kind: OperationKind, tuple: &Tuple) -> Result<Listed, CallError>;
    /// Whom a permission set is directly assigned to in an account, for finding drift.
    async fn assignees(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError>;
    /// What is directly assigned to a user, in every account. [`CallError::Denied`] where only others may ask
    /// this. It may lack what is out of the caller's reach: only [`Assignments::assignees`] shows that
    /// something is not there.
    async fn assigned_to(&self, user: &UserId) -> Result<BTreeSet<Target>, CallError>;
    /// The permission sets provisioned in an account, for finding drift.
    async fn provisioned(&self, account: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError>;
}

/// Whom a permission set is directly assigned to in an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assignees {
    pub users: BTreeSet<UserId>,
    /// Whether any group is among them. Groups are never ours.
    pub any_group: bool,
}

/// Whether a listing shows an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Yes,
    No,
}

/// The two kinds of operation; their ids are not interchangeable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    Creation,
    Deletion,
}

/// How an accepted operation fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationStatus {
    InProgress,
    Succeeded,
    Failed(FailedOperation),
}

/// The most characters of Identity Center's own words that are kept.
pub const MOST_CHARACTERS: usize = 500;

/// Identity Center's own words, on one line and cut: they are recorded for ever, and nothing else bounds
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirWords(String);

impl From<&str> for TheirWords {
    fn from(words: &str) -> Self {
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        Self(words.trim().chars().take(MOST_CHARACTERS).map(plain).collect())
    }
}

impl From<String> for TheirWords {
    fn from(words: String) -> Self {
        Self::from(words.as_str())
    }
}

impl std::ops::Deref for TheirWords {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl TheirWords {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TheirWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An operation that was accepted and ended as failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct FailedOperation {
    pub reason: TheirWords,
}

/// A call to Identity Center that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("identity center is throttling; it will be asked again")]
    Throttled,
    #[error("an earlier change has not propagated yet; it will be asked again")]
    Conflict,
    #[error("identity center does not know it")]
    NotFound,
    #[error("identity center denies access: {0}")]
    Denied(TheirWords),
    #[error("identity center finds the call invalid: {0}")]
    Invalid(TheirWords),
    #[error("a quota of identity center is exhausted")]
    QuotaExceeded,
    /// No answer arrived, or none that is understood; the call may or may not have been accepted.
    #[error("identity center gave no usable answer")]
    Unknown(#[source] Unavailable),
}

impl CallError {
    /// The code for the audit trail.
    pub fn code(&self) -> TroubleCode {
        match self {
            Self::Throttled => TroubleCode::Throttled,
            Self::Conflict => TroubleCode::Conflict,
            Self::NotFound => TroubleCode::NotFound,
            Self::Denied(_) => TroubleCode::AccessDenied,
            Self::Invalid(_) => TroubleCode::Invalid,
            Self::QuotaExceeded => TroubleCode::QuotaExceeded,
            Self::Unknown(_) => TroubleCode::NoAnswer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_identity_center_are_kept_on_one_line_and_no_more_than_can_be_recorded() {
        let error = CallError::Denied("\n no\tway\n".into());
        assert_eq!(error.to_string(), "identity center denies access: no way");
        let long = TheirWords::from("誰".repeat(100_000));
        assert_eq!(long.chars().count(), MOST_CHARACTERS);
        assert_eq!(FailedOperation { reason: long.clone() }.to_string(), long.as_str());
    }
}
