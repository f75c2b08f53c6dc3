//! How a snapshot is kept. Of a whole company the same few ids are named by the ten thousand: each is written once, and
//! is its place in a list from then on. Whoever starts has to read all of it before the first answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::{Account, Group, OrganizationalUnit, PermissionSet, Snapshot, User};
use crate::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use crate::time::Instant;

/// How this version does it. The first form had no number, and is [`Earlier`].
const FORM: u8 = 2;

#[derive(Serialize, Deserialize)]
struct Stored {
    form: u8,
    users: Vec<User>,
    /// Members of groups who are no users, behind the users.
    strangers: Vec<UserId>,
    groups: Vec<Group>,
    /// The places of each group's members among users and strangers.
    members: Vec<(GroupId, Vec<usize>)>,
    units: Vec<OrganizationalUnit>,
    /// Units above accounts that are not listed, behind the units.
    unlisted_units: Vec<OuId>,
    /// Without their paths.
    accounts: Vec<Account>,
    /// For each account the places of its units.
    paths: Vec<Vec<usize>>,
    permission_sets: Vec<PermissionSet>,
    synced_at: Instant,
}

/// How earlier versions stored it.
#[derive(Deserialize)]
struct Earlier {
    users: BTreeMap<UserId, User>,
    groups: BTreeMap<GroupId, Group>,
    members: BTreeMap<GroupId, BTreeSet<UserId>>,
    units: BTreeMap<OuId, OrganizationalUnit>,
    accounts: BTreeMap<AccountId, Account>,
    permission_sets: BTreeMap<PermissionSetArn, PermissionSet>,
    synced_at: Instant,
}

impl From<Earlier> for Snapshot {
    fn from(earlier: Earlier) -> Self {
        let Earlier { users, groups, members, units, accounts, permission_sets, synced_at } = earlier;
        Self { users, groups, members, units, accounts, permission_sets, synced_at, ..Self::default() }
    }
}

/// Every id once, in the order of their places.
struct Places<'a, T> {
    listed: BTreeMap<&'a T, usize>,
    others: Vec<T>,
}

impl<'a, T: Ord + Clone> Places<'a, T> {
    /// First those that are listed, then what else there is.
    fn new(listed: impl Iterator<Item = &'a T>, all: impl Iterator<Item = &'a T>) -> Self {
        let mut others = vec![];
        let mut listed = one_by_one(listed.enumerate().map(|(place, id)| (id, place)));
        for id in all {
            let next = listed.len();
            listed.entry(id).or_insert_with(|| {
                others.push(id.clone());
                next
            });
        }
        Self { listed, others }
    }

    fn of(&self, ids: impl IntoIterator<Item = &'a T>) -> Vec<usize> {
        ids.into_iter().filter_map(|id| self.listed.get(id).copied()).collect()
    }
}

impl Snapshot {
    /// Reads one back from how it is stored, also as an earlier version stored it.
    ///
    /// # Errors
    /// If another version wrote it otherwise.
    pub fn from_stored(body: &str) -> Result<Self, serde_json::Error> {
        let error = match serde_json::from_str(body).and_then(snapshot) {
            Ok(snapshot) => return Ok(snapshot),
            Err(error) => error,
        };
        serde_json::from_str::<Earlier>(body).map(Self::from).map_err(|_| error)
    }

    /// How it is stored.
    ///
    /// # Errors
    /// If it cannot be written; ours always can.
    pub fn to_stored(&self) -> Result<String, serde_json::Error> {
        let Self { users, groups, members, units, accounts, permission_sets, synced_at, memberships: _ } =
            self;
        let people = Places::new(users.keys(), members.values().flatten());
        let places = Places::new(units.keys(), accounts.values().flat_map(|account| &account.path));
        let members = members.iter().map(|(group, members)| (group.clone(), people.of(members)));
        let paths = accounts.values().map(|account| places.of(&account.path));
        serde_json::to_string(&Stored {
            form: FORM,
            users: users.values().cloned().collect(),
            groups: groups.values().cloned().collect(),
            members: members.collect(),
            units: units.values().cloned().collect(),
            accounts: accounts.values().map(|a| Account { path: vec![], ..a.clone() }).collect(),
            paths: paths.collect(),
            permission_sets: permission_sets.values().cloned().collect(),
            synced_at: *synced_at,
            strangers: people.others,
            unlisted_units: places.others,
        })
    }
}

fn snapshot(stored: Stored) -> Result<Snapshot, serde_json::Error> {
    let people: Vec<_> = stored.users.iter().map(|user| &user.id).chain(&stored.strangers).collect();
    let units: Vec<_> = stored.units.iter().map(|unit| &unit.id).chain(&stored.unlisted_units).collect();
    if stored.form != FORM {
        return Err(serde_json::Error::custom("it is of another form"));
    }
    if stored.paths.len() != stored.accounts.len() {
        return Err(serde_json::Error::custom("not each account has its path"));
    }
    let mut members = BTreeMap::new();
    for (group, places) in stored.members {
        members.insert(group, at(&people, &places)?);
    }
    let mut accounts = BTreeMap::new();
    for (account, path) in stored.accounts.into_iter().zip(stored.paths) {
        accounts.insert(account.id.clone(), Account { path: at(&units, &path)?, ..account });
    }
    Ok(Snapshot {
        members,
        accounts,
        users: one_by_one(stored.users.into_iter().map(|user| (user.id.clone(), user))),
        groups: one_by_one(stored.groups.into_iter().map(|group| (group.id.clone(), group))),
        units: one_by_one(stored.units.into_iter().map(|unit| (unit.id.clone(), unit))),
        permission_sets: one_by_one(stored.permission_sets.into_iter().map(|set| (set.arn.clone(), set))),
        synced_at: stored.synced_at,
        ..Snapshot::default()
    })
}

/// NB. They are in order. To collect them sorts them again, which is more code in every function than it is worth.
fn one_by_one<K: Ord, V>(all: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in all {
        map.insert(key, value);
    }
    map
}

/// What stands at these places.
fn at<T: Clone + Display, C: FromIterator<T>>(all: &[&T], places: &[usize]) -> Result<C, serde_json::Error> {
    let one = |place: &usize| all.get(*place).map(|id| (*id).clone());
    places
        .iter()
        .map(one)
        .collect::<Option<C>>()
        .ok_or_else(|| serde_json::Error::custom("a place is not there"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::directory::AccountStatus;

    fn user(id: &str) -> User {
        let (id, name) = (id.parse().unwrap(), id.to_owned());
        User {
            id,
            user_name: name.clone(),
            display_name: name,
            email: Some("a@example.com".to_owned()),
            enabled: true,
        }
    }

    fn account(id: &str, path: &[&str]) -> Account {
        Account {
            id: id.parse().unwrap(),
            name: "prod".to_owned(),
            status: AccountStatus::Active,
            management: false,
            left_out: None,
            path: path.iter().map(|id| id.parse().unwrap()).collect(),
        }
    }

    fn town() -> Snapshot {
        let users = ["u-alice", "u-bob"].map(user);
        let members = |ids: &[&str]| ids.iter().map(|id| id.parse().unwrap()).collect();
        let root = OrganizationalUnit { id: "r-1".parse().unwrap(), name: "Root".to_owned(), parent: None };
        let accounts = [account("111122223333", &["r-1", "ou-gone"]), account("222233334444", &["r-1"])];
        Snapshot {
            users: users.map(|user| (user.id.clone(), user)).into(),
            groups: [(
                "g-ops".parse().unwrap(),
                Group { id: "g-ops".parse().unwrap(), display_name: "Ops".to_owned() },
            )]
            .into(),
            members: [
                ("g-ops".parse().unwrap(), members(&["u-bob", "u-alice", "u-stranger"])),
                ("g-unlisted".parse().unwrap(), members(&["u-stranger", "u-bob"])),
                ("g-empty".parse().unwrap(), members(&[])),
            ]
            .into(),
            units: [(root.id.clone(), root)].into(),
            accounts: accounts.map(|account| (account.id.clone(), account)).into(),
            synced_at: Instant::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
            ..Snapshot::default()
        }
    }

    #[test]
    fn what_is_stored_is_read_as_it_was_with_members_and_units_that_are_not_listed() {
        for snapshot in [town(), Snapshot::default()] {
            assert_eq!(Snapshot::from_stored(&snapshot.to_stored().unwrap()).unwrap(), snapshot);
        }
    }

    #[test]
    fn every_id_is_written_once() {
        let stored = town().to_stored().unwrap();
        for id in ["u-alice", "u-bob"] {
            // And as two names.
            assert_eq!(stored.matches(id).count(), 3, "{id}");
        }
        for id in ["u-stranger", "ou-gone", "r-1", "111122223333"] {
            assert_eq!(stored.matches(id).count(), 1, "{id}");
        }
    }

    #[test]
    fn what_an_earlier_version_stored_is_read() {
        let earlier = r#"{"users":{"u-1":{"id":"u-1","user_name":"a","display_name":"A","email":null,"enabled":true}},
            "groups":{"g-1":{"id":"g-1","display_name":"G"}},"members":{"g-1":["u-1","u-2"]},
            "units":{"r-1":{"id":"r-1","name":"Root","parent":null}},"accounts":{"111122223333":{"id":"111122223333",
            "name":"prod","status":"active","management":false,"path":["r-1"]}},"permission_sets":{},
            "synced_at":"2026-01-31T09:30:00Z"}"#;
        let read = Snapshot::from_stored(earlier).unwrap();
        assert_eq!(
            (read.users.len(), read.groups.len(), read.units.len(), read.accounts.len()),
            (1, 1, 1, 1)
        );
        assert_eq!(read.members[&"g-1".parse().unwrap()].len(), 2);
        assert_eq!(read.accounts[&"111122223333".parse().unwrap()], account("111122223333", &["r-1"]));
        assert!(read.synced_at > Instant::UNIX_EPOCH);
    }

    #[test]
    fn what_names_a_place_that_is_not_there_lacks_a_path_or_is_of_another_form_is_not_read() {
        let stored: Value = serde_json::from_str(&town().to_stored().unwrap()).unwrap();
        let harms: [fn(&mut Value); 4] = [
            |stored| stored["form"] = 3.into(),
            |stored| stored["members"][1][1][0] = 9.into(),
            |stored| stored["paths"][0][0] = 2.into(),
            |stored| stored["paths"] = Value::Array(vec![]),
        ];
        for harm in harms {
            let mut damaged = stored.clone();
            harm(&mut damaged);
            assert!(Snapshot::from_stored(&damaged.to_string()).is_err());
        }
    }
}
