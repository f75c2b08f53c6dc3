//! Everything the policies say about one person, account and permission set, before a duration is
//! asked for. [`evaluate`](super::evaluate()) enforces it and [`offers`](super::offers()) explains
//! it, so the two cannot disagree.

use super::approver::ApproverPolicy;
use super::compile::CompiledPolicies;
use super::eligibility::EligibilityPolicy;
use super::guardrail::{Effect, Guardrail};
use super::reason::Reason;
use super::scope::People;
use super::set::Versioned;
use super::verdict::AppliedRequirement;
use crate::directory::{Account, PermissionSet, Subject};
use crate::mutants::{Mutant, on};
use crate::time::Minutes;

/// The most requirements that one request may carry. Ties and policies *in addition* have no bound of
/// their own, and a request is stored in one item with whatever applies to it.
pub const MOST_APPLIED_REQUIREMENTS: usize = 50;
/// The most users and groups that these requirements and their policies' notify lists may name. With the
/// longest ids and names there are, a request stays below half of what a store takes as one item.
pub const MOST_APPLIED_PEOPLE: usize = 2_000;

/// The enabled policies that speak of the requester, the account and the permission set.
#[derive(Debug)]
pub(super) struct Analysis<'a> {
    policies: &'a CompiledPolicies,
    account: &'a Account,
    permission_set: &'a PermissionSet,
    /// By id.
    pub(super) eligibility: Vec<&'a Versioned<EligibilityPolicy>>,
    /// By id.
    pub(super) forbids: Vec<&'a Versioned<Guardrail>>,
    /// The guardrails that force approval, by id.
    pub(super) forces: Vec<&'a Versioned<Guardrail>>,
    /// The smallest first, then by id.
    pub(super) caps: Vec<(Minutes, &'a Versioned<Guardrail>)>,
}

/// Who must review, when approval is needed.
#[derive(Debug)]
pub(super) struct AppliedReviews {
    pub(super) requirements: Vec<AppliedRequirement>,
    pub(super) notify: People,
}

impl<'a> Analysis<'a> {
    /// Looks up the policies. The account's status is not judged here.
    pub(super) fn of(
        policies: &'a CompiledPolicies,
        requester: &Subject,
        account: &'a Account,
        permission_set: &'a PermissionSet,
    ) -> Self {
        let mut analysis = Self {
            policies,
            account,
            permission_set,
            eligibility: policies.eligibility(requester, account, permission_set).collect(),
            forbids: Vec::new(),
            forces: Vec::new(),
            caps: Vec::new(),
        };
        for guardrail in policies.guardrails(requester, account, permission_set) {
            match guardrail.policy.effect {
                Effect::Forbid => analysis.forbids.push(guardrail),
                Effect::RequireApproval => analysis.forces.push(guardrail),
                Effect::Cap { minutes } => analysis.caps.push((minutes, guardrail)),
            }
        }
        analysis.caps.sort_by_key(|(minutes, _)| *minutes);
        analysis
    }

    /// The policy that decides about a duration: among those that allow it one without approval
    /// wins, then the lowest id.
    pub(super) fn deciding(&self, duration: Minutes) -> Option<&'a Versioned<EligibilityPolicy>> {
        let mixed = on(Mutant::LongestOfAnyPolicy);
        let covering = self.eligibility.iter().filter(|p| mixed || p.policy.max_duration_minutes >= duration);
        // NB. `min_by_key` keeps the first of equals, and they are ordered by id.
        covering.min_by_key(|p| p.policy.approval_required).copied()
    }

    /// The longest that any policy allows, before guardrails and the setting.
    pub(super) fn longest(&self) -> Option<Minutes> {
        self.eligibility.iter().map(|p| p.policy.max_duration_minutes).max()
    }

    /// The longest that guardrails and the setting leave.
    pub(super) fn ceiling(&self) -> Minutes {
        let setting = self.policies.policy_set().settings.maximum_duration_minutes;
        self.caps.first().map_or(setting, |(smallest, _)| setting.min(*smallest))
    }

    /// Whether a cap of so many minutes is what bounds the deciding policy.
    pub(super) fn shortens(&self, cap: Minutes, deciding: Option<&EligibilityPolicy>) -> bool {
        let setting = self.policies.policy_set().settings.maximum_duration_minutes;
        let allowed = deciding.map_or(setting, |policy| policy.max_duration_minutes.min(setting));
        cap == self.ceiling() && cap < allowed
    }

    /// Whether a request decided by this policy needs approval.
    pub(super) fn needs_approval(&self, deciding: &EligibilityPolicy) -> bool {
        deciding.approval_required || !self.forces.is_empty()
    }

    /// Whether a request decided by this policy needs a ticket.
    pub(super) fn needs_ticket(&self, deciding: &EligibilityPolicy) -> bool {
        deciding.ticket_required || self.policies.policy_set().settings.ticket_required
    }

    /// Whether approver policies say who reviews, in so many words as a request can carry.
    pub(super) fn is_reviewable(&self) -> bool {
        self.approvers().is_ok()
    }

    /// The requirements that apply.
    ///
    /// # Errors
    /// The reason why nobody can review it.
    pub(super) fn reviews(&self) -> Result<AppliedReviews, Reason> {
        let applied = self.approvers()?;
        let mut notify = People::default();
        for versioned in &applied {
            notify.extend(&versioned.policy.notify);
        }
        Ok(AppliedReviews { requirements: requirements_of(applied), notify })
    }

    /// NB. Policies *in addition* alone do not make a target reviewable: otherwise adding one would
    /// turn a refusal into something that can be approved.
    fn approvers(&self) -> Result<Vec<&'a Versioned<ApproverPolicy>>, Reason> {
        let applied = applied_approvers(self.policies, self.account, self.permission_set);
        if applied.is_empty() {
            Err(Reason::NoApproverPolicy)
        } else if fit_one_request(&applied) {
            Ok(applied)
        } else {
            Err(Reason::TooManyApproverPolicies)
        }
    }
}

fn fit_one_request(applied: &[&Versioned<ApproverPolicy>]) -> bool {
    let requirements = || applied.iter().flat_map(|versioned| &versioned.policy.requirements);
    let reviewers: usize = requirements().map(|requirement| requirement.reviewers.count()).sum();
    let notified: usize = applied.iter().map(|versioned| versioned.policy.notify.count()).sum();
    requirements().count() <= MOST_APPLIED_REQUIREMENTS && reviewers + notified <= MOST_APPLIED_PEOPLE
}

/// The requirements of whoever reviews requests for a target, whether or not a request needs a review:
/// the *approvers of the target*, who may see and end access to it.
pub fn requirements_for(
    policies: &CompiledPolicies,
    account: &Account,
    permission_set: &PermissionSet,
) -> Vec<AppliedRequirement> {
    requirements_of(applied_approvers(policies, account, permission_set))
}

fn requirements_of(applied: Vec<&Versioned<ApproverPolicy>>) -> Vec<AppliedRequirement> {
    let mut requirements: Vec<_> = applied.into_iter().flat_map(AppliedRequirement::all_of).collect();
    if on(Mutant::FirstRequirementOnly) {
        requirements.truncate(1);
    }
    requirements
}

/// The closest approver policies and those in addition, by id; none if no closest one applies.
fn applied_approvers<'a>(
    policies: &'a CompiledPolicies,
    account: &Account,
    permission_set: &PermissionSet,
) -> Vec<&'a Versioned<ApproverPolicy>> {
    let mut applied = policies.closest_approvers(account, permission_set);
    if !applied.is_empty() {
        applied.extend(policies.approvers_in_addition(account, permission_set));
        applied.sort_by(|one, other| one.policy.id.cmp(&other.policy.id));
    }
    applied
}
