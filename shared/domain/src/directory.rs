//! What Kari knows of the organization: people, groups, accounts in organizational units, and
//! permission sets. [`Snapshot`] is the read model that lists and explanations use; decisions use
//! the same types, read live.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use crate::time::{Instant, Minutes};

/// A person in the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub user_name: String,
    pub display_name: String,
    pub email: Option<String>,
    pub enabled: bool,
}

/// A group in the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub display_name: String,
}

/// An organizational unit, or the organization's root (which has no parent).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationalUnit {
    pub id: OuId,
    pub name: String,
    pub parent: Option<OuId>,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountStatus {
    Active,
    Suspended,
    Closed,
}

/// An AWS account and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub status: AccountStatus,
    /// The organization's management account.
    pub management: bool,
    /// The units above the account: the root first, its direct parent last.
    pub path: Vec<OuId>,
}

/// A permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionSet {
    pub arn: PermissionSetArn,
    pub name: String,
    pub description: String,
    /// How long a session opened with it may last. Removing the assignment does not end it.
    pub session_duration: Minutes,
}

/// A user as the evaluation sees one: who, and in which groups, at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub id: UserId,
    pub enabled: bool,
    pub groups: BTreeSet<GroupId>,
}

impl Subject {
    /// Somebody who does not exist: disabled, and in no group.
    pub fn gone(id: UserId) -> Self {
        Self { id, enabled: false, groups: BTreeSet::new() }
    }
}

/// The read model: the whole directory at one moment. Lists and explanations read it; decisions
/// never do, except for who *could* review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub users: BTreeMap<UserId, User>,
    pub groups: BTreeMap<GroupId, Group>,
    pub members: BTreeMap<GroupId, BTreeSet<UserId>>,
    pub units: BTreeMap<OuId, OrganizationalUnit>,
    pub accounts: BTreeMap<AccountId, Account>,
    pub permission_sets: BTreeMap<PermissionSetArn, PermissionSet>,
    /// When it was read.
    pub synced_at: Instant,
}

impl Snapshot {
    /// The user with their groups, if they exist.
    pub fn subject(&self, id: &UserId) -> Option<Subject> {
        let user = self.users.get(id)?;
        let groups = self.members.iter().filter(|(_, members)| members.contains(id));
        Some(Subject {
            id: user.id.clone(),
            enabled: user.enabled,
            groups: groups.map(|(group, _)| group.clone()).collect(),
        })
    }

    /// The names of the units above an account, the root first.
    pub fn unit_names(&self, account: &Account) -> Vec<String> {
        let name = |id: &OuId| self.units.get(id).map_or_else(|| id.to_string(), |u| u.name.clone());
        account.path.iter().map(name).collect()
    }
}
