//! What a policy speaks of, as clients send and see it.

use std::collections::BTreeSet;

use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use kari_domain::policy;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom a policy is for: the union of users, groups and, if so marked, everyone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Principals {
    #[serde(default)]
    everyone: bool,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    users: BTreeSet<UserId>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    groups: BTreeSet<GroupId>,
}

impl Default for Principals {
    fn default() -> Self {
        (&policy::Principals::everyone()).into()
    }
}

impl From<Principals> for policy::Principals {
    fn from(Principals { everyone, users, groups }: Principals) -> Self {
        Self { everyone, users, groups }
    }
}

impl From<&policy::Principals> for Principals {
    fn from(principals: &policy::Principals) -> Self {
        let policy::Principals { everyone, users, groups } = principals.clone();
        Self { everyone, users, groups }
    }
}

/// People named one by one or by group.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct People {
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    users: BTreeSet<UserId>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    groups: BTreeSet<GroupId>,
}

impl From<People> for policy::People {
    fn from(People { users, groups }: People) -> Self {
        Self { users, groups }
    }
}

impl From<&policy::People> for People {
    fn from(people: &policy::People) -> Self {
        let policy::People { users, groups } = people.clone();
        Self { users, groups }
    }
}

/// Which accounts a policy is for: the union of all, accounts and units with all their descendants,
/// without what is excluded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    #[serde(default)]
    all: bool,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    accounts: BTreeSet<AccountId>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    units: BTreeSet<OuId>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    excluded_accounts: BTreeSet<AccountId>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    excluded_units: BTreeSet<OuId>,
}

impl Default for Targets {
    fn default() -> Self {
        (&policy::Targets::all()).into()
    }
}

impl From<Targets> for policy::Targets {
    fn from(targets: Targets) -> Self {
        let Targets { all, accounts, units, excluded_accounts, excluded_units } = targets;
        Self { all, accounts, units, excluded_accounts, excluded_units }
    }
}

impl From<&policy::Targets> for Targets {
    fn from(targets: &policy::Targets) -> Self {
        let policy::Targets { all, accounts, units, excluded_accounts, excluded_units } = targets.clone();
        Self { all, accounts, units, excluded_accounts, excluded_units }
    }
}

/// Which permission sets a policy is for: `"all"` or `{"these": [...]}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PermissionSets {
    #[default]
    All,
    These(Arns),
}

/// Permission sets, by ARN.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(value_type = Vec<String>)]
pub struct Arns(BTreeSet<PermissionSetArn>);

impl From<PermissionSets> for policy::PermissionSets {
    fn from(sets: PermissionSets) -> Self {
        match sets {
            PermissionSets::All => Self::All,
            PermissionSets::These(Arns(these)) => Self::These(these),
        }
    }
}

impl From<&policy::PermissionSets> for PermissionSets {
    fn from(sets: &policy::PermissionSets) -> Self {
        match sets {
            policy::PermissionSets::All => Self::All,
            policy::PermissionSets::These(these) => Self::These(Arns(these.clone())),
        }
    }
}
