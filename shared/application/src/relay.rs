//! What follows from an event: telling people, starting the workflow. Records may arrive in any order
//! and more than once; channels de-duplicate by (stream, sequence), and starting twice is success.

use std::collections::BTreeSet;

use kari_domain::audit::{self, Actor, Envelope, StreamId, SystemReason};
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::ledger::{LedgerEvent, MOST_HOLDERS};
use kari_domain::policy::{People, enabled_people};
use kari_domain::request::{AccessRequest, Approval, Asked, EndCause, Outcome, RequestEvent, RequestState};
use kari_domain::time::Instant;
use sha2::{Digest, Sha256};

use crate::isolated::isolated;
use crate::load::corrupt;
use crate::policy_findings::FindingEvent;
use crate::ports::{
    News, Notification, NotificationKind as Kind, PageRequest, RequestFilter, RequestScope, Shown,
    Unavailable, Undeliverable,
};
use crate::reviewers::reviewers_to_tell;
use crate::{Error, Kari, load_request};

/// Does what follows from one recorded event, given as its stored bytes.
///
/// # Errors
/// [`Error::Corrupt`] for a poison record, and for a message that its channel never takes: set it aside, never
/// repeat it for ever.
pub async fn relay(kari: &Kari, bytes: &str) -> Result<(), Error> {
    isolated(relay_event(kari, bytes)).await
}

async fn relay_event(kari: &Kari, bytes: &str) -> Result<(), Error> {
    let envelope: Envelope = serde_json::from_str(bytes).map_err(corrupt)?;
    let mut shown = None;
    let told = if let Some(id) = envelope.stream.as_request() {
        let event = audit::parse(&envelope).map_err(corrupt)?;
        start_workflow(kari, id, &event).await?;
        let request = load_request(kari, id).await?;
        let told = about_request(kari, &request.state, &event).await?;
        shown = Some(Shown { state: request.state, version: request.head.version });
        told
    } else if let Some(tuple) = envelope.stream.as_tuple() {
        let event = audit::parse(&envelope).map_err(corrupt)?;
        about_ledger(kari, &tuple, &event).await?
    } else if envelope.stream == StreamId::findings() {
        about_policies(kari, &audit::parse(&envelope).map_err(corrupt)?).await?
    } else if envelope.actor == (Actor::System { reason: SystemReason::Setup }) {
        // The first set-up is no news to whoever set it up.
        vec![]
    } else if envelope.stream == StreamId::policies() {
        vec![(Kind::PoliciesChanged, administrators(kari).await?)]
    } else {
        vec![]
    };
    tell(kari, News { envelope, request: shown, told }).await
}

/// Everybody is told and every board shows it, whichever of them fails; those that did it recognize the
/// repetition.
async fn tell(kari: &Kari, news: News) -> Result<(), Error> {
    let mut outcome = Ok(());
    for (kind, recipients) in &news.told {
        let (stream, sequence) = subject(*kind, &news.envelope);
        let notification = Notification {
            kind: *kind,
            recipients: recipients.iter().cloned().collect(),
            stream,
            sequence,
            request: news.envelope.stream.as_request(),
            at: news.envelope.at,
        };
        outcome = worse(outcome, kari.notifier.deliver(&notification).await.map_err(not_delivered));
    }
    for board in &kari.boards {
        outcome = worse(outcome, board.show(&news).await.map_err(Error::from));
    }
    outcome
}

/// Has every channel deliver, and every board show, what it put off. To be called every minute at least; for boards
/// after events were relayed too.
///
/// # Errors
/// The first failure, after all were asked: it comes again.
pub async fn catch_up(kari: &Kari) -> Result<(), Error> {
    let delivered = isolated(async { kari.notifier.catch_up().await.map_err(Error::from) });
    let mut outcome = delivered.await;
    for board in &kari.boards {
        let done = isolated(async { board.catch_up().await.map_err(Error::from) });
        outcome = worse(outcome, done.await);
    }
    outcome
}

/// Of two failures the one that somebody has to look into.
fn worse(one: Result<(), Error>, other: Result<(), Error>) -> Result<(), Error> {
    match (one, other) {
        (Err(one), Err(other)) if one.is_resting() => Err(other),
        (Err(one), _) => Err(one),
        (Ok(()), other) => other,
    }
}

/// What a channel never takes is set aside, as what cannot be understood is: repeated, it would only hold up what
/// lies behind it.
fn not_delivered(error: Unavailable) -> Error {
    if error.source.is::<Undeliverable>() { corrupt(&error.source) } else { error.into() }
}

/// What a message tells of: the event; or all drift of one account that was found together, which was recorded at
/// one instant; or all changes of policies, or all that needs attention in them, of one append. That is one message
/// however much it is.
fn subject(kind: Kind, envelope: &Envelope) -> (StreamId, u64) {
    match envelope.stream.as_tuple() {
        Some(tuple) if kind == Kind::DriftFound => {
            let found_at = u64::try_from(envelope.at.timestamp_millis()).unwrap_or_default();
            (StreamId::ledgers_of(&tuple.target.account), found_at)
        }
        None if matches!(kind, Kind::PoliciesChanged | Kind::PolicyNeedsAttention) => {
            (envelope.stream.clone(), number_of(envelope.append.0))
        }
        Some(_) | None => (envelope.stream.clone(), envelope.sequence),
    }
}

/// By what a channel tells this apart from anything else.
fn number_of(what: impl AsRef<[u8]>) -> u64 {
    Sha256::digest(what).iter().take(7).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Starts the workflow at once, for speed alone: the relay starts it for certain.
pub(crate) async fn hint_workflow(kari: &Kari, id: RequestId, events: &[RequestEvent]) {
    for event in events {
        if let Err(error) = start_workflow(kari, id, event).await {
            tracing::info!(request.id = %id, %error, "the workflow was not started at once; the relay will");
        }
    }
}

async fn start_workflow(kari: &Kari, id: RequestId, event: &RequestEvent) -> Result<(), Unavailable> {
    match event {
        RequestEvent::Approved { .. } => kari.workflow.start(id).await,
        RequestEvent::RevocationRequested { .. } => kari.workflow.start_end(id).await,
        RequestEvent::Requested { .. }
        | RequestEvent::Reviewed { .. }
        | RequestEvent::ActivationStarted { .. }
        | RequestEvent::Activated {}
        | RequestEvent::ExpiryWarned {}
        | RequestEvent::EndStarted { .. }
        | RequestEvent::EndBlocked { .. }
        | RequestEvent::RemovalOverdue {}
        | RequestEvent::Closed { .. } => Ok(()),
    }
}

type Told = Vec<(Kind, BTreeSet<UserId>)>;

/// One kind of event, one message (`failure-modes` 35).
async fn about_request(kari: &Kari, request: &AccessRequest, event: &RequestEvent) -> Result<Told, Error> {
    let Some(asked) = request.asked() else { return Ok(vec![]) };
    let requester = || BTreeSet::from([asked.submission.requester.clone()]);
    Ok(match event {
        RequestEvent::Requested { .. } => review_wanted(kari, request, asked).await?,
        RequestEvent::Approved { approval: Approval::Reviewers { .. } } => {
            vec![(Kind::Approved, requester())]
        }
        RequestEvent::Activated {} => vec![(Kind::Active, requester())],
        RequestEvent::ExpiryWarned {} => vec![(Kind::ExpiringSoon, requester())],
        RequestEvent::RemovalOverdue {} => vec![(Kind::RemovalOverdue, administrators(kari).await?)],
        // That may last for days, and whose access it is hears that it ended only once that was observed.
        RequestEvent::EndBlocked { .. } => {
            vec![(Kind::RemovalBlocked, &administrators(kari).await? | &requester())]
        }
        RequestEvent::EndStarted { cause: EndCause::ActivationFailed { .. } } => {
            vec![(Kind::Failed, requester())]
        }
        RequestEvent::Closed { outcome, evidence, .. } => {
            let Some(kind) = closed(*outcome, evidence.is_some()) else { return Ok(vec![]) };
            // Whoever takes it back knows that; those who were asked to review it do not.
            let withdrawn = *outcome == Outcome::Withdrawn;
            vec![(kind, if withdrawn { reviewers(kari, asked).await? } else { requester() })]
        }
        // Approved by policy: nobody waited for it, and *active* follows. That access ended is told once that was
        // observed.
        RequestEvent::Approved { approval: Approval::Policy }
        | RequestEvent::Reviewed { .. }
        | RequestEvent::ActivationStarted { .. }
        | RequestEvent::RevocationRequested { .. }
        | RequestEvent::EndStarted {
            cause:
                EndCause::Expired
                | EndCause::Revoked { .. }
                | EndCause::RemovedOutOfBand
                | EndCause::RequesterDisabled
                | EndCause::Drained,
        } => vec![],
    })
}

/// How it came out; nothing where setting it up failed, which was told when it did.
fn closed(outcome: Outcome, after_access: bool) -> Option<Kind> {
    Some(match outcome {
        Outcome::Failed if after_access => return None,
        Outcome::Denied => Kind::Denied,
        Outcome::Withdrawn => Kind::Withdrawn,
        Outcome::Lapsed => Kind::Lapsed,
        Outcome::Failed => Kind::Failed,
        Outcome::Expired => Kind::Expired,
        Outcome::Revoked => Kind::Revoked,
    })
}

/// Whoever is told that it waits; nobody where it was decided meanwhile.
async fn review_wanted(kari: &Kari, request: &AccessRequest, asked: &Asked) -> Result<Told, Error> {
    let AccessRequest::Pending(_) = request else { return Ok(vec![]) };
    Ok(vec![(Kind::ReviewWanted, reviewers(kari, asked).await?)])
}

/// Whoever is asked to review it; nobody where no approval is needed.
async fn reviewers(kari: &Kari, asked: &Asked) -> Result<BTreeSet<UserId>, Error> {
    let snapshot = kari.read_model.load().await?;
    // The verdict keeps all notify lists as one; where there is none, none has to be looked up.
    let policies = match asked.verdict.notify() {
        Some(_) => Some(kari.policies.current().await?),
        None => None,
    };
    let told = reviewers_to_tell(asked, asked.verdict.requirements(), policies.as_deref(), &snapshot);
    Ok(told.into_iter().collect())
}

async fn about_ledger(kari: &Kari, tuple: &Tuple, event: &LedgerEvent) -> Result<Told, Error> {
    match event {
        LedgerEvent::DriftFound {} => Ok(vec![(Kind::DriftFound, administrators(kari).await?)]),
        // A request that waits for the removal raises the alarm itself.
        LedgerEvent::RemovalOverdue {} if !is_awaited(kari, tuple).await? => {
            Ok(vec![(Kind::RemovalOverdue, administrators(kari).await?)])
        }
        LedgerEvent::RemovalOverdue {}
        | LedgerEvent::HolderJoined { .. }
        | LedgerEvent::HolderLeft { .. }
        | LedgerEvent::CreationStarted {}
        | LedgerEvent::FoundPresent {}
        | LedgerEvent::CreationAccepted { .. }
        | LedgerEvent::CreationFailed { .. }
        | LedgerEvent::PresenceObserved {}
        | LedgerEvent::VanishingObserved {}
        | LedgerEvent::Released {}
        | LedgerEvent::RemovalStarted { .. }
        | LedgerEvent::RemovalAccepted { .. }
        | LedgerEvent::RemovalFailed { .. }
        | LedgerEvent::TroubleNoted { .. }
        | LedgerEvent::AbsenceObserved {}
        | LedgerEvent::AbsenceConfirmed {}
        | LedgerEvent::AbsenceProven { .. }
        | LedgerEvent::WatchEnded {}
        | LedgerEvent::DriftGone {} => Ok(vec![]),
    }
}

/// A policy needs attention once, until that is over and comes again (`failure-modes` 6).
async fn about_policies(kari: &Kari, event: &FindingEvent) -> Result<Told, Error> {
    match event {
        FindingEvent::FindingNoted { .. } => {
            Ok(vec![(Kind::PolicyNeedsAttention, administrators(kari).await?)])
        }
        FindingEvent::FindingGone { .. } => Ok(vec![]),
    }
}

/// Whether a request that can be understood waits for the tuple to be gone.
async fn is_awaited(kari: &Kari, tuple: &Tuple) -> Result<bool, Error> {
    let filter = RequestFilter {
        states: vec![RequestState::Ending],
        account: Some(tuple.target.account.clone()),
        permission_set: Some(tuple.target.permission_set.clone()),
        ..RequestFilter::default()
    };
    let page = PageRequest { limit: MOST_HOLDERS, after: None };
    let ending = kari.store.requests(&RequestScope::Of(tuple.principal.clone()), &filter, &page).await?;
    for request in ending.items.into_iter().filter_map(|item| item.request) {
        match load_request(kari, request.id).await {
            // The list may be late: what has closed meanwhile raises no alarm any more.
            Ok(loaded) if matches!(loaded.state, AccessRequest::Ending(_)) => return Ok(true),
            Ok(_) | Err(Error::Corrupt(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Tells administrators that something recorded cannot be understood, once for each stream. Nothing is
/// guessed about it; access to it still ends by its ledger.
///
/// # Errors
/// If the read model or the channel fails.
pub async fn tell_unreadable(kari: &Kari, stream: &StreamId) -> Result<(), Error> {
    tell_records(kari, stream, 0, kari.clock.now()).await.map(|_| ())
}

/// Tells administrators what is wrong with records that somebody altered or damaged, once for each fault and
/// day on which it was found. Where there is no administrator that fails, once every channel has it: those for machines
/// need none, and the others have told nobody.
pub(crate) async fn tell_damaged(
    kari: &Kari,
    stream: &StreamId,
    what: &str,
    found_at: Instant,
) -> Result<(), Error> {
    // NB. Channels tell messages apart by their number: a second fault must not pass for the first.
    let number = number_of(format!("{} {what}", found_at.date_naive()));
    if tell_records(kari, stream, number + 1, found_at).await? == 0 {
        return Err(
            Unavailable::new("an administrator", "the directory, as it was read last, has none").into()
        );
    }
    Ok(())
}

/// Returns how many administrators there are.
async fn tell_records(kari: &Kari, stream: &StreamId, sequence: u64, at: Instant) -> Result<usize, Error> {
    let notification = Notification {
        kind: Kind::RecordsUnreadable,
        recipients: administrators(kari).await?.into_iter().collect(),
        stream: stream.clone(),
        sequence,
        request: stream.as_request(),
        at,
    };
    kari.notifier.deliver(&notification).await.map_err(not_delivered)?;
    Ok(notification.recipients.len())
}

pub(crate) async fn administrators(kari: &Kari) -> Result<BTreeSet<UserId>, Error> {
    let snapshot = kari.read_model.load().await?;
    let people = People { groups: kari.roles.administrators.clone(), ..People::default() };
    Ok(enabled_people(&people, &snapshot))
}
