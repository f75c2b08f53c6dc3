use super::event::{Decision, Evidence, Submission, Window};
use crate::audit::Cause;
use crate::directory::Subject;
use crate::ids::UserId;
use crate::ledger::TroubleCode;
use crate::policy::{AppliedRequirement, Verdict};
use crate::text::Comment;
use crate::time::Instant;

/// What somebody wants to happen, with every fact the decision needs.
#[derive(Debug, Clone)]
pub enum Command {
    Submit(Box<Submit>),
    Review(Box<ReviewFacts>),
    Withdraw {
        by: UserId,
        now: Instant,
    },
    Revoke {
        by: Revoker,
        comment: Option<Comment>,
    },
    /// Nobody reviewed it in time.
    Lapse {
        now: Instant,
    },
    StartActivation(Box<StartActivation>),
    /// The assignment was observed.
    ObserveActive {
        now: Instant,
    },
    WarnOfExpiry {
        now: Instant,
    },
    StartEnd {
        cause: Ending,
        now: Instant,
    },
    MarkBlocked {
        code: TroubleCode,
        detail: String,
    },
    AlarmOverdue {
        now: Instant,
    },
    /// Access is known to have ended; `gone_at` is when.
    Close {
        evidence: Evidence,
        gone_at: Instant,
    },
}

impl Command {
    /// The version of the policy set that a person's command was evaluated with, where one was: it must
    /// still be in force when the decision is recorded.
    pub fn evaluated_with(&self) -> Option<u64> {
        match self {
            Self::Submit(submit) => Some(submit.verdict.policy_set_version),
            Self::Review(facts) => Some(facts.assessment.verdict.policy_set_version),
            Self::StartActivation(facts) => Some(facts.verdict.policy_set_version),
            Self::Withdraw { .. }
            | Self::Revoke { .. }
            | Self::Lapse { .. }
            | Self::ObserveActive { .. }
            | Self::WarnOfExpiry { .. }
            | Self::StartEnd { .. }
            | Self::MarkBlocked { .. }
            | Self::AlarmOverdue { .. }
            | Self::Close { .. } => None,
        }
    }
}

/// A request to be made.
#[derive(Debug, Clone)]
pub struct Submit {
    pub submission: Submission,
    /// The policies' word, with too few reviewers already counted as a reason.
    pub verdict: Verdict,
    pub justification_required: bool,
    /// What this and the requester's current grants of the same access would make together.
    pub joined: Option<Window>,
    /// How many other requests of the requester wait for review.
    pub pending: usize,
    pub now: Instant,
}

/// What the policies say of a request as of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Their word on the request itself.
    pub verdict: Verdict,
    /// What they ask of whoever reviews requests for its target, whether or not this one needs a review;
    /// empty where they name nobody. [`Asked::requirements_in_force`](super::Asked::requirements_in_force)
    /// says what that makes of it.
    pub target_requirements: Vec<AppliedRequirement>,
}

/// A review, evaluated afresh.
#[derive(Debug, Clone)]
pub struct ReviewFacts {
    /// The reviewer as of now.
    pub reviewer: Subject,
    pub label: String,
    pub decision: Decision,
    pub comment: Option<Comment>,
    pub assessment: Assessment,
    /// Those who approved earlier, as of now; who does not exist any more is left out.
    pub earlier: Vec<Subject>,
    /// The door the reviewer came through.
    pub through: Cause,
    pub now: Instant,
}

/// Somebody who wants to end access early, and by what right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoker {
    pub id: UserId,
    pub label: String,
    pub right: RevokeRight,
}

/// Rights to end access besides being the requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeRight {
    None,
    /// May review requests for this target now.
    Reviewer,
    Administrator,
}

/// The facts right before activation.
#[derive(Debug, Clone)]
pub struct StartActivation {
    /// The policies' word as of now, with the approved duration.
    pub verdict: Verdict,
    /// Since when the requester holds the same access without a gap, if they do.
    pub held_since: Option<Instant>,
    pub now: Instant,
}

/// Why a grant shall end. A revocation is not among them twice: it was recorded when asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Expiry,
    Revocation,
    ActivationFailure {
        code: TroubleCode,
        detail: String,
    },
    RemovedOutOfBand,
    RequesterDisabled,
    /// Whoever operates Kari ends everything.
    Drained,
}
