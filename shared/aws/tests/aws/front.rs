//! The contracts of `Assignments` and `Directory`: the real adapters, through the AWS SDK and over
//! HTTP, against the simulated Identity Center.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use chrono::TimeDelta;
use kari_application::contract::{assignments, directory};
use kari_application::ports::{Assignments, CallError, Directory, OperationKind, OperationStatus};
use kari_aws::Clients;
use kari_aws::directory::{AwsDirectory, WholeDirectory};
use kari_aws::environment::IdentityCenterIn;
use kari_aws::identity_center::{IdentityCenter, InMemory, Lane, Limit, Limiter, Rate};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, PermissionSetArn, Target, Tuple, UserId};
use kari_embedded::identity_center::http::{Front, Options};
use kari_embedded::identity_center::{
    Action, Assignment, FaultPlan, Instance, Principal, Quotas, SimulatedIdentityCenter, World,
};
use kari_embedded::organization::Organization;
use tokio::net::TcpListener;

use crate::clock::JumpingClock;
use crate::support;

pub(crate) const ORGANIZATION: &str = include_str!("../../../../functions/local/sample-organization.toml");

const REGION: &str = "ap-northeast-1";
/// The account that Kari runs in.
const KARIS: &str = "210000000099";

/// A simulated Identity Center behind HTTP, and the real adapters in front of it.
struct Town {
    center: Arc<SimulatedIdentityCenter>,
    clock: Arc<JumpingClock>,
    clients: Clients,
    of: IdentityCenterIn,
    identity_center: IdentityCenter,
    directory: WholeDirectory,
    target: Target,
    users: Vec<UserId>,
    disabled: UserId,
}

impl Town {
    async fn new(plan: FaultPlan, options: Options) -> Self {
        let clock = JumpingClock::new();
        let snapshot = Organization::parse("sample", ORGANIZATION).unwrap().directory;
        let world = World::new(&snapshot, 7, plan);
        let of = named(world.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let clients = clients_of(serve(Arc::clone(&center), options).await).await;
        let table = support::new_table().await;
        let limiter = Arc::new(Limiter::new(support::client(), table, clock.clone(), Rate::default()));
        let directory = AwsDirectory::new(&clients, &of, clock.clone());
        let account = snapshot.accounts.values().find(|account| !account.management).unwrap().id.clone();
        let permission_set = snapshot.permission_sets.keys().next().unwrap().clone();
        let (enabled, disabled): (Vec<_>, Vec<_>) = snapshot.users.values().partition(|user| user.enabled);
        Self {
            center,
            directory: WholeDirectory::new(directory, limiter.clone()),
            identity_center: IdentityCenter::new(&clients, of.instance.clone(), limiter),
            clients,
            of,
            clock,
            target: Target { account, permission_set },
            users: enabled.into_iter().map(|user| user.id.clone()).collect(),
            disabled: disabled[0].id.clone(),
        }
    }

    fn tuple(&self) -> Tuple {
        Tuple { principal: self.users[0].clone(), target: self.target.clone() }
    }

    fn calls(&self, action: Action) -> u64 {
        self.center.with(|world, _| world.count(action).calls).unwrap()
    }

    async fn keeps_the_laws_of_assignments(&self) {
        assignments::all(assignments::Subject {
            assignments: &self.identity_center,
            clock: &*self.clock,
            target: &self.target,
            user: &self.users[0],
            another_user: &self.users[1],
        })
        .await;
    }

    async fn keeps_the_laws_of_the_directory(&self, reachable: bool) {
        let nobody: UserId = "nobody".parse().unwrap();
        let nowhere: AccountId = "999999999999".parse().unwrap();
        let (head, _) = self.target.permission_set.as_str().rsplit_once('/').unwrap();
        let nothing: PermissionSetArn = format!("{head}/ps-none").parse().unwrap();
        let subject = directory::Subject {
            directory: &self.directory,
            clock: &*self.clock,
            disabled_user: &self.disabled,
            no_user: &nobody,
            no_account: &nowhere,
            no_permission_set: &nothing,
        };
        if reachable {
            directory::all(subject).await;
        } else {
            directory::what_cannot_be_read_is_an_error_and_never_absence(subject).await;
        }
    }
}

/// Clients of the services that answer at this address. DynamoDB does not.
pub(crate) async fn clients_of(address: SocketAddr) -> Clients {
    Clients::new(&config_of(address).await, REGION)
}

/// How they are called.
pub(crate) async fn config_of(address: SocketAddr) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(format!("http://{address}"))
        .credentials_provider(support::credentials())
        .retry_config(RetryConfig::disabled())
        .http_client(kari_aws::http_client())
        .load()
        .await
}

/// How the adapters are told of the instance.
pub(crate) fn named(instance: &Instance) -> IdentityCenterIn {
    IdentityCenterIn {
        instance: instance.instance_arn.parse().unwrap(),
        identity_store: instance.identity_store_id.parse().unwrap(),
        region: REGION.to_owned(),
        account: KARIS.parse().unwrap(),
        karis_own: None,
        management_role: None,
        key: None,
    }
}

/// Answers for this Identity Center, until the test is over.
pub(crate) async fn serve(center: Arc<SimulatedIdentityCenter>, options: Options) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(Front::new(center, options).serve(listener));
    address
}

fn small_pages() -> Options {
    Options {
        most_per_page: NonZeroUsize::new(2),
        empty_first_pages: true,
        account_status: true,
        no_account_paths: true,
        ..Options::default()
    }
}

/// Only the management account may ask for everything that the laws are about.
fn from_management(plan: &FaultPlan) -> FaultPlan {
    FaultPlan { delegated_administrator: false, ..plan.clone() }
}

#[tokio::test]
async fn the_real_adapter_keeps_the_laws_of_assignments() {
    let plan = from_management(&FaultPlan::calm());
    Town::new(plan, Options::default()).await.keeps_the_laws_of_assignments().await;
}

#[tokio::test]
async fn it_keeps_them_page_by_page_within_the_limits_of_aws() {
    let plan = from_management(&FaultPlan { late_listing_per_mille: 500, ..FaultPlan::lifelike() });
    Town::new(plan, small_pages()).await.keeps_the_laws_of_assignments().await;
}

#[tokio::test]
async fn what_somebody_holds_is_read_page_by_page_and_without_what_comes_through_groups() {
    let town = Town::new(from_management(&FaultPlan::calm()), small_pages()).await;
    let snapshot = Organization::parse("sample", ORGANIZATION).unwrap().directory;
    let user = &town.users[0];
    let group = snapshot.members.iter().find(|(_, members)| members.contains(user)).unwrap().0;
    let mut expected = BTreeSet::new();
    for permission_set in snapshot.permission_sets.keys() {
        let target = Target { permission_set: permission_set.clone(), ..town.target.clone() };
        let own = Assignment::from(&Tuple { principal: user.clone(), target: target.clone() });
        let elsewhere = snapshot.accounts.keys().find(|account| **account != own.account).unwrap().clone();
        let of_group =
            Assignment { principal: Principal::Group(group.clone()), account: elsewhere, ..own.clone() };
        town.center
            .with(|world, now| {
                world.assign_outside(now, &own);
                world.assign_outside(now, &of_group);
            })
            .unwrap();
        expected.insert(target);
    }
    assert!(expected.len() > 2, "more than a page");
    assert_eq!(town.identity_center.assigned_to(user).await.unwrap(), expected);
}

#[tokio::test]
async fn the_real_adapter_keeps_the_laws_of_the_directory() {
    let town = Town::new(FaultPlan::calm(), Options::default()).await;
    town.keeps_the_laws_of_the_directory(true).await;
    town.center.with(|world, now| world.directory_down_for(now, TimeDelta::hours(1))).unwrap();
    town.keeps_the_laws_of_the_directory(false).await;
}

#[tokio::test]
async fn it_reads_the_directory_page_by_page() {
    Town::new(FaultPlan::calm(), small_pages()).await.keeps_the_laws_of_the_directory(true).await;
}

/// Nothing goes wrong, but each call of the directory is allowed so often a second.
fn allowing(directory_per_second: u32) -> FaultPlan {
    let quotas = Quotas { directory_per_second: Some(directory_per_second), ..Quotas::AWS };
    FaultPlan { quotas: Some(quotas), ..FaultPlan::lifelike() }
}

#[tokio::test]
async fn what_is_throttled_or_not_answered_while_the_whole_directory_is_read_is_asked_again() {
    let plan = FaultPlan {
        throttled_per_mille: 100,
        internal_error_per_mille: 50,
        lost_response_per_mille: 50,
        directory_error_per_mille: 200,
        // What is denied is not asked again, and whom chance strikes hangs on which calls come first.
        denied_per_mille: 0,
        ..allowing(4)
    };
    let read = Town::new(plan, small_pages()).await.directory.read_all().await.unwrap();
    let calm = Town::new(FaultPlan::calm(), Options::default()).await.directory.read_all().await.unwrap();
    assert_eq!(Snapshot { synced_at: calm.synced_at, ..read }, calm);
}

#[tokio::test]
async fn what_is_asked_for_in_the_wrong_place_is_not_gone() {
    let town = Town::new(FaultPlan::calm(), Options::default()).await;
    let directory_of = |of: IdentityCenterIn| AwsDirectory::new(&town.clients, &of, town.clock.clone());
    let identity_store = "d-0123456789".parse().unwrap();
    let mistyped = directory_of(IdentityCenterIn { identity_store, ..town.of.clone() });
    assert!(mistyped.user(&town.users[0]).await.is_err());
    assert!(mistyped.user_named("nobody is named like this").await.is_err());
    assert!(mistyped.memberships(&town.users[0]).await.is_err());
    let instance = "arn:aws:sso:::instance/ssoins-0123456789abcdef".parse().unwrap();
    let elsewhere = directory_of(IdentityCenterIn { instance, ..town.of.clone() });
    assert!(elsewhere.permission_set(&town.target.permission_set).await.is_err());
}

#[tokio::test]
async fn of_a_permission_set_of_another_instance_nothing_is_asked_and_nothing_proven() {
    let town = Town::new(FaultPlan::calm(), Options::default()).await;
    let instance = "arn:aws:sso:::instance/ssoins-0123456789abcdef".parse().unwrap();
    let limiter = Arc::new(InMemory::new(town.clock.clone(), Rate::default()));
    let elsewhere = IdentityCenter::new(&town.clients, instance, limiter);
    let tuple = town.tuple();
    let Target { account, permission_set } = &tuple.target;
    let said = [
        elsewhere.create(&tuple).await.err(),
        elsewhere.delete(&tuple).await.err(),
        elsewhere.creation_in_flight(&tuple).await.err(),
        elsewhere.look(OperationKind::Deletion, &tuple).await.err(),
        elsewhere.assignees(account, permission_set).await.err(),
    ];
    for error in said {
        assert!(matches!(error, Some(CallError::Unknown(_))), "{error:?}");
    }
    let sent =
        [Action::CreateAccountAssignment, Action::DeleteAccountAssignment, Action::ListAccountAssignments];
    assert_eq!(sent.map(|action| town.calls(action)), [0; 3]);
}

/// What the adapter says when this goes wrong with a creation.
async fn creating_with(plan: FaultPlan) -> CallError {
    let town = Town::new(plan, Options::default()).await;
    town.identity_center.create(&town.tuple()).await.expect_err("it goes wrong")
}

#[tokio::test]
async fn each_error_of_identity_center_is_told_from_the_others() {
    let plan = FaultPlan::calm();
    let throttled = creating_with(FaultPlan { throttled_per_mille: 1_000, ..plan.clone() }).await;
    assert!(matches!(throttled, CallError::Throttled), "{throttled}");
    let conflict = creating_with(FaultPlan { conflict_per_mille: 1_000, ..plan.clone() }).await;
    assert!(matches!(conflict, CallError::Conflict), "{conflict}");
    let denied = creating_with(FaultPlan { denied_per_mille: 1_000, ..plan.clone() }).await;
    assert!(matches!(denied, CallError::Denied(_)), "{denied}");
    for plan in [
        FaultPlan { lost_request_per_mille: 1_000, ..plan.clone() },
        FaultPlan { lost_response_per_mille: 1_000, ..plan.clone() },
        FaultPlan { internal_error_per_mille: 1_000, ..plan.clone() },
    ] {
        let unknown = creating_with(plan).await;
        assert!(matches!(unknown, CallError::Unknown(_)), "{unknown}");
    }
}

#[tokio::test]
async fn what_is_refused_takes_nobodys_place() {
    let town =
        Town::new(FaultPlan { denied_per_mille: 1_000, ..FaultPlan::calm() }, Options::default()).await;
    assert!(town.users.len() > Rate::default().activations_hold_off_at, "more than may be under way");
    for user in &town.users {
        let tuple = Tuple { principal: user.clone(), target: town.target.clone() };
        let refused = town.identity_center.create(&tuple).await.expect_err("it is denied");
        assert!(matches!(refused, CallError::Denied(_)), "{refused}");
    }
    town.center.with(|world, _| world.set_fault_plan(FaultPlan::calm())).unwrap();
    town.identity_center.create(&town.tuple()).await.expect("there is room");
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_sent_once_and_found_by_its_tuple() {
    let town = Town::new(FaultPlan::lifelike(), Options::default()).await;
    town.center.with(|world, _| world.lose_next_response()).unwrap();
    let lost = town.identity_center.create(&town.tuple()).await.expect_err("the answer is lost");
    assert!(matches!(lost, CallError::Unknown(_)), "{lost}");
    let found = town.identity_center.creation_in_flight(&town.tuple()).await.unwrap();
    assert!(found.is_some(), "it is under way all the same");
    let sent = town.calls(Action::CreateAccountAssignment);
    assert_eq!(sent, 1, "nothing underneath repeats it");
}

/// A queue in which only removals get a place.
#[derive(Debug)]
struct OnlyRemovals;

#[async_trait]
impl Limit for OnlyRemovals {
    async fn pass(&self, lane: Lane) -> Result<(), CallError> {
        if lane == Lane::Endings { Ok(()) } else { Err(CallError::Throttled) }
    }

    async fn begin(&self, lane: Lane, _: &Tuple) -> Result<(), CallError> {
        self.pass(lane).await
    }

    async fn end(&self, _: &Tuple) {}
}

#[tokio::test]
async fn whether_a_creation_is_in_flight_is_asked_in_the_lane_of_removals() {
    let town = Town::new(FaultPlan::lifelike(), Options::default()).await;
    let id = town.identity_center.create(&town.tuple()).await.unwrap();
    let instance = town.of.instance.clone();
    let crowded = IdentityCenter::new(&town.clients, instance, Arc::new(OnlyRemovals));
    assert_eq!(crowded.creation_in_flight(&town.tuple()).await.unwrap(), Some(id));
}

#[tokio::test]
async fn an_operation_that_was_accepted_and_failed_says_why() {
    let plan = FaultPlan { fails_after_accepting_per_mille: 1_000, ..FaultPlan::calm() };
    let town = Town::new(plan, Options::default()).await;
    let id = town.identity_center.create(&town.tuple()).await.unwrap();
    loop {
        match town.identity_center.status(OperationKind::Creation, &id).await.unwrap() {
            OperationStatus::InProgress => town.clock.pass(TimeDelta::seconds(1)),
            OperationStatus::Failed(failed) => return assert!(!failed.reason.as_str().is_empty()),
            OperationStatus::Succeeded => panic!("it was to fail"),
        }
    }
}

#[tokio::test]
async fn units_above_several_accounts_are_looked_up_once() {
    let town = Town::new(FaultPlan::calm(), Options::default()).await;
    let all = town.directory.read_all().await.unwrap().accounts;
    let before = town.calls(Action::ListParents);
    let ids = all.keys().cloned().collect();
    assert_eq!(town.directory.accounts(&ids).await.unwrap(), all);
    let units: BTreeSet<_> = all.values().flat_map(|account| &account.path).collect();
    let asked = town.calls(Action::ListParents) - before;
    assert!(
        asked < (all.len() + units.len()) as u64,
        "{asked} for {} accounts, {} units",
        all.len(),
        units.len()
    );
}
