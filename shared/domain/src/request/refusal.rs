use crate::policy::Reason;
use crate::text::MalformedText;
use crate::time::{Instant, Minutes};

/// Why a command is refused. The domain says no; nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the policies do not allow this request")]
    Ineligible { reasons: Vec<Reason> },
    #[error("there is no account with this id; choose one from the list")]
    UnknownAccount,
    #[error("there is no permission set with this ARN; choose one from the list")]
    UnknownPermissionSet,
    #[error("the start lies in the past; leave it out to start at once")]
    StartInPast,
    #[error("the start may lie at most 30 days ahead")]
    StartTooFar,
    #[error("say why access is needed, in at least 10 characters")]
    JustificationRequired,
    #[error(transparent)]
    Text(#[from] MalformedText),
    #[error("you already have an open request for this access; withdraw it first or wait for it to start")]
    AlreadyRequested,
    #[error("too many of your requests are waiting; wait for some to be reviewed, or withdraw some")]
    TooManyPending,
    #[error("this idempotency key was used for another request; use a fresh one")]
    IdempotencyKeyReused,
    #[error("together with the access you already have, it would last longer than {} minutes, the most without approval", longest_minutes.0)]
    JoinedWindowTooLong { longest_minutes: Minutes },
    /// NB. Compared by principal id, never by name or address.
    #[error("nobody reviews their own request; somebody else has to")]
    SelfReview,
    #[error("you are not a reviewer of this request")]
    NotAReviewer,
    /// NB. By the policy a session of the portal is asked for, which a chat cannot stand in for.
    #[error("by its policy this is approved in the portal only; open it there")]
    PortalOnly,
    #[error("the request lapsed at {lapsed_at}; it has to be made again")]
    Lapsed { lapsed_at: Instant },
    #[error("the request is {state} and cannot be {wanted} any more")]
    WrongState { state: &'static str, wanted: &'static str },
    #[error("only the requester may withdraw a request")]
    NotTheRequester,
    #[error("only the requester, a reviewer of it or an administrator may end this access")]
    MayNotRevoke,
    /// A deadline has not come; only the system's own commands meet this.
    #[error("it is not time yet")]
    NotYet,
    /// A deadline has passed; only the system's own commands meet this.
    #[error("it is too late")]
    TooLate,
}

impl Refusal {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ineligible { .. } => "ineligible",
            Self::UnknownAccount => "unknown-account",
            Self::UnknownPermissionSet => "unknown-permission-set",
            Self::StartInPast => "start-in-past",
            Self::StartTooFar => "start-too-far",
            Self::JustificationRequired => "justification-required",
            Self::Text(_) => "malformed-text",
            Self::AlreadyRequested => "already-requested",
            Self::TooManyPending => "too-many-pending",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::JoinedWindowTooLong { .. } => "joined-window-too-long",
            Self::SelfReview => "self-review",
            Self::NotAReviewer => "not-a-reviewer",
            Self::PortalOnly => "portal-only",
            Self::Lapsed { .. } => "lapsed",
            Self::WrongState { .. } => "wrong-state",
            Self::NotTheRequester => "not-the-requester",
            Self::MayNotRevoke => "may-not-revoke",
            Self::NotYet => "not-yet",
            Self::TooLate => "too-late",
        }
    }

    /// The policies' reasons, where they refused.
    pub fn reasons(&self) -> &[Reason] {
        if let Self::Ineligible { reasons } = self { reasons } else { &[] }
    }
}
