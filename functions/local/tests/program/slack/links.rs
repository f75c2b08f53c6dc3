use serde_json::{Value, json};

use super::stage::{ACCOUNT, BOB, CHANNEL, Stage, TEAM, WITH_ALICE, button, says};
use crate::eventually::eventually;
use crate::support::kari;

#[test]
fn where_only_links_count_an_account_commands_from_the_link_until_it_is_taken_back() {
    let stage = Stage::new();
    stage.set(&json!({ "slack_linked_only": true }));
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": stage.power_user(), "duration_minutes": 60,
        "justification": "INC-1: look at the queue",
    });
    stage.ok("POST", "/v1/requests", "alice", &wanted);
    eventually("the card is there", || button(&stage.there(CHANNEL), "approve").is_some());
    let approve = button(&stage.there(CHANNEL), "approve").unwrap();
    stage.press(BOB, CHANNEL, &approve);
    eventually("an address alone is nobody", || stage.sent_to_link() == 1);

    assert!(stage.link_bob().contains("is linked to"));
    let bob = stage.ok("GET", "/v1/me", "bob", &Value::Null)["user"]["id"].as_str().unwrap().to_owned();
    let all = stage.ok("GET", "/v1/slack-links", "hanako", &Value::Null);
    assert_eq!(
        (&all["items"][0]["user"]["id"], &all["items"][0]["account"]["id"]),
        (&json!(bob), &json!(BOB))
    );
    stage.ok("DELETE", &format!("/v1/slack-links/{bob}/{TEAM}/{BOB}"), "hanako", &Value::Null);
    stage.press(BOB, CHANNEL, &approve);
    eventually("whom an administrator unlinked is refused", || stage.sent_to_link() == 2);
    assert!(button(&stage.there(CHANNEL), "approve").is_some(), "it still waits");

    stage.link_bob();
    stage.press(BOB, CHANNEL, &approve);
    eventually("it is approved", || says(&stage.there(CHANNEL), "Approved by"));
    assert!(stage.there(WITH_ALICE).is_empty(), "Alice linked no account, and the address is not asked");

    let mine = format!("/v1/me/slack-links/{TEAM}/{BOB}");
    stage.ok("DELETE", &mine, "bob", &Value::Null);
    assert_eq!(stage.ok("GET", "/v1/me/slack-links", "bob", &Value::Null)["items"], json!([]));
    assert_eq!(stage.call("DELETE", &mine, "alice", &Value::Null, 0).0, 404);
    let recorded = stage.ok("GET", "/v1/audit?stream=channels/slack&kind=unlinked", "hanako", &Value::Null);
    let by: Vec<_> =
        recorded["items"].as_array().unwrap().iter().map(|of| of["actor"]["id"] == bob).collect();
    assert_eq!(by, [true, false], "by Bob himself, and before that by an administrator");
    let mut verify = kari();
    verify.args(["audit", "verify", "--data-dir"]).arg(stage.data.path().join("kari"));
    let verified = verify.output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
