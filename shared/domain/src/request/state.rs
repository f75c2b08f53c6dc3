use serde::{Deserialize, Serialize};

use super::event::{
    Approval, Decision, EndCause, Evidence, FailureReason, Outcome, Review, Submission, Window,
};
use crate::audit::Cause;
use crate::directory::Subject;
use crate::ids::{RequestId, UserId};
use crate::ledger::TroubleCode;
use crate::mutants::{Mutant, on};
use crate::policy::{AppliedRequirement, Verdict};
use crate::text::Comment;
use crate::time::Instant;

/// An access request. Each state carries its own data and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[serde(tag = "state", rename_all = "kebab-case")]
#[strum_discriminants(
    name(RequestState),
    doc = "The states of an access request, by name alone.",
    derive(Hash, PartialOrd, Ord, strum::IntoStaticStr, strum::EnumString, strum::VariantArray),
    strum(serialize_all = "kebab-case")
)]
pub enum AccessRequest {
    /// Not submitted yet.
    Absent,
    Pending(Pending),
    Approved(Approved),
    Activating(Activating),
    Active(Active),
    Ending(EndingState),
    Closed(Closed),
}

/// What was asked, what the policies said at submission, and what reviewers said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub submission: Submission,
    pub submitted_at: Instant,
    pub verdict: Verdict,
    pub joined: Option<Window>,
    pub reviews: Vec<Review>,
}

/// Waiting for review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub asked: Asked,
}

/// Approved; waits for its start, or for an earlier assignment to be gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    pub asked: Asked,
    pub approval: Approval,
    pub approved_at: Instant,
}

/// The time-bound entitlement. Nothing moves its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub asked: Asked,
    pub approval: Approval,
    pub approved_at: Instant,
    pub window: Window,
    pub joined: Option<Window>,
    /// Until when a session opened before the end may last.
    pub open_sessions_until: Instant,
}

/// Somebody wants it ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    pub by: UserId,
    pub label: String,
    pub comment: Option<Comment>,
    pub at: Instant,
}

/// The assignment is being created, or its presence looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activating {
    pub grant: Grant,
    pub started_at: Instant,
    pub deadline: Instant,
    pub revocation: Option<Revocation>,
}

/// The assignment was observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Active {
    pub grant: Grant,
    pub activated_at: Instant,
    pub warned: bool,
    pub revocation: Option<Revocation>,
}

/// Access is being taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingState {
    pub grant: Grant,
    /// `None` if it was never observed.
    pub activated_at: Option<Instant>,
    pub cause: EndCause,
    /// When the end was recorded, which may be long after it came.
    pub started_at: Instant,
    /// When somebody asked for it early.
    #[serde(default)]
    pub revoked_at: Option<Instant>,
    pub overdue: bool,
    /// Code and detail of what keeps the removal from succeeding for now.
    pub blocked: Option<(TroubleCode, String)>,
}

/// Over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub past: Past,
    pub outcome: Outcome,
    pub reason: Option<FailureReason>,
    pub evidence: Option<Evidence>,
    pub open_sessions_until: Option<Instant>,
    pub closed_at: Instant,
}

/// How far a closed request came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Past {
    Pending(Pending),
    Approved(Approved),
    Ended(Box<EndingState>),
}

impl Asked {
    /// What has to be met, and so who may review it: what the policies ask now of whoever reviews
    /// requests for its target. That holds as well where they would refuse this request by now (it can
    /// be denied, not approved), or would ask for no approval (it gets the one it waits for). Only where
    /// they name nobody any more, those who could review the submission go on.
    ///
    /// NB. The one rule: deciding, listing, showing and ending go by it alike, so that no request waits
    /// for people who do not see it.
    pub fn requirements_in_force<'a>(
        &'a self,
        target_requirements: &'a [AppliedRequirement],
    ) -> &'a [AppliedRequirement] {
        if target_requirements.is_empty() || on(Mutant::FrozenRequirements) {
            self.verdict.requirements()
        } else {
            target_requirements
        }
    }

    /// Whether somebody's last word is an approval, and these requirements let it count. NB. They do not where it was
    /// given in a chat, and that person would meet something that is met in the portal only by now.
    pub fn is_approved_by(&self, reviewer: &Subject, requirements: &[AppliedRequirement]) -> bool {
        let last = self.reviews.iter().rfind(|review| review.reviewer == reviewer.id);
        last.is_some_and(|review| {
            let in_chat = review.through == Some(Cause::Slack);
            review.decision == Decision::Approve && !(in_chat && is_for_the_portal(requirements, reviewer))
        })
    }
}

/// Whether a person would meet something that is met in the portal only. Others who review the same request by
/// another policy are not kept from saying so in a chat.
pub(super) fn is_for_the_portal(requirements: &[AppliedRequirement], reviewer: &Subject) -> bool {
    let mut theirs = requirements.iter().filter(|requirement| requirement.reviewers.contains(reviewer));
    theirs.any(|requirement| requirement.portal_only)
}

impl EndingState {
    /// When access was over: at the end of its window, when somebody ended it, or when a cause to end it was
    /// found, whichever came first. Promises about the end count from here.
    pub fn over_at(&self) -> Instant {
        let recorded = self.started_at.min(self.grant.window.expires_at);
        self.revoked_at.map_or(recorded, |at| at.min(recorded))
    }
}

impl AccessRequest {
    /// What was asked; `None` before submission.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Absent => None,
            Self::Pending(state) => Some(&state.asked),
            Self::Approved(state) => Some(&state.asked),
            Self::Activating(state) => Some(&state.grant.asked),
            Self::Active(state) => Some(&state.grant.asked),
            Self::Ending(state) => Some(&state.grant.asked),
            Self::Closed(state) => Some(state.past.asked()),
        }
    }

    /// The grant, once activation has started.
    pub fn grant(&self) -> Option<&Grant> {
        match self {
            Self::Absent | Self::Pending(_) | Self::Approved(_) => None,
            Self::Activating(state) => Some(&state.grant),
            Self::Active(state) => Some(&state.grant),
            Self::Ending(state) => Some(&state.grant),
            Self::Closed(state) => match &state.past {
                Past::Pending(_) | Past::Approved(_) => None,
                Past::Ended(state) => Some(&state.grant),
            },
        }
    }

    /// The request's id; `None` before submission.
    pub fn id(&self) -> Option<RequestId> {
        self.asked().map(|asked| asked.submission.id)
    }

    /// The state's name, as the API and the store use it.
    pub fn name(&self) -> &'static str {
        self.state().into()
    }

    /// Which state it is in.
    pub fn state(&self) -> RequestState {
        self.into()
    }

    /// Whether it takes the one place that a person has for a target: pending or approved.
    pub fn claims_target(&self) -> bool {
        match self {
            Self::Pending(_) | Self::Approved(_) => true,
            Self::Absent | Self::Activating(_) | Self::Active(_) | Self::Ending(_) | Self::Closed(_) => false,
        }
    }

    /// Whether it keeps its requester from asking for the same again. By the clock: what has lapsed is in
    /// nobody's way, recorded or not.
    pub fn is_in_the_way(&self, now: Instant) -> bool {
        match self {
            Self::Pending(state) => now < state.asked.submission.lapses_at || on(Mutant::WaitsForTheLapse),
            Self::Approved(_) => true,
            Self::Absent | Self::Activating(_) | Self::Active(_) | Self::Ending(_) | Self::Closed(_) => false,
        }
    }
}

impl Past {
    /// What was asked.
    pub fn asked(&self) -> &Asked {
        match self {
            Self::Pending(state) => &state.asked,
            Self::Approved(state) => &state.asked,
            Self::Ended(state) => &state.grant.asked,
        }
    }
}
