//! What Kari knows of the organization: people, groups, accounts in organizational units, and
//! permission sets. [`Snapshot`] is the read model that lists and explanations use; decisions use
//! the same types, read live.

mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// Why Kari changes no assignments on an account, whatever policies say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// Kari itself runs in it: whoever is given access there could change Kari.
    KarisOwn,
    /// It is the management account, and administering Identity Center was delegated to Kari's account, which
    /// leaves it out.
    NotDelegated,
}

/// An AWS account and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub status: AccountStatus,
    /// The organization's management account.
    pub management: bool,
    /// Why nobody can be given access to it, if so. Copies of before there was this fact say nothing.
    #[serde(default)]
    pub left_out: Option<LeftOut>,
    /// The units above the account: the root first, its direct parent last.
    pub path: Vec<OuId>,
}

impl Account {
    /// Whether access to it can be given at all, whatever policies say.
    pub fn can_be_given(&self) -> bool {
        self.status == AccountStatus::Active && self.left_out.is_none()
    }
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub users: BTreeMap<UserId, User>,
    pub groups: BTreeMap<GroupId, Group>,
    pub members: BTreeMap<GroupId, BTreeSet<UserId>>,
    pub units: BTreeMap<OuId, OrganizationalUnit>,
    pub accounts: BTreeMap<AccountId, Account>,
    pub permission_sets: BTreeMap<PermissionSetArn, PermissionSet>,
    /// When it was read.
    pub synced_at: Instant,
    /// Derived from `members`.
    pub memberships: Memberships,
}

/// `members` the other way round: the groups of each user. To look through all groups for one user costs less than
/// to make it, so that it is made when a [`subject`](Snapshot::subject) is asked for a second time; a snapshot that
/// was asked is not changed any more. A copy makes its own, and it is no part of what a snapshot says.
#[derive(Debug, Default)]
pub struct Memberships {
    was_asked: AtomicBool,
    groups: OnceLock<BTreeMap<UserId, BTreeSet<GroupId>>>,
}

impl Clone for Memberships {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Memberships {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Memberships {}

impl Memberships {
    fn of(&self, members: &BTreeMap<GroupId, BTreeSet<UserId>>, id: &UserId) -> BTreeSet<GroupId> {
        if self.was_asked.swap(true, Ordering::Relaxed) {
            self.groups.get_or_init(|| turned_round(members)).get(id).cloned().unwrap_or_default()
        } else {
            members.iter().filter(|(_, users)| users.contains(id)).map(|(group, _)| group.clone()).collect()
        }
    }
}

fn turned_round(members: &BTreeMap<GroupId, BTreeSet<UserId>>) -> BTreeMap<UserId, BTreeSet<GroupId>> {
    let mut groups: BTreeMap<UserId, BTreeSet<GroupId>> = BTreeMap::new();
    for (group, users) in members {
        for user in users {
            groups.entry(user.clone()).or_default().insert(group.clone());
        }
    }
    groups
}

impl Snapshot {
    /// The user with their groups, if they exist.
    pub fn subject(&self, id: &UserId) -> Option<Subject> {
        let user = self.users.get(id)?;
        let groups = self.memberships.of(&self.members, id);
        Some(Subject { id: user.id.clone(), enabled: user.enabled, groups })
    }

    /// The names of the units above an account, the root first.
    pub fn unit_names(&self, account: &Account) -> Vec<String> {
        let name = |id: &OuId| self.units.get(id).map_or_else(|| id.to_string(), |u| u.name.clone());
        account.path.iter().map(name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> User {
        let (id, name) = (id.parse().unwrap(), id.to_owned());
        User { id, user_name: name.clone(), display_name: name, email: None, enabled: true }
    }

    fn town() -> Snapshot {
        let users = ["u-alice", "u-bob", "u-carol"].map(user);
        let members = |ids: &[&str]| ids.iter().map(|id| id.parse().unwrap()).collect();
        Snapshot {
            users: users.map(|user| (user.id.clone(), user)).into(),
            members: [
                ("g-leads".parse().unwrap(), members(&["u-alice"])),
                ("g-ops".parse().unwrap(), members(&["u-alice", "u-bob", "u-gone"])),
            ]
            .into(),
            ..Snapshot::default()
        }
    }

    fn groups(snapshot: &Snapshot, id: &str) -> Option<Vec<String>> {
        let subject = snapshot.subject(&id.parse().unwrap())?;
        Some(subject.groups.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn everybody_is_in_the_groups_that_name_them_as_a_member() {
        let town = town();
        assert_eq!(groups(&town, "u-alice").unwrap(), ["g-leads", "g-ops"]);
        assert_eq!(groups(&town, "u-bob").unwrap(), ["g-ops"]);
        assert!(groups(&town, "u-carol").unwrap().is_empty());
        assert_eq!(groups(&town, "u-gone"), None, "a member who is no user is nobody");
    }

    fn account() -> Account {
        Account {
            id: "111122223333".parse().unwrap(),
            name: "prod".to_owned(),
            status: AccountStatus::Active,
            management: false,
            left_out: None,
            path: ["r-1", "ou-1"].map(|id| id.parse().unwrap()).into(),
        }
    }

    #[test]
    fn access_can_be_given_to_an_active_account_that_is_not_left_out() {
        assert!(account().can_be_given());
        assert!(!Account { status: AccountStatus::Suspended, ..account() }.can_be_given());
        for why in [LeftOut::KarisOwn, LeftOut::NotDelegated] {
            assert!(!Account { left_out: Some(why), ..account() }.can_be_given());
        }
    }

    #[test]
    fn a_copy_of_before_accounts_were_left_out_leaves_none_out() {
        let mut copied = serde_json::to_value(account()).unwrap();
        copied.as_object_mut().unwrap().remove("left_out").unwrap();
        assert_eq!(serde_json::from_value::<Account>(copied).unwrap(), account());
    }

    #[test]
    fn units_above_an_account_are_named_from_the_root_and_by_their_id_where_they_are_not_known() {
        let root = OrganizationalUnit { id: "r-1".parse().unwrap(), name: "Root".to_owned(), parent: None };
        let town = Snapshot { units: [(root.id.clone(), root)].into(), ..town() };
        assert_eq!(town.unit_names(&account()), ["Root", "ou-1"]);
    }

    #[test]
    fn a_copy_goes_by_its_own_members_and_having_been_asked_makes_no_difference() {
        let town = town();
        for asked in ["first", "again"] {
            assert_eq!(groups(&town, "u-bob").unwrap(), ["g-ops"], "{asked}");
        }
        assert_eq!(town, self::town());
        let mut later = town.clone();
        later.members.clear();
        assert!(groups(&later, "u-bob").unwrap().is_empty());
    }
}
