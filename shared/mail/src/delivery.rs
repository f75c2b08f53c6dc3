//! Who gets a letter: whoever is told, is enabled and has an address in the directory. Each letter is sent once, as
//! far as anybody can know.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use futures::{StreamExt, stream};
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{NewNote, Notes, Notification, NotificationKind, Notifier, Unavailable};
use kari_application::reviewers::reviewers_to_tell;
use kari_application::{Kari, load_told};
use kari_domain::directory::{Snapshot, User};
use kari_domain::ids::UserId;
use kari_domain::request::AccessRequest;
use kari_domain::time::Instant;
use kari_texts::{LetterKind, Links, Names};

use crate::late::Late;
use crate::letter::{Content, letter};
use crate::postman::{Postman, SendError};
use crate::rest::Rest;

/// So many people are written to that a request waits for them, of each requirement some. Everybody else finds it in the
/// portal, and in the channels that are boards: a letter to hundreds is read by nobody, and uses up what one may send.
pub const MOST_REVIEWERS: usize = 50;
/// As it is called in the audit trail.
const CHANNEL: &str = "email";
/// How long it is remembered who was written to. What is recorded is told again for a day at most.
const REMEMBERED_FOR: TimeDelta = TimeDelta::days(30);
/// So many letters are under way at once.
const AT_ONCE: usize = 5;
/// What is recorded where no letter is taken at all.
const ACCOUNT: &str = "account";
/// Why, where nobody has answered for long.
const UNREACHABLE: &str = "unreachable";

/// E-mail as a channel that tells people.
#[derive(Clone)]
pub struct Mail {
    /// Kari without this channel.
    pub(crate) kari: Kari,
    postman: Arc<dyn Postman>,
    pub(crate) notes: Arc<dyn Notes>,
    links: Links,
    given_up: GivenUp,
    rest: Arc<Mutex<Rest>>,
    pub(crate) late: Arc<Mutex<Late>>,
}

/// Why somebody was not written to.
enum Unwritten {
    Unavailable(Unavailable),
    /// Nobody is: the code says why.
    Account(String),
    /// Nobody is for a while.
    Resting,
}

impl From<Unavailable> for Unwritten {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("kari", &self.kari).field("links", &self.links).finish_non_exhaustive()
    }
}

#[async_trait]
impl Notifier for Mail {
    /// One letter to each, whichever of them fails; none for a while after no letter was taken at all.
    ///
    /// NB. What is not taken from anybody is put off here, and is no failure: it may take days to mend, and behind the
    /// records of those letters the other channels would wait, and whatever is to begin.
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        match self.write(notification).await? {
            Written::Done => Ok(()),
            Written::NoneIsTaken => self.put_off(notification).await,
        }
    }

    async fn catch_up(&self) -> Result<(), Unavailable> {
        self.write_what_was_put_off().await
    }
}

/// What came of letters.
pub(crate) enum Written {
    /// Whoever could be written to was.
    Done,
    /// From this account no letter is taken now, whoever it is to.
    NoneIsTaken,
}

impl Mail {
    /// One letter to each, unless it is none any more.
    pub(crate) async fn write(&self, notification: &Notification) -> Result<Written, Unavailable> {
        let settings = self.kari.policies.settings().await?;
        if !settings.channels.email {
            return Ok(Written::Done);
        }
        let snapshot = self.kari.read_model.load().await?;
        if reached(&notification.recipients, &snapshot).next().is_none() {
            return Ok(Written::Done);
        }
        let request = load_told(&self.kari, notification).await?;
        if is_old_news(notification.kind, request.as_ref()) {
            return Ok(Written::Done);
        }
        if self.rests() {
            return Ok(Written::NoneIsTaken);
        }
        let told = self.told(notification, request.as_ref(), &snapshot).await?;
        let content = Content {
            kind: LetterKind::Told(notification.kind),
            request: request.as_ref(),
            names: Names(&snapshot),
            language: settings.slack_language,
            links: &self.links,
        };
        let mut letters = vec![];
        for (user, address) in reached(&told, &snapshot).take(most(notification)) {
            letters.push(self.write_to(user, address, notification, &content));
        }
        let sent: Vec<_> = stream::iter(letters).buffer_unordered(AT_ONCE).collect().await;
        self.came_of(sent).await
    }
}

/// What somebody was to do, or to look forward to, is no news once it is over.
fn is_old_news(kind: NotificationKind, request: Option<&AccessRequest>) -> bool {
    let Some(request) = request else { return false };
    match kind {
        NotificationKind::ReviewWanted => !matches!(request, AccessRequest::Pending(_)),
        NotificationKind::Active | NotificationKind::ExpiringSoon => {
            matches!(request, AccessRequest::Ending(_) | AccessRequest::Closed(_))
        }
        NotificationKind::RemovalOverdue | NotificationKind::RemovalBlocked => {
            matches!(request, AccessRequest::Closed(_))
        }
        NotificationKind::Approved
        | NotificationKind::Denied
        | NotificationKind::Withdrawn
        | NotificationKind::Lapsed
        | NotificationKind::Failed
        | NotificationKind::Expired
        | NotificationKind::Revoked
        | NotificationKind::PoliciesChanged
        | NotificationKind::PolicyNeedsAttention
        | NotificationKind::DirectoryTooOld
        | NotificationKind::DriftFound
        | NotificationKind::RecordsUnreadable => false,
    }
}

/// As many hear that it was withdrawn as were asked to review it.
fn most(notification: &Notification) -> usize {
    let to_reviewers =
        matches!(notification.kind, NotificationKind::ReviewWanted | NotificationKind::Withdrawn);
    if to_reviewers { MOST_REVIEWERS } else { usize::MAX }
}

/// NB. By id: an address leads to nobody here, and only one that the directory has now is written to.
fn reached<'a>(told: &'a [UserId], snapshot: &'a Snapshot) -> impl Iterator<Item = (&'a User, &'a str)> {
    let users = told.iter().filter_map(|id| snapshot.users.get(id));
    users.filter(|user| user.enabled).filter_map(|user| Some((user, user.email.as_deref()?)))
}

impl Mail {
    /// Writes letters that this postman carries.
    pub fn new(
        kari: Kari,
        postman: Arc<dyn Postman>,
        notes: Arc<dyn Notes>,
        links: Links,
        given_up: GivenUp,
    ) -> Self {
        Self { kari, postman, notes, links, given_up, rest: Arc::default(), late: Arc::default() }
    }

    /// Whoever is told; where not all of them can be, one for each requirement in turn.
    async fn told(
        &self,
        notification: &Notification,
        request: Option<&AccessRequest>,
        snapshot: &Snapshot,
    ) -> Result<Vec<UserId>, Unavailable> {
        let mut told = notification.recipients.clone();
        if let Some(asked) = request.and_then(AccessRequest::asked)
            && told.len() > most(notification)
        {
            let policies = self.kari.policies.current().await?;
            let in_turn = reviewers_to_tell(asked, asked.verdict.requirements(), Some(&*policies), snapshot);
            let ranks: BTreeMap<_, _> = in_turn.iter().zip(0_usize..).collect();
            told.sort_by_key(|id| ranks.get(id).copied().unwrap_or(usize::MAX));
        }
        Ok(told)
    }

    pub(crate) fn rests(&self) -> bool {
        self.rest().is_on(self.kari.clock.now())
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All others are put off at once: nobody else waits as long for the same.
    fn nobody_answers(&self, error: &dyn Display, begin: fn(&mut Rest, Instant)) -> Unwritten {
        let now = self.kari.clock.now();
        let mut rest = self.rest();
        if !rest.is_on(now) {
            tracing::warn!(%error, "no letter can be sent; they are put off, and it is tried again");
        }
        begin(&mut rest, now);
        // What nobody can tell from a wrong address or certificate is one finding, as where the account takes none.
        if rest.nobody_answers(now) { Unwritten::Account(UNREACHABLE.to_owned()) } else { Unwritten::Resting }
    }

    /// What came of letters that were under way together. That no letter is taken at all is recorded once.
    async fn came_of(&self, sent: Vec<Result<(), Unwritten>>) -> Result<Written, Unavailable> {
        let mut outcome = Ok(Written::Done);
        for unwritten in sent.into_iter().filter_map(Result::err) {
            match unwritten {
                Unwritten::Unavailable(error) => outcome = outcome.and(Err(error)),
                Unwritten::Resting => outcome = outcome.map(|_| Written::NoneIsTaken),
                Unwritten::Account(code) => {
                    outcome = outcome.map(|_| Written::NoneIsTaken);
                    self.rest().begin(self.kari.clock.now());
                    self.given_up.give_up(&self.kari, CHANNEL, ACCOUNT, &code).await?;
                }
            }
        }
        outcome
    }

    async fn write_to(
        &self,
        user: &User,
        address: &str,
        notification: &Notification,
        content: &Content<'_>,
    ) -> Result<(), Unwritten> {
        let (group, key) = note(user, notification);
        if self.notes.one(&group, &key).await?.is_some() {
            return Ok(());
        }
        // One of those that were under way before it found that nobody takes any.
        if self.rests() {
            return Err(Unwritten::Resting);
        }
        let content = Content { kind: content.kind.to(&user.id, content.request), ..*content };
        let sent = self.postman.send(&letter(&content, address)).await;
        if !matches!(sent, Err(SendError::Unreachable(_) | SendError::Unanswered(_))) {
            self.rest().somebody_answers();
        }
        match sent {
            Ok(()) => {
                // NB. After it was sent: what fails here is told once more, and nothing is lost.
                let until = self.kari.clock.now() + REMEMBERED_FOR;
                self.notes.write(&NewNote { group: &group, key: &key, body: "", until }, 0).await?;
                Ok(())
            }
            Err(SendError::Permanent { code }) => {
                let destination = format!("user/{}", user.id);
                Ok(self.given_up.give_up(&self.kari, CHANNEL, &destination, &code).await?)
            }
            Err(SendError::Account { code }) => Err(Unwritten::Account(code)),
            Err(SendError::Unreachable(error)) => Err(self.nobody_answers(&error, Rest::begin)),
            Err(SendError::Unanswered(error)) => Err(self.nobody_answers(&error, Rest::begin_longer)),
            Err(SendError::Transient(source)) => Err(Unavailable { what: "e-mail", source }.into()),
        }
    }
}

/// The group and the key of the note that somebody was written to.
fn note(user: &User, notification: &Notification) -> (String, String) {
    (format!("mail/{}", user.id), key(notification))
}

/// What tells this news from all others.
pub(crate) fn key(notification: &Notification) -> String {
    let Notification { kind, stream, sequence, .. } = notification;
    let kind = serde_json::to_value(kind).unwrap_or_default();
    let kind = kind.as_str().unwrap_or_default();
    format!("{kind}/{stream}/{sequence}")
}
