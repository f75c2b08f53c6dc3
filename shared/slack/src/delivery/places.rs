//! Where a request is reviewed: in the channels of the approver policies that apply, or else in the one of the
//! settings, or else, and where a channel takes nothing, with each reviewer.

use std::collections::{BTreeMap, BTreeSet};

use kari_application::ports::Unavailable;
use kari_application::reviewers::reviewers_to_tell;
use kari_domain::ids::{SlackChannel, UserId};
use kari_domain::policy::{AppliedRequirement, CompiledPolicies};
use kari_domain::request::Asked;
use kari_domain::settings::{Language, Settings};

use super::Delivery;
use super::content::Around;
use super::copies::Whose;

const USER: &str = "user/";
/// So many people have a card of their own; more of them belong into a channel.
const MOST_PEOPLE: usize = 50;

/// A conversation that has, or gets, a copy of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// What Slack is told: a channel or a person.
    pub target: String,
    pub language: Language,
    /// Whether reviewers are mentioned: to whom it stands alone with needs none.
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
        let channels = channels(requirements, around.policies.as_deref(), around.settings);
        if !channels.is_empty() {
            let language = around.settings.slack_language;
            let place = |channel: String| {
                (
                    format!("channel/{channel}"),
                    Place { target: channel, language, channel: true, whose: None },
                )
            };
            return Ok(channels.into_iter().map(place).collect());
        }
        self.people(asked, requirements, around).await
    }

    /// Each reviewer who can be written to.
    pub(super) async fn people(
        &self,
        asked: &Asked,
        requirements: &[AppliedRequirement],
        around: &Around<'_>,
    ) -> Result<BTreeMap<String, Place>, Unavailable> {
        let mut places = BTreeMap::new();
        let people = reviewers_to_tell(asked, requirements, &around.snapshot);
        for id in people.into_iter().take(MOST_PEOPLE) {
            if let Some(person) = self.person(&around.snapshot, &id).await? {
                let (name, whose) = (place_of(&id), Whose { user: id, account: person.id.0.clone() });
                let (target, language) = (person.id.0, person.language);
                places.insert(name, Place { target, language, channel: false, whose: Some(whose) });
            }
        }
        Ok(places)
    }
}

/// What a conversation with one person is remembered by.
pub(super) fn place_of(id: &UserId) -> String {
    format!("{USER}{id}")
}

/// What is asked in a channel: whatever its policy names no other one for.
pub(super) fn asked_in(
    channel: &str,
    requirements: &[AppliedRequirement],
    around: &Around<'_>,
) -> Vec<AppliedRequirement> {
    let here = |requirement: &&AppliedRequirement| {
        named(requirement, around.policies.as_deref()).is_none_or(|named| named.as_str() == channel)
    };
    requirements.iter().filter(here).cloned().collect()
}

/// The channels that the policies name; if there is none, the one of the settings.
fn channels(
    requirements: &[AppliedRequirement],
    policies: Option<&CompiledPolicies>,
    settings: &Settings,
) -> BTreeSet<String> {
    let all: BTreeSet<_> =
        requirements.iter().filter_map(|requirement| named(requirement, policies)).collect();
    let channels = if all.is_empty() { settings.slack_channel.iter().collect() } else { all };
    channels.into_iter().map(|channel| channel.as_str().to_owned()).collect()
}

/// The channel that a requirement's policy names.
fn named<'a>(
    requirement: &AppliedRequirement,
    policies: Option<&'a CompiledPolicies>,
) -> Option<&'a SlackChannel> {
    let mut approvers = policies?.policy_set().approvers.iter();
    let of_it = approvers.find(|approver| approver.policy.id == requirement.policy.id)?;
    of_it.policy.slack_channel.as_ref()
}
