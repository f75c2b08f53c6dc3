//! Where a request is reviewed: for each approver policy that applies in its channel, or else in the one of the
//! settings, or else, and where a channel takes nothing, with each of its reviewers.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use kari_application::ports::Unavailable;
use kari_application::reviewers::{listed, policy_of, reviewers_to_tell};
use kari_domain::ids::{SlackChannel, UserId};
use kari_domain::policy::AppliedRequirement;
use kari_domain::request::Asked;
use kari_domain::settings::Language;

use super::Delivery;
use super::content::Around;
use super::copies::Whose;

const USER: &str = "user/";
const CHANNEL: &str = "channel/";
/// So many people have a card of their own, of each requirement some; more of them belong into a channel.
const MOST_PEOPLE: usize = 50;
/// So many are looked for to find those, in turn: whoever is not in Slack takes nobody's place. Slack answers some fifty
/// such questions a minute, and all cards wait for them.
const MOST_LOOKED_FOR: usize = 2 * MOST_PEOPLE;
/// Where nobody is found for a requirement, so many are looked up who are noted not to be in Slack: they may have joined.
const MOST_LOOKED_UP_ANYWAY: usize = 5;

/// A conversation that has, or gets, a copy of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// What Slack is told: a channel or a person.
    pub target: String,
    pub language: Language,
    /// Whether it is a channel: there those are mentioned who are told.
    pub channel: bool,
    /// With whom it stands alone.
    pub whose: Option<Whose>,
}

impl Delivery {
    /// Every place of a request, by what it is remembered by.
    pub(super) async fn places(
        &self,
        asked: &Asked,
        requirements: &[AppliedRequirement],
        around: &Around<'_>,
    ) -> Result<BTreeMap<String, Place>, Unavailable> {
        let language = around.settings.slack_language;
        let (mut places, mut without_channel) = (BTreeMap::new(), vec![]);
        for requirement in requirements {
            if let Some(channel) = channel_of(requirement, around) {
                let target = channel.as_str().to_owned();
                let place = Place { target, language, channel: true, whose: None };
                places.insert(place_of_channel(channel), place);
            } else {
                without_channel.push(requirement.clone());
            }
        }
        places.append(&mut self.people(asked, &without_channel, around).await?);
        Ok(places)
    }

    /// Those who are told of these requirements and can be written to, as many of them as have a card of their own.
    pub(super) async fn people(
        &self,
        asked: &Asked,
        requirements: &[AppliedRequirement],
        around: &Around<'_>,
    ) -> Result<BTreeMap<String, Place>, Unavailable> {
        let found = self.look_for(asked, requirements, around).await;
        // Also where Slack had enough of it: whoever comes again looks for the rest.
        self.note_missed().await;
        found
    }

    /// Those of them who can be written to, the first ones.
    async fn look_for(
        &self,
        asked: &Asked,
        requirements: &[AppliedRequirement],
        around: &Around<'_>,
    ) -> Result<BTreeMap<String, Place>, Unavailable> {
        let people = people_to_look_for(asked, requirements, around);
        let noted = if around.settings.slack_linked_only {
            BTreeSet::new()
        } else {
            self.recall_missed(&people, &around.snapshot).await?
        };
        let mut places = BTreeMap::new();
        for id in &people {
            // Who was looked up lately costs nothing, and may have been found.
            let now = self.kari.clock.now();
            let missed = noted.contains(id) && !self.people.remembers(&around.snapshot, id, now);
            self.try_person(id, missed, around, &mut places).await?;
        }
        if noted.is_empty() {
            return Ok(places);
        }
        for requirement in requirements {
            let theirs = people_to_look_for(asked, slice::from_ref(requirement), around);
            if theirs.iter().any(|id| places.contains_key(&place_of(id))) {
                continue;
            }
            let missed: Vec<_> = theirs.into_iter().filter(|id| noted.contains(id)).collect();
            for id in missed.iter().take(MOST_LOOKED_UP_ANYWAY) {
                self.try_person(id, false, around, &mut places).await?;
            }
        }
        Ok(places)
    }

    /// Adds the place of somebody who can be written to, while there is room; if missed, only by a link of theirs.
    async fn try_person(
        &self,
        id: &UserId,
        missed: bool,
        around: &Around<'_>,
        places: &mut BTreeMap<String, Place>,
    ) -> Result<(), Unavailable> {
        if places.len() == MOST_PEOPLE {
            return Ok(());
        }
        let person = if missed {
            self.linked_person(&around.snapshot, id).await?
        } else {
            self.person(&around.snapshot, id).await?
        };
        if let Some(person) = person {
            let whose = Whose { user: id.clone(), account: person.id.0.clone() };
            let (target, language) = (person.id.0, person.language);
            places.insert(place_of(id), Place { target, language, channel: false, whose: Some(whose) });
        }
        Ok(())
    }
}

/// Those who are told of these requirements, whether or not they are in Slack, as many of them as are looked for.
fn people_to_look_for(
    asked: &Asked,
    requirements: &[AppliedRequirement],
    around: &Around<'_>,
) -> Vec<UserId> {
    let mut people = reviewers_to_tell(asked, requirements, around.policies.as_deref(), &around.snapshot);
    people.truncate(MOST_LOOKED_FOR);
    people
}

/// Where a request is asked, or would be where a channel takes nothing or its people are found in Slack, by what those
/// places are remembered by.
pub(super) fn places_to_ask(
    asked: &Asked,
    requirements: &[AppliedRequirement],
    around: &Around<'_>,
) -> BTreeSet<String> {
    let mut by_channel: BTreeMap<_, Vec<AppliedRequirement>> = BTreeMap::new();
    for requirement in requirements {
        by_channel.entry(channel_of(requirement, around)).or_default().push(requirement.clone());
    }
    let mut places = BTreeSet::new();
    for (channel, theirs) in by_channel {
        places.extend(channel.map(place_of_channel));
        places.extend(people_to_look_for(asked, &theirs, around).iter().map(place_of));
    }
    places
}

/// What a conversation with one person is remembered by.
pub(super) fn place_of(id: &UserId) -> String {
    format!("{USER}{id}")
}

/// What a channel is remembered by.
fn place_of_channel(channel: &SlackChannel) -> String {
    format!("{CHANNEL}{channel}")
}

/// Whether a copy is remembered by its place, and not by what became of it.
pub(super) fn is_place(name: &str) -> bool {
    name.starts_with(USER) || is_channel(name)
}

pub(super) fn is_channel(name: &str) -> bool {
    name.starts_with(CHANNEL)
}

/// Whom the policies list whose channel it is, by what the channel is remembered by.
pub(super) fn listed_in_channels(
    asked: &Asked,
    requirements: &[AppliedRequirement],
    around: &Around<'_>,
) -> BTreeMap<String, BTreeSet<UserId>> {
    let mut told: BTreeMap<String, BTreeSet<UserId>> = BTreeMap::new();
    for requirement in requirements {
        if let Some(channel) = channel_of(requirement, around) {
            let listed = listed(asked, requirement, around.policies.as_deref(), &around.snapshot);
            told.entry(place_of_channel(channel)).or_default().extend(listed);
        }
    }
    told
}

/// What is asked in a channel.
pub(super) fn asked_in(
    channel: &str,
    requirements: &[AppliedRequirement],
    around: &Around<'_>,
) -> Vec<AppliedRequirement> {
    let here = |requirement: &&AppliedRequirement| {
        channel_of(requirement, around).is_some_and(|of_it| of_it.as_str() == channel)
    };
    requirements.iter().filter(here).cloned().collect()
}

/// The channel that a requirement is asked in: the one that its policy names, or else the one of the settings.
fn channel_of<'a>(requirement: &AppliedRequirement, around: &'a Around<'_>) -> Option<&'a SlackChannel> {
    let policy = policy_of(requirement, around.policies.as_deref());
    let own = policy.and_then(|policy| policy.slack_channel.as_ref());
    own.or(around.settings.slack_channel.as_ref())
}
