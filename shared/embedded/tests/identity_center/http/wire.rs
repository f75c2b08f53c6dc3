//! How answers and errors look.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_embedded::identity_center::{FaultPlan, Quotas};
use serde_json::{Value, json};

use super::Site;
use super::calls::creation;
use crate::town::{MANAGEMENT, PAYMENTS, set, user};

#[tokio::test]
async fn an_unknown_operation_or_service_is_told_as_such() {
    let site = Site::calm().await;
    for target in [
        "SWBExternalService.CreateEverything",
        "SWBExternalService.ListUsers",
        "AWSNothing.ListUsers",
        "ListUsers",
        "",
    ] {
        let reply = site.post(target, "{}").await.unwrap();
        assert_eq!((reply.status, reply.code()), (400, "UnknownOperationException"), "{target}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_serialization_exception() {
    let site = Site::calm().await;
    let target = "AWSOrganizationsV20161128.DescribeAccount";
    for body in ["", "{", "[]", "\"text\"", "{\"AccountId\": 5}", "{\"AccountId\": [\"1\"]}"] {
        let reply = site.post(target, body).await.unwrap();
        assert_eq!((reply.status, reply.code()), (400, "SerializationException"), "{body}");
    }
    let reply = site.call("ListUsers", json!({ "MaxResults": "ten" })).await;
    assert_eq!(reply.code(), "SerializationException");
}

#[tokio::test]
async fn a_missing_or_malformed_member_is_named() {
    let site = Site::calm().await;
    let without = |name: &str| {
        let mut members = creation("hanako");
        members.as_object_mut().unwrap().remove(name);
        members
    };
    let with = |name: &str, value: &str| {
        let mut members = creation("hanako");
        members[name] = json!(value);
        members
    };
    for (members, named) in [
        (without("TargetId"), "TargetId"),
        (without("TargetType"), "TargetType"),
        (with("TargetId", "1"), "TargetId"),
        (with("TargetType", "OU"), "TargetType"),
        (with("PrincipalType", "user"), "PrincipalType"),
        (with("PermissionSetArn", "Admin"), "PermissionSetArn"),
        (with("PrincipalId", "not an id"), "PrincipalId"),
        (with("InstanceArn", "ssoins-1"), "InstanceArn"),
    ] {
        let reply = site.call("CreateAccountAssignment", members).await;
        assert_eq!(reply.code(), "ValidationException", "{named}");
        assert!(reply.body["Message"].as_str().unwrap().contains(&format!("'{named}'")), "{}", reply.body);
    }
    assert_eq!(site.center.with(|world, _| world.calls().len()).unwrap(), 0, "none of it was a call");
}

#[tokio::test]
async fn another_instance_or_identity_store_does_not_exist() {
    let site = Site::calm().await;
    let other = json!({ "InstanceArn": "arn:aws:sso:::instance/ssoins-2" });
    assert_eq!(site.call("ListPermissionSets", other).await.code(), "ResourceNotFoundException");
    let reply = site.call("ListUsers", json!({ "IdentityStoreId": "d-0000000000" })).await;
    assert_eq!(reply.code(), "ResourceNotFoundException");
    assert_eq!(reply.body["ResourceType"], "IDENTITY_STORE");
    let reply = site.post("AWSIdentityStore.ListUsers", "{}").await.unwrap();
    assert_eq!(reply.code(), "ValidationException");
}

#[tokio::test]
async fn what_does_not_exist_is_named_as_its_service_names_it() {
    let site = Site::calm().await;
    let by_name = json!({ "UniqueAttribute": { "AttributePath": "userName", "AttributeValue": "nobody" } });
    for (operation, members, code) in [
        ("DescribeUser", json!({ "UserId": "u-nobody" }), "ResourceNotFoundException"),
        ("GetUserId", json!({ "AlternateIdentifier": by_name }), "ResourceNotFoundException"),
        ("DescribeGroup", json!({ "GroupId": "g-none" }), "ResourceNotFoundException"),
        ("DescribePermissionSet", json!({ "PermissionSetArn": set("None") }), "ResourceNotFoundException"),
        ("DescribeAccount", json!({ "AccountId": "999999999999" }), "AccountNotFoundException"),
        ("ListParents", json!({ "ChildId": "999999999999" }), "ChildNotFoundException"),
        ("ListParents", json!({ "ChildId": "ou-none" }), "ChildNotFoundException"),
        ("ListAccountsForParent", json!({ "ParentId": "ou-none" }), "ParentNotFoundException"),
        ("ListOrganizationalUnitsForParent", json!({ "ParentId": "ou-none" }), "ParentNotFoundException"),
        (
            "DescribeOrganizationalUnit",
            json!({ "OrganizationalUnitId": "ou-none" }),
            "OrganizationalUnitNotFoundException",
        ),
    ] {
        let reply = site.call(operation, members).await;
        assert_eq!((reply.status, reply.code()), (400, code), "{operation}");
        assert_eq!(reply.header("x-amzn-errortype"), Some(code), "{operation}");
    }
    let reply = site.call("DescribeUser", json!({ "UserId": "u-nobody" })).await;
    assert_eq!(
        (&reply.body["ResourceType"], &reply.body["ResourceId"]),
        (&json!("USER"), &json!("u-nobody"))
    );
    assert_eq!(reply.body["RequestId"].as_str(), reply.header("x-amzn-requestid"));
}

#[tokio::test]
async fn mishaps_have_the_names_and_statuses_of_their_service() {
    let certain = 1_000;
    let calm = FaultPlan::calm;
    let quotas = Some(Quotas { sso_admin_per_second: 0, directory_per_second: Some(0), ..Quotas::AWS });
    let throttled = FaultPlan { quotas, ..calm() };
    let full = Quotas { provisioned_permission_sets: 0, ..Quotas::AWS };
    let list = || json!({});
    for (plan, operation, members, status, code) in [
        (throttled.clone(), "ListPermissionSets", list(), 400, "ThrottlingException"),
        (throttled.clone(), "ListUsers", list(), 400, "ThrottlingException"),
        (throttled, "ListAccounts", list(), 400, "TooManyRequestsException"),
        (
            FaultPlan { conflict_per_mille: certain, ..calm() },
            "CreateAccountAssignment",
            creation("hanako"),
            400,
            "ConflictException",
        ),
        (
            FaultPlan { internal_error_per_mille: certain, ..calm() },
            "ListPermissionSets",
            list(),
            500,
            "InternalServerException",
        ),
        (
            FaultPlan { denied_per_mille: certain, ..calm() },
            "ListPermissionSets",
            list(),
            400,
            "AccessDeniedException",
        ),
        (
            FaultPlan { quotas: Some(full), ..calm() },
            "CreateAccountAssignment",
            creation("hanako"),
            400,
            "ServiceQuotaExceededException",
        ),
    ] {
        let reply = Site::planned(plan).await.call(operation, members).await;
        assert_eq!((reply.status, reply.code()), (status, code));
        assert!(!reply.body["Message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_call_of_organizations_has_a_reason() {
    let site = Site::calm().await;
    for (operation, members, reason) in [
        ("DescribeAccount", json!({}), "INPUT_REQUIRED"),
        ("DescribeAccount", json!({ "AccountId": "1" }), "INVALID_PATTERN"),
        ("DescribeOrganizationalUnit", json!({ "OrganizationalUnitId": "r-root" }), "INVALID_PATTERN"),
        ("ListParents", json!({ "ChildId": "r-root" }), "INVALID_PATTERN"),
        ("ListAccounts", json!({ "NextToken": "nonsense" }), "INVALID_NEXT_TOKEN"),
        ("ListAccounts", json!({ "MaxResults": 21 }), "MAX_VALUE_EXCEEDED"),
        ("ListAccounts", json!({ "MaxResults": 0 }), "MIN_VALUE_EXCEEDED"),
    ] {
        let reply = site.call(operation, members).await;
        assert_eq!((reply.code(), &reply.body["Reason"]), ("InvalidInputException", &json!(reason)));
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_and_the_type_of_aws_json() {
    let site = Site::calm().await;
    let mut ids = BTreeSet::new();
    for (operation, members) in [
        ("ListUsers", json!({})),
        ("ListUsers", json!({})),
        ("DescribeUser", json!({ "UserId": user("nobody") })),
        ("ListAccountAssignments", json!({ "AccountId": PAYMENTS })),
    ] {
        let reply = site.call(operation, members).await;
        assert_eq!(reply.header("content-type"), Some("application/x-amz-json-1.1"));
        ids.insert(reply.header("x-amzn-requestid").unwrap().to_owned());
    }
    assert_eq!(ids.len(), 4);
    assert!(ids.iter().all(|id| uuid::Uuid::try_parse(id).is_ok()));
}

#[tokio::test]
async fn a_call_is_in_the_worlds_log_as_it_was_answered() {
    let site = Site::calm().await;
    site.center.with(|world, now| world.throttle_for(now, TimeDelta::minutes(1))).unwrap();
    site.call("DescribeAccount", json!({ "AccountId": MANAGEMENT })).await.ok();
    assert_eq!(site.call("ListPermissionSets", json!({})).await.code(), "ThrottlingException");
    let logged = site.center.with(|world, _| json!(world.recent_calls(9))).unwrap();
    let seen: Vec<(&Value, &Value)> =
        logged.as_array().unwrap().iter().map(|call| (&call["action"], &call["error"])).collect();
    let expected = [
        (&json!("ListPermissionSets"), &json!("ThrottlingException")),
        (&json!("DescribeAccount"), &Value::Null),
    ];
    assert_eq!(seen, expected);
}
