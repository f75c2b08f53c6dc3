//! Who somebody of the identity store is in Slack: found by their e-mail address, and only if nobody else could
//! be meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::UserId;
use kari_domain::settings::Language;
use kari_domain::time::Instant;
use slack_morphism::SlackUserId;

use crate::identity::{Profile, has_email};
use crate::{CallError, Slack, User as SlackUser};

/// For how long somebody who was found is not looked up again.
const FOUND_FOR: TimeDelta = TimeDelta::hours(1);
/// For how long somebody who was not found is not.
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
    known: Mutex<BTreeMap<UserId, Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    recipient: Option<Recipient>,
    until: Instant,
}

impl People {
    /// Nobody yet; of these workspaces.
    pub fn of(workspaces: BTreeSet<String>) -> Self {
        Self { workspaces, known: Mutex::default() }
    }

    /// Who this person is in Slack; `None` if nobody, or nobody for certain.
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
        if let Some(known) = self.known().get(id).filter(|known| now < known.until) {
            return Ok(known.recipient.clone());
        }
        let recipient = match email(snapshot, id) {
            Some(email) => self.look_up(slack, email).await?,
            None => None,
        };
        let kept = if recipient.is_some() { FOUND_FOR } else { MISSED_FOR };
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(id.clone(), Known { recipient: recipient.clone(), until: now + kept });
        Ok(recipient)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<UserId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
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
    async fn look_up(&self, slack: &Slack, email: &str) -> Result<Option<Recipient>, CallError> {
        let found = match slack.user_by_email(email).await {
            Ok(found) => found,
            Err(CallError::Permanent { code }) if code == "users_not_found" => return Ok(None),
            Err(error) => return Err(error),
        };
        // Their language is told by another method alone.
        let user = slack.user(&found.id).await?;
        Ok(self.is_one_of_us(&user).then(|| Recipient {
            language: Language::of_locale(user.locale.as_deref().unwrap_or_default()),
            id: user.id.into(),
        }))
    }

    /// NB. What is told is for the organization: not for guests, people of other workspaces, or bots.
    fn is_one_of_us(&self, user: &SlackUser) -> bool {
        let Profile { workspaces, guest, stranger, nobody, .. } = Profile::from(user);
        !(guest || stranger || nobody || self.workspaces.is_disjoint(&workspaces))
    }
}
