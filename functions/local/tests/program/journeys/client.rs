use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Ending, Journey, Worker};
use crate::support::{client, token};

const APPROVER: &str = "bob";
const ADMINISTRATOR: &str = "hanako";
/// Longer than all of it takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(2);
/// How many looks at something that does not move before time is skipped.
const LOOKS_PER_SKIP: usize = 4;
const MOST_TRIES: usize = 200;

/// People with patience: what gets no answer is asked again.
pub(crate) struct Client<'a> {
    worker: &'a Worker,
    agent: ureq::Agent,
    tokens: BTreeMap<&'static str, String>,
    permission_sets: BTreeMap<String, String>,
    /// What people were told happened: the kind of event for each request.
    told: RefCell<Vec<(String, &'static str)>>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(worker: &'a Worker) -> Self {
        let people = ["alice", "kenji", "yuki", "priya", APPROVER, ADMINISTRATOR];
        let tokens = people.map(|user| (user, token(user, worker.data_dir()))).into();
        let (agent, permission_sets, told) = (client(), BTreeMap::new(), RefCell::default());
        let mut this = Self { worker, agent, tokens, permission_sets, told };
        let sets = this.get(ADMINISTRATOR, "/v1/directory/permission-sets?limit=200");
        let sets = sets["items"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        this.permission_sets = sets.map(|set| (text(&set["name"]), text(&set["arn"]))).collect();
        this
    }

    /// One call, repeated until it is answered.
    fn call(&self, method: &str, path: &str, user: &str, key: Option<&str>, body: &Value) -> (u16, Value) {
        for _ in 0..MOST_TRIES {
            let request = ureq::http::Request::builder()
                .method(method)
                .uri(format!("{}{path}", self.worker.origin))
                .header("authorization", format!("Bearer {}", self.tokens[user]))
                .header("content-type", "application/json")
                .header("idempotency-key", key.unwrap_or("none"));
            let sent = match method {
                "GET" => self.agent.run(request.body(()).unwrap()),
                _ => self.agent.run(request.body(body.to_string()).unwrap()),
            };
            let answer = sent
                .and_then(|mut answer| Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?)));
            match answer {
                Ok((status, text)) if status != 503 => {
                    return (status, serde_json::from_str(&text).unwrap_or_default());
                }
                Ok(_) | Err(_) => self.worker.wait_until_there(),
            }
        }
        panic!("{method} {path} is never answered");
    }

    fn get(&self, user: &str, path: &str) -> Value {
        let (status, body) = self.call("GET", path, user, None, &Value::Null);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn tell(&self, id: &str, kind: &'static str) {
        self.told.borrow_mut().push((id.to_owned(), kind));
    }

    /// Submits; the key makes sure that repeating does not ask twice.
    pub(crate) fn submit(&self, journey: &Journey) -> String {
        let body = json!({
            "accounts": [journey.account],
            "permission_set": self.permission_sets[journey.permission_set],
            "duration_minutes": 60,
            "justification": "looking for what was lost on the way",
        });
        let (status, answer) =
            self.call("POST", "/v1/requests", journey.requester, Some(&journey.key), &body);
        assert_eq!(status, 201, "{journey:?}: {answer}");
        let id = answer["results"][0]["request"]["id"].as_str().unwrap().to_owned();
        self.tell(&id, "requested");
        id
    }

    /// A command that may have been carried out although its answer was lost: the second time it is
    /// either a repeat, or refused because it happened.
    fn command(&self, user: &str, id: &str, command: &str, kind: &'static str) {
        let (status, answer) =
            self.call("POST", &format!("/v1/requests/{id}/{command}"), user, None, &json!({}));
        if status != 200 {
            assert_eq!(status, 409, "{command}: {answer}");
            assert!(
                self.kinds(id).iter().any(|k| k == kind),
                "{command} was refused, but it never happened: {answer}"
            );
        }
        self.tell(id, kind);
    }

    pub(crate) fn approve(&self, _: &Journey, id: &str) {
        self.command(APPROVER, id, "approve", "reviewed");
    }

    pub(crate) fn deny(&self, _: &Journey, id: &str) {
        self.command(APPROVER, id, "deny", "reviewed");
    }

    pub(crate) fn withdraw(&self, journey: &Journey, id: &str) {
        self.command(journey.requester, id, "withdraw", "closed");
    }

    pub(crate) fn revoke(&self, journey: &Journey, id: &str) {
        self.command(journey.requester, id, "revoke", "revocation-requested");
    }

    /// Skips time; if the answer is lost it may be skipped twice, which harms nobody.
    pub(crate) fn skip(&self, minutes: u32) {
        let (status, answer) =
            self.call("POST", "/v1/simulation/skip", ADMINISTRATOR, None, &json!({ "minutes": minutes }));
        assert_eq!(status, 200, "{answer}");
    }

    fn state(&self, id: &str) -> String {
        let state =
            self.get(ADMINISTRATOR, &format!("/v1/requests/{id}"))["state"].as_str().unwrap().to_owned();
        if state == "active" {
            self.tell(id, "activated");
        }
        state
    }

    /// Looks until every request is in a wanted state, and skips a minute where nothing moves.
    #[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
    pub(crate) fn wait_until(&self, under_way: &[(&Journey, String)], wanted: impl Fn(&str) -> bool) {
        let since = Instant::now();
        let mut looks = 0;
        while !under_way.iter().all(|(_, id)| wanted(&self.state(id))) {
            assert!(since.elapsed() < PATIENCE, "not there after {PATIENCE:?}: {under_way:?}");
            looks += 1;
            if looks % LOOKS_PER_SKIP == 0 {
                self.skip(1);
            }
        }
    }

    fn timeline(&self, id: &str) -> Vec<Value> {
        let request = self.get(ADMINISTRATOR, &format!("/v1/requests/{id}"));
        request["timeline"].as_array().unwrap().clone()
    }

    fn kinds(&self, id: &str) -> Vec<String> {
        self.timeline(id).iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// The story of a request is whole: nothing missing, nothing twice, in the order of life, ending
    /// as it was meant to, and everything in it that anybody was told.
    pub(crate) fn check_timeline(&self, journey: &Journey, id: &str) {
        let timeline = self.timeline(id);
        for (place, entry) in timeline.iter().enumerate() {
            assert_eq!(entry["sequence"], place + 1, "{journey:?}: {timeline:?}");
        }
        let kinds = self.kinds(id);
        let life: Vec<&str> = kinds
            .iter()
            .map(String::as_str)
            .filter(|kind| !["expiry-warned", "removal-overdue"].contains(kind))
            .collect();
        let expected: &[&str] = match (journey.ending, journey.needs_approval) {
            (Ending::Denied, _) => &["requested", "reviewed", "closed"],
            (Ending::Withdrawn, _) => &["requested", "closed"],
            (Ending::Expired, false) => {
                &["requested", "approved", "activation-started", "activated", "end-started", "closed"]
            }
            (Ending::Expired, true) => &[
                "requested",
                "reviewed",
                "approved",
                "activation-started",
                "activated",
                "end-started",
                "closed",
            ],
            (Ending::Revoked, false) => &[
                "requested",
                "approved",
                "activation-started",
                "activated",
                "revocation-requested",
                "end-started",
                "closed",
            ],
            (Ending::Revoked, true) => &[
                "requested",
                "reviewed",
                "approved",
                "activation-started",
                "activated",
                "revocation-requested",
                "end-started",
                "closed",
            ],
        };
        assert_eq!(life, expected, "{journey:?}");
        for (_, kind) in self.told.borrow().iter().filter(|(told, _)| told == id) {
            assert!(kinds.iter().any(|k| k == kind), "{journey:?} was told `{kind}`, but it is not recorded");
        }
    }

    /// No request is open, none was made twice, and the simulated Identity Center holds nothing.
    pub(crate) fn check_everything_is_gone(&self, journeys: usize) {
        let all = self.get(ADMINISTRATOR, "/v1/requests?scope=all&limit=200");
        let all = all["items"].as_array().unwrap();
        assert_eq!(all.len(), journeys, "a request was lost or made twice");
        assert!(all.iter().all(|request| request["state"] == "closed"));
        // Past every late arrival.
        self.skip(60);
        let center = self.get(ADMINISTRATOR, "/v1/simulation/identity-center");
        assert_eq!(center["assignments"], json!([]));
        assert_eq!(center["operations"], json!([]));
        assert!(center["totals"]["CreateAccountAssignment"].as_u64().unwrap() > 0);
    }
}
