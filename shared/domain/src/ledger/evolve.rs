use chrono::TimeDelta;

use super::{
    Absence, Ledger, LedgerEvent, OnlyCreation, Ownership, Presence, ProvenAbsence, Trouble, TroubleCode,
};
use crate::ids::{OperationId, RequestId};
use crate::mutants::{Mutant, on};
use crate::time::Instant;

/// What is accepted this soon after the intent is the first creation that was sent: whoever takes up the
/// work of somebody who died meanwhile comes [later](super::taken_up_at).
pub(super) const AT_ONCE: TimeDelta = TimeDelta::seconds(3);

/// An event that cannot follow what was recorded before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot follow in state {state}")]
pub struct Impossible {
    pub event: &'static str,
    pub state: &'static str,
}

/// The ledger after one more event.
///
/// # Errors
/// [`Impossible`] if the event cannot follow: the stream is damaged, or written by other rules. What
/// would turn somebody else's assignment into ours, or take away what is held, is always impossible.
pub fn evolve(ledger: Ledger, at: Instant, event: &LedgerEvent) -> Result<Ledger, Impossible> {
    use LedgerEvent as E;
    match event {
        E::HolderJoined { request, ends_at } => joined(ledger, at, *request, *ends_at),
        E::HolderLeft { request } => left(ledger, at, *request),
        E::CreationStarted {} => creation_started(ledger, at),
        E::FoundPresent {} => found_present(ledger, at),
        E::PresenceObserved {} => presence_observed(ledger, at),
        E::VanishingObserved {} => vanishing_observed(ledger, at),
        E::CreationAccepted { operation } => creation_accepted(ledger, at, operation),
        E::CreationFailed { code, detail } => creation_failed(troubled(ledger, at, *code, detail)),
        E::RemovalAccepted { operation } => removal(ledger, Some((at, operation))),
        E::RemovalFailed { code, detail } => removal(troubled(ledger, at, *code, detail), None),
        E::TroubleNoted { code, detail } => Ok(troubled(ledger, at, *code, detail)),
        E::RemovalStarted { .. } => removal_started(ledger, at),
        E::Released {} => released(ledger, at),
        E::AbsenceObserved {} => gone(ledger, at, None),
        E::AbsenceConfirmed {} => confirmed(ledger, at),
        E::AbsenceProven { proof } => gone(ledger, at, Some(*proof)),
        E::WatchEnded {} => watch_ended(ledger),
        E::DriftFound {} => Ok(Ledger { drift_since: Some(at), ..ledger }),
        E::DriftGone {} => Ok(drift_gone(ledger, at)),
        E::RemovalOverdue {} => overdue(ledger, at),
    }
}

/// The ledger that a stream's events make.
///
/// # Errors
/// [`Impossible`] at the first event that cannot follow.
pub fn replay<'a>(
    events: impl IntoIterator<Item = (Instant, &'a LedgerEvent)>,
) -> Result<Ledger, Impossible> {
    events.into_iter().try_fold(Ledger::default(), |ledger, (at, event)| evolve(ledger, at, event))
}

fn impossible(event: &'static str, ledger: &Ledger) -> Impossible {
    Impossible { event, state: ledger.presence.name() }
}

fn present(ownership: Ownership, at: Instant) -> Presence {
    Presence::Present { ownership, observed_at: at, vanished_at: None }
}

fn settled(ledger: Ledger, presence: Presence) -> Ledger {
    Ledger { presence, accepted_at: None, trouble: None, over_at: None, overdue_since: None, ..ledger }
}

fn unwatched(ledger: Ledger) -> Ledger {
    let ledger = Ledger { only_creation: None, watched_at: None, ..ledger };
    settled(ledger, Presence::Absent { absence: Absence::Unwatched })
}

fn joined(
    mut ledger: Ledger,
    at: Instant,
    request: RequestId,
    ends_at: Instant,
) -> Result<Ledger, Impossible> {
    // Nothing moves the end of a holder.
    let removing = matches!(ledger.presence, Presence::Removing { .. });
    if removing || ledger.holders.contains_key(&request) {
        return Err(impossible("holder-joined", &ledger));
    }
    ledger.holders.insert(request, ends_at);
    ledger.held_since = ledger.held_since.or(Some(at));
    ledger.drift_since = None;
    Ok(ledger)
}

fn left(mut ledger: Ledger, at: Instant, request: RequestId) -> Result<Ledger, Impossible> {
    let ends_at = ledger.holders.remove(&request).ok_or_else(|| impossible("holder-left", &ledger))?;
    // NB. Whoever ends last need not leave last.
    ledger.over_at = ledger.over_at.max(Some(at.min(ends_at)));
    if ledger.holders.is_empty() {
        ledger.held_since = None;
    }
    Ok(ledger)
}

/// NB. From here on it is owned, and will be removed: never what was there before us.
fn creation_started(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let ours = match &ledger.presence {
        Presence::Absent { .. } => true,
        Presence::Present { ownership, .. } => *ownership == Ownership::Owned,
        Presence::Creating { .. } | Presence::Removing { .. } => false,
    };
    if !ours || ledger.holders.is_empty() {
        return Err(impossible("creation-started", &ledger));
    }
    let ledger = Ledger { only_creation: None, ..ledger };
    Ok(settled(ledger, Presence::Creating { since: at, operation: None }))
}

/// NB. From here on it is never removed: never what we may have created (`failure-modes` 39).
fn found_present(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let Presence::Absent { absence: Absence::Unwatched } = ledger.presence else {
        return Err(impossible("found-present", &ledger));
    };
    Ok(settled(ledger, present(Ownership::PreExisting, at)))
}

/// NB. Never while somebody holds it, and never what was there before us (`failure-modes` 13, 14).
fn removal_started(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let ours = match &ledger.presence {
        Presence::Creating { .. }
        | Presence::Present { ownership: Ownership::Owned, .. }
        | Presence::Absent { absence: Absence::Observed { .. } | Absence::Confirmed { .. } } => true,
        Presence::Present { ownership: Ownership::PreExisting, .. }
        | Presence::Absent { absence: Absence::Unwatched }
        | Presence::Removing { .. } => false,
    };
    if !ours || !ledger.holders.is_empty() {
        return Err(impossible("removal-started", &ledger));
    }
    // What appeared although it was gone was created by something that we do not know.
    let appeared = matches!(ledger.presence, Presence::Absent { .. });
    let only_creation = ledger.only_creation.clone().filter(|_| !appeared);
    let over_at = ledger.over_at.filter(|_| !appeared);
    let removing = settled(ledger, Presence::Removing { since: at, operation: None });
    Ok(Ledger { last_removal_at: Some(at), over_at, only_creation, ..removing })
}

fn drift_gone(ledger: Ledger, at: Instant) -> Ledger {
    let missed_at = if ledger.was_let_be() { Some(at) } else { ledger.missed_at };
    Ledger { drift_since: None, missed_at, ..ledger }
}

fn overdue(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    if !matches!(ledger.presence, Presence::Removing { .. }) {
        return Err(impossible("removal-overdue", &ledger));
    }
    Ok(Ledger { overdue_since: Some(at), ..ledger })
}

fn released(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    match ledger.presence {
        Presence::Present { ownership: Ownership::PreExisting, vanished_at, .. }
            if ledger.holders.is_empty() =>
        {
            Ok(Ledger { last_release_at: Some(at), missing_at_release: vanished_at, ..unwatched(ledger) })
        }
        Presence::Present { .. }
        | Presence::Absent { .. }
        | Presence::Creating { .. }
        | Presence::Removing { .. } => Err(impossible("released", &ledger)),
    }
}

/// Gone after a removal: seen once, or proven and then certain. What was seen gone before may be proven
/// later, where it cannot be looked at any more.
fn gone(ledger: Ledger, at: Instant, proof: Option<ProvenAbsence>) -> Result<Ledger, Impossible> {
    let at = match (&ledger.presence, proof) {
        (Presence::Removing { .. }, _) => at,
        (Presence::Absent { absence: Absence::Observed { at } | Absence::Confirmed { at } }, Some(_)) => *at,
        (Presence::Absent { .. } | Presence::Creating { .. } | Presence::Present { .. }, _) => {
            return Err(impossible("absence", &ledger));
        }
    };
    let absence = if proof.is_some() { Absence::Confirmed { at } } else { Absence::Observed { at } };
    let only_creation = ledger.only_creation.clone().map(|only| OnlyCreation {
        // Seen gone means that no creation of ours was in flight either.
        ended: only.ended || proof.is_none(),
        ..only
    });
    let ledger = settled(ledger, Presence::Absent { absence });
    Ok(Ledger { last_absent_at: Some(at), absence_proof: proof, only_creation, watched_at: None, ..ledger })
}

fn watch_ended(ledger: Ledger) -> Result<Ledger, Impossible> {
    let Presence::Absent { absence: Absence::Confirmed { .. } } = ledger.presence else {
        return Err(impossible("watch-ended", &ledger));
    };
    Ok(unwatched(ledger))
}

fn troubled(ledger: Ledger, at: Instant, code: TroubleCode, detail: &str) -> Ledger {
    let since = match &ledger.trouble {
        Some(trouble) if trouble.code == code => trouble.since,
        Some(_) | None => at,
    };
    let trouble = Trouble { code, detail: detail.to_owned(), since, tried_at: code.blocks().then_some(at) };
    Ledger { trouble: Some(trouble), ..ledger }
}

fn confirmed(ledger: Ledger, seen_at: Instant) -> Result<Ledger, Impossible> {
    match ledger.presence {
        Presence::Absent { absence: Absence::Observed { at } } => {
            Ok(settled(ledger, Presence::Absent { absence: Absence::Confirmed { at } }))
        }
        Presence::Absent { absence: Absence::Confirmed { at } } => {
            let ledger = settled(ledger, Presence::Absent { absence: Absence::Confirmed { at } });
            Ok(Ledger { watched_at: Some(seen_at), ..ledger })
        }
        Presence::Absent { absence: Absence::Unwatched }
        | Presence::Creating { .. }
        | Presence::Present { .. }
        | Presence::Removing { .. } => Err(impossible("absence-confirmed", &ledger)),
    }
}

fn presence_observed(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let ownership = match &ledger.presence {
        Presence::Creating { .. } if on(Mutant::TakesItsOwnForOthers) && ledger.trouble.is_some() => {
            Ownership::PreExisting
        }
        Presence::Creating { .. } => Ownership::Owned,
        Presence::Present { ownership, .. } => *ownership,
        Presence::Absent { .. } | Presence::Removing { .. } => {
            return Err(impossible("presence-observed", &ledger));
        }
    };
    // What is created is seen present when its creation was seen to succeed.
    let only_creation = ledger.only_creation.clone().map(|only| OnlyCreation { ended: true, ..only });
    Ok(Ledger { only_creation, ..settled(ledger, present(ownership, at)) })
}

fn vanishing_observed(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let Presence::Present { ownership, observed_at, .. } = ledger.presence else {
        return Err(impossible("vanishing-observed", &ledger));
    };
    Ok(settled(ledger, Presence::Present { ownership, observed_at, vanished_at: Some(at) }))
}

fn creation_accepted(ledger: Ledger, at: Instant, operation: &OperationId) -> Result<Ledger, Impossible> {
    let untroubled = ledger.trouble.is_none();
    let ledger = creation(ledger, Some((at, operation)))?;
    let only =
        matches!(ledger.presence, Presence::Creating { since, .. } if untroubled && at < since + AT_ONCE);
    let only_creation = only.then(|| OnlyCreation { operation: operation.clone(), ended: false });
    Ok(Ledger { only_creation, ..ledger })
}

fn creation_failed(ledger: Ledger) -> Result<Ledger, Impossible> {
    Ok(Ledger { only_creation: None, ..creation(ledger, None)? })
}

type Accepted<'a> = Option<(Instant, &'a OperationId)>;

fn creation(ledger: Ledger, accepted: Accepted<'_>) -> Result<Ledger, Impossible> {
    let Presence::Creating { since, .. } = ledger.presence else {
        return Err(impossible("a creation's outcome", &ledger));
    };
    let operation = accepted.map(|(_, operation)| operation.clone());
    Ok(awaiting(ledger, Presence::Creating { since, operation }, accepted))
}

fn removal(ledger: Ledger, accepted: Accepted<'_>) -> Result<Ledger, Impossible> {
    let Presence::Removing { since, .. } = ledger.presence else {
        return Err(impossible("a removal's outcome", &ledger));
    };
    let operation = accepted.map(|(_, operation)| operation.clone());
    Ok(awaiting(ledger, Presence::Removing { since, operation }, accepted))
}

fn awaiting(ledger: Ledger, presence: Presence, accepted: Accepted<'_>) -> Ledger {
    Ledger { presence, accepted_at: accepted.map(|(at, _)| at), ..ledger }
}

impl Presence {
    /// The state's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "absent",
            Self::Creating { .. } => "creating",
            Self::Present { .. } => "present",
            Self::Removing { .. } => "removing",
        }
    }
}
