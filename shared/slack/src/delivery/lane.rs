//! One message at a time to a conversation, and not too many: Slack takes about one a second.

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Unavailable};
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::undone::resting;
use super::{Delivery, copies::parsed};

const GROUP: &str = "lane";
/// How long whoever is at it is waited for: longer than a call takes at most, also one that is made again with another
/// token.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(14);
/// How long a conversation rests after a message.
const AFTER_ONE: TimeDelta = TimeDelta::milliseconds(1_100);
const KEPT_FOR: TimeDelta = TimeDelta::days(1);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Lane {
    /// Until then nobody else may send.
    until: Option<Instant>,
}

/// The right to send now.
#[derive(Debug)]
pub(super) struct Entered<'a> {
    conversation: &'a str,
    revision: u64,
}

impl Delivery {
    /// Takes the right to send to a conversation.
    pub(super) async fn enter<'a>(&self, conversation: &'a str) -> Result<Entered<'a>, Unavailable> {
        let note = self.notes.0.one(GROUP, conversation).await?;
        let now = self.kari.clock.now();
        let (revision, lane) =
            note.map_or_else(Default::default, |note| (note.revision, parsed::<Lane>(&note.body)));
        if lane.until.is_some_and(|until| now < until) {
            return Err(resting("the conversation was just written to"));
        }
        match self.hold(conversation, revision, now + LEASE).await? {
            Some(revision) => Ok(Entered { conversation, revision }),
            None => Err(resting("somebody else writes to the conversation")),
        }
    }

    /// After a message: gives the conversation its rest.
    pub(super) async fn leave(&self, lane: Entered<'_>) -> Result<(), Unavailable> {
        self.rest(lane, AFTER_ONE).await
    }

    /// Lets the next one in after this long.
    pub(super) async fn rest(&self, lane: Entered<'_>, length: TimeDelta) -> Result<(), Unavailable> {
        let until = self.kari.clock.now() + length;
        // Whoever took it over meanwhile has it.
        self.hold(lane.conversation, lane.revision, until).await.map(|_| ())
    }

    async fn hold(
        &self,
        conversation: &str,
        revision: u64,
        until: Instant,
    ) -> Result<Option<u64>, Unavailable> {
        let body = serde_json::to_string(&Lane { until: Some(until) }).unwrap_or_default();
        let note = NewNote { group: GROUP, key: conversation, body: &body, until: until + KEPT_FOR };
        self.notes.0.write(&note, revision).await
    }
}
