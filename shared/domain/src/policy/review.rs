//! Reviews and requirements: who may review, what the approvals so far meet, and whether enough
//! people exist at all. Every requirement asks for its own quorum of distinct people and nobody
//! counts twice, so people are *matched* to requirements (see [`super::matching`]).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::compile::CompiledPolicies;
use super::matching::{Seats, fill};
use super::reason::Reason;
use super::scope::People;
use super::verdict::AppliedRequirement;
use crate::directory::{Snapshot, Subject};
use crate::ids::UserId;
use crate::mutants::{Mutant, on};

/// How far one requirement is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementProgress {
    /// Which of the applied requirements, counted from 0.
    pub index: usize,
    pub quorum: u8,
    /// Who counts towards it, by id; nobody counts towards another one as well.
    pub met_by: Vec<UserId>,
}

impl RequirementProgress {
    /// Whether the quorum is reached.
    pub fn is_met(&self) -> bool {
        self.met_by.len() >= usize::from(self.quorum)
    }
}

/// Whether a person may review a request with these requirements.
///
/// NB. Nobody reviews their own request, compared by id; no role gives the right.
pub fn can_review(requirements: &[AppliedRequirement], reviewer: &Subject, requester: &UserId) -> bool {
    reviewer.enabled
        && (reviewer.id != *requester || on(Mutant::ApprovesItself))
        && requirements.iter().any(|requirement| requirement.reviewers.contains(reviewer))
}

/// Whether any enabled approver policy names a person at all. Who is named by none has nothing to look
/// through.
pub fn reviews_anything(policies: &CompiledPolicies, person: &Subject) -> bool {
    let enabled = policies.policy_set().approvers.iter().filter(|approver| approver.policy.enabled);
    let mut requirements = enabled.flat_map(|approver| &approver.policy.requirements);
    requirements.any(|requirement| requirement.reviewers.contains(person))
}

/// What the approvals of these people meet. It is for the caller to pass only people who still may
/// review ([`can_review`]); disabled people and people named twice are not counted here either.
pub fn progress(requirements: &[AppliedRequirement], approvers: &[Subject]) -> Vec<RequirementProgress> {
    let candidates = |requirement: &AppliedRequirement| -> BTreeSet<UserId> {
        let able = approvers.iter().filter(|a| a.enabled && requirement.reviewers.contains(a));
        able.map(|approver| approver.id.clone()).collect()
    };
    matched(requirements, requirements.iter().map(candidates).collect())
}

/// Whether the approvals of these people meet every requirement.
///
/// NB. No requirements at all are never met: approval by nobody is no approval.
pub fn is_met(requirements: &[AppliedRequirement], approvers: &[Subject]) -> bool {
    !requirements.is_empty() && progress(requirements, approvers).iter().all(RequirementProgress::is_met)
}

/// For each requirement the people who could review by the read model: enabled, not the requester.
/// Groups that no longer exist are skipped.
pub fn candidates(
    requirements: &[AppliedRequirement],
    requester: &UserId,
    snapshot: &Snapshot,
) -> Vec<BTreeSet<UserId>> {
    let others = |requirement: &AppliedRequirement| {
        let mut able = enabled_people(&requirement.reviewers, snapshot);
        able.remove(requester);
        able
    };
    requirements.iter().map(others).collect()
}

/// Whether the people who exist could meet every requirement, by the same matching.
///
/// # Errors
/// A reason for each requirement that would stay short of its quorum.
pub fn could_be_met(
    requirements: &[AppliedRequirement],
    requester: &UserId,
    snapshot: &Snapshot,
) -> Result<(), Vec<Reason>> {
    shortfalls(requirements, candidates(requirements, requester, snapshot))
}

/// The same for somebody who is none of the reviewers.
pub(super) fn could_be_met_by_others(
    requirements: &[AppliedRequirement],
    snapshot: &Snapshot,
) -> Result<(), Vec<Reason>> {
    let candidates = requirements.iter().map(|requirement| enabled_people(&requirement.reviewers, snapshot));
    shortfalls(requirements, candidates.collect())
}

fn shortfalls(
    requirements: &[AppliedRequirement],
    candidates: Vec<BTreeSet<UserId>>,
) -> Result<(), Vec<Reason>> {
    let progress = matched(requirements, candidates);
    let short = requirements.iter().zip(&progress).filter(|(_, progress)| !progress.is_met());
    let reasons: Vec<_> = short.map(|(requirement, progress)| not_enough(requirement, progress)).collect();
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

fn not_enough(requirement: &AppliedRequirement, progress: &RequirementProgress) -> Reason {
    Reason::NotEnoughReviewers {
        policy: requirement.policy.clone(),
        needed: requirement.quorum,
        available: u8::try_from(progress.met_by.len()).unwrap_or(u8::MAX),
    }
}

/// The enabled people a list names, by itself or by its groups. Groups that no longer exist are skipped.
pub fn enabled_people(people: &People, snapshot: &Snapshot) -> BTreeSet<UserId> {
    if on(Mutant::WedgedByAGroup) && people.groups.iter().any(|group| !snapshot.groups.contains_key(group)) {
        return BTreeSet::new();
    }
    let existing = people.groups.iter().filter(|group| snapshot.groups.contains_key(group));
    let members = existing.filter_map(|group| snapshot.members.get(group)).flatten();
    let enabled = |id: &&UserId| snapshot.users.get(id).is_some_and(|user| user.enabled);
    people.users.iter().chain(members).filter(enabled).cloned().collect()
}

fn matched(
    requirements: &[AppliedRequirement],
    candidates: Vec<BTreeSet<UserId>>,
) -> Vec<RequirementProgress> {
    let seats: Vec<_> = requirements
        .iter()
        .zip(candidates)
        .map(|(requirement, candidates)| Seats { quorum: requirement.quorum, candidates })
        .collect();
    let filled = fill(&seats).into_iter().zip(requirements).enumerate();
    filled
        .map(|(index, (met_by, requirement))| RequirementProgress {
            index,
            quorum: requirement.quorum,
            met_by,
        })
        .collect()
}
