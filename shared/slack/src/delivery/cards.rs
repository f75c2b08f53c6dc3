//! The card of a request, or of the batch it is of: posted once to each place, then kept as the request is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_application::ports::{ListError, PageRequest, RequestFilter, RequestScope, Shown, Unavailable};
use kari_application::{Error, load_request};
use kari_domain::ids::{BatchId, RequestId};
use kari_domain::request::{AccessRequest, Asked};
use kari_domain::settings::Settings;
use slack_morphism::api::SlackApiChatUpdateRequest;
use slack_morphism::{SlackChannelId, SlackTs};

use super::Delivery;
use super::content::{Around, Content};
use super::copies::{Copy, Held, Kept, left_in};
use super::places::{Place, asked_in};
use super::undone::{is_no_such_place, is_of_one_message, later};
use crate::CallError;
use crate::messages::Message;

/// What Slack says of a message that is not there any more, or cannot be changed ever again.
const GONE: [&str; 4] =
    ["message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"];
/// So many of a batch are looked for at once.
const MOST_IN_BATCH: usize = 200;

impl Delivery {
    /// Brings every copy up to date; posts those that are still to come, if it waits and `asks`.
    ///
    /// What every copy shows already calls nobody: of many events that were recorded at once, and of the many
    /// requests of a batch, the first one does it for all.
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
        let waits = matches!(shown.state, AccessRequest::Pending(_));
        // Others of a batch may wait still.
        let around = self.around(settings, waits || asked.submission.batch.is_some()).await?;
        let id = card_id(asked);
        let mut kept = self.kept(&id).await?;
        self.remember(&id, &mut kept, shown, asks, &around).await?;
        let posts = asks && waits;
        let posts_instead = waits && kept.has_shut();
        // What was decided before anybody was asked, for instance because Slack could not be reached until then,
        // has no card, and gets none: there is nothing to decide, and whoever asked is told by a letter.
        if !posts && !posts_instead && kept.behind().next().is_none() {
            return Ok(());
        }
        let Some(content) = self.content(&id, shown, &kept, &around).await? else { return Ok(()) };
        let taken_back = self.take_back(&content, &mut kept).await?;
        let (mut posted, mut outcome) = (false, Ok(()));
        if posts || posts_instead || (waits && taken_back.any) {
            outcome = self.post_copies(&content, &kept, &mut posted).await;
        }
        // NB. Read anew: what was recorded while a copy was being posted found no copy to change.
        let is_old = posted || kept.member(asked.submission.id).is_some_and(|it| it.version > shown.version);
        let updated = if is_old {
            self.update_anew(&id, asked.submission.id, &around).await
        } else {
            self.update_copies(&content, &kept, &taken_back.failed).await
        };
        match updated {
            Ok(true) => outcome.and(self.ask_instead(&id, &around).await),
            Ok(false) => outcome,
            Err(error) => outcome.and(Err(error)),
        }
    }

    /// Of all that still waits of a card, asks those of channels that take nothing any more themselves.
    async fn ask_instead(&self, id: &str, around: &Around<'_>) -> Result<(), Unavailable> {
        let waiting: Vec<_> =
            self.kept(id).await?.members().filter(|it| it.pending).map(|it| it.id).collect();
        let mut outcome = Ok(());
        for request in waiting {
            let Some(now) = self.request_now(request).await? else { continue };
            if !matches!(now.state, AccessRequest::Pending(_)) {
                continue;
            }
            let kept = self.kept(id).await?;
            if let Some(content) = self.content(id, &now, &kept, around).await? {
                outcome = outcome.and(self.post_copies(&content, &kept, &mut false).await);
            }
        }
        outcome
    }

    /// Remembers how the request stands; and where that is news of a batch, how all of it does. So its card is posted
    /// whole, and changed once where much of it is decided at once: the others find themselves remembered.
    async fn remember(
        &self,
        id: &str,
        kept: &mut Kept,
        shown: &Shown,
        asks: bool,
        around: &Around<'_>,
    ) -> Result<(), Unavailable> {
        let (Some(asked), Some(own)) = (shown.state.asked(), around.member(shown)) else { return Ok(()) };
        let is_news = kept.member(own.id).is_none_or(|known| known.version < own.version);
        let is_of_several = asks || kept.members().count() > 1;
        if let (true, true, Some(batch)) = (is_news, is_of_several, asked.submission.batch) {
            for member in self.batch(asked, batch).await?.iter().filter_map(|other| around.member(other)) {
                self.keep_member(id, kept, member).await?;
            }
        }
        self.keep_member(id, kept, own).await
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

    /// Posts what is still to come, whichever of it fails. `posted` says whether there was anything.
    ///
    /// NB. Where a channel takes nothing, its reviewers get it themselves: nobody else would ask them. Where something was
    /// left in it, that is what follows once it takes something again, and no second one is posted.
    async fn post_copies(
        &self,
        content: &Content<'_>,
        kept: &Kept,
        posted: &mut bool,
    ) -> Result<(), Unavailable> {
        let Content { asked, requirements, around, .. } = content;
        let (mut outcome, mut instead) = (Ok(()), BTreeMap::new());
        let now = self.kari.clock.now();
        let places = self.places(asked, requirements, around).await?;
        for (name, place) in &places {
            if kept.has(name) {
                continue;
            }
            let mut is_shut = kept.is_shut(name, now) || kept.is_left(name);
            if !is_shut {
                *posted = true;
                match self.post_copy(content, name, place, kept).await {
                    Ok(takes_nothing) => is_shut = takes_nothing,
                    Err(error) => outcome = outcome.and(Err(error)),
                }
            }
            if is_shut {
                let theirs = asked_in(&place.target, requirements, around);
                instead.append(&mut self.people(asked, &theirs, around).await?);
            }
        }
        // Some of them may be asked by themselves for another requirement.
        instead.retain(|name, _| !places.contains_key(name) && !kept.has(name));
        *posted |= !instead.is_empty();
        for (name, place) in &instead {
            outcome = outcome.and(self.post_copy(content, name, place, kept).await.map(drop));
        }
        outcome
    }

    /// Posts one copy. Returns whether it is a channel that takes nothing.
    async fn post_copy(
        &self,
        content: &Content<'_>,
        name: &str,
        place: &Place,
        kept: &Kept,
    ) -> Result<bool, Unavailable> {
        let known = kept.copies.iter().find(|(known, ..)| known == name);
        let (revision, held_until) =
            known.map_or((0, None), |(_, revision, copy)| (*revision, copy.held_until));
        let copy = Copy {
            posted: None,
            rendered: 0,
            given_up: 0,
            language: place.language,
            channel: place.channel,
            whose: place.whose.clone(),
            held_until,
            gone: false,
            shut_until: None,
        };
        let Some(message) = self.render(content, name, place.language).await? else { return Ok(false) };
        let lane = self.enter(name).await?;
        let mut held = match self.hold_copy(content.id, name, revision, copy).await {
            Ok(held) => held,
            Err(error) => {
                self.rest(lane, TimeDelta::zero()).await?;
                return Err(error);
            }
        };
        // NB. Also where that passes: whoever is asked there is asked elsewhere meanwhile.
        let posted = self.post(&place.target, message).await.map_err(|error| match error {
            CallError::Transient { what } if is_no_such_place(&what) => CallError::Permanent { code: what },
            CallError::RateLimited { .. } | CallError::Transient { .. } | CallError::Permanent { .. } => {
                error
            }
        });
        let rest = match &posted {
            Ok(_) => self.leave(lane).await,
            Err(CallError::RateLimited { retry_after }) => {
                self.rest(lane, TimeDelta::from_std(*retry_after).unwrap_or(TimeDelta::seconds(1))).await
            }
            Err(CallError::Transient { .. } | CallError::Permanent { .. }) => {
                self.rest(lane, TimeDelta::zero()).await
            }
        };
        let outcome = self.settle(&mut held, posted.map(Some), content.version).await;
        let is_shut = held.copy.is_shut();
        self.give_back(content.id, held).await?;
        rest.and(outcome).map(|()| is_shut)
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
                self.give_up_in(&held.place, &code).await?;
                let takes_nothing = held.copy.channel && is_no_such_place(&code);
                if takes_nothing && left_in(&held.place).is_none() {
                    held.copy.shut(self.kari.clock.now());
                    return Ok(());
                }
                // NB. What an invitation or another version mends is tried again with the next word, or press.
                if held.copy.posted.is_some() {
                    held.copy.gone = GONE.contains(&code.as_str()) && !takes_nothing;
                    held.copy.given_up = version;
                }
                Ok(())
            }
            Err(error) => Err(later(error)),
        }
    }

    /// A request as it is recorded by now; nothing where that cannot be read, which mends by no repetition and keeps
    /// nothing of the others from being shown.
    pub(super) async fn request_now(&self, id: RequestId) -> Result<Option<Shown>, Unavailable> {
        match load_request(&self.kari, id).await {
            Ok(now) => Ok(Some(Shown { state: now.state, version: now.head.version })),
            Err(Error::Corrupt(why)) => {
                tracing::error!(request.id = %id, %why, "a card is not kept up: its request cannot be read");
                Ok(None)
            }
            Err(error) => Err(Unavailable::new("the request", error)),
        }
    }

    /// Brings every copy up to what is recorded by now. Returns whether a channel takes nothing any more.
    pub(super) async fn update_anew(
        &self,
        id: &str,
        request: RequestId,
        around: &Around<'_>,
    ) -> Result<bool, Unavailable> {
        let Some(now) = self.request_now(request).await? else { return Ok(false) };
        let mut kept = self.kept(id).await?;
        self.remember(id, &mut kept, &now, false, around).await?;
        let Some(content) = self.content(id, &now, &kept, around).await? else { return Ok(false) };
        let taken_back = self.take_back(&content, &mut kept).await?;
        self.update_copies(&content, &kept, &taken_back.failed).await
    }

    /// Brings every copy that is behind up to what is remembered. Where Slack takes no change for a while, or not of one
    /// message, that is put off: nobody waits behind it. So is what could not be taken back, which says nothing new.
    /// Returns whether a channel takes nothing any more.
    async fn update_copies(
        &self,
        content: &Content<'_>,
        kept: &Kept,
        not_taken_back: &BTreeSet<String>,
    ) -> Result<bool, Unavailable> {
        let (mut is_any_shut, mut is_any_late, mut outcome) = (false, !not_taken_back.is_empty(), Ok(()));
        for (place, revision, copy) in kept.behind() {
            if not_taken_back.contains(place) {
                continue;
            }
            if !self.slack.takes_no_change() {
                match self.update_copy(content, place, *revision, copy).await {
                    Ok(is_shut) => is_any_shut |= is_shut,
                    Err(error) if is_of_one_message(&error) => is_any_late = true,
                    Err(error) => outcome = outcome.and(Err(error)),
                }
            }
            if self.slack.takes_no_change() {
                return self.put_off_card(content).await.map(|()| is_any_shut);
            }
        }
        if is_any_late {
            outcome = outcome.and(self.put_off_refused_card(content).await);
        }
        outcome.map(|()| is_any_shut)
    }

    async fn update_copy(
        &self,
        content: &Content<'_>,
        place: &str,
        revision: u64,
        copy: &Copy,
    ) -> Result<bool, Unavailable> {
        let message = self.render(content, place, copy.language).await?;
        let mut held = self.hold_copy(content.id, place, revision, copy.clone()).await?;
        let Some(message) = message else {
            held.copy.given_up = content.version;
            return self.give_back(content.id, held).await.map(|()| false);
        };
        let outcome = self.rewrite(&mut held, message, content.version).await;
        let is_shut = held.copy.is_shut();
        if is_shut {
            let left = Copy { given_up: content.version, ..copy.clone() };
            self.keep_left(content.id, place, &left).await?;
        }
        let is_changed = outcome.is_ok() && held.copy.rendered == content.version;
        if !is_changed || !self.put_back(content.id, &held).await? {
            self.give_back(content.id, held).await?;
        }
        outcome.map(|()| is_shut)
    }

    /// Has what stands there say this instead.
    pub(super) async fn rewrite(
        &self,
        held: &mut Held,
        message: Message,
        version: u64,
    ) -> Result<(), Unavailable> {
        let Some((channel, ts)) = held.copy.posted.clone() else { return Ok(()) };
        let request = SlackApiChatUpdateRequest::new(SlackChannelId(channel), message.content(), SlackTs(ts));
        let answer = self.slack.update_message(&request).await.map(|()| None);
        self.settle(held, answer, version).await
    }
}

/// A batch is one card.
pub(super) fn card_id(asked: &Asked) -> String {
    asked.submission.batch.map_or_else(|| asked.submission.id.to_string(), |batch| batch.to_string())
}
