//! What a policy speaks of: which people, which accounts, which permission sets.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::directory::{Account, Subject};
use crate::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};

/// Whom a policy is for: the union of users, groups and, if so marked, everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principals {
    #[serde(default)]
    pub everyone: bool,
    #[serde(default)]
    pub users: BTreeSet<UserId>,
    #[serde(default)]
    pub groups: BTreeSet<GroupId>,
}

impl Principals {
    /// Everyone in the identity store.
    pub fn everyone() -> Self {
        Self { everyone: true, ..Self::default() }
    }

    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        !self.everyone && self.users.is_empty() && self.groups.is_empty()
    }
}

/// People named one by one or by group; there is no *everyone*, because reviewers are chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    #[serde(default)]
    pub users: BTreeSet<UserId>,
    #[serde(default)]
    pub groups: BTreeSet<GroupId>,
}

impl People {
    /// Whether this person is among them. Whether they are enabled is another question.
    pub fn contains(&self, subject: &Subject) -> bool {
        self.users.contains(&subject.id) || !self.groups.is_disjoint(&subject.groups)
    }

    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty()
    }

    /// How many users and groups are named.
    pub fn count(&self) -> usize {
        self.users.len() + self.groups.len()
    }

    /// Adds other people to these.
    pub fn extend(&mut self, others: &People) {
        self.users.extend(others.users.iter().cloned());
        self.groups.extend(others.groups.iter().cloned());
    }
}

/// Which accounts a policy is for: the union of *all*, accounts and units (with all their
/// descendants), without what is excluded. Exclusions bind only their own policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    #[serde(default)]
    pub all: bool,
    #[serde(default)]
    pub accounts: BTreeSet<AccountId>,
    #[serde(default)]
    pub units: BTreeSet<OuId>,
    #[serde(default)]
    pub excluded_accounts: BTreeSet<AccountId>,
    #[serde(default)]
    pub excluded_units: BTreeSet<OuId>,
}

impl Targets {
    /// Every account.
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Whether the policy opens this account to somebody: what eligibility policies, and the
    /// approver policies that are not *in addition*, go by.
    ///
    /// NB. A management account is covered only if it is named by its id, never through *all* or a
    /// unit. An account to which access cannot be given is never covered.
    pub fn covers(&self, account: &Account) -> bool {
        let in_scope =
            if account.management { self.accounts.contains(&account.id) } else { self.names(account) };
        account.can_be_given() && in_scope && !self.excludes(account)
    }

    /// Whether the policy restricts this account: what guardrails, and approver policies *in
    /// addition*, go by.
    ///
    /// NB. What only takes away reaches the management account through *all* and units as well;
    /// otherwise a guardrail for everything would silently leave out the most powerful account.
    pub fn binds(&self, account: &Account) -> bool {
        self.names(account) && !self.excludes(account)
    }

    /// Whether no account is named.
    pub fn is_empty(&self) -> bool {
        !self.all && self.accounts.is_empty() && self.units.is_empty()
    }

    fn names(&self, account: &Account) -> bool {
        self.all || self.accounts.contains(&account.id) || account.path.iter().any(|u| self.units.contains(u))
    }

    fn excludes(&self, account: &Account) -> bool {
        self.excluded_accounts.contains(&account.id)
            || account.path.iter().any(|unit| self.excluded_units.contains(unit))
    }
}

/// Which permission sets a policy is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PermissionSets {
    #[default]
    All,
    These(BTreeSet<PermissionSetArn>),
}
