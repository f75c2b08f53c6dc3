//! What the operations answer.

use serde_json::{Value, json};

use kari_embedded::identity_center::FaultPlan;
use kari_embedded::identity_center::http::Options;

use super::Site;
use crate::town::{
    MANAGEMENT, PAYMENTS, SANDBOX, account, at, hanako, kenji, of_group, organization, set, user,
};

/// The members that ask for a person to be administrator of the payments account.
pub(super) fn creation(name: &str) -> Value {
    json!({
        "TargetId": PAYMENTS,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": set("Admin"),
        "PrincipalType": "USER",
        "PrincipalId": user(name),
    })
}

fn from_management() -> FaultPlan {
    FaultPlan { delegated_administrator: false, ..FaultPlan::calm() }
}

#[tokio::test]
async fn an_assignment_is_created_listed_and_deleted() {
    let site = Site::calm().await;
    let accepted = site.call("CreateAccountAssignment", creation("hanako")).await.ok();
    let status = &accepted["AccountAssignmentCreationStatus"];
    assert_eq!((&status["Status"], &status["CreatedDate"]), (&json!("IN_PROGRESS"), &json!(1_800_000_000.0)));
    assert_eq!(status.get("FailureReason"), None);
    let ask = json!({ "AccountAssignmentCreationRequestId": status["RequestId"] });
    site.clock.advance_to(at(10));
    let described = site.call("DescribeAccountAssignmentCreationStatus", ask).await.ok();
    let described = &described["AccountAssignmentCreationStatus"];
    assert_eq!(described["Status"], "SUCCEEDED");
    for (name, value) in creation("hanako").as_object().unwrap() {
        assert_eq!((&described[name], &status[name]), (value, value), "{name}");
    }
    let list = json!({ "AccountId": PAYMENTS, "PermissionSetArn": set("Admin") });
    let listed = site.call("ListAccountAssignments", list.clone()).await.ok();
    let assigned = json!({
        "AccountId": PAYMENTS, "PermissionSetArn": set("Admin"),
        "PrincipalType": "USER", "PrincipalId": user("hanako"),
    });
    assert_eq!(listed, json!({ "AccountAssignments": [assigned] }));
    let accepted = site.call("DeleteAccountAssignment", creation("hanako")).await.ok();
    let id = &accepted["AccountAssignmentDeletionStatus"]["RequestId"];
    site.clock.advance_to(at(20));
    let ask = json!({ "AccountAssignmentDeletionRequestId": id });
    let described = site.call("DescribeAccountAssignmentDeletionStatus", ask).await.ok();
    assert_eq!(described["AccountAssignmentDeletionStatus"]["Status"], "SUCCEEDED");
    assert_eq!(site.call("ListAccountAssignments", list).await.ok(), json!({ "AccountAssignments": [] }));
}

#[tokio::test]
async fn a_failed_operation_says_why_and_its_id_is_of_its_kind_only() {
    let site = Site::calm().await;
    site.center.with(|world, now| world.delete_user(now, &user("hanako"))).unwrap();
    let accepted = site.call("CreateAccountAssignment", creation("hanako")).await.ok();
    let id = &accepted["AccountAssignmentCreationStatus"]["RequestId"];
    site.clock.advance_to(at(10));
    let ask = json!({ "AccountAssignmentCreationRequestId": id });
    let described = site.call("DescribeAccountAssignmentCreationStatus", ask).await.ok();
    let described = &described["AccountAssignmentCreationStatus"];
    assert_eq!(described["Status"], "FAILED");
    assert!(described["FailureReason"].as_str().unwrap().ends_with("was not found in directory"));
    let crossed = json!({ "AccountAssignmentDeletionRequestId": id });
    let crossed = site.call("DescribeAccountAssignmentDeletionStatus", crossed).await;
    assert_eq!(crossed.code(), "ResourceNotFoundException");
}

#[tokio::test]
async fn lists_of_operations_can_be_of_one_status_and_tell_no_assignment() {
    let site = Site::calm().await;
    site.call("CreateAccountAssignment", creation("hanako")).await.ok();
    site.clock.advance_to(at(10));
    site.call("CreateAccountAssignment", creation("kenji")).await.ok();
    let of = async |filter: Value| {
        let listed = site.call("ListAccountAssignmentCreationStatus", filter).await.ok();
        listed["AccountAssignmentsCreationStatus"].as_array().unwrap().clone()
    };
    let all = of(json!({})).await;
    let statuses: Vec<&Value> = all.iter().map(|entry| &entry["Status"]).collect();
    assert_eq!(statuses, ["IN_PROGRESS", "SUCCEEDED"], "the newest first");
    assert_eq!(all[0].as_object().unwrap().len(), 3);
    for (status, expected) in [("IN_PROGRESS", 1), ("SUCCEEDED", 1), ("FAILED", 0)] {
        assert_eq!(of(json!({ "Filter": { "Status": status } })).await.len(), expected, "{status}");
    }
    let deletions = site.call("ListAccountAssignmentDeletionStatus", json!({})).await.ok();
    assert_eq!(deletions, json!({ "AccountAssignmentsDeletionStatus": [] }));
}

#[tokio::test]
async fn a_delegated_administrator_is_denied_what_is_the_management_accounts() {
    let site = Site::calm().await;
    let mut members = creation("hanako");
    members["TargetId"] = json!(MANAGEMENT);
    for operation in ["CreateAccountAssignment", "DeleteAccountAssignment"] {
        let refused = site.call(operation, members.clone()).await;
        assert_eq!((refused.status, refused.code()), (400, "AccessDeniedException"));
    }
    let ask = json!({ "PrincipalType": "USER", "PrincipalId": user("hanako") });
    let refused = site.call("ListAccountAssignmentsForPrincipal", ask).await;
    assert_eq!(refused.code(), "AccessDeniedException");
    let site = Site::planned(from_management()).await;
    site.call("CreateAccountAssignment", members).await.ok();
}

#[tokio::test]
async fn what_a_principal_and_their_groups_hold_is_listed_and_can_be_of_one_account() {
    let site = Site::planned(from_management()).await;
    let in_sandbox = kari_embedded::identity_center::Assignment { account: account(SANDBOX), ..hanako() };
    let assigned = [hanako(), in_sandbox, of_group("admins"), kenji()];
    site.center.with(|world, now| assigned.iter().for_each(|a| world.assign_outside(now, a))).unwrap();
    let holders = async |filter: Value| {
        let members = json!({ "PrincipalType": "USER", "PrincipalId": user("hanako"), "Filter": filter });
        let listed = site.call("ListAccountAssignmentsForPrincipal", members).await.ok();
        let entries = listed["AccountAssignments"].as_array().unwrap().clone();
        entries.iter().map(|entry| format!("{} {}", entry["AccountId"], entry["PrincipalType"])).collect()
    };
    let all: Vec<String> = holders(Value::Null).await;
    let payments = [format!("\"{PAYMENTS}\" \"GROUP\""), format!("\"{PAYMENTS}\" \"USER\"")];
    let sandbox = [format!("\"{SANDBOX}\" \"USER\"")];
    assert_eq!(all, [&payments[..], &sandbox[..]].concat());
    assert_eq!(holders(json!({ "AccountId": SANDBOX })).await, sandbox);
}

#[tokio::test]
async fn permission_sets_and_accounts_tell_where_something_is_provisioned() {
    let site = Site::calm().await;
    site.center.with(|world, now| world.assign_outside(now, &hanako())).unwrap();
    let accounts = site
        .call("ListAccountsForProvisionedPermissionSet", json!({ "PermissionSetArn": set("Admin") }))
        .await
        .ok();
    assert_eq!(accounts, json!({ "AccountIds": [PAYMENTS] }));
    let ask = json!({ "AccountId": PAYMENTS });
    let sets = site.call("ListPermissionSetsProvisionedToAccount", ask).await.ok();
    assert_eq!(sets, json!({ "PermissionSets": [set("Admin")] }));
    let outdated =
        json!({ "AccountId": PAYMENTS, "ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED" });
    let sets = site.call("ListPermissionSetsProvisionedToAccount", outdated).await.ok();
    assert_eq!(sets, json!({ "PermissionSets": [] }));
}

#[tokio::test]
async fn a_permission_set_without_a_description_has_no_such_member() {
    let site = Site::calm().await;
    let ask = json!({ "PermissionSetArn": set("Admin") });
    let described = site.call("DescribePermissionSet", ask).await.ok();
    let expected = json!({ "Name": "Admin", "PermissionSetArn": set("Admin"), "SessionDuration": "PT1H" });
    assert_eq!(described, json!({ "PermissionSet": expected }));
    let tags = site.call("ListTagsForResource", json!({ "ResourceArn": set("Admin") })).await.ok();
    assert_eq!(tags, json!({ "Tags": [] }));
}

#[tokio::test]
async fn the_instance_names_its_identity_store_and_its_owner() {
    let site = Site::calm().await;
    let instance = site.center.with(|world, _| world.instance().clone()).unwrap();
    let listed = site.call("ListInstances", json!({})).await.ok();
    let expected = json!({
        "InstanceArn": "arn:aws:sso:::instance/ssoins-1",
        "IdentityStoreId": instance.identity_store_id,
        "OwnerAccountId": MANAGEMENT,
        "Status": "ACTIVE",
    });
    assert_eq!(listed, json!({ "Instances": [expected] }));
    let arn = json!({ "InstanceArn": "arn:aws:sso:::instance/ssoins-1" });
    let described = site.call("DescribeInstance", arn).await.ok();
    assert_eq!(described["OwnerAccountId"], MANAGEMENT);
    assert_eq!(described["EncryptionConfigurationDetails"]["EncryptionStatus"], "ENABLED");
}

#[tokio::test]
async fn a_user_is_described_with_their_status_and_found_whatever_the_case() {
    let site = Site::calm().await;
    let described = site.call("DescribeUser", json!({ "UserId": user("retired") })).await.ok();
    assert_eq!((&described["UserStatus"], &described["UserName"]), (&json!("DISABLED"), &json!("retired")));
    assert_eq!(described["Emails"][0]["Value"], "retired@example.com");
    for (path, value) in
        [("userName", "Hanako"), ("UserName", "hanako"), ("emails.value", "HANAKO@example.com")]
    {
        let attribute = json!({ "AttributePath": path, "AttributeValue": value });
        let members = json!({ "AlternateIdentifier": { "UniqueAttribute": attribute } });
        let found = site.call("GetUserId", members).await.ok();
        assert_eq!(found["UserId"], json!(user("hanako")), "{path}");
    }
    let attribute = json!({ "AttributePath": "displayName", "AttributeValue": "Admins" });
    let members = json!({ "AlternateIdentifier": { "UniqueAttribute": attribute } });
    let found = site.call("GetGroupId", members).await.ok();
    assert_eq!(found["GroupId"], "g-admins");
}

#[tokio::test]
async fn a_deprecated_filter_is_heeded() {
    let site = Site::calm().await;
    let filtered =
        |path: &str, value: &str| json!({ "Filters": [{ "AttributePath": path, "AttributeValue": value }] });
    let users = site.call("ListUsers", filtered("UserName", "kenji")).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
    let groups = site.call("ListGroups", filtered("DisplayName", "nobody")).await.ok();
    assert_eq!(groups, json!({ "Groups": [] }));
    let refused = site.call("ListUsers", filtered("UserId", "u-kenji")).await;
    assert_eq!(refused.code(), "ValidationException");
}

#[tokio::test]
async fn memberships_are_told_from_both_ends() {
    let site = Site::calm().await;
    let of_group = site.call("ListGroupMemberships", json!({ "GroupId": "g-admins" })).await.ok();
    let member = json!({ "UserId": user("hanako") });
    let of_member = site.call("ListGroupMembershipsForMember", json!({ "MemberId": member })).await.ok();
    assert_eq!(of_group, of_member);
    assert_eq!(of_group["GroupMemberships"][0]["MemberId"], member);
    let ask = json!({ "MemberId": member, "GroupIds": ["g-admins", "g-none"] });
    let results = site.call("IsMemberInGroups", ask).await.ok();
    let exist: Vec<&Value> =
        results["Results"].as_array().unwrap().iter().map(|result| &result["MembershipExists"]).collect();
    assert_eq!(exist, [&json!(true), &json!(false)]);
    let many: Vec<String> = (0..101).map(|n| format!("g-{n}")).collect();
    let refused = site.call("IsMemberInGroups", json!({ "MemberId": member, "GroupIds": many })).await;
    assert_eq!(refused.code(), "ValidationException");
}

#[tokio::test]
async fn an_account_is_described_where_it_lies_and_without_the_retired_member() {
    let site = Site::calm().await;
    site.center
        .with(|world, now| {
            let closed = kari_domain::directory::AccountStatus::Closed;
            world.set_account_status(now, &account(PAYMENTS), closed);
        })
        .unwrap();
    let described = site.call("DescribeAccount", json!({ "AccountId": PAYMENTS })).await.ok();
    let described = &described["Account"];
    assert_eq!((&described["State"], described.get("Status")), (&json!("CLOSED"), None));
    assert!(described["Arn"].as_str().unwrap().starts_with("arn:aws:organizations::000000000001:account/o-"));
    let parents = site.call("ListParents", json!({ "ChildId": PAYMENTS })).await.ok();
    assert_eq!(parents["Parents"], json!([{ "Id": "ou-payments", "Type": "ORGANIZATIONAL_UNIT" }]));
    let parents = site.call("ListParents", json!({ "ChildId": "ou-production" })).await.ok();
    assert_eq!(parents["Parents"], json!([{ "Id": "r-root", "Type": "ROOT" }]));
    let organization = site.call("DescribeOrganization", json!({})).await.ok();
    assert_eq!(organization["Organization"]["MasterAccountId"], MANAGEMENT);
}

#[tokio::test]
async fn the_retired_member_is_told_to_whoever_wants_it() {
    let options = Options { account_status: true, ..Options::default() };
    let site = Site::start(&organization(), FaultPlan::calm(), options).await;
    let accounts = site.call("ListAccounts", json!({})).await.ok();
    assert_eq!(accounts["Accounts"][0]["Status"], "ACTIVE");
}

#[tokio::test]
async fn units_and_accounts_are_listed_under_their_parent_only() {
    let site = Site::calm().await;
    let names = async |operation: &str, list: &str, parent: &str| -> Vec<String> {
        let listed = site.call(operation, json!({ "ParentId": parent })).await.ok();
        let entries = listed[list].as_array().unwrap().clone();
        entries.iter().map(|entry| entry["Name"].as_str().unwrap().to_owned()).collect()
    };
    let units = names("ListOrganizationalUnitsForParent", "OrganizationalUnits", "r-root").await;
    assert_eq!(units, ["production", "sandbox"]);
    assert_eq!(names("ListAccountsForParent", "Accounts", "r-root").await, ["management"]);
    assert_eq!(names("ListAccountsForParent", "Accounts", "ou-payments").await, ["payments"]);
    let unit = json!({ "OrganizationalUnitId": "ou-sandbox" });
    let unit = site.call("DescribeOrganizationalUnit", unit).await.ok();
    assert_eq!(unit["OrganizationalUnit"]["Name"], "sandbox");
    let roots = site.call("ListRoots", json!({})).await.ok();
    assert_eq!((&roots["Roots"][0]["Id"], roots["Roots"].as_array().unwrap().len()), (&json!("r-root"), 1));
}
