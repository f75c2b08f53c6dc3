//! Kari beside a Slack, which sends what people press there, signed as Slack signs it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use kari_fake_slack::{FakeSlack, Person, Posted, TOKEN};
use kari_slack::signature::{SIGNATURE, TIMESTAMP};
use serde_json::{Value, json};

use super::sent::{Filled, SIGNING_SECRET, Sent, filled_in, interaction, submitted};
use crate::eventually::eventually;
use crate::support::{client, start, token};

pub(crate) const CHANNEL: &str = "C0REVIEW";
pub(crate) const AUDIT: &str = "C0AUDIT";
pub(crate) const ALICE: &str = "U0ALICE";
pub(crate) const BOB: &str = "U0BOB";
/// Leads a team, as Bob does.
pub(crate) const MISAKI: &str = "U0MISAKI";
pub(crate) const TEAM: &str = "T0000000001";
/// The file with the secrets.
const SECRETS: &str = "slack.json";
/// The conversation between the bot and Alice.
pub(crate) const WITH_ALICE: &str = "D0ALICE";
/// An account in which a team lead has to agree.
pub(crate) const ACCOUNT: &str = "210000000011";
pub(crate) const WHY: &str = "障害対応のため <!channel> *本番* を確認します";
/// The organization of the program's tests, as its file says it.
pub(crate) const SAMPLE: &str = include_str!("../../../sample-organization.toml");

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
        Self::in_organization(SAMPLE)
    }

    /// The same in another organization.
    pub(crate) fn in_organization(organization: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fake = runtime.block_on(FakeSlack::start()).unwrap();
        {
            let mut slack = fake.workspace();
            slack.channel(CHANNEL);
            slack.channel(AUDIT);
            slack.each = Duration::ZERO;
            // However busy the machine is.
            slack.trigger = Duration::from_mins(1);
            for (id, email, locale) in [
                (ALICE, "alice.martin@hinode.example", "ja-JP"),
                (BOB, "bob.fischer@hinode.example", "en-US"),
                (MISAKI, "misaki.takahashi@hinode.example", "en-US"),
            ] {
                let (email, locale) = (email.to_owned(), locale.to_owned());
                slack.join(id, Person { email, locale, ..Person::default() });
            }
        }
        let data = tempfile::tempdir().unwrap();
        write_secrets(&data.path().join(SECRETS), &secrets_of(TOKEN, SIGNING_SECRET), 0o600);
        let (process, origin) = run(&fake, data.path(), organization);
        let stage = Self { fake, process, origin, data, _runtime: runtime };
        stage.turn_on();
        stage
    }

    /// Kari is stopped, and starts again in an organization that has changed meanwhile.
    pub(crate) fn reorganize(&mut self, organization: &str) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        (self.process, self.origin) = run(&self.fake, self.data.path(), organization);
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

    /// Returns what Slack is answered.
    pub(crate) fn deliver(&self, sent: &Sent) -> (u16, String) {
        let answer = client()
            .post(format!("{}{}", self.origin, sent.path))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(SIGNATURE, &sent.signature)
            .header(TIMESTAMP, sent.at.timestamp().to_string())
            .send(&sent.body);
        let mut answer = answer.unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    pub(crate) fn interact(&self, payload: &Value) -> (u16, String) {
        self.deliver(&interaction(payload))
    }

    /// Somebody writes `/access`.
    pub(crate) fn command(&self, who: &str, text: &str) -> (u16, String) {
        self.deliver(&self.commanded(who, text))
    }

    pub(crate) fn commanded(&self, who: &str, text: &str) -> Sent {
        let trigger = self.fake.workspace().new_trigger();
        let fields = [("team_id", TEAM), ("user_id", who), ("text", text), ("trigger_id", &trigger)];
        Sent::new("/slack/commands", &fields)
    }

    /// Alice opens the form and sends it, filled in like this.
    pub(crate) fn ask_in_modal(&self, filled: &Filled<'_>) -> Sent {
        assert_eq!(self.command(ALICE, ""), (200, String::new()));
        let opened = self.shown("views.open").expect("a modal is opened before Slack has its answer");
        let sent = interaction(&submitted(ALICE, &filled_in(&opened, &self.power_user(), filled)));
        let (status, answer) = self.deliver(&sent);
        assert!(status == 200 && answer.contains(r#""response_action":"update""#), "{status} {answer}");
        sent
    }

    /// Somebody asks in the portal, for an hour. Returns which request it is.
    pub(crate) fn ask(&self, who: &str) -> String {
        let wanted = json!({
            "accounts": [ACCOUNT], "permission_set": self.power_user(), "duration_minutes": 60,
            "justification": WHY,
        });
        let asked = self.ok("POST", "/v1/requests", who, &wanted);
        asked["results"][0]["request"]["id"].as_str().unwrap().to_owned()
    }

    /// The first message of the channel, once it waits for a review.
    pub(crate) fn card(&self) -> Posted {
        eventually("the card is there", || button(&self.there(CHANNEL), "approve").is_some());
        self.there(CHANNEL).remove(0)
    }

    /// Somebody presses a button of the first message of a conversation.
    pub(crate) fn press(&self, who: &str, conversation: &str, button: &Value) {
        self.press_in(who, &self.there(conversation)[0], button);
    }

    pub(crate) fn press_in(&self, who: &str, message: &Posted, button: &Value) {
        assert_eq!(self.interact(&self.pressed(who, message, button)), (200, String::new()));
    }

    /// What Slack sends of a press. No two have the same trigger.
    pub(crate) fn pressed(&self, who: &str, message: &Posted, button: &Value) -> Value {
        let trigger = self.fake.workspace().new_trigger();
        json!({
            "type": "block_actions", "team": {"id": TEAM}, "user": {"id": who, "team_id": TEAM},
            "api_app_id": "A0KARI",
            "container": {
                "type": "message", "message_ts": message.ts, "channel_id": message.channel, "is_ephemeral": false,
            },
            "message": {"ts": message.ts, "bot_id": "B0KARI", "app_id": "A0KARI"},
            "channel": {"id": message.channel}, "trigger_id": trigger, "actions": [button],
        })
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

    /// The requests of Alice as they are now.
    pub(crate) fn mine(&self) -> Vec<Value> {
        let mine = self.ok("GET", "/v1/requests?scope=mine&limit=200", "alice", &Value::Null);
        mine["items"].as_array().unwrap().clone()
    }

    /// What has happened to a request of Alice, each by its kind.
    pub(crate) fn kinds(&self, id: &str) -> Vec<String> {
        let request = self.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null);
        let entries = request["timeline"].as_array().unwrap().iter();
        entries.map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// The attempts that were refused: what was wanted, and why not.
    pub(crate) fn refused(&self) -> Vec<String> {
        let recorded = self.ok("GET", "/v1/audit?kind=attempt-refused", "hanako", &Value::Null);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let brief = |of: &Value| format!("{} {}", text(&of["data"]["command"]), text(&of["data"]["code"]));
        recorded["items"].as_array().unwrap().iter().map(brief).collect()
    }

    /// Through which door the first event of this kind came in the only request of Alice.
    pub(crate) fn cause(&self, kind: &str) -> Value {
        let mine = self.mine();
        let id = mine[0]["id"].as_str().unwrap();
        let request = self.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null);
        let mut entries = request["timeline"].as_array().unwrap().iter();
        entries.find(|entry| entry["kind"] == kind).unwrap()["cause"].clone()
    }

    /// Bob gives a code of his in Slack. Returns what he is told.
    pub(crate) fn link_bob(&self) -> String {
        let link = self.ok("POST", "/v1/me/slack-link", "bob", &Value::Null);
        let (status, answer) = self.command(BOB, &format!("link {}", link["code"].as_str().unwrap()));
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// How often Bob was told that he has to link his account.
    pub(crate) fn sent_to_link(&self) -> usize {
        let told = self.whispered(BOB).into_iter();
        told.filter(|text| text.contains("Link your Slack account in the portal first")).count()
    }

    /// What only this person has seen in channels.
    pub(crate) fn whispered(&self, who: &str) -> Vec<String> {
        let calls = self.fake.workspace().calls.clone();
        let told = calls.iter().filter(|call| call.method == "chat.postEphemeral");
        let told = told.filter(|call| call.body["user"] == who);
        told.map(|call| call.body["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until somebody was told this where nobody else sees it.
    pub(crate) fn until_whispered(&self, who: &str, words: &str) {
        eventually(words, || self.whispered(who).iter().any(|text| text.contains(words)));
    }

    pub(crate) fn there(&self, conversation: &str) -> Vec<Posted> {
        self.fake.workspace().in_channel(conversation)
    }

    /// What notifications say of the state that a message was changed to, each time.
    pub(crate) fn changes_of(&self, message: &Posted) -> Vec<String> {
        let calls = self.fake.workspace().calls.clone();
        let changes = calls.iter().filter(|call| call.method == "chat.update" && call.answer == "ok");
        let changes = changes.filter(|call| call.body["ts"] == message.ts.as_str());
        let text = |body: &Value| body["text"].as_str().unwrap().to_owned();
        changes.map(|call| text(&call.body).rsplit(" – ").next().unwrap().to_owned()).collect()
    }

    pub(crate) fn skip(&self, minutes: u32) {
        self.ok("POST", "/v1/simulation/skip", "hanako", &json!({ "minutes": minutes }));
    }
}

fn secrets_of(bot_token: &str, signing_secret: &str) -> String {
    json!({"bot_token": bot_token, "signing_secret": signing_secret}).to_string()
}

/// Starts Kari in this organization, with everything that it keeps in this folder.
fn run(fake: &FakeSlack, home: &Path, organization: &str) -> (Child, String) {
    let path = |name: &str| home.join(name).to_str().unwrap().to_owned();
    std::fs::write(path("organization.toml"), organization).unwrap();
    let (organization, secrets) = (path("organization.toml"), path(SECRETS));
    let arguments: [&str; 7] = [
        "serve",
        "--port=0",
        "--seed=7",
        "--slack-workspaces=T0000000001",
        &format!("--organization={organization}"),
        &format!("--slack-secrets={secrets}"),
        &format!("--slack-api-url={}", fake.api_url()),
    ];
    start(&arguments, &home.join("kari"))
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
