//! The management account, from another account that Identity Center was delegated to: what is refused there,
//! and what a role in it makes possible.

use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::contract::assignments;
use kari_application::ports::{Assignments, CallError, Directory, OperationKind, OperationStatus};
use kari_aws::directory::{AwsDirectory, WholeDirectory};
use kari_aws::environment::IdentityCenterIn;
use kari_aws::identity_center::{IdentityCenter, InMemory, Limiter, Rate};
use kari_aws::inspect;
use kari_aws::instance::RoleArn;
use kari_domain::directory::{Account, LeftOut};
use kari_domain::ids::{AccountId, Target, Tuple, UserId};
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;

use crate::clock::JumpingClock;
use crate::{front, support};

/// Kari as a delegated administrator, in front of an Identity Center that knows it for one.
struct Delegated {
    center: Arc<SimulatedIdentityCenter>,
    clock: Arc<JumpingClock>,
    clients: kari_aws::Clients,
    of: IdentityCenterIn,
    identity_center: IdentityCenter,
    directory: WholeDirectory,
    management: AccountId,
    elsewhere: AccountId,
    users: Vec<UserId>,
    target: Target,
}

impl Delegated {
    /// With a role in this account, if any.
    async fn with_role_in(role: impl FnOnce(&AccountId) -> Option<String>) -> Self {
        let clock = JumpingClock::new();
        let snapshot = Organization::parse("sample", front::ORGANIZATION).unwrap().directory;
        let world = World::new(&snapshot, 7, FaultPlan::calm());
        let mut of = front::named(world.instance());
        let center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let address = front::serve(Arc::clone(&center), Options::default()).await;
        let account = |management| {
            snapshot.accounts.values().find(|account| account.management == management).unwrap().id.clone()
        };
        let management = account(true);
        let mut clients = front::clients_of(address).await;
        if let Some(role) = role(&management) {
            let role: RoleArn = role.parse().unwrap();
            clients = clients.with_management_role(Some(role.clone()));
            of.management_role = Some(role);
        }
        let table = support::new_table().await;
        let limiter = Arc::new(Limiter::new(support::client(), table, clock.clone(), Rate::default()));
        let directory = AwsDirectory::new(&clients, &of, clock.clone());
        let permission_set = snapshot.permission_sets.keys().next().unwrap().clone();
        Self {
            directory: WholeDirectory::new(directory, limiter.clone()),
            identity_center: IdentityCenter::new(&clients, of.instance.clone(), limiter),
            of,
            center,
            clock,
            clients,
            elsewhere: account(false),
            users: snapshot.users.values().filter(|user| user.enabled).map(|user| user.id.clone()).collect(),
            target: Target { account: management.clone(), permission_set },
            management,
        }
    }

    async fn with_role() -> Self {
        Self::with_role_in(|management| Some(format!("arn:aws:iam::{management}:role/kari-management"))).await
    }

    async fn without_role() -> Self {
        Self::with_role_in(|_| None).await
    }

    fn tuple(&self) -> Tuple {
        Tuple { principal: self.users[0].clone(), target: self.target.clone() }
    }

    /// The accounts that are left out of what was delegated.
    async fn beyond_delegation(&self) -> [Vec<AccountId>; 3] {
        left_out(&self.directory, LeftOut::NotDelegated).await
    }
}

/// The accounts that are left out for this: as read live one by one, together, and with everything.
async fn left_out(directory: &WholeDirectory, why: LeftOut) -> [Vec<AccountId>; 3] {
    let all = directory.read_all().await.unwrap().accounts;
    let ids = all.keys().cloned().collect();
    let mut one_by_one = vec![];
    for id in &ids {
        one_by_one.extend(directory.account(id).await.unwrap());
    }
    let together = directory.accounts(&ids).await.unwrap();
    let ids = |accounts: Vec<Account>| {
        accounts.into_iter().filter(|a| a.left_out == Some(why)).map(|account| account.id).collect()
    };
    [one_by_one, together.into_values().collect(), all.into_values().collect()].map(ids)
}

#[tokio::test]
async fn without_a_role_in_it_the_management_account_is_known_to_be_left_out_and_identity_center_denies_it() {
    let town = Delegated::without_role().await;
    let only = [town.management.clone()];
    assert_eq!(town.beyond_delegation().await, [&only, &only, &only]);
    for refused in
        [town.identity_center.create(&town.tuple()).await, town.identity_center.delete(&town.tuple()).await]
    {
        let refused = refused.expect_err("it is another account's");
        assert!(matches!(refused, CallError::Denied(_)), "{refused}");
    }
    let held = town.identity_center.assigned_to(&town.users[0]).await;
    assert!(matches!(held, Err(CallError::Denied(_))), "{held:?}");
}

#[tokio::test]
async fn with_a_role_in_it_nothing_is_left_out_and_assignments_there_keep_every_law() {
    let town = Delegated::with_role().await;
    assert_eq!(town.beyond_delegation().await, [const { Vec::new() }; 3]);
    assignments::all(assignments::Subject {
        assignments: &town.identity_center,
        clock: &*town.clock,
        target: &town.target,
        user: &town.users[0],
        another_user: &town.users[1],
    })
    .await;
}

#[tokio::test]
async fn the_account_that_kari_is_deployed_in_is_known_to_be_left_out() {
    let town = Delegated::with_role().await;
    let of = IdentityCenterIn { karis_own: Some(town.elsewhere.clone()), ..town.of };
    let limiter = Arc::new(InMemory::new(town.clock.clone(), Rate::default()));
    let directory = WholeDirectory::new(AwsDirectory::new(&town.clients, &of, town.clock), limiter);
    let only = [town.elsewhere];
    assert_eq!(left_out(&directory, LeftOut::KarisOwn).await, [&only, &only, &only]);
}

#[tokio::test]
async fn a_role_in_another_account_is_no_way_into_the_management_account() {
    let town = Delegated::with_role_in(|_| Some("arn:aws:iam::210000000099:role/kari".to_owned())).await;
    let only = [town.management.clone()];
    assert_eq!(town.beyond_delegation().await, [&only, &only, &only]);
    let refused =
        town.identity_center.create(&town.tuple()).await.expect_err("the role is not asked for here");
    assert!(matches!(refused, CallError::Denied(_)), "{refused}");
}

#[tokio::test]
async fn what_is_under_way_in_the_management_account_keeps_nobody_elsewhere_from_looking_for_their_own() {
    let town = Delegated::with_role().await;
    town.center.with(|world, _| world.lose_next_response()).unwrap();
    town.identity_center.create(&town.tuple()).await.expect_err("the answer is lost");
    let id = town.identity_center.creation_in_flight(&town.tuple()).await.unwrap().expect("it is under way");
    let target = Target { account: town.elsewhere.clone(), ..town.target.clone() };
    let elsewhere = Tuple { target, ..town.tuple() };
    assert_eq!(town.identity_center.creation_in_flight(&elsewhere).await.unwrap(), None);
    town.clock.pass(TimeDelta::minutes(1));
    let status = town.identity_center.status(OperationKind::Creation, &id).await.unwrap();
    assert_eq!(status, OperationStatus::Succeeded);
}

#[tokio::test]
async fn whose_the_credentials_are_is_told() {
    let town = Delegated::without_role().await;
    let account = inspect::account(&town.clients).await.unwrap();
    assert!(account != town.management, "{account}");
    let plan = FaultPlan { delegated_administrator: false, ..FaultPlan::calm() };
    town.center.with(|world, _| world.set_fault_plan(plan)).unwrap();
    assert_eq!(inspect::account(&town.clients).await.unwrap(), town.management);
}
