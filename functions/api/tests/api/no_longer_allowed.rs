//! Policies change, and what was approved goes on: those who see all are told what would not be allowed now.

use serde_json::{Value, json};

use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, World};

/// Changes one field of the policy by which Alice plays.
async fn change(world: &World, field: &str, value: Value) {
    let path = "/v1/policies/eligibility/sandbox";
    let found = world.get("adam", path).await.ok();
    let mut policy = found["policy"].clone();
    policy[field] = value;
    world.call("adam", Call::put(path, found["version"].as_u64().unwrap(), policy)).await.ok();
}

fn codes(request: &Value) -> Vec<String> {
    let reasons = request["no_longer_allowed"].as_array().unwrap().iter();
    reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

async fn told(world: &World, who: &str, id: &str) -> Vec<String> {
    codes(&world.get(who, &format!("/v1/requests/{id}")).await.ok())
}

#[tokio::test]
async fn whoever_sees_all_is_told_which_active_grants_the_policies_would_not_allow_any_more() {
    let world = World::new().await;
    let id = world.asked("alice", PLAYGROUND, ADMIN).await;
    assert_eq!(world.drive(&id).await, "active");
    assert_eq!(told(&world, "adam", &id).await, [""; 0]);

    change(&world, "enabled", json!(false)).await;
    for who in ["adam", "odette"] {
        assert_eq!(told(&world, who, &id).await, ["no-eligibility-policy"], "{who}");
        let active = world.get(who, "/v1/requests?scope=active").await.ok();
        assert_eq!(codes(&active["items"][0]), ["no-eligibility-policy"], "{who}");
    }
    // What the policies would say of it now is nobody else's to know.
    for who in ["alice", "rin"] {
        assert_eq!(told(&world, who, &id).await, [""; 0], "{who}");
    }
    assert_eq!(world.drive(&id).await, "active", "nothing ends by it");
}

#[tokio::test]
async fn what_was_approved_by_policy_and_would_need_approval_now_says_so() {
    let world = World::new().await;
    let id = world.asked("alice", PLAYGROUND, ADMIN).await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    change(&world, "approval_required", json!(true)).await;
    assert_eq!(told(&world, "odette", &id).await, ["approval-now-needed"]);
    assert_eq!(told(&world, "odette", &waiting).await, [""; 0], "it is not approved yet");
    assert_eq!(world.drive(&id).await, "closed");
    assert_eq!(told(&world, "odette", &id).await, [""; 0], "it is over");
}
