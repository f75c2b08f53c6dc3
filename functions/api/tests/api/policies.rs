use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{ADMIN, Call, World};

const ELIGIBILITY: &str = "/v1/policies/eligibility";

fn policy(id: &str) -> Value {
    json!({
        "id": id, "name": "Leads in the sandbox", "enabled": true,
        "principals": { "groups": ["g-leads"] }, "targets": { "units": ["ou-town-sandbox"] },
        "permission_sets": { "these": [ADMIN] }, "max_duration_minutes": 120,
        "approval_required": false, "ticket_required": false, "note": "遊び場です",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut policy = policy("leads-sandbox");
    policy[name] = value;
    policy
}

#[tokio::test]
async fn a_policy_is_created_read_changed_and_deleted_and_works_at_once() {
    let world = World::new().await;
    let created = world.post("adam", ELIGIBILITY, policy("leads-sandbox")).await;
    assert_eq!(created.status, 201);
    let version = created.json()["version"].as_u64().unwrap();
    assert_eq!(world.get("rin", "/v1/eligibility").await.ok()["items"].as_array().unwrap().len(), 1);

    let one = format!("{ELIGIBILITY}/leads-sandbox");
    let read = world.get("odette", &one).await.ok();
    assert_eq!(read["version"], version);
    assert_eq!(read["policy"]["permission_sets"], json!({ "these": [ADMIN] }));
    assert_eq!(read["policy"]["note"], "遊び場です");

    let disabled = with("enabled", json!(false));
    let changed = world.call("adam", Call::put(&one, version, disabled.clone())).await.ok();
    assert_eq!(changed["version"], version + 1);
    assert_eq!(world.get("rin", "/v1/eligibility").await.ok()["items"], json!([]));
    let same = world.call("adam", Call::put(&one, version + 1, disabled)).await.ok();
    assert_eq!(same["version"], version + 1);

    let deleted = world.call("adam", Call::delete(&one, version + 1)).await;
    assert_eq!((deleted.status.as_u16(), deleted.text.as_str()), (204, ""));
    assert_eq!(world.get("adam", &one).await.brief(), "404 not-found");
    let kinds: Vec<_> = world.events().await.iter().rev().take(3).map(|event| event.kind.clone()).collect();
    assert_eq!(kinds, ["policy-deleted", "policy-changed", "policy-created"]);
}

#[tokio::test]
async fn the_list_goes_on_behind_its_cursor() {
    let world = World::new().await;
    let all = world.get("odette", ELIGIBILITY).await.ok();
    assert_eq!(all["next"], Value::Null);
    let items = all["items"].as_array().unwrap();
    let first = items[0]["policy"]["id"].as_str().unwrap();
    let rest = world.get("odette", &format!("{ELIGIBILITY}?cursor={first}")).await.ok();
    assert_eq!(rest["items"].as_array().unwrap()[..], items[1..]);
    assert_eq!(rest["version"], all["version"]);
}

#[tokio::test]
async fn what_is_read_can_be_sent_back() {
    let world = World::new().await;
    for kind in ["eligibility", "approvers", "guardrails"] {
        let all = world.get("adam", &format!("/v1/policies/{kind}")).await.ok();
        for item in all["items"].as_array().unwrap() {
            let path = format!("/v1/policies/{kind}/{}", item["policy"]["id"].as_str().unwrap());
            let version = item["version"].as_u64().unwrap();
            let again = world.call("adam", Call::put(&path, version, item["policy"].clone())).await.ok();
            assert_eq!(again, *item);
        }
    }
    let settings = world.get("adam", "/v1/settings").await.ok();
    let version = settings["version"].as_u64().unwrap();
    let put = Call::put("/v1/settings", version, settings["settings"].clone());
    assert_eq!(world.call("adam", put).await.ok(), settings);
}

#[tokio::test]
async fn an_edit_that_does_not_fit_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let before = world.changes().await;
    let create = |policy: Value| Call::post(ELIGIBILITY, policy);
    let one = format!("{ELIGIBILITY}/production");
    let missing = Call::new(Method::PUT, &one).json(policy("production"));
    let table = [
        (create(with("principals", json!({ "groups": ["g-nobody"] }))), "422 bad-policy"),
        (create(with("targets", json!({ "accounts": ["999999999999"] }))), "422 bad-policy"),
        (create(with("principals", json!({}))), "422 bad-policy"),
        (create(with("max_duration_minutes", json!(5))), "422 bad-policy"),
        (create(with("id", json!("production"))), "409 policy-exists"),
        (create(with("id", json!("Not An Id"))), "400 malformed-body"),
        (create(with("name", json!(""))), "400 malformed-body"),
        (create(with("permission_sets", json!({ "these": [] }))), "422 bad-policy"),
        (create(with("permission_sets", json!("some"))), "400 malformed-body"),
        (create(with("priority", json!(1))), "400 malformed-body"),
        (Call::put(&one, 4, policy("production")), "412 stale-version"),
        (Call::put(&one, 1, policy("another")), "400 id-mismatch"),
        (Call::put(&format!("{ELIGIBILITY}/nowhere"), 1, policy("nowhere")), "404 not-found"),
        (missing.clone(), "428 version-required"),
        (missing.clone().header("if-match", "1"), "400 malformed-version"),
        (missing.clone().header("if-match", "*"), "400 malformed-version"),
        (missing.clone().header("if-match", "\"+1\""), "400 malformed-version"),
        (missing.clone().header("if-match", "\"01\""), "400 malformed-version"),
        (missing.header("if-match", "\"1\", \"2\""), "400 malformed-version"),
        (Call::delete(&one, 4), "412 stale-version"),
    ];
    for (call, expected) in table {
        let what = format!("{call:?}");
        let answer = world.call("adam", call).await;
        assert_eq!(answer.brief(), expected, "{what}: {}", answer.text);
    }
    assert_eq!(world.changes().await, before);
}

#[tokio::test]
async fn a_policy_may_be_longer_than_anything_else_that_is_sent() {
    let world = World::new().await;
    let sent = |path: &str, body: &Value, kib: usize| {
        Call::new(Method::POST, path).raw(format!("{body}{}", " ".repeat(kib * 1024)))
    };
    let trial = json!({ "account": "333333333333", "permission_set": ADMIN,
        "change": { "eligibility": policy("leads-sandbox") } });
    let of_settings = |kib: usize| Call { method: Method::PUT, ..sent("/v1/settings", &json!({}), kib) };
    let table = [
        (sent("/v1/policies/try", &trial, 255), "200"),
        (sent("/v1/policies/try", &trial, 256), "413 too-large"),
        (sent(ELIGIBILITY, &policy("leads-sandbox"), 256), "413 too-large"),
        (sent(ELIGIBILITY, &policy("leads-sandbox"), 255), "201"),
        (of_settings(64).header("if-match", "\"1\""), "413 too-large"),
    ];
    for (call, expected) in table {
        let what = format!("{} {}", call.method, call.path);
        assert_eq!(world.call("adam", call).await.brief(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_refused_policy_comes_with_every_problem() {
    let world = World::new().await;
    let mut bad = with("principals", json!({ "groups": ["g-nobody"], "users": ["u-nobody"] }));
    let answer = world.post("adam", ELIGIBILITY, bad.clone()).await.json();
    assert_eq!(answer["reasons"][0]["code"], "unknown-reference");
    let ids: Vec<_> = answer["reasons"].as_array().unwrap().iter().map(|r| &r["parameters"]["id"]).collect();
    assert_eq!(ids, [&json!("u-nobody"), &json!("g-nobody")]);
    bad["principals"] = json!({});
    bad["max_duration_minutes"] = json!(5);
    let answer = world.post("adam", ELIGIBILITY, bad).await.json();
    let codes: Vec<_> = answer["reasons"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, [&json!("empty-list"), &json!("out-of-range")]);
}

#[tokio::test]
async fn settings_out_of_range_or_of_an_older_version_are_refused() {
    let world = World::new().await;
    let untouched = world.get("adam", "/v1/settings").await.ok();
    let mut settings = untouched["settings"].clone();
    settings["maximum_duration_minutes"] = json!(600);
    // The policies that were written meanwhile make no edit of the settings stale.
    world
        .call("adam", Call::put("/v1/settings", untouched["version"].as_u64().unwrap(), settings))
        .await
        .ok();
    let read = world.get("adam", "/v1/settings").await.ok();
    let version = read["version"].as_u64().unwrap();
    let with = |name: &str, value: Value| {
        let mut settings = read["settings"].clone();
        settings[name] = value;
        settings
    };
    let table = [
        (version, with("maximum_duration_minutes", json!(10)), "422 bad-policy"),
        (version, with("expiry_warning_minutes", json!(121)), "422 bad-policy"),
        (version, with("slack_audit_channel", json!("two words")), "400 malformed-body"),
        (version, with("colour", json!("red")), "400 malformed-body"),
        (version - 1, with("ticket_required", json!(true)), "412 stale-version"),
    ];
    for (version, settings, expected) in table {
        let answer = world.call("adam", Call::put("/v1/settings", version, settings)).await;
        assert_eq!(answer.brief(), expected, "{}", answer.text);
    }
    let put = Call::put("/v1/settings", version, with("ticket_required", json!(true)));
    assert_eq!(world.call("adam", put).await.ok()["version"], version + 1);
    assert_eq!(world.get("alice", "/v1/eligibility").await.ok()["settings"]["ticket_required"], true);
}

#[tokio::test]
async fn an_edit_by_anybody_else_is_recorded_even_if_it_is_malformed() {
    let world = World::new().await;
    world.post("odette", ELIGIBILITY, policy("mine")).await;
    world.call("alice", Call::put("/v1/settings", 1, json!({ "nonsense": true }))).await;
    assert_eq!(
        world.attempts().await,
        ["u-odette POST /v1/policies/eligibility not-found", "u-alice PUT /v1/settings not-found"]
    );
}

#[tokio::test]
async fn an_edit_of_an_administrator_that_is_refused_is_recorded_with_what_was_wrong() {
    let world = World::new().await;
    let one = |kind: &str, id: &str| format!("/v1/policies/{kind}/{id}");
    let mut settings = world.get("adam", "/v1/settings").await.ok()["settings"].clone();
    settings["expiry_warning_minutes"] = json!(121);
    let calls = [
        Call::post(ELIGIBILITY, with("principals", json!({}))),
        Call::post(ELIGIBILITY, with("id", json!("production"))),
        Call::put(&one("eligibility", "production"), 4, policy("production")),
        Call::delete(&one("guardrails", "no-read-in-shop"), 1),
        Call::delete(&one("approvers", "nobody"), 1),
        Call::put("/v1/settings", 0, settings.clone()),
        Call::put("/v1/settings", 7, json!({ "nonsense": true })),
    ];
    let before = world.changes().await;
    for call in calls {
        world.call("adam", call).await;
    }
    assert_eq!(world.changes().await, before);
    assert_eq!(
        world.attempts().await,
        [
            "u-adam create eligibility policy leads-sandbox bad-policy",
            "u-adam create eligibility policy production policy-exists",
            "u-adam change eligibility policy production stale-version",
            "u-adam delete guardrail no-read-in-shop stale-version",
            "u-adam delete approver policy nobody not-found",
            "u-adam change settings bad-policy",
        ]
    );
    let events = world.events().await;
    let details: Vec<_> = events.iter().filter_map(|event| event.data["detail"].as_str()).collect();
    assert_eq!(details[0], "principals is empty; name at least one");
    assert_eq!(details[5], "expiry_warning_minutes must be between 1 and 120");
}

#[tokio::test]
async fn of_a_policy_with_many_problems_a_few_are_recorded_and_refused_edits_are_bounded_like_other_attempts()
{
    let world = World::new().await;
    let strangers: Vec<_> = (0..400).map(|at| format!("u-stranger-{at}")).collect();
    for _ in 0..65 {
        world.post("adam", ELIGIBILITY, with("principals", json!({ "users": strangers }))).await;
    }
    assert_eq!(world.attempts().await.len(), 60);
    let events = world.events().await;
    let detail = events.iter().find_map(|event| event.data["detail"].as_str()).unwrap();
    assert!(detail.ends_with("395 more problems") && detail.len() < 1000, "{detail}");
}
