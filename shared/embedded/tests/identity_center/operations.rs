use kari_domain::ids::OperationId;
use kari_embedded::identity_center::{
    ApiError, DeletingAbsent, FaultPlan, OperationState, Principal, StatusFilter,
};

use crate::town::{
    MANAGEMENT, PAYMENTS, account, at, calm, hanako, is_conflict, kenji, listed, planned, set, state, tuple,
    user,
};

#[test]
fn an_accepted_creation_is_in_progress_and_lands_within_its_latency() {
    let mut world = calm();
    let operation = world.create_account_assignment(at(0), &hanako()).unwrap();
    assert_eq!(state(&mut world, at(0), &operation), OperationState::InProgress);
    assert!(!world.is_present(at(0), &hanako()));
    assert!(matches!(state(&mut world, at(3), &operation), OperationState::Succeeded { .. }));
    assert!(world.is_present(at(3), &hanako()));
    assert!(listed(&mut world, at(3), &hanako()));
}

#[test]
fn an_accepted_deletion_removes_and_ends_the_stay() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    let operation = world.delete_account_assignment(at(10), &hanako()).unwrap();
    assert!(world.is_present(at(10), &hanako()));
    assert!(matches!(state(&mut world, at(13), &operation), OperationState::Succeeded { .. }));
    assert!(!listed(&mut world, at(13), &hanako()));
    let history = world.history(at(13));
    assert_eq!(history.len(), 1);
    assert!(history[0].covers(at(10)) && !history[0].covers(at(13)));
}

#[test]
fn creating_twice_succeeds_and_makes_no_second_one() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    let again = world.create_account_assignment(at(10), &hanako()).unwrap();
    assert!(matches!(state(&mut world, at(20), &again), OperationState::Succeeded { .. }));
    assert_eq!(world.history(at(20)).len(), 1);
    world.delete_account_assignment(at(30), &hanako()).unwrap();
    assert!(!world.is_present(at(40), &hanako()));
}

#[test]
fn deleting_what_is_not_there_is_not_found_or_succeeds_as_configured() {
    let mut world = calm();
    let answer = world.delete_account_assignment(at(0), &hanako());
    assert!(matches!(answer, Err(ApiError::ResourceNotFound(_))));
    let mut world = planned(FaultPlan { deleting_absent: DeletingAbsent::Succeeds, ..FaultPlan::calm() });
    let operation = world.delete_account_assignment(at(0), &hanako()).unwrap();
    assert!(matches!(state(&mut world, at(5), &operation), OperationState::Succeeded { .. }));
}

#[test]
fn an_assignment_with_an_operation_in_progress_conflicts_and_others_do_not() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(is_conflict(&world.create_account_assignment(at(0), &hanako())));
    assert!(is_conflict(&world.delete_account_assignment(at(0), &hanako())));
    assert!(world.create_account_assignment(at(0), &kenji()).is_ok());
    assert!(world.delete_account_assignment(at(5), &hanako()).is_ok());
}

#[test]
fn the_ids_of_the_two_kinds_of_operation_are_not_interchangeable() {
    let mut world = calm();
    let creation = world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(world.describe_deletion_status(at(0), &creation.id).is_err());
    let deletion = world.delete_account_assignment(at(5), &hanako()).unwrap();
    assert!(world.describe_creation_status(at(5), &deletion.id).is_err());
}

#[test]
fn lists_of_operations_are_filtered_and_newest_first() {
    let mut world = calm();
    let first = world.create_account_assignment(at(0), &hanako()).unwrap();
    let second = world.create_account_assignment(at(10), &kenji()).unwrap();
    let ids = |world: &mut kari_embedded::identity_center::World, filter| -> Vec<OperationId> {
        world.list_creation_status(at(10), filter).unwrap().into_iter().map(|entry| entry.id).collect()
    };
    assert_eq!(ids(&mut world, StatusFilter::InProgress), std::slice::from_ref(&second.id));
    assert_eq!(ids(&mut world, StatusFilter::Succeeded), std::slice::from_ref(&first.id));
    assert_eq!(ids(&mut world, StatusFilter::Any), [second.id, first.id]);
    assert!(ids(&mut world, StatusFilter::Failed).is_empty());
    assert!(world.list_deletion_status(at(10), StatusFilter::Any).unwrap().is_empty());
}

#[test]
fn the_status_of_an_operation_is_forgotten_after_ninety_days() {
    let day = 24 * 60 * 60;
    let mut world = calm();
    let old = world.create_account_assignment(at(0), &hanako()).unwrap();
    world.create_account_assignment(at(89 * day), &kenji()).unwrap();
    assert!(world.describe_creation_status(at(89 * day), &old.id).is_ok());
    let answer = world.describe_creation_status(at(91 * day), &old.id);
    assert!(matches!(answer, Err(ApiError::ResourceNotFound(_))));
    assert!(world.is_present(at(91 * day), &hanako()));
}

#[test]
fn unknown_accounts_permission_sets_and_people_are_not_found() {
    let mut world = calm();
    for unknown in [
        tuple("hanako", "Admin", "999999999999"),
        tuple("hanako", "Nothing", PAYMENTS),
        tuple("nobody", "Admin", PAYMENTS),
    ] {
        let answer = world.create_account_assignment(at(0), &unknown.into());
        assert!(matches!(answer, Err(ApiError::ResourceNotFound(_))), "{answer:?}");
    }
}

#[test]
fn a_delegated_administrator_is_refused_in_the_management_account() {
    let there = tuple("hanako", "Admin", MANAGEMENT).into();
    let mut world = calm();
    let answer = world.create_account_assignment(at(0), &there);
    assert!(matches!(answer, Err(ApiError::AccessDenied(_))));
    world.assign_outside(at(0), &there);
    let answer = world.delete_account_assignment(at(0), &there);
    assert!(matches!(answer, Err(ApiError::AccessDenied(_))));
    let mut world = planned(FaultPlan { delegated_administrator: false, ..FaultPlan::calm() });
    assert!(world.create_account_assignment(at(0), &there).is_ok());
}

#[test]
fn listings_are_per_account_and_permission_set() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.create_account_assignment(at(0), &tuple("kenji", "ReadOnly", PAYMENTS).into()).unwrap();
    let admins = world.list_account_assignments(at(9), &account(PAYMENTS), &set("Admin")).unwrap();
    assert_eq!(admins, [Principal::User(user("hanako"))]);
    let sets = world.list_permission_sets_provisioned_to_account(at(9), &account(PAYMENTS)).unwrap();
    assert_eq!(sets, [set("Admin"), set("ReadOnly")]);
}
