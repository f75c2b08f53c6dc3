//! What policies name in the directory.

use super::approver::ApproverPolicy;
use super::eligibility::EligibilityPolicy;
use super::guardrail::Guardrail;
use super::scope::{People, PermissionSets, Principals, Targets};
use crate::directory::Snapshot;
use crate::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};

/// Something a policy names, and in which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    pub field: &'static str,
    pub named: Named<'a>,
}

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    User(&'a UserId),
    Group(&'a GroupId),
    Account(&'a AccountId),
    Unit(&'a OuId),
    PermissionSet(&'a PermissionSetArn),
}

impl Reference<'_> {
    /// Whether the directory knows it.
    pub fn exists_in(&self, snapshot: &Snapshot) -> bool {
        match self.named {
            Named::User(id) => snapshot.users.contains_key(id),
            Named::Group(id) => snapshot.groups.contains_key(id),
            Named::Account(id) => snapshot.accounts.contains_key(id),
            Named::Unit(id) => snapshot.units.contains_key(id),
            Named::PermissionSet(arn) => snapshot.permission_sets.contains_key(arn),
        }
    }

    /// Its id as text.
    pub fn id(&self) -> String {
        match self.named {
            Named::User(id) => id.to_string(),
            Named::Group(id) => id.to_string(),
            Named::Account(id) => id.to_string(),
            Named::Unit(id) => id.to_string(),
            Named::PermissionSet(arn) => arn.to_string(),
        }
    }
}

/// A policy that can say what it names.
pub trait References {
    /// Everything it names, field by field.
    fn references(&self) -> Vec<Reference<'_>>;
}

impl References for EligibilityPolicy {
    fn references(&self) -> Vec<Reference<'_>> {
        scope(&self.principals, &self.targets, &self.permission_sets)
    }
}

impl References for Guardrail {
    fn references(&self) -> Vec<Reference<'_>> {
        scope(&self.principals, &self.targets, &self.permission_sets)
    }
}

impl References for ApproverPolicy {
    fn references(&self) -> Vec<Reference<'_>> {
        let mut references = targets(&self.targets);
        references.extend(permission_sets(&self.permission_sets));
        for requirement in &self.requirements {
            references.extend(people("requirements.reviewers", &requirement.reviewers));
        }
        references.extend(people("notify", &self.notify));
        references
    }
}

fn scope<'a>(
    principals: &'a Principals,
    accounts: &'a Targets,
    sets: &'a PermissionSets,
) -> Vec<Reference<'a>> {
    let mut references = fields("principals.users", &principals.users, Named::User);
    references.extend(fields("principals.groups", &principals.groups, Named::Group));
    references.extend(targets(accounts));
    references.extend(permission_sets(sets));
    references
}

fn people<'a>(field: &'static str, people: &'a People) -> Vec<Reference<'a>> {
    let mut references = fields(field, &people.users, Named::User);
    references.extend(fields(field, &people.groups, Named::Group));
    references
}

fn targets(targets: &Targets) -> Vec<Reference<'_>> {
    let mut references = fields("targets.accounts", &targets.accounts, Named::Account);
    references.extend(fields("targets.units", &targets.units, Named::Unit));
    references.extend(fields("targets.excluded_accounts", &targets.excluded_accounts, Named::Account));
    references.extend(fields("targets.excluded_units", &targets.excluded_units, Named::Unit));
    references
}

fn permission_sets(sets: &PermissionSets) -> Vec<Reference<'_>> {
    match sets {
        PermissionSets::All => Vec::new(),
        PermissionSets::These(these) => fields("permission_sets", these, Named::PermissionSet),
    }
}

fn fields<'a, T: 'a>(
    field: &'static str,
    ids: impl IntoIterator<Item = &'a T>,
    named: fn(&'a T) -> Named<'a>,
) -> Vec<Reference<'a>> {
    ids.into_iter().map(|id| Reference { field, named: named(id) }).collect()
}
