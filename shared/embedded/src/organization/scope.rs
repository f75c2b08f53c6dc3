//! Which people, accounts and permission sets a policy in the file names.

use kari_domain::policy::{People, PermissionSets, Principals, Targets};

use super::draft::Draft;
use super::file::Text;
use super::names::AllNames;

/// The fields of a policy that name accounts.
#[derive(Debug, Clone, Copy)]
pub(super) struct TargetFields<'a> {
    pub(super) all: bool,
    pub(super) accounts: &'a [Text],
    pub(super) units: &'a [Text],
    pub(super) except_accounts: &'a [Text],
    pub(super) except_units: &'a [Text],
}

pub(super) fn targets(draft: &mut Draft, names: &AllNames, fields: TargetFields<'_>) -> Targets {
    Targets {
        all: fields.all,
        accounts: names.accounts.find_all(draft, fields.accounts),
        units: names.units.find_all(draft, fields.units),
        excluded_accounts: names.accounts.find_all(draft, fields.except_accounts),
        excluded_units: names.units.find_all(draft, fields.except_units),
    }
}

pub(super) fn principals(
    draft: &mut Draft,
    names: &AllNames,
    everyone: bool,
    users: &[Text],
    groups: &[Text],
) -> Principals {
    let People { users, groups } = people(draft, names, users, groups);
    Principals { everyone, users, groups }
}

pub(super) fn people(draft: &mut Draft, names: &AllNames, users: &[Text], groups: &[Text]) -> People {
    People { users: names.users.find_all(draft, users), groups: names.groups.find_all(draft, groups) }
}

pub(super) fn permission_sets(
    draft: &mut Draft,
    names: &AllNames,
    all: bool,
    these: &[Text],
) -> PermissionSets {
    let found = names.permission_sets.find_all(draft, these);
    if all { PermissionSets::All } else { PermissionSets::These(found) }
}
