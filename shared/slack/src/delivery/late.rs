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
/// A card that Slack would not change is left alone for so long.
const AFTER_REFUSAL: TimeDelta = TimeDelta::seconds(30);

/// Something that was put off.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Late {
    /// The card of this request, or of the batch it is of, until then at least.
    Card {
        request: RequestId,
        #[serde(default)]
        until: Instant,
    },
    /// What waits for this conversation, until then at least.
    Lines { to: Address, until: Instant },
}

impl Late {
    /// Whether it is looked at by now. NB. Lines always are: their channel may have been taken away.
    fn is_looked_at(&self, now: Instant) -> bool {
        match self {
            Self::Card { until, .. } => *until <= now,
            Self::Lines { .. } => true,
        }
    }
}

impl Delivery {
    /// Puts off bringing a card up to date. What somebody may still look at comes before what is over.
    pub(super) async fn put_off_card(&self, content: &Content<'_>) -> Result<(), Unavailable> {
        self.put_off_card_until(content, self.kari.clock.now()).await
    }

    /// The same where Slack would not change one message: it may be so for long.
    pub(super) async fn put_off_refused_card(&self, content: &Content<'_>) -> Result<(), Unavailable> {
        self.put_off_card_until(content, self.kari.clock.now() + AFTER_REFUSAL).await
    }

    async fn put_off_card_until(&self, content: &Content<'_>, until: Instant) -> Result<(), Unavailable> {
        let is_over = matches!(content.shown.state, AccessRequest::Ending(_) | AccessRequest::Closed(_));
        let late = Late::Card { request: content.asked.submission.id, until };
        if !is_over || !content.waiting().is_empty() {
            return self.put_off(&key_of_card(1, content.id), &late).await;
        }
        self.put_off(&key_of_card(2, content.id), &late).await?;
        // It may have been put off before it was over.
        let before = key_of_card(1, content.id);
        if let Some(note) = self.notes.0.one(GROUP, &before).await? {
            self.notes.0.erase(GROUP, &before, note.revision).await?;
        }
        Ok(())
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
        let now = self.kari.clock.now();
        let (until, mut outcome) = (now + AT_MOST, Ok(()));
        let noted = self.notes.0.all(GROUP).await?.into_iter().filter_map(|note| {
            // What cannot be read is of another version, which will do it.
            let late = serde_json::from_str::<Late>(&note.body).ok()?;
            late.is_looked_at(now).then_some((note, late))
        });
        for (note, late) in noted.take(MOST_AT_ONCE) {
            if self.kari.clock.now() >= until {
                break;
            }
            outcome = outcome.and(match &late {
                Late::Card { .. } if self.slack.takes_no_change() => Ok(()),
                Late::Card { request, .. } => self.show_late(*request, &late, &note, &settings).await,
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
        // Put off again meanwhile, it stays as it is.
        if !self.notes.0.erase(GROUP, &note.key, note.revision).await? {
            return Ok(());
        }
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

fn key_of_card(rank: u8, card: &str) -> String {
    format!("{rank}/card/{card}")
}

fn key_of_lines(to: &Address) -> String {
    format!("0/lines/{}", to.name)
}
