//! Whatever is malformed, unknown, too long, out of range or forged gets a 4xx with a code and a
//! sentence, and changes nothing.

use serde_json::{Value, json};

use crate::tokens::claims;
use crate::world::{ADMIN, Answer, Call, PAYMENTS, PLAYGROUND, READ, SHOP, World, sign, wanted};

/// The submission of most tests, with one thing changed.
fn with(name: &str, value: Value) -> Call {
    let mut body = wanted(PLAYGROUND, ADMIN);
    body[name] = value;
    Call::submit("key", body)
}

fn without(name: &str) -> Call {
    let mut body = wanted(PLAYGROUND, ADMIN);
    body.as_object_mut().unwrap().remove(name);
    Call::submit("key", body)
}

/// A refused call: a problem with a sentence, and nothing has changed.
async fn refused(world: &World, who: &str, call: Call) -> Answer {
    let before = world.changes().await;
    let what = format!("{call:?}");
    let answer = world.call(who, call).await;
    assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.text);
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    assert_eq!(problem["type"], format!("urn:kari:problem:{}", answer.code()), "{what}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.len() > 15 && detail.ends_with('.') && !detail.starts_with(char::is_lowercase),
        "{detail}"
    );
    assert_eq!(world.changes().await, before, "{what}");
    answer
}

/// The codes of the reasons given.
fn reasons(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let reasons = problem["reasons"].as_array().cloned().unwrap_or_default();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_submission_that_does_not_fit_is_refused() {
    let world = World::new().await;
    let far = (world.kari.clock.now() + chrono::TimeDelta::days(31)).to_rfc3339();
    let table = [
        (with("accounts", json!(["999999999999"])), "422 unknown-account"),
        (with("accounts", json!(["payments"])), "400 malformed-body"),
        (with("accounts", json!("333333333333")), "400 malformed-body"),
        (with("accounts", json!([])), "400 accounts-out-of-range"),
        (with("accounts", json!(vec![PAYMENTS; 51])), "400 accounts-out-of-range"),
        (with("accounts", json!([PAYMENTS, SHOP, PAYMENTS])), "400 account-repeated"),
        (
            with("permission_set", json!("arn:aws:sso:::permissionSet/ssoins-town/ps-none")),
            "422 unknown-permission-set",
        ),
        (with("permission_set", json!("AdministratorAccess")), "400 malformed-body"),
        (without("permission_set"), "400 malformed-body"),
        (with("duration_minutes", json!(-60)), "400 malformed-body"),
        (with("duration_minutes", json!(60.5)), "400 malformed-body"),
        (with("duration_minutes", json!("60")), "400 malformed-body"),
        (with("duration_minutes", json!(4_294_967_296_u64)), "400 malformed-body"),
        (without("duration_minutes"), "400 malformed-body"),
        (with("start", json!("2026-11-22T03:59:59Z")), "422 start-in-past"),
        (with("start", json!("1970-01-01T00:00:00Z")), "422 start-in-past"),
        (with("start", json!(far)), "422 start-too-far"),
        (with("start", json!("9999-12-31T23:59:59Z")), "422 start-too-far"),
        (with("start", json!("+262142-12-31T23:59:59Z")), "400 malformed-body"),
        (with("start", json!("tomorrow")), "400 malformed-body"),
        (with("start", json!(1_800_000_000)), "400 malformed-body"),
        (with("justification", json!("")), "422 malformed-text"),
        (with("justification", json!("   too few  ")), "422 malformed-text"),
        (with("justification", json!("ああ".repeat(501))), "422 malformed-text"),
        (with("justification", json!("rings a bell \u{7} here")), "422 malformed-text"),
        (with("justification", json!("nothing \u{0} nothing")), "422 malformed-text"),
        (with("justification", json!("\u{202e}read me backwards")), "422 malformed-text"),
        (with("justification", json!(["because I say so"])), "400 malformed-body"),
        (without("justification"), "422 justification-required"),
        (with("ticket", json!("")), "422 malformed-text"),
        (with("ticket", json!("T".repeat(101))), "422 malformed-text"),
        (with("requester", json!("u-rin")), "400 malformed-body"),
        (
            Call::submit("key", json!([[PLAYGROUND], ADMIN, null, 60, "because I want it", null])),
            "400 malformed-body",
        ),
        (Call::submit("key", json!([])), "400 malformed-body"),
        (Call::submit("key", json!("please")), "400 malformed-body"),
        (with("approved", json!(true)), "400 malformed-body"),
    ];
    for (call, expected) in table {
        let what = format!("{call:?}");
        assert_eq!(refused(&world, "alice", call).await.brief(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_duration_that_policies_do_not_allow_is_refused_with_the_reason() {
    let world = World::new().await;
    let table = [
        (0, "duration-too-short"),
        (14, "duration-too-short"),
        (481, "duration-too-long"),
        (1441, "maximum-duration-setting"),
        (u32::MAX, "maximum-duration-setting"),
    ];
    for (minutes, reason) in table {
        let answer = refused(&world, "alice", with("duration_minutes", json!(minutes))).await;
        assert_eq!(answer.brief(), "422 ineligible", "{minutes}");
        assert!(reasons(&answer).contains(&reason.to_owned()), "{minutes}: {:?}", reasons(&answer));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_told_in_words_for_whoever_sent_it() {
    let world = World::new().await;
    let table = [
        (
            with("duration_minutes", json!(-1)),
            "The body does not fit: duration_minutes must be a whole number of minutes, for instance 60, \
             not negative and not too large.",
        ),
        (
            with("accounts", json!(["payments"])),
            "The body does not fit: accounts[0]: an account's id must be 12 digits.",
        ),
        (
            with("permission_set", json!("AdministratorAccess")),
            "The body does not fit: permission_set: a permission set's ARN must be like \
             `arn:aws:sso:::permissionSet/ssoins-…/ps-…`.",
        ),
        (
            with("start", json!("tomorrow")),
            "The body does not fit: start: an instant must be like 2026-11-22T04:00:00Z.",
        ),
        (
            with("duration_minutes", json!(14)),
            "The policies do not allow this request. The duration is too short. Ask for at least 15 minutes.",
        ),
    ];
    for (call, expected) in table {
        assert_eq!(refused(&world, "alice", call).await.json()["detail"], expected);
    }
}

#[tokio::test]
async fn a_malformed_text_says_which_field_and_what_is_allowed() {
    let world = World::new().await;
    let answer = refused(&world, "alice", with("justification", json!("short"))).await.json();
    assert_eq!(answer["detail"], "The justification needs at least 10 characters.");
    assert_eq!(answer["reasons"][0]["code"], "text-too-short");
    assert_eq!(answer["reasons"][0]["parameters"], json!({ "field": "justification", "shortest": 10 }));
}

#[tokio::test]
async fn a_second_identical_open_request_is_refused() {
    let world = World::new().await;
    world.asked("alice", PAYMENTS, ADMIN).await;
    let again = Call::submit("another-key", wanted(PAYMENTS, ADMIN));
    assert_eq!(refused(&world, "alice", again).await.brief(), "409 already-requested");
    assert_eq!(world.attempts().await, ["u-alice submit already-requested"]);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let world = World::new().await;
    world.asked("alice", PAYMENTS, ADMIN).await;
    let reused = Call::submit(PAYMENTS, wanted(PAYMENTS, READ));
    assert_eq!(refused(&world, "alice", reused).await.brief(), "409 idempotency-key-reused");
}

#[tokio::test]
async fn a_submission_needs_one_fresh_readable_key() {
    let world = World::new().await;
    let body = wanted(PLAYGROUND, ADMIN);
    let none = Call::post("/v1/requests", body.clone());
    assert_eq!(refused(&world, "alice", none).await.brief(), "400 idempotency-key-required");
    for key in ["", "two words", "キー", &"k".repeat(101)] {
        let answer = refused(&world, "alice", Call::submit(key, body.clone())).await;
        assert_eq!(answer.brief(), "400 malformed-idempotency-key", "{key}");
    }
    let two = Call::submit("one", body).header("idempotency-key", "two");
    assert_eq!(refused(&world, "alice", two).await.brief(), "400 malformed-idempotency-key");
}

#[tokio::test]
async fn where_every_account_is_refused_each_one_says_why() {
    let world = World::new().await;
    let mut body = wanted(SHOP, READ);
    body["accounts"] = json!([SHOP, "999999999999"]);
    let answer = refused(&world, "alice", Call::submit("key", body)).await;
    assert_eq!(answer.brief(), "422 all-refused");
    let results = answer.json()["results"].clone();
    assert_eq!(results[0]["problem"]["code"], "ineligible");
    assert_eq!(results[1]["problem"]["code"], "unknown-account");
    assert_eq!(world.attempts().await, ["u-alice submit ineligible", "u-alice submit unknown-account"]);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_of_the_right_size_is_refused() {
    let world = World::new().await;
    let submit = |body: String| Call::submit("key", json!({})).raw(body);
    let plain = |kind: &str| {
        let mut call = Call::new(axum::http::Method::POST, "/v1/requests").header("idempotency-key", "key");
        call.body = Some(wanted(PLAYGROUND, ADMIN).to_string());
        if kind.is_empty() { call } else { call.header("content-type", kind) }
    };
    let deep = |depth| format!("{{\"accounts\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let mut long = wanted(PLAYGROUND, ADMIN);
    long["justification"] = "a".repeat(70_000).into();
    let table = [
        (submit(String::new()), "400 malformed-json"),
        (submit("{".to_owned()), "400 malformed-json"),
        (submit("{} {}".to_owned()), "400 malformed-json"),
        (submit("[]".to_owned()), "400 malformed-body"),
        (submit("null".to_owned()), "400 malformed-body"),
        (submit(deep(100)), "400 malformed-body"),
        (submit(deep(30_000)), "400 malformed-body"),
        (submit("{\"duration_minutes\":60,\"duration_minutes\":61}".to_owned()), "400 malformed-body"),
        (submit(long.to_string()), "413 too-large"),
        (plain(""), "415 unsupported-media-type"),
        (plain("text/plain"), "415 unsupported-media-type"),
        (plain("application/x-www-form-urlencoded"), "415 unsupported-media-type"),
    ];
    for (call, expected) in table {
        let what: String = format!("{call:?}").chars().take(200).collect();
        let answer = refused(&world, "alice", call).await;
        // Whether JSON of absurd depth is called malformed or unfit is not the point.
        let brief = answer.brief().replace("malformed-json", "malformed-body");
        assert_eq!(brief, expected.replace("malformed-json", "malformed-body"), "{what}");
    }
}

#[tokio::test]
async fn a_command_with_a_malformed_or_unknown_id_or_body_is_refused() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let post = |id: &str, body: Value| Call::post(&format!("/v1/requests/{id}/approve"), body);
    let table = [
        (post("1", json!({})), "400 malformed-id"),
        (post("%ff", json!({})), "400 malformed-id"),
        (post("00000000-0000-4000-8000-000000000000", json!({})), "404 not-found"),
        (post(&id, json!({ "comment": "" })), "422 malformed-text"),
        (post(&id, json!({ "comment": "x".repeat(1001) })), "422 malformed-text"),
        (post(&id, json!({ "comment": 1 })), "400 malformed-body"),
        (post(&id, json!({ "reviewer": "u-pat" })), "400 malformed-body"),
    ];
    for (call, expected) in table {
        let what = format!("{call:?}");
        assert_eq!(refused(&world, "rin", call).await.brief(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_query_that_does_not_fit_is_refused() {
    let world = World::new().await;
    let verdict = |query: &str| format!("/v1/eligibility/verdict?{query}");
    let asked = format!("account={PAYMENTS}&permission_set={ADMIN}");
    let table = [
        ("/v1/requests?limit=0".to_owned(), "400 malformed-query"),
        ("/v1/requests?limit=201".to_owned(), "400 malformed-query"),
        ("/v1/requests?limit=-1".to_owned(), "400 malformed-query"),
        ("/v1/requests?limit=5&limit=6".to_owned(), "400 malformed-query"),
        ("/v1/requests?scope=theirs".to_owned(), "400 malformed-query"),
        ("/v1/requests?state=absent".to_owned(), "400 malformed-query"),
        ("/v1/requests?account=1".to_owned(), "400 malformed-query"),
        ("/v1/requests?scope=to-review&state=closed".to_owned(), "400 malformed-query"),
        ("/v1/requests?scope=to-review&state=pending,active".to_owned(), "400 malformed-query"),
        ("/v1/requests?scope=active&mine=true&requester=u-alice".to_owned(), "400 malformed-query"),
        ("/v1/requests?order=up".to_owned(), "400 malformed-query"),
        ("/v1/requests?cursor=nonsense".to_owned(), "400 bad-cursor"),
        ("/v1/eligibility?cursor=nonsense".to_owned(), "400 bad-cursor"),
        ("/v1/eligibility?cursor=999999999999".to_owned(), "400 bad-cursor"),
        (format!("/v1/eligibility?search={}", "a".repeat(201)), "400 malformed-query"),
        (verdict(&asked), "400 malformed-query"),
        (verdict(&format!("{asked}&duration_minutes=-1")), "400 malformed-query"),
        (verdict(&format!("{asked}&duration_minutes=60&start=soon")), "400 malformed-query"),
        (verdict(&format!("{asked}&duration_minutes=60&start=2026-11-22T03:59:59Z")), "422 start-in-past"),
        (verdict(&format!("{asked}&duration_minutes=60&start=2026-12-22T04:00:01Z")), "422 start-too-far"),
        (
            verdict(&format!("account=999999999999&permission_set={ADMIN}&duration_minutes=60")),
            "422 unknown-account",
        ),
        (
            verdict(&format!("account={PAYMENTS}&permission_set={ADMIN}x&duration_minutes=60")),
            "422 unknown-permission-set",
        ),
    ];
    for (path, expected) in table {
        assert_eq!(refused(&world, "alice", Call::get(&path)).await.brief(), expected, "{path}");
    }
    for path in ["/v1/audit?cursor=x", "/v1/directory/users?cursor=x", "/v1/policies/guardrails?cursor=X"] {
        assert_eq!(refused(&world, "odette", Call::get(path)).await.brief(), "400 bad-cursor", "{path}");
    }
    let of_another_list = "/v1/audit?from=+262142-01-01T00:00:00Z";
    assert_eq!(refused(&world, "odette", Call::get(of_another_list)).await.brief(), "400 malformed-query");
}

#[tokio::test]
async fn an_expired_token_does_nothing() {
    let world = World::new().await;
    let token = sign(&claims("u-alice", world.kari.clock.now()));
    world.later(61);
    let before = world.changes().await;
    let call = Call::submit("key", wanted(PLAYGROUND, ADMIN));
    let answer = world.send(call.request(Some(&token))).await;
    assert_eq!(answer.brief(), "401 invalid-token");
    assert_eq!(world.changes().await, before);
}

#[tokio::test]
async fn reviewing_late_or_twice_or_ones_own_is_refused_and_recorded() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let own = Call::post(&format!("/v1/requests/{id}/approve"), json!({}));
    assert_eq!(refused(&world, "alice", own).await.brief(), "403 self-review");
    world.post("rin", &format!("/v1/requests/{id}/deny"), json!({})).await.ok();
    let late = Call::post(&format!("/v1/requests/{id}/approve"), json!({}));
    assert_eq!(refused(&world, "pat", late).await.brief(), "409 wrong-state");
    let other = world.asked("alice", SHOP, ADMIN).await;
    world.later(8 * 60);
    let lapsed = Call::post(&format!("/v1/requests/{other}/approve"), json!({}));
    assert_eq!(refused(&world, "rin", lapsed).await.brief(), "409 lapsed");
    assert_eq!(
        world.attempts().await,
        ["u-alice approve self-review", "u-pat approve wrong-state", "u-rin approve lapsed"]
    );
}

/// What people write is nobody's business but that of those who may see the request.
#[tokio::test]
async fn an_attempt_records_no_text_that_somebody_wrote() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let secret = json!({ "comment": "the password is swordfish" });
    world.post("paul", &format!("/v1/requests/{id}/approve"), secret).await;
    world.call("alice", with("justification", json!("swordfish\u{7} and more of it"))).await;
    let attempts = world.events().await.into_iter().filter(|event| event.kind == "attempt-refused");
    let attempts: Vec<_> = attempts.map(|event| event.data.to_string()).collect();
    assert_eq!(attempts.len(), 2);
    assert!(!attempts.join("").contains("swordfish"), "{attempts:?}");
}
