//! Whether a policy an administrator writes may be taken: its shape, and whether what it names
//! exists. Every problem is reported.

use std::collections::BTreeSet;

use super::approver::{ApproverPolicy, Requirement};
use super::eligibility::EligibilityPolicy;
use super::guardrail::{Effect, Guardrail};
use super::references::References;
use super::scope::{PermissionSets, Principals, Targets};
use super::set::{Policy, PolicySet, Versioned};
use crate::directory::Snapshot;
use crate::ids::PolicyId;
use crate::settings::OutOfRange;
use crate::time::{Minutes, SHORTEST_GRANT};

/// The longest grant any policy may allow: seven days.
pub const LONGEST_GRANT: Minutes = Minutes(7 * 24 * 60);
/// The highest quorum of a requirement.
pub const HIGHEST_QUORUM: u8 = 10;
/// The most requirements an approver policy may have.
pub const MOST_REQUIREMENTS: usize = 5;
/// The most users and groups, together, that one list of people may name.
pub const MOST_PEOPLE: usize = 500;
/// The most users and groups, together, that one requirement or notify list may name. They are copied
/// into every request they apply to, so there are fewer: a group stands for many people.
pub const MOST_REVIEWERS: usize = 100;
/// The most accounts that one list may name.
pub const MOST_ACCOUNTS: usize = 1000;
/// The most organizational units that one list may name.
pub const MOST_UNITS: usize = 500;
/// The most permission sets that one list may name.
pub const MOST_PERMISSION_SETS: usize = 500;
/// The most policies of one kind.
pub const MOST_POLICIES: usize = 10_000;

/// Why a policy is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    #[error("{field} must be between {lowest} and {highest}")]
    OutOfRange { field: &'static str, lowest: u32, highest: u32 },
    #[error("{field} is empty; name at least one")]
    Empty { field: &'static str },
    #[error("{field} may name at most {most}")]
    TooMany { field: &'static str, most: usize },
    #[error("{field} names {id}, which does not exist; remove it or name another one")]
    UnknownReference { field: &'static str, id: String },
    #[error("the id {id} is used twice; choose another one")]
    DuplicateId { id: PolicyId },
    #[error("there may be at most {most} policies of one kind; delete one first")]
    TooManyPolicies { most: usize },
}

impl PolicyProblem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "out-of-range",
            Self::Empty { .. } => "empty-list",
            Self::TooMany { .. } => "too-many",
            Self::UnknownReference { .. } => "unknown-reference",
            Self::DuplicateId { .. } => "duplicate-id",
            Self::TooManyPolicies { .. } => "too-many-policies",
        }
    }
}

impl From<OutOfRange> for PolicyProblem {
    fn from(OutOfRange { field, lowest, highest }: OutOfRange) -> Self {
        Self::OutOfRange { field, lowest, highest }
    }
}

/// Whether an eligibility policy is well-formed.
///
/// # Errors
/// Every [`PolicyProblem`].
pub fn check_eligibility(policy: &EligibilityPolicy) -> Result<(), Vec<PolicyProblem>> {
    let mut problems = scope(&policy.principals, &policy.targets, &policy.permission_sets);
    problems.extend(minutes("max_duration_minutes", policy.max_duration_minutes));
    all_well(problems)
}

/// Whether a guardrail is well-formed.
///
/// # Errors
/// Every [`PolicyProblem`].
pub fn check_guardrail(policy: &Guardrail) -> Result<(), Vec<PolicyProblem>> {
    let mut problems = scope(&policy.principals, &policy.targets, &policy.permission_sets);
    match policy.effect {
        Effect::Forbid | Effect::RequireApproval => {}
        Effect::Cap { minutes: cap } => problems.extend(minutes("effect.cap.minutes", cap)),
    }
    all_well(problems)
}

/// Whether an approver policy is well-formed.
///
/// # Errors
/// Every [`PolicyProblem`].
pub fn check_approver(policy: &ApproverPolicy) -> Result<(), Vec<PolicyProblem>> {
    let mut problems = targets(&policy.targets);
    problems.extend(permission_sets(&policy.permission_sets));
    problems.extend(bounds("requirements", policy.requirements.len(), MOST_REQUIREMENTS));
    problems.extend(policy.requirements.iter().flat_map(requirement));
    problems.extend(most("notify", policy.notify.count(), MOST_REVIEWERS));
    all_well(problems)
}

/// Whether everything a policy names exists.
///
/// # Errors
/// A [`PolicyProblem::UnknownReference`] for each thing that does not.
pub fn check_references<P: References>(policy: &P, snapshot: &Snapshot) -> Result<(), Vec<PolicyProblem>> {
    let vanished = policy.references().into_iter().filter(|reference| !reference.exists_in(snapshot));
    let problem =
        |r: super::references::Reference<'_>| PolicyProblem::UnknownReference { field: r.field, id: r.id() };
    all_well(vanished.map(problem).collect())
}

/// Whether a whole set, for instance one that is imported, is well-formed.
///
/// # Errors
/// For each policy, or for the set, every [`PolicyProblem`]; `None` stands for the set itself.
pub fn check_policy_set(set: &PolicySet) -> Result<(), Vec<(Option<PolicyId>, PolicyProblem)>> {
    let mut problems: Vec<_> = duplicates(&set.eligibility)
        .chain(duplicates(&set.guardrails))
        .chain(duplicates(&set.approvers))
        .map(|problem| (None, problem))
        .collect();
    problems.extend(set.settings.check().err().map(|out_of_range| (None, out_of_range.into())));
    problems.extend(each(&set.eligibility, check_eligibility));
    problems.extend(each(&set.guardrails, check_guardrail));
    problems.extend(each(&set.approvers, check_approver));
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether there may be so many policies of one kind.
///
/// # Errors
/// [`PolicyProblem::TooManyPolicies`] if there may not.
pub fn check_count(count: usize) -> Result<(), Vec<PolicyProblem>> {
    let most = MOST_POLICIES;
    if count > most { Err(vec![PolicyProblem::TooManyPolicies { most }]) } else { Ok(()) }
}

fn each<P: Policy>(
    policies: &[Versioned<P>],
    check: fn(&P) -> Result<(), Vec<PolicyProblem>>,
) -> Vec<(Option<PolicyId>, PolicyProblem)> {
    let too_many = check_count(policies.len()).err().unwrap_or_default();
    let too_many = too_many.into_iter().map(|problem| (None, problem));
    let of_one = |versioned: &Versioned<P>| {
        let id = versioned.policy.id().clone();
        let problems = check(&versioned.policy).err().unwrap_or_default();
        problems.into_iter().map(move |problem| (Some(id.clone()), problem))
    };
    too_many.chain(policies.iter().flat_map(of_one)).collect()
}

fn duplicates<P: Policy>(policies: &[Versioned<P>]) -> impl Iterator<Item = PolicyProblem> + '_ {
    let mut seen = BTreeSet::new();
    let ids = policies.iter().map(|versioned| versioned.policy.id());
    ids.filter(move |id| !seen.insert(*id)).map(|id| PolicyProblem::DuplicateId { id: id.clone() })
}

fn scope(principals: &Principals, accounts: &Targets, sets: &PermissionSets) -> Vec<PolicyProblem> {
    let mut problems = Vec::new();
    if principals.is_empty() {
        problems.push(PolicyProblem::Empty { field: "principals" });
    }
    problems.extend(most("principals", principals.users.len() + principals.groups.len(), MOST_PEOPLE));
    problems.extend(targets(accounts));
    problems.extend(permission_sets(sets));
    problems
}

fn targets(targets: &Targets) -> Vec<PolicyProblem> {
    let empty = targets.is_empty().then_some(PolicyProblem::Empty { field: "targets" });
    let lists = [
        most("targets.accounts", targets.accounts.len(), MOST_ACCOUNTS),
        most("targets.units", targets.units.len(), MOST_UNITS),
        most("targets.excluded_accounts", targets.excluded_accounts.len(), MOST_ACCOUNTS),
        most("targets.excluded_units", targets.excluded_units.len(), MOST_UNITS),
    ];
    empty.into_iter().chain(lists.into_iter().flatten()).collect()
}

fn permission_sets(sets: &PermissionSets) -> Option<PolicyProblem> {
    match sets {
        PermissionSets::All => None,
        PermissionSets::These(these) => bounds("permission_sets", these.len(), MOST_PERMISSION_SETS),
    }
}

fn requirement(requirement: &Requirement) -> Vec<PolicyProblem> {
    let reviewers = bounds("requirements.reviewers", requirement.reviewers.count(), MOST_REVIEWERS);
    let highest = u32::from(HIGHEST_QUORUM);
    let quorum = within("requirements.quorum", u32::from(requirement.quorum), 1, highest);
    reviewers.into_iter().chain(quorum).collect()
}

fn minutes(field: &'static str, value: Minutes) -> Option<PolicyProblem> {
    within(field, value.0, SHORTEST_GRANT.0, LONGEST_GRANT.0)
}

fn within(field: &'static str, value: u32, lowest: u32, highest: u32) -> Option<PolicyProblem> {
    let outside = !(lowest..=highest).contains(&value);
    outside.then_some(PolicyProblem::OutOfRange { field, lowest, highest })
}

fn bounds(field: &'static str, length: usize, highest: usize) -> Option<PolicyProblem> {
    if length == 0 { Some(PolicyProblem::Empty { field }) } else { most(field, length, highest) }
}

fn most(field: &'static str, length: usize, most: usize) -> Option<PolicyProblem> {
    (length > most).then_some(PolicyProblem::TooMany { field, most })
}

fn all_well(problems: Vec<PolicyProblem>) -> Result<(), Vec<PolicyProblem>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
