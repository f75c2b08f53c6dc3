//! What a card says, and what all copies of it have in common: read once, however many copies there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kari_application::ports::{Shown, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{RequestId, UserId};
use kari_domain::policy::{AppliedRequirement, CompiledPolicies};
use kari_domain::request::{AccessRequest, Asked};
use kari_domain::settings::{Language, Settings};
use kari_texts::Names;
use slack_morphism::SlackUserId;

use super::Delivery;
use super::copies::{Copy, Kept, left_in};
use super::found::found_in;
use super::places::{is_place, listed_in_channels, places_to_ask};
use super::progress::{met, requirements};
use crate::messages::{Card, MOST_MENTIONED, Member, Message, card, member};

/// What surrounds a request.
pub(super) struct Around<'a> {
    pub settings: &'a Settings,
    pub snapshot: Arc<Snapshot>,
    /// Read only where something waits: what is decided keeps what was asked then.
    pub policies: Option<Arc<CompiledPolicies>>,
}

/// What all copies of a card have in common.
pub(super) struct Content<'a> {
    /// What the card is remembered by: the batch, or the request.
    pub id: &'a str,
    pub shown: &'a Shown,
    pub asked: &'a Asked,
    pub around: &'a Around<'a>,
    pub requirements: Vec<AppliedRequirement>,
    /// Who is mentioned in which channel, by what that is remembered by.
    pub mentioned: BTreeMap<String, Vec<SlackUserId>>,
    /// From how many events it is rendered.
    pub version: u64,
    members: Vec<Member>,
    /// Which place a conversation is, by Slack's id of it.
    conversations: BTreeMap<String, String>,
}

impl Around<'_> {
    pub(super) fn requirements(&self, request: &AccessRequest, asked: &Asked) -> Vec<AppliedRequirement> {
        requirements(request, asked, self.policies.as_deref(), &self.snapshot)
    }

    /// A request as its card remembers it.
    pub(super) fn member(&self, shown: &Shown) -> Option<Member> {
        let asked = shown.state.asked()?;
        let requirements = self.requirements(&shown.state, asked);
        let (mut progress, mut told) = (vec![], BTreeMap::new());
        if matches!(shown.state, AccessRequest::Pending(_)) {
            progress = met(asked, &requirements, &self.snapshot);
            told = listed_in_channels(asked, &requirements, self);
        }
        let most = |(place, users): (String, BTreeSet<UserId>)| {
            (place, users.into_iter().take(MOST_MENTIONED).collect())
        };
        let told = told.into_iter().map(most).collect();
        // One by itself is shown wherever its card stands.
        let places = asked.submission.batch.map(|_| places_to_ask(asked, &requirements, self));
        member(&shown.state, shown.version, Names(&self.snapshot), progress, told, places)
    }
}

impl Delivery {
    /// What surrounds what is shown. The policies are read only if something waits.
    pub(super) async fn around<'a>(
        &self,
        settings: &'a Settings,
        waits: bool,
    ) -> Result<Around<'a>, Unavailable> {
        let policies = if waits { Some(self.kari.policies.current().await?) } else { None };
        Ok(Around { settings, snapshot: self.snapshot().await?, policies })
    }

    /// The same with the policies, for what goes by them whatever became of a request.
    pub(super) async fn with_policies<'a>(&self, around: &Around<'a>) -> Result<Around<'a>, Unavailable> {
        let policies = match &around.policies {
            Some(read) => Arc::clone(read),
            None => self.kari.policies.current().await?,
        };
        let snapshot = Arc::clone(&around.snapshot);
        Ok(Around { settings: around.settings, snapshot, policies: Some(policies) })
    }

    /// What the card says by what is remembered of it.
    pub(super) async fn content<'a>(
        &self,
        id: &'a str,
        shown: &'a Shown,
        kept: &Kept,
        around: &'a Around<'a>,
    ) -> Result<Option<Content<'a>>, Unavailable> {
        let Some(asked) = shown.state.asked() else { return Ok(None) };
        // In each channel each person once, of all that still waits.
        let waiting = kept.members().filter(|member| member.pending);
        let mut told: BTreeMap<&String, BTreeSet<&UserId>> = BTreeMap::new();
        for (place, users) in waiting.flat_map(|member| &member.told) {
            told.entry(place).or_default().extend(users);
        }
        let mut mentioned: BTreeMap<String, Vec<SlackUserId>> = BTreeMap::new();
        for (place, users) in told {
            let there = mentioned.entry(place.clone()).or_default();
            for user in users.into_iter().take(MOST_MENTIONED) {
                there.extend(self.person(&around.snapshot, user).await?.map(|person| person.id));
            }
        }
        let conversation = |(name, _, copy): &(String, u64, Copy)| {
            let place = left_in(name).unwrap_or(name);
            let (conversation, _) = copy.posted.as_ref().filter(|_| is_place(place))?;
            Some((conversation.clone(), place.to_owned()))
        };
        Ok(Some(Content {
            id,
            shown,
            asked,
            around,
            requirements: around.requirements(&shown.state, asked),
            mentioned,
            version: kept.version(),
            members: kept.members().cloned().collect(),
            conversations: kept.copies.iter().filter_map(conversation).collect(),
        }))
    }

    /// The card as it stands in one place, by what that is remembered by. NB. With those requests of a batch alone that
    /// are asked there: nothing of the others, not even a link. Nothing where none of them can be read.
    pub(super) async fn render(
        &self,
        content: &Content<'_>,
        place: &str,
        language: Language,
    ) -> Result<Option<Message>, Unavailable> {
        let members = content.members_in(place);
        let own = content.asked.submission.id;
        if members.iter().any(|member| member.id == own) {
            return Ok(content.card(&content.shown.state, members, place, language, &self.links.portal));
        }
        for id in members.iter().map(|member| member.id).collect::<Vec<_>>() {
            if let Some(other) = self.request_now(id).await? {
                return Ok(content.card(&other.state, members, place, language, &self.links.portal));
            }
        }
        Ok(None)
    }
}

impl Content<'_> {
    /// Those of the requests that still wait.
    pub(super) fn waiting(&self) -> Vec<RequestId> {
        self.members.iter().filter(|member| member.pending).map(|member| member.id).collect()
    }

    /// Those of them that are asked in one place.
    pub(super) fn waiting_in(&self, place: &str) -> Vec<RequestId> {
        self.members_in(place).iter().filter(|member| member.pending).map(|member| member.id).collect()
    }

    /// The requests that are shown in one place: of one by itself always that one.
    fn members_in(&self, place: &str) -> Vec<Member> {
        let here = self.place(place);
        let is_shown = |member: &&Member| {
            self.members.len() == 1 || here.map_or(member.places.is_none(), |here| member.is_shown_in(here))
        };
        self.members.iter().filter(is_shown).cloned().collect()
    }

    /// The place itself; of what was left there too, and of what was found besides another copy that of the other one.
    fn place<'b>(&'b self, name: &'b str) -> Option<&'b str> {
        let name = left_in(name).unwrap_or(name);
        match found_in(name) {
            Some(conversation) => self.conversations.get(conversation).map(String::as_str),
            None => Some(name),
        }
    }

    fn card(
        &self,
        request: &AccessRequest,
        batch: Vec<Member>,
        place: &str,
        language: Language,
        portal: &str,
    ) -> Option<Message> {
        let asked = request.asked()?;
        let requirements = self.around.requirements(request, asked);
        card(&Card {
            request,
            batch,
            progress: met(asked, &requirements, &self.around.snapshot),
            mentioned: self.mentioned_in(place).to_vec(),
            names: Names(&self.around.snapshot),
            language,
            portal,
        })
    }

    /// Who is mentioned there: nobody where it stands alone with one person.
    pub(super) fn mentioned_in(&self, place: &str) -> &[SlackUserId] {
        let there = self.place(place).and_then(|place| self.mentioned.get(place));
        there.map(Vec::as_slice).unwrap_or_default()
    }
}
