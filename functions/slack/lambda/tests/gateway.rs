//! What API Gateway and Lambda hand over, as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::to_bytes;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kari_application::ports::Unavailable;
use kari_slack::Slack;
use kari_slack::signature::SigningKey;
use kari_slack_function::{HandOver, Job, Lately, SlackApp, Wish};
use kari_slack_lambda::routes;
use serde_json::{Value, json};
use tower::ServiceExt;
use town::Town;

#[derive(Default)]
struct Kept(Mutex<Vec<Job>>);

#[async_trait]
impl HandOver for Kept {
    async fn hand_over(&self, _: &SlackApp, job: Job) -> Result<(), Unavailable> {
        self.0.lock().unwrap().push(job);
        Ok(())
    }
}

struct Function {
    app: SlackApp,
    kept: Arc<Kept>,
}

impl Function {
    fn new(town: &Town) -> Self {
        let kept = Arc::new(Kept::default());
        let app = SlackApp {
            kari: town.kari.clone(),
            // Nobody listens there.
            slack: Slack::new("xoxb-1", Some("http://127.0.0.1:9/api")).unwrap(),
            key: SigningKey::new("secret").unwrap(),
            workspaces: ["T1".to_owned()].into(),
            clock: town.clock.clone(),
            portal_url: "https://kari.example".to_owned(),
            hand_over: kept.clone(),
            lately: Lately::default(),
        };
        Self { app, kept }
    }

    /// What comes of an event, as the runtime gives it to the function.
    async fn invoked(&self, event: &Value) -> (StatusCode, String) {
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let response = routes(self.app.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
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
                "x-slack-signature": self.app.key.sign(now, body.as_bytes()),
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
        let function = Function::new(&town);
        let call = function.call("/slack/events", HOME, base64);
        assert_eq!(function.invoked(&call).await, (StatusCode::OK, String::new()));
        let jobs = function.kept.0.lock().unwrap();
        assert_eq!((jobs.len(), &jobs[0].wish, jobs[0].by.id.as_str()), (1, &Wish::Home, "U-あ"));
    }
}

#[tokio::test]
async fn a_body_that_was_altered_on_the_way_is_not_slacks() {
    let town = Town::new();
    let function = Function::new(&town);
    let mut call = function.call("/slack/events", HOME, true);
    call["body"] = json!(STANDARD.encode(HOME.replace("T1", "T2")));
    assert_eq!(function.invoked(&call).await.0, StatusCode::UNAUTHORIZED);
    assert!(function.kept.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_function_does_the_jobs_it_invokes_itself_with_and_takes_none_by_http() {
    let town = Town::new();
    let function = Function::new(&town);
    let call = function.call("/slack/events", HOME, false);
    function.invoked(&call).await;
    let job = serde_json::to_value(function.kept.0.lock().unwrap().remove(0)).unwrap();
    assert_eq!(function.invoked(&job).await, (StatusCode::OK, String::new()));

    let mut forged = function.call("/events", &job.to_string(), false);
    forged["headers"]["content-type"] = json!("application/json");
    assert_eq!(function.invoked(&forged).await.0, StatusCode::NOT_FOUND);
}
