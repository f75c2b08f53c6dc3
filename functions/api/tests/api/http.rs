//! What every answer has, and how one asks for less.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::json;

use crate::world::{ADMIN, Call, PAYMENTS, World};

#[tokio::test]
async fn who_has_the_answer_already_is_told_so() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    let path = format!("/v1/requests/{id}");
    let first = world.get("alice", &path).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    assert!(tag.starts_with("W/\""));
    let known = |tags: &str| Call::get(&path).header("if-none-match", tags);
    for tags in [tag.clone(), format!("\"other\", {tag}"), tag.replace("W/", ""), "*".to_owned()] {
        let again = world.call("alice", known(&tags)).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{tags}");
        assert_eq!(again.headers["etag"], tag.as_str());
    }
    world.post("rin", &format!("{path}/approve"), json!({})).await.ok();
    assert_eq!(world.call("alice", known(&tag)).await.status, 200);
}

#[tokio::test]
async fn an_answer_is_kept_by_nobody_but_the_caller_and_read_as_nothing_but_json() {
    let world = World::new().await;
    for path in ["/healthz", "/v1/me", "/v1/nothing", "/nothing"] {
        let answer = world.get("alice", path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "private, no-cache", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert!(header("content-security-policy").contains("default-src 'none'"));
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
    }
}

#[tokio::test]
async fn no_other_site_is_let_in() {
    let world = World::new().await;
    let preflight = Call::new(Method::OPTIONS, "/v1/me")
        .header("origin", "https://elsewhere.example")
        .header("access-control-request-method", "GET");
    let answer = world.call("nobody", preflight).await;
    assert!(answer.status.is_client_error());
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn every_call_has_an_id_and_keeps_the_one_it_came_with() {
    let world = World::new().await;
    let fresh = world.get("alice", "/v1/me").await;
    assert_eq!(fresh.headers["x-request-id"].len(), 36);
    let given = world.call("alice", Call::get("/v1/me").header("x-request-id", "run-7.a_b")).await;
    assert_eq!(given.headers["x-request-id"], "run-7.a_b");
    let odd = world.call("alice", Call::get("/v1/me").header("x-request-id", "a b\tc")).await;
    assert_eq!(odd.headers["x-request-id"].len(), 36);
}

#[tokio::test]
async fn what_is_unavailable_is_to_be_tried_again_and_says_nothing_of_the_inside() {
    let world = World::new().await;
    world
        .identity_center
        .with(|simulated, now| simulated.directory_down_for(now, TimeDelta::minutes(1)))
        .unwrap();
    let answer = world.ask("alice", PAYMENTS, ADMIN).await;
    assert_eq!(answer.brief(), "503 unavailable");
    assert_eq!(answer.headers["retry-after"], "2");
    let detail = answer.json()["detail"].clone();
    assert_eq!(detail, "Something this needs is unavailable at the moment; try again shortly.");
    // Reading goes on by the copy.
    assert_eq!(world.get("alice", "/v1/eligibility").await.status, 200);
}

#[tokio::test]
async fn a_wrong_method_is_told_which_ones_there_are() {
    let world = World::new().await;
    let answer = world.call("alice", Call::new(Method::PUT, "/v1/requests")).await;
    assert_eq!(answer.brief(), "405 method-not-allowed");
    assert_eq!(answer.headers["allow"], "GET,HEAD,POST");
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(world.call("nobody", Call::new(Method::POST, "/healthz")).await.status, 405);
}

#[tokio::test]
async fn the_head_of_an_answer_can_be_had_alone() {
    let world = World::new().await;
    let answer = world.call("alice", Call::new(Method::HEAD, "/v1/me")).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
}

/// A program that serves more than the API, as `kari` on one machine does.
#[tokio::test]
async fn further_routes_are_behind_the_same_authentication_and_shell() {
    let world = World::new().await;
    let more = axum::Router::new().route("/inbox", axum::routing::get(greet));
    let pages = axum::Router::new().fallback(|| async { "a page" });
    let app = kari_api::router_with(world.state.clone(), more).merge(pages);
    let world = World { app, ..world };
    assert_eq!(world.get("nobody", "/v1/inbox").await.brief(), "401 signed-out");
    let greeted = world.get("alice", "/v1/inbox").await;
    assert_eq!(greeted.text, "Alice 山田");
    assert!(greeted.headers.contains_key("etag"));
    assert_eq!(world.get("nobody", "/somewhere").await.text, "a page");
    assert_eq!(world.get("alice", "/v1/nothing").await.brief(), "404 not-found");
}

async fn greet(me: kari_api::SyncedCaller) -> String {
    me.caller.user.display_name
}
