//! What is to be done about a request now, and why. Planning only: the application executes one step,
//! records what came of it, and asks again.

use super::command::Ending;
use super::decide::{activation_deadline, activation_due_at};
use super::event::Evidence;
use super::state::{AccessRequest, Activating, Active, Approved, EndingState};
use crate::ids::RequestId;
use crate::ledger::{Absence, Ledger, Presence, Trouble, TroubleCode};
use crate::mutants::{Mutant, on};
use crate::time::{Instant, LISTING_GRACE, Minutes, REMOVAL_OVERDUE};

/// Why a request waits. The state machine's waits are named after these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    AwaitReview,
    WaitForStart,
    AwaitActivation,
    HoldUntilExpiry,
    AwaitRemoval,
}

/// The next step of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is over, or was never submitted.
    Rest,
    /// Nothing before this instant.
    Wait(Instant, Why),
    Lapse,
    /// Evaluate afresh, then join the tuple.
    Activate,
    /// Drive the tuple towards what its ledger wants, then ask again.
    Settle(Why),
    /// Look whether the assignment that the ledger says is present really is.
    VerifyPresence,
    ObserveActive,
    WarnOfExpiry,
    StartEnd(Ending),
    AlarmOverdue,
    MarkBlocked {
        code: TroubleCode,
        detail: String,
    },
    Close {
        evidence: Evidence,
        gone_at: Instant,
    },
}

/// When somebody must call `advance` at the latest; `None` when nothing is left to do. An instant in
/// the past means: now.
pub fn due(request: &AccessRequest, warning: Minutes) -> Option<Instant> {
    match request {
        AccessRequest::Absent | AccessRequest::Closed(_) => None,
        AccessRequest::Pending(state) => Some(state.asked.submission.lapses_at),
        AccessRequest::Approved(state) => Some(activation_due_at(state)),
        AccessRequest::Activating(state) => Some(state.started_at),
        AccessRequest::Active(state) => match &state.revocation {
            Some(revocation) => Some(revocation.at),
            None => Some(next_instant(state, warning)),
        },
        AccessRequest::Ending(state) => Some(state.started_at),
    }
}

/// What is to be done now, given the ledger of the request's tuple.
pub fn plan(request: &AccessRequest, ledger: &Ledger, warning: Minutes, now: Instant) -> Step {
    match request {
        AccessRequest::Absent | AccessRequest::Closed(_) => Step::Rest,
        AccessRequest::Pending(state) => {
            wait_or(state.asked.submission.lapses_at, now, Why::AwaitReview, || Step::Lapse)
        }
        AccessRequest::Approved(state) => plan_approved(state, ledger, now),
        AccessRequest::Activating(state) => plan_activating(state, ledger, now),
        AccessRequest::Active(state) => plan_active(state, ledger, warning, now),
        AccessRequest::Ending(state) => plan_ending(state, ledger, now),
    }
}

fn wait_or(at: Instant, now: Instant, why: Why, step: impl FnOnce() -> Step) -> Step {
    if now < at { Step::Wait(at, why) } else { step() }
}

fn plan_approved(state: &Approved, ledger: &Ledger, now: Instant) -> Step {
    wait_or(activation_due_at(state), now, Why::WaitForStart, || {
        let leftover = ledger.is_overstayed(now)
            || match &ledger.presence {
                Presence::Removing { .. } => true,
                Presence::Present { vanished_at, .. } => vanished_at.is_some(),
                Presence::Absent { .. } | Presence::Creating { .. } => false,
            };
        // An earlier assignment has to go first; too late is decided by the activation itself.
        if leftover && now < activation_deadline(state) {
            Step::Settle(Why::WaitForStart)
        } else {
            Step::Activate
        }
    })
}

fn plan_activating(state: &Activating, ledger: &Ledger, now: Instant) -> Step {
    if state.revocation.is_some() {
        return Step::StartEnd(Ending::Revocation);
    }
    if now >= state.deadline {
        return Step::StartEnd(deadline_failure(ledger.trouble.as_ref()));
    }
    if !holds(ledger, state.grant.asked.submission.id) {
        return Step::StartEnd(Ending::RemovedOutOfBand);
    }
    match &ledger.presence {
        Presence::Present { vanished_at: Some(_), .. } => Step::StartEnd(Ending::RemovedOutOfBand),
        // *Active* means observed: a look from before this grant proves nothing.
        Presence::Present { observed_at, .. } if *observed_at >= state.started_at => Step::ObserveActive,
        Presence::Present { .. } => Step::VerifyPresence,
        Presence::Creating { .. } => match &ledger.trouble {
            Some(trouble) if is_final(trouble) => Step::StartEnd(failure(trouble)),
            Some(_) | None => Step::Settle(Why::AwaitActivation),
        },
        Presence::Absent { .. } | Presence::Removing { .. } => Step::Settle(Why::AwaitActivation),
    }
}

fn plan_active(state: &Active, ledger: &Ledger, warning: Minutes, now: Instant) -> Step {
    let held = holds(ledger, state.grant.asked.submission.id);
    let vanished = matches!(ledger.presence, Presence::Present { vanished_at: Some(_), .. });
    if state.revocation.is_some() {
        Step::StartEnd(Ending::Revocation)
    } else if now >= state.grant.window.expires_at {
        Step::StartEnd(Ending::Expiry)
    } else if vanished || !held {
        Step::StartEnd(Ending::RemovedOutOfBand)
    } else {
        let at = next_instant(state, warning);
        wait_or(at, now, Why::HoldUntilExpiry, || Step::WarnOfExpiry)
    }
}

/// The warning, if there is one to come, or else the end. Windows under twice the warning, and in any
/// case under 30 minutes, have none.
fn next_instant(state: &Active, warning: Minutes) -> Instant {
    let window = state.grant.window;
    let length = window.expires_at - window.starts_at;
    let short = length < Minutes(30).delta() || length < warning.delta() * 2;
    if state.warned || short { window.expires_at } else { window.expires_at - warning.delta() }
}

fn plan_ending(state: &EndingState, ledger: &Ledger, now: Instant) -> Step {
    let gone = evidence(state.grant.asked.submission.id, ledger, now);
    match &ledger.trouble {
        Some(trouble) if gone.is_none() && trouble.code.blocks() && !known_blocked(state, trouble) => {
            return Step::MarkBlocked { code: trouble.code, detail: trouble.detail.clone() };
        }
        Some(_) | None => {}
    }
    // NB. Before it closes: that access is gone by now does not undo that it was there for too long.
    if alarm_at(state, ledger).is_some_and(|at| at <= now) {
        return Step::AlarmOverdue;
    }
    match gone {
        Some((evidence, gone_at)) => Step::Close { evidence, gone_at },
        None => Step::Settle(Why::AwaitRemoval),
    }
}

/// When people are to be alarmed of an end that was not observed in time; `None` where they were, or access
/// was seen gone in time, or is not to go.
fn alarm_at(state: &EndingState, ledger: &Ledger) -> Option<Instant> {
    if state.overdue || on(Mutant::SoundsNoAlarm) {
        return None;
    }
    let overdue = state.over_at() + REMOVAL_OVERDUE;
    let in_time = |at: &Instant| *at < overdue;
    match &ledger.presence {
        _ if is_held_by_another(ledger, state.grant.asked.submission.id) => None,
        // It is given the time for its second look, from when the end was noticed.
        Presence::Absent { absence: Absence::Observed { at } } if in_time(at) => {
            Some((*at + LISTING_GRACE).max(state.started_at) + REMOVAL_OVERDUE)
        }
        Presence::Absent { absence: Absence::Confirmed { at } } if in_time(at) => None,
        Presence::Absent { absence: Absence::Unwatched }
            if ledger.was_released() || ledger.last_absent_at.as_ref().is_some_and(in_time) =>
        {
            None
        }
        Presence::Absent { .. }
        | Presence::Creating { .. }
        | Presence::Present { .. }
        | Presence::Removing { .. } => Some(overdue),
    }
}

/// The next instant at which a request that waits for its tuple wants to be asked, whatever the tuple
/// waits for.
pub fn deadline(request: &AccessRequest, ledger: &Ledger) -> Option<Instant> {
    match request {
        AccessRequest::Approved(state) => Some(activation_deadline(state)),
        AccessRequest::Activating(state) => Some(state.deadline),
        AccessRequest::Ending(state) => alarm_at(state, ledger),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Active(_)
        | AccessRequest::Closed(_) => None,
    }
}

/// How the ledger shows that a grant's access is over; `None` if it does not yet.
fn evidence(id: RequestId, ledger: &Ledger, now: Instant) -> Option<(Evidence, Instant)> {
    if is_held_by_another(ledger, id) {
        return Some((Evidence::HeldByAnother, now));
    }
    match &ledger.presence {
        Presence::Absent { absence: Absence::Confirmed { at } } => Some((seen_or_proven(ledger, *at), *at)),
        Presence::Absent { absence: Absence::Unwatched } if ledger.was_released() => {
            // It need not be there still: others may have removed it before.
            let gone = |at| (Evidence::ObservedGone { at }, at);
            Some(ledger.missing_at_release.map_or((Evidence::PreExisting, now), gone))
        }
        // NB. What was never seen gone is not gone: without an instant there is no evidence.
        Presence::Absent { absence: Absence::Unwatched } => {
            ledger.last_absent_at.map(|at| (seen_or_proven(ledger, at), at))
        }
        Presence::Absent { absence: Absence::Observed { .. } }
        | Presence::Creating { .. }
        | Presence::Present { .. }
        | Presence::Removing { .. } => None,
    }
}

fn seen_or_proven(ledger: &Ledger, at: Instant) -> Evidence {
    match ledger.absence_proof {
        Some(proof) => Evidence::ProvenAbsent { proof },
        None => Evidence::ObservedGone { at },
    }
}

fn holds(ledger: &Ledger, request: RequestId) -> bool {
    ledger.holders.contains_key(&request)
}

fn is_held_by_another(ledger: &Ledger, request: RequestId) -> bool {
    ledger.holders.keys().any(|holder| *holder != request)
}

fn known_blocked(state: &EndingState, trouble: &Trouble) -> bool {
    state.blocked.as_ref().is_some_and(|(code, _)| *code == trouble.code)
}

/// Trouble that repeating cannot mend.
fn is_final(trouble: &Trouble) -> bool {
    let conflict = on(Mutant::ConflictIsFinal) && trouble.code == TroubleCode::Conflict;
    matches!(trouble.code, TroubleCode::AccessDenied | TroubleCode::Invalid)
        || trouble.code.blocks()
        || conflict
}

fn failure(trouble: &Trouble) -> Ending {
    Ending::ActivationFailure { code: trouble.code, detail: trouble.detail.clone() }
}

fn deadline_failure(trouble: Option<&Trouble>) -> Ending {
    let detail = trouble.map(|trouble| format!("{} {}", trouble.code, trouble.detail).trim_end().to_owned());
    Ending::ActivationFailure { code: TroubleCode::ActivationDeadline, detail: detail.unwrap_or_default() }
}
