//! What is to be done about a tuple now, and when next. Planning only: whoever executes records what
//! came of it.

use chrono::TimeDelta;

use super::evolve::AT_ONCE;
use super::{Absence, Ledger, Presence};
use crate::ids::OperationId;
use crate::mutants::{Mutant, on};
use crate::time::{Instant, LATE_CREATION_WATCH, LISTING_GRACE, REMOVAL_OVERDUE};

/// How long after its end a holder is made to leave although its request did not do it.
pub const HOLDER_BACKSTOP: TimeDelta = TimeDelta::seconds(30);
/// How long a removal waits before it is repeated while the account is out of reach.
pub const BLOCKED_RETRY: TimeDelta = TimeDelta::hours(1);
/// How often to see whether an account is back in reach; that costs no call to AWS.
pub const REACH_CHECK: TimeDelta = TimeDelta::minutes(5);
/// Requests drive their tuple themselves; the sweep takes over when one has not for this long.
const SWEEP_BACKSTOP: TimeDelta = TimeDelta::seconds(30);
/// How often it is looked for while it is watched for a late creation: what lands late is not to give
/// access for long.
const WATCH_EVERY: TimeDelta = TimeDelta::minutes(3);
/// How long whoever had a creation accepted may take to record that.
const UNTIL_RECORDED: TimeDelta = TimeDelta::seconds(7);
const LONGEST_RETRY: TimeDelta = TimeDelta::seconds(60);
const SHORTEST_RETRY: TimeDelta = TimeDelta::seconds(1);

/// The next thing to do about a tuple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerStep {
    /// Holders are past their end and their requests did not take them out.
    LeaveOverdue,
    /// Somebody else removed it: these requests have to end.
    EndHolders,
    Create,
    AwaitCreation(OperationId),
    Delete,
    AwaitRemoval(OperationId),
    /// The removal takes longer than it may.
    AlarmOverdue,
    /// Look again whether it is gone.
    ConfirmAbsence,
    /// It was proven that nothing can be there, and it was watched long enough.
    EndWatch,
    /// Nothing before this instant.
    Wait(Instant),
    /// The account is out of reach. Nothing before this instant, unless it is known to be back.
    WaitBlocked(Instant),
    /// Nothing.
    Rest,
}

/// What is to be done now.
pub fn plan(ledger: &Ledger, now: Instant) -> LedgerStep {
    if ledger.is_overstayed(now) && !on(Mutant::NeedsTheRequest) {
        return LedgerStep::LeaveOverdue;
    }
    let long = |trouble: &super::Trouble| now >= trouble.since + TimeDelta::seconds(93);
    if on(Mutant::GivesUpRemoving) && ledger.trouble.as_ref().is_some_and(long) {
        return LedgerStep::Rest;
    }
    if overdue_at(ledger).is_some_and(|at| at <= now) {
        return LedgerStep::AlarmOverdue;
    }
    match &ledger.presence {
        Presence::Creating { operation: None, .. } => LedgerStep::Create,
        Presence::Creating { operation: Some(id), .. } => LedgerStep::AwaitCreation(id.clone()),
        Presence::Removing { operation, .. } => match (blocked_until(ledger), operation) {
            (Some(at), _) if now < at => LedgerStep::WaitBlocked(at),
            (_, None) => LedgerStep::Delete,
            (_, Some(id)) => LedgerStep::AwaitRemoval(id.clone()),
        },
        Presence::Present { vanished_at: Some(_), .. } => LedgerStep::EndHolders,
        Presence::Present { vanished_at: None, .. } => {
            backstop(ledger).map_or(LedgerStep::Rest, LedgerStep::Wait)
        }
        Presence::Absent { absence } => match (next_look(ledger), blocked_until(ledger)) {
            (None, _) => LedgerStep::Rest,
            (Some(at), _) if now < at => LedgerStep::Wait(at),
            (Some(_), Some(at)) if now < at => LedgerStep::WaitBlocked(at),
            // A look at what does not exist any more may fail for ever.
            (Some(_), _) if is_proven(ledger, *absence) => LedgerStep::EndWatch,
            (Some(_), _) => LedgerStep::ConfirmAbsence,
        },
    }
}

fn is_proven(ledger: &Ledger, absence: Absence) -> bool {
    ledger.absence_proof.is_some() && matches!(absence, Absence::Confirmed { .. })
}

/// When somebody must come and settle the tuple at the latest; `None` when nothing is left to do.
pub fn due(ledger: &Ledger) -> Option<Instant> {
    let own = match &ledger.presence {
        Presence::Creating { since, .. } => Some(*since + SWEEP_BACKSTOP),
        Presence::Removing { since, .. } => Some(reach_check(ledger).unwrap_or(*since + SWEEP_BACKSTOP)),
        Presence::Present { vanished_at, .. } => *vanished_at,
        Presence::Absent { .. } => {
            next_look(ledger).map(|at| reach_check(ledger).map_or(at, |check| check.max(at)))
        }
    };
    own.into_iter().chain(overdue_at(ledger)).chain(backstop(ledger)).min()
}

/// When somebody else than who recorded that a creation follows may send it; `None` if that one is not awaited,
/// because trouble tells that it tried. It is late enough for what was accepted at once to be recorded by then, if the
/// store takes seconds for it.
pub fn taken_up_at(ledger: &Ledger) -> Option<Instant> {
    match &ledger.presence {
        Presence::Creating { since, operation: None } if ledger.trouble.is_none() => {
            Some(*since + AT_ONCE + UNTIL_RECORDED)
        }
        Presence::Creating { .. }
        | Presence::Absent { .. }
        | Presence::Present { .. }
        | Presence::Removing { .. } => None,
    }
}

/// When people are to be alarmed of a removal that does not succeed; `None` where they were, or nothing
/// is being removed.
pub(super) fn overdue_at(ledger: &Ledger) -> Option<Instant> {
    match &ledger.presence {
        Presence::Removing { .. } if on(Mutant::SoundsNoAlarm) => None,
        Presence::Removing { since, .. } if ledger.overdue_since.is_none() => {
            Some(ledger.over_at.unwrap_or(*since) + REMOVAL_OVERDUE)
        }
        Presence::Removing { .. }
        | Presence::Absent { .. }
        | Presence::Creating { .. }
        | Presence::Present { .. } => None,
    }
}

/// Where the account is out of reach: from when on to see whether it is back.
fn reach_check(ledger: &Ledger) -> Option<Instant> {
    ledger.trouble.as_ref()?.tried_at.map(|at| at + REACH_CHECK)
}

/// Where the account is out of reach: when it is tried again.
fn blocked_until(ledger: &Ledger) -> Option<Instant> {
    ledger.trouble.as_ref()?.tried_at.map(|at| at + BLOCKED_RETRY)
}

fn backstop(ledger: &Ledger) -> Option<Instant> {
    ledger.holders.values().min().map(|ends_at| *ends_at + HOLDER_BACKSTOP)
}

/// When to look next whether what was removed is still gone.
pub(super) fn next_look(ledger: &Ledger) -> Option<Instant> {
    let Presence::Absent { absence } = &ledger.presence else { return None };
    match absence {
        Absence::Unwatched => None,
        Absence::Observed { at } => Some(*at + LISTING_GRACE),
        // What does not exist any more need not be looked for.
        Absence::Confirmed { at } if ledger.absence_proof.is_some() => Some(*at + LATE_CREATION_WATCH),
        Absence::Confirmed { at } => {
            let seen_gone_at = ledger.watched_at.unwrap_or(*at + LISTING_GRACE);
            Some((seen_gone_at + WATCH_EVERY).min(*at + LATE_CREATION_WATCH))
        }
    }
}

/// How long to wait before repeating, before jitter: a quarter of the time it has taken so far, so
/// that it backs off exponentially without anything to remember; from 1 to 60 seconds.
pub fn back_off(since: Instant, now: Instant) -> TimeDelta {
    ((now - since) / 4).clamp(SHORTEST_RETRY, LONGEST_RETRY)
}

/// How long to wait before repeating what is to be done about a tuple, before jitter: it backs off, or is
/// an hour where the account is out of reach.
pub fn retry_after(ledger: &Ledger, now: Instant) -> TimeDelta {
    if blocked_until(ledger).is_some() {
        return BLOCKED_RETRY;
    }
    let since = match &ledger.presence {
        Presence::Creating { since, .. } | Presence::Removing { since, .. } => *since,
        Presence::Absent { .. } => next_look(ledger).unwrap_or(now),
        Presence::Present { .. } => now,
    };
    back_off(since, now)
}
