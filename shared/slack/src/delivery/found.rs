//! Messages of ours that nobody remembers: Slack took a card, and its answer was lost, or the process ended before it
//! was noted. It is found when somebody presses a button of it, and from then on it is a copy like the others.

use kari_application::ports::Unavailable;
use kari_domain::ids::RequestId;
use kari_domain::settings::Language;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Delivery;
use super::cards::card_id;
use super::content::Around;
use super::copies::{Copy, Kept};

const FOUND: &str = "found/";
/// So many of one card: more of them are nobody's accident.
const MOST_FOUND: usize = 10;
/// How the ids of conversations with one person begin.
const WITH_ONE_PERSON: char = 'D';

/// The message that somebody pressed a card's button in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressedCard {
    /// What the button carries: the id of a request, or of a batch.
    pub id: Uuid,
    pub channel: String,
    /// Which message it is there.
    pub ts: String,
    /// Whether Slack says that this very app posted it.
    pub is_ours: bool,
    /// Whether it was drawn by an earlier version, so that it has to be drawn anew though nothing happened since.
    #[serde(default)]
    pub is_outdated: bool,
}

/// A card by what is remembered of it.
struct Known {
    id: String,
    kept: Kept,
    request: RequestId,
}

fn is_found(place: &str) -> bool {
    place.starts_with(FOUND)
}

/// The conversation that a copy was found in, if it was.
pub(super) fn found_in(place: &str) -> Option<&str> {
    place.strip_prefix(FOUND)?.split_once('/').map(|(conversation, _)| conversation)
}

impl Delivery {
    /// Has the message follow the recorded state from now on, if it is a card of ours that does not yet. Whoever pressed
    /// something in it reads this language.
    ///
    /// # Errors
    /// If that cannot be noted now, or the message not be changed; whoever presses again repeats it.
    pub async fn keep_up(&self, pressed: &PressedCard, language: Language) -> Result<(), Unavailable> {
        // NB. What the button carries is looked up: where no card is remembered, none is made.
        let Some(known) = self.known(pressed.id).await? else { return Ok(()) };
        let Known { id, mut kept, request } = known;
        let here = (pressed.channel.clone(), pressed.ts.clone());
        if pressed.is_outdated || kept.is_given_up(&here) {
            self.outdate_copy(&id, &kept, &here).await?;
            kept = self.kept(&id).await?;
        }
        let now = self.kari.clock.now();
        // One that is being posted at this moment may be this very message; whoever posts it notes it.
        let is_being_posted =
            |copy: &Copy| copy.posted.is_none() && copy.held_until.is_some_and(|until| now < until);
        let is_known = |copy: &Copy| copy.posted.as_ref() == Some(&here) || is_being_posted(copy);
        let is_known = kept.copies.iter().any(|(_, _, copy)| is_known(copy));
        if is_known && !kept.behind().any(|(_, _, copy)| copy.posted.as_ref() == Some(&here)) {
            return Ok(());
        }
        let Some(settings) = self.settings().await? else { return Ok(()) };
        let around = self.around(&settings, true).await?;
        if is_known {
            return self.update_anew(&id, request, &around).await.map(drop);
        }
        if !pressed.is_ours && !self.may_stand_in(&pressed.channel, request, &kept, &around).await? {
            tracing::warn!(request.id = %request, "a button was pressed in a message that is none of ours");
            return Ok(());
        }
        if kept.copies.iter().filter(|(place, ..)| is_found(place)).count() >= MOST_FOUND {
            tracing::warn!(request.id = %request, "a card has too many copies; one more is not kept up");
            return Ok(());
        }
        let copy = found(here, &kept, &around, language);
        // NB. Where only links count, it has to be known whose conversation it is.
        if settings.slack_linked_only && !copy.channel && copy.whose.is_none() {
            tracing::warn!(request.id = %request, "a card stands with somebody who is nobody; it is not kept up");
            return Ok(());
        }
        self.keep_copy(&id, &format!("{FOUND}{}/{}", pressed.channel, pressed.ts), &copy).await?;
        self.update_anew(&id, request, &around).await.map(drop)
    }

    /// The card that a button with this id is of.
    async fn known(&self, id: Uuid) -> Result<Option<Known>, Unavailable> {
        let mut card = id.to_string();
        let mut kept = self.kept(&card).await?;
        if kept.members().next().is_none() {
            // A request that is alone in its batch is remembered by the batch, and its buttons carry its own id.
            let request = self.request_now(RequestId(id)).await?;
            let Some(asked) = request.as_ref().and_then(|request| request.state.asked()) else {
                return Ok(None);
            };
            card = card_id(asked);
            kept = self.kept(&card).await?;
        }
        let request = kept.members().next().map(|member| member.id);
        Ok(request.map(|request| Known { id: card, kept, request }))
    }

    /// Whether a copy stands in this conversation, or one should.
    async fn may_stand_in(
        &self,
        channel: &str,
        request: RequestId,
        kept: &Kept,
        around: &Around<'_>,
    ) -> Result<bool, Unavailable> {
        let stands = |copy: &Copy| copy.posted.as_ref().is_some_and(|(there, _)| there == channel);
        if kept.copies.iter().any(|(_, _, copy)| stands(copy)) {
            return Ok(true);
        }
        let Some(now) = self.request_now(request).await? else { return Ok(false) };
        let Some(asked) = now.state.asked() else { return Ok(false) };
        let places = self.places(asked, &around.requirements(&now.state, asked), around).await?;
        Ok(places.values().any(|place| place.target == channel))
    }
}

/// A copy that shows nothing of what is remembered yet.
fn found(here: (String, String), kept: &Kept, around: &Around<'_>, language: Language) -> Copy {
    let (there, _) = &here;
    let channel = !there.starts_with(WITH_ONE_PERSON);
    let stands_there = |copy: &&Copy| copy.posted.as_ref().is_some_and(|(known, _)| known == there);
    let beside = kept.copies.iter().map(|(_, _, copy)| copy).find(stands_there);
    let otherwise = if channel { around.settings.slack_language } else { language };
    Copy {
        language: beside.map_or(otherwise, |copy| copy.language),
        posted: Some(here),
        rendered: 0,
        given_up: 0,
        channel,
        whose: beside.and_then(|copy| copy.whose.clone()),
        held_until: None,
        gone: false,
        shut_until: None,
    }
}
