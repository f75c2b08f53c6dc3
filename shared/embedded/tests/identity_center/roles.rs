use kari_embedded::identity_center::{Assignment, FaultPlan};

use crate::town::{PAYMENTS, account, at, calm, hanako, is_conflict, kenji, of_group, planned, set, tuple};

fn role(world: &kari_embedded::identity_center::World) -> Option<String> {
    world.role_name(&account(PAYMENTS), &set("Admin"))
}

#[test]
fn a_role_appears_with_the_first_assignment_and_keeps_its_name_with_the_second() {
    let mut world = calm();
    assert_eq!(role(&world), None);
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.settle(at(5));
    let name = role(&world).unwrap();
    let suffix = name.strip_prefix("AWSReservedSSO_Admin_").unwrap();
    assert!(suffix.len() == 16 && suffix.chars().all(|c| c.is_ascii_hexdigit()), "{suffix}");
    world.create_account_assignment(at(10), &kenji()).unwrap();
    world.settle(at(15));
    assert_eq!(role(&world), Some(name));
}

#[test]
fn a_role_vanishes_with_the_last_assignment_and_comes_back_under_another_suffix() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.create_account_assignment(at(0), &kenji()).unwrap();
    world.settle(at(5));
    let name = role(&world).unwrap();
    world.delete_account_assignment(at(10), &hanako()).unwrap();
    world.settle(at(15));
    assert_eq!(role(&world).as_ref(), Some(&name));
    world.delete_account_assignment(at(20), &kenji()).unwrap();
    world.settle(at(25));
    assert_eq!(role(&world), None);
    world.create_account_assignment(at(30), &hanako()).unwrap();
    world.settle(at(35));
    assert!(role(&world).is_some_and(|new| new != name));
}

#[test]
fn an_empty_group_that_stays_assigned_anchors_the_role() {
    let mut world = calm();
    world.assign_outside(at(0), &of_group("admins"));
    let name = role(&world).unwrap();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_account_assignment(at(10), &hanako()).unwrap();
    world.settle(at(20));
    assert_eq!(role(&world), Some(name));
}

#[test]
fn an_account_takes_one_role_update_at_a_time() {
    let mut world = planned(FaultPlan { role_conflicts: true, ..FaultPlan::calm() });
    world.create_account_assignment(at(0), &hanako()).unwrap();
    let reader: Assignment = tuple("kenji", "ReadOnly", PAYMENTS).into();
    assert!(is_conflict(&world.create_account_assignment(at(0), &reader)));
    assert!(is_conflict(&world.create_account_assignment(at(0), &kenji())));
    assert!(world.create_account_assignment(at(5), &kenji()).is_ok());
    assert!(world.create_account_assignment(at(5), &reader).is_ok());
}
