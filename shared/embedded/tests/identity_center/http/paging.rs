//! Lists in pages.

use std::num::NonZeroUsize;

use kari_domain::directory::{Group, PermissionSet, Snapshot, User};
use kari_domain::time::Minutes;
use kari_embedded::identity_center::http::Options;
use kari_embedded::identity_center::{Assignment, FaultPlan, Principal};
use serde_json::{Value, json};

use super::Site;
use crate::town::{MANAGEMENT, PAYMENTS, SANDBOX, account, at, group, hanako, organization, set, unit, user};

const PEOPLE: usize = 7;

fn numbered(n: usize) -> String {
    format!("n{n}")
}

/// A larger town: everything that can be listed is there several times.
fn large() -> Snapshot {
    let mut town = organization();
    for n in 0..PEOPLE {
        let (name, id) = (numbered(n), user(&numbered(n)));
        let (user_name, display_name) = (name.clone(), name.clone());
        town.users
            .insert(id.clone(), User { id: id.clone(), user_name, display_name, email: None, enabled: true });
        let crew = Group { id: group(&name), display_name: name.clone() };
        town.members.insert(crew.id.clone(), [user("hanako")].into());
        town.members.entry(group("admins")).or_default().insert(id);
        town.groups.insert(crew.id.clone(), crew);
        let (arn, session_duration) = (set(&name), Minutes(60));
        let extra = PermissionSet { arn: arn.clone(), name, description: String::new(), session_duration };
        town.permission_sets.insert(arn, extra);
        let id = account(&format!("5000000000{n:02}"));
        let payments = &town.accounts[&account(PAYMENTS)];
        let extra = kari_domain::directory::Account { id: id.clone(), ..payments.clone() };
        town.accounts.insert(id, extra);
        let unit_id = unit(&numbered(n));
        let mut below = town.units[&unit("payments")].clone();
        below.id = unit_id.clone();
        town.units.insert(unit_id, below);
    }
    town
}

/// Everybody has every permission set in the payments account, and some accounts besides.
async fn busy(options: Options) -> Site {
    let plan = FaultPlan { delegated_administrator: false, ..FaultPlan::calm() };
    let site = Site::start(&large(), plan, options).await;
    site.center
        .with(|world, now| {
            for n in 0..PEOPLE {
                let principal = Principal::User(user(&numbered(n)));
                world.assign_outside(now, &Assignment { principal, ..hanako() });
                world.assign_outside(now, &Assignment { permission_set: set(&numbered(n)), ..hanako() });
                let account = account(&format!("5000000000{n:02}"));
                world.assign_outside(now, &Assignment { account, ..hanako() });
                let target = Assignment { account: crate::town::account(SANDBOX), ..hanako() };
                let principal = Principal::User(user(&numbered(n)));
                world.create_account_assignment(now, &Assignment { principal, ..target }).unwrap();
            }
        })
        .unwrap();
    site.clock.advance_to(at(60));
    site.center
        .with(|world, now| {
            for n in 0..PEOPLE {
                let principal = Principal::User(user(&numbered(n)));
                world.delete_account_assignment(now, &Assignment { principal, ..hanako() }).unwrap();
            }
        })
        .unwrap();
    site
}

/// Every list that comes in pages: the operation, its members, what the list is called, its length.
fn lists() -> Vec<(&'static str, Value, &'static str, usize)> {
    let payments = json!({ "AccountId": PAYMENTS });
    let admins = json!({ "AccountId": PAYMENTS, "PermissionSetArn": set("Admin") });
    let hanako = json!({ "UserId": user("hanako") });
    let holder = json!({ "PrincipalType": "USER", "PrincipalId": user("hanako") });
    vec![
        ("ListAccountAssignmentCreationStatus", json!({}), "AccountAssignmentsCreationStatus", 7),
        ("ListAccountAssignmentDeletionStatus", json!({}), "AccountAssignmentsDeletionStatus", 7),
        ("ListAccountAssignments", admins, "AccountAssignments", 7),
        ("ListAccountAssignmentsForPrincipal", holder, "AccountAssignments", 14),
        (
            "ListAccountsForProvisionedPermissionSet",
            json!({ "PermissionSetArn": set("Admin") }),
            "AccountIds",
            9,
        ),
        ("ListPermissionSetsProvisionedToAccount", payments, "PermissionSets", 8),
        ("ListPermissionSets", json!({}), "PermissionSets", 9),
        ("ListInstances", json!({}), "Instances", 1),
        ("ListUsers", json!({}), "Users", 10),
        ("ListGroups", json!({}), "Groups", 8),
        ("ListGroupMemberships", json!({ "GroupId": group("admins") }), "GroupMemberships", 8),
        ("ListGroupMembershipsForMember", json!({ "MemberId": hanako }), "GroupMemberships", 8),
        ("ListAccounts", json!({}), "Accounts", 10),
        ("ListAccountsForParent", json!({ "ParentId": unit("payments") }), "Accounts", 8),
        ("ListParents", json!({ "ChildId": MANAGEMENT }), "Parents", 1),
        ("ListRoots", json!({}), "Roots", 1),
        (
            "ListOrganizationalUnitsForParent",
            json!({ "ParentId": unit("production") }),
            "OrganizationalUnits",
            8,
        ),
    ]
}

/// All pages of a list, each asked for with the token of the one before.
async fn pages(
    site: &Site,
    operation: &str,
    members: &Value,
    list: &str,
    most: Option<usize>,
) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut token = Value::Null;
    loop {
        let mut members = members.clone();
        members["NextToken"] = token;
        members["MaxResults"] = json!(most);
        let page = site.call(operation, members).await.ok();
        pages.push(page[list].as_array().unwrap().clone());
        token = page.get("NextToken").cloned().unwrap_or_default();
        if token.is_null() {
            return pages;
        }
    }
}

#[tokio::test]
async fn every_list_is_whole_whatever_the_size_of_its_pages() {
    let site = busy(Options::default()).await;
    for (operation, members, list, length) in lists() {
        let whole = pages(&site, operation, &members, list, None).await.concat();
        assert_eq!(whole.len(), length, "{operation}");
        for size in 1..=length + 1 {
            let pages = pages(&site, operation, &members, list, Some(size)).await;
            assert_eq!(pages.len(), length.div_ceil(size), "{operation}");
            assert!(pages.iter().all(|page| page.len() <= size));
            assert_eq!(pages.concat(), whole, "{operation}");
        }
    }
}

#[tokio::test]
async fn pages_are_no_larger_than_the_front_is_told_whatever_is_asked_for() {
    let options = Options { most_per_page: NonZeroUsize::new(3), ..Options::default() };
    let site = busy(options).await;
    for (operation, members, list, length) in lists() {
        let pages = pages(&site, operation, &members, list, Some(9)).await;
        assert_eq!(pages.len(), length.div_ceil(3), "{operation}");
    }
}

#[tokio::test]
async fn every_page_is_a_call_of_its_own() {
    let site = busy(Options::default()).await;
    pages(&site, "ListUsers", &json!({}), "Users", Some(4)).await;
    let count = site.center.with(|world, _| world.count("ListUsers".parse().unwrap())).unwrap();
    assert_eq!(count.calls, 3);
}

#[tokio::test]
async fn a_list_of_organizations_may_begin_with_an_empty_page() {
    let site = busy(Options { empty_first_pages: true, ..Options::default() }).await;
    let accounts = pages(&site, "ListAccounts", &json!({}), "Accounts", Some(6)).await;
    assert_eq!(accounts.iter().map(Vec::len).collect::<Vec<_>>(), [0, 6, 4]);
    assert_eq!(pages(&site, "ListUsers", &json!({}), "Users", None).await.len(), 1, "only there");
}

#[tokio::test]
async fn a_token_is_good_for_the_call_it_was_given_for_and_no_other() {
    let site = busy(Options::default()).await;
    let first = site.call("ListUsers", json!({ "MaxResults": 2 })).await.ok();
    let token = first["NextToken"].as_str().unwrap();
    let flipped: String = token.chars().rev().collect();
    let (shortened, _) = token.split_at(token.len() - 2);
    for wrong in [flipped.as_str(), shortened, "AAAA", "not a token"] {
        let reply = site.call("ListUsers", json!({ "NextToken": wrong })).await;
        assert_eq!(reply.code(), "ValidationException", "{wrong}");
    }
    assert_eq!(site.call("ListGroups", json!({ "NextToken": token })).await.code(), "ValidationException");
    let group = json!({ "GroupId": group("admins"), "MaxResults": 1 });
    let first = site.call("ListGroupMemberships", group).await.ok();
    let other = json!({ "GroupId": crate::town::group("n1"), "NextToken": first["NextToken"] });
    assert_eq!(site.call("ListGroupMemberships", other).await.code(), "ValidationException");
    site.call("ListUsers", json!({ "NextToken": token, "MaxResults": 5 })).await.ok();
}

#[tokio::test]
async fn what_stays_is_never_missed_while_others_come_and_go() {
    let site = busy(Options::default()).await;
    let first = site.call("ListUsers", json!({ "MaxResults": 3 })).await.ok();
    let last = first["Users"][2]["UserId"].as_str().unwrap().to_owned();
    site.center.with(|world, now| world.delete_user(now, &last.parse().unwrap())).unwrap();
    site.center.with(|world, now| world.delete_user(now, &user("hanako"))).unwrap();
    let second = site.call("ListUsers", json!({ "NextToken": first["NextToken"] })).await.ok();
    let seen = [first["Users"].as_array().unwrap().as_slice(), second["Users"].as_array().unwrap()].concat();
    assert_eq!(seen.len(), 10);
}

#[tokio::test]
async fn a_page_size_out_of_bounds_is_refused() {
    let site = Site::calm().await;
    for (operation, size) in
        [("ListUsers", 101), ("ListPermissionSets", 101), ("ListUsers", 0), ("ListUsers", -1)]
    {
        let reply = site.call(operation, json!({ "MaxResults": size })).await;
        assert_eq!(reply.code(), "ValidationException", "{operation} {size}");
    }
    site.call("ListUsers", json!({ "MaxResults": 100 })).await.ok();
}
