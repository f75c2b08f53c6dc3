//! What tests tell the fake, and ask it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use crate::locked;
use crate::workspace::{Call, Person, Posted, Workspace};

/// A change of the workspace; what is not named stays.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Control {
    pub people: BTreeMap<String, Person>,
    /// Channels by id; the value is what is wrong with one, such as `is_archived`.
    pub channels: BTreeMap<String, Option<String>>,
    /// Channels by name.
    pub names: BTreeMap<String, String>,
    /// Channels that are deleted.
    pub deleted: Vec<String>,
    /// Whether the token is revoked.
    pub revoked: bool,
    /// The token that is taken from now on.
    pub token: Option<String>,
    /// What the next calls of a method answer; `chat.postMessage C1` for those to one conversation.
    pub failing: BTreeMap<String, Vec<String>>,
    /// How long a conversation rests after a message, in milliseconds.
    pub each_ms: Option<u64>,
    /// How long a trigger is good for, in milliseconds.
    pub trigger_ms: Option<u64>,
    /// Whether calls and messages so far are forgotten.
    pub forget: bool,
}

impl Workspace {
    /// Makes a change.
    pub fn apply(&mut self, control: Control) {
        self.people.extend(control.people);
        self.channels.extend(control.channels);
        self.channels.retain(|id, _| !control.deleted.contains(id));
        self.names.extend(control.names);
        self.failing.extend(control.failing);
        self.each = control.each_ms.map_or(self.each, Duration::from_millis);
        self.trigger = control.trigger_ms.map_or(self.trigger, Duration::from_millis);
        if control.revoked {
            self.token = None;
        }
        if control.token.is_some() {
            self.token = control.token;
        }
        if control.forget {
            self.calls.clear();
            self.messages.clear();
        }
    }
}

pub(crate) async fn change(State(workspace): State<Arc<Mutex<Workspace>>>, Json(control): Json<Control>) {
    locked(&workspace).apply(control);
}

pub(crate) async fn new_trigger(State(workspace): State<Arc<Mutex<Workspace>>>) -> String {
    locked(&workspace).new_trigger()
}

pub(crate) async fn calls(State(workspace): State<Arc<Mutex<Workspace>>>) -> Json<Vec<Call>> {
    Json(locked(&workspace).calls.clone())
}

pub(crate) async fn messages(State(workspace): State<Arc<Mutex<Workspace>>>) -> Json<Vec<Posted>> {
    Json(locked(&workspace).messages.clone())
}
