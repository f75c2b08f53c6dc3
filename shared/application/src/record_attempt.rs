//! Refused commands of authenticated people are recorded too, in a bounded stream for each person and
//! day, without touching the request (`failure-modes` 48).

use std::collections::BTreeMap;

use kari_domain::audit::{Actor, AuditEvent, Cause, Envelope, Head, StreamId};
use kari_domain::ids::RequestId;
use kari_domain::request::Refusal;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::load::{corrupt, load_state, parse_all};
use crate::transaction::{ATTEMPTS, Committed, State, Transaction};
use crate::{Error, Kari, Loaded};

/// How many attempts of one person are recorded in one day.
pub const MOST_PER_DAY: u64 = 100;
/// How many of them may be about requests that they may not see: fewer, because an id that does not exist is as
/// easily tried.
pub const MOST_FOR_OTHERS_PER_DAY: u64 = 80;
/// How many of them may be about anything else than somebody's right: noise must not be able to hide a
/// self-approval.
pub const MOST_ORDINARY_PER_DAY: u64 = 60;

/// What somebody tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum AttemptEvent {
    AttemptRefused {
        /// The command, for instance `approve`.
        command: String,
        request: Option<RequestId>,
        /// The refusal's stable code.
        code: String,
        detail: String,
    },
    /// The bound is reached: what else they try on this day may be missing here.
    MoreNotRecorded {},
}

/// What is known of a person's attempts of one day without reading them.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Day {
    /// [`AttemptEvent::MoreNotRecorded`] has been recorded.
    more_not_recorded: bool,
    /// Of strangers, how many attempts of each account are recorded.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    by_account: BTreeMap<String, u64>,
}

impl AuditEvent for AttemptEvent {}

impl Day {
    /// What is recorded of one more attempt where so many may be: the attempt, or once that there are more.
    pub(crate) fn one_more(
        &mut self,
        attempt: &AttemptEvent,
        head: &Head,
        most: u64,
    ) -> Option<AttemptEvent> {
        let recorded = head.version.saturating_sub(u64::from(self.more_not_recorded));
        let event = match (recorded < most, self.more_not_recorded) {
            (true, _) => attempt.clone(),
            (false, false) => AttemptEvent::MoreNotRecorded {},
            (false, true) => return None,
        };
        self.more_not_recorded |= event == AttemptEvent::MoreNotRecorded {};
        Some(event)
    }

    /// How many attempts of a stranger's account are recorded.
    pub(crate) fn recorded_of(&self, account: &str) -> u64 {
        self.by_account.get(account).copied().unwrap_or_default()
    }

    /// Counts what is recorded of a stranger's account.
    pub(crate) fn count(&mut self, account: &str, event: &AttemptEvent) {
        match event {
            AttemptEvent::AttemptRefused { .. } => {
                *self.by_account.entry(account.to_owned()).or_default() += 1;
            }
            AttemptEvent::MoreNotRecorded {} => {}
        }
    }
}

/// Records a refused attempt. Losing one to a race or a bound is no failure of the command.
///
/// # Errors
/// If the store fails.
pub async fn record_attempt(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    command: &str,
    request: Option<RequestId>,
    refused: &Error,
) -> Result<(), Error> {
    let Some(code) = refused.refusal_code() else { return Ok(()) };
    let attempt = AttemptEvent::AttemptRefused {
        command: command.to_owned(),
        request,
        code: code.to_owned(),
        detail: detail(refused),
    };
    for _ in 0..ATTEMPTS {
        let now = kari.clock.now();
        let stream = StreamId::attempts(&caller.user.id, now);
        let (head, mut day) = load_state(kari, &stream, replay_day).await?;
        let Some(event) = day.one_more(&attempt, &head, bound(request, refused)) else { return Ok(()) };
        let mut transaction = Transaction::new(kari, now, caller.actor(), cause);
        // What was used before cannot be used up again.
        if !matches!(refused, Error::Replayed) {
            transaction.by(caller);
        }
        let state = State { body: serde_json::to_string(&day).map_err(corrupt)?, ..State::default() };
        transaction.record(&Loaded { stream, head, state: () }, &[event], state)?;
        match transaction.commit().await {
            Ok(Committed::Yes) => return Ok(()),
            Ok(Committed::Conflict(_)) => {}
            // What they came with was used before: that is what is recorded then.
            Err(Error::Replayed) => {
                let again = record_attempt(kari, caller, cause, command, request, &Error::Replayed);
                return Box::pin(again).await;
            }
            Err(error) => return Err(error),
        }
    }
    tracing::warn!(user.id = %caller.user.id, command, code, "a refused attempt lost every race to be recorded");
    Ok(())
}

/// What a refused policy is told about in an event; it may have thousands of problems.
const MOST_PROBLEMS: usize = 5;

fn detail(refused: &Error) -> String {
    let Error::BadPolicy(problems) = refused else { return refused.to_string() };
    let mut told: Vec<_> = problems.iter().take(MOST_PROBLEMS).map(ToString::to_string).collect();
    if let Some(more) = problems.len().checked_sub(MOST_PROBLEMS).filter(|more| *more > 0) {
        told.push(format!("{more} more problems"));
    }
    told.join("; ")
}

/// What the recorded attempts of a day come to, and where they end.
pub(crate) fn replay_day(stream: &StreamId, stored: &[String]) -> Result<(Head, Day), Error> {
    let (head, events) = parse_all::<AttemptEvent>(stream, stored)?;
    let more_not_recorded = events.iter().any(|(_, event)| *event == AttemptEvent::MoreNotRecorded {});
    let mut day = Day { more_not_recorded, ..Day::default() };
    for (bytes, (_, event)) in stored.iter().zip(&events) {
        let envelope: Envelope<IgnoredAny> = serde_json::from_str(bytes).map_err(corrupt)?;
        if let Actor::Stranger { account } = &envelope.actor {
            day.count(account, event);
        }
    }
    Ok((head, day))
}

/// Up to how many of a day one that was refused like this is recorded.
fn bound(request: Option<RequestId>, refused: &Error) -> u64 {
    match refused {
        Error::Refused(refusal) if is_about_rights(refusal) => MOST_PER_DAY,
        // A request that they may not see.
        Error::NotFound if request.is_some() => MOST_FOR_OTHERS_PER_DAY,
        Error::Refused(_)
        | Error::NotFound
        | Error::UnknownCaller
        | Error::Replayed
        | Error::BadPolicy(_)
        | Error::PolicyExists
        | Error::StaleVersion { .. }
        | Error::BadCursor
        | Error::Unavailable(_)
        | Error::DirectoryTooOld { .. }
        | Error::Busy
        | Error::Corrupt(_) => MOST_ORDINARY_PER_DAY,
    }
}

/// Whether somebody tried what others have the right to.
fn is_about_rights(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::SelfReview | Refusal::NotAReviewer | Refusal::NotTheRequester | Refusal::MayNotRevoke => {
            true
        }
        Refusal::Ineligible { .. }
        | Refusal::UnknownAccount
        | Refusal::UnknownPermissionSet
        | Refusal::StartInPast
        | Refusal::StartTooFar
        | Refusal::JustificationRequired
        | Refusal::Text(_)
        | Refusal::AlreadyRequested
        | Refusal::TooManyPending
        | Refusal::IdempotencyKeyReused
        | Refusal::JoinedWindowTooLong { .. }
        | Refusal::PortalOnly
        | Refusal::Lapsed { .. }
        | Refusal::WrongState { .. }
        | Refusal::NotYet
        | Refusal::TooLate => false,
    }
}

impl Error {
    /// The stable code, where what somebody tried was refused for what it was; `None` where it failed
    /// for other reasons.
    pub fn refusal_code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::NotFound => Some("not-found"),
            Self::UnknownCaller => Some("unknown-caller"),
            Self::Replayed => Some("replayed"),
            Self::BadPolicy(_) => Some("bad-policy"),
            Self::PolicyExists => Some("policy-exists"),
            Self::StaleVersion { .. } => Some("stale-version"),
            Self::BadCursor
            | Self::Unavailable(_)
            | Self::DirectoryTooOld { .. }
            | Self::Busy
            | Self::Corrupt(_) => None,
        }
    }
}
