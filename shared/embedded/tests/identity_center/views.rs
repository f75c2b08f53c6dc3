use kari_embedded::identity_center::{Action, By, Principal, WriteKind};

use crate::town::{PAYMENTS, account, at, calm, hanako, kenji, user};

#[test]
fn assignments_are_shown_with_the_names_people_know() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    let shown = world.assignments(at(10)).remove(0);
    assert_eq!(shown.account, account(PAYMENTS));
    assert_eq!((shown.account_name.as_str(), shown.permission_set_name.as_str()), ("payments", "Admin"));
    assert_eq!(shown.principal, Principal::User(user("hanako")));
    assert_eq!(shown.principal_name, "hanako さん");
    assert_eq!(shown.created_by, By::Kari);
    assert!(shown.since > at(0) && shown.since <= at(3));
    assert!(shown.role_name.unwrap().starts_with("AWSReservedSSO_Admin_"));
    assert!(!shown.orphaned);
}

#[test]
fn operations_in_flight_are_shown_until_they_end() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    let flying = world.operations_in_flight(at(0));
    assert_eq!(flying.len(), 1);
    assert_eq!(flying[0].kind, WriteKind::Creation);
    assert_eq!(flying[0].description, "hanako さん · Admin · payments");
    assert!(world.operations_in_flight(at(5)).is_empty());
}

#[test]
fn every_call_is_logged_with_its_answer_newest_first() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    drop(world.create_account_assignment(at(0), &hanako()));
    world.describe_user(at(1), &user("kenji")).unwrap();
    let calls = world.recent_calls(2);
    assert_eq!((calls[0].action, calls[0].error), (Action::DescribeUser, None));
    assert_eq!(calls[0].arguments, "kenji さん");
    assert_eq!(calls[1].error, Some("ConflictException"));
    assert_eq!(calls[1].arguments, "hanako さん · Admin · payments");
}

#[test]
fn a_call_that_told_a_status_shows_the_one_it_told_then() {
    let mut world = calm();
    world.fail_next_after_accepting();
    let operation = world.create_account_assignment(at(0), &hanako()).unwrap();
    world.describe_creation_status(at(0), &operation.id).unwrap();
    world.describe_creation_status(at(5), &operation.id).unwrap();
    let statuses: Vec<_> = world.recent_calls(3).into_iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some("FAILED"), Some("IN_PROGRESS"), None]);
}

#[test]
fn the_log_is_bounded_and_the_counters_are_not() {
    let mut world = calm();
    world.keep_calls(10);
    for _ in 0..25 {
        drop(world.delete_account_assignment(at(0), &kenji()));
    }
    assert_eq!(world.calls().len(), 10);
    let count = world.count(Action::DeleteAccountAssignment);
    assert_eq!((count.calls, count.errors), (25, 25));
    assert_eq!(world.count(Action::CreateAccountAssignment).calls, 0);
}
