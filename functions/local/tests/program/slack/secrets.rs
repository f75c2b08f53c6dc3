//! Other secrets are put into the file while the program runs.

use serde_json::json;

use super::stage::{ACCOUNT, ALICE, CHANNEL, SIGNING_SECRET, Stage, TEAM, says};
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
    let command = [("team_id", TEAM), ("user_id", ALICE), ("text", ""), ("trigger_id", "1.command")];
    let sent = stage.slack_sends_by("hush, again", "/slack/commands", &command);
    assert_eq!(sent, (200, String::new()));
    assert!(stage.shown("views.open").is_some(), "by the new token");
    assert_eq!(stage.slack_sends("/slack/commands", &command).0, 401);
}
