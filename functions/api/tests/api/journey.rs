use kari_domain::request::{EndCause, Evidence, Outcome, RequestEvent};
use kari_domain::time::Minutes;
use serde_json::{Value, json};

use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, READ, SHOP, WHY, World, wanted};

#[tokio::test]
async fn a_request_is_made_approved_by_two_used_and_over() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let path = format!("/v1/requests/{id}");
    let pending = world.get("alice", &path).await.ok();
    assert_eq!(pending["state"], "pending");
    assert_eq!(pending["actions"], json!(["withdraw"]));
    assert_eq!(pending["account"]["path"].as_array().unwrap().len(), 2);
    assert_eq!(pending["justification"], WHY);

    let once = world.post("rin", &format!("{path}/approve"), json!({ "comment": "見ました" })).await.ok();
    assert_eq!(once["state"], "pending");
    assert_eq!(once["requirements"][0]["met_by"][0]["display_name"], "Rin Reviewer");
    assert_eq!((&once["requirements"][0]["met"], &once["waits_for_caller"]), (&json!(false), &json!(false)));
    assert_eq!(once["reviews"][0]["comment"], "見ました");
    let twice = world.post("pat", &format!("{path}/approve"), json!({})).await.ok();
    assert_eq!((&twice["state"], &twice["approval"]), (&json!("approved"), &json!("reviewers")));
    assert_eq!(twice["requirements"][0]["met"], true);

    assert_eq!(world.drive(&id).await, "active");
    let active = world.get("alice", &path).await.ok();
    assert_eq!(
        active["console_url"],
        format!(
            "https://d-town.awsapps.com/start/#/console?account_id={PAYMENTS}&role_name=AdministratorAccess"
        )
    );
    assert_eq!(active["actions"], json!(["revoke"]));
    assert_eq!(world.get("rin", &path).await.ok()["console_url"], json!(null));

    let ending = world.post("alice", &format!("{path}/revoke"), json!({ "comment": "done" })).await.ok();
    assert_eq!(ending["actions"], json!([]));
    while world.drive(&id).await != "closed" {
        world.later(3);
    }
    let closed = world.get("alice", &path).await.ok();
    assert_eq!(closed["outcome"], "revoked");
    assert_eq!(closed["reason"]["code"], "revoked-by");
    let kinds: Vec<_> = closed["timeline"].as_array().unwrap().iter().map(|e| e["kind"].clone()).collect();
    assert_eq!(
        kinds,
        [
            "requested",
            "reviewed",
            "reviewed",
            "approved",
            "activation-started",
            "activated",
            "revocation-requested",
            "end-started",
            "closed"
        ]
    );
    assert_eq!(closed["timeline"][8]["data"]["evidence"]["kind"], "observed-gone");
    assert_eq!(closed["timeline"][8]["data"]["access_stays"], false);
}

#[tokio::test]
async fn the_whole_of_a_pending_request_looks_like_this() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let mut seen = world.get("rin", &format!("/v1/requests/{id}")).await.ok();
    seen["id"] = "a fresh one".into();
    insta::assert_json_snapshot!(seen);
}

#[tokio::test]
async fn what_is_said_of_sessions_before_approval_is_what_approval_will_give() {
    let world = World::new().await;
    let id = world.asked("alice", PLAYGROUND, ADMIN).await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    let mut organization = (*world.kari.read_model.load().await.unwrap()).clone();
    let set = organization.permission_sets.get_mut(&ADMIN.parse().unwrap()).unwrap();
    set.session_duration = Minutes(720);
    world.identity_center.with(|simulated, now| simulated.adopt(now, &organization)).unwrap();
    world.sync().await;
    let path = format!("/v1/requests/{waiting}");
    let before = world.get("rin", &path).await.ok();
    assert_eq!(before["expires_at_if_now"], "2026-11-22T05:00:00Z");
    assert_eq!(before["open_sessions_until"], "2026-11-22T17:00:00Z");
    assert_eq!(world.drive(&id).await, "active");
    let active = world.get("alice", &format!("/v1/requests/{id}")).await.ok();
    assert_eq!(active["open_sessions_until"], "2026-11-22T17:00:00Z");
    assert_eq!(active["expires_at_if_now"], json!(null));
}

#[tokio::test]
async fn the_verdict_says_beforehand_who_will_approve_and_until_when_it_lasts() {
    let world = World::new().await;
    let query = format!("account={PAYMENTS}&permission_set={ADMIN}&duration_minutes=60");
    let seen = world.get("alice", &format!("/v1/eligibility/verdict?{query}")).await.ok();
    insta::assert_json_snapshot!(seen);
    let query = format!("account={SHOP}&permission_set={READ}&duration_minutes=60");
    let refused = world.get("alice", &format!("/v1/eligibility/verdict?{query}")).await.ok();
    assert_eq!(refused["outcome"], "ineligible");
    assert_eq!(refused["reasons"][0]["code"], "forbidden-by-guardrail");
}

#[tokio::test]
async fn one_sees_only_what_one_may_ask_for_and_finds_it_by_name_id_and_unit() {
    let world = World::new().await;
    let all = world.get("alice", "/v1/eligibility").await.ok();
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    assert_eq!(world.get("paul", "/v1/eligibility").await.ok()["items"], json!([]));
    for search in ["payments", "1111", "production%20pay"] {
        let found = world.get("alice", &format!("/v1/eligibility?search={search}")).await.ok();
        assert_eq!(found["items"][0]["account"]["name"], "payments", "{search}");
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{search}");
    }
    let one = world.get("alice", &format!("/v1/eligibility?account={PLAYGROUND}")).await.ok();
    let offer = &one["items"][0]["permission_sets"][0];
    assert_eq!(offer["max_duration_without_approval_minutes"], 480);
    assert_eq!(offer["notes"], json!(["Play, but clean up."]));
    let term = json!({ "up_to_minutes": 480, "approval_required": false, "ticket_required": false });
    assert_eq!(offer["terms"], json!([term]));
}

#[tokio::test]
async fn several_accounts_are_each_decided_by_themselves() {
    let world = World::new().await;
    let body = json!({
        "accounts": [PAYMENTS, SHOP, PLAYGROUND], "permission_set": READ, "duration_minutes": 60,
        "justification": WHY,
    });
    let answer = world.call("alice", Call::submit("several", body)).await;
    assert_eq!(answer.status, 201);
    let answer = answer.json();
    assert!(answer["batch"].is_string());
    let states: Vec<_> =
        answer["results"].as_array().unwrap().iter().map(|r| &r["request"]["state"]).collect();
    assert_eq!(states, [&json!("pending"), &json!(null), &json!("approved")]);
    assert_eq!(answer["results"][1]["problem"]["code"], "ineligible");
    assert_eq!(answer["results"][1]["problem"]["reasons"][0]["code"], "forbidden-by-guardrail");
    assert_eq!(world.attempts().await, ["u-alice submit ineligible"]);
}

#[tokio::test]
async fn a_repeated_submission_answers_the_same_and_changes_nothing() {
    let world = World::new().await;
    let first = world.asked("alice", PAYMENTS, ADMIN).await;
    let changes = world.changes().await;
    assert_eq!(world.asked("alice", PAYMENTS, ADMIN).await, first);
    assert_eq!(world.changes().await, changes);
    let other = world.call("alice", Call::submit(PAYMENTS, wanted(SHOP, ADMIN))).await;
    assert_eq!(other.brief(), "409 idempotency-key-reused");
    assert_eq!(world.attempts().await, ["u-alice submit idempotency-key-reused"]);
}

#[tokio::test]
async fn a_repeated_command_is_no_error_and_changes_nothing() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let deny = format!("/v1/requests/{id}/deny");
    assert_eq!(world.post("rin", &deny, json!({})).await.ok()["outcome"], "denied");
    let changes = world.changes().await;
    assert_eq!(world.post("rin", &deny, json!({})).await.ok()["outcome"], "denied");
    assert_eq!(world.changes().await, changes);
}

#[tokio::test]
async fn current_names_are_shown_and_recorded_ones_where_the_directory_has_forgotten() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let alice = "u-alice".parse().unwrap();
    world.identity_center.with(|simulated, now| simulated.delete_user(now, &alice)).unwrap();
    world.sync().await;
    let seen = world.get("odette", &format!("/v1/requests/{id}")).await.ok();
    assert_eq!(seen["requester"]["display_name"], "Alice 山田");
}

#[tokio::test]
async fn two_who_approve_at_once_make_one_approval() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let path = format!("/v1/requests/{id}/approve");
    let both = tokio::join!(world.post("rin", &path, json!({})), world.post("pat", &path, json!({})));
    let (rin, pat) = (both.0.ok(), both.1.ok());
    assert!(rin["state"] == "approved" || pat["state"] == "approved");
    let seen = world.get("alice", &format!("/v1/requests/{id}")).await.ok();
    let kinds: Vec<_> = seen["timeline"].as_array().unwrap().iter().map(|e| e["kind"].clone()).collect();
    assert_eq!(kinds, ["requested", "reviewed", "reviewed", "approved"]);
}

#[tokio::test]
async fn access_that_was_had_before_is_joined_and_shown_to_whoever_decides() {
    let world = World::new().await;
    let first = world.asked("alice", PLAYGROUND, ADMIN).await;
    assert_eq!(world.drive(&first).await, "active");
    let body = wanted(PLAYGROUND, ADMIN);
    let second = world.call("alice", Call::submit("second", &body)).await.ok();
    let joined = &second["results"][0]["request"]["joined_window"];
    assert_eq!(joined["starts_at"], "2026-11-22T04:00:00Z");
    let query = format!("account={PLAYGROUND}&permission_set={ADMIN}&duration_minutes=480");
    let verdict = world.get("alice", &format!("/v1/eligibility/verdict?{query}")).await.ok();
    assert_eq!(verdict["joined_window"]["starts_at"], "2026-11-22T04:00:00Z");
}

/// Alice has asked twice for the same, half an hour apart; the first hour is over.
async fn first_of_two_over(world: &World) -> String {
    let first = world.asked("alice", PLAYGROUND, ADMIN).await;
    assert_eq!(world.drive(&first).await, "active");
    world.later(30);
    let second = world.call("alice", Call::submit("second", wanted(PLAYGROUND, ADMIN))).await.ok();
    let second = second["results"][0]["request"]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.drive(&second).await, "active");
    world.later(30);
    first
}

fn says_that_the_access_stays(closed: &Value) {
    let event = closed["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&closed["state"], &event["kind"]), (&json!("closed"), &json!("closed")));
    for told in [closed, &event["data"]] {
        assert_eq!(told["evidence"], json!({ "kind": "held-by-another" }));
        assert_eq!(told["access_stays"], true);
        assert_eq!(told["open_sessions_until"], json!(null), "new sessions can be opened");
    }
}

#[tokio::test]
async fn a_grant_that_closes_while_another_goes_on_says_that_the_access_stays() {
    let world = World::new().await;
    let first = first_of_two_over(&world).await;
    assert_eq!(world.drive(&first).await, "closed");
    says_that_the_access_stays(&world.get("alice", &format!("/v1/requests/{first}")).await.ok());
}

#[tokio::test]
async fn an_older_closing_with_an_instant_for_sessions_says_that_the_access_stays_as_well() {
    let world = World::new().await;
    let first = first_of_two_over(&world).await;
    let events = [
        RequestEvent::EndStarted { cause: EndCause::Expired },
        RequestEvent::Closed {
            outcome: Outcome::Expired,
            reason: None,
            evidence: Some(Evidence::HeldByAnother),
            open_sessions_until: Some(world.kari.clock.now()),
        },
    ];
    world.record(&first, &events).await;
    says_that_the_access_stays(&world.get("alice", &format!("/v1/requests/{first}")).await.ok());
}
