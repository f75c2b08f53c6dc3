//! A change of the policies is tried out before it is made, and then does what the trial said.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{ADMIN, Answer, Call, PAYMENTS, PLAYGROUND, READ, SHOP, World};

const TRY: &str = "/v1/policies/try";

/// Everybody of the town who could ask for something.
const PEOPLE: [&str; 7] = ["paul", "alice", "rin", "pat", "lou", "adam", "odette"];

async fn tried(world: &World, account: &str, change: Value) -> Answer {
    let question = json!({ "account": account, "permission_set": ADMIN, "change": change });
    world.post("adam", TRY, question).await
}

/// Who it concerns and how: `lou gains: – → 60 with approval`, and why not.
async fn differences(world: &World, account: &str, change: Value) -> Vec<String> {
    let trial = tried(world, account, change).await.ok();
    let people = trial["people"].as_array().unwrap().iter();
    let line = |tried: &Value| {
        let reasons: Vec<_> =
            tried["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
        let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
        format!(
            "{} {}: {} → {}{why}",
            tried["person"]["user_name"].as_str().unwrap(),
            tried["difference"].as_str().unwrap(),
            reach(&tried["before"]),
            reach(&tried["after"]),
        )
    };
    people.map(line).collect()
}

fn reach(reach: &Value) -> String {
    if reach.is_null() {
        return "–".to_owned();
    }
    let free = reach["max_duration_without_approval_minutes"].as_u64();
    let ticket = if reach["ticket_required"] == true { " with a ticket" } else { "" };
    match (reach["max_duration_minutes"].as_u64().unwrap(), free) {
        (longest, Some(free)) if longest == free => format!("{longest} free{ticket}"),
        (longest, Some(free)) => format!("{longest}, {free} free{ticket}"),
        (longest, None) => format!("{longest} with approval{ticket}"),
    }
}

fn eligibility(id: &str, groups: &Value, minutes: u32, approval_required: bool) -> Value {
    json!({
        "id": id, "name": "Leads in production", "enabled": true,
        "principals": { "groups": groups }, "targets": { "units": ["ou-town-production"] },
        "permission_sets": { "these": [ADMIN] }, "max_duration_minutes": minutes,
        "approval_required": approval_required, "ticket_required": false,
    })
}

fn guardrail(effect: &Value) -> Value {
    json!({ "id": "careful", "name": "Careful", "enabled": true, "targets": { "accounts": [PAYMENTS] }, "effect": effect })
}

fn approvers(quorum: u8) -> Value {
    json!({
        "id": "leads", "name": "Leads", "enabled": true, "targets": { "all": true }, "permission_sets": "all",
        "requirements": [{ "reviewers": { "groups": ["g-leads"] }, "quorum": quorum }],
    })
}

#[tokio::test]
async fn without_a_change_it_tells_who_could_ask_and_who_would_approve() {
    let world = World::new().await;
    assert_eq!(
        differences(&world, PAYMENTS, Value::Null).await,
        ["alice keeps: 240 with approval → 240 with approval"]
    );
    let trial = tried(&world, PAYMENTS, Value::Null).await.ok();
    assert_eq!(trial["requirements_before"], trial["requirements_after"]);
    let asked = &trial["requirements_after"][0];
    assert_eq!((&asked["quorum"], &asked["reviewers_count"]), (&json!(2), &json!(4)));
    assert_eq!(asked["policy"]["name"], "Two leads");
    assert_eq!(trial["counts"], json!({ "gains": 0, "loses": 0, "changes": 0, "keeps": 1, "refused": 0 }));
}

#[tokio::test]
async fn every_kind_of_change_shows_who_gains_loses_and_keeps_what() {
    let world = World::new().await;
    let leads = |minutes, approval| json!({ "eligibility": eligibility("leads", &json!(["g-leads"]), minutes, approval) });
    let table = [
        (
            leads(60, true),
            vec![
                "lou gains: – → 60 with approval",
                "pat gains: – → 60 with approval",
                "rin gains: – → 60 with approval",
                "alice keeps: 240 with approval → 240 with approval",
            ],
        ),
        (
            leads(60, false),
            vec![
                "lou gains: – → 60 free",
                "pat gains: – → 60 free",
                "rin gains: – → 60 free",
                "alice changes: 240 with approval → 240, 60 free",
            ],
        ),
        (
            json!({ "eligibility": eligibility("production", &json!(["g-developers"]), 120, true) }),
            vec!["alice changes: 240 with approval → 120 with approval"],
        ),
        (
            json!({ "delete": { "kind": "eligibility", "id": "production" } }),
            vec!["alice loses: 240 with approval → – (no-eligibility-policy)"],
        ),
        (
            json!({ "guardrails": guardrail(&json!("forbid")) }),
            vec!["alice loses: 240 with approval → – (forbidden-by-guardrail)"],
        ),
        (
            json!({ "guardrails": guardrail(&json!({ "cap": { "minutes": 30 } })) }),
            vec!["alice changes: 240 with approval → 30 with approval"],
        ),
        (
            json!({ "delete": { "kind": "approvers", "id": "leads" } }),
            vec!["alice loses: 240 with approval → – (no-approver-policy)"],
        ),
        // Alice is one of the four leads, and nobody reviews their own request.
        (
            json!({ "approvers": approvers(4) }),
            vec!["alice loses: 240 with approval → – (not-enough-reviewers)"],
        ),
        (json!({ "approvers": approvers(3) }), vec!["alice keeps: 240 with approval → 240 with approval"]),
    ];
    for (change, expected) in table {
        assert_eq!(differences(&world, PAYMENTS, change.clone()).await, expected, "{change}");
    }
}

#[tokio::test]
async fn whoever_a_new_policy_names_in_vain_is_told_with_the_reason() {
    let world = World::new().await;
    let mut reading = eligibility("leads", &json!(["g-leads", "g-auditors"]), 60, false);
    reading["permission_sets"] = json!({ "these": [READ] });
    let question = json!({ "account": SHOP, "permission_set": READ, "change": { "eligibility": reading } });
    let trial = world.post("adam", TRY, question).await.ok();
    // Alice is there already: the town's guardrail refuses her whatever policy names her.
    assert_eq!(trial["counts"], json!({ "gains": 0, "loses": 0, "changes": 0, "keeps": 0, "refused": 5 }));
    for tried in trial["people"].as_array().unwrap() {
        assert_eq!(tried["reasons"][0]["code"], "forbidden-by-guardrail");
        assert_eq!(tried["reasons"][0]["parameters"]["policy"]["name"], "Nobody reads in the shop");
    }
}

#[tokio::test]
async fn where_too_few_could_approve_only_what_needs_no_approval_is_left() {
    let world = World::new().await;
    let free = eligibility("free", &json!(["g-developers"]), 60, false);
    world.post("adam", "/v1/policies/eligibility", free).await.ok();
    assert_eq!(
        differences(&world, PAYMENTS, json!({ "approvers": approvers(4) })).await,
        ["alice changes: 240, 60 free → 60 free (not-enough-reviewers)"]
    );
}

#[tokio::test]
async fn what_is_saved_then_does_what_the_trial_said() {
    let create = |kind: &str, policy: Value| (Method::POST, format!("/v1/policies/{kind}"), 0, policy);
    let replace = |kind: &str, id: &str, version, policy: Value| {
        (Method::PUT, format!("/v1/policies/{kind}/{id}"), version, policy)
    };
    let everyone = {
        let mut change = for_everyone();
        change["eligibility"]["targets"] = json!({ "all": true });
        change["eligibility"].take()
    };
    let changes = [
        ("eligibility", create("eligibility", everyone)),
        ("eligibility", create("eligibility", eligibility("leads", &json!(["g-leads"]), 480, true))),
        ("approvers", replace("approvers", "leads", 3, approvers(4))),
        ("approvers", replace("approvers", "leads", 3, approvers(1))),
        ("guardrails", create("guardrails", guardrail(&json!("require-approval")))),
        ("guardrails", create("guardrails", guardrail(&json!({ "cap": { "minutes": 90 } })))),
    ];
    for (kind, (method, path, version, policy)) in changes {
        let world = World::new().await;
        let call = Call::new(method, &path).header("if-match", &format!("\"{version}\"")).json(&policy);
        for account in [PAYMENTS, PLAYGROUND] {
            let trial = tried(&world, account, json!({ kind: policy })).await.ok();
            assert_eq!(verdicts(&world, account).await, told(&trial, "before"), "{policy}");
        }
        let trials = [
            (PAYMENTS, tried(&world, PAYMENTS, json!({ kind: policy })).await.ok()),
            (PLAYGROUND, tried(&world, PLAYGROUND, json!({ kind: policy })).await.ok()),
        ];
        world.call("adam", call).await.ok();
        for (account, trial) in trials {
            assert_eq!(verdicts(&world, account).await, told(&trial, "after"), "{policy}");
        }
    }
}

/// For every person whether they may ask for so many minutes, by asking as each of them.
async fn verdicts(world: &World, account: &str) -> Vec<String> {
    let mut lines = vec![];
    for who in PEOPLE {
        for minutes in MINUTES {
            let query = format!(
                "/v1/eligibility/verdict?account={account}&permission_set={ADMIN}&duration_minutes={minutes}"
            );
            let outcome = world.get(who, &query).await.ok()["outcome"].clone();
            lines.push(format!("{who} {minutes} {}", outcome.as_str().unwrap()));
        }
    }
    lines
}

const MINUTES: [u64; 8] = [15, 45, 60, 90, 120, 240, 480, 500];

/// The same, by what a trial said.
fn told(trial: &Value, side: &str) -> Vec<String> {
    let reach_of = |who: &str| {
        let mut people = trial["people"].as_array().unwrap().iter();
        people.find(|tried| tried["person"]["user_name"] == who).map(|tried| tried[side].clone())
    };
    let outcome = |who: &str, minutes: u64| {
        let reach = reach_of(who).unwrap_or_default();
        let up_to = |name: &str| reach[name].as_u64().is_some_and(|longest| minutes <= longest);
        if up_to("max_duration_without_approval_minutes") {
            "no-approval-needed"
        } else if up_to("max_duration_minutes") {
            "approval-needed"
        } else {
            "ineligible"
        }
    };
    let line = |&who: &&str| MINUTES.map(|minutes| format!("{who} {minutes} {}", outcome(who, minutes)));
    PEOPLE.iter().flat_map(line).collect()
}

#[tokio::test]
async fn a_trial_changes_nothing_and_records_nothing() {
    let world = World::new().await;
    let before = (world.events().await.len(), world.get("adam", "/v1/policies/eligibility").await.ok());
    tried(&world, PAYMENTS, json!({ "eligibility": eligibility("leads", &json!(["g-leads"]), 60, false) }))
        .await
        .ok();
    tried(&world, PAYMENTS, json!({ "delete": { "kind": "eligibility", "id": "production" } })).await.ok();
    let after = (world.events().await.len(), world.get("adam", "/v1/policies/eligibility").await.ok());
    assert_eq!(after, before);
    let attempts = world.post("rin", TRY, json!({ "account": PAYMENTS, "permission_set": ADMIN })).await;
    assert_eq!(attempts.brief(), "404 not-found");
}

#[tokio::test]
async fn what_could_not_be_saved_is_refused_as_saving_it_would_be() {
    let world = World::new().await;
    let bad = json!({ "eligibility": eligibility("leads", &json!(["g-nobody"]), 5, false) });
    let answer = tried(&world, PAYMENTS, bad).await;
    assert_eq!(answer.brief(), "422 bad-policy");
    let problem = answer.json();
    let saved = world
        .post("adam", "/v1/policies/eligibility", eligibility("leads", &json!(["g-nobody"]), 5, false))
        .await
        .json();
    assert_eq!(problem["reasons"], saved["reasons"]);

    let deletion = |id: &str| json!({ "delete": { "kind": "guardrails", "id": id } });
    assert_eq!(tried(&world, PAYMENTS, deletion("nothing")).await.brief(), "404 not-found");
    assert_eq!(
        tried(&world, PAYMENTS, json!({ "delete": { "kind": "settings", "id": "x" } })).await.brief(),
        "400 malformed-body"
    );
    assert_eq!(tried(&world, "999999999999", Value::Null).await.brief(), "422 unknown-account");
    let unknown =
        json!({ "account": PAYMENTS, "permission_set": "arn:aws:sso:::permissionSet/ssoins-town/ps-none" });
    assert_eq!(world.post("adam", TRY, unknown).await.brief(), "422 unknown-permission-set");
}

#[tokio::test]
async fn a_field_that_does_not_fit_is_named() {
    let world = World::new().await;
    let mut policy = eligibility("leads", &json!(["g-leads"]), 60, false);
    policy["name"] = json!("");
    let saved = world.post("adam", "/v1/policies/eligibility", &policy).await.json();
    assert_eq!(saved["code"], "malformed-body");
    assert_eq!(saved["reasons"][0]["code"], "malformed-field");
    assert_eq!(saved["reasons"][0]["parameters"], json!({ "field": "name" }));
    let answer = tried(&world, PAYMENTS, json!({ "eligibility": policy })).await.json();
    assert_eq!(answer["reasons"][0]["parameters"], json!({ "field": "change.eligibility.name" }));
}

fn for_everyone() -> Value {
    let mut policy = eligibility("everyone", &json!([]), 60, false);
    policy["principals"] = json!({ "everyone": true });
    json!({ "eligibility": policy })
}

#[tokio::test]
async fn a_disabled_user_gains_nothing() {
    let world = World::new().await;
    let lines = differences(&world, PAYMENTS, for_everyone()).await;
    let names: Vec<_> = lines.iter().map(|line| line.split_once(':').unwrap().0).collect();
    assert_eq!(
        names,
        ["adam gains", "lou gains", "odette gains", "pat gains", "paul gains", "rin gains", "alice changes"]
    );
}

#[tokio::test]
async fn of_very_many_people_some_are_listed_and_all_are_counted() {
    let world = World::new().await;
    let mut snapshot = world.kari.read_model.load().await.unwrap().as_ref().clone();
    for number in 0..300 {
        let mut user = snapshot.users.values().find(|user| user.user_name == "paul").unwrap().clone();
        user.id = format!("u-{number}").parse().unwrap();
        snapshot.users.insert(user.id.clone(), user);
    }
    world.kari.read_model.save(snapshot).await.unwrap();
    let trial = tried(&world, PAYMENTS, for_everyone()).await.ok();
    assert_eq!(trial["people"].as_array().unwrap().len(), 200);
    assert_eq!((&trial["counts"]["gains"], &trial["counts"]["changes"]), (&json!(306), &json!(1)));
}
