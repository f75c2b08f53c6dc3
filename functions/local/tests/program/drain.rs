//! `kari drain`, and skipping time, beside a running Kari of this machine.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::eventually::eventually;
use crate::support::{client, kari, start, token};

/// A running Kari with the sample organization.
struct Town {
    data: tempfile::TempDir,
    origin: String,
    kari: Child,
    keys: AtomicU64,
}

impl Drop for Town {
    fn drop(&mut self) {
        self.kari.kill().ok();
        self.kari.wait().ok();
    }
}

fn output(child: Child) -> (i32, String) {
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

impl Town {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (kari, origin) = start(&["--port", "0"], data.path());
        Self { data, origin, kari, keys: AtomicU64::new(0) }
    }

    fn data_dir(&self) -> &Path {
        self.data.path()
    }

    fn drain(&self, arguments: &[&str]) -> Child {
        let mut command: Command = kari();
        command.arg("drain").args(arguments).arg("--data-dir").arg(self.data_dir());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn post(&self, who: &str, path: &str, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {}", token(who, self.data_dir()));
        let request = client().post(format!("{}/v1{path}", self.origin)).header("authorization", bearer);
        let mut answer = request.header("idempotency-key", self.key()).send_json(body).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
    }

    fn get(&self, who: &str, path: &str) -> Value {
        let bearer = format!("Bearer {}", token(who, self.data_dir()));
        let request = client().get(format!("{}/v1{path}", self.origin)).header("authorization", bearer);
        request.call().unwrap().body_mut().read_json().unwrap()
    }

    /// Another one each time.
    fn key(&self) -> String {
        format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// Asks for `PowerUserAccess`.
    fn ask(&self, who: &str, account: &str) -> (u16, Value) {
        self.post(who, "/requests", &self.wish(account))
    }

    /// For an hour, at once.
    fn wish(&self, account: &str) -> Value {
        let sets = self.get("hanako", "/directory/permission-sets?limit=200");
        let sets = sets["items"].as_array().unwrap();
        let set = sets.iter().find(|set| set["name"] == "PowerUserAccess").unwrap();
        json!({
            "accounts": [account],
            "permission_set": set["arn"],
            "duration_minutes": 60,
            "justification": "the disk is full again",
        })
    }
}

fn id(asked: &(u16, Value)) -> String {
    assert_eq!(asked.0, 201, "{}", asked.1);
    asked.1["results"][0]["request"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn everything_ends_and_is_seen_gone_and_nothing_begins_until_that_is_undone() {
    let town = Town::new();
    let active = id(&town.ask("alice", "210000000051"));
    let pending = id(&town.ask("alice", "210000000041"));
    let state = |id: &str| town.get("hanako", &format!("/requests/{id}"))["state"].clone();
    eventually("access begins", || {
        town.post("hanako", "/simulation/skip", &json!({ "minutes": 1 }));
        state(&active) == "active"
    });

    let mut draining = town.drain(&[]);
    // Gone means seen gone twice, two minutes apart.
    let mut minutes = 0;
    eventually("everything is seen gone", || {
        if minutes < 10 && state(&active) != "closed" {
            town.post("hanako", "/simulation/skip", &json!({ "minutes": 1 }));
            minutes += 1;
        }
        draining.try_wait().unwrap().is_some()
    });
    let (code, text) = output(draining);
    assert!(code == 0 && text.contains("Drained"), "{text}");
    let ended = town.get("hanako", &format!("/requests/{active}"));
    assert_eq!((&ended["state"], &ended["outcome"]), (&json!("closed"), &json!("revoked")), "{ended}");

    let (status, refused) = town.ask("kenji", "210000000051");
    assert!(status == 422 && refused.to_string().contains("requests-not-accepted"), "{status} {refused}");
    assert_eq!(state(&pending), "pending");
    let (status, refused) = town.post("bob", &format!("/requests/{pending}/approve"), &json!({}));
    assert!(status == 422 && refused.to_string().contains("requests-not-accepted"), "{status} {refused}");

    let (code, text) = output(town.drain(&["--undo"]));
    assert_eq!(code, 0, "{text}");
    id(&town.ask("kenji", "210000000051"));
    let mut verify = kari();
    verify.args(["audit", "verify", "--data-dir"]).arg(town.data_dir());
    assert!(verify.output().unwrap().status.success());
}

#[test]
fn whoever_skips_a_quarter_of_an_hour_while_access_ends_is_not_told_that_it_is_late() {
    let town = Town::new();
    let active = id(&town.ask("alice", "210000000051"));
    let read = || town.get("hanako", &format!("/requests/{active}"));
    eventually("access begins", || {
        town.post("hanako", "/simulation/skip", &json!({ "minutes": 1 }));
        read()["state"] == "active"
    });
    let (status, revoked) = town.post("alice", &format!("/requests/{active}/revoke"), &json!({}));
    assert_eq!(status, 200, "{revoked}");
    eventually("it is closed", || {
        town.post("hanako", "/simulation/skip", &json!({ "minutes": 15 }));
        read()["state"] == "closed"
    });
    let told = read()["timeline"].to_string();
    assert!(told.contains("end-started") && !told.contains("removal-overdue"), "{told}");
}

#[test]
fn what_begins_and_ends_while_somebody_skips_a_day_does_so_at_its_time() {
    let town = Town::new();
    let now = town.get("alice", "/me")["now"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let mut wish = town.wish("210000000051");
    wish["start"] = json!(now + TimeDelta::minutes(40));
    let later = id(&town.post("alice", "/requests", &wish));
    let (status, skipped) = town.post("hanako", "/simulation/skip", &json!({ "minutes": 24 * 60 }));
    assert_eq!(status, 200, "{skipped}");
    let read = || town.get("hanako", &format!("/requests/{later}"));
    eventually("it is closed", || {
        town.post("hanako", "/simulation/skip", &json!({ "minutes": 1 }));
        read()["state"] == "closed"
    });
    let ended = read();
    assert_eq!(ended["outcome"], "expired", "{ended}");
    let told = ended["timeline"].to_string();
    for happened in ["activated", "expiry-warned"] {
        assert!(told.contains(happened), "{happened}: {told}");
    }
    assert!(!told.contains("removal-overdue"), "{told}");
}

#[test]
fn where_nothing_removes_access_a_drain_says_what_is_left_and_fails() {
    let mut town = Town::new();
    let active = id(&town.ask("alice", "210000000051"));
    eventually("access begins", || {
        town.post("hanako", "/simulation/skip", &json!({ "minutes": 1 }));
        town.get("hanako", &format!("/requests/{active}"))["state"] == "active"
    });
    town.kari.kill().unwrap();
    town.kari.wait().unwrap();
    let (code, text) = output(town.drain(&["--timeout", "0"]));
    assert!(code == 1 && text.contains("alice, PowerUserAccess on 210000000051 (sandbox-blue)"), "{text}");
    assert!(text.contains("not everything is gone"), "{text}");
}
