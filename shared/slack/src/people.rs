//! Who somebody of the identity store is in Slack: found by their e-mail address, and only if nobody else could
//! be meant; or, where that leads to nobody and where only links count, by the account that they linked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use kari_application::chat_links::{ChatLink, in_slack};
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::UserId;
use kari_domain::settings::Language;
use kari_domain::time::Instant;
use slack_morphism::SlackUserId;

use crate::identity::{Profile, has_email};
use crate::{CallError, Slack, User as SlackUser};

/// For how long somebody who was found is not looked up again.
const FOUND_FOR: TimeDelta = TimeDelta::hours(1);
/// For how long somebody who was not found is not; for a card of their own longer (`delivery/missed.rs`).
const MISSED_FOR: TimeDelta = TimeDelta::minutes(10);
/// So many are remembered.
const MOST: usize = 10_000;

/// Somebody in Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub id: SlackUserId,
    /// What they read.
    pub language: Language,
}

/// Everybody who was looked up, in the memory of this process.
#[derive(Debug)]
pub struct People {
    /// The ids of the permitted workspaces.
    workspaces: BTreeSet<String>,
    known: Mutex<BTreeMap<Key, Known>>,
    /// Whom Slack did not know since that was asked last, and by which address.
    missed: Mutex<BTreeMap<UserId, String>>,
}

/// By what somebody was looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A user, by their e-mail address.
    User(UserId),
    /// An account of Slack, by its id.
    Account(String),
    /// A user who had linked no account.
    Unlinked(UserId),
}

#[derive(Debug, Clone)]
struct Known {
    recipient: Option<Recipient>,
    until: Instant,
}

impl People {
    /// Nobody yet; of these workspaces.
    pub fn of(workspaces: BTreeSet<String>) -> Self {
        Self { workspaces, known: Mutex::default(), missed: Mutex::default() }
    }

    /// Who this person is in Slack by their e-mail address; `None` if nobody, or nobody for certain.
    ///
    /// # Errors
    /// [`CallError`] if Slack could not be asked.
    pub async fn find(
        &self,
        slack: &Slack,
        snapshot: &Snapshot,
        id: &UserId,
        now: Instant,
    ) -> Result<Option<Recipient>, CallError> {
        let key = Key::User(id.clone());
        if let Some(known) = self.remembered(&key, now) {
            return Ok(known.recipient);
        }
        let recipient = match email(snapshot, id) {
            Some(email) => self.look_up(slack, id, email).await?,
            None => None,
        };
        self.remember(key, recipient.clone(), now);
        Ok(recipient)
    }

    /// Whether it is remembered who this person is by their address, or that they are nobody.
    pub fn remembers(&self, id: &UserId, now: Instant) -> bool {
        self.remembered(&Key::User(id.clone()), now).is_some()
    }

    /// Remembers of whoever has this address that Slack does not know it, as somebody was told elsewhere.
    pub fn believe_missed(&self, snapshot: &Snapshot, id: &UserId, email: &str, now: Instant) {
        // NB. Who has another address by now is looked up by that one.
        let is_theirs = snapshot.users.get(id).is_some_and(|user| user.email.as_deref() == Some(email));
        if is_theirs && !self.remembers(id, now) {
            self.remember(Key::User(id.clone()), None, now);
        }
    }

    /// Whom Slack said that it does not know since this was asked last, and by which address.
    pub fn take_missed(&self) -> BTreeMap<UserId, String> {
        std::mem::take(&mut *self.missed())
    }

    /// The first of these linked accounts in which somebody of here is still to be reached. They come from the links as
    /// they are at this moment, the newest first; only what Slack says of an account is remembered.
    ///
    /// One alone: what is told is told once, and its buttons stand in one place. Whoever links another account reads
    /// that one from then on.
    ///
    /// # Errors
    /// [`CallError`] if Slack could not be asked.
    pub async fn find_linked(
        &self,
        slack: &Slack,
        links: &[ChatLink],
        now: Instant,
    ) -> Result<Option<Recipient>, CallError> {
        let accounts = links.iter().filter_map(|link| in_slack(&link.account));
        for (_, account) in accounts.filter(|(workspace, _)| self.workspaces.contains(*workspace)) {
            let key = Key::Account(account.to_owned());
            let recipient = if let Some(known) = self.remembered(&key, now) {
                known.recipient
            } else {
                let recipient = self.ask_for(slack, account).await?;
                self.remember(key, recipient.clone(), now);
                recipient
            };
            if recipient.is_some() {
                return Ok(recipient);
            }
        }
        Ok(None)
    }

    /// Whether it was not seen lately that this person had linked no account.
    pub fn is_news_without_link(&self, id: &UserId, now: Instant) -> bool {
        let key = Key::Unlinked(id.clone());
        let news = self.remembered(&key, now).is_none();
        if news {
            self.remember(key, None, now);
        }
        news
    }

    fn remembered(&self, key: &Key, now: Instant) -> Option<Known> {
        self.known().get(key).filter(|known| now < known.until).cloned()
    }

    fn remember(&self, key: Key, recipient: Option<Recipient>, now: Instant) {
        let kept = if recipient.is_some() { FOUND_FOR } else { MISSED_FOR };
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, Known { recipient, until: now + kept });
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Key, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn missed(&self) -> MutexGuard<'_, BTreeMap<UserId, String>> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// NB. An address that two enabled people have, in whatever case, is nobody's (`failure-modes` 32).
fn email<'a>(snapshot: &'a Snapshot, id: &UserId) -> Option<&'a str> {
    let user = snapshot.users.get(id).filter(|user| user.enabled)?;
    let email = user.email.as_deref()?;
    let same = |other: &&User| other.enabled && has_email(other, email);
    (snapshot.users.values().filter(same).count() == 1).then_some(email)
}

impl People {
    async fn look_up(&self, slack: &Slack, id: &UserId, email: &str) -> Result<Option<Recipient>, CallError> {
        let found = match slack.user_by_email(email).await {
            Ok(found) => found,
            // NB. This answer alone says that there is nobody; any other one says nothing of them.
            Err(CallError::Permanent { code }) if code == "users_not_found" => {
                self.missed().insert(id.clone(), email.to_owned());
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        // Their language is told by another method alone.
        Ok(self.recipient(slack.user(&found.id).await?))
    }

    /// Whose an account is by its id; nobody where Slack does not know it any more.
    async fn ask_for(&self, slack: &Slack, account: &str) -> Result<Option<Recipient>, CallError> {
        match slack.user(account).await {
            Ok(user) => Ok(self.recipient(user)),
            Err(CallError::Permanent { code }) if code == "user_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn recipient(&self, user: SlackUser) -> Option<Recipient> {
        self.is_one_of_us(&user).then(|| Recipient {
            language: Language::of_locale(user.locale.as_deref().unwrap_or_default()),
            id: user.id.into(),
        })
    }

    /// NB. What is told is for the organization: not for guests, people of other workspaces, or bots.
    fn is_one_of_us(&self, user: &SlackUser) -> bool {
        let Profile { workspaces, guest, stranger, nobody, .. } = Profile::from(user);
        !(guest || stranger || nobody || self.workspaces.is_disjoint(&workspaces))
    }
}
