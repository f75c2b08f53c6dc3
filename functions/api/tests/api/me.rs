use axum::http::Method;
use serde_json::json;

use crate::world::{Call, World};

#[tokio::test]
async fn a_page_is_told_whom_it_is_for_and_where_things_are() {
    let world = World::new().await;
    let now = "2026-11-22T04:00:00Z";
    let expected = json!({
        "user": { "id": "u-adam", "display_name": "Adam Administrator", "user_name": "adam", "email": null },
        "roles": ["administrator"],
        "to_review": 0,
        "now": now,
        "directory_synced_at": now,
        "access_portal_url": "https://d-town.awsapps.com/start",
        "region": "eu-central-1",
        "channels": ["sns"],
    });
    assert_eq!(world.get("adam", "/v1/me").await.ok(), expected);
}

#[tokio::test]
async fn a_code_that_links_a_slack_account_is_made_for_whoever_is_signed_in() {
    let world = World::new().await;
    let link = world.call("alice", Call::new(Method::POST, "/v1/me/slack-link")).await;
    assert_eq!(link.status.as_u16(), 201);
    let code = link.json()["code"].as_str().unwrap().to_owned();
    let linked = kari_application::link_chat::link(&world.kari, "slack", "slack/T1/U1", &code).await.unwrap();
    assert_eq!(linked, kari_application::link_chat::Linked::To("u-alice".parse().unwrap()));
}
