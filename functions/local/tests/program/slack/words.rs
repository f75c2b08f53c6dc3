//! What people write arrives as they wrote it, and means nothing in Slack.

use serde_json::{Value, json};

use super::sent::Filled;
use super::stage::{CHANNEL, Stage};
use crate::eventually::eventually;

/// The runs of a message's rich text, each with the kind of what it stands in.
fn runs(blocks: &Value) -> Vec<(Value, Value)> {
    let rich = blocks.as_array().unwrap().iter().filter(|block| block["type"] == "rich_text");
    let parts = rich.flat_map(|block| block["elements"].as_array().unwrap());
    let each = |part: &Value| {
        let runs = part["elements"].as_array().unwrap().clone();
        runs.into_iter().map(|run| (part["type"].clone(), run)).collect::<Vec<_>>()
    };
    parts.flat_map(each).collect()
}

#[test]
fn reasons_arrive_as_they_are_written_and_mean_nothing_in_a_message() {
    let stage = Stage::new();
    let longest = "あ".repeat(1_000);
    let reasons = [
        "INC-1: fix: step 2",
        "<!channel> <!here> & <@U0BOB> <https://evil.example|here>",
        "*bold* _or_ `not` ~at all~ :smile:",
        "disk full 🙂👨‍👩‍👧 now",
        "first line\nsecond line",
        "障害対応のため本番の状態を確認します：至急",
        &longest,
    ];
    for (before, reason) in reasons.into_iter().enumerate() {
        stage.ask_in_modal(&Filled { reason, ..Filled::default() });
        eventually("the card is there", || stage.there(CHANNEL).len() > before);
        let mine = stage.mine();
        let request = mine.iter().find(|request| request["state"] == "pending").unwrap();
        assert_eq!(request["justification"], reason);
        let runs = runs(&stage.there(CHANNEL)[before].blocks);
        let quoted = (json!("rich_text_quote"), json!({"type": "text", "text": reason}));
        assert!(runs.contains(&quoted), "{runs:?}");
        let is_harmless = |run: &Value| run["type"] == "text" || run["type"] == "date";
        assert!(runs.iter().all(|(_, run)| is_harmless(run)), "nobody is mentioned: {runs:?}");
        let path = format!("/v1/requests/{}/withdraw", request["id"].as_str().unwrap());
        stage.ok("POST", &path, "alice", &json!({}));
    }
    // What Slack would format is never what somebody wrote.
    for call in stage.fake.workspace().calls.iter().filter(|call| call.method.starts_with("chat.")) {
        let text = call.body["text"].as_str().unwrap();
        assert!(!text.contains("<!") && !reasons.iter().any(|reason| text.contains(reason)), "{text}");
    }
}
