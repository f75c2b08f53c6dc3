use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kari_application::ports::Clock;
use kari_embedded::clock::SystemClock;
use kari_slack::signature::SigningKey;
use serde_json::{Value, json};

use crate::aws::SIGNING_SECRET;
use crate::function::WORKSPACE;

/// Somebody presses *Approve*: what API Gateway hands over of it.
pub fn pressed() -> String {
    let payload = json!({
        "type": "block_actions", "trigger_id": "1.2.3",
        "team": {"id": WORKSPACE}, "user": {"id": "U0BOB", "team_id": WORKSPACE},
        "channel": {"id": "C0REVIEW"},
        "actions": [{"action_id": "approve", "value": "01890000-0000-7000-8000-000000000000"}],
    });
    sent(&payload)
}

/// What API Gateway hands over of an interaction, signed now as Slack signs.
pub(crate) fn sent(payload: &Value) -> String {
    let body =
        form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish();
    let now = SystemClock::default().now();
    let signature = SigningKey::new(SIGNING_SECRET).expect("there is a secret").sign(now, body.as_bytes());
    let path = "/slack/interactions";
    let event = json!({
        "version": "2.0", "routeKey": format!("POST {path}"), "rawPath": path, "rawQueryString": "",
        "headers": {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-signature": signature,
            "x-slack-request-timestamp": now.timestamp().to_string(),
        },
        "requestContext": {
            "accountId": "111122223333", "apiId": "api", "domainName": "api.example", "domainPrefix": "api",
            "requestId": "1", "routeKey": format!("POST {path}"), "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_u64,
            "http": {
                "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                "userAgent": "Slackbot 1.0",
            },
        },
        "body": STANDARD.encode(&body), "isBase64Encoded": true,
    });
    event.to_string()
}
