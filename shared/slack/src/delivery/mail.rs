//! Messages that wait for their conversation. Where many came while it rested, they go out as one.

use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt, stream};
use kari_application::ports::{NewNote, Note, Resting, Unavailable};
use kari_application::{Error, load_request};
use kari_domain::ids::RequestId;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};
use slack_morphism::SlackChannelId;
use slack_morphism::api::SlackApiChatPostMessageRequest;

use super::Delivery;
use super::places::is_channel;
use super::undone::{NoSuchPlace, is_no_such_place, is_of_one_message, later, resting};
use crate::messages::{Line, Message, Ready, digest, fitting, ready_digest};
use crate::{CallError, Posted};

/// How long it is remembered what was sent and what stands where: longer than a request lives that waits a week for
/// its approval, starts a month later and lasts a week.
const KEPT_FOR: TimeDelta = TimeDelta::days(90);
/// So few go out one after the other: each has its own buttons and links.
const MOST_BY_THEMSELVES: usize = 4;
/// So many go out as one.
const MOST_AT_ONCE: usize = 1_000;
/// So many of what is for looking up are named, in as many messages as it takes; of more than this some are counted.
const MOST_NAMED: usize = 250;
/// So many are looked at, or noted as sent, at once.
const NOTED_AT_ONCE: usize = 20;

/// Where to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Address {
    /// What it is remembered by.
    pub name: String,
    /// What Slack is told: a channel or a person.
    pub target: String,
    pub language: Language,
    /// Whether it is for looking up, and nobody waits for it: of many that come at once, none is waited for.
    pub patient: bool,
}

/// One message, and what it comes to among others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Item {
    #[serde(flatten)]
    pub line: Line,
    pub message: Message,
    /// The access that it tells is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// How requests have to be for it to go out. What an older version left waiting goes out however they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_while: Option<OnlyWhile>,
}

/// How requests have to be: what would call somebody to what is over is not sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OnlyWhile {
    /// At least one of these waits for a review.
    Pending(Vec<RequestId>),
    /// Its access is there.
    Active(RequestId),
}

impl OnlyWhile {
    fn requests(&self) -> &[RequestId] {
        match self {
            Self::Pending(requests) => requests,
            Self::Active(request) => std::slice::from_ref(request),
        }
    }

    fn is_so(&self, request: &AccessRequest) -> bool {
        match self {
            Self::Pending(_) => matches!(request, AccessRequest::Pending(_)),
            Self::Active(_) => matches!(request, AccessRequest::Active(_)),
        }
    }
}

impl Delivery {
    /// Sends one message, once, by itself or with others that wait.
    pub(super) async fn send(
        &self,
        to: &Address,
        about: &str,
        at: Instant,
        item: &Item,
    ) -> Result<(), Unavailable> {
        if self.was_sent(to, about).await? {
            return Ok(());
        }
        let key = format!("{:020}/{about}", at.timestamp_millis().max(0));
        let body = serde_json::to_string(item).map_err(|error| Unavailable::new("a message", error))?;
        let queue = queue(to);
        let note = NewNote { group: &queue, key: &key, body: &body, until: self.kept_until() };
        self.put_in_queue(&note).await?;
        if to.patient && self.are_lines_put_off(to).await? {
            return Ok(());
        }
        match self.flush(to).await {
            Ok(()) if self.was_sent(to, about).await? => Ok(()),
            Ok(()) if to.patient => self.put_off_lines(to).await,
            Ok(()) => Err(resting("more waits than goes out at once")),
            Err(error) if to.patient && error.source.is::<Resting>() && self.many_wait(to).await? => {
                self.put_off_lines(to).await
            }
            Err(error) if to.patient && is_of_one_message(&error) => self.put_off_lines_for_a_while(to).await,
            Err(error) => Err(error),
        }
    }

    /// Where it waits already, it says from now on what it says now.
    async fn put_in_queue(&self, note: &NewNote<'_>) -> Result<(), Unavailable> {
        if self.notes.0.write(note, 0).await?.is_none()
            && let Some(known) = self.notes.0.one(note.group, note.key).await?
            && known.body != note.body
        {
            // Whoever was faster sent it, or wrote it just as new.
            self.notes.0.write(note, known.revision).await?;
        }
        Ok(())
    }

    /// Whether anything waits for a conversation.
    pub(super) async fn waits(&self, to: &Address) -> Result<bool, Unavailable> {
        Ok(!self.notes.0.all(&queue(to)).await?.is_empty())
    }

    /// Forgets what waits for a conversation.
    pub(super) async fn drop_what_waits(&self, to: &Address) -> Result<(), Unavailable> {
        for note in self.notes.0.all(&queue(to)).await? {
            self.notes.0.erase(&queue(to), &note.key, note.revision).await?;
        }
        Ok(())
    }

    /// Whether more waits than goes out one after the other.
    async fn many_wait(&self, to: &Address) -> Result<bool, Unavailable> {
        Ok(self.notes.0.all(&queue(to)).await?.len() > MOST_BY_THEMSELVES)
    }

    async fn was_sent(&self, to: &Address, about: &str) -> Result<bool, Unavailable> {
        Ok(self.notes.0.one(&sent(to, about), "sent").await?.is_some())
    }

    /// Sends what waits for one conversation.
    pub(super) async fn flush(&self, to: &Address) -> Result<(), Unavailable> {
        let lane = self.enter(&to.name).await?;
        let waiting = match self.still_so(to).await {
            Ok(waiting) => waiting,
            Err(error) => {
                self.rest(lane, TimeDelta::zero()).await?;
                return Err(error);
            }
        };
        let together = if waiting.len() > MOST_BY_THEMSELVES { MOST_AT_ONCE } else { 1 };
        let (mut waiting, items) = self.read(to, waiting.into_iter().take(together).collect()).await?;
        let Some((message, told)) = self.together(to, &items) else {
            return self.rest(lane, TimeDelta::zero()).await;
        };
        match self.post(&to.target, message).await {
            Ok(_) => {
                waiting.truncate(told);
                self.note_sent(to, &waiting).await?;
                self.leave(lane).await
            }
            Err(CallError::Permanent { code }) => {
                self.rest(lane, TimeDelta::zero()).await?;
                let is_shut = self.give_up_in(&to.name, &code).await?;
                self.pass_by(to, &code, is_shut, waiting).await
            }
            Err(CallError::RateLimited { retry_after }) => {
                let length = TimeDelta::from_std(retry_after).unwrap_or(TimeDelta::seconds(1));
                self.rest(lane, length).await?;
                Err(later(CallError::RateLimited { retry_after }))
            }
            Err(CallError::Transient { what }) => {
                self.rest(lane, TimeDelta::zero()).await?;
                if is_no_such_place(&what) && is_channel(&to.name) {
                    self.remind_elsewhere(to, &what).await?;
                }
                Err(later(CallError::Transient { what }))
            }
        }
    }

    /// What a conversation never takes counts as sent. NB. But for reminders in a channel that takes nothing: whoever
    /// was to be reminded there is reminded elsewhere.
    async fn pass_by(
        &self,
        to: &Address,
        code: &str,
        is_shut: bool,
        waiting: Vec<Note>,
    ) -> Result<(), Unavailable> {
        let (reminders, others): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|note| is_shut && is_reminder(note));
        self.note_sent(to, &others).await?;
        self.drop_reminders(to, code, &reminders).await
    }

    /// Of what waits for a channel that takes nothing for now, reminders go elsewhere; all else waits until it takes
    /// something. NB. Also those behind something else.
    async fn remind_elsewhere(&self, to: &Address, code: &str) -> Result<(), Unavailable> {
        let mut reminders = self.notes.0.all(&queue(to)).await?;
        reminders.retain(is_reminder);
        if reminders.is_empty() {
            return Ok(());
        }
        self.give_up_in(&to.name, code).await?;
        self.drop_reminders(to, code, &reminders).await
    }

    /// Forgets reminders in a channel that takes nothing.
    ///
    /// # Errors
    /// If there are any: whoever was to be reminded has not been.
    async fn drop_reminders(&self, to: &Address, code: &str, reminders: &[Note]) -> Result<(), Unavailable> {
        for note in reminders {
            self.notes.0.erase(&queue(to), &note.key, note.revision).await?;
        }
        if reminders.is_empty() {
            return Ok(());
        }
        Err(Unavailable::new("slack", NoSuchPlace(code.to_owned())))
    }

    /// What waits for a conversation and is no old news, so much as goes out at once. The rest counts as sent: nobody
    /// has it come again.
    async fn still_so(&self, to: &Address) -> Result<Vec<Note>, Unavailable> {
        let waiting = self.notes.0.all(&queue(to)).await?;
        // NB. Many of them one after the other would take longer than the lane is ours.
        let looked_at = stream::iter(waiting.into_iter().take(MOST_AT_ONCE)).map(|note| async move {
            let is_still_so = self.is_still_so(&note).await?;
            Ok::<_, Unavailable>((is_still_so, note))
        });
        let looked_at: Vec<(bool, Note)> = looked_at.buffered(NOTED_AT_ONCE).try_collect().await?;
        let (mut still_so, mut over) = (vec![], vec![]);
        for (is_still_so, note) in looked_at {
            let those = if is_still_so { &mut still_so } else { &mut over };
            those.push(note);
        }
        self.note_sent(to, &over).await?;
        Ok(still_so)
    }

    /// Whether a message is no old news. What cannot be read keeps nothing from going out.
    async fn is_still_so(&self, note: &Note) -> Result<bool, Unavailable> {
        let item = serde_json::from_str::<Item>(&note.body).ok();
        let Some(only_while) = item.and_then(|item| item.only_while) else { return Ok(true) };
        for request in only_while.requests() {
            match load_request(&self.kari, *request).await {
                Ok(now) if only_while.is_so(&now.state) => return Ok(true),
                Ok(_) => {}
                Err(Error::Corrupt(_)) => return Ok(true),
                Err(error) => return Err(Unavailable::new("the request", error)),
            }
        }
        Ok(false)
    }

    /// What waits, with what it says. What cannot be read any more would be the first for ever; whoever has still to say
    /// it comes again.
    async fn read(&self, to: &Address, waiting: Vec<Note>) -> Result<(Vec<Note>, Vec<Item>), Unavailable> {
        let (mut notes, mut items) = (vec![], vec![]);
        for note in waiting {
            if let Ok(item) = serde_json::from_str(&note.body) {
                notes.push(note);
                items.push(item);
            } else {
                self.notes.0.erase(&queue(to), &note.key, note.revision).await?;
            }
        }
        Ok((notes, items))
    }

    /// One message, and how many of these it tells. Of what is for looking up it names each, and what does not fit is
    /// for the next message; only of more than [`MOST_NAMED`] are the ones in between counted.
    fn together(&self, to: &Address, items: &[Item]) -> Option<(Message, usize)> {
        let message = match items {
            [] => return None,
            [one] => one.message.clone(),
            several if to.patient => {
                let lines: Vec<_> = several.iter().map(|item| item.line.clone()).collect();
                let (named, others) = (fitting(&lines), lines.len().saturating_sub(MOST_NAMED));
                let told = lines.len().min(named + others);
                let lines = lines.get(..named).unwrap_or(&lines);
                let message = digest(lines, told - lines.len(), to.language, &self.links.portal);
                return Some((message, told));
            }
            several => {
                let ready: Vec<_> = several.iter().filter_map(|item| item.ready.clone()).collect();
                let others = several.iter().filter(|item| item.ready.is_none());
                let lines: Vec<_> = others.map(|item| item.line.clone()).collect();
                if ready.is_empty() {
                    digest(&lines, 0, to.language, &self.links.portal)
                } else {
                    ready_digest(&ready, &lines, to.language, &self.links)
                }
            }
        };
        Some((message, items.len()))
    }

    /// NB. After it was sent: whoever dies in between sends it once more, and nothing is lost.
    async fn note_sent(&self, to: &Address, waiting: &[Note]) -> Result<(), Unavailable> {
        // NB. Many of them one after the other would take longer than the lane is ours.
        let noting = stream::iter(waiting.iter().map(Ok));
        noting.try_for_each_concurrent(NOTED_AT_ONCE, |note| self.note_one_sent(to, note)).await
    }

    async fn note_one_sent(&self, to: &Address, note: &Note) -> Result<(), Unavailable> {
        let about = note.key.split_once('/').map_or(note.key.as_str(), |(_, about)| about);
        let group = sent(to, about);
        let done = NewNote { group: &group, key: "sent", body: "", until: self.kept_until() };
        self.notes.0.write(&done, 0).await?;
        let queue = queue(to);
        // NB. Written anew while it was being sent, it would be sent once more.
        if !self.notes.0.erase(&queue, &note.key, note.revision).await?
            && let Some(newer) = self.notes.0.one(&queue, &note.key).await?
        {
            self.notes.0.erase(&queue, &newer.key, newer.revision).await?;
        }
        Ok(())
    }

    /// Posts a message. Returns where, and which it is there.
    pub(super) async fn post(&self, target: &str, message: Message) -> Result<(String, String), CallError> {
        let channel = SlackChannelId(target.to_owned());
        let request = SlackApiChatPostMessageRequest::new(channel, message.content())
            .with_unfurl_links(false)
            .with_unfurl_media(false);
        let Posted { channel, ts } = self.slack.post_message(&request).await?;
        Ok((channel, ts))
    }

    pub(super) fn kept_until(&self) -> Instant {
        self.kari.clock.now() + KEPT_FOR
    }
}

fn is_reminder(note: &Note) -> bool {
    let item = serde_json::from_str::<Item>(&note.body).ok();
    matches!(item.and_then(|item| item.only_while), Some(OnlyWhile::Pending(_)))
}

fn queue(to: &Address) -> String {
    format!("queue/{}", to.name)
}

fn sent(to: &Address, about: &str) -> String {
    format!("sent/{}/{about}", to.name)
}
