//! Who somebody in Slack is, for looking and for commanding.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::browse::{Surroundings, surroundings};
use kari_application::caller::{Caller, ending_caller, live_caller, reading_caller};
use kari_domain::ids::RequestId;
use kari_domain::time::Instant;
use kari_slack::identity::{Found, Profile, SlackPerson, Stranger, Trust, Unidentified, admit, find};
use kari_slack::{CallError, Language, User};

use crate::SlackApp;

const HEARD_FOR: TimeDelta = TimeDelta::minutes(1);
/// So many are remembered.
const MOST_HEARD: usize = 10_000;

/// Somebody by what Slack says of them.
#[derive(Debug)]
pub(crate) struct Somebody<'a> {
    pub(crate) person: &'a SlackPerson,
    pub(crate) language: Language,
    profile: Profile,
}

/// Why nothing is done for somebody.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unserved {
    #[error("slack is turned off in the settings")]
    Off,
    #[error("slack is turned off in the settings, and {0}")]
    OffToStranger(Stranger),
    #[error(transparent)]
    Unidentified(#[from] Unidentified),
}

/// Somebody who looks, with what lists work with.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) caller: Caller,
    pub(crate) around: Surroundings,
}

/// What Slack says of somebody at this moment. NB. Asked each time: a guest of today may have been none yesterday.
pub(crate) async fn somebody<'a>(app: &SlackApp, person: &'a SlackPerson) -> Result<Somebody<'a>, CallError> {
    if !app.workspaces.contains(&person.workspace) {
        // Slack shows no app the people of workspaces that it is not in; they are told so all the same.
        return Ok(Somebody { person, language: usual_language(app).await, profile: Profile::default() });
    }
    match app.slack.user(&person.id).await {
        Ok(user) => Ok(Somebody { person, language: language(&user), profile: Profile::from(&user) }),
        Err(error) => match untold(&error, person) {
            Some(profile) => Ok(Somebody { person, language: usual_language(app).await, profile }),
            None => Err(error),
        },
    }
}

/// The language of whom Slack does not tell one: that of the settings.
async fn usual_language(app: &SlackApp) -> Language {
    app.kari.policies.settings().await.map(|settings| settings.slack_language).unwrap_or_default()
}

/// What is known of somebody whom Slack does not tell of, whoever asks again: they are nobody, or of somewhere else.
fn untold(error: &CallError, person: &SlackPerson) -> Option<Profile> {
    let CallError::Permanent { code } = error else { return None };
    match code.as_str() {
        "user_not_found" => {
            let workspaces = [person.workspace.clone()].into();
            Some(Profile { workspaces, nobody: true, ..Profile::default() })
        }
        "user_not_visible" => Some(Profile { stranger: true, ..Profile::default() }),
        _ => None,
    }
}

/// What Slack said of somebody within the last minute. NB. For looking only: Slack lets itself be asked some hundred
/// times a minute by everybody together, and each letter that somebody types is a search.
pub(crate) async fn somebody_lately<'a>(
    app: &SlackApp,
    person: &'a SlackPerson,
) -> Result<Somebody<'a>, CallError> {
    let (key, now) = (person.key(), app.kari.clock.now());
    if let Some((language, profile)) = app.lately.get(&key, now) {
        return Ok(Somebody { person, language, profile });
    }
    let somebody = somebody(app, person).await?;
    app.lately.put(key, now, (somebody.language, somebody.profile.clone()));
    Ok(somebody)
}

/// What was heard of people lately, in the memory of this process.
#[derive(Debug, Clone, Default)]
pub struct Lately(Arc<Mutex<BTreeMap<String, (Instant, Heard)>>>);

type Heard = (Language, Profile);

impl Lately {
    fn get(&self, key: &str, now: Instant) -> Option<Heard> {
        let (at, heard) = self.all().get(key).cloned()?;
        (at <= now && now < at + HEARD_FOR).then_some(heard)
    }

    fn put(&self, key: String, now: Instant, heard: Heard) {
        let mut all = self.all();
        if all.len() >= MOST_HEARD {
            all.clear();
        }
        all.insert(key, (now, heard));
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, (Instant, Heard)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn language(user: &User) -> Language {
    Language::of_locale(user.locale.as_deref().unwrap_or_default())
}

impl Somebody<'_> {
    async fn found(&self, app: &SlackApp) -> Result<Found, Unserved> {
        Ok(find(&app.kari, &self.admitted(app).await?, self.person, &self.profile).await?)
    }

    /// The person for looking.
    pub(crate) async fn reader(&self, app: &SlackApp) -> Result<Reader, Unserved> {
        let found = self.found(app).await?;
        let around = surroundings(&app.kari).await.map_err(Unidentified::from)?.in_chat();
        let caller = reading_caller(&app.kari, &around.snapshot, &found.user).await;
        Ok(Reader { caller: known(&found, caller)?, around })
    }

    /// The person for commanding: as the identity store knows them at this moment.
    pub(crate) async fn commander(&self, app: &SlackApp) -> Result<Caller, Unserved> {
        let found = self.found(app).await?;
        Ok(known(&found, live_caller(&app.kari, &found.user).await)?)
    }

    /// The person for ending their own access, also while the identity store cannot be asked.
    pub(crate) async fn ender(&self, app: &SlackApp, request: RequestId) -> Result<Caller, Unserved> {
        let found = self.found(app).await?;
        Ok(known(&found, ending_caller(&app.kari, &found.user, Some(request)).await)?)
    }

    /// What they call themselves in Slack.
    pub(crate) fn name(&self) -> Option<&str> {
        self.profile.name.as_deref()
    }

    /// Whether they may link their account: of a permitted workspace, and no guest.
    pub(crate) async fn may_link(&self, app: &SlackApp) -> Result<(), Unserved> {
        self.admitted(app).await.map(drop)
    }

    /// Whom to trust at this moment, if the person is one of those who are told anything at all.
    async fn admitted(&self, app: &SlackApp) -> Result<Trust, Unserved> {
        let settings = app.kari.policies.settings().await.map_err(Unidentified::from)?;
        let trust = Trust { workspaces: app.workspaces.clone(), linked_only: settings.slack_linked_only };
        match (admit(&trust, self.person, &self.profile), settings.channels.slack) {
            (Ok(()), true) => Ok(trust),
            (Err(stranger), true) => Err(Unidentified::from(stranger).into()),
            // NB. Off is off: whoever turned Slack off wants nothing commanded from there, whatever lies around in it.
            (Ok(()), false) => Err(Unserved::Off),
            (Err(stranger), false) => Err(Unserved::OffToStranger(stranger)),
        }
    }
}

/// The caller, if they are the one who was found. Whoever was found and is not known is disabled or gone by now.
fn known(found: &Found, caller: Result<Caller, Error>) -> Result<Caller, Unidentified> {
    let caller = caller.map_err(|error| match error {
        Error::UnknownCaller => Unidentified::from(Stranger::Disabled),
        error => error.into(),
    })?;
    found.ensure_is(&caller.user)?;
    Ok(caller)
}
