//! The App Home.

use serde_json::{Value, json};

use crate::world::{ADMIN, PAYMENTS, PLAYGROUND, VAULT, WHY, World, modal, submission, told};

async fn opened(world: &World, who: &str) -> Value {
    let event =
        json!({ "type": "app_home_opened", "user": format!("U-{who}"), "channel": "D1", "tab": "home" });
    let push = json!({ "type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": event });
    world.signed("/slack/events", &push.to_string()).await.taken();
    world.work().await;
    let published = world.slack.only("views.publish");
    assert_eq!(published["user_id"], format!("U-{who}"));
    published["view"].clone()
}

#[tokio::test]
async fn it_shows_my_access_my_requests_and_what_waits_for_me() {
    let world = World::new().await;
    let active = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
    assert_eq!(world.drive(active).await, "active");
    world.asked("alice", &[PAYMENTS], ADMIN).await;
    let home = opened(&world, "alice").await.to_string();
    assert!(
        home.contains("AdministratorAccess · playground (333333333333)") && home.contains("End now"),
        "{home}"
    );
    assert!(
        home.contains("AdministratorAccess · payments (111111111111)") && home.contains("Lapses unless"),
        "{home}"
    );
    assert!(home.contains("Nothing waits for your review."));
    let home = opened(&world, "rin").await.to_string();
    assert!(
        home.contains("Alice 山田") && home.contains("\"approve\"") && home.contains("\"deny\""),
        "{home}"
    );
    assert!(home.contains("You have no access at present."));
    let home = opened(&world, "sam").await.to_string();
    assert!(!home.contains("payments"), "what one may not see is not there: {home}");
}

#[tokio::test]
async fn what_is_approved_in_the_portal_only_has_a_way_there_and_no_button_that_approves_it() {
    let world = World::new().await;
    let id = world.asked("alice", &[VAULT], ADMIN).await[0];
    let home = opened(&world, "sam").await.to_string();
    assert!(home.contains("\"deny\"") && !home.contains("\"approve\""), "{home}");
    assert!(home.contains(&format!("https://kari.town.example/requests/{id}")), "{home}");
}

#[tokio::test]
async fn it_says_when_access_begins_that_waits_for_its_start() {
    let world = World::new().await;
    let fields = [
        ("accounts", json!({ "selected_options": [{ "value": PLAYGROUND }] })),
        ("permission-set", json!({ "selected_option": { "value": ADMIN } })),
        ("duration", json!({ "selected_option": { "value": "60" } })),
        ("start", json!({ "selected_date_time": 1_795_492_800 })),
        ("reason", json!({ "value": WHY })),
    ];
    world.interact(&submission("alice", &modal("request", "{\"accounts\":[]}", &fields))).await;
    world.work().await;
    world.slack.take();
    let home = opened(&world, "alice").await.to_string();
    assert!(home.contains("Approved · Begins <!date^1795492800^"), "{home}");
}

#[tokio::test]
async fn it_shows_what_is_so_after_something_was_pressed_in_it() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let mut pressed = crate::world::pressed("rin", "approve", &id.to_string());
    pressed["channel"] = Value::Null;
    pressed["view"] = json!({ "id": "V9", "type": "home", "hash": "h" });
    world.interact(&pressed).await.taken();
    world.work().await;
    assert_eq!(world.state(id).await, "approved");
    assert!(world.slack.only("views.publish").to_string().contains("Nothing waits for your review."));
}

#[tokio::test]
async fn to_whoever_is_nobody_here_it_says_so() {
    let world = World::new().await;
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    assert!(opened(&world, "gus").await.to_string().contains("Guests of the workspace cannot use Kari"));
}
