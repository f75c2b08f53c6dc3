//! What Slack sends: signed, of a command, a button or a form.

use kari_application::ports::Clock;
use kari_domain::time::Instant;
use kari_embedded::clock::SystemClock;
use kari_slack::signature::SigningKey;
use serde_json::{Value, json};

use super::stage::{ACCOUNT, TEAM, WHY};

pub(crate) const SIGNING_SECRET: &str = "hush";

/// Something that Slack signed. It can be sent again as it is.
pub(crate) struct Sent {
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) signature: String,
    pub(crate) at: Instant,
}

impl Sent {
    pub(crate) fn new(path: &str, fields: &[(&str, &str)]) -> Self {
        Self::signed(path, fields, SIGNING_SECRET, SystemClock::default().now())
    }

    /// Signed by this secret at this instant.
    pub(crate) fn signed(path: &str, fields: &[(&str, &str)], secret: &str, at: Instant) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let signature = SigningKey::new(secret).unwrap().sign(at, body.as_bytes());
        Self { path: path.to_owned(), body, signature, at }
    }
}

/// Something that somebody did, as Slack sends it now.
pub(crate) fn interaction(payload: &Value) -> Sent {
    Sent::new("/slack/interactions", &[("payload", &payload.to_string())])
}

/// A form that somebody sends.
pub(crate) fn submitted(who: &str, view: &Value) -> Value {
    json!({
        "type": "view_submission", "team": {"id": TEAM}, "user": {"id": who, "team_id": TEAM}, "view": view,
    })
}

/// What somebody fills in to ask for an hour.
pub(crate) struct Filled<'a> {
    pub(crate) accounts: Vec<String>,
    pub(crate) reason: &'a str,
    pub(crate) start: Option<Instant>,
}

impl Default for Filled<'_> {
    fn default() -> Self {
        Self { accounts: vec![ACCOUNT.to_owned()], reason: WHY, start: None }
    }
}

/// A form as it was opened, filled in.
pub(crate) fn filled_in(opened: &Value, set: &Value, filled: &Filled<'_>) -> Value {
    let accounts: Vec<_> = filled.accounts.iter().map(|id| json!({ "value": id })).collect();
    let start = filled.start.map(|start| start.timestamp());
    let fields = [
        ("accounts", json!({ "selected_options": accounts })),
        ("permission-set", json!({"selected_option": {"value": set}})),
        ("duration", json!({"selected_option": {"value": "60"}})),
        ("start", json!({ "selected_date_time": start })),
        ("reason", json!({ "value": filled.reason })),
        ("ticket", json!({"value": null})),
    ];
    as_sent(opened, &fields)
}

/// A form as it was opened, with this in its fields.
pub(crate) fn as_sent(opened: &Value, fields: &[(&str, Value)]) -> Value {
    let values: serde_json::Map<_, _> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), json!({ *name: value }))).collect();
    json!({
        "id": "V0000000001", "type": "modal", "callback_id": opened["callback_id"],
        "private_metadata": opened["private_metadata"], "state": {"values": values},
    })
}
