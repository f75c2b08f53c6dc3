//! What can be recorded, told apart as finely as it is counted. A new kind of event does not compile
//! before it has its states here, and is then demanded by the test.

use kari_domain::ledger::{LedgerEvent, RemovalReason};
use kari_domain::request::{EndCause, Outcome, RequestEvent, RequestState};
use strum::{IntoStaticStr, VariantArray};

/// What is recorded of a request. Endings are told apart by their cause, closings by their outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum RequestKind {
    Requested,
    Reviewed,
    Approved,
    ActivationStarted,
    Activated,
    ExpiryWarned,
    RevocationRequested,
    EndsExpired,
    EndsRevoked,
    EndsFailed,
    EndsRemovedByOthers,
    EndsForDisabled,
    EndBlocked,
    RemovalOverdue,
    ClosedDenied,
    ClosedWithdrawn,
    ClosedLapsed,
    ClosedFailed,
    ClosedExpired,
    ClosedRevoked,
}

impl From<&RequestEvent> for RequestKind {
    fn from(event: &RequestEvent) -> Self {
        match event {
            RequestEvent::Requested { .. } => Self::Requested,
            RequestEvent::Reviewed { .. } => Self::Reviewed,
            RequestEvent::Approved { .. } => Self::Approved,
            RequestEvent::ActivationStarted { .. } => Self::ActivationStarted,
            RequestEvent::Activated {} => Self::Activated,
            RequestEvent::ExpiryWarned {} => Self::ExpiryWarned,
            RequestEvent::RevocationRequested { .. } => Self::RevocationRequested,
            RequestEvent::EndStarted { cause } => ended(cause),
            RequestEvent::EndBlocked { .. } => Self::EndBlocked,
            RequestEvent::RemovalOverdue {} => Self::RemovalOverdue,
            RequestEvent::Closed { outcome, .. } => closed(*outcome),
        }
    }
}

fn ended(cause: &EndCause) -> RequestKind {
    match cause {
        EndCause::Expired => RequestKind::EndsExpired,
        // Nobody drains here.
        EndCause::Revoked { .. } | EndCause::Drained => RequestKind::EndsRevoked,
        EndCause::ActivationFailed { .. } => RequestKind::EndsFailed,
        EndCause::RemovedOutOfBand => RequestKind::EndsRemovedByOthers,
        EndCause::RequesterDisabled => RequestKind::EndsForDisabled,
    }
}

fn closed(outcome: Outcome) -> RequestKind {
    match outcome {
        Outcome::Denied => RequestKind::ClosedDenied,
        Outcome::Withdrawn => RequestKind::ClosedWithdrawn,
        Outcome::Lapsed => RequestKind::ClosedLapsed,
        Outcome::Failed => RequestKind::ClosedFailed,
        Outcome::Expired => RequestKind::ClosedExpired,
        Outcome::Revoked => RequestKind::ClosedRevoked,
    }
}

impl RequestKind {
    /// The command that it answers.
    pub fn command(self) -> &'static str {
        match self {
            Self::Requested => "submit",
            Self::Reviewed | Self::ClosedDenied => "review",
            Self::Approved => "submit, review",
            Self::ActivationStarted => "start activation",
            Self::Activated => "observe active",
            Self::ExpiryWarned => "warn of expiry",
            Self::RevocationRequested => "revoke",
            Self::EndsExpired
            | Self::EndsRevoked
            | Self::EndsFailed
            | Self::EndsRemovedByOthers
            | Self::EndsForDisabled => "start end",
            Self::EndBlocked => "mark blocked",
            Self::RemovalOverdue => "alarm overdue",
            Self::ClosedWithdrawn => "withdraw",
            Self::ClosedLapsed => "lapse",
            Self::ClosedFailed => "start activation, close",
            Self::ClosedExpired => "close",
            Self::ClosedRevoked => "revoke, close",
        }
    }

    /// The states in which it is recorded.
    pub fn states(self) -> &'static [RequestState] {
        use RequestState::{Absent, Activating, Active, Approved, Ending, Pending};
        match self {
            Self::Requested => &[Absent],
            Self::Reviewed | Self::Approved | Self::ClosedDenied | Self::ClosedLapsed => &[Pending],
            Self::ClosedWithdrawn => &[Pending, Approved],
            Self::ActivationStarted => &[Approved],
            Self::Activated | Self::EndsFailed => &[Activating],
            Self::ExpiryWarned | Self::EndsExpired => &[Active],
            Self::RevocationRequested => &[Approved, Activating, Active],
            Self::EndsRevoked | Self::EndsRemovedByOthers | Self::EndsForDisabled => &[Activating, Active],
            Self::EndBlocked | Self::RemovalOverdue | Self::ClosedExpired => &[Ending],
            Self::ClosedFailed | Self::ClosedRevoked => &[Approved, Ending],
        }
    }
}

/// What is recorded of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum LedgerKind {
    HolderJoined,
    HolderLeft,
    CreationStarted,
    FoundPresent,
    CreationAccepted,
    CreationFailed,
    PresenceObserved,
    VanishingObserved,
    Released,
    RemovalStarted,
    LateCreationFound,
    RemovalAccepted,
    RemovalFailed,
    TroubleNoted,
    AbsenceObserved,
    AbsenceConfirmed,
    AbsenceProven,
    WatchEnded,
    DriftFound,
    DriftGone,
    RemovalOverdue,
}

impl From<&LedgerEvent> for LedgerKind {
    fn from(event: &LedgerEvent) -> Self {
        match event {
            LedgerEvent::HolderJoined { .. } => Self::HolderJoined,
            LedgerEvent::HolderLeft { .. } => Self::HolderLeft,
            LedgerEvent::CreationStarted {} => Self::CreationStarted,
            LedgerEvent::FoundPresent {} => Self::FoundPresent,
            LedgerEvent::CreationAccepted { .. } => Self::CreationAccepted,
            LedgerEvent::CreationFailed { .. } => Self::CreationFailed,
            LedgerEvent::PresenceObserved {} => Self::PresenceObserved,
            LedgerEvent::VanishingObserved {} => Self::VanishingObserved,
            LedgerEvent::Released {} => Self::Released,
            LedgerEvent::RemovalStarted { reason: RemovalReason::LastHolderLeft } => Self::RemovalStarted,
            LedgerEvent::RemovalStarted { reason: RemovalReason::LateCreation } => Self::LateCreationFound,
            LedgerEvent::RemovalAccepted { .. } => Self::RemovalAccepted,
            LedgerEvent::RemovalFailed { .. } => Self::RemovalFailed,
            LedgerEvent::TroubleNoted { .. } => Self::TroubleNoted,
            LedgerEvent::AbsenceObserved {} => Self::AbsenceObserved,
            LedgerEvent::AbsenceConfirmed {} => Self::AbsenceConfirmed,
            LedgerEvent::AbsenceProven { .. } => Self::AbsenceProven,
            LedgerEvent::WatchEnded {} => Self::WatchEnded,
            LedgerEvent::DriftFound {} => Self::DriftFound,
            LedgerEvent::DriftGone {} => Self::DriftGone,
            LedgerEvent::RemovalOverdue {} => Self::RemovalOverdue,
        }
    }
}

impl LedgerKind {
    /// The states in which it is recorded, by name.
    pub fn states(self) -> &'static [&'static str] {
        match self {
            Self::HolderJoined => &["absent", "creating", "present"],
            Self::CreationStarted => &["absent", "present"],
            Self::FoundPresent
            | Self::LateCreationFound
            | Self::AbsenceConfirmed
            | Self::WatchEnded
            | Self::DriftFound
            | Self::DriftGone => &["absent"],
            Self::CreationAccepted | Self::CreationFailed => &["creating"],
            Self::HolderLeft | Self::PresenceObserved | Self::RemovalStarted => &["creating", "present"],
            Self::VanishingObserved | Self::Released => &["present"],
            Self::RemovalAccepted | Self::RemovalFailed | Self::AbsenceObserved | Self::RemovalOverdue => {
                &["removing"]
            }
            Self::TroubleNoted => &["absent", "creating", "present", "removing"],
            Self::AbsenceProven => &["absent", "removing"],
        }
    }
}
