//! The policy set made ready for evaluation.

use std::sync::OnceLock;

use super::approver::ApproverPolicy;
use super::eligibility::EligibilityPolicy;
use super::guardrail::Guardrail;
use super::index::{Bits, PermissionSetIndex, PrincipalIndex, TargetIndex};
use super::scope::{PermissionSets, Principals, Targets};
use super::set::{Policy, PolicySet, Versioned};
use crate::directory::{Account, PermissionSet, Subject};

/// A policy set with an index over it. Compile once per version and keep it.
#[derive(Debug, Clone)]
pub struct CompiledPolicies {
    set: PolicySet,
    eligibility: PersonalIndex,
    guardrails: PersonalIndex,
    approvers: ApproverIndex,
}

/// The index over policies that speak of people: eligibility policies and guardrails.
#[derive(Debug, Clone)]
struct PersonalIndex {
    principals: PrincipalIndex,
    what: OnceLock<WhatIndex>,
}

/// What such policies speak of. It is made when a single target is asked for: what somebody may ask for on all of
/// them is told without it, and people wait for that where a function starts.
#[derive(Debug, Clone)]
struct WhatIndex {
    targets: TargetIndex,
    permission_sets: PermissionSetIndex,
}

/// The index over approver policies.
#[derive(Debug, Clone)]
struct ApproverIndex {
    targets: TargetIndex,
    permission_sets: PermissionSetIndex,
    ordinary: Bits,
    in_addition: Bits,
}

impl CompiledPolicies {
    /// Builds the index. The policies are ordered by id, so that the order in which they were
    /// given cannot matter.
    pub fn new(mut set: PolicySet) -> Self {
        set.eligibility.sort_by(by_id);
        set.guardrails.sort_by(by_id);
        set.approvers.sort_by(by_id);
        Self {
            eligibility: PersonalIndex::of(&set.eligibility),
            guardrails: PersonalIndex::of(&set.guardrails),
            approvers: approver_index(&set.approvers),
            set,
        }
    }

    /// The policy set, its policies ordered by id.
    pub fn policy_set(&self) -> &PolicySet {
        &self.set
    }

    /// The enabled eligibility policies that cover the requester, the account (whatever its status)
    /// and the permission set, by id.
    pub(super) fn eligibility(
        &self,
        requester: &Subject,
        account: &Account,
        permission_set: &PermissionSet,
    ) -> impl Iterator<Item = &Versioned<EligibilityPolicy>> + use<'_> {
        let what = self.eligibility.what(&self.set.eligibility);
        let mut bits = what.targets.covering(account);
        bits.keep(&self.eligibility.principals.speaking_of(requester));
        bits.keep(&what.permission_sets.speaking_of(&permission_set.arn));
        at(&self.set.eligibility, &bits)
    }

    /// The enabled guardrails in whose scope the requester, the account and the permission set are,
    /// by id.
    pub(super) fn guardrails(
        &self,
        requester: &Subject,
        account: &Account,
        permission_set: &PermissionSet,
    ) -> impl Iterator<Item = &Versioned<Guardrail>> + use<'_> {
        let what = self.guardrails.what(&self.set.guardrails);
        let mut bits = what.targets.binding(account);
        bits.keep(&self.guardrails.principals.speaking_of(requester));
        bits.keep(&what.permission_sets.speaking_of(&permission_set.arn));
        at(&self.set.guardrails, &bits)
    }

    /// The closest approver policies, by id. Those *in addition* are not among them.
    pub(super) fn closest_approvers(
        &self,
        account: &Account,
        permission_set: &PermissionSet,
    ) -> Vec<&Versioned<ApproverPolicy>> {
        let index = &self.approvers;
        let mut bits = index.targets.covering(account);
        bits.keep(&index.permission_sets.speaking_of(&permission_set.arn));
        bits.keep(&index.ordinary);
        let closest = index.targets.closest(account, &bits);
        let some_name_it = closest.iter().any(|&position| !index.permission_sets.is_for_all(position));
        let decides = |&position: &usize| !(some_name_it && index.permission_sets.is_for_all(position));
        closest.into_iter().filter(decides).filter_map(|p| self.set.approvers.get(p)).collect()
    }

    /// The approver policies that apply besides the closest, by id.
    pub(super) fn approvers_in_addition(
        &self,
        account: &Account,
        permission_set: &PermissionSet,
    ) -> Vec<&Versioned<ApproverPolicy>> {
        let mut bits = self.approvers.targets.binding(account);
        bits.keep(&self.approvers.permission_sets.speaking_of(&permission_set.arn));
        bits.keep(&self.approvers.in_addition);
        at(&self.set.approvers, &bits).collect()
    }
}

/// Slices of the index that hold for many accounts at once.
impl CompiledPolicies {
    /// The enabled eligibility policies for a person, on whatever targets, by id.
    pub(super) fn eligibility_of(
        &self,
        subject: &Subject,
    ) -> impl Iterator<Item = &Versioned<EligibilityPolicy>> + use<'_> {
        at(&self.set.eligibility, &self.eligibility.principals.speaking_of(subject))
    }

    /// The enabled guardrails for a person, on whatever targets, by id.
    pub(super) fn guardrails_of(
        &self,
        subject: &Subject,
    ) -> impl Iterator<Item = &Versioned<Guardrail>> + use<'_> {
        at(&self.set.guardrails, &self.guardrails.principals.speaking_of(subject))
    }

    /// The approver policies that make targets reviewable: enabled, not *in addition*, by id.
    pub(super) fn ordinary_approvers(&self) -> impl Iterator<Item = &Versioned<ApproverPolicy>> + use<'_> {
        at(&self.set.approvers, &self.approvers.ordinary)
    }
}

/// A policy that speaks of people.
trait Personal: Policy {
    /// Whom it speaks of, and about what.
    fn scope(&self) -> (&Principals, &Targets, &PermissionSets);
}

impl Personal for EligibilityPolicy {
    fn scope(&self) -> (&Principals, &Targets, &PermissionSets) {
        (&self.principals, &self.targets, &self.permission_sets)
    }
}

impl Personal for Guardrail {
    fn scope(&self) -> (&Principals, &Targets, &PermissionSets) {
        (&self.principals, &self.targets, &self.permission_sets)
    }
}

impl PersonalIndex {
    fn of<P: Personal>(policies: &[Versioned<P>]) -> Self {
        let mut principals = PrincipalIndex::sized(policies.len());
        enabled(policies).for_each(|(position, policy)| principals.add(position, policy.scope().0));
        Self { principals, what: OnceLock::new() }
    }

    /// `policies` are those that it was made of.
    fn what<P: Personal>(&self, policies: &[Versioned<P>]) -> &WhatIndex {
        self.what.get_or_init(|| WhatIndex::of(policies))
    }
}

impl WhatIndex {
    fn of<P: Personal>(policies: &[Versioned<P>]) -> Self {
        let size = policies.len();
        let (mut targets, mut permission_sets) = (TargetIndex::sized(size), PermissionSetIndex::sized(size));
        for (position, policy) in enabled(policies) {
            let (_, where_to, which) = policy.scope();
            targets.add(position, where_to);
            permission_sets.add(position, which);
        }
        Self { targets, permission_sets }
    }
}

fn by_id<P: Policy>(one: &Versioned<P>, other: &Versioned<P>) -> std::cmp::Ordering {
    one.policy.id().cmp(other.policy.id()).then(one.version.cmp(&other.version))
}

/// The policies at these positions.
fn at<'a, P>(
    policies: &'a [Versioned<P>],
    bits: &Bits,
) -> impl Iterator<Item = &'a Versioned<P>> + use<'a, P> {
    let found: Vec<_> = bits.iter().filter_map(|position| policies.get(position)).collect();
    found.into_iter()
}

/// The enabled policies with their positions.
fn enabled<P: Policy>(policies: &[Versioned<P>]) -> impl Iterator<Item = (u32, &P)> {
    (0_u32..)
        .zip(policies)
        .map(|(position, versioned)| (position, &versioned.policy))
        .filter(|(_, p)| p.enabled())
}

fn approver_index(policies: &[Versioned<ApproverPolicy>]) -> ApproverIndex {
    let size = policies.len();
    let mut index = ApproverIndex {
        targets: TargetIndex::sized(size),
        permission_sets: PermissionSetIndex::sized(size),
        ordinary: Bits::empty(size),
        in_addition: Bits::empty(size),
    };
    // NB. A policy that asks nobody is as if it were not there; it must not stand in for one that
    // asks somebody. (`check_approver` does not let it in.)
    for (position, policy) in enabled(policies).filter(|(_, policy)| !policy.requirements.is_empty()) {
        index.targets.add(position, &policy.targets);
        index.permission_sets.add(position, &policy.permission_sets);
        let kind = if policy.in_addition { &mut index.in_addition } else { &mut index.ordinary };
        kind.insert(position as usize);
    }
    index
}
