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
    /// What Slack said of each since that was asked last.
    news: Mutex<BTreeMap<UserId, Heard>>,
}

/// What Slack said when it was asked for somebody's address.
#[derive(Debug, Clone)]
pub struct Heard {
    pub email: String,
    /// Whether it did not know the address.
    pub missed: bool,
    pub at: Instant,
    /// The mark of the token by which it was asked: another one may be for another workspace.
    pub token: String,
}

/// By what somebody was looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A user, by their e-mail address, which is theirs alone at the moment.
    User(UserId, String),
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
        Self { workspaces, known: Mutex::default(), news: Mutex::default() }
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
        // NB. Looked at each time: what is remembered is what Slack said of an address, and not whose that is.
        let Some(email) = email(snapshot, id) else { return Ok(None) };
        let key = Key::User(id.clone(), email.to_owned());
        if let Some(known) = self.remembered(&key, now) {
            return Ok(known.recipient);
        }
        let recipient = self.look_up(slack, id, email, now).await?;
        self.remember(key, recipient.clone(), now);
        Ok(recipient)
    }

    /// Whether it is known without asking Slack who this person is by their address, or that they are nobody.
    pub fn remembers(&self, snapshot: &Snapshot, id: &UserId, now: Instant) -> bool {
        email(snapshot, id)
            .is_none_or(|email| self.remembered(&Key::User(id.clone(), email.to_owned()), now).is_some())
    }

    /// Whether Slack said something of anybody that nobody took yet.
    pub fn has_news(&self) -> bool {
        !self.news().is_empty()
    }

    /// What Slack said last of each whom it was asked about by their address, since this was asked.
    pub fn take_news(&self) -> BTreeMap<UserId, Heard> {
        std::mem::take(&mut *self.news())
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

    fn hear(&self, id: &UserId, heard: Heard) {
        let mut news = self.news();
        if news.len() >= MOST {
            news.clear();
        }
        news.insert(id.clone(), heard);
    }

    fn news(&self) -> MutexGuard<'_, BTreeMap<UserId, Heard>> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
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
    async fn look_up(
        &self,
        slack: &Slack,
        id: &UserId,
        email: &str,
        now: Instant,
    ) -> Result<Option<Recipient>, CallError> {
        let token = slack.token_mark();
        let found = match slack.user_by_email(email).await {
            Ok(found) => Some(found),
            // NB. This answer alone says that there is nobody; any other one says nothing of them.
            Err(CallError::Permanent { code }) if code == "users_not_found" => None,
            Err(error) => return Err(error),
        };
        // NB. Where the token was replaced meanwhile, it is not known by which one this was said.
        if token == slack.token_mark() {
            self.hear(id, Heard { email: email.to_owned(), missed: found.is_none(), at: now, token });
        }
        let Some(found) = found else { return Ok(None) };
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
