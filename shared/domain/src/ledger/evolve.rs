use super::{Absence, Ledger, LedgerEvent, Ownership, Presence, Trouble};
use crate::ids::OperationId;
use crate::time::Instant;

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
/// [`Impossible`] if the event cannot follow: the stream is damaged, or written by other rules.
pub fn evolve(ledger: Ledger, at: Instant, event: &LedgerEvent) -> Result<Ledger, Impossible> {
    use LedgerEvent as E;
    match event {
        E::HolderJoined { request, ends_at } => {
            let mut ledger = ledger;
            ledger.holders.insert(*request, *ends_at);
            ledger.held_since = ledger.held_since.or(Some(at));
            ledger.drift_since = None;
            Ok(ledger)
        }
        E::HolderLeft { request } => {
            let mut ledger = ledger;
            ledger.holders.remove(request).ok_or_else(|| impossible("holder-left", &ledger))?;
            if ledger.holders.is_empty() {
                ledger.held_since = None;
            }
            Ok(ledger)
        }
        E::CreationStarted {} => Ok(settled(ledger, Presence::Creating { since: at, operation: None })),
        E::FoundPresent {} => Ok(settled(ledger, present(Ownership::PreExisting, at))),
        E::PresenceObserved {} => presence_observed(ledger, at),
        E::VanishingObserved {} => vanishing_observed(ledger, at),
        E::CreationAccepted { operation } => creation(ledger, Some(operation)),
        E::CreationFailed { code, detail } => creation(troubled(ledger, at, code, detail), None),
        E::RemovalAccepted { operation } => removal(ledger, Some(operation)),
        E::RemovalFailed { code, detail } => removal(troubled(ledger, at, code, detail), None),
        E::TroubleNoted { code, detail } => Ok(troubled(ledger, at, code, detail)),
        E::RemovalStarted { .. } => {
            let mut ledger = settled(ledger, Presence::Removing { since: at, operation: None });
            ledger.last_removal_at = Some(at);
            Ok(ledger)
        }
        E::Released {} => Ok(Ledger { last_release_at: Some(at), ..unwatched(ledger) }),
        E::WatchEnded {} => Ok(unwatched(ledger)),
        E::AbsenceObserved {} => Ok(gone(ledger, at, Absence::Observed { at })),
        E::AbsenceConfirmed {} => confirmed(ledger),
        E::AbsenceProven { .. } => Ok(gone(ledger, at, Absence::Confirmed { at })),
        E::DriftFound {} => Ok(Ledger { drift_since: Some(at), ..ledger }),
        E::DriftGone {} => Ok(Ledger { drift_since: None, ..ledger }),
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
    Ledger { presence, trouble: None, ..ledger }
}

fn unwatched(ledger: Ledger) -> Ledger {
    settled(ledger, Presence::Absent { absence: Absence::Unwatched })
}

fn gone(ledger: Ledger, at: Instant, absence: Absence) -> Ledger {
    Ledger { last_absent_at: Some(at), ..settled(ledger, Presence::Absent { absence }) }
}

fn troubled(ledger: Ledger, at: Instant, code: &str, detail: &str) -> Ledger {
    let since = match &ledger.trouble {
        Some(trouble) if trouble.code == code => trouble.since,
        Some(_) | None => at,
    };
    let trouble = Trouble { code: code.to_owned(), detail: detail.to_owned(), since };
    Ledger { trouble: Some(trouble), ..ledger }
}

fn confirmed(ledger: Ledger) -> Result<Ledger, Impossible> {
    let Presence::Absent { absence: Absence::Observed { at } } = ledger.presence else {
        return Err(impossible("absence-confirmed", &ledger));
    };
    Ok(settled(ledger, Presence::Absent { absence: Absence::Confirmed { at } }))
}

fn presence_observed(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let ownership = match &ledger.presence {
        Presence::Creating { .. } => Ownership::Owned,
        Presence::Present { ownership, .. } => *ownership,
        Presence::Absent { .. } | Presence::Removing { .. } => {
            return Err(impossible("presence-observed", &ledger));
        }
    };
    Ok(settled(ledger, present(ownership, at)))
}

fn vanishing_observed(ledger: Ledger, at: Instant) -> Result<Ledger, Impossible> {
    let Presence::Present { ownership, observed_at, .. } = ledger.presence else {
        return Err(impossible("vanishing-observed", &ledger));
    };
    Ok(settled(ledger, Presence::Present { ownership, observed_at, vanished_at: Some(at) }))
}

fn creation(ledger: Ledger, operation: Option<&OperationId>) -> Result<Ledger, Impossible> {
    let Presence::Creating { since, .. } = ledger.presence else {
        return Err(impossible("a creation's outcome", &ledger));
    };
    Ok(Ledger { presence: Presence::Creating { since, operation: operation.cloned() }, ..ledger })
}

fn removal(ledger: Ledger, operation: Option<&OperationId>) -> Result<Ledger, Impossible> {
    let Presence::Removing { since, .. } = ledger.presence else {
        return Err(impossible("a removal's outcome", &ledger));
    };
    Ok(Ledger { presence: Presence::Removing { since, operation: operation.cloned() }, ..ledger })
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
