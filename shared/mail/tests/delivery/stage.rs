//! The town with a postman who keeps what he is given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kari_application::Kari;
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{Notification, NotificationKind};
use kari_application::relay::{catch_up, relay};
use kari_application::review_request::review_request;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::{RequestId, UserId};
use kari_domain::request::Decision;
use kari_domain::settings::Settings;
use kari_domain::time::Instant;
use kari_embedded::notes::StoredNotes;
use kari_mail::{Letter, Links, Mail, Postman, SendError};
use serde_json::Value;

use crate::town::{Town, user};

/// What he does with letters to an address.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    NotNow,
    Never(&'static str),
    /// To nobody else either.
    Nobody(&'static str),
    /// He is not there.
    Away,
    /// He takes it and does not say so.
    Silent,
}

/// Keeps what he takes.
#[derive(Default)]
pub(crate) struct Recording {
    pub(crate) taken: Mutex<Vec<Letter>>,
    /// How often he was asked.
    pub(crate) asked: Mutex<usize>,
    refuses: Mutex<BTreeMap<String, Answer>>,
}

#[async_trait]
impl Postman for Recording {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        *self.asked.lock().unwrap() += 1;
        match self.refuses.lock().unwrap().get(&letter.to) {
            Some(Answer::NotNow) => Err(SendError::Transient("he is away".into())),
            Some(Answer::Never(code)) => Err(SendError::Permanent { code: (*code).to_owned() }),
            Some(Answer::Away) => Err(SendError::Unreachable("nobody answers".into())),
            Some(Answer::Silent) => Err(SendError::Unanswered("nobody answers".into())),
            Some(Answer::Nobody(code)) => Err(SendError::Account { code: (*code).to_owned() }),
            None => {
                self.taken.lock().unwrap().push(letter.clone());
                Ok(())
            }
        }
    }
}

pub(crate) struct Stage {
    pub(crate) town: Town,
    pub(crate) kari: Kari,
    pub(crate) mail: Mail,
    pub(crate) postman: Arc<Recording>,
    pub(crate) given_up: GivenUp,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let (town, postman, given_up) = (Town::new(), Arc::new(Recording::default()), GivenUp::default());
        let notes = Arc::new(StoredNotes::new(town.store.clone(), town.clock.clone()));
        let links = Links { portal: "https://kari.example".to_owned(), access_portal: None };
        let mail = Mail::new(town.kari.clone(), postman.clone(), notes, links, given_up.clone());
        let kari = Kari { notifier: Arc::new(mail.clone()), ..town.kari.clone() };
        let stage = Self { town, kari, mail, postman, given_up };
        stage.set(|settings| settings.channels.email = true);
        stage.relay();
        stage.postman.taken.lock().unwrap().clear();
        stage
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Settings)) {
        let before = self.town.run(self.kari.policies.current()).unwrap().policy_set().clone();
        let mut settings = before.settings.clone();
        change(&mut settings);
        self.town.run(change_settings(&self.kari, &editor(), settings, before.settings_version)).unwrap();
    }

    pub(crate) fn know(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut snapshot = (*self.town.run(self.kari.read_model.load()).unwrap()).clone();
        change(&mut snapshot);
        self.town.run(self.kari.read_model.save(snapshot)).unwrap();
    }

    pub(crate) fn refuses(&self, who: &str, answer: Option<Answer>) {
        let mut refuses = self.postman.refuses.lock().unwrap();
        let address = format!("{who}@example.com");
        match answer {
            Some(answer) => refuses.insert(address, answer),
            None => refuses.remove(&address),
        };
    }

    /// Relays once what waits. Returns how much of it failed.
    pub(crate) fn relay(&self) -> usize {
        let mut failed = 0;
        for outgoing in self.town.store.outbox_batch(0, 10_000).unwrap() {
            match self.town.run(relay(&self.kari, &outgoing.bytes)) {
                Ok(()) => self.town.store.outbox_done(outgoing.position).unwrap(),
                Err(_) => failed += 1,
            }
        }
        failed
    }

    /// Has what was put off written.
    pub(crate) fn catch_up(&self) {
        self.town.run(catch_up(&self.kari)).unwrap();
    }

    pub(crate) fn taken(&self) -> Vec<Letter> {
        self.postman.taken.lock().unwrap().clone()
    }

    /// To whom each letter was, and its first words.
    pub(crate) fn told(&self) -> Vec<(String, String)> {
        let first = |subject: &str| subject.split(':').next().unwrap().to_owned();
        self.taken().iter().map(|letter| (letter.to.clone(), first(&letter.subject))).collect()
    }

    /// What is recorded about e-mail: destination and code.
    pub(crate) fn recorded(&self) -> Vec<(String, String)> {
        let stored = self.town.run(self.kari.store.stream(&StreamId::channel("email"))).unwrap();
        let data = |bytes: &String| serde_json::from_str::<Value>(bytes).unwrap()["data"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        stored.iter().map(data).map(|data| (text(&data["destination"]), text(&data["code"]))).collect()
    }

    pub(crate) fn review(&self, who: &str, id: RequestId, decision: Decision) {
        let caller = self.town.run(live_caller(&self.kari, &user(who))).unwrap();
        self.town.run(review_request(&self.kari, &caller, Cause::Api, id, decision, None)).unwrap();
    }
}

pub(crate) fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

pub(crate) fn person(id: &str, address: Option<&str>) -> User {
    let id: UserId = id.parse().unwrap();
    User {
        user_name: id.to_string(),
        display_name: id.to_string(),
        email: address.map(str::to_owned),
        enabled: true,
        id,
    }
}

pub(crate) fn known(snapshot: &mut Snapshot, user: User) {
    snapshot.users.insert(user.id.clone(), user);
}

pub(crate) fn wanted(recipients: Vec<UserId>) -> Notification {
    Notification {
        kind: NotificationKind::ReviewWanted,
        recipients,
        stream: StreamId::policies(),
        sequence: 1,
        request: None,
        at: Instant::UNIX_EPOCH,
    }
}
