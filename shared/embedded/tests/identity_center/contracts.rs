//! The contract suites of both ports, and the proof that they can fail.

use chrono::TimeDelta;
use kari_application::contract::{assignments, directory};
use kari_application::ports::{Assignments, CallError};
use kari_domain::ids::{AccountId, Target};
use kari_embedded::identity_center::{Assignment, FaultPlan, SimulatedIdentityCenter};

use crate::town::{
    JumpingClock, PAYMENTS, SANDBOX, account, hanako, kenji, of_group, organization, planned, set, user,
};

/// Only the management account may ask for everything that the laws are about.
async fn assignments_with(plan: FaultPlan) {
    let clock = JumpingClock::new();
    let plan = FaultPlan { delegated_administrator: false, ..plan };
    let center = SimulatedIdentityCenter::new(planned(plan), clock.clone());
    let subject = assignments::Subject {
        assignments: &center,
        clock: &*clock,
        target: &Target { account: account(PAYMENTS), permission_set: set("Admin") },
        user: &user("hanako"),
        another_user: &user("kenji"),
    };
    assignments::all(subject).await;
}

#[tokio::test]
async fn the_simulated_identity_center_obeys_the_laws_of_assignments() {
    assignments_with(FaultPlan::calm()).await;
}

#[tokio::test]
async fn it_obeys_them_within_the_limits_of_aws_and_with_late_listings() {
    assignments_with(FaultPlan { late_listing_per_mille: 500, ..FaultPlan::lifelike() }).await;
}

#[tokio::test]
#[should_panic(expected = "assertion")]
async fn the_laws_of_assignments_are_broken_by_operations_that_fail() {
    assignments_with(FaultPlan { fails_after_accepting_per_mille: 1_000, ..FaultPlan::calm() }).await;
}

#[tokio::test]
#[should_panic(expected = "assertion")]
async fn the_laws_of_assignments_are_broken_by_listings_that_lag_beyond_the_grace() {
    let lag = kari_embedded::identity_center::MillisRange::new(300_000, 300_000);
    let plan = FaultPlan { late_listing_per_mille: 1_000, listing_lag: lag, ..FaultPlan::calm() };
    assignments_with(plan).await;
}

#[tokio::test]
#[should_panic(expected = "a creation is accepted")]
async fn the_laws_of_assignments_are_broken_by_calls_that_fail() {
    assignments_with(FaultPlan { conflict_per_mille: 1_000, ..FaultPlan::calm() }).await;
}

#[tokio::test]
async fn what_comes_through_a_group_is_not_assigned_to_a_user_and_nobody_is_told_but_the_management_account()
{
    let clock = JumpingClock::new();
    for delegated_administrator in [false, true] {
        let plan = FaultPlan { delegated_administrator, ..FaultPlan::calm() };
        let center = SimulatedIdentityCenter::new(planned(plan), clock.clone());
        let sandbox = Assignment { account: account(SANDBOX), ..hanako() };
        let assigned = [sandbox.clone(), of_group("admins"), kenji()];
        center.with(|world, now| assigned.iter().for_each(|a| world.assign_outside(now, a))).unwrap();
        let told = center.assigned_to(&user("hanako")).await;
        if delegated_administrator {
            assert!(matches!(told, Err(CallError::Denied(_))), "{told:?}");
        } else {
            let Assignment { account, permission_set, .. } = sandbox;
            assert_eq!(told.unwrap(), [Target { account, permission_set }].into());
        }
    }
}

async fn directory_laws(center: &SimulatedIdentityCenter, clock: &JumpingClock, out_of_reach: bool) {
    let subject = directory::Subject {
        directory: center,
        clock,
        disabled_user: &user("retired"),
        no_user: &user("nobody"),
        no_account: &AccountId::parse("999999999999").unwrap(),
        no_permission_set: &set("Nothing"),
    };
    if out_of_reach {
        directory::what_cannot_be_read_is_an_error_and_never_absence(subject).await;
    } else {
        directory::all(subject).await;
    }
}

#[tokio::test]
async fn the_simulated_identity_center_obeys_the_laws_of_the_directory() {
    let clock = JumpingClock::new();
    let center = SimulatedIdentityCenter::new(planned(FaultPlan::calm()), clock.clone());
    directory_laws(&center, &clock, false).await;
    center.with(|world, now| world.directory_down_for(now, TimeDelta::minutes(1))).unwrap();
    directory_laws(&center, &clock, true).await;
}

#[tokio::test]
#[should_panic(expected = "assertion")]
async fn the_laws_of_the_directory_are_broken_by_a_disabled_user_who_is_shown_as_enabled() {
    let clock = JumpingClock::new();
    let mut organization = organization();
    organization.users.get_mut(&user("retired")).unwrap().enabled = true;
    let world = kari_embedded::identity_center::World::new(&organization, 1, FaultPlan::calm());
    directory_laws(&SimulatedIdentityCenter::new(world, clock.clone()), &clock, false).await;
}

#[tokio::test]
#[should_panic(expected = "assertion")]
async fn the_laws_of_the_directory_are_broken_by_absence_while_it_should_be_out_of_reach() {
    let clock = JumpingClock::new();
    let center = SimulatedIdentityCenter::new(planned(FaultPlan::calm()), clock.clone());
    directory_laws(&center, &clock, true).await;
}
