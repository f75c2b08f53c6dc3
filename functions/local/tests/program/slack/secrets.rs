//! Other secrets are put into the file while the program runs.

use kari_application::ports::Clock;
use kari_embedded::clock::SystemClock;
use serde_json::json;

use super::sent::{SIGNING_SECRET, Sent};
use super::stage::{ACCOUNT, ALICE, CHANNEL, Stage, TEAM, says};
use crate::eventually::eventually;

const ANOTHER_TOKEN: &str = "xoxb-another";

#[test]
fn another_token_is_used_without_a_new_start() {
    let stage = Stage::new();
    stage.replace_secrets(ANOTHER_TOKEN, SIGNING_SECRET);
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": stage.power_user(), "duration_minutes": 60,
        "justification": "the disk of the payments database is full",
    });
    stage.ok("POST", "/v1/requests", "alice", &wanted);
    eventually("the card is there", || says(&stage.there(CHANNEL), "\"approve\""));
}

#[test]
fn another_signing_secret_counts_without_a_new_start_and_the_old_one_no_more() {
    let stage = Stage::new();
    stage.replace_secrets(ANOTHER_TOKEN, "hush, again");
    let trigger = stage.fake.workspace().new_trigger();
    let command = [("team_id", TEAM), ("user_id", ALICE), ("text", ""), ("trigger_id", &trigger)];
    let sent = |secret| Sent::signed("/slack/commands", &command, secret, SystemClock::default().now());
    assert_eq!(stage.deliver(&sent("hush, again")), (200, String::new()));
    assert!(stage.shown("views.open").is_some(), "by the new token");
    assert_eq!(stage.deliver(&sent(SIGNING_SECRET)).0, 401);
}
