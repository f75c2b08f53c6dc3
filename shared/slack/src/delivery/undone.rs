//! What could not be done, and whether trying again is of any use.

use kari_application::Error;
use kari_application::chat_links::{ChatLink, links_of};
use kari_application::note_undelivered::note_undelivered;
use kari_application::ports::{Resting, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;

use super::Delivery;
use super::copies::left_in;
use super::found::found_in;
use super::places::{is_channel, place_of};
use crate::CallError;
use crate::people::Recipient;

/// Why nothing goes to somebody where only links count. It is nobody's failure, and no alarm.
const NOT_LINKED: &str = "not-linked";

/// What Slack says of a place that takes no message at all, to whoever posts or changes one there.
const NO_SUCH_PLACE: [&str; 10] = [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    // The same, where a message is to be changed.
    "is_inactive",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    // Where there is no place, it says these of the app.
    "no_permission",
    "team_access_not_granted",
    // It passes: a message there is changed later, a line is posted later, and who is asked there is asked elsewhere.
    "external_channel_migrating",
];

/// The source of an [`Unavailable`]: a channel takes nothing, and whoever was to be called there has not been.
#[derive(Debug, thiserror::Error)]
#[error("the channel takes nothing: {0}")]
pub(super) struct NoSuchPlace(pub String);

pub(super) fn is_no_such_place(code: &str) -> bool {
    NO_SUCH_PLACE.contains(&code)
}

/// Whether it is of one message alone, for now: behind it nobody waits.
pub(super) fn is_of_one_message(error: &Unavailable) -> bool {
    error.source.downcast_ref::<CallError>().is_some_and(CallError::is_of_one_message)
}

/// Somebody else is at it, or the conversation rests; the relay comes again.
pub(super) fn resting(what: &str) -> Unavailable {
    Unavailable::new("slack", Resting(what.to_owned()))
}

pub(super) fn later(error: CallError) -> Unavailable {
    match error {
        CallError::RateLimited { .. } => resting(&error.to_string()),
        CallError::Transient { .. } | CallError::Permanent { .. } => Unavailable::new("slack", error),
    }
}

impl Delivery {
    /// Records that a destination takes nothing, once, and lets the rest go on.
    ///
    /// # Errors
    /// If the whole workspace takes nothing.
    pub(super) async fn give_up(&self, destination: &str, code: &str) -> Result<(), Unavailable> {
        let refused = CallError::Permanent { code: code.to_owned() };
        if refused.against_the_app().is_some() {
            self.given_up.give_up(&self.kari, "slack", "workspace", code).await?;
            return Err(Unavailable::new("slack", refused));
        }
        self.given_up.give_up(&self.kari, "slack", destination, code).await
    }

    /// As [`Self::give_up`], of a message that was to be posted or changed in a place. Returns whether that is a channel
    /// that takes nothing.
    pub(super) async fn give_up_in(&self, place: &str, code: &str) -> Result<bool, Unavailable> {
        let destination = destination(place);
        if !is_no_such_place(code) {
            return self.give_up(destination, code).await.map(|()| false);
        }
        // That nothing is taken where it was left is known.
        if left_in(place).is_none() {
            self.given_up.give_up(&self.kari, "slack", destination, code).await?;
        }
        Ok(is_channel(place))
    }

    /// Somebody in Slack; nobody where Slack refuses to say.
    pub(super) async fn person(
        &self,
        snapshot: &Snapshot,
        id: &UserId,
    ) -> Result<Option<Recipient>, Unavailable> {
        let now = self.kari.clock.now();
        let found = if self.kari.policies.settings().await?.slack_linked_only {
            // NB. Whoever has the address has not shown that they are the person.
            let links = self.links_of(snapshot, id).await?;
            self.people.find_linked(&self.slack, &links, now).await
        } else {
            match self.people.find(&self.slack, snapshot, id, now).await {
                // As whoever comes is known: by a link where the address leads to nobody, or to several.
                Ok(None) => {
                    let links = self.known_links(snapshot, id).await?;
                    self.people.find_linked(&self.slack, &links, now).await
                }
                found => found,
            }
        };
        self.unless_refused(found).await
    }

    /// Somebody who is not looked up by their address, since Slack does not know it: by a link alone.
    pub(super) async fn linked_person(
        &self,
        snapshot: &Snapshot,
        id: &UserId,
    ) -> Result<Option<Recipient>, Unavailable> {
        let links = self.known_links(snapshot, id).await?;
        let found = self.people.find_linked(&self.slack, &links, self.kari.clock.now()).await;
        self.unless_refused(found).await
    }

    async fn unless_refused(
        &self,
        found: Result<Option<Recipient>, CallError>,
    ) -> Result<Option<Recipient>, Unavailable> {
        match found {
            Ok(found) => Ok(found),
            Err(CallError::Permanent { code }) => {
                self.give_up("people", &code).await?;
                Ok(None)
            }
            Err(error) => Err(later(error)),
        }
    }

    /// The linked accounts of an enabled user. Where there is none, that is recorded now and then; other channels tell
    /// them what this one cannot.
    pub(super) async fn links_of(
        &self,
        snapshot: &Snapshot,
        id: &UserId,
    ) -> Result<Vec<ChatLink>, Unavailable> {
        let links = self.known_links(snapshot, id).await?;
        if links.is_empty()
            && is_enabled(snapshot, id)
            && self.people.is_news_without_link(id, self.kari.clock.now())
        {
            note_undelivered(&self.kari, "slack", &place_of(id), NOT_LINKED).await.map_err(unavailable)?;
        }
        Ok(links)
    }

    /// The linked accounts of an enabled user.
    async fn known_links(&self, snapshot: &Snapshot, id: &UserId) -> Result<Vec<ChatLink>, Unavailable> {
        if !is_enabled(snapshot, id) {
            return Ok(vec![]);
        }
        links_of(&self.kari, "slack", id).await.map_err(unavailable)
    }
}

/// What auditors know a place by, whatever became of the copy in it.
fn destination(place: &str) -> &str {
    let place = left_in(place).unwrap_or(place);
    found_in(place).unwrap_or(place)
}

fn is_enabled(snapshot: &Snapshot, id: &UserId) -> bool {
    snapshot.users.get(id).is_some_and(|user| user.enabled)
}

fn unavailable(error: Error) -> Unavailable {
    Unavailable::new("the store", error)
}
