//! A request's way through Slack, by the real program: the card, its changes, what its requester hears, and what
//! people press.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod eventually;
mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use eventually::eventually;
use kari_application::ports::Clock;
use kari_embedded::clock::SystemClock;
use kari_fake_slack::{Control, FakeSlack, Person, Posted, TOKEN};
use kari_slack::signature::{SIGNATURE, SigningKey, TIMESTAMP};
use serde_json::{Value, json};
use support::{client, kari, start, token};

const CHANNEL: &str = "C0REVIEW";
const AUDIT: &str = "C0AUDIT";
const ALICE: &str = "U0ALICE";
const BOB: &str = "U0BOB";
const TEAM: &str = "T0000000001";
const SIGNING_SECRET: &str = "hush";
/// The conversation between the bot and Alice.
const WITH_ALICE: &str = "D0ALICE";
/// An account in which a team lead has to agree.
const ACCOUNT: &str = "210000000011";

struct Stage {
    fake: FakeSlack,
    process: Child,
    origin: String,
    data: tempfile::TempDir,
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
    fn new() -> Self {
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
        let secrets = data.path().join("slack.json");
        let text = json!({"bot_token": TOKEN, "signing_secret": SIGNING_SECRET}).to_string();
        write_secrets(&secrets, &text, 0o600);
        let (secrets, api) = (secrets.to_str().unwrap().to_owned(), fake.api_url());
        let arguments = ["serve", "--port=0", "--seed=7", "--slack-workspaces=T0000000001"];
        let given = [&format!("--slack-secrets={secrets}"), &format!("--slack-api-url={api}")];
        let arguments: Vec<&str> = arguments.into_iter().chain(given.map(String::as_str)).collect();
        let (process, origin) = start(&arguments, &data.path().join("kari"));
        let stage = Self { fake, process, origin, data, _runtime: runtime };
        stage.turn_on();
        stage
    }

    fn call(&self, method: &str, path: &str, user: &str, body: &Value, version: u64) -> (u16, Value) {
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

    fn ok(&self, method: &str, path: &str, user: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, user, body, 0);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    fn turn_on(&self) {
        self.set(&json!({ "slack_channel": CHANNEL, "slack_audit_channel": AUDIT }));
    }

    /// Changes the settings; Slack is on.
    fn set(&self, change: &Value) {
        let before = self.ok("GET", "/v1/settings", "hanako", &Value::Null);
        let mut settings = before["settings"].clone();
        settings["channels"]["slack"] = true.into();
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let version = before["version"].as_u64().unwrap();
        let (status, answer) = self.call("PUT", "/v1/settings", "hanako", &settings, version);
        assert_eq!(status, 200, "{answer}");
    }

    /// What Slack sends, as Slack signs it.
    fn slack_sends(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let now = SystemClock::default().now();
        let signature = SigningKey::new(SIGNING_SECRET).unwrap().sign(now, body.as_bytes());
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
    fn press(&self, who: &str, conversation: &str, button: &Value, trigger: &str) {
        self.press_in(who, &self.there(conversation)[0], button, trigger);
    }

    fn press_in(&self, who: &str, message: &Posted, button: &Value, trigger: &str) {
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
    fn shown(&self, method: &str) -> Option<Value> {
        let calls = self.fake.workspace().calls.clone();
        calls.into_iter().rfind(|call| call.method == method).map(|call| call.body["view"].clone())
    }

    fn power_user(&self) -> Value {
        let sets = self.ok("GET", "/v1/directory/permission-sets?limit=200", "hanako", &Value::Null);
        let mut sets = sets["items"].as_array().unwrap().iter();
        sets.find(|set| set["name"] == "PowerUserAccess").unwrap()["arn"].clone()
    }

    /// Through which door the first event of this kind came in the only request of Alice.
    fn cause(&self, kind: &str) -> Value {
        let mine = self.ok("GET", "/v1/requests?scope=mine", "alice", &Value::Null);
        let id = mine["items"][0]["id"].as_str().unwrap();
        let request = self.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null);
        let mut entries = request["timeline"].as_array().unwrap().iter();
        entries.find(|entry| entry["kind"] == kind).unwrap()["cause"].clone()
    }

    /// Bob gives a code of his in Slack. Returns what he is told.
    fn link_bob(&self) -> String {
        let link = self.ok("POST", "/v1/me/slack-link", "bob", &Value::Null);
        let text = format!("link {}", link["code"].as_str().unwrap());
        let command = [("team_id", TEAM), ("user_id", BOB), ("text", &text), ("trigger_id", "1.link")];
        let (status, answer) = self.slack_sends("/slack/commands", &command);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// How often somebody was told that they have to link their account.
    fn sent_to_link(&self) -> usize {
        let calls = self.fake.workspace().calls.clone();
        let told = calls.iter().filter(|call| call.method == "chat.postEphemeral");
        told.filter(|call| call.body.to_string().contains("Link your Slack account in the portal first"))
            .count()
    }

    fn there(&self, conversation: &str) -> Vec<Posted> {
        self.fake.workspace().in_channel(conversation)
    }

    fn skip(&self, minutes: u32) {
        self.ok("POST", "/v1/simulation/skip", "hanako", &json!({ "minutes": minutes }));
    }
}

fn write_secrets(path: &Path, text: &str, mode: u32) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn says(posted: &[Posted], words: &str) -> bool {
    posted.iter().any(|posted| posted.blocks.to_string().contains(words))
}

/// The button with this name in a conversation.
fn button(posted: &[Posted], name: &str) -> Option<Value> {
    let blocks = posted.iter().filter_map(|posted| posted.blocks.as_array()).flatten();
    let mut elements = blocks.filter_map(|block| block["elements"].as_array()).flatten();
    elements.find(|element| element["action_id"] == name).cloned()
}

/// A form with this callback as it was opened, filled in for an hour.
fn filled_in(opened: &Value, set: &Value) -> Value {
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

#[test]
fn access_is_asked_for_in_a_modal_approved_by_a_button_and_ended_by_another() {
    let stage = Stage::new();
    let command = [("team_id", TEAM), ("user_id", ALICE), ("text", ""), ("trigger_id", "1.command")];
    assert_eq!(stage.slack_sends("/slack/commands", &command), (200, String::new()));
    let opened = stage.shown("views.open").expect("a modal is opened before Slack has its answer");
    let submission = json!({
        "type": "view_submission", "team": {"id": TEAM}, "user": {"id": ALICE, "team_id": TEAM},
        "view": filled_in(&opened, &stage.power_user()),
    });
    let (status, answer) = stage.slack_sends("/slack/interactions", &[("payload", &submission.to_string())]);
    assert!(status == 200 && answer.contains(r#""response_action":"update""#), "{status} {answer}");
    eventually("the modal shows what came of it", || {
        stage.shown("views.update").is_some_and(|view| view.to_string().contains(ACCOUNT))
    });

    eventually("the card is there", || button(&stage.there(CHANNEL), "approve").is_some());
    let approve = button(&stage.there(CHANNEL), "approve").unwrap();
    for trigger in ["2.click", "3.double-click"] {
        stage.press(BOB, CHANNEL, &approve, trigger);
    }
    eventually("the card says so and has nothing to press", || {
        let there = stage.there(CHANNEL);
        says(&there, "Approved by") && !says(&there, "\"approve\"")
    });
    eventually("the requester has a way in", || says(&stage.there(WITH_ALICE), "/#/console?account_id="));

    stage.skip(50);
    eventually("the warning comes with a way to end it", || {
        button(&stage.there(WITH_ALICE), "end").is_some()
    });
    let end = button(&stage.there(WITH_ALICE), "end").unwrap();
    stage.press(ALICE, WITH_ALICE, &end, "4.click");
    eventually("it is over", || {
        stage.skip(1);
        says(&stage.there(CHANNEL), "Ended early by")
    });
    assert_eq!(stage.there(CHANNEL).len(), 1, "one card, whatever happened");
    eventually("its requester hears of it", || {
        says(&stage.there(WITH_ALICE), "アクセスが途中で終了しました")
    });
    assert_eq!(["requested", "reviewed"].map(|kind| stage.cause(kind)), ["slack", "slack"]);
}

#[test]
fn what_was_pressed_before_a_stop_is_done_before_it() {
    let mut stage = Stage::new();
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": stage.power_user(), "duration_minutes": 60,
        "justification": "障害対応のため本番の状態を確認します",
    });
    let asked = stage.ok("POST", "/v1/requests", "alice", &wanted);
    let id = asked["results"][0]["request"]["id"].as_str().unwrap().to_owned();
    eventually("the card is there", || button(&stage.there(CHANNEL), "approve").is_some());
    let card = stage.there(CHANNEL).remove(0);
    let approve = button(std::slice::from_ref(&card), "approve").unwrap();

    let fake = stage.fake.clone();
    // Slack answers nobody until this is dropped.
    let silent = fake.workspace();
    stage.press_in(BOB, &card, &approve, "1.click");
    let supervisor = rustix::process::Pid::from_child(&stage.process);
    rustix::process::kill_process(supervisor, rustix::process::Signal::TERM).unwrap();
    let address = stage.origin.strip_prefix("http://").unwrap().to_owned();
    eventually("nobody is let in any more", || std::net::TcpStream::connect(&address).is_err());
    drop(silent);
    assert!(stage.process.wait().unwrap().success());

    (stage.process, stage.origin) =
        start(&["serve", "--port=0", "--seed=7"], &stage.data.path().join("kari"));
    let request = stage.ok("GET", &format!("/v1/requests/{id}"), "alice", &Value::Null);
    let kinds: Vec<_> = request["timeline"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert!(kinds.contains(&&json!("approved")), "{kinds:?}");
}

#[test]
fn a_card_whose_answer_was_lost_is_updated_like_the_other_once_somebody_presses_it() {
    let stage = Stage::new();
    let failing = [(format!("chat.postMessage {CHANNEL}"), vec!["lost".to_owned()])].into();
    stage.fake.workspace().apply(Control { failing, ..Control::default() });
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": stage.power_user(), "duration_minutes": 60,
        "justification": "the disk of the payments database is full",
    });
    stage.ok("POST", "/v1/requests", "alice", &wanted);
    eventually("it is posted once more", || stage.there(CHANNEL).len() == 2);
    let first = stage.there(CHANNEL).remove(0);
    let approve = button(std::slice::from_ref(&first), "approve").unwrap();
    stage.press_in(BOB, &first, &approve, "1.click");
    eventually("both say so and have nothing to press", || {
        let there = stage.there(CHANNEL);
        there.iter().all(|card| {
            let card = std::slice::from_ref(card);
            says(card, "Approved by") && !says(card, "\"approve\"")
        })
    });
}

#[test]
fn what_slack_did_not_sign_is_refused_by_the_program() {
    let stage = Stage::new();
    let sent = client()
        .post(format!("{}/slack/commands", stage.origin))
        .header("content-type", "application/x-www-form-urlencoded")
        .send("team_id=T0000000001&user_id=U0ALICE&trigger_id=1");
    assert_eq!(sent.unwrap().status().as_u16(), 401);
    assert!(stage.shown("views.open").is_none());
}

#[test]
fn a_request_is_shown_in_its_channel_and_told_to_its_requester_from_the_question_to_the_end() {
    let stage = Stage::new();
    let set = stage.power_user();
    let wanted = json!({
        "accounts": [ACCOUNT], "permission_set": set, "duration_minutes": 60,
        "justification": "障害対応のため <!channel> *本番* を確認します",
    });
    let asked = stage.ok("POST", "/v1/requests", "alice", &wanted);
    let id = asked["results"][0]["request"]["id"].as_str().unwrap().to_owned();
    eventually("the card is there", || says(&stage.there(CHANNEL), "\"approve\""));
    eventually("the requester hears of it", || says(&stage.there(WITH_ALICE), "申請を受け付けました"));

    stage.ok("POST", &format!("/v1/requests/{id}/approve"), "bob", &json!({}));
    eventually("the card says so and has nothing to press", || {
        let there = stage.there(CHANNEL);
        says(&there, "Approved by") && !says(&there, "\"approve\"")
    });
    eventually("it is active", || says(&stage.there(CHANNEL), "Active until"));
    eventually("with a way in", || says(&stage.there(WITH_ALICE), "/#/console?account_id=210000000011"));

    stage.skip(50);
    eventually("the warning comes with a way to end it", || says(&stage.there(WITH_ALICE), "\"end\""));
    stage.skip(15);
    eventually("it is over", || {
        stage.skip(1);
        says(&stage.there(CHANNEL), "its time was over")
    });
    assert_eq!(stage.there(CHANNEL).len(), 1, "one card, whatever happened");
    eventually("every event is told to auditors", || says(&stage.there(AUDIT), "closed the request"));
}

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
    stage.press(BOB, CHANNEL, &approve, "2.unlinked");
    eventually("an address alone is nobody", || stage.sent_to_link() == 1);

    assert!(stage.link_bob().contains("is linked to"));
    let bob = stage.ok("GET", "/v1/me", "bob", &Value::Null)["user"]["id"].as_str().unwrap().to_owned();
    let all = stage.ok("GET", "/v1/slack-links", "hanako", &Value::Null);
    assert_eq!(
        (&all["items"][0]["user"]["id"], &all["items"][0]["account"]["id"]),
        (&json!(bob), &json!(BOB))
    );
    stage.ok("DELETE", &format!("/v1/slack-links/{bob}/{TEAM}/{BOB}"), "hanako", &Value::Null);
    stage.press(BOB, CHANNEL, &approve, "3.cut-off");
    eventually("whom an administrator unlinked is refused", || stage.sent_to_link() == 2);
    assert!(button(&stage.there(CHANNEL), "approve").is_some(), "it still waits");

    stage.link_bob();
    stage.press(BOB, CHANNEL, &approve, "4.linked");
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

#[test]
fn secrets_that_others_can_read_are_refused_at_the_start() {
    let home = tempfile::tempdir().unwrap();
    let secrets = home.path().join("slack.json");
    write_secrets(&secrets, &json!({"bot_token": "xoxb-hush", "signing_secret": "hush"}).to_string(), 0o644);
    let mut command = kari();
    command.args(["serve", "--port", "0", "--slack-workspaces", "T1", "--slack-secrets"]).arg(&secrets);
    let output = command.arg("--data-dir").arg(home.path().join("kari")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("chmod 600") && !said.contains("hush"), "{said}");
}
