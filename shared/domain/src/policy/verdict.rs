//! The outcome of evaluating the policies. Verdicts are stored in events, so their form only grows.

use serde::{Deserialize, Serialize};

use super::approver::{ApproverPolicy, Requirement};
use super::reason::Reason;
use super::scope::People;
use super::set::{PolicyRef, Versioned};
use crate::time::{Instant, Minutes};

/// What the policies say to one question, and which of them said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The version of the policy set it was evaluated with; recording the decision is conditional
    /// on it.
    pub policy_set_version: u64,
    pub outcome: Outcome,
    /// The guardrails that had an effect, by id: without them the outcome would be another one.
    pub guardrails: Vec<PolicyRef>,
    /// How long a session opened with the permission set may last.
    pub session_duration_minutes: Minutes,
}

/// Whether the request may be made, and who must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    Ineligible {
        /// Every reason; never empty.
        reasons: Vec<Reason>,
    },
    NoApprovalNeeded {
        /// The deciding policy.
        eligibility: PolicyRef,
        /// The longest the deciding policy allows, after guardrails and the setting.
        max_duration_minutes: Minutes,
    },
    ApprovalNeeded {
        /// The deciding policy.
        eligibility: PolicyRef,
        /// The longest the deciding policy allows, after guardrails and the setting.
        max_duration_minutes: Minutes,
        /// All must be met; never empty. By policy id, then in the policy's order.
        requirements: Vec<AppliedRequirement>,
        /// Who is told; may be empty.
        notify: People,
    },
}

/// A requirement of an approver policy that applies to the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedRequirement {
    pub policy: PolicyRef,
    /// Which of the policy's requirements it is, counted from 0.
    pub index: u16,
    pub reviewers: People,
    /// How many distinct people must approve, at least one.
    pub quorum: u8,
    /// Whether these people approve in the portal only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub portal_only: bool,
}

impl Verdict {
    /// Until when a session opened just before the grant's end may last: removing the assignment
    /// does not end it.
    pub fn open_sessions_until(&self, end: Instant) -> Instant {
        end + self.session_duration_minutes.delta()
    }

    /// Why the request is refused; empty if it is not.
    pub fn reasons(&self) -> &[Reason] {
        match &self.outcome {
            Outcome::Ineligible { reasons } => reasons,
            Outcome::NoApprovalNeeded { .. } | Outcome::ApprovalNeeded { .. } => &[],
        }
    }

    /// What must be met before the grant; empty if it is refused or needs no approval.
    pub fn requirements(&self) -> &[AppliedRequirement] {
        match &self.outcome {
            Outcome::ApprovalNeeded { requirements, .. } => requirements,
            Outcome::Ineligible { .. } | Outcome::NoApprovalNeeded { .. } => &[],
        }
    }
}

impl Verdict {
    /// Who is told that reviewers are wanted; `None` if nobody is, or no approval is needed.
    pub fn notify(&self) -> Option<&People> {
        match &self.outcome {
            Outcome::ApprovalNeeded { notify, .. } => Some(notify).filter(|people| !people.is_empty()),
            Outcome::Ineligible { .. } | Outcome::NoApprovalNeeded { .. } => None,
        }
    }
}

impl AppliedRequirement {
    /// The requirements of a policy, in its order.
    pub(super) fn all_of(applied: &Versioned<ApproverPolicy>) -> impl Iterator<Item = Self> + '_ {
        let apply = |(index, requirement): (u16, &Requirement)| Self {
            policy: applied.reference(),
            index,
            reviewers: requirement.reviewers.clone(),
            // NB. A quorum of nobody would be met by nobody.
            quorum: requirement.quorum.max(1),
            portal_only: applied.policy.portal_only,
        };
        (0_u16..).zip(&applied.policy.requirements).map(apply)
    }
}
