//! Who gets what: every role × every operation, by really calling it.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, SHOP, World, sign, wanted};

/// A column of the table, and whose token it is.
const ROLES: [(&str, &str); 9] = [
    ("anonymous", "nobody"),
    ("plain user", "paul"),
    ("requester", "alice"),
    ("reviewer", "rin"),
    ("past reviewer", "pat"),
    ("administrator", "adam"),
    ("auditor", "odette"),
    ("disabled user", "dora"),
    ("foreign user", "faye"),
];

/// What the calls are about: a request that waits, and one whose access is active.
struct Stage {
    world: World,
    pending: String,
    active: String,
}

impl Stage {
    /// Alice has asked twice, and linked a Slack account. Pat has reviewed both, and may not review any more.
    async fn set() -> Self {
        let world = World::new().await;
        let pending = world.asked("alice", PAYMENTS, ADMIN).await;
        let active = world.asked("alice", SHOP, ADMIN).await;
        for (who, id) in [("pat", &pending), ("pat", &active), ("rin", &active)] {
            world.post(who, &format!("/v1/requests/{id}/approve"), json!({})).await.ok();
        }
        assert_eq!(world.drive(&active).await, "active");
        world.leave_group("pat", "g-leads");
        world.sync().await;
        world.linked("alice", "slack/T1/U1").await;
        Self { world, pending, active }
    }

    /// A well-formed call of an operation.
    ///
    /// # Panics
    /// For an operation that this table does not know.
    fn call(&self, operation: &str) -> Call {
        let command = |id: &str, name: &str| Call::post(&format!("/v1/requests/{id}/{name}"), json!({}));
        match operation {
            "get_health" => Call::get("/healthz"),
            "get_me" => Call::get("/v1/me"),
            "link_slack" => Call::new(Method::POST, "/v1/me/slack-link"),
            "list_my_slack_links" => Call::get("/v1/me/slack-links"),
            "unlink_my_slack" => Call::new(Method::DELETE, "/v1/me/slack-links/T1/U1"),
            "list_slack_links" => Call::get("/v1/slack-links"),
            "unlink_slack" => Call::new(Method::DELETE, "/v1/slack-links/u-alice/T1/U1"),
            "list_eligibility" => Call::get("/v1/eligibility"),
            "get_verdict" => Call::get(&format!(
                "/v1/eligibility/verdict?account={PAYMENTS}&permission_set={ADMIN}&duration_minutes=60"
            )),
            "list_requests" => Call::get("/v1/requests"),
            "list_requests scope=all" => Call::get("/v1/requests?scope=all"),
            "submit_request" => Call::submit("key", wanted(PLAYGROUND, ADMIN)),
            "get_request" => Call::get(&format!("/v1/requests/{}", self.pending)),
            "approve_request" => command(&self.pending, "approve"),
            "deny_request" => command(&self.pending, "deny"),
            "withdraw_request" => command(&self.pending, "withdraw"),
            "revoke_request" => command(&self.active, "revoke"),
            "get_settings" => Call::get("/v1/settings"),
            "change_settings" => Call::put("/v1/settings", 0, settings()),
            "list_audit" => Call::get("/v1/audit"),
            "list_users" => Call::get("/v1/directory/users"),
            "list_groups" => Call::get("/v1/directory/groups"),
            "list_accounts" => Call::get("/v1/directory/accounts"),
            "list_units" => Call::get("/v1/directory/units"),
            "try_policies" => Call::post(
                "/v1/policies/try",
                json!({ "account": PAYMENTS, "permission_set": ADMIN, "change": { "guardrails": merged(&guardrail(), "short") } }),
            ),
            "list_policy_findings" => Call::get("/v1/policies/findings"),
            "list_permission_sets" => Call::get("/v1/directory/permission-sets"),
            policies => policy_call(policies),
        }
    }
}

fn policy_call(operation: &str) -> Call {
    let (kind, id, version, policy) = match operation.split_once('_').unwrap().1 {
        "eligibility_policies" | "eligibility_policy" => ("eligibility", "production", 1, eligibility()),
        "approver_policies" | "approver_policy" => ("approvers", "leads", 3, approver()),
        "guardrails" | "guardrail" => ("guardrails", "no-read-in-shop", 4, guardrail()),
        _ => panic!("the operation {operation} is missing here; say how to call it"),
    };
    let (all, one) = (format!("/v1/policies/{kind}"), format!("/v1/policies/{kind}/{id}"));
    let with_id = |id: &str| merged(&policy, id);
    match operation.split('_').next().unwrap() {
        "list" => Call::get(&all),
        "get" => Call::get(&one),
        "create" => Call::post(&all, with_id("another")),
        "change" => Call::put(&one, version, with_id(id)),
        "delete" => Call::delete(&one, version),
        _ => panic!("the operation {operation} is missing here; say how to call it"),
    }
}

fn merged(policy: &Value, id: &str) -> Value {
    let mut policy = policy.clone();
    policy["id"] = id.into();
    policy
}

fn eligibility() -> Value {
    json!({
        "name": "Developers", "enabled": true, "principals": { "groups": ["g-developers"] },
        "targets": { "units": ["ou-town-production"] }, "permission_sets": "all",
        "max_duration_minutes": 120, "approval_required": true, "ticket_required": false,
    })
}

fn approver() -> Value {
    json!({
        "name": "One lead", "enabled": true, "targets": { "all": true }, "permission_sets": "all",
        "requirements": [{ "reviewers": { "groups": ["g-leads"] }, "quorum": 1 }],
    })
}

fn guardrail() -> Value {
    json!({ "name": "Two hours at most", "enabled": true, "effect": { "cap": { "minutes": 120 } } })
}

fn settings() -> Value {
    json!({
        "requests_accepted": true, "maximum_duration_minutes": 600, "pending_lapses_after_minutes": 60, "justification_required": true,
        "ticket_required": false, "expiry_warning_minutes": 15,
        "channels": { "slack": false, "sns": false, "email": false },
    })
}

/// The operations of the OpenAPI document, and those whose answer depends on more than the address.
fn operations() -> Vec<String> {
    let document = serde_json::to_value(kari_api::openapi()).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let documented = items.flat_map(|item| item.as_object().unwrap().values());
    let ids = documented.map(|operation| operation["operationId"].as_str().unwrap().to_owned());
    let mut operations: Vec<_> = ids.chain(["list_requests scope=all".to_owned()]).collect();
    operations.sort();
    operations
}

#[tokio::test]
async fn every_role_gets_at_every_operation_what_the_table_says() {
    let mut table = String::new();
    let mut stage = Stage::set().await;
    for operation in operations() {
        let mut outcomes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (role, who) in ROLES {
            let call = stage.call(&operation);
            let commands = call.method != Method::GET;
            let answer = stage.world.call(who, call).await;
            if commands && answer.status.is_success() {
                stage = Stage::set().await;
            }
            outcomes.entry(answer.brief()).or_default().push(role);
        }
        writeln!(table, "{operation}").unwrap();
        for (outcome, roles) in outcomes {
            writeln!(table, "    {outcome:22} {}", roles.join(", ")).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn a_request_one_may_not_see_is_like_one_that_does_not_exist_whatever_one_does() {
    let stage = Stage::set().await;
    let nowhere = "00000000-0000-4000-8000-000000000000";
    for name in ["approve", "deny", "withdraw", "revoke"] {
        let path = |id: &str| format!("/v1/requests/{id}/{name}");
        let hidden = stage.world.post("paul", &path(&stage.pending), json!({})).await;
        let missing = stage.world.post("paul", &path(nowhere), json!({})).await;
        assert_eq!(hidden.brief(), "404 not-found", "{name}");
        assert_eq!(hidden.text, missing.text, "{name}");
    }
    let attempts = stage.world.attempts().await;
    assert_eq!(attempts.len(), 8, "{attempts:?}");
    assert!(attempts.contains(&"u-paul approve not-found".to_owned()));
}

#[tokio::test]
async fn an_approver_who_leaves_the_group_loses_the_right_at_once_without_a_sync() {
    let stage = Stage::set().await;
    stage.world.leave_group("rin", "g-leads");
    let answer = stage.world.post("rin", &format!("/v1/requests/{}/approve", stage.pending), json!({})).await;
    assert_ne!(answer.status, 200);
    assert_eq!(
        stage.world.get("odette", &format!("/v1/requests/{}", stage.pending)).await.ok()["state"],
        "pending"
    );
}

#[tokio::test]
async fn roles_in_a_token_give_nothing() {
    let world = World::new().await;
    let mut claims = crate::tokens::claims("u-paul", world.kari.clock.now());
    claims["cognito:groups"] = json!(["administrators", "g-administrators"]);
    claims["roles"] = json!(["administrator"]);
    let token = sign(&claims);
    let answer = world.send(Call::get("/v1/audit").request(Some(&token))).await;
    assert_eq!(answer.brief(), "404 not-found");
}

#[tokio::test]
async fn what_does_not_exist_below_v1_asks_for_a_token_first() {
    let world = World::new().await;
    assert_eq!(world.get("nobody", "/v1/nothing").await.brief(), "401 signed-out");
    assert_eq!(world.get("paul", "/v1/nothing").await.brief(), "404 not-found");
    assert_eq!(
        world.call("paul", Call::new(Method::DELETE, "/v1/me")).await.brief(),
        "405 method-not-allowed"
    );
    assert_eq!(world.get("nobody", "/nothing").await.brief(), "404 not-found");
}

#[tokio::test]
async fn what_somebody_tries_who_is_disabled_is_recorded() {
    let world = World::new().await;
    let answer = world.call("dora", Call::submit("key", wanted(PLAYGROUND, ADMIN))).await;
    assert_eq!(answer.brief(), "403 unknown-caller");
    assert_eq!(world.attempts().await, ["u-dora POST /v1/requests unknown-caller"]);
    assert_eq!(world.get("dora", "/v1/me").await.brief(), "403 unknown-caller");
    assert_eq!(world.attempts().await.len(), 1, "looking is no attempt");
}
