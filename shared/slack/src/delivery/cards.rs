//! The card of a request, or of the batch it is of: posted once to each place, then kept as the request is.

use chrono::TimeDelta;
use kari_application::load_request;
use kari_application::ports::{ListError, PageRequest, RequestFilter, RequestScope, Shown, Unavailable};
use kari_application::reviewers::notified;
use kari_domain::directory::Snapshot;
use kari_domain::ids::BatchId;
use kari_domain::request::{AccessRequest, Asked};
use kari_domain::settings::Settings;
use kari_texts::{LetterKind, Names};
use slack_morphism::api::SlackApiChatUpdateRequest;
use slack_morphism::{SlackChannelId, SlackTs, SlackUserId};

use super::Delivery;
use super::copies::{Copy, Held, Kept};
use super::mail::{Address, Item};
use super::places::Place;
use super::progress::met;
use super::undone::later;
use crate::CallError;
use crate::messages::{Card, Letter, Message, Progress, card, letter, letter_line, member};

/// What Slack says of a message that is not there any more, or cannot be changed ever again.
const GONE: [&str; 4] =
    ["message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"];
/// So many of a batch are looked for at once.
const MOST_IN_BATCH: usize = 200;

/// What all copies of a card have in common.
struct Content<'a> {
    /// What the card is remembered by: the batch, or the request.
    id: String,
    shown: &'a Shown,
    asked: &'a Asked,
    snapshot: &'a Snapshot,
    progress: Vec<Progress>,
    mentioned: Vec<SlackUserId>,
}

impl Content<'_> {
    /// From how many events it is rendered: those of the request itself, or of all of a batch.
    fn version(&self, kept: &Kept) -> u64 {
        if kept.members.len() > 1 { kept.version() } else { self.shown.version }
    }
}

impl Delivery {
    /// Brings every copy up to date; posts those that are still to come, if it waits and `asks`.
    pub(super) async fn show_card(
        &self,
        shown: &Shown,
        asks: bool,
        settings: &Settings,
    ) -> Result<(), Unavailable> {
        let Some(asked) = shown.state.asked() else { return Ok(()) };
        // What needs nobody's word was never a question to anybody.
        if asked.verdict.requirements().is_empty() {
            return Ok(());
        }
        let id = card_id(asked);
        let snapshot = self.snapshot().await?;
        self.remember(&id, shown, asked, asks, &snapshot).await?;
        let kept = self.kept(&id).await?;
        let waits = matches!(shown.state, AccessRequest::Pending(_));
        if kept.copies.is_empty() && !(asks && waits) {
            return Ok(());
        }
        let content = self.content(id, shown, asked, &snapshot).await?;
        let mut outcome = Ok(());
        if asks && waits {
            outcome = self.post_copies(&content, &kept, settings).await;
        }
        outcome.and(self.update_copies(&content).await)
    }

    async fn content<'a>(
        &self,
        id: String,
        shown: &'a Shown,
        asked: &'a Asked,
        snapshot: &'a Snapshot,
    ) -> Result<Content<'a>, Unavailable> {
        let requirements = self.requirements(&shown.state, asked, snapshot).await?;
        let mut mentioned = vec![];
        if matches!(shown.state, AccessRequest::Pending(_)) {
            for user in notified(asked, snapshot) {
                mentioned.extend(self.person(snapshot, &user).await?.map(|person| person.id));
            }
        }
        let progress = met(asked, &requirements, snapshot);
        Ok(Content { id, shown, asked, snapshot, progress, mentioned })
    }

    /// Remembers how the request stands, and with the first word of a batch how all of it does: so its card
    /// is posted whole.
    async fn remember(
        &self,
        id: &str,
        shown: &Shown,
        asked: &Asked,
        asks: bool,
        snapshot: &Snapshot,
    ) -> Result<(), Unavailable> {
        let names = Names(snapshot);
        if let (true, Some(batch)) = (asks, asked.submission.batch) {
            for other in self.batch(asked, batch).await? {
                if let Some(member) = member(&other.state, other.version, names) {
                    self.keep_member(id, &member).await?;
                }
            }
        }
        match member(&shown.state, shown.version, names) {
            Some(member) => self.keep_member(id, &member).await,
            None => Ok(()),
        }
    }

    async fn batch(&self, asked: &Asked, batch: BatchId) -> Result<Vec<Shown>, Unavailable> {
        let scope = RequestScope::Of(asked.submission.requester.clone());
        let page = PageRequest { limit: MOST_IN_BATCH, after: None };
        let found = self.kari.store.requests(&scope, &RequestFilter::default(), &page).await;
        let found = found.map_err(|error| match error {
            ListError::Unavailable(error) => error,
            ListError::BadCursor => Unavailable::new("the store", error),
        })?;
        let shown = found.items.into_iter().filter_map(|item| {
            let state: AccessRequest = serde_json::from_str(&item.body).ok()?;
            let of_batch = state.asked().is_some_and(|asked| asked.submission.batch == Some(batch));
            of_batch.then_some(Shown { state, version: item.head.version })
        });
        Ok(shown.collect())
    }

    async fn post_copies(
        &self,
        content: &Content<'_>,
        kept: &Kept,
        settings: &Settings,
    ) -> Result<(), Unavailable> {
        let requirements = self.requirements(&content.shown.state, content.asked, content.snapshot).await?;
        let mut outcome = Ok(());
        for (name, place) in self.places(content.asked, &requirements, settings).await? {
            if !kept.has(&name) {
                outcome = outcome.and(self.post_copy(content, &name, &place, kept).await);
            }
        }
        outcome
    }

    async fn post_copy(
        &self,
        content: &Content<'_>,
        name: &str,
        place: &Place,
        kept: &Kept,
    ) -> Result<(), Unavailable> {
        let known = kept.copies.iter().find(|(known, ..)| known == name);
        let (revision, held_until) =
            known.map_or((0, None), |(_, revision, copy)| (*revision, copy.held_until));
        let copy = Copy {
            posted: None,
            rendered: 0,
            language: place.language,
            channel: place.channel,
            held_until,
            gone: false,
        };
        let Some(message) = self.render(content, &copy, kept) else { return Ok(()) };
        let lane = self.enter(name).await?;
        let mut held = match self.hold_copy(&content.id, name, revision, copy).await {
            Ok(held) => held,
            Err(error) => {
                self.rest(lane, TimeDelta::zero()).await?;
                return Err(error);
            }
        };
        let posted = self.post(&place.target, message).await;
        let rest = match &posted {
            Ok(_) => self.leave(lane).await,
            Err(CallError::RateLimited { retry_after }) => {
                self.rest(lane, TimeDelta::from_std(*retry_after).unwrap_or(TimeDelta::seconds(1))).await
            }
            Err(CallError::Transient { .. } | CallError::Permanent { .. }) => {
                self.rest(lane, TimeDelta::zero()).await
            }
        };
        let outcome = self.settle(&mut held, posted.map(Some), content.version(kept)).await;
        self.give_back(&content.id, held).await?;
        rest.and(outcome)
    }

    /// What became of a copy by what Slack answered.
    async fn settle(
        &self,
        held: &mut Held,
        answer: Result<Option<(String, String)>, CallError>,
        version: u64,
    ) -> Result<(), Unavailable> {
        match answer {
            Ok(posted) => {
                held.copy.posted = posted.or(held.copy.posted.take());
                held.copy.rendered = version;
                Ok(())
            }
            Err(CallError::Permanent { code }) => {
                self.give_up(&held.place, &code).await?;
                // NB. What a good token or an invitation mends is tried again with the next word.
                held.copy.gone = held.copy.posted.is_some() && GONE.contains(&code.as_str());
                Ok(())
            }
            Err(error) => Err(later(error)),
        }
    }

    /// Brings every copy up to what is remembered by now. NB. Read anew: what was recorded while a copy was
    /// being posted found no copy to change.
    async fn update_copies(&self, content: &Content<'_>) -> Result<(), Unavailable> {
        let now = load_request(&self.kari, content.asked.submission.id).await;
        let now = now.map_err(|error| Unavailable::new("the request", error))?;
        let now = Shown { state: now.state, version: now.head.version };
        let Some(asked) = now.state.asked() else { return Ok(()) };
        if let Some(member) = member(&now.state, now.version, Names(content.snapshot)) {
            self.keep_member(&content.id, &member).await?;
        }
        let kept = self.kept(&content.id).await?;
        let content = self.content(content.id.clone(), &now, asked, content.snapshot).await?;
        let mut outcome = Ok(());
        for (place, revision, copy) in &kept.copies {
            if copy.posted.is_some() && !copy.gone && copy.rendered < content.version(&kept) {
                outcome = outcome.and(self.update_copy(&content, &kept, place, *revision, copy).await);
            }
        }
        outcome
    }

    async fn update_copy(
        &self,
        content: &Content<'_>,
        kept: &Kept,
        place: &str,
        revision: u64,
        copy: &Copy,
    ) -> Result<(), Unavailable> {
        let Some(message) = self.render(content, copy, kept) else { return Ok(()) };
        let mut held = self.hold_copy(&content.id, place, revision, copy.clone()).await?;
        let Some((channel, ts)) = held.copy.posted.clone() else { return Ok(()) };
        let request = SlackApiChatUpdateRequest::new(SlackChannelId(channel), message.content(), SlackTs(ts));
        let answer = self.slack.update_message(&request).await.map(|()| None);
        let outcome = self.settle(&mut held, answer, content.version(kept)).await;
        self.give_back(&content.id, held).await?;
        outcome
    }

    fn render(&self, content: &Content<'_>, copy: &Copy, kept: &Kept) -> Option<Message> {
        card(&Card {
            request: &content.shown.state,
            batch: kept.members.clone(),
            progress: content.progress.clone(),
            mentioned: if copy.channel { content.mentioned.clone() } else { vec![] },
            names: Names(content.snapshot),
            language: copy.language,
            portal: &self.links.portal,
        })
    }

    /// Reminds reviewers, once, where each copy of the card stands.
    pub(super) async fn remind_reviewers(
        &self,
        pending: &Shown,
        settings: &Settings,
    ) -> Result<(), Unavailable> {
        let Some(asked) = pending.state.asked() else { return Ok(()) };
        // One that was never posted is posted now.
        self.show_card(pending, true, settings).await?;
        let snapshot = self.snapshot().await?;
        let mut outcome = Ok(());
        let content = self.content(card_id(asked), pending, asked, &snapshot).await?;
        for (place, _, copy) in self.kept(&content.id).await?.copies {
            if let Some((channel, ts)) = copy.posted.clone().filter(|_| !copy.gone) {
                let to = Address { name: place, target: channel, language: copy.language };
                let item = self.reminder(&content, &copy);
                let about = format!("remind/{}/{ts}", asked.submission.id);
                outcome = outcome.and(self.send(&to, &about, asked.submission.lapses_at, &item).await);
            }
        }
        outcome
    }

    fn reminder(&self, content: &Content<'_>, copy: &Copy) -> Item {
        let letter_of = Letter {
            kind: LetterKind::Remind,
            request: Some(&content.shown.state),
            mentioned: if copy.channel { &content.mentioned } else { &[] },
            names: Names(content.snapshot),
            language: copy.language,
            links: &self.links,
        };
        Item { line: letter_line(&letter_of), message: letter(&letter_of) }
    }
}

/// A batch is one card.
fn card_id(asked: &Asked) -> String {
    asked.submission.batch.map_or_else(|| asked.submission.id.to_string(), |batch| batch.to_string())
}
