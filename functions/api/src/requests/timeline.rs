use chrono::{DateTime, Utc};
use kari_application::Error;
use kari_domain::audit::{self, Envelope};
use kari_domain::ledger::ProvenAbsence;
use kari_domain::request::{Approval, EndCause, Evidence, RequestEvent, Review};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{ApprovalView, DecisionView, Eye, OutcomeView};
use crate::audit::CauseView;
use crate::shapes::{ActorView, Names, Person, Reason, WindowView};

/// One event of a request's life.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    /// The place in the request's life, from 1.
    sequence: u64,
    at: DateTime<Utc>,
    actor: ActorView,
    cause: CauseView,
    #[serde(flatten)]
    happening: Happening,
}

/// What happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub(crate) enum Happening {
    Requested {
        duration_minutes: u32,
        start: Option<DateTime<Utc>>,
        lapses_at: DateTime<Utc>,
    },
    Reviewed {
        reviewer: Person,
        decision: DecisionView,
        comment: Option<String>,
    },
    Approved {
        approval: ApprovedByView,
    },
    ActivationStarted {
        starts_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        /// If it is not observed by then, it fails.
        deadline: DateTime<Utc>,
        joined_window: Option<WindowView>,
        open_sessions_until: DateTime<Utc>,
    },
    Activated {},
    ExpiryWarned {},
    RevocationRequested {
        by: Person,
        comment: Option<String>,
    },
    EndStarted {
        cause: EndCauseView,
    },
    EndBlocked {
        reason: Reason,
    },
    RemovalOverdue {},
    Closed {
        outcome: OutcomeView,
        /// Why it failed before anything was created.
        reason: Option<Reason>,
        /// How the end of access is known; `null` where access never began.
        evidence: Option<EvidenceView>,
        /// Whether the access goes on although the request is closed.
        access_stays: bool,
        open_sessions_until: Option<DateTime<Utc>>,
    },
}

/// What made it approved.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TimelineApproval)]
pub(crate) struct ApprovedByView {
    by: ApprovalView,
    /// The approvers, where people approved.
    reviewers: Vec<Person>,
}

/// Why a grant ends.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schema(as = EndCause)]
pub(crate) enum EndCauseView {
    Expired,
    Revoked {
        by: Person,
        comment: Option<String>,
    },
    /// `detail` is what Identity Center itself said, for administrators and auditors.
    ActivationFailed {
        code: String,
        detail: Option<String>,
    },
    RemovedOutOfBand,
    RequesterDisabled,
    Drained,
}

/// How the end of access is known.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schema(as = Evidence)]
pub(crate) enum EvidenceView {
    ObservedGone { at: DateTime<Utc> },
    HeldByAnother,
    PreExisting,
    ProvenAbsent { proof: ProofView },
}

/// What was shown not to exist.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ProvenAbsence)]
pub(crate) enum ProofView {
    User,
    PermissionSet,
    /// Something that only a newer version knows of.
    Unknown,
}

/// The events of a request, in order.
///
/// # Errors
/// [`Error::Corrupt`] for an event that is not known.
pub(super) fn timeline(events: &[Envelope], eye: Eye<'_>) -> Result<Vec<TimelineEntry>, Error> {
    let entry = |envelope: &Envelope| {
        let event = audit::parse(envelope).map_err(|e| Error::Corrupt(e.to_string()))?;
        let actor = eye.names.actor(&envelope.actor);
        let (sequence, at, cause) = (envelope.sequence, envelope.at, envelope.cause.into());
        Ok(TimelineEntry { sequence, at, actor, cause, happening: happening(event, eye) })
    };
    events.iter().map(entry).collect()
}

fn happening(event: RequestEvent, eye: Eye<'_>) -> Happening {
    let names = eye.names;
    match event {
        RequestEvent::Requested { submission, .. } => Happening::Requested {
            duration_minutes: submission.duration_minutes.0,
            start: submission.start,
            lapses_at: submission.lapses_at,
        },
        RequestEvent::Reviewed { review } => reviewed(review, names),
        RequestEvent::Approved { approval } => Happening::Approved { approval: approved(&approval, names) },
        RequestEvent::ActivationStarted { window, deadline, joined, open_sessions_until } => {
            let (starts_at, expires_at) = (window.starts_at, window.expires_at);
            let joined_window = joined.map(WindowView::from);
            Happening::ActivationStarted {
                starts_at,
                expires_at,
                deadline,
                joined_window,
                open_sessions_until,
            }
        }
        RequestEvent::Activated {} => Happening::Activated {},
        RequestEvent::ExpiryWarned {} => Happening::ExpiryWarned {},
        RequestEvent::RevocationRequested { by, label, comment } => Happening::RevocationRequested {
            by: names.person(&by, Some(&label)),
            comment: comment.map(String::from),
        },
        RequestEvent::EndStarted { cause } => Happening::EndStarted { cause: end_cause(cause, eye) },
        RequestEvent::EndBlocked { code, detail } => {
            Happening::EndBlocked { reason: Reason::trouble(code, eye.detail(&detail)) }
        }
        RequestEvent::RemovalOverdue {} => Happening::RemovalOverdue {},
        RequestEvent::Closed { outcome, reason, evidence, open_sessions_until } => Happening::Closed {
            outcome: outcome.into(),
            reason: reason.as_ref().map(Reason::from),
            access_stays: access_stays(evidence.as_ref()),
            open_sessions_until: until_gone(evidence.as_ref(), open_sessions_until),
            evidence: evidence.map(EvidenceView::from),
        },
    }
}

/// Whether only this grant's part in the access is over.
pub(super) fn access_stays(evidence: Option<&Evidence>) -> bool {
    evidence.is_some_and(|evidence| !evidence.shows_it_gone())
}

/// An instant at which open sessions end says that no new one can be opened; older events say so wherever
/// a grant closed.
pub(super) fn until_gone(
    evidence: Option<&Evidence>,
    open_sessions_until: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    open_sessions_until.filter(|_| evidence.is_none_or(Evidence::shows_it_gone))
}

fn reviewed(review: Review, names: Names<'_>) -> Happening {
    Happening::Reviewed {
        reviewer: names.person(&review.reviewer, Some(&review.label)),
        decision: review.decision.into(),
        comment: review.comment.map(String::from),
    }
}

fn approved(approval: &Approval, names: Names<'_>) -> ApprovedByView {
    let reviewers = match approval {
        Approval::Policy => vec![],
        Approval::Reviewers { reviewers, .. } => reviewers.iter().map(|id| names.person(id, None)).collect(),
    };
    ApprovedByView { by: approval.into(), reviewers }
}

fn end_cause(cause: EndCause, eye: Eye<'_>) -> EndCauseView {
    match cause {
        EndCause::Expired => EndCauseView::Expired,
        EndCause::Revoked { by, label, comment } => EndCauseView::Revoked {
            by: eye.names.person(&by, Some(&label)),
            comment: comment.map(String::from),
        },
        EndCause::ActivationFailed { code, detail } => EndCauseView::ActivationFailed {
            code: code.to_string(),
            detail: eye.detail(&detail).map(str::to_owned),
        },
        EndCause::RemovedOutOfBand => EndCauseView::RemovedOutOfBand,
        EndCause::RequesterDisabled => EndCauseView::RequesterDisabled,
        EndCause::Drained => EndCauseView::Drained,
    }
}

impl From<Evidence> for EvidenceView {
    fn from(evidence: Evidence) -> Self {
        match evidence {
            Evidence::ObservedGone { at } => Self::ObservedGone { at },
            Evidence::HeldByAnother => Self::HeldByAnother,
            Evidence::PreExisting => Self::PreExisting,
            Evidence::ProvenAbsent { proof } => Self::ProvenAbsent { proof: proof.into() },
        }
    }
}

impl From<ProvenAbsence> for ProofView {
    fn from(proof: ProvenAbsence) -> Self {
        match proof {
            ProvenAbsence::User => Self::User,
            ProvenAbsence::PermissionSet => Self::PermissionSet,
            ProvenAbsence::Unknown => Self::Unknown,
        }
    }
}
