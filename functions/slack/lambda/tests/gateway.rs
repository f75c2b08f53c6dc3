//! What API Gateway and Lambda hand over, as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::future::ready;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::to_bytes;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kari_application::ports::Unavailable;
use kari_embedded::notes::StoredNotes;
use kari_slack::SecretsInUse;
use kari_slack::delivery::{Delivery, Links};
use kari_slack::signature::SigningKey;
use kari_slack_function::{HandOver, Job, SetUp, SlackApp, Wish};
use kari_slack_lambda::{handle, routes};
use serde_json::{Value, json};
use town::Town;

#[derive(Default)]
struct Kept(Mutex<Vec<Job>>);

#[async_trait]
impl HandOver for Kept {
    async fn hand_over(&self, _: &SlackApp, job: Job) -> Result<(), Unavailable> {
        self.0.lock().unwrap().push(job);
        Ok(())
    }

    fn repeats(&self) -> bool {
        true
    }
}

struct Function {
    app: SlackApp,
    kept: Arc<Kept>,
}

impl Function {
    async fn new(town: &Town) -> Self {
        let kept = Arc::new(Kept::default());
        // Nobody listens there.
        let text = json!({ "bot_token": "xoxb-1", "signing_secret": "secret" }).to_string();
        let secrets = SecretsInUse::of(move || ready(Ok(text.clone()))).await.unwrap();
        let slack = SetUp::new(secrets, ["T1".to_owned()].into(), Some("http://127.0.0.1:9/api")).unwrap();
        let links = Links { portal: "https://kari.example".to_owned(), access_portal: None };
        let notes = Arc::new(StoredNotes::new(town.store.clone(), town.clock.clone()));
        let (kari, clock, workspaces) = (town.kari.clone(), town.clock.clone(), slack.workspaces.clone());
        let delivery = Delivery::new(kari.clone(), slack.slack.clone(), notes, links, workspaces);
        let app = SlackApp::new(kari, slack, Arc::new(delivery), clock, "https://kari.example", kept.clone());
        Self { app, kept }
    }

    /// What comes of an event, as the runtime gives it to the function.
    async fn invoked(&self, event: &Value) -> (StatusCode, String) {
        self.ended(event).await.unwrap()
    }

    /// The same, or the error that the invocation ends in.
    async fn ended(&self, event: &Value) -> Result<(StatusCode, String), String> {
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let ended = handle(routes(self.app.clone()), request).await;
        let response = ended.map_err(|error| error.to_string())?;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Ok((status, String::from_utf8(body.to_vec()).unwrap()))
    }

    /// A call of Slack's as API Gateway hands it over.
    fn call(&self, path: &str, body: &str, base64: bool) -> Value {
        let now = self.app.clock.now();
        let context = json!({
            "accountId": "111122223333", "apiId": "a", "domainName": "a.execute-api.eu-central-1.amazonaws.com",
            "domainPrefix": "a", "requestId": "r", "routeKey": format!("POST {path}"), "stage": "$default",
            "time": "22/Nov/2026:04:00:00 +0000", "timeEpoch": 0,
            "http": { "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "1.2.3.4", "userAgent": "Slackbot" },
        });
        json!({
            "version": "2.0", "routeKey": format!("POST {path}"), "rawPath": path, "rawQueryString": "",
            "headers": {
                "content-type": "application/x-www-form-urlencoded",
                "x-slack-signature": SigningKey::new("secret").unwrap().sign(now, body.as_bytes()),
                "x-slack-request-timestamp": now.timestamp().to_string(),
            },
            "requestContext": context,
            "body": if base64 { STANDARD.encode(body) } else { body.to_owned() },
            "isBase64Encoded": base64,
        })
    }
}

const HOME: &str =
    r#"{"type":"event_callback","team_id":"T1","event":{"type":"app_home_opened","user":"U-あ"}}"#;

#[tokio::test]
async fn the_signature_is_of_the_body_as_slack_sent_it_also_where_the_gateway_encoded_it() {
    let town = Town::new();
    for base64 in [false, true] {
        let function = Function::new(&town).await;
        let call = function.call("/slack/events", HOME, base64);
        assert_eq!(function.invoked(&call).await, (StatusCode::OK, String::new()));
        let jobs = function.kept.0.lock().unwrap();
        assert_eq!((jobs.len(), &jobs[0].wish, jobs[0].by.id.as_str()), (1, &Wish::Home, "U-あ"));
    }
}

#[tokio::test]
async fn a_body_that_was_altered_on_the_way_is_not_slacks() {
    let town = Town::new();
    let function = Function::new(&town).await;
    let mut call = function.call("/slack/events", HOME, true);
    call["body"] = json!(STANDARD.encode(HOME.replace("T1", "T2")));
    assert_eq!(function.invoked(&call).await.0, StatusCode::UNAUTHORIZED);
    assert!(function.kept.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_function_does_the_jobs_it_invokes_itself_with_and_takes_none_by_http() {
    let town = Town::new();
    let function = Function::new(&town).await;
    let call = function.call("/slack/events", HOME, false);
    function.invoked(&call).await;
    let job = serde_json::to_value(function.kept.0.lock().unwrap().remove(0)).unwrap();
    assert_eq!(function.invoked(&job).await, (StatusCode::OK, String::new()));

    let mut forged = function.call("/events", &job.to_string(), false);
    forged["headers"]["content-type"] = json!("application/json");
    assert_eq!(function.invoked(&forged).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_invocation_ends_in_an_error_where_a_command_is_to_be_repeated_and_else_never() {
    let town = Town::new();
    let function = Function::new(&town).await;
    let press = json!({
        "type": "block_actions", "team": { "id": "T1" }, "user": { "id": "U-lee", "team_id": "T1" },
        "actions": [{ "type": "button", "action_id": "approve", "block_id": "b",
            "value": "019ab000-0000-7000-8000-000000000000" }],
    });
    let body = format!("payload={}", percent(&press.to_string()));
    function.invoked(&function.call("/slack/interactions", &body, false)).await;
    let job = serde_json::to_value(function.kept.0.lock().unwrap().remove(0)).unwrap();
    // Slack does not answer.
    let error = function.ended(&job).await.unwrap_err();
    assert!(error.contains("repeated"), "{error}");
    assert!(function.ended(&job).await.is_err());

    town.pass(chrono::TimeDelta::minutes(6));
    assert_eq!(function.ended(&job).await, Ok((StatusCode::OK, String::new())), "too late to be done at all");
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| encoded + &format!("%{byte:02X}"))
}
