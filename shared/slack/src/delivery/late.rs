//! What was put off: cards to be changed while Slack takes no change, and lines for auditors of which many came at
//! once. It is remembered here and caught up with, so that no record has to wait for it: behind the cards of a
//! thousand grants that end together, a new request is shown at once.

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Note, Unavailable};
use kari_domain::ids::RequestId;
use kari_domain::request::AccessRequest;
use kari_domain::settings::Settings;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::cards::card_id;
use super::content::Content;
use super::mail::Address;
use super::undone::{is_of_one_message, resting};

const GROUP: &str = "late";
/// So much is caught up with at once, at most.
const MOST_AT_ONCE: usize = 200;
/// And for so long: whoever catches up does so beside something else.
const AT_MOST: TimeDelta = TimeDelta::seconds(10);
/// After many lines went out as one, the next ones wait so long for others; and so long where their channel takes
/// nothing for now.
const AFTER_MANY: TimeDelta = TimeDelta::seconds(15);

/// Something that was put off.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Late {
    /// The card of this request, or of the batch it is of.
    Card { request: RequestId },
    /// What waits for this conversation, until then at least.
    Lines { to: Address, until: Instant },
}

impl Delivery {
    /// Puts off bringing a card up to date. What somebody may still look at comes before what is over.
    pub(super) async fn put_off_card(&self, content: &Content<'_>) -> Result<(), Unavailable> {
        let is_over = matches!(content.shown.state, AccessRequest::Ending(_) | AccessRequest::Closed(_));
        let rank = if is_over && content.waiting().is_empty() { 2 } else { 1 };
        let late = Late::Card { request: content.asked.submission.id };
        self.put_off(&format!("{rank}/card/{}", content.id), &late).await
    }

    /// Puts off what waits for a conversation.
    pub(super) async fn put_off_lines(&self, to: &Address) -> Result<(), Unavailable> {
        self.put_off_lines_until(to, self.kari.clock.now()).await
    }

    /// The same, until others gathered.
    pub(super) async fn put_off_lines_for_a_while(&self, to: &Address) -> Result<(), Unavailable> {
        self.put_off_lines_until(to, self.kari.clock.now() + AFTER_MANY).await
    }

    async fn put_off_lines_until(&self, to: &Address, until: Instant) -> Result<(), Unavailable> {
        self.put_off(&key_of_lines(to), &Late::Lines { to: to.clone(), until }).await
    }

    /// Whether what waits for a conversation is put off.
    pub(super) async fn are_lines_put_off(&self, to: &Address) -> Result<bool, Unavailable> {
        Ok(self.notes.0.one(GROUP, &key_of_lines(to)).await?.is_some())
    }

    /// NB. Each time a revision more, also where it was put off already: whoever caught up with less than this leaves
    /// the note.
    async fn put_off(&self, key: &str, late: &Late) -> Result<(), Unavailable> {
        let body = serde_json::to_string(late).map_err(|error| Unavailable::new("what is put off", error))?;
        let known = self.notes.0.one(GROUP, key).await?.map_or(0, |note| note.revision);
        let note = NewNote { group: GROUP, key, body: &body, until: self.kept_until() };
        // Where it was not as expected somebody else put off the same, or caught up with it: then this is repeated.
        match self.notes.0.write(&note, known).await? {
            Some(_) => Ok(()),
            None => Err(resting("somebody else is at what is put off")),
        }
    }

    /// Does what was put off, as far as Slack takes it now. One that fails stays, and holds up no other.
    pub(super) async fn do_what_was_put_off(&self) -> Result<(), Unavailable> {
        let Some(settings) = self.settings().await? else { return Ok(()) };
        let (until, mut outcome) = (self.kari.clock.now() + AT_MOST, Ok(()));
        for note in self.notes.0.all(GROUP).await?.into_iter().take(MOST_AT_ONCE) {
            if self.kari.clock.now() >= until {
                break;
            }
            // What cannot be read is of another version, which will do it.
            let Ok(late) = serde_json::from_str::<Late>(&note.body) else { continue };
            outcome = outcome.and(match &late {
                Late::Card { .. } if self.slack.takes_no_change() => Ok(()),
                Late::Card { request } => self.show_late(*request, &late, &note, &settings).await,
                // NB. What gathered for a channel goes nowhere once somebody took the channel away.
                Late::Lines { to, .. } if !is_audit_channel(&to.target, &settings) => {
                    self.drop_lines(to, &note).await
                }
                Late::Lines { until, .. } if self.kari.clock.now() < *until => Ok(()),
                Late::Lines { to, .. } => self.send_late(to, &note).await,
            });
        }
        outcome
    }

    async fn show_late(
        &self,
        request: RequestId,
        late: &Late,
        note: &Note,
        settings: &Settings,
    ) -> Result<(), Unavailable> {
        let Some(now) = self.request_now(request).await? else {
            return self.notes.0.erase(GROUP, &note.key, note.revision).await.map(drop);
        };
        self.show_card(&now, false, settings).await?;
        self.notes.0.erase(GROUP, &note.key, note.revision).await?;
        // NB. Looked at once more: somebody else may have put it off anew, by a note that looks like this one.
        let Some(asked) = now.state.asked() else { return Ok(()) };
        let is_behind = self.kept(&card_id(asked)).await?.behind().next().is_some();
        if is_behind { self.put_off(&note.key, late).await } else { Ok(()) }
    }

    /// Sends what waits, and lets more of it gather. Once nothing came for a while, lines go out by themselves again.
    async fn send_late(&self, to: &Address, note: &Note) -> Result<(), Unavailable> {
        if self.waits(to).await? {
            let sent = self.flush(to).await;
            if sent.as_ref().is_err_and(|error| !is_of_one_message(error)) {
                return sent;
            }
            return self.put_off_lines_for_a_while(to).await;
        }
        self.notes.0.erase(GROUP, &note.key, note.revision).await?;
        // NB. What came in between relies on the note.
        if self.waits(to).await? { self.put_off_lines(to).await } else { Ok(()) }
    }

    async fn drop_lines(&self, to: &Address, note: &Note) -> Result<(), Unavailable> {
        self.drop_what_waits(to).await?;
        self.notes.0.erase(GROUP, &note.key, note.revision).await.map(drop)
    }
}

fn is_audit_channel(target: &str, settings: &Settings) -> bool {
    settings.slack_audit_channel.as_ref().is_some_and(|channel| channel.as_str() == target)
}

fn key_of_lines(to: &Address) -> String {
    format!("0/lines/{}", to.name)
}
