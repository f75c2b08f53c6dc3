//! A topic by the real program and the real SDK, at an SNS that takes messages and does nothing else.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Form, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::eventually::eventually;
use crate::support::{kari, ok, ready_line};

const TOPIC: &str = "arn:aws:sns:eu-central-1:111122223333:kari";
const TAKEN: &str =
    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";

type Messages = Arc<Mutex<Vec<Value>>>;

async fn publish(State(taken): State<Messages>, Form(asked): Form<BTreeMap<String, String>>) -> &'static str {
    assert_eq!((asked["Action"].as_str(), asked["TopicArn"].as_str()), ("Publish", TOPIC));
    taken.lock().unwrap().push(serde_json::from_str(&asked["Message"]).unwrap());
    TAKEN
}

/// Kari with a topic.
struct Stage {
    taken: Messages,
    process: Child,
    origin: String,
    data: tempfile::TempDir,
    /// Answers for SNS while it lives.
    _runtime: Runtime,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Stage {
    fn new() -> Self {
        let (taken, runtime, data) =
            (Messages::default(), Runtime::new().unwrap(), tempfile::tempdir().unwrap());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let sns = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/", post(publish)).with_state(Arc::clone(&taken));
        runtime.spawn(async move { axum::serve(listener, routes).await });
        let mut command = kari();
        command.args(["serve", "--port=0", "--seed=7", "--sns-topic", TOPIC]);
        command.arg("--data-dir").arg(data.path()).env("AWS_ENDPOINT_URL_SNS", sns);
        command.env("AWS_ACCESS_KEY_ID", "local").env("AWS_SECRET_ACCESS_KEY", "local");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let origin = ready_line(process.stdout.take().unwrap());
        Self { taken, process, origin, data, _runtime: runtime }
    }

    fn ok(&self, method: &str, path: &str, user: &str, body: &Value, version: u64) -> Value {
        ok(&self.origin, self.data.path(), method, path, user, body, version)
    }

    /// Turns the channel on.
    fn turn_on(&self) {
        let before = self.ok("GET", "/v1/settings", "hanako", &Value::Null, 0);
        let mut settings = before["settings"].clone();
        settings["channels"]["sns"] = true.into();
        self.ok("PUT", "/v1/settings", "hanako", &settings, before["version"].as_u64().unwrap());
    }

    /// Alice asks, and withdraws it. Returns the id.
    fn ask(&self) -> String {
        let sets = self.ok("GET", "/v1/directory/permission-sets?limit=200", "hanako", &Value::Null, 0);
        let mut sets = sets["items"].as_array().unwrap().iter();
        let set = &sets.find(|set| set["name"] == "PowerUserAccess").unwrap()["arn"];
        let wanted = json!({
            "accounts": ["210000000011"], "permission_set": set, "duration_minutes": 60,
            "justification": "the disk is full again",
        });
        let asked = self.ok("POST", "/v1/requests", "alice", &wanted, 0);
        let id = asked["results"][0]["request"]["id"].as_str().unwrap().to_owned();
        self.ok("POST", &format!("/v1/requests/{id}/withdraw"), "alice", &json!({}), 0);
        id
    }

    /// Which kinds of events of a request were published, in the order of their names.
    fn published(&self, id: &str) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        let events = taken.iter().map(|message| &message["event"]);
        let of_it = events.filter(|event| event["stream"] == format!("request/{id}"));
        let mut kinds: Vec<_> = of_it.map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort_unstable();
        kinds
    }
}

#[test]
fn every_recorded_event_is_published_once_the_channel_is_on() {
    let stage = Stage::new();
    let me = stage.ok("GET", "/v1/me", "hanako", &Value::Null, 0);
    assert_eq!(me["channels"], json!(["sns"]), "a channel that is set up is offered");
    stage.turn_on();
    let id = stage.ask();
    eventually("its events are published", || stage.published(&id) == ["closed", "requested"]);
}
