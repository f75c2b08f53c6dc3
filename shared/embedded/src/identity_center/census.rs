//! The people, groups, units, accounts and permission sets of the simulated organization.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::directory::{
    Account, AccountStatus, Group, OrganizationalUnit, PermissionSet, Snapshot, User,
};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use serde::{Deserialize, Serialize};

use super::{Instance, Principal};

/// An account as Organizations describes it, with its direct parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAccount {
    pub id: AccountId,
    pub name: String,
    pub status: AccountStatus,
    pub management: bool,
    pub parent: Option<OuId>,
}

impl From<&Account> for MemberAccount {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            name: account.name.clone(),
            status: account.status,
            management: account.management,
            parent: account.path.last().cloned(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Census {
    pub(super) users: BTreeMap<UserId, User>,
    /// Deleted users, for what still shows them.
    pub(super) departed: BTreeMap<UserId, User>,
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) members: BTreeMap<GroupId, BTreeSet<UserId>>,
    pub(super) units: BTreeMap<OuId, OrganizationalUnit>,
    pub(super) accounts: BTreeMap<AccountId, MemberAccount>,
    pub(super) permission_sets: BTreeMap<PermissionSetArn, PermissionSet>,
    /// Worlds of before were saved without it; adopting their organization file names it.
    #[serde(default)]
    pub(super) instance: Instance,
}

impl From<&Snapshot> for Census {
    fn from(snapshot: &Snapshot) -> Self {
        let accounts = snapshot.accounts.values();
        Self {
            users: snapshot.users.clone(),
            departed: BTreeMap::new(),
            groups: snapshot.groups.clone(),
            members: snapshot.members.clone(),
            units: snapshot.units.clone(),
            accounts: accounts.map(|account| (account.id.clone(), MemberAccount::from(account))).collect(),
            permission_sets: snapshot.permission_sets.clone(),
            instance: Instance::of(snapshot),
        }
    }
}

impl Census {
    pub(super) fn has(&self, principal: &Principal) -> bool {
        match principal {
            Principal::User(id) => self.users.contains_key(id),
            Principal::Group(id) => self.groups.contains_key(id),
        }
    }

    /// What people call the principal.
    pub(super) fn label(&self, principal: &Principal) -> String {
        let user = |id| self.users.get(id).or_else(|| self.departed.get(id));
        match principal {
            Principal::User(id) => user(id).map_or_else(|| id.to_string(), |u| u.display_name.clone()),
            Principal::Group(id) => {
                self.groups.get(id).map_or_else(|| id.to_string(), |g| g.display_name.clone())
            }
        }
    }

    pub(super) fn account_name(&self, id: &AccountId) -> String {
        self.accounts.get(id).map_or_else(|| id.to_string(), |account| account.name.clone())
    }

    pub(super) fn permission_set_name(&self, arn: &PermissionSetArn) -> String {
        self.permission_sets.get(arn).map_or_else(|| arn.to_string(), |set| set.name.clone())
    }

    /// The organization's management account.
    pub(super) fn management(&self) -> Option<&MemberAccount> {
        self.accounts.values().find(|account| account.management)
    }

    /// The units above an account, the root first.
    #[cfg(feature = "http-front")]
    pub(super) fn path(&self, account: &MemberAccount) -> Vec<OuId> {
        let parent = |unit: &OuId| self.units.get(unit).and_then(|unit| unit.parent.clone());
        let mut path: Vec<_> = std::iter::successors(account.parent.clone(), parent).collect();
        path.reverse();
        path
    }

    pub(super) fn is_active(&self, id: &AccountId) -> bool {
        self.accounts.get(id).is_some_and(|account| account.status == AccountStatus::Active)
    }
}
