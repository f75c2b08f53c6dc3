use kari_domain::directory::AccountStatus;
use kari_embedded::identity_center::{By, FaultPlan, OperationState, StatusFilter, SuspendedAccounts};

use crate::town::{
    PAYMENTS, account, at, calm, failure, hanako, is_unknown, kenji, listed, of_group, organization, planned,
    set, state, user,
};

#[test]
fn creating_for_a_deleted_user_is_accepted_and_fails() {
    let mut world = calm();
    world.delete_user(at(0), &user("hanako"));
    let operation = world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(failure(&mut world, at(5), &operation).ends_with("was not found in directory"));
    assert!(!world.is_present(at(5), &hanako()));
}

#[test]
fn a_user_deleted_while_a_creation_is_in_progress_makes_it_fail() {
    let mut world = calm();
    let operation = world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_user(at(0), &user("hanako"));
    failure(&mut world, at(5), &operation);
}

#[test]
fn deleting_for_a_deleted_user_fails_and_the_listing_keeps_showing_them() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_user(at(10), &user("hanako"));
    let operation = world.delete_account_assignment(at(20), &hanako()).unwrap();
    assert!(failure(&mut world, at(30), &operation).ends_with("was not found in directory"));
    assert!(listed(&mut world, at(9_999), &hanako()));
}

#[test]
fn a_deleted_user_has_no_access_in_truth_though_they_are_listed() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_user(at(10), &user("hanako"));
    assert!(!world.is_present(at(10), &hanako()));
    assert_eq!(world.history(at(10))[0].stay.removed, Some((at(10), By::Departure)));
    let shown = world.assignments(at(10));
    assert!(shown[0].orphaned);
    assert_eq!(shown[0].principal_name, "hanako さん");
    assert!(world.role_name(&account(PAYMENTS), &set("Admin")).is_some());
}

#[test]
fn a_deleted_permission_set_takes_its_assignments_and_roles_with_it() {
    let mut world = calm();
    world.assign_outside(at(0), &hanako());
    world.assign_outside(at(0), &of_group("admins"));
    world.delete_permission_set(at(10), &set("Admin"));
    assert_eq!(world.present(at(10)), []);
    assert_eq!(world.history(at(10))[0].stay.removed, Some((at(10), By::Outside)));
    assert_eq!(world.role_name(&account(PAYMENTS), &set("Admin")), None);
    let provisioned = world.list_permission_sets_provisioned_to_account(at(20), &account(PAYMENTS));
    assert_eq!(provisioned.unwrap(), []);
    assert_eq!(world.list_permission_sets(at(20)).unwrap(), [set("ReadOnly")]);
}

#[test]
fn a_deleted_permission_set_is_not_known_to_any_call() {
    let mut world = calm();
    let creation = world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_permission_set(at(0), &set("Admin"));
    assert!(is_unknown(&world.describe_permission_set(at(1), &set("Admin"))));
    assert!(is_unknown(&world.list_account_assignments(at(1), &account(PAYMENTS), &set("Admin"))));
    assert!(is_unknown(&world.create_account_assignment(at(1), &kenji())));
    assert!(is_unknown(&world.delete_account_assignment(at(1), &hanako())));
    assert!(failure(&mut world, at(5), &creation).ends_with("was not found"));
    assert_eq!(world.present(at(5)), []);
}

#[test]
fn a_disabled_user_keeps_their_assignments_until_somebody_removes_them() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.disable_user(at(10), &user("hanako"));
    assert!(world.is_present(at(10), &hanako()));
    assert!(!world.describe_user(at(10), &user("hanako")).unwrap().enabled);
    let operation = world.delete_account_assignment(at(20), &hanako()).unwrap();
    assert!(matches!(state(&mut world, at(30), &operation), OperationState::Succeeded { .. }));
}

#[test]
fn operations_on_a_suspended_account_fail() {
    let mut world = calm();
    world.assign_outside(at(0), &kenji());
    world.suspend_account(at(0), &account(PAYMENTS));
    let creation = world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(failure(&mut world, at(5), &creation).contains("is not active"));
    let deletion = world.delete_account_assignment(at(10), &kenji()).unwrap();
    failure(&mut world, at(15), &deletion);
    assert!(world.is_present(at(15), &kenji()));
}

#[test]
fn operations_on_a_suspended_account_can_hang_for_hours() {
    let plan = FaultPlan { suspended_accounts: SuspendedAccounts::Hang, ..FaultPlan::calm() };
    let mut world = planned(plan);
    world.suspend_account(at(0), &account(PAYMENTS));
    let operation = world.create_account_assignment(at(0), &hanako()).unwrap();
    assert_eq!(state(&mut world, at(5 * 3_600), &operation), OperationState::InProgress);
    assert_eq!(world.list_creation_status(at(5 * 3_600), StatusFilter::InProgress).unwrap().len(), 1);
    failure(&mut world, at(6 * 3_600), &operation);
}

#[test]
fn operations_on_a_closed_account_fail() {
    let mut world = calm();
    world.assign_outside(at(0), &kenji());
    world.set_account_status(at(0), &account(PAYMENTS), AccountStatus::Closed);
    let deletion = world.delete_account_assignment(at(10), &kenji()).unwrap();
    assert!(failure(&mut world, at(15), &deletion).contains("is not active"));
    assert!(world.is_present(at(15), &kenji()));
}

#[test]
fn an_account_that_left_the_organization_is_not_known_to_any_call() {
    let mut world = calm();
    world.assign_outside(at(0), &kenji());
    let creation = world.create_account_assignment(at(0), &hanako()).unwrap();
    world.remove_account(at(0), &account(PAYMENTS));
    assert!(is_unknown(&world.describe_account(at(1), &account(PAYMENTS))));
    assert!(is_unknown(&world.list_account_assignments(at(1), &account(PAYMENTS), &set("Admin"))));
    assert!(is_unknown(&world.list_permission_sets_provisioned_to_account(at(1), &account(PAYMENTS))));
    assert!(is_unknown(&world.delete_account_assignment(at(1), &kenji())));
    assert!(failure(&mut world, at(5), &creation).contains("is not active"));
}

#[test]
fn an_account_that_comes_back_to_the_organization_is_as_it_was() {
    let mut world = calm();
    world.assign_outside(at(0), &kenji());
    let role = world.role_name(&account(PAYMENTS), &set("Admin"));
    world.remove_account(at(0), &account(PAYMENTS));
    world.add_account(at(10), &organization().accounts[&account(PAYMENTS)]);
    assert!(listed(&mut world, at(10), &kenji()) && world.is_present(at(10), &kenji()));
    assert_eq!(world.role_name(&account(PAYMENTS), &set("Admin")), role);
    let operation = world.delete_account_assignment(at(10), &kenji()).unwrap();
    assert!(matches!(state(&mut world, at(20), &operation), OperationState::Succeeded { .. }));
}

#[test]
fn an_account_that_is_active_again_takes_operations_again() {
    let mut world = calm();
    world.suspend_account(at(0), &account(PAYMENTS));
    world.set_account_status(at(10), &account(PAYMENTS), AccountStatus::Active);
    let operation = world.create_account_assignment(at(10), &hanako()).unwrap();
    assert!(matches!(state(&mut world, at(20), &operation), OperationState::Succeeded { .. }));
}
