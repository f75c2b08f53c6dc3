use serde::{Deserialize, Serialize};

use crate::audit::{Actor, AuditEvent, Cause, SystemReason};
use crate::ids::{BatchId, RequestId, Target, Tuple, UserId};
use crate::ledger::{ProvenAbsence, TroubleCode};
use crate::policy::{Reason, Verdict};
use crate::text::{Comment, Justification, Ticket};
use crate::time::{Instant, Minutes, whole_seconds};

/// What is recorded about an access request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum RequestEvent {
    Requested {
        submission: Box<Submission>,
        verdict: Verdict,
        /// The window that earlier grants of the same access and this one make together, as far as
        /// it can be told now; `None` if it stands alone.
        joined: Option<Window>,
    },
    Reviewed {
        review: Review,
    },
    Approved {
        approval: Approval,
    },
    /// The intent, recorded before the assignment is created. It fixes the end.
    ActivationStarted {
        window: Window,
        /// If activation is not observed by then, the request ends as failed.
        deadline: Instant,
        joined: Option<Window>,
        open_sessions_until: Instant,
    },
    /// The assignment was observed.
    Activated {},
    /// The requester is warned that access ends soon.
    ExpiryWarned {},
    RevocationRequested {
        by: UserId,
        label: String,
        comment: Option<Comment>,
    },
    /// The intent to end, recorded before the assignment is deleted.
    EndStarted {
        cause: EndCause,
    },
    /// The removal cannot succeed now; it is repeated hourly.
    EndBlocked {
        code: TroubleCode,
        detail: String,
    },
    /// The removal takes longer than it may; people are alarmed.
    RemovalOverdue {},
    Closed {
        outcome: Outcome,
        /// Why it failed, where it failed before anything was created.
        reason: Option<FailureReason>,
        /// How the end of access is known; `None` where access never began.
        evidence: Option<Evidence>,
        /// Until when a session opened before the end may last; `None` where access never began, and
        /// where the assignment stays, so that new ones can be opened. (Older events have an
        /// instant there as well: [`Evidence::shows_it_gone`] tells.)
        open_sessions_until: Option<Instant>,
    },
}

impl AuditEvent for RequestEvent {
    /// What a policy approves was approved by nobody, whoever asked.
    fn actor(&self) -> Option<Actor> {
        let by_policy = matches!(self, Self::Approved { approval: Approval::Policy });
        by_policy.then_some(Actor::System { reason: SystemReason::Policy })
    }
}

impl RequestEvent {
    /// The event's kind, as it is stored.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Reviewed { .. } => "reviewed",
            Self::Approved { .. } => "approved",
            Self::ActivationStarted { .. } => "activation-started",
            Self::Activated {} => "activated",
            Self::ExpiryWarned {} => "expiry-warned",
            Self::RevocationRequested { .. } => "revocation-requested",
            Self::EndStarted { .. } => "end-started",
            Self::EndBlocked { .. } => "end-blocked",
            Self::RemovalOverdue {} => "removal-overdue",
            Self::Closed { .. } => "closed",
        }
    }
}

/// What was asked for. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub id: RequestId,
    pub requester: UserId,
    pub target: Target,
    pub labels: Labels,
    /// When access shall begin; `None`: as soon as it is approved.
    pub start: Option<Instant>,
    pub duration_minutes: Minutes,
    pub justification: Option<Justification>,
    pub ticket: Option<Ticket>,
    pub batch: Option<BatchId>,
    /// If nobody reviewed it by then, it lapses.
    pub lapses_at: Instant,
    /// A hash of what the client sent: the records show which requests were sent as one.
    pub body_hash: String,
}

impl Submission {
    /// The account assignment it is about.
    pub fn tuple(&self) -> Tuple {
        Tuple { principal: self.requester.clone(), target: self.target.clone() }
    }
}

/// Display names at the time of submission. Pages show the current names where they are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub requester: String,
    pub account: String,
    /// The units above the account, the root first.
    pub path: Vec<String>,
    pub permission_set: String,
}

/// From when until when access is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub starts_at: Instant,
    pub expires_at: Instant,
}

impl Window {
    /// The window of a grant that begins at `start`, or at once where that is past or not given: it ends at
    /// max(start, now) + duration.
    pub fn new(start: Option<Instant>, duration: Minutes, now: Instant) -> Self {
        let starts_at = whole_seconds(start.map_or(now, |start| start.max(now)));
        Self { starts_at, expires_at: starts_at + duration.delta() }
    }
}

/// A reviewer's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub reviewer: UserId,
    pub label: String,
    pub decision: Decision,
    pub comment: Option<Comment>,
    pub at: Instant,
    /// The door the reviewer came through; `None` in events from before it was recorded here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Cause>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Approve,
    Deny,
}

/// What made a request approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Approval {
    /// The deciding policy asks for no approval.
    Policy,
    /// Every requirement was met, under this version of the policy set.
    Reviewers { policy_set_version: u64, reviewers: Vec<UserId> },
}

/// Why a grant ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EndCause {
    /// Its window is over.
    Expired,
    Revoked {
        by: UserId,
        label: String,
        comment: Option<Comment>,
    },
    /// It was not observed before the activation deadline, or cannot be created.
    ActivationFailed {
        code: TroubleCode,
        detail: String,
    },
    /// Somebody removed the assignment in Identity Center.
    RemovedOutOfBand,
    /// The requester was disabled or deleted.
    RequesterDisabled,
    /// Whoever operates Kari ended everything.
    Drained,
}

impl EndCause {
    /// The outcome the request closes with.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Expired => Outcome::Expired,
            Self::Revoked { .. } | Self::RemovedOutOfBand | Self::RequesterDisabled | Self::Drained => {
                Outcome::Revoked
            }
            Self::ActivationFailed { .. } => Outcome::Failed,
        }
    }
}

/// How a closed request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Denied,
    Withdrawn,
    Lapsed,
    Failed,
    Expired,
    Revoked,
}

/// Why an approved request failed before anything was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum FailureReason {
    /// The requester may not have it any more.
    NoLongerEligible { reasons: Vec<Reason> },
    /// It was approved by policy, and now needs approval.
    ApprovalNowNeeded,
    /// Together with earlier grants it would last longer than the policy allows without approval.
    JoinedWindowTooLong { longest_minutes: Minutes },
    /// It could not begin in time.
    ActivationDeadline,
}

/// How the end of access is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// It was observed gone, first at this instant and again a listing grace later.
    ObservedGone { at: Instant },
    /// Another grant of the same access goes on.
    HeldByAnother,
    /// It was there before us and stays.
    PreExisting,
    /// Its user or permission set does not exist any more.
    ProvenAbsent { proof: ProvenAbsence },
}

impl Evidence {
    /// Whether the assignment is gone, so that no new session can be opened. Otherwise only this
    /// grant's part in it is over.
    pub fn shows_it_gone(&self) -> bool {
        match self {
            Self::ObservedGone { .. } | Self::ProvenAbsent { .. } => true,
            Self::HeldByAnother | Self::PreExisting => false,
        }
    }
}
