//! Which user of the identity store somebody in Slack is: exactly one who is enabled, or nobody, with the reason.

use std::collections::BTreeSet;

use kari_application::chat_links::{linked_user, slack_account};
use kari_application::ports::Unavailable;
use kari_application::read_model_age::ensure_tells_rights;
use kari_application::{Error, Kari};
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::UserId;
use serde::{Deserialize, Serialize};

use crate::{User as SlackUser, UserFlags};

/// Where people must come from, and how they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// The ids of the permitted workspaces, `T…`. Enterprise Grid has several.
    pub workspaces: BTreeSet<String>,
    /// Whether only those are known who linked their Slack account while they were signed in to the portal.
    pub linked_only: bool,
}

/// Somebody by Slack's ids, which it gives to nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlackPerson {
    /// The workspace they act in.
    pub workspace: String,
    pub id: String,
}

/// What Slack says of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The workspaces that they belong to.
    pub workspaces: BTreeSet<String>,
    pub email: Option<String>,
    /// What they call themselves. NB. Anybody may take any name.
    pub name: Option<String>,
    /// May see only some channels.
    pub guest: bool,
    /// Somebody of another organization, in a channel that is shared with it.
    pub stranger: bool,
    /// A program, an account that was deactivated, or one whose owner has not shown that the address is theirs.
    pub nobody: bool,
}

/// Why somebody in Slack is nobody here. They are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Stranger {
    #[error("the workspace is not one of the permitted ones")]
    ForeignWorkspace,
    #[error("guests of the workspace have no access")]
    Guest,
    #[error("the account is a program's, was deactivated, or its e-mail address was not confirmed")]
    Nobody,
    #[error("slack does not tell an e-mail address")]
    NoEmail,
    #[error("no user of the identity store has the e-mail address")]
    Unknown,
    #[error("more than one user of the identity store has the e-mail address")]
    Ambiguous,
    #[error("the user of the identity store is disabled")]
    Disabled,
    #[error("the slack account is linked to nobody, and has to be")]
    NotLinked,
}

impl Stranger {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ForeignWorkspace => "foreign-workspace",
            Self::Guest => "guest",
            Self::Nobody => "nobody",
            Self::NoEmail => "no-email",
            Self::Unknown => "unknown",
            Self::Ambiguous => "ambiguous",
            Self::Disabled => "disabled",
            Self::NotLinked => "not-linked",
        }
    }
}

/// Why it is not known who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum Unidentified {
    #[error(transparent)]
    Stranger(#[from] Stranger),
    #[error(transparent)]
    Failed(#[from] Error),
}

impl SlackPerson {
    /// What a link of this account is kept under.
    pub fn key(&self) -> String {
        slack_account(&self.workspace, &self.id)
    }
}

impl From<Unavailable> for Unidentified {
    fn from(error: Unavailable) -> Self {
        Self::Failed(error.into())
    }
}

impl From<&SlackUser> for Profile {
    fn from(user: &SlackUser) -> Self {
        let elsewhere = user.enterprise_user.as_ref();
        let teams = elsewhere.and_then(|user| user.teams.as_ref()).into_iter().flatten();
        let all_flags = [Some(&user.flags), elsewhere.map(|user| &user.flags)];
        let any = |flag: fn(&UserFlags) -> Option<bool>| {
            all_flags.into_iter().flatten().any(|flags| flag(flags) == Some(true))
        };
        let profile = user.profile.as_ref();
        let email = profile.and_then(|profile| profile.email.as_ref());
        let names = profile.into_iter().flat_map(|profile| [&profile.display_name, &profile.real_name]);
        Self {
            workspaces: user.team_id.iter().chain(teams).cloned().collect(),
            email: email.cloned().filter(|email| !email.is_empty()),
            name: names.flatten().find(|name| !name.is_empty()).cloned(),
            guest: any(|flags| flags.is_restricted) || any(|flags| flags.is_ultra_restricted),
            stranger: any(|flags| flags.is_stranger),
            nobody: any(|flags| flags.is_bot)
                || any(|flags| flags.is_invited_user)
                || any(|flags| flags.is_email_confirmed.map(|confirmed| !confirmed))
                || user.deleted == Some(true),
        }
    }
}

/// Whether the person may command anything here at all, whoever they are.
///
/// # Errors
/// [`Stranger`] for people of other workspaces, guests and programs.
pub fn admit(trust: &Trust, person: &SlackPerson, profile: &Profile) -> Result<(), Stranger> {
    // NB. Where they act and where they belong: a shared channel has people of both organizations.
    let acts_here = trust.workspaces.contains(&person.workspace);
    if !acts_here || profile.stranger || trust.workspaces.is_disjoint(&profile.workspaces) {
        Err(Stranger::ForeignWorkspace)
    } else if profile.guest {
        Err(Stranger::Guest)
    } else if profile.nobody {
        Err(Stranger::Nobody)
    } else {
        Ok(())
    }
}

/// The one enabled user with the person's e-mail address, whatever its case.
///
/// # Errors
/// [`Stranger`] where there is none, or more than one.
pub fn user_by_email<'a>(email: Option<&str>, snapshot: &'a Snapshot) -> Result<&'a User, Stranger> {
    let email = email.ok_or(Stranger::NoEmail)?;
    let having: Vec<_> = snapshot.users.values().filter(|user| has_email(user, email)).collect();
    let mut enabled = having.iter().filter(|user| user.enabled);
    match (enabled.next(), enabled.next()) {
        (Some(user), None) => Ok(user),
        // NB. Which of them is meant is not guessed.
        (Some(_), Some(_)) => Err(Stranger::Ambiguous),
        (None, _) if having.is_empty() => Err(Stranger::Unknown),
        (None, _) => Err(Stranger::Disabled),
    }
}

/// Whether this is their address, whatever its case.
pub(crate) fn has_email(user: &User, email: &str) -> bool {
    user.email.as_deref().is_some_and(|theirs| same_address(theirs, email))
}

fn same_address(one: &str, other: &str) -> bool {
    // NB. Not of all of Unicode: letters that become others in lower case are somebody else's.
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whom somebody in Slack was found to be, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub user: UserId,
    /// The address that led to them, where one did.
    email: Option<String>,
}

impl Found {
    /// Whether the user, as they are now, is still the one who was found.
    ///
    /// # Errors
    /// [`Stranger::Unknown`] if not. NB. The copy by which an address was looked up may be some minutes old.
    pub fn ensure_is(&self, now: &User) -> Result<(), Stranger> {
        match &self.email {
            Some(email) if !has_email(now, email) => Err(Stranger::Unknown),
            Some(_) | None => Ok(()),
        }
    }
}

/// The user that somebody in Slack is.
///
/// NB. Where only links count, an address says nothing. Elsewhere a link is for those whose address leads to
/// nobody, or to more than one.
///
/// # Errors
/// [`Unidentified::Stranger`] if they are nobody here; [`Unidentified::Failed`] if it cannot be told now.
pub async fn find(
    kari: &Kari,
    trust: &Trust,
    person: &SlackPerson,
    profile: &Profile,
) -> Result<Found, Unidentified> {
    admit(trust, person, profile)?;
    if trust.linked_only {
        let user = linked_user(kari, &person.key()).await?.ok_or(Stranger::NotLinked)?;
        return Ok(Found { user, email: None });
    }
    let snapshot = kari.read_model.load().await?;
    ensure_tells_rights(&snapshot, kari.clock.now())?;
    match user_by_email(profile.email.as_deref(), &snapshot) {
        Ok(user) => Ok(Found { user: user.id.clone(), email: profile.email.clone() }),
        Err(stranger) => match linked_user(kari, &person.key()).await? {
            Some(user) => Ok(Found { user, email: None }),
            None => Err(stranger.into()),
        },
    }
}

#[cfg(test)]
mod tests;
