use kari_embedded::identity_center::{
    ApiError, Assignment, FaultPlan, Principal, Quotas, UniqueAttribute, World,
};

use crate::town::{
    PAYMENTS, SANDBOX, account, at, calm, group, hanako, is_unknown, kenji, of_group, organization, planned,
    set, unit, user,
};

fn from_management() -> World {
    planned(FaultPlan { delegated_administrator: false, ..FaultPlan::calm() })
}

#[test]
fn a_user_is_found_by_name_or_address_whatever_the_case() {
    let mut world = calm();
    let mut find = |attribute| world.get_user_id(at(0), &attribute);
    assert_eq!(find(UniqueAttribute::UserName("HANAKO".to_owned())), Ok(user("hanako")));
    assert_eq!(find(UniqueAttribute::Email("Hanako@Example.com".to_owned())), Ok(user("hanako")));
    assert!(is_unknown(&find(UniqueAttribute::UserName("hanako@example.com".to_owned()))));
    assert!(is_unknown(&find(UniqueAttribute::Email("hanako".to_owned()))));
}

#[test]
fn of_two_users_with_one_address_neither_is_found() {
    let mut organization = organization();
    organization.users.get_mut(&user("kenji")).unwrap().email = Some("Hanako@example.com".to_owned());
    let mut world = World::new(&organization, 1, FaultPlan::calm());
    assert!(is_unknown(&world.get_user_id(at(0), &UniqueAttribute::Email("hanako@example.com".to_owned()))));
}

#[test]
fn a_group_is_found_by_its_name_and_described_by_its_id() {
    let mut world = calm();
    assert_eq!(world.get_group_id(at(0), "Admins"), Ok(group("admins")));
    assert_eq!(world.describe_group(at(0), &group("admins")).unwrap().display_name, "admins");
    assert!(is_unknown(&world.get_group_id(at(0), "none")));
    assert!(is_unknown(&world.describe_group(at(0), &group("none"))));
}

#[test]
fn memberships_are_told_group_by_group_and_nobody_is_in_a_group_that_does_not_exist() {
    let mut world = calm();
    let groups = [group("none"), group("admins")];
    assert_eq!(world.is_member_in_groups(at(0), &user("hanako"), &groups), Ok(vec![false, true]));
    assert_eq!(world.is_member_in_groups(at(0), &user("kenji"), &groups), Ok(vec![false, false]));
    assert!(is_unknown(&world.is_member_in_groups(at(0), &user("nobody"), &groups)));
}

#[test]
fn a_principal_is_told_what_they_and_their_groups_hold() {
    let mut world = from_management();
    let sandbox = Assignment { account: account(SANDBOX), ..hanako() };
    for assignment in [hanako(), sandbox.clone(), kenji(), of_group("admins")] {
        world.assign_outside(at(0), &assignment);
    }
    let hers = Principal::User(user("hanako"));
    let all = world.list_account_assignments_for_principal(at(1), &hers, None).unwrap();
    assert_eq!(all, [hanako(), of_group("admins"), sandbox.clone()]);
    let one = world.list_account_assignments_for_principal(at(1), &hers, Some(&account(SANDBOX)));
    assert_eq!(one.unwrap(), [sandbox]);
    let group = Principal::Group(group("admins"));
    let groups = world.list_account_assignments_for_principal(at(1), &group, None).unwrap();
    assert_eq!(groups, [of_group("admins")]);
    let nobody = Principal::User(user("nobody"));
    assert!(is_unknown(&world.list_account_assignments_for_principal(at(1), &nobody, None)));
}

#[test]
fn only_the_management_account_lists_by_principal() {
    let answer = calm().list_account_assignments_for_principal(at(0), &Principal::User(user("hanako")), None);
    assert!(matches!(answer, Err(ApiError::AccessDenied(_))));
}

#[test]
fn a_permission_set_is_provisioned_where_it_is_assigned() {
    let mut world = calm();
    world.assign_outside(at(0), &hanako());
    world.assign_outside(at(0), &kenji());
    let accounts = world.list_accounts_for_provisioned_permission_set(at(1), &set("Admin"));
    assert_eq!(accounts.unwrap(), [account(PAYMENTS)]);
    let none = world.list_accounts_for_provisioned_permission_set(at(1), &set("ReadOnly"));
    assert_eq!(none.unwrap(), []);
    assert!(is_unknown(&world.list_accounts_for_provisioned_permission_set(at(1), &set("None"))));
}

#[test]
fn an_account_holds_only_so_many_permission_sets() {
    let quotas = Quotas { provisioned_permission_sets: 1, ..Quotas::AWS };
    let mut world = planned(FaultPlan { quotas: Some(quotas), ..FaultPlan::calm() });
    world.assign_outside(at(0), &hanako());
    let another = Assignment { permission_set: set("ReadOnly"), ..hanako() };
    let refused = world.create_account_assignment(at(1), &another).unwrap_err();
    assert_eq!(refused.code(), "ServiceQuotaExceededException");
    assert!(world.create_account_assignment(at(1), &kenji()).is_ok(), "that one is provisioned already");
    let elsewhere = Assignment { account: account(SANDBOX), ..another };
    assert!(world.create_account_assignment(at(1), &elsewhere).is_ok());
}

#[test]
fn a_unit_that_does_not_exist_has_nothing_under_it_to_list() {
    let mut world = calm();
    assert!(is_unknown(&world.list_organizational_units_for_parent(at(0), &unit("none"))));
    assert!(is_unknown(&world.list_accounts_for_parent(at(0), &unit("none"))));
    assert!(is_unknown(&world.describe_organizational_unit(at(0), &unit("none"))));
    assert_eq!(world.list_accounts_for_parent(at(0), &unit("sandbox")).unwrap()[0].id, account(SANDBOX));
    assert_eq!(world.describe_organizational_unit(at(0), &unit("payments")).unwrap().name, "payments");
}

#[test]
fn the_organization_and_the_instance_belong_to_the_management_account() {
    let mut world = calm();
    let management = account(crate::town::MANAGEMENT);
    assert_eq!(world.describe_organization(at(0)).unwrap().unwrap().id, management);
    assert_eq!(world.list_instances(at(0)), Ok(Some(management)));
    assert_eq!(world.instance().instance_arn, "arn:aws:sso:::instance/ssoins-1");
    assert!(world.list_tags_for_resource(at(0), &set("Admin")).is_ok());
    assert!(is_unknown(&world.list_tags_for_resource(at(0), &set("None"))));
}

#[test]
fn a_world_saved_before_it_knew_its_instance_is_read_and_named_by_its_organization() {
    let mut saved = serde_json::to_value(calm()).unwrap();
    saved["census"].as_object_mut().unwrap().remove("instance").unwrap();
    let mut restored: World = serde_json::from_value(saved).unwrap();
    restored.adopt(at(0), &organization());
    assert_eq!(restored.instance(), calm().instance());
}
