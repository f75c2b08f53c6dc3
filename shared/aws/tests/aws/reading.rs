//! The whole of a big organization is read at a pace that leaves others room, or it is said in time that it cannot be.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use futures::future::join;
use kari_application::ports::{Clock, Directory};
use kari_aws::directory::{AwsDirectory, WholeDirectory};
use kari_aws::identity_center::{InMemory, Rate};
use kari_domain::directory::{Group, OrganizationalUnit, Snapshot};
use kari_domain::ids::{GroupId, OuId};
use kari_domain::time::Instant;
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{Action, FaultPlan, Service, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;

use crate::clock::JumpingClock;
use crate::front;

/// The sample organization with many more groups. Some of them have no members, some more than a small page.
fn organization() -> Snapshot {
    let mut snapshot = Organization::parse("sample", front::ORGANIZATION).unwrap().directory;
    for number in 0..300 {
        let id: GroupId = format!("g-many-{number}").parse().unwrap();
        let members = snapshot.users.keys().cycle().skip(number).take(number % 4).cloned().collect();
        snapshot.members.insert(id.clone(), members);
        snapshot.groups.insert(id.clone(), Group { display_name: id.to_string(), id });
    }
    for group in snapshot.groups.keys() {
        snapshot.members.entry(group.clone()).or_default();
    }
    snapshot
}

/// A directory, and the Identity Center that it reads.
struct Library {
    center: Arc<SimulatedIdentityCenter>,
    clock: Arc<JumpingClock>,
    directory: WholeDirectory,
}

impl Library {
    async fn of(organization: &Snapshot, options: Options) -> Self {
        let clock = JumpingClock::new();
        Self::answering_by(clock.clone(), clock, organization, options).await
    }

    /// Its Identity Center has a clock of its own.
    async fn answering_by(
        of_center: Arc<dyn Clock>,
        clock: Arc<JumpingClock>,
        organization: &Snapshot,
        options: Options,
    ) -> Self {
        let world = World::new(organization, 7, FaultPlan::calm());
        let of = front::named(world.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(world, of_center));
        let clients = front::clients_of(front::serve(Arc::clone(&center), options).await).await;
        let limiter = Arc::new(InMemory::new(clock.clone(), Rate::default()));
        let directory = WholeDirectory::new(AwsDirectory::new(&clients, &of, clock.clone()), limiter);
        Self { center, clock, directory }
    }

    /// When the calls came that these are.
    fn called(&self, these: impl Fn(Action) -> bool) -> Vec<Instant> {
        let calls = self.center.with(|world, _| world.calls()).unwrap();
        calls.iter().filter(|call| these(call.action)).map(|call| call.at).collect()
    }

    /// What is read where the organization becomes another one as soon as the reading has come to such a call.
    async fn read_while(&self, becomes: &Snapshot, at: Action) -> Snapshot {
        let meanwhile = async {
            while self.called(|action| action == at).is_empty() {
                tokio::task::yield_now().await;
            }
            self.center.with(|world, now| world.adopt(now, becomes)).unwrap();
        };
        join(self.directory.read_all(), meanwhile).await.0.unwrap()
    }
}

/// How many of these instants are in the second with the most of them.
fn most_in_a_second(at: &[Instant]) -> usize {
    let within =
        |from: Instant| at.iter().filter(|at| (from..from + TimeDelta::seconds(1)).contains(*at)).count();
    at.iter().map(|from| within(*from)).max().unwrap_or_default()
}

#[tokio::test]
async fn the_members_of_many_groups_are_all_read_at_a_pace_that_leaves_others_room() {
    let organization = organization();
    let options = Options { most_per_page: NonZeroUsize::new(2), ..Options::default() };
    let library = Library::of(&organization, options).await;
    assert_eq!(library.directory.read_all().await.unwrap().members, organization.members);
    // NB. Thirteen are sent within a second, or four; as many more as are at once may still have been under way.
    for (service, most) in [(Service::IdentityStore, 17), (Service::Organizations, 5)] {
        let at = library.called(|action| action.service() == service);
        let most_of_it = most_in_a_second(&at);
        assert!(most_of_it > 1 && most_of_it <= most, "{most_of_it} calls of {service:?} within a second");
    }
    let at = library.called(|action| action == Action::ListGroupMemberships);
    let calls = i32::try_from(at.len()).unwrap();
    let for_8_000 = (at[at.len() - 1] - at[0]) / calls * 8_000;
    assert!(calls > 300 && for_8_000 < TimeDelta::minutes(11), "{for_8_000}");
}

#[tokio::test]
async fn people_places_and_permission_sets_are_read_at_the_same_time() {
    let options = Options { most_per_page: NonZeroUsize::new(2), ..Options::default() };
    let library = Library::of(&organization(), options).await;
    library.directory.read_all().await.unwrap();
    let calls = library.center.with(|world, _| world.calls()).unwrap();
    let called: Vec<_> = calls.iter().map(|call| call.action.service()).collect();
    let all = [Service::IdentityStore, Service::Organizations, Service::SsoAdmin];
    let first = all.map(|service| called.iter().position(|of| *of == service).unwrap());
    let last = all.map(|service| called.iter().rposition(|of| *of == service).unwrap());
    assert!(first.iter().max() < last.iter().min(), "they begin at {first:?} and end at {last:?}");
}

/// The clock of an Identity Center in which every call is under way for a while.
#[derive(Debug, Default)]
struct UnderWay {
    together: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Clock for UnderWay {
    fn now(&self) -> Instant {
        Instant::UNIX_EPOCH
    }

    async fn sleep(&self, _: TimeDelta) {
        let together = self.together.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(together, Ordering::Relaxed);
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        self.together.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn members_of_a_few_groups_are_asked_for_at_once() {
    let organization = Organization::parse("sample", front::ORGANIZATION).unwrap().directory;
    let options = Options { delay: TimeDelta::seconds(1), ..Options::default() };
    let under_way = Arc::new(UnderWay::default());
    let library = Library::answering_by(under_way.clone(), JumpingClock::new(), &organization, options).await;
    library.directory.read_all().await.unwrap();
    let most = under_way.most.load(Ordering::Relaxed);
    // Four groups, and beside them a unit and a permission set.
    assert!((4..=6).contains(&most), "{most}");
}

#[tokio::test]
async fn a_reading_that_takes_too_long_says_so_before_its_function_is_cut_off() {
    let options = Options { delay: TimeDelta::seconds(5), ..Options::default() };
    let library = Library::of(&organization(), options).await;
    let began_at = library.clock.now();
    let error = library.directory.read_all().await.unwrap_err();
    let lasted = library.clock.now() - began_at;
    assert!((TimeDelta::minutes(13)..TimeDelta::minutes(14)).contains(&lasted), "{lasted}");
    assert!(error.source.to_string().contains("takes too long"), "{}", error.source);
}

#[tokio::test]
async fn groups_that_are_deleted_while_the_directory_is_read_are_not_in_it_and_all_others_are() {
    let before = organization();
    let library = Library::of(&before, Options::default()).await;
    let mut after = before.clone();
    for group in before.groups.keys().rev().take(2) {
        after.groups.remove(group);
        after.members.remove(group);
    }
    let read = library.read_while(&after, Action::ListGroupMemberships).await;
    assert_eq!((read.groups, read.members), (after.groups, after.members));
}

#[tokio::test]
async fn an_account_whose_unit_is_deleted_while_the_directory_is_read_is_where_it_was_moved_to() {
    let mut after = organization();
    let mut before = after.clone();
    let first = after.units.keys().next().unwrap().clone();
    let last: OuId = "ou-zzzz-zzzzzzzz".parse().unwrap();
    assert!(after.units.keys().all(|unit| *unit < last || unit.as_str().starts_with("r-")));
    let root = after.units.values().find(|unit| unit.parent.is_none()).unwrap().id.clone();
    let unit = OrganizationalUnit { id: last.clone(), name: "closing".to_owned(), parent: Some(root) };
    before.units.insert(last.clone(), unit);
    let moved = after.accounts.values().find(|account| !account.management).unwrap().id.clone();
    before.accounts.get_mut(&moved).unwrap().path = vec![last];
    after.accounts.get_mut(&moved).unwrap().path = vec![first.clone()];

    let library = Library::of(&before, Options::default()).await;
    // The accounts of the first unit are listed by then, and this one is not yet among them.
    let read = library.read_while(&after, Action::ListAccountsForParent).await;
    assert_eq!(read.accounts[&moved].path.last(), Some(&first));
    assert!(read.accounts.keys().eq(after.accounts.keys()));
    assert_eq!(read.units, after.units);
}
