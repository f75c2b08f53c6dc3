use serde_json::json;

use crate::world::World;

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
