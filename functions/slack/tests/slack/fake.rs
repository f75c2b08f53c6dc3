//! As much of Slack as the handlers call, with every call kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::any;
use serde_json::{Value, json};

/// One call: the method, and what came with it.
pub(crate) type Call = (String, Value);

#[derive(Clone, Default)]
pub(crate) struct FakeSlack {
    calls: Arc<Mutex<Vec<Call>>>,
    people: Arc<Mutex<BTreeMap<String, Value>>>,
    /// Methods that fail, and how.
    failing: Arc<Mutex<BTreeMap<String, String>>>,
}

impl FakeSlack {
    /// Listens on this machine, and says where.
    pub(crate) async fn listen(&self) -> String {
        let app = Router::new().route("/api/{method}", any(answer)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        format!("http://{address}/api")
    }

    pub(crate) fn add(&self, id: &str, user: Value) {
        self.people.lock().unwrap().insert(id.to_owned(), user);
    }

    pub(crate) fn fail(&self, method: &str, error: &str) {
        self.failing.lock().unwrap().insert(method.to_owned(), error.to_owned());
    }

    pub(crate) fn mend(&self, method: &str) {
        self.failing.lock().unwrap().remove(method);
    }

    /// What was called since the last time, looking people up aside.
    pub(crate) fn take(&self) -> Vec<Call> {
        let calls = std::mem::take(&mut *self.calls.lock().unwrap());
        calls.into_iter().filter(|(method, _)| method != "users.info").collect()
    }

    /// The one thing that was called since the last time.
    pub(crate) fn only(&self, method: &str) -> Value {
        let mut calls = self.take();
        assert_eq!(
            calls.iter().map(|(method, _)| method.as_str()).collect::<Vec<_>>(),
            [method],
            "{calls:?}"
        );
        calls.remove(0).1
    }
}

async fn answer(
    State(slack): State<FakeSlack>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let sent = serde_json::from_slice(&body).unwrap_or_else(|_| json!(query));
    slack.calls.lock().unwrap().push((method.clone(), sent.clone()));
    if let Some(error) = slack.failing.lock().unwrap().get(&method) {
        return Json(json!({ "ok": false, "error": error })).into_response();
    }
    let view = json!({ "id": "V1", "team_id": "T1", "hash": "h2", "type": "modal", "title": { "type": "plain_text", "text": "Kari" }, "blocks": [] });
    let answer = match method.as_str() {
        "users.info" => {
            let query = query.unwrap_or_default();
            assert!(query.contains("include_locale=true"), "{query}");
            let people = slack.people.lock().unwrap();
            let asked = query.split('&').find_map(|part| part.strip_prefix("user=")).unwrap().to_owned();
            match people.get(&asked) {
                Some(user) => json!({ "ok": true, "user": user }),
                None => json!({ "ok": false, "error": "user_not_found" }),
            }
        }
        "chat.postMessage" => {
            json!({ "ok": true, "channel": "D1", "ts": "1.1", "message": { "ts": "1.1", "text": "" } })
        }
        "chat.postEphemeral" => json!({ "ok": true, "message_ts": "1.1" }),
        _ => json!({ "ok": true, "view": view }),
    };
    Json(answer).into_response()
}
