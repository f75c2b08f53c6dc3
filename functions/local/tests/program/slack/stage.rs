//! Kari beside a Slack, which sends what people press there, signed as Slack signs it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use kari_application::ports::Clock;
use kari_embedded::clock::SystemClock;
use kari_fake_slack::{FakeSlack, Person, Posted, TOKEN};
use kari_slack::signature::{SIGNATURE, SigningKey, TIMESTAMP};
use serde_json::{Value, json};

use crate::support::{client, start, token};

pub(crate) const CHANNEL: &str = "C0REVIEW";
pub(crate) const AUDIT: &str = "C0AUDIT";
pub(crate) const ALICE: &str = "U0ALICE";
pub(crate) const BOB: &str = "U0BOB";
pub(crate) const TEAM: &str = "T0000000001";
pub(crate) const SIGNING_SECRET: &str = "hush";
/// The file with the secrets.
const SECRETS: &str = "slack.json";
/// The conversation between the bot and Alice.
pub(crate) const WITH_ALICE: &str = "D0ALICE";
/// An account in which a team lead has to agree.
pub(crate) const ACCOUNT: &str = "210000000011";

pub(crate) struct Stage {
    pub(crate) fake: FakeSlack,
    pub(crate) process: Child,
    pub(crate) origin: String,
    pub(crate) data: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Stage {
    /// Kari with Slack on, and everything in one channel.
    pub(crate) fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fake = runtime.block_on(FakeSlack::start()).unwrap();
        {
            let mut slack = fake.workspace();
            slack.channel(CHANNEL);
            slack.channel(AUDIT);
            slack.each = Duration::ZERO;
            for (id, email, locale) in [
                (ALICE, "alice.martin@hinode.example", "ja-JP"),
                (BOB, "bob.fischer@hinode.example", "en-US"),
            ] {
                let (email, locale) = (email.to_owned(), locale.to_owned());
                slack.join(id, Person { email, locale, ..Person::default() });
            }
        }
        let data = tempfile::tempdir().unwrap();
        let secrets = data.path().join(SECRETS);
        write_secrets(&secrets, &secrets_of(TOKEN, SIGNING_SECRET), 0o600);
        let (secrets, api) = (secrets.to_str().unwrap().to_owned(), fake.api_url());
        let arguments = ["serve", "--port=0", "--seed=7", "--slack-workspaces=T0000000001"];
        let given = [&format!("--slack-secrets={secrets}"), &format!("--slack-api-url={api}")];
        let arguments: Vec<&str> = arguments.into_iter().chain(given.map(String::as_str)).collect();
        let (process, origin) = start(&arguments, &data.path().join("kari"));
        let stage = Self { fake, process, origin, data, _runtime: runtime };
        stage.turn_on();
        stage
    }

    pub(crate) fn call(
        &self,
        method: &str,
        path: &str,
        user: &str,
        body: &Value,
        version: u64,
    ) -> (u16, Value) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("authorization", format!("Bearer {}", token(user, &self.data.path().join("kari"))))
            .header("content-type", "application/json")
            .header("idempotency-key", "once")
            .header("if-match", format!("\"{version}\""));
        let agent = client();
        let mut answer = match method {
            "GET" => agent.run(request.body(()).unwrap()).unwrap(),
            _ => agent.run(request.body(body.to_string()).unwrap()).unwrap(),
        };
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    pub(crate) fn ok(&self, method: &str, path: &str, user: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, user, body, 0);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    pub(crate) fn turn_on(&self) {
        self.set(&json!({ "slack_channel": CHANNEL, "slack_audit_channel": AUDIT }));
    }

    /// Changes the settings; Slack is on.
    pub(crate) fn set(&self, change: &Value) {
        let before = self.ok("GET", "/v1/settings", "hanako", &Value::Null);
        let mut settings = before["settings"].clone();
        settings["channels"]["slack"] = true.into();
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let version = before["version"].as_u64().unwrap();
        let (status, answer) = self.call("PUT", "/v1/settings", "hanako", &settings, version);
        assert_eq!(status, 200, "{answer}");
    }

    /// Other secrets are put into the file, and then Slack knows no others.
    pub(crate) fn replace_secrets(&self, bot_token: &str, signing_secret: &str) {
        write_secrets(&self.data.path().join(SECRETS), &secrets_of(bot_token, signing_secret), 0o600);
        self.fake.workspace().token = Some(bot_token.to_owned());
    }

    /// What Slack sends, as Slack signs it.
    pub(crate) fn slack_sends(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        self.slack_sends_by(SIGNING_SECRET, path, fields)
    }

    /// The same, signed by another secret.
    pub(crate) fn slack_sends_by(
        &self,
        signing_secret: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (u16, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let now = SystemClock::default().now();
        let signature = SigningKey::new(signing_secret).unwrap().sign(now, body.as_bytes());
        let sent = client()
            .post(format!("{}{path}", self.origin))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(SIGNATURE, signature)
            .header(TIMESTAMP, now.timestamp().to_string())
            .send(body);
        let mut answer = sent.unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    /// Somebody presses a button of a message. No two clicks have the same trigger.
    pub(crate) fn press(&self, who: &str, conversation: &str, button: &Value, trigger: &str) {
        self.press_in(who, &self.there(conversation)[0], button, trigger);
    }

    pub(crate) fn press_in(&self, who: &str, message: &Posted, button: &Value, trigger: &str) {
        let payload = json!({
            "type": "block_actions", "team": {"id": TEAM}, "user": {"id": who, "team_id": TEAM},
            "api_app_id": "A0KARI",
            "container": {
                "type": "message", "message_ts": message.ts, "channel_id": message.channel, "is_ephemeral": false,
            },
            "message": {"ts": message.ts, "bot_id": "B0KARI", "app_id": "A0KARI"},
            "channel": {"id": message.channel}, "trigger_id": trigger, "actions": [button],
        });
        let answer = self.slack_sends("/slack/interactions", &[("payload", &payload.to_string())]);
        assert_eq!(answer, (200, String::new()));
    }

    /// The last view that was opened or shown.
    pub(crate) fn shown(&self, method: &str) -> Option<Value> {
        let calls = self.fake.workspace().calls.clone();
        calls.into_iter().rfind(|call| call.method == method).map(|call| call.body["view"].clone())
    }

    pub(crate) fn power_user(&self) -> Value {
        let sets = self.ok("GET", "/v1/directory/permission-sets?limit=200", "hanako", &Value::Null);
        let mut sets = sets["items"].as_array().unwrap().iter();
        sets.find(|set| set["name"] == "PowerUserAccess").unwrap()["arn"].clone()
    }

    /// Through which door the first event of this kind came in the only request of Alice.
    pub(crate) fn cause(&self, kind: &str) -> Value {
        let mine = self.ok("GET", "/v1/requests?scope=mine", "alice", &Value::Null);
        let id = mine["items"][0]["id"].as_str().unwrap();
        let request = self.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null);
        let mut entries = request["timeline"].as_array().unwrap().iter();
        entries.find(|entry| entry["kind"] == kind).unwrap()["cause"].clone()
    }

    /// Bob gives a code of his in Slack. Returns what he is told.
    pub(crate) fn link_bob(&self) -> String {
        let link = self.ok("POST", "/v1/me/slack-link", "bob", &Value::Null);
        let text = format!("link {}", link["code"].as_str().unwrap());
        let command = [("team_id", TEAM), ("user_id", BOB), ("text", &text), ("trigger_id", "1.link")];
        let (status, answer) = self.slack_sends("/slack/commands", &command);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// How often somebody was told that they have to link their account.
    pub(crate) fn sent_to_link(&self) -> usize {
        let calls = self.fake.workspace().calls.clone();
        let told = calls.iter().filter(|call| call.method == "chat.postEphemeral");
        told.filter(|call| call.body.to_string().contains("Link your Slack account in the portal first"))
            .count()
    }

    pub(crate) fn there(&self, conversation: &str) -> Vec<Posted> {
        self.fake.workspace().in_channel(conversation)
    }

    pub(crate) fn skip(&self, minutes: u32) {
        self.ok("POST", "/v1/simulation/skip", "hanako", &json!({ "minutes": minutes }));
    }
}

fn secrets_of(bot_token: &str, signing_secret: &str) -> String {
    json!({"bot_token": bot_token, "signing_secret": signing_secret}).to_string()
}

pub(crate) fn write_secrets(path: &Path, text: &str, mode: u32) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

pub(crate) fn says(posted: &[Posted], words: &str) -> bool {
    posted.iter().any(|posted| posted.blocks.to_string().contains(words))
}

/// The button with this name in a conversation.
pub(crate) fn button(posted: &[Posted], name: &str) -> Option<Value> {
    let blocks = posted.iter().filter_map(|posted| posted.blocks.as_array()).flatten();
    let mut elements = blocks.filter_map(|block| block["elements"].as_array()).flatten();
    elements.find(|element| element["action_id"] == name).cloned()
}

/// A form with this callback as it was opened, filled in for an hour.
pub(crate) fn filled_in(opened: &Value, set: &Value) -> Value {
    let mut fields = serde_json::Map::new();
    for (name, value) in [
        ("accounts", json!({"selected_options": [{"value": ACCOUNT}]})),
        ("permission-set", json!({"selected_option": {"value": set}})),
        ("duration", json!({"selected_option": {"value": "60"}})),
        ("start", json!({"selected_date_time": null})),
        ("reason", json!({"value": "障害対応のため <!channel> *本番* を確認します"})),
        ("ticket", json!({"value": null})),
    ] {
        fields.insert(name.to_owned(), json!({ name: value }));
    }
    json!({
        "id": "V0000000001", "type": "modal", "callback_id": opened["callback_id"],
        "private_metadata": opened["private_metadata"], "state": {"values": fields},
    })
}
