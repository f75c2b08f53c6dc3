//! What is in the workspace, and what it shall do badly.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::TOKEN;
use crate::refusal::Refusal;

/// Slack's own limit for messages to one conversation.
const EACH: Duration = Duration::from_secs(1);

/// How long Slack waits for a trigger to be exchanged.
const TRIGGER: Duration = Duration::from_secs(3);

/// The time in which calls of one method are counted.
const A_MINUTE: Duration = Duration::from_mins(1);
/// How many calls of its third tier Slack takes in a minute, of one app in one workspace.
const TIER_3: usize = 50;

/// One workspace.
#[derive(Debug)]
pub struct Workspace {
    /// The one bot token that is taken; `None` once it is revoked.
    pub token: Option<String>,
    pub team: String,
    pub people: BTreeMap<String, Person>,
    /// Channels by id, and what is wrong with them, such as `is_archived`; what is not here is not found.
    pub channels: BTreeMap<String, Option<String>>,
    /// Which channel a name means.
    pub names: BTreeMap<String, String>,
    /// What the next calls of a method answer, one after the other: a code of Slack's, or an HTTP status; `lost` where
    /// it is done and the answer never comes.
    pub failing: BTreeMap<String, Vec<String>>,
    /// How long a conversation rests after a message.
    pub each: Duration,
    /// How long a trigger is good for.
    pub trigger: Duration,
    /// How many calls of a method are taken in a minute; of what is not here, any number.
    pub in_a_minute: BTreeMap<String, usize>,
    pub calls: Vec<Call>,
    pub messages: Vec<Posted>,
    posted_at: BTreeMap<String, Instant>,
    /// When each method was called within the last minute.
    called_at: BTreeMap<String, VecDeque<Instant>>,
    /// When each trigger was made; `None` once it was exchanged for a view.
    triggers: BTreeMap<String, Option<Instant>>,
}

/// Somebody in the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    pub email: String,
    pub name: String,
    pub locale: String,
    pub guest: bool,
    pub deleted: bool,
    pub bot: bool,
    /// Of another workspace, if not this one.
    pub team: Option<String>,
}

/// A call as it came, and how it ended: `ok`, or why not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    pub method: String,
    pub body: Value,
    pub answer: String,
}

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Posted {
    pub channel: String,
    pub ts: String,
    pub text: String,
    pub blocks: Value,
    pub thread: Option<String>,
    /// How often it was changed.
    pub edits: usize,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            token: Some(TOKEN.to_owned()),
            team: "T0000000001".to_owned(),
            people: BTreeMap::new(),
            channels: BTreeMap::new(),
            names: BTreeMap::new(),
            failing: BTreeMap::new(),
            each: EACH,
            trigger: TRIGGER,
            in_a_minute: [("chat.update".to_owned(), TIER_3)].into(),
            calls: vec![],
            messages: vec![],
            posted_at: BTreeMap::new(),
            called_at: BTreeMap::new(),
            triggers: BTreeMap::new(),
        }
    }
}

impl Workspace {
    /// Adds somebody.
    pub fn join(&mut self, id: &str, person: Person) {
        self.people.insert(id.to_owned(), person);
    }

    /// Adds a channel.
    pub fn channel(&mut self, id: &str) {
        self.channels.insert(id.to_owned(), None);
    }

    /// The messages in a conversation, the oldest first. What is between the bot and somebody is under their
    /// id with a `D` for the `U`.
    pub fn in_channel(&self, id: &str) -> Vec<Posted> {
        self.messages.iter().filter(|posted| posted.channel == id).cloned().collect()
    }

    /// How often a method was called.
    pub fn count(&self, method: &str) -> usize {
        self.calls.iter().filter(|call| call.method == method).count()
    }

    /// Another trigger, as one comes with whatever somebody does. NB. By the runtime's time, which a test may put
    /// forward.
    pub fn new_trigger(&mut self) -> String {
        let trigger = format!("{}.1.fake", self.triggers.len() + 1);
        self.triggers.insert(trigger.clone(), Some(Instant::now()));
        trigger
    }

    /// Exchanges a trigger for a view: once, and while it is good.
    pub(crate) fn exchange(&mut self, trigger: &str) -> Result<(), Refusal> {
        let made = self.triggers.get_mut(trigger).ok_or_else(|| Refusal::code("invalid_trigger_id"))?;
        let made_at = made.ok_or_else(|| Refusal::code("exchanged_trigger_id"))?;
        if made_at.elapsed() >= self.trigger {
            return Err(Refusal::code("expired_trigger_id"));
        }
        *made = None;
        Ok(())
    }

    /// What the next call of a method has to answer, if anything is set.
    pub(crate) fn next_failure(&mut self, method: &str) -> Option<Refusal> {
        let next = self.failing.get_mut(method).filter(|failures| !failures.is_empty())?.remove(0);
        Some(match next.parse() {
            Ok(429) => Refusal::TooOften { retry_after: 1 },
            Ok(status) => Refusal::Broken(status),
            Err(_) if next == "lost" => Refusal::Lost,
            Err(_) => Refusal::code(&next),
        })
    }

    /// One call of a method more, if it is not called too often. NB. By the runtime's time, which a test may put
    /// forward.
    pub(crate) fn count_call(&mut self, method: &str) -> Result<(), Refusal> {
        let Some(most) = self.in_a_minute.get(method) else { return Ok(()) };
        let now = Instant::now();
        let called = self.called_at.entry(method.to_owned()).or_default();
        while called.front().is_some_and(|first| now.duration_since(*first) >= A_MINUTE) {
            called.pop_front();
        }
        if called.len() < *most {
            called.push_back(now);
            return Ok(());
        }
        let rest =
            called.front().map_or(A_MINUTE, |first| A_MINUTE.saturating_sub(now.duration_since(*first)));
        Err(Refusal::TooOften { retry_after: rest.as_secs() + 1 })
    }

    /// The conversation that a channel's id or name, or a person's id, means.
    pub(crate) fn conversation(&self, named: &str) -> Result<String, Refusal> {
        if self.people.contains_key(named) {
            return Ok(between(named));
        }
        let is_open = |id: &str| self.people.keys().any(|person| between(person) == id);
        let id = self.names.get(named.trim_start_matches('#')).map_or(named, String::as_str);
        match self.channels.get(id) {
            Some(None) => Ok(id.to_owned()),
            Some(Some(wrong)) => Err(Refusal::code(wrong)),
            None if is_open(id) => Ok(id.to_owned()),
            None => Err(Refusal::code("channel_not_found")),
        }
    }

    /// One message to a conversation, not too soon after the one before.
    pub(crate) fn pace(&mut self, conversation: &str) -> Result<(), Refusal> {
        let now = Instant::now();
        let before = self.posted_at.get(conversation);
        if before.is_some_and(|before| now.duration_since(*before) < self.each) {
            return Err(Refusal::TooOften { retry_after: self.each.as_secs().max(1) });
        }
        self.posted_at.insert(conversation.to_owned(), now);
        Ok(())
    }

    pub(crate) fn next_ts(&self) -> String {
        format!("1700000000.{:06}", self.messages.len() + 1)
    }
}

/// The conversation between the bot and somebody.
pub(crate) fn between(person: &str) -> String {
    format!("D{}", person.get(1..).unwrap_or_default())
}

impl Person {
    /// As `users.info` tells of them.
    pub(crate) fn described(&self, id: &str, team: &str, with_locale: bool) -> Value {
        let mut user = json!({
            "id": id,
            "team_id": self.team.as_deref().unwrap_or(team),
            "name": self.name,
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.bot,
            "is_restricted": self.guest,
            "is_ultra_restricted": false,
            "profile": {"email": self.email, "real_name": self.name},
        });
        if let Some(user) = user.as_object_mut().filter(|_| with_locale) {
            user.insert("locale".to_owned(), json!(self.locale));
        }
        user
    }
}
