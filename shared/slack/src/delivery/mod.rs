//! What goes where. A request that waits for approval has a *card* in the channel of each of its approver policies,
//! or else with that policy's reviewers; every copy follows the recorded state. People are told about their own
//! requests, and administrators of trouble, by *letters*; an audit channel has one line for each event.
//!
//! *Architecture invariant:* nothing here holds up a grant, nor one conversation another. What Slack cannot do
//! now is left to the relay, which comes again; what it will never do is recorded once, and passed. What is too
//! much at once is put off (`late.rs`).

mod cards;
mod content;
mod copies;
mod found;
mod lane;
mod late;
mod mail;
mod missed;
mod places;
mod progress;
mod reminders;
mod taken_back;
mod undone;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::load_told;
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{
    Board, NewNote, News, Notes, Notification, NotificationKind, Notifier, Shown, Unavailable,
};
use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Settings;
use kari_domain::time::Instant;
use kari_texts::{LetterKind, Names};

pub use found::PressedCard;
pub use kari_texts::Links;

use crate::Slack;
use crate::messages::{Letter, among_others, audit_line, letter, ready};
use crate::people::People;
use mail::{Address, Item, OnlyWhile};
use places::place_of;

/// How long it is remembered that something was done once: longer than anything is repeated.
const NOTED_FOR: TimeDelta = TimeDelta::days(1);
const ONCE: &str = "once";

/// Slack, as a channel that tells people and a board that shows requests.
#[derive(Debug)]
pub struct Delivery {
    /// Kari without this channel.
    kari: Kari,
    slack: Slack,
    people: People,
    notes: NotesOf,
    links: Links,
    given_up: GivenUp,
}

/// What this channel remembers.
#[derive(Clone)]
struct NotesOf(Arc<dyn Notes>);

impl std::fmt::Debug for NotesOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notes")
    }
}

impl Delivery {
    /// Delivers to this workspace what is recorded in this Kari. People of other workspaces than these are not
    /// written to.
    pub fn new(
        kari: Kari,
        slack: Slack,
        notes: Arc<dyn Notes>,
        links: Links,
        workspaces: BTreeSet<String>,
    ) -> Self {
        Self {
            kari,
            slack,
            people: People::of(workspaces),
            notes: NotesOf(notes),
            links,
            given_up: GivenUp::default(),
        }
    }

    /// How many destinations were found to take nothing since this was asked last.
    pub fn given_up(&self) -> u64 {
        self.given_up.take()
    }

    /// Whether it was noted that something was done which is done once.
    ///
    /// # Errors
    /// If that cannot be read now.
    pub async fn was_noted(&self, what: &str) -> Result<bool, Unavailable> {
        Ok(self.notes.0.one(what, ONCE).await?.is_some())
    }

    /// Notes that something was done which is done once.
    ///
    /// # Errors
    /// If it cannot be noted now.
    pub async fn note(&self, what: &str) -> Result<(), Unavailable> {
        let until = self.kari.clock.now() + NOTED_FOR;
        self.notes.0.write(&NewNote { group: what, key: ONCE, body: "", until }, 0).await.map(drop)
    }

    /// The settings, if Slack is on by them.
    async fn settings(&self) -> Result<Option<Settings>, Unavailable> {
        Ok(Some(self.kari.policies.settings().await?).filter(|settings| settings.channels.slack))
    }

    async fn snapshot(&self) -> Result<Arc<Snapshot>, Unavailable> {
        self.kari.read_model.load().await
    }

    /// One letter to each of these people, whichever of them fails.
    async fn write(&self, letters: &Letters<'_>) -> Result<(), Unavailable> {
        let snapshot = self.snapshot().await?;
        let mut outcome = Ok(());
        for recipient in &letters.to {
            let sent = self.write_to(recipient, letters, &snapshot).await;
            outcome = outcome.and(sent);
        }
        outcome
    }

    async fn write_to(
        &self,
        recipient: &UserId,
        letters: &Letters<'_>,
        snapshot: &Snapshot,
    ) -> Result<(), Unavailable> {
        let Some(person) = self.person(snapshot, recipient).await? else { return Ok(()) };
        let content = Letter {
            kind: letters.kind.to(recipient, letters.request),
            request: letters.request,
            of_batch: 1,
            mentioned: &[],
            names: Names(snapshot),
            language: person.language,
            links: &self.links,
        };
        let only_while = only_while(letters.kind, letters.request);
        let item = Item {
            line: among_others(&content),
            message: letter(&content),
            ready: ready(&content),
            only_while,
        };
        let to = Address {
            name: place_of(recipient),
            target: person.id.0,
            language: person.language,
            patient: false,
        };
        self.send(&to, &letters.about, letters.at, &item).await
    }

    /// One line in the audit channel, if there is one.
    async fn log(&self, news: &News, settings: &Settings) -> Result<(), Unavailable> {
        let Some(channel) = &settings.slack_audit_channel else { return Ok(()) };
        let (snapshot, language) = (self.snapshot().await?, settings.slack_language);
        let (line, message) = audit_line(news, Names(&snapshot), language, &self.links.portal);
        let to = Address {
            name: format!("channel/{channel}"),
            target: channel.to_string(),
            language,
            patient: true,
        };
        let about = format!("audit/{}/{}", news.envelope.stream, news.envelope.sequence);
        self.send(&to, &about, news.envelope.at, &Item { line, message, ready: None, only_while: None }).await
    }
}

/// The same letter to several people.
struct Letters<'a> {
    kind: LetterKind,
    to: Vec<UserId>,
    request: Option<&'a AccessRequest>,
    /// What makes it another letter than any other to the same person.
    about: String,
    at: Instant,
}

/// That access is there, and that it ends soon, is no news once it is over.
fn only_while(kind: LetterKind, request: Option<&AccessRequest>) -> Option<OnlyWhile> {
    let of_access = [NotificationKind::Active, NotificationKind::ExpiringSoon].map(LetterKind::Told);
    let id = request.and_then(AccessRequest::id).filter(|_| of_access.contains(&kind));
    id.map(OnlyWhile::Active)
}

#[async_trait]
impl Notifier for Delivery {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        // Whoever reviews it finds it on the card.
        let is_on_the_card =
            matches!(notification.kind, NotificationKind::ReviewWanted | NotificationKind::Withdrawn);
        if is_on_the_card || self.settings().await?.is_none() {
            return Ok(());
        }
        let request = load_told(&self.kari, notification).await?;
        let Notification { stream, sequence, .. } = notification;
        let kind = LetterKind::Told(notification.kind);
        let named = serde_json::to_string(&kind).unwrap_or_default();
        self.write(&Letters {
            kind,
            to: notification.recipients.clone(),
            request: request.as_ref(),
            about: format!("{named}/{stream}/{sequence}"),
            at: notification.at,
        })
        .await
    }
}

#[async_trait]
impl Board for Delivery {
    async fn show(&self, news: &News) -> Result<(), Unavailable> {
        let Some(settings) = self.settings().await? else { return Ok(()) };
        let mut outcome = Ok(());
        if let Some(shown) = &news.request {
            // The life of a request begins by asking.
            let asks = news.envelope.sequence == 1;
            outcome = self.show_card(shown, asks, &settings).await;
            if asks {
                outcome = outcome.and(self.receive(shown, news).await);
            }
        }
        // NB. Last: somebody waits for the others.
        outcome.and(self.log(news, &settings).await)
    }

    async fn remind(&self, pending: &Shown) -> Result<(), Unavailable> {
        let Some(settings) = self.settings().await? else { return Ok(()) };
        self.remind_reviewers(pending, &settings).await
    }

    async fn catch_up(&self) -> Result<(), Unavailable> {
        self.do_what_was_put_off().await
    }
}

impl Delivery {
    /// Tells the requester that it was received, while it waits.
    async fn receive(&self, shown: &Shown, news: &News) -> Result<(), Unavailable> {
        let AccessRequest::Pending(pending) = &shown.state else { return Ok(()) };
        let id = pending.asked.submission.id;
        self.write(&Letters {
            kind: LetterKind::Received,
            to: vec![pending.asked.submission.requester.clone()],
            request: Some(&shown.state),
            about: format!("received/{id}"),
            at: news.envelope.at,
        })
        .await
    }
}
