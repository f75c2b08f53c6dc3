//! A big organization.

use std::collections::BTreeSet;

use kari_domain::directory::{
    Account, AccountStatus, Group, OrganizationalUnit, PermissionSet, Snapshot, User,
};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use kari_domain::time::Minutes;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How deep AWS lets units nest under the root.
const DEEPEST: usize = 5;

/// How big an organization is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub users: usize,
    pub groups: usize,
    /// Organizational units, the root among them.
    pub units: usize,
    pub accounts: usize,
    pub permission_sets: usize,
}

impl Size {
    /// The organization that the targets of the benchmarks are stated for.
    pub const BIG: Self =
        Self { users: 3_000, groups: 500, units: 300, accounts: 5_000, permission_sets: 50 };
}

/// An organization of that size: people in 5 to 25 groups, accounts in units up to five deep. The
/// first account is the management account, one in a hundred is suspended.
pub fn organization(size: Size) -> Snapshot {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut snapshot = Snapshot::default();
    people(&mut snapshot, size, &mut rng);
    let paths = units(&mut snapshot, size, &mut rng);
    for number in 0..size.accounts {
        let account = account(number, &paths, &mut rng);
        snapshot.accounts.insert(account.id.clone(), account);
    }
    for number in 0..size.permission_sets {
        let set = permission_set(number, &mut rng);
        snapshot.permission_sets.insert(set.arn.clone(), set);
    }
    snapshot
}

fn people(snapshot: &mut Snapshot, size: Size, rng: &mut ChaCha8Rng) {
    let groups: Vec<GroupId> =
        (0..size.groups).map(|_| GroupId::parse(uuid(rng)).expect("a group id")).collect();
    for (number, id) in groups.iter().enumerate() {
        let group = Group { id: id.clone(), display_name: format!("group-{number}") };
        snapshot.groups.insert(id.clone(), group);
    }
    for number in 0..size.users {
        let id = UserId::parse(uuid(rng)).expect("a user id");
        let most = rng.random_range(5..=25);
        for group in groups.sample(rng, most) {
            snapshot.members.entry(group.clone()).or_default().insert(id.clone());
        }
        let user = User {
            id: id.clone(),
            user_name: format!("user-{number}"),
            display_name: format!("User {number}"),
            email: Some(format!("user-{number}@example.com")),
            enabled: rng.random_ratio(49, 50),
        };
        snapshot.users.insert(id, user);
    }
}

/// Makes the units; the paths to them, the root's first.
fn units(snapshot: &mut Snapshot, size: Size, rng: &mut ChaCha8Rng) -> Vec<Vec<OuId>> {
    let mut paths = vec![vec![OuId::parse("r-k4r1").expect("a root")]];
    for number in 1..size.units {
        let id = OuId::parse(format!("ou-k4r1-{:08x}", rng.random::<u32>())).expect("a unit");
        let open = paths.iter().filter(|path| path.len() <= DEEPEST);
        let mut path = open.choose(rng).expect("the root is open").clone();
        let parent = path.last().cloned();
        path.push(id.clone());
        paths.push(path);
        snapshot.units.insert(id.clone(), OrganizationalUnit { id, name: format!("unit-{number}"), parent });
    }
    for root in paths.iter().filter(|path| path.len() == 1).flatten() {
        let unit = OrganizationalUnit { id: root.clone(), name: "Root".to_owned(), parent: None };
        snapshot.units.insert(root.clone(), unit);
    }
    paths
}

fn account(number: usize, paths: &[Vec<OuId>], rng: &mut ChaCha8Rng) -> Account {
    let suspended = number > 0 && rng.random_ratio(1, 100);
    Account {
        id: AccountId::parse(format!("{:012}", 100_000_000_000 + number * 7_919)).expect("an account id"),
        name: format!("account-{number}"),
        status: if suspended { AccountStatus::Suspended } else { AccountStatus::Active },
        management: number == 0,
        left_out: None,
        path: paths.choose(rng).expect("there are units").clone(),
    }
}

fn permission_set(number: usize, rng: &mut ChaCha8Rng) -> PermissionSet {
    let arn = format!("arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-{:016x}", rng.random::<u64>());
    PermissionSet {
        arn: PermissionSetArn::parse(arn).expect("an ARN"),
        name: format!("permission-set-{number}"),
        description: String::new(),
        session_duration: Minutes(60),
    }
}

/// An id of the form that identity stores use.
fn uuid(rng: &mut ChaCha8Rng) -> String {
    let [a, b] = [rng.random::<u64>(), rng.random::<u64>()];
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xffff,
        b >> 48,
        b & 0xffff_ffff_ffff
    )
}

/// A few of many.
pub(crate) fn few<T: Ord + Clone>(of: &[T], most: usize, rng: &mut ChaCha8Rng) -> BTreeSet<T> {
    let count = rng.random_range(1..=most);
    of.sample(rng, count).cloned().collect()
}
