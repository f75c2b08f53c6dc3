//! What may be recorded about a tuple, decided from its ledger alone. An empty answer means that
//! nothing changes.

use super::{Absence, Ledger, LedgerEvent, Ownership, Presence, RemovalReason, TroubleCode};
use crate::ids::RequestId;
use crate::mutants::{Mutant, on};
use crate::time::{Instant, LATE_CREATION_WATCH, LISTING_GRACE};

/// How many requests may hold one tuple at a time.
pub const MOST_HOLDERS: usize = 20;

/// What the look just before joining showed, where one is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// No look was made.
    Not,
    Listed,
    NotListed,
}

/// Why a request cannot join a tuple yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MustWait {
    /// The ledger does not know the tuple: look whether it is there before us.
    #[error("look first whether the assignment exists")]
    ForLook,
    /// An earlier assignment is being removed; wait until it is absent.
    #[error("wait until the earlier assignment is gone")]
    ForRemoval,
    #[error("wait until one of the many grants of this access has ended")]
    ForHolders,
    /// A grant that is over still holds it: joining would cover up that its access ends late.
    #[error("wait until the grant that is over has left")]
    ForLeaving,
}

impl MustWait {
    /// Whether nothing but what others do can let the request join.
    pub fn is_for_others(self) -> bool {
        match self {
            Self::ForRemoval | Self::ForHolders | Self::ForLeaving => true,
            Self::ForLook => false,
        }
    }
}

/// A request joins the tuple now, until `ends_at`. Ownership is decided here, once.
///
/// # Errors
/// [`MustWait`] if it has to come back later or with a look.
pub fn join(
    ledger: &Ledger,
    request: RequestId,
    ends_at: Instant,
    looked: Looked,
    now: Instant,
) -> Result<Vec<LedgerEvent>, MustWait> {
    if ledger.holders.contains_key(&request) {
        return Ok(vec![]);
    }
    if ledger.holders.len() >= MOST_HOLDERS {
        return Err(MustWait::ForHolders);
    }
    if ledger.is_overstayed(now) {
        return Err(MustWait::ForLeaving);
    }
    let joined = LedgerEvent::HolderJoined { request, ends_at };
    match (&ledger.presence, looked) {
        (Presence::Absent { absence: Absence::Unwatched }, Looked::Not) => Err(MustWait::ForLook),
        (Presence::Absent { absence: Absence::Unwatched }, Looked::Listed)
            if !on(Mutant::OwnsWhatItFinds) =>
        {
            Ok(vec![joined, LedgerEvent::FoundPresent {}])
        }
        // Soon after a removal of ours the ledger outranks what is listed: a late listing, or a late
        // creation of ours, must not make us take our own assignment for somebody else's.
        (Presence::Absent { absence: Absence::Observed { .. } | Absence::Confirmed { .. } }, _)
        | (Presence::Absent { absence: Absence::Unwatched }, Looked::Listed | Looked::NotListed) => {
            Ok(vec![joined, LedgerEvent::CreationStarted {}])
        }
        (Presence::Creating { .. } | Presence::Present { vanished_at: None, .. }, _) => Ok(vec![joined]),
        (Presence::Present { vanished_at: Some(_), .. } | Presence::Removing { .. }, _) => {
            Err(MustWait::ForRemoval)
        }
    }
}

/// A request leaves the tuple. When it was the last holder, what is ours is removed and what was
/// there before us is let be.
pub fn leave(ledger: &Ledger, request: RequestId) -> Vec<LedgerEvent> {
    if !ledger.holders.contains_key(&request) {
        return vec![];
    }
    let left = LedgerEvent::HolderLeft { request };
    if ledger.holders.len() > 1 && on(Mutant::FirstEndRemovesAll) {
        let all = ledger.holders.keys().map(|request| LedgerEvent::HolderLeft { request: *request });
        return all.chain([LedgerEvent::RemovalStarted { reason: RemovalReason::LastHolderLeft }]).collect();
    }
    if ledger.holders.len() > 1 {
        return vec![left];
    }
    match &ledger.presence {
        Presence::Creating { operation: None, .. } if on(Mutant::ForgetsWhatMayLand) => vec![
            left,
            LedgerEvent::RemovalStarted { reason: RemovalReason::LastHolderLeft },
            LedgerEvent::AbsenceObserved {},
            LedgerEvent::AbsenceConfirmed {},
            LedgerEvent::WatchEnded {},
        ],
        Presence::Creating { .. } | Presence::Present { ownership: Ownership::Owned, .. } => {
            vec![left, LedgerEvent::RemovalStarted { reason: RemovalReason::LastHolderLeft }]
        }
        Presence::Present { ownership: Ownership::PreExisting, .. } => vec![left, LedgerEvent::Released {}],
        Presence::Absent { .. } | Presence::Removing { .. } => vec![left],
    }
}

/// Every holder whose end is past by more than the backstop leaves, whatever its request says.
pub fn leave_overdue(ledger: &Ledger, now: Instant) -> Vec<LedgerEvent> {
    let mut ledger = ledger.clone();
    let mut events = vec![];
    let overdue = |(_, ends_at): &(&RequestId, &Instant)| **ends_at + super::HOLDER_BACKSTOP <= now;
    while let Some((request, _)) = ledger.holders.iter().find(overdue) {
        let request = *request;
        events.extend(leave(&ledger, request));
        ledger.holders.remove(&request);
    }
    events
}

/// A look found the assignment, or its creation succeeded.
pub fn observe_present(ledger: &Ledger) -> Vec<LedgerEvent> {
    match &ledger.presence {
        Presence::Creating { .. } | Presence::Present { .. } => vec![LedgerEvent::PresenceObserved {}],
        Presence::Absent { .. } | Presence::Removing { .. } => vec![],
    }
}

/// A look that began at this instant did not find an assignment that the ledger says is present. What was
/// observed since, or too shortly before for listings to show it, outranks the look.
pub fn observe_missing(ledger: &Ledger, looked_at: Instant) -> Vec<LedgerEvent> {
    let Presence::Present { ownership, observed_at, vanished_at: None } = &ledger.presence else {
        return vec![];
    };
    if looked_at < *observed_at + LISTING_GRACE {
        return vec![];
    }
    // A removal may have taken an hour; deletions were sent until it was seen gone.
    let last_deletion = ledger.last_removal_at.max(ledger.last_absent_at);
    let removed_by_us = last_deletion.is_some_and(|at| looked_at < at + LATE_CREATION_WATCH);
    match ownership {
        // A deletion of ours, sent before this creation, may have landed after it: that is no reason
        // to take the access away.
        Ownership::Owned if removed_by_us || on(Mutant::PutsItBack) => vec![LedgerEvent::CreationStarted {}],
        Ownership::Owned | Ownership::PreExisting => vec![LedgerEvent::VanishingObserved {}],
    }
}

/// A look, which began at this instant, some time after a removal: was it gone for good? A look from
/// before it was seen gone says nothing.
pub fn confirm_absence(ledger: &Ledger, looked: Looked, looked_at: Instant) -> Vec<LedgerEvent> {
    let Presence::Absent { absence } = &ledger.presence else {
        return vec![];
    };
    match (absence, looked) {
        (Absence::Observed { at } | Absence::Confirmed { at }, Looked::Listed) if looked_at < *at => vec![],
        // Listings go on showing the assignments of users who do not exist: they give nothing, and
        // removing them fails for ever.
        (Absence::Confirmed { at }, Looked::Listed) if ledger.absence_proof.is_some() => {
            if looked_at >= *at + LATE_CREATION_WATCH { vec![LedgerEvent::WatchEnded {}] } else { vec![] }
        }
        (Absence::Observed { .. } | Absence::Confirmed { .. }, Looked::Listed) => {
            vec![LedgerEvent::RemovalStarted { reason: RemovalReason::LateCreation }]
        }
        (Absence::Observed { at }, Looked::NotListed) if looked_at >= *at + LISTING_GRACE => {
            let watch_ended = on(Mutant::WatchesForNothing).then_some(LedgerEvent::WatchEnded {});
            [LedgerEvent::AbsenceConfirmed {}].into_iter().chain(watch_ended).collect()
        }
        (Absence::Confirmed { at }, Looked::NotListed) if looked_at >= *at + LATE_CREATION_WATCH => {
            vec![LedgerEvent::WatchEnded {}]
        }
        (Absence::Confirmed { .. }, Looked::NotListed)
            if super::plan::next_look(ledger).is_some_and(|at| looked_at >= at) =>
        {
            vec![LedgerEvent::AbsenceConfirmed {}]
        }
        (Absence::Unwatched, _)
        | (Absence::Observed { .. } | Absence::Confirmed { .. }, Looked::Not | Looked::NotListed) => vec![],
    }
}

/// Trouble is recorded when it begins and when its kind changes, not at every repetition; but each of
/// the rare tries where the account is out of reach, for it says when the next one is due.
pub fn note_trouble(ledger: &Ledger, code: TroubleCode, detail: &str) -> Vec<LedgerEvent> {
    let known = ledger.trouble.as_ref().is_some_and(|trouble| trouble.code == code);
    if known && !code.blocks() {
        return vec![];
    }
    vec![LedgerEvent::TroubleNoted { code, detail: detail.to_owned() }]
}

/// A look that began at this instant lists it, and nobody here holds it or is about to: drift, unless it
/// was known, or what was listed was ours and has gone since.
pub fn note_drift(ledger: &Ledger, looked_at: Instant) -> Vec<LedgerEvent> {
    let gone_since = ledger.last_absent_at.max(ledger.missed_at).is_some_and(|at| looked_at < at);
    match &ledger.presence {
        // What was there before us stays after a grant over it, and that is known.
        Presence::Absent { absence: Absence::Unwatched }
            if ledger.drift_since.is_none() && !ledger.was_let_be() && !gone_since =>
        {
            vec![LedgerEvent::DriftFound {}]
        }
        Presence::Absent { .. }
        | Presence::Creating { .. }
        | Presence::Present { .. }
        | Presence::Removing { .. } => vec![],
    }
}

/// A look that began at this instant does not list it. If it was drift, or was let be because it was there
/// before us, that is over: if it comes back it is drift anew.
pub fn note_drift_gone(ledger: &Ledger, looked_at: Instant) -> Vec<LedgerEvent> {
    if ledger.drift_since.max(ledger.last_release_at).is_some_and(|at| looked_at < at) {
        return vec![];
    }
    let unheld = matches!(ledger.presence, Presence::Absent { absence: Absence::Unwatched });
    if on(Mutant::ReportsDriftOnce) {
        return vec![];
    }
    if ledger.drift_since.is_some() || unheld && ledger.was_let_be() {
        vec![LedgerEvent::DriftGone {}]
    } else {
        vec![]
    }
}

/// A removal takes longer than it may: people are alarmed, once.
pub fn note_overdue(ledger: &Ledger, now: Instant) -> Vec<LedgerEvent> {
    match super::plan::overdue_at(ledger) {
        Some(at) if at <= now => vec![LedgerEvent::RemovalOverdue {}],
        Some(_) | None => vec![],
    }
}
