//! The control API.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::Clock;
use kari_domain::time::Instant;
use kari_embedded::identity_center::FaultPlan;
use kari_embedded::identity_center::http::Options;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::calls::creation;
use super::{Site, send, serve};
use crate::town::{PAYMENTS, at, hanako, organization, set, user};

#[tokio::test]
async fn it_says_what_to_call_with() {
    let site = Site::calm().await;
    let instance = site.control("GET /_kari/instance", Value::Null).await.ok();
    assert_eq!(instance["instance_arn"], "arn:aws:sso:::instance/ssoins-1");
    let ask = json!({ "IdentityStoreId": instance["identity_store_id"] });
    site.call("ListUsers", ask).await.ok();
}

#[tokio::test]
async fn calls_and_counts_are_told() {
    let site = Site::calm().await;
    site.call("CreateAccountAssignment", creation("hanako")).await.ok();
    site.call("CreateAccountAssignment", creation("hanako")).await.code();
    site.call("ListUsers", json!({})).await.ok();
    let calls = site.control("GET /_kari/calls?limit=2", Value::Null).await.ok();
    assert_eq!(calls["calls"].as_array().unwrap().len(), 2);
    assert_eq!(calls["calls"][1]["error"], "ConflictException");
    let counts = site.control("GET /_kari/counts", Value::Null).await.ok();
    let creations = json!({ "calls": 2, "errors": 1, "most_in_flight": 1, "most_in_one_second": 2 });
    assert_eq!(counts["operations"]["CreateAccountAssignment"], creations);
    assert_eq!(counts["operations"]["DeleteAccountAssignment"]["calls"], 0);
    assert_eq!(counts["services"]["sso-admin"], creations);
    assert_eq!(counts["services"]["identity-store"]["calls"], 1);
}

#[tokio::test]
async fn the_busiest_second_is_told_until_it_is_forgotten() {
    let site = Site::calm().await;
    let busiest = async || {
        let counts = site.control("GET /_kari/counts", Value::Null).await.ok();
        counts["operations"]["ListUsers"]["most_in_one_second"].clone()
    };
    for seconds in [0, 0, 0, 10, 20, 20] {
        site.clock.advance_to(at(seconds));
        site.call("ListUsers", json!({})).await.ok();
    }
    assert_eq!(busiest().await, 3);
    assert_eq!(site.control("DELETE /_kari/peaks", Value::Null).await.status, 204);
    site.call("ListUsers", json!({})).await.ok();
    assert_eq!(busiest().await, 1);
}

#[tokio::test]
async fn the_most_operations_under_way_are_told_until_they_are_forgotten() {
    let site = Site::calm().await;
    let most = async || {
        let counts = site.control("GET /_kari/counts", Value::Null).await.ok();
        assert!(counts["longest_stall_ms"].is_u64());
        counts["most_operations_under_way"].clone()
    };
    for name in ["hanako", "kenji"] {
        site.call("CreateAccountAssignment", creation(name)).await.ok();
    }
    site.clock.advance_to(at(10));
    site.call("ListUsers", json!({})).await.ok();
    assert_eq!(most().await, 2);
    assert_eq!(site.control("DELETE /_kari/peaks", Value::Null).await.status, 204);
    assert_eq!(most().await, 0);
    site.call("DeleteAccountAssignment", creation("hanako")).await.ok();
    assert_eq!(most().await, 1);
    site.control("DELETE /_kari/peaks", Value::Null).await;
    assert_eq!(most().await, 1, "it is under way still");
}

/// Nobody wakes before two sleep.
struct InPairs(Barrier);

#[async_trait]
impl Clock for InPairs {
    fn now(&self) -> Instant {
        at(0)
    }

    async fn sleep(&self, _: TimeDelta) {
        self.0.wait().await;
    }
}

#[tokio::test]
async fn calls_under_way_together_are_noticed() {
    let options = Options { delay: TimeDelta::seconds(1), ..Options::default() };
    let clock = Arc::new(InPairs(Barrier::new(2)));
    let (address, _center) = serve(&organization(), FaultPlan::calm(), options, clock).await;
    let target = "X-Amz-Target: AWSOrganizationsV20161128.ListRoots\r\n";
    let pair = || async {
        tokio::join!(send(address, "POST /", target, "{}"), send(address, "POST /", target, "{}"))
    };
    for _ in 0..2 {
        let (one, other) = pair().await;
        assert_eq!((one.unwrap().status, other.unwrap().status), (200, 200));
    }
    let counts = send(address, "GET /_kari/counts", "", "").await.unwrap().ok();
    assert_eq!(counts["operations"]["ListRoots"]["most_in_flight"], 2);
    assert_eq!(counts["services"]["organizations"]["most_in_flight"], 2);
}

#[tokio::test]
async fn faults_are_set_off_seen_and_cleared() {
    let site = Site::calm().await;
    for fault in [
        json!({ "fault": "throttle", "seconds": 5 }),
        json!({ "fault": "deny", "seconds": 5 }),
        json!({ "fault": "identity-center-outage", "seconds": 5 }),
        json!({ "fault": "directory-outage", "seconds": 5 }),
        json!({ "fault": "lose-next-response" }),
        json!({ "fault": "lose-next-request" }),
        json!({ "fault": "fail-next-after-accepting" }),
        json!({ "fault": "delay-next-creation" }),
    ] {
        assert_eq!(site.control("POST /_kari/faults", fault).await.status, 204);
    }
    let active = site.control("GET /_kari/faults", Value::Null).await.ok();
    assert_eq!(active["faults"].as_array().unwrap().len(), 8);
    assert!(site.try_call("ListPermissionSets", json!({})).await.is_none());
    assert_eq!(site.control("DELETE /_kari/faults", Value::Null).await.status, 204);
    site.call("ListPermissionSets", json!({})).await.ok();
}

#[tokio::test]
async fn some_fields_of_the_plan_can_be_set_and_a_misspelt_one_cannot() {
    let site = Site::calm().await;
    let amended = site.control("PATCH /_kari/plan", json!({ "throttled_per_mille": 1_000 })).await.ok();
    assert_eq!(amended["throttled_per_mille"], 1_000);
    assert_eq!(site.call("ListPermissionSets", json!({})).await.code(), "ThrottlingException");
    let mut expected = json!(FaultPlan::calm());
    expected["throttled_per_mille"] = json!(1_000);
    assert_eq!(site.control("GET /_kari/plan", Value::Null).await.ok(), expected);
    assert_eq!(site.control("PATCH /_kari/plan", json!({ "throttled": 1 })).await.status, 404);
    assert_eq!(site.control("PATCH /_kari/plan", json!({ "latency": "long" })).await.status, 400);
}

#[tokio::test]
async fn what_others_assign_and_remove_is_seen() {
    let site = Site::calm().await;
    let assignment = json!(hanako());
    let change = |kind: &str| {
        let mut change = assignment.clone();
        change["change"] = json!(kind);
        change
    };
    let seen = async || site.control("GET /_kari/assignments", Value::Null).await.ok();
    assert_eq!(site.control("POST /_kari/changes", change("assign")).await.status, 204);
    let after = seen().await;
    assert_eq!(after["listed"][0]["created_by"], "outside");
    assert_eq!(after["present"][0]["assignment"], assignment);
    assert_eq!(site.control("POST /_kari/changes", change("remove")).await.status, 204);
    assert_eq!(seen().await, json!({ "listed": [], "present": [], "in_flight": [] }));
    site.call("CreateAccountAssignment", creation("kenji")).await.ok();
    assert_eq!(seen().await["in_flight"][0]["description"], "kenji さん · Admin · payments");
}

#[tokio::test]
async fn people_and_accounts_change_behind_karis_back() {
    let site = Site::calm().await;
    let status = async || {
        let described = site.call("DescribeUser", json!({ "UserId": user("kenji") })).await;
        described.body["UserStatus"].clone()
    };
    let account = async |member: &str| {
        let described = site.call("DescribeAccount", json!({ "AccountId": PAYMENTS })).await;
        described.body["Account"][member].clone()
    };
    let change = async |change: Value| {
        assert_eq!(site.control("POST /_kari/changes", change.clone()).await.status, 204, "{change}");
    };
    change(json!({ "change": "disable-user", "user": user("kenji") })).await;
    assert_eq!(status().await, "DISABLED");
    change(json!({ "change": "enable-user", "user": user("kenji") })).await;
    assert_eq!(status().await, "ENABLED");
    change(json!({ "change": "set-membership", "user": user("kenji"), "group": "g-admins", "member": true }))
        .await;
    let members = site.call("ListGroupMemberships", json!({ "GroupId": "g-admins" })).await.ok();
    assert_eq!(members["GroupMemberships"].as_array().unwrap().len(), 2);
    change(json!({ "change": "delete-user", "user": user("kenji") })).await;
    assert_eq!(status().await, Value::Null);
    change(json!({ "change": "set-account-status", "account": PAYMENTS, "status": "suspended" })).await;
    assert_eq!(account("State").await, "SUSPENDED");
    change(json!({ "change": "move-account", "account": PAYMENTS, "parent": "ou-sandbox" })).await;
    let parents = site.call("ListParents", json!({ "ChildId": PAYMENTS })).await.ok();
    assert_eq!(parents["Parents"][0]["Id"], "ou-sandbox");
    change(json!({ "change": "remove-account", "account": PAYMENTS })).await;
    assert_eq!(account("State").await, Value::Null);
    change(json!({ "change": "delete-permission-set", "permission_set": set("Admin") })).await;
    let sets = site.call("ListPermissionSets", json!({})).await.ok();
    assert_eq!(sets["PermissionSets"], json!([set("ReadOnly")]));
}

#[tokio::test]
async fn users_and_accounts_are_added_by_the_hundred() {
    let site = Site::calm().await;
    for _ in 0..2 {
        let users = json!({ "change": "add-users", "count": 50 });
        assert_eq!(site.control("POST /_kari/changes", users).await.status, 204);
        let accounts = json!({ "change": "add-accounts", "count": 50, "parent": "ou-sandbox" });
        assert_eq!(site.control("POST /_kari/changes", accounts).await.status, 204);
    }
    let users = site.call("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 100);
    assert!(users["NextToken"].is_string(), "there were three already");
    let count = site
        .center
        .with(|world, now| world.list_accounts_for_parent(now, &"ou-sandbox".parse().unwrap()))
        .unwrap()
        .unwrap()
        .len();
    assert_eq!(count, 101);
}

#[tokio::test]
async fn who_is_added_has_an_id_that_nobody_ever_had() {
    let site = Site::calm().await;
    let add = json!({ "change": "add-users", "count": 1 });
    let extras = async || -> Vec<Value> {
        assert_eq!(site.control("POST /_kari/changes", add.clone()).await.status, 204);
        let users = site.call("ListUsers", json!({})).await.ok()["Users"].as_array().unwrap().clone();
        let ids = users.iter().map(|user| user["UserId"].clone());
        ids.filter(|id| !id.as_str().unwrap().starts_with("u-")).collect()
    };
    let first = extras().await;
    let delete = json!({ "change": "delete-user", "user": first[0] });
    assert_eq!(site.control("POST /_kari/changes", delete).await.status, 204);
    let second = extras().await;
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_change_of_something_that_does_not_exist_is_refused() {
    let site = Site::calm().await;
    let mut unknown = json!(hanako());
    unknown["change"] = json!("assign");
    unknown["principal"] = json!("USER/u-nobody");
    let mut absent = json!(hanako());
    absent["change"] = json!("remove");
    for (change, status) in [
        (unknown, 404),
        (absent, 404),
        (json!({ "change": "delete-user", "user": "u-nobody" }), 404),
        (json!({ "change": "move-account", "account": PAYMENTS, "parent": "ou-none" }), 404),
        (json!({ "change": "add-users", "count": 10_001 }), 400),
    ] {
        let reply = site.control("POST /_kari/changes", change.clone()).await;
        assert_eq!(reply.status, status, "{change}");
        assert!(reply.body["message"].is_string());
    }
    let before = site.center.with(|world, _| world.changes()).unwrap();
    assert_eq!(before, 0);
}
