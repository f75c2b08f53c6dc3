//! Who is not in Slack, as noted for every process. A card with many reviewers looks for each of them, and Slack answers
//! some fifty such questions a minute: those whom it does not know are asked about once a day, not once a card.
//!
//! A card alone goes by this. Letters are for one person, who is looked up again after minutes.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::copies::parsed;
use super::undone::resting;

const GROUP: &str = "people";
const MISSED: &str = "missed";
/// Whoever joins Slack has cards of their own after this at the latest; until then other reviewers have, and the portal
/// shows them what waits.
const MISSED_FOR: TimeDelta = TimeDelta::days(1);
/// So many are noted, in one note, so that reading it is one call whoever is looked for.
const MOST: usize = 1_000;
const MOST_TRIES: usize = 3;

/// Somebody whom Slack did not know.
#[derive(Debug, Serialize, Deserialize)]
struct Missed {
    /// The address that it did not know.
    email: String,
    until: Instant,
}

type AllMissed = BTreeMap<UserId, Missed>;

impl Delivery {
    /// Remembers who is noted not to be in Slack.
    pub(super) async fn recall_missed(&self, snapshot: &Snapshot) -> Result<(), Unavailable> {
        let (_, missed) = self.missed().await?;
        let now = self.kari.clock.now();
        for (id, missed) in missed.iter().filter(|(_, missed)| now < missed.until) {
            self.people.believe_missed(snapshot, id, &missed.email, now);
        }
        Ok(())
    }

    /// Notes whom Slack did not know just now. Where that fails, they are looked up again.
    pub(super) async fn note_missed(&self) {
        let news = self.people.take_missed();
        if !news.is_empty()
            && let Err(error) = self.add_missed(&news).await
        {
            tracing::info!(%error, "who is not in slack is not noted; they are looked up again");
        }
    }

    async fn add_missed(&self, news: &BTreeMap<UserId, String>) -> Result<(), Unavailable> {
        for _ in 0..MOST_TRIES {
            let (revision, mut missed) = self.missed().await?;
            let now = self.kari.clock.now();
            let until = now + MISSED_FOR;
            missed.retain(|_, missed| now < missed.until);
            missed
                .extend(news.iter().map(|(id, email)| (id.clone(), Missed { email: email.clone(), until })));
            while missed.len() > MOST {
                missed.pop_first();
            }
            let body = serde_json::to_string(&missed).map_err(|error| Unavailable::new("a note", error))?;
            let note = NewNote { group: GROUP, key: MISSED, body: &body, until };
            if self.notes.0.write(&note, revision).await?.is_some() {
                return Ok(());
            }
        }
        Err(resting("many others note who is not in slack"))
    }

    async fn missed(&self) -> Result<(u64, AllMissed), Unavailable> {
        let note = self.notes.0.one(GROUP, MISSED).await?;
        Ok(note.map_or_else(Default::default, |note| (note.revision, parsed(&note.body))))
    }
}
