use kari_embedded::identity_center::By;

use crate::town::{
    PAYMENTS, account, at, calm, group, hanako, kenji, listed, of_group, organization, set, unit, user,
};

#[test]
fn what_somebody_else_assigns_and_removes_is_told_apart() {
    let mut world = calm();
    world.assign_outside(at(0), &hanako());
    world.create_account_assignment(at(0), &kenji()).unwrap();
    let present = world.present(at(5));
    assert_eq!(present, [(hanako(), By::Outside), (kenji(), By::Kari)]);
    world.remove_outside(at(10), &kenji());
    let history = world.history(at(10));
    let of_kenji = history.iter().find(|entry| entry.assignment == kenji()).unwrap();
    assert_eq!(of_kenji.stay.removed, Some((at(10), By::Outside)));
}

#[test]
fn creating_what_somebody_else_assigned_does_not_make_it_ours() {
    let mut world = calm();
    world.assign_outside(at(0), &hanako());
    world.create_account_assignment(at(0), &hanako()).unwrap();
    assert_eq!(world.present(at(5)), [(hanako(), By::Outside)]);
}

#[test]
fn every_stay_is_kept_in_the_history() {
    let mut world = calm();
    for round in 0..3 {
        world.create_account_assignment(at(round * 100), &hanako()).unwrap();
        world.delete_account_assignment(at(round * 100 + 50), &hanako()).unwrap();
    }
    let history = world.history(at(1_000));
    assert_eq!(history.len(), 3);
    assert!(history.iter().all(|entry| entry.stay.removed.is_some()));
}

#[test]
fn what_happens_outside_is_not_in_the_call_log() {
    let mut world = calm();
    world.assign_outside(at(0), &of_group("admins"));
    world.disable_user(at(0), &user("hanako"));
    assert!(world.calls().is_empty() && world.counts().is_empty());
}

#[test]
fn memberships_change_at_once() {
    let mut world = calm();
    world.set_membership(at(0), &user("kenji"), &group("admins"), true);
    world.set_membership(at(0), &user("hanako"), &group("admins"), false);
    let members = world.list_group_memberships(at(0), &group("admins")).unwrap();
    assert_eq!(members, [user("kenji")].into());
    let groups = world.list_group_memberships_for_member(at(0), &user("kenji")).unwrap();
    assert_eq!(groups, [group("admins")].into());
}

#[test]
fn an_account_can_move_to_another_unit() {
    let mut world = calm();
    world.move_account(at(0), &account(PAYMENTS), &unit("sandbox"));
    let parent = world.list_parents_of_account(at(0), &account(PAYMENTS)).unwrap();
    assert_eq!(parent, Some(unit("sandbox")));
}

#[test]
fn who_is_added_under_the_id_of_somebody_deleted_holds_nothing_of_theirs() {
    let mut world = calm();
    world.assign_outside(at(0), &hanako());
    world.delete_user(at(1), &user("hanako"));
    assert!(listed(&mut world, at(2), &hanako()), "listings go on showing it");
    world.add_user(at(3), &organization().users[&user("hanako")]);
    assert_eq!(world.present(at(4)), []);
    assert!(!listed(&mut world, at(4), &hanako()));
    assert!(world.describe_user(at(4), &user("hanako")).is_ok());
}

#[test]
fn the_organization_file_of_before_changes_nothing() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    let before = world.changes();
    world.adopt(at(10), &organization());
    assert_eq!(world.changes(), before);
    world.disable_user(at(20), &user("kenji"));
    let before = world.changes();
    world.adopt(at(30), &organization());
    assert!(world.changes() > before, "the file says that kenji is enabled");
}

#[test]
fn another_organization_file_keeps_assignments_and_deletes_users_and_permission_sets_it_no_longer_has() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.create_account_assignment(at(0), &kenji()).unwrap();
    let mut smaller = organization();
    smaller.users.remove(&user("kenji"));
    world.adopt(at(10), &smaller);
    assert_eq!(world.present(at(10)), [(hanako(), By::Kari)]);
    assert!(world.describe_user(at(10), &user("kenji")).is_err());
    world.adopt(at(11), &organization());
    assert_eq!(world.present(at(11)), [(hanako(), By::Kari)], "who comes back is somebody new");
    world.adopt(at(12), &smaller);
    smaller.permission_sets.remove(&set("Admin"));
    world.adopt(at(20), &smaller);
    assert_eq!(world.present(at(20)), []);
}
