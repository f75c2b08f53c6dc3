//! The copies of a card, as they are remembered: where each stands, and from how many events it was rendered.
//!
//! Whoever changes a copy holds it for a moment, and gives it back with what was rendered: so an older rendering
//! never comes after a newer one.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Note, Unavailable};
use kari_domain::ids::{RequestId, UserId};
use kari_domain::settings::Language;
use kari_domain::time::Instant;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Delivery;
use super::lane::LEASE;
use super::undone::resting;
use crate::messages::Member;

const MOST_TRIES: usize = 8;
/// A channel that took nothing is not tried again for the same card for so long.
const SHUT_FOR: TimeDelta = TimeDelta::hours(1);
const COPY: &str = "copy/";
const MEMBER: &str = "member/";
const LEFT: &str = "left/";

/// One copy of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copy {
    /// Where it stands, and which message it is there; nothing until it was posted.
    pub posted: Option<(String, String)>,
    /// From how many events it was rendered.
    pub rendered: u64,
    /// From how many events it could not be rendered: before there are more, only a press has it tried again.
    #[serde(default)]
    pub given_up: u64,
    pub language: Language,
    pub channel: bool,
    /// Whose it is where it stands with one person.
    #[serde(default)]
    pub whose: Option<Whose>,
    /// Until then nobody else changes it.
    pub held_until: Option<Instant>,
    /// It was deleted, or cannot be changed any more.
    pub gone: bool,
    /// The channel took nothing: until then it is not tried again, and whoever is asked there is asked elsewhere.
    #[serde(default)]
    pub shut_until: Option<Instant>,
}

impl Copy {
    /// Nothing stands in a channel that takes nothing, whatever was left there.
    pub(super) fn shut(&mut self, now: Instant) {
        (self.posted, self.rendered, self.gone) = (None, 0, false);
        self.shut_until = Some(now + SHUT_FOR);
    }

    pub(super) fn is_shut(&self) -> bool {
        self.posted.is_none() && self.shut_until.is_some()
    }
}

/// Somebody with whom a copy stands, and the account in Slack that it was posted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Whose {
    pub user: UserId,
    pub account: String,
}

/// A copy that is held.
#[derive(Debug)]
pub(super) struct Held {
    pub place: String,
    pub copy: Copy,
    revision: u64,
}

/// What is remembered of a card.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// By place.
    pub copies: Vec<(String, u64, Copy)>,
    /// The requests that it shows, each with the revision of its note.
    members: Vec<(u64, Member)>,
}

impl Kept {
    /// The requests that the card shows.
    pub(super) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().map(|(_, member)| member)
    }

    pub(super) fn member(&self, id: RequestId) -> Option<&Member> {
        self.members().find(|member| member.id == id)
    }

    /// From how many events of all its requests the card is rendered.
    pub(super) fn version(&self) -> u64 {
        self.members().map(|member| member.version).sum()
    }

    pub(super) fn has(&self, place: &str) -> bool {
        self.copies.iter().any(|(known, _, copy)| known == place && (copy.posted.is_some() || copy.gone))
    }

    /// Whether the card is not tried there for now.
    pub(super) fn is_shut(&self, place: &str, now: Instant) -> bool {
        let is_shut = |copy: &Copy| copy.is_shut() && copy.shut_until.is_some_and(|until| now < until);
        self.copies.iter().any(|(known, _, copy)| known == place && is_shut(copy))
    }

    /// Whether a channel took nothing.
    pub(super) fn has_shut(&self) -> bool {
        self.copies.iter().any(|(_, _, copy)| copy.is_shut())
    }

    /// Whether a copy stands in a place that was left there when the channel took nothing.
    pub(super) fn is_left(&self, place: &str) -> bool {
        let stands = |copy: &Copy| copy.posted.is_some() && !copy.gone;
        self.copies.iter().any(|(known, _, copy)| left_in(known) == Some(place) && stands(copy))
    }

    /// The copies that show less than what is remembered, and may be brought up to it.
    pub(super) fn behind(&self) -> impl Iterator<Item = &(String, u64, Copy)> {
        let version = self.version();
        let is_behind = move |copy: &Copy| {
            copy.posted.is_some() && !copy.gone && copy.rendered.max(copy.given_up) < version
        };
        self.copies.iter().filter(move |(_, _, copy)| is_behind(copy))
    }

    /// Whether what stands here shows less than it was to show.
    pub(super) fn is_given_up(&self, here: &(String, String)) -> bool {
        let is_here = |copy: &Copy| copy.posted.as_ref() == Some(here) && copy.rendered < copy.given_up;
        self.copies.iter().any(|(_, _, copy)| is_here(copy))
    }

    fn put(&mut self, revision: u64, member: Member) {
        self.members.retain(|(_, known)| known.id != member.id);
        self.members.push((revision, member));
        self.members.sort_by_key(|(_, member)| member.id);
    }
}

/// The place in which this copy was left when the channel took nothing, if it was.
pub(super) fn left_in(name: &str) -> Option<&str> {
    name.strip_prefix(LEFT)?.rsplit_once('/').map(|(place, _)| place)
}

/// The places where a request is asked by now and was not before.
fn added_places(known: &Member, member: &Member) -> BTreeSet<String> {
    match (&known.places, &member.places) {
        (Some(before), Some(now)) => now.difference(before).cloned().collect(),
        (None, _) | (_, None) => BTreeSet::new(),
    }
}

/// A note's body; what cannot be read counts as nothing.
pub(super) fn parsed<T: DeserializeOwned + Default>(body: &str) -> T {
    serde_json::from_str(body).unwrap_or_default()
}

impl Delivery {
    pub(super) async fn kept(&self, card: &str) -> Result<Kept, Unavailable> {
        let mut kept = Kept::default();
        for Note { key, revision, body } in self.notes.0.all(&group(card)).await? {
            if let (Some(place), Ok(copy)) = (key.strip_prefix(COPY), serde_json::from_str(&body)) {
                kept.copies.push((place.to_owned(), revision, copy));
            } else if let (true, Ok(member)) = (key.starts_with(MEMBER), serde_json::from_str(&body)) {
                kept.members.push((revision, member));
            }
        }
        Ok(kept)
    }

    /// Remembers how a request stands and where it is asked, unless that or something newer is remembered. What stands
    /// where it is asked only by now is behind then, though nothing happened since.
    pub(super) async fn keep_member(
        &self,
        card: &str,
        kept: &mut Kept,
        mut member: Member,
    ) -> Result<(), Unavailable> {
        let (group, key) = (group(card), format!("{MEMBER}{}", member.id));
        for _ in 0..MOST_TRIES {
            let mut expected = 0;
            if let Some((revision, known)) = kept.members.iter().find(|(_, known)| known.id == member.id) {
                expected = *revision;
                member.keep_places_of(known);
                let is_elsewhere = known.places != member.places;
                if known.version > member.version || (known.version == member.version && !is_elsewhere) {
                    return Ok(());
                }
                // NB. Before it is remembered: whoever comes after a failure would find nothing to do.
                if known.version == member.version {
                    let added = added_places(known, &member);
                    self.outdate_copies_in(card, kept, &added).await?;
                }
            }
            let body = serde_json::to_string(&member).map_err(|error| Unavailable::new("a card", error))?;
            let note = NewNote { group: &group, key: &key, body: &body, until: self.kept_until() };
            if let Some(revision) = self.notes.0.write(&note, expected).await? {
                kept.put(revision, member);
                return Ok(());
            }
            // Somebody else remembered something meanwhile.
            if let Some(Note { revision, body, .. }) = self.notes.0.one(&group, &key).await?
                && let Ok(theirs) = serde_json::from_str(&body)
            {
                kept.put(revision, theirs);
            }
        }
        Err(resting("many others change the message"))
    }

    /// Remembers a message as a copy of a card, unless somebody else does.
    pub(super) async fn keep_copy(&self, card: &str, place: &str, copy: &Copy) -> Result<(), Unavailable> {
        self.write_copy(card, place, 0, copy).await.map(drop)
    }

    /// Has the copy that stands here be behind, whatever it shows, unless somebody else changes it at this moment.
    pub(super) async fn outdate_copy(
        &self,
        card: &str,
        kept: &Kept,
        here: &(String, String),
    ) -> Result<(), Unavailable> {
        let mut copies = kept.copies.iter();
        // NB. What was to be taken back is remembered beside what still stands there.
        let stands_here = |copy: &Copy| copy.posted.as_ref() == Some(here) && !copy.gone;
        let Some((place, revision, copy)) = copies.find(|(_, _, copy)| stands_here(copy)) else {
            return Ok(());
        };
        let copy = Copy { rendered: 0, given_up: 0, ..copy.clone() };
        self.write_copy(card, place, *revision, &copy).await.map(drop)
    }

    /// Has what stands in these places be behind, whatever it shows.
    async fn outdate_copies_in(
        &self,
        card: &str,
        kept: &mut Kept,
        places: &BTreeSet<String>,
    ) -> Result<(), Unavailable> {
        for (name, revision, copy) in &mut kept.copies {
            let name = name.as_str();
            if copy.posted.is_none() || !places.contains(left_in(name).unwrap_or(name)) {
                continue;
            }
            let outdated = Copy { rendered: 0, given_up: 0, ..copy.clone() };
            match self.write_copy(card, name, *revision, &outdated).await? {
                Some(written) => (*revision, *copy) = (written, outdated),
                None => return Err(resting("somebody else changed the message")),
            }
        }
        Ok(())
    }

    /// Remembers that the channel of a copy takes nothing, unless somebody else changed the copy meanwhile.
    pub(super) async fn shut_copy(
        &self,
        card: &str,
        place: &str,
        revision: u64,
        copy: &Copy,
    ) -> Result<(), Unavailable> {
        self.keep_left(card, place, copy).await?;
        let mut copy = copy.clone();
        copy.shut(self.kari.clock.now());
        self.write_copy(card, place, revision, &copy).await.map(drop)
    }

    /// Remembers what is left in a channel that takes nothing any more as a copy by itself: the next word has it tried
    /// again, and so does a press.
    pub(super) async fn keep_left(&self, card: &str, place: &str, copy: &Copy) -> Result<(), Unavailable> {
        let Some((_, ts)) = &copy.posted else { return Ok(()) };
        let left = Copy { held_until: None, shut_until: None, ..copy.clone() };
        self.keep_copy(card, &format!("{LEFT}{place}/{ts}"), &left).await
    }

    /// Has what was left in a channel be its copy again, unless there is another one. Returns whether it is.
    pub(super) async fn put_back(&self, card: &str, held: &Held) -> Result<bool, Unavailable> {
        let Some(place) = left_in(&held.place) else { return Ok(false) };
        let kept = self.kept(card).await?;
        let known = kept.copies.iter().find(|(known, ..)| known == place);
        let (revision, held_until) =
            known.map_or((0, None), |(_, revision, copy)| (*revision, copy.held_until));
        let now = self.kari.clock.now();
        if kept.has(place) || held_until.is_some_and(|until| now < until) {
            return Ok(false);
        }
        let copy = Copy { held_until: None, ..held.copy.clone() };
        if self.write_copy(card, place, revision, &copy).await?.is_none() {
            return Ok(false);
        }
        self.notes.0.erase(&group(card), &format!("{COPY}{}", held.place), held.revision).await
    }

    /// Holds a copy that stands at this revision; 0 for one that is to come.
    pub(super) async fn hold_copy(
        &self,
        card: &str,
        place: &str,
        revision: u64,
        copy: Copy,
    ) -> Result<Held, Unavailable> {
        let now = self.kari.clock.now();
        if copy.held_until.is_some_and(|until| now < until) {
            return Err(resting("somebody else changes the message"));
        }
        let copy = Copy { held_until: Some(now + LEASE), ..copy };
        match self.write_copy(card, place, revision, &copy).await? {
            Some(revision) => Ok(Held { place: place.to_owned(), copy, revision }),
            None => Err(resting("somebody else changed the message")),
        }
    }

    /// Gives a copy back as it is now. If somebody took it over meanwhile, it is theirs.
    pub(super) async fn give_back(&self, card: &str, held: Held) -> Result<(), Unavailable> {
        let copy = Copy { held_until: None, ..held.copy };
        self.write_copy(card, &held.place, held.revision, &copy).await.map(|_| ())
    }

    async fn write_copy(
        &self,
        card: &str,
        place: &str,
        revision: u64,
        copy: &Copy,
    ) -> Result<Option<u64>, Unavailable> {
        let (group, key) = (group(card), format!("{COPY}{place}"));
        let body = serde_json::to_string(copy).map_err(|error| Unavailable::new("a card", error))?;
        let note = NewNote { group: &group, key: &key, body: &body, until: self.kept_until() };
        self.notes.0.write(&note, revision).await
    }
}

fn group(card: &str) -> String {
    format!("card/{card}")
}
