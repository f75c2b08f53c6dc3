//! The town with a Slack beside it. Time passes only when a test says so.

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use futures::future::join_all;
use kari_application::Kari;
use kari_application::advance::{Advanced, advance};
use kari_application::caller::live_caller;
use kari_application::channels::Channels;
use kari_application::edit_policies::{Editor, change_policy, change_settings, create_policy};
use kari_application::ports::{Board, Clock, NewNote, Note, Notes, Unavailable};
use kari_application::relay::{catch_up, relay};
use kari_application::review_request::review_request;
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::{PolicyId, RequestId};
use kari_domain::policy::ApproverPolicy;
use kari_domain::request::Decision;
use kari_domain::settings::Settings;
use kari_embedded::notes::StoredNotes;
use kari_fake_slack::{FakeSlack, Person, Posted, TOKEN, Workspace};
use kari_slack::delivery::{Delivery, Links};
use kari_slack::{SecretsInUse, Slack};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::town::{PEOPLE, Town, reviewed, user};

pub(crate) const NORTH: &str = "C0NORTH";
pub(crate) const AUDIT: &str = "C0AUDIT";

pub(crate) struct Stage {
    pub(crate) town: Town,
    /// The town's Kari with Slack.
    pub(crate) kari: Kari,
    pub(crate) board: Arc<Delivery>,
    pub(crate) notes: Arc<Counted>,
    fake: FakeSlack,
    secrets: Arc<Mutex<String>>,
    runtime: Runtime,
}

/// The town's notes, and how often anybody was at them.
pub(crate) struct Counted {
    notes: StoredNotes,
    calls: AtomicUsize,
}

impl Counted {
    /// How many calls there were since this was asked last.
    pub(crate) fn take(&self) -> usize {
        self.calls.swap(0, Ordering::SeqCst)
    }

    fn counted(&self) -> &StoredNotes {
        self.calls.fetch_add(1, Ordering::SeqCst);
        &self.notes
    }
}

#[async_trait]
impl Notes for Counted {
    async fn all(&self, group: &str) -> Result<Vec<Note>, Unavailable> {
        self.counted().all(group).await
    }

    async fn one(&self, group: &str, key: &str) -> Result<Option<Note>, Unavailable> {
        self.counted().one(group, key).await
    }

    async fn write(&self, note: &NewNote<'_>, expected: u64) -> Result<Option<u64>, Unavailable> {
        self.counted().write(note, expected).await
    }

    async fn erase(&self, group: &str, key: &str, expected: u64) -> Result<bool, Unavailable> {
        self.counted().erase(group, key, expected).await
    }
}

impl Stage {
    /// Everybody of the town is in Slack, which is on, and in which requests have no channel.
    pub(crate) fn new() -> Self {
        // Of one thread: then its time can be put forward.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let town = Town::new();
        let fake = runtime.block_on(FakeSlack::start()).unwrap();
        {
            let mut workspace = fake.workspace();
            for name in PEOPLE {
                let email = format!("{name}@example.com");
                let locale = "en-GB".to_owned();
                workspace.join(&slack_id(name), Person { email, locale, ..Person::default() });
            }
            workspace.channel(NORTH);
            workspace.channel(AUDIT);
            // The town's time is not Slack's: our own pace is what is looked at.
            workspace.each = Duration::ZERO;
        }
        let secrets = Arc::new(Mutex::new(secrets(TOKEN)));
        let read = secrets.clone();
        let in_use = SecretsInUse::of(move || ready(Ok(read.lock().unwrap().clone())));
        let slack = Slack::new(runtime.block_on(in_use).unwrap(), Some(&fake.api_url())).unwrap();
        let notes = StoredNotes::new(town.store.clone(), town.clock.clone());
        let notes = Arc::new(Counted { notes, calls: AtomicUsize::new(0) });
        let links = Links {
            portal: "https://kari.example".to_owned(),
            access_portal: Some("https://d-1.awsapps.com/start".to_owned()),
        };
        let board = Arc::new(Delivery::new(
            town.kari.clone(),
            slack,
            notes.clone(),
            links,
            ["T0000000001".to_owned()].into(),
        ));
        let mut kari = town.kari.clone();
        kari.notifier = Arc::new(Channels(vec![kari.notifier.clone(), board.clone()]));
        kari.boards.push(board.clone());
        let stage = Self { town, kari, board, notes, fake, secrets, runtime };
        stage.set(|_| {});
        stage.settle();
        stage.workspace().calls.clear();
        stage
    }

    /// The same, with a channel for requests of the north.
    pub(crate) fn with_channel() -> Self {
        let stage = Self::new();
        stage.north(|policy| policy.slack_channel = Some(NORTH.parse().unwrap()));
        stage.settle();
        stage.workspace().apply(kari_fake_slack::Control { forget: true, ..Default::default() });
        stage
    }

    /// Changes the settings; Slack is on.
    pub(crate) fn set(&self, change: impl FnOnce(&mut Settings)) {
        let policies = self.town.run(self.kari.policies.current()).unwrap();
        let set = policies.policy_set();
        let mut settings = set.settings.clone();
        settings.channels.slack = true;
        change(&mut settings);
        let editor = editor();
        self.town.run(change_settings(&self.kari, &editor, settings, set.settings_version)).unwrap();
    }

    /// Changes the approver policy of the north.
    pub(crate) fn north(&self, change: impl FnOnce(&mut ApproverPolicy)) {
        self.change("north", change);
    }

    /// Changes the approver policy of the south.
    pub(crate) fn south(&self, change: impl FnOnce(&mut ApproverPolicy)) {
        self.change("south", change);
    }

    /// Has Sam review what is asked for in the north, in addition.
    pub(crate) fn in_addition(&self, change: impl FnOnce(&mut ApproverPolicy)) {
        let mut policy = reviewed("north", "sam");
        policy.id = PolicyId::parse("besides").unwrap();
        policy.in_addition = true;
        change(&mut policy);
        self.town.run(create_policy(&self.kari, &editor(), policy)).unwrap();
    }

    fn change(&self, unit: &str, change: impl FnOnce(&mut ApproverPolicy)) {
        let policies = self.town.run(self.kari.policies.current()).unwrap();
        let of = policies.policy_set().approvers.iter().find(|of| of.policy.id.as_str() == unit).unwrap();
        let mut policy = of.policy.clone();
        change(&mut policy);
        self.town.run(change_policy(&self.kari, &editor(), policy, of.version)).unwrap();
    }

    pub(crate) fn workspace(&self) -> MutexGuard<'_, Workspace> {
        self.fake.workspace()
    }

    /// Has another token in place of the one before, which Slack takes no more.
    pub(crate) fn put_token(&self, token: &str) {
        // So that the secrets are read again, however lately they were.
        self.wait(TimeDelta::minutes(2));
        *self.secrets.lock().unwrap() = secrets(token);
        self.workspace().token = Some(token.to_owned());
    }

    /// Waits for what calls Slack.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Relays once what waits, and catches up with what was put off. Returns how much failed.
    pub(crate) fn relay(&self) -> usize {
        self.relay_first(10_000)
    }

    /// The same for so many at once, as a batch of the table's stream: what failed comes again before the next batch.
    pub(crate) fn relay_first(&self, most: usize) -> usize {
        let mut failed = 0;
        for outgoing in self.town.store.outbox_batch(0, most).unwrap() {
            match self.block_on(relay(&self.kari, &outgoing.bytes)) {
                Ok(()) => self.town.store.outbox_done(outgoing.position).unwrap(),
                Err(_) => failed += 1,
            }
        }
        self.block_on(catch_up(&self.kari)).ok();
        failed
    }

    /// How much is put off.
    pub(crate) fn put_off(&self) -> usize {
        self.town.run(self.notes.notes.all("late")).unwrap().len()
    }

    /// Time passes, for Slack and its client too.
    pub(crate) fn wait(&self, length: TimeDelta) {
        self.town.clock.advance_by(length);
        self.block_on(async {
            tokio::time::pause();
            tokio::time::advance(length.to_std().unwrap()).await;
            tokio::time::resume();
        });
    }

    /// Relays until nothing waits any more, as the relay does: again and again, after a while.
    pub(crate) fn settle(&self) {
        for _ in 0..100 {
            if self.relay() == 0 && self.put_off() == 0 {
                return;
            }
            self.wait(TimeDelta::seconds(2));
        }
        panic!("it never settles: {:?}", self.workspace().calls.last());
    }

    pub(crate) fn review(&self, who: &str, id: RequestId, decision: Decision) {
        let caller = self.town.run(live_caller(&self.kari, &user(who))).unwrap();
        let review = review_request(&self.kari, &caller, Cause::Slack, id, decision, None);
        self.town.run(review).unwrap();
    }

    /// Drives a request on until nothing is left to do now.
    pub(crate) fn drive(&self, id: RequestId) {
        for _ in 0..50 {
            match self.town.run(advance(&self.kari, id)).unwrap() {
                Advanced::At(at, _) if at <= self.town.clock.now() + TimeDelta::seconds(30) => {
                    self.town.clock.advance_to(at);
                }
                Advanced::At(..) | Advanced::Done => return,
            }
        }
    }

    /// Drives many requests on, all at the same time.
    pub(crate) fn drive_all(&self, ids: &[RequestId]) {
        let mut due = ids.to_vec();
        for _ in 0..50 {
            let advanced = join_all(due.iter().map(|id| advance(&self.kari, *id)));
            let advanced = self.town.run(advanced).into_iter().map(Result::unwrap);
            let soon = self.town.clock.now() + TimeDelta::seconds(30);
            let again: Vec<_> = due
                .iter()
                .zip(advanced)
                .filter_map(|(id, advanced)| match advanced {
                    Advanced::At(at, _) if at <= soon => Some((*id, at)),
                    Advanced::At(..) | Advanced::Done => None,
                })
                .collect();
            let Some(next) = again.iter().map(|(_, at)| *at).max() else { return };
            self.town.clock.advance_to(next);
            due = again.into_iter().map(|(id, _)| id).collect();
        }
    }

    /// What stands in a conversation.
    pub(crate) fn there(&self, conversation: &str) -> Vec<Posted> {
        self.workspace().in_channel(conversation)
    }

    /// What stands between the bot and somebody.
    pub(crate) fn told(&self, who: &str) -> Vec<Posted> {
        self.there(&slack_id(who).replacen('U', "D", 1))
    }

    /// Reminds reviewers of what was asked for just now, as often as it takes.
    pub(crate) fn remind_before_lapse(&self) {
        let asked_at = self.town.clock.now();
        self.town.pass(TimeDelta::hours(6));
        self.town.clock.advance_to(asked_at + TimeDelta::minutes(7 * 60 + 5));
        for _ in 0..10 {
            if self.remind() == 0 {
                return;
            }
            self.wait(TimeDelta::seconds(2));
        }
        panic!("reminders never settle: {:?}", self.workspace().calls.last());
    }

    pub(crate) fn remind(&self) -> usize {
        self.block_on(kari_application::remind_reviewers::remind_reviewers(&self.kari)).unwrap()
    }

    pub(crate) fn show(&self, news: &kari_application::ports::News) {
        self.block_on(self.board.show(news)).unwrap();
    }
}

/// How many events a message in the audit channel lists, each with its time and a link, and how many it counts besides.
pub(crate) fn events_in(message: &Posted) -> (usize, usize) {
    let said = words(message);
    let listed = said.matches("• ").count();
    if listed == 0 {
        return (1, 0);
    }
    let counted = said
        .split_once(" more; all are in Kari")
        .map_or(0, |(before, _)| before.rsplit("and ").next().unwrap().parse().unwrap());
    assert_eq!(message.text, format!("{} messages at once", listed + counted));
    assert_eq!(said.matches("https://kari.example/").count(), listed, "{said}");
    assert_eq!(said.matches(" UTC").count(), listed, "{said}");
    (listed, counted)
}

/// The text of the secrets with this token.
fn secrets(token: &str) -> String {
    json!({ "bot_token": token, "signing_secret": "hush" }).to_string()
}

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

pub(crate) fn slack_id(name: &str) -> String {
    format!("U0{}", name.to_uppercase())
}

/// The buttons of a message, by what they do.
pub(crate) fn buttons(message: &Posted) -> Vec<String> {
    let blocks = message.blocks.as_array().unwrap().iter();
    let elements =
        blocks.filter(|block| block["type"] == "actions").filter_map(|block| block["elements"].as_array());
    elements.flatten().map(|element| element["action_id"].as_str().unwrap().to_owned()).collect()
}

/// Everything that a message says, in one text.
pub(crate) fn words(message: &Posted) -> String {
    fn collect(value: &Value, into: &mut String) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text)
                            if ["text", "fallback", "url", "user_id"].contains(&name.as_str()) =>
                        {
                            into.push_str(text);
                        }
                        other => collect(other, into),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut all = String::new();
    collect(&message.blocks, &mut all);
    all
}
