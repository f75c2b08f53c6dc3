//! Who is not in Slack, as noted for every process. A card with many reviewers looks for each of them, and Slack answers
//! some fifty such questions a minute: those whom it does not know are asked about every few hours, not once a card.
//!
//! Cards alone go by this. A letter is for one person, who is looked up again after minutes; who is found by that is
//! noted no more.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::copies::parsed;
use super::undone::resting;
use crate::people::Heard;

const GROUP: &str = "people";
/// With the mark of the token: another one may be for another workspace, which knows others.
const MISSED: &str = "missed/";
/// Whoever joins Slack has cards of their own after this at the latest: by default a request waits longer. Until then
/// other reviewers have, and the portal shows them what waits.
const MISSED_FOR: TimeDelta = TimeDelta::hours(6);
/// So many are noted, in one note, so that reading it is one call whoever is looked for.
const MOST: usize = 1_000;
/// Whoever takes more bytes than this in the note is not noted: all of them have to fit into one item of a table, of
/// 400 KB.
const LONGEST: usize = 320;
const MOST_TRIES: usize = 3;

/// Somebody whom Slack did not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Missed {
    /// The address that it did not know.
    email: String,
    until: Instant,
}

type AllMissed = BTreeMap<UserId, Missed>;

impl Delivery {
    /// Those of these people who are noted not to be in Slack; read only where somebody of them would be looked up.
    pub(super) async fn recall_missed(
        &self,
        people: &[UserId],
        snapshot: &Snapshot,
    ) -> Result<BTreeSet<UserId>, Unavailable> {
        let now = self.kari.clock.now();
        if people.iter().all(|id| self.people.remembers(snapshot, id, now)) {
            return Ok(BTreeSet::new());
        }
        let missed = self.missed_by_now().await?;
        // NB. Who has another address by now is looked up by that one.
        let is_missed = |id: &&UserId| {
            let email = snapshot.users.get(*id).and_then(|user| user.email.as_deref());
            missed.get(*id).is_some_and(|missed| email == Some(missed.email.as_str()))
        };
        Ok(people.iter().filter(is_missed).cloned().collect())
    }

    /// Notes whom Slack did not know just now, and whom it did. Where that fails, the former are looked up again.
    pub(super) async fn note_missed(&self) {
        if self.people.has_news()
            && let Err(error) = self.missed_by_now().await
        {
            tracing::info!(%error, "who is not in slack is not noted; they are looked up again");
        }
    }

    /// Who is noted not to be in Slack, after what Slack said since was noted too.
    async fn missed_by_now(&self) -> Result<AllMissed, Unavailable> {
        let (token, news) = (self.slack.token_mark(), self.people.take_news());
        let key = format!("{MISSED}{token}");
        for _ in 0..MOST_TRIES {
            let note = self.notes.0.one(GROUP, &key).await?;
            let (revision, mut missed): (u64, AllMissed) =
                note.map_or_else(Default::default, |note| (note.revision, parsed(&note.body)));
            let now = self.kari.clock.now();
            missed.retain(|_, missed| now < missed.until);
            let known = missed.clone();
            learn(&mut missed, &news, &token, now);
            if missed == known {
                return Ok(missed);
            }
            let body = serde_json::to_string(&missed).map_err(|error| Unavailable::new("a note", error))?;
            let note = NewNote { group: GROUP, key: &key, body: &body, until: now + MISSED_FOR };
            if self.notes.0.write(&note, revision).await?.is_some() {
                return Ok(missed);
            }
        }
        Err(resting("many others note who is not in slack"))
    }
}

/// Of what was said by this token the latest counts, from when it was said. Where there are too many, those are left out
/// who would be looked up soonest anyway.
fn learn(missed: &mut AllMissed, news: &BTreeMap<UserId, Heard>, token: &str, now: Instant) {
    for (id, heard) in news.iter().filter(|(_, heard)| heard.token == token) {
        let until = heard.at + MISSED_FOR;
        if until <= now || missed.get(id).is_some_and(|known| until < known.until) {
            continue;
        }
        missed.remove(id);
        let entry = Missed { email: heard.email.clone(), until };
        if heard.missed && fits(&entry) {
            missed.insert(id.clone(), entry);
        }
    }
    if missed.len() > MOST {
        let mut latest: Vec<_> = std::mem::take(missed).into_iter().collect();
        latest.sort_by_key(|(_, missed)| Reverse(missed.until));
        latest.truncate(MOST);
        missed.extend(latest);
    }
}

fn fits(entry: &Missed) -> bool {
    serde_json::to_string(entry).is_ok_and(|entry| entry.len() <= LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-11-22T04:00:00Z".parse().unwrap()
    }

    fn id(number: usize) -> UserId {
        UserId::parse(format!("u-{number:04}")).unwrap()
    }

    /// What was heard so many seconds ago by the token `t`.
    fn heard(missed: bool, seconds: i64) -> Heard {
        let (email, token) = ("ann@example.com".to_owned(), "t".to_owned());
        Heard { email, missed, at: now() - TimeDelta::seconds(seconds), token }
    }

    #[test]
    fn the_latest_that_was_said_counts_from_when_it_was_said() {
        let mut missed = AllMissed::new();
        let mut learns = |heard: Heard| {
            learn(&mut missed, &BTreeMap::from([(id(1), heard)]), "t", now());
            missed.get(&id(1)).map(|missed| missed.until)
        };
        let after = |seconds| Some(now() + MISSED_FOR - TimeDelta::seconds(seconds));
        assert_eq!(learns(heard(true, 60)), after(60));
        assert_eq!(learns(heard(false, 90)), after(60), "it was found, and missed after that");
        assert_eq!(learns(heard(false, 30)), None);
        assert_eq!(learns(heard(true, 7 * 60 * 60)), None, "that is too long ago");
        assert_eq!(learns(Heard { token: "other".to_owned(), ..heard(true, 0) }), None);
        assert_eq!(learns(Heard { email: "a".repeat(LONGEST), ..heard(true, 0) }), None);
    }

    #[test]
    fn of_too_many_those_are_left_out_whose_time_is_over_soonest() {
        let mut missed = AllMissed::new();
        let seconds = |number: usize| i64::try_from(number).unwrap();
        let news: BTreeMap<_, _> =
            (0..MOST + 2).map(|number| (id(number), heard(true, seconds(number)))).collect();
        learn(&mut missed, &news, "t", now());
        assert_eq!(missed.len(), MOST);
        assert!(missed.contains_key(&id(MOST - 1)) && !missed.contains_key(&id(MOST)));
    }
}
