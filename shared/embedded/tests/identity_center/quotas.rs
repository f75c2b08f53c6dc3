use kari_embedded::identity_center::{Action, FaultPlan, MillisRange, Quotas, World};

use crate::town::{at, hanako, is_throttled, organization, planned, user};

use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::{Target, Tuple, UserId};
use kari_embedded::identity_center::Assignment;

fn many(people: usize) -> (Snapshot, Vec<Assignment>) {
    let mut organization = organization();
    let target = hanako().tuple().unwrap().target;
    let ids: Vec<UserId> = (0..people).map(|n| user(&format!("n{n}"))).collect();
    for id in &ids {
        let user = User {
            id: id.clone(),
            user_name: id.to_string(),
            display_name: id.to_string(),
            email: None,
            enabled: true,
        };
        organization.users.insert(id.clone(), user);
    }
    let assigned = |principal: UserId| Tuple { principal, target: Target::clone(&target) }.into();
    (organization, ids.into_iter().map(assigned).collect())
}

#[test]
fn all_of_sso_admin_shares_twenty_calls_a_second() {
    let mut world = planned(FaultPlan::lifelike());
    for _ in 0..10 {
        assert!(world.list_permission_sets(at(0)).is_ok());
        assert!(world.list_creation_status(at(0), kari_embedded::identity_center::StatusFilter::Any).is_ok());
    }
    assert!(is_throttled(&world.create_account_assignment(at(0), &hanako())));
    assert!(world.list_users(at(0)).is_ok(), "the directory has its own limits");
    assert!(world.create_account_assignment(at(1), &hanako()).is_ok());
}

#[test]
fn fifteen_creations_may_be_outstanding_and_no_more() {
    let (organization, assignments) = many(16);
    let plan = FaultPlan { latency: MillisRange::new(60_000, 60_000), ..FaultPlan::lifelike() };
    let mut world = World::new(&organization, 1, plan);
    for assignment in &assignments[..15] {
        world.create_account_assignment(at(0), assignment).unwrap();
    }
    let refused = world.create_account_assignment(at(5), &assignments[15]).unwrap_err();
    assert_eq!(refused.code(), "ThrottlingException");
    assert_eq!(refused.to_string(), "There are too many requests processing");
    assert!(world.create_account_assignment(at(61), &assignments[15]).is_ok());
}

#[test]
fn fifteen_deletions_may_be_outstanding_and_are_counted_apart_from_creations() {
    let (organization, assignments) = many(17);
    let plan = FaultPlan { latency: MillisRange::new(60_000, 60_000), ..FaultPlan::lifelike() };
    let mut world = World::new(&organization, 1, plan);
    for assignment in &assignments[..16] {
        world.assign_outside(at(0), assignment);
    }
    for assignment in &assignments[..15] {
        world.delete_account_assignment(at(0), assignment).unwrap();
    }
    assert!(is_throttled(&world.delete_account_assignment(at(5), &assignments[15])));
    assert!(world.create_account_assignment(at(5), &assignments[16]).is_ok());
}

#[test]
fn the_directory_can_be_limited_per_operation() {
    let quotas = Quotas { directory_per_second: Some(2), ..Quotas::AWS };
    let mut world = planned(FaultPlan { quotas: Some(quotas), ..FaultPlan::calm() });
    assert!(world.list_users(at(0)).is_ok() && world.list_users(at(0)).is_ok());
    assert!(world.list_users(at(0)).is_err());
    assert!(world.list_groups(at(0)).is_ok());
    assert!(world.list_users(at(1)).is_ok());
    assert_eq!(world.count(Action::ListUsers).errors, 1);
}
