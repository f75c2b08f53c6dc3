//! What must hold while nothing goes wrong: access appears when it should, is there while it should be,
//! and ends within 60 seconds.
//!
//! What the last storm did not touch is held to it from the storm's last second on: an assignment whose
//! ledger rested then, and which no approved request was about. For the rest things may be settling for
//! a while.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger;
use kari_domain::request::{AccessRequest, EndCause};
use kari_domain::time::{Instant, LISTING_GRACE};
use kari_embedded::identity_center::By;

use super::{RequestWatch, Watch};

/// How long after a storm what it touched may still be settling: held-up calls and late creations land
/// within 12 minutes and a half. A creation that landed just after the second look that found nothing
/// is found by the last one, 13 minutes later.
const SETTLING: TimeDelta = TimeDelta::minutes(26);
/// The promise: from the end of the window, or from the moment somebody revokes.
const GONE_WITHIN: TimeDelta = TimeDelta::seconds(60);
/// Where the request cannot be read, a sweep takes it out of the ledger.
const POISONED_GONE_WITHIN: TimeDelta = TimeDelta::minutes(7);
/// Closing needs a second look two minutes after the first.
const CLOSED_WITHIN: TimeDelta = TimeDelta::minutes(3);
/// Nobody is woken for an end that a comparison found necessary: its second look waits for the second
/// sweep, and they are five minutes apart. That a permission set does not exist is found out by a sync,
/// and they are ten minutes apart.
const CLOSED_BY_SWEEPS_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// Nobody is woken for a lapse: it waits for the next sweep, at most five minutes.
const LAPSED_WITHIN: TimeDelta = TimeDelta::minutes(6);
/// From the start, or the approval, until access is there.
const BEGUN_WITHIN: TimeDelta = TimeDelta::minutes(1);
/// Where the storm may have swallowed the word that something was approved: nobody is woken for its start, and
/// it waits for the next sweep, at most five minutes.
const BEGUN_BY_SWEEPS_WITHIN: TimeDelta = TimeDelta::minutes(6);
/// What is due is done by the third sweep at the latest: those before may meet Identity Center's limits.
const MOVED_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// From joining until access is there, or creating it was given up for this holder.
const CREATED_WITHIN: TimeDelta = TimeDelta::minutes(16);
/// How long until a comparison finds out what happened behind our back.
pub(super) const FOUND_OUT_WITHIN: TimeDelta = TimeDelta::minutes(25);

impl Watch {
    /// Faults begin (`false`) or end (`true`).
    pub fn set_calm(&mut self, calm: bool) {
        self.calm_since = calm.then_some(self.now);
        self.settling = if calm { self.touched() } else { BTreeSet::new() };
        self.tell(|| format!("calm: {calm}"));
    }

    /// The assignments that something is under way for.
    fn touched(&self) -> BTreeSet<Tuple> {
        let restless =
            self.ledgers.iter().filter(|(_, known)| !known.rests()).map(|(tuple, _)| tuple.clone());
        let under_way = self.requests.values().filter(|request| request.needs_identity_center());
        restless.chain(under_way.map(|request| request.tuple.clone())).collect()
    }

    /// What has come to rest since the storm is held to everything again.
    fn leave_what_rests(&mut self) {
        if !self.settling.is_empty() {
            let touched = self.touched();
            self.settling.retain(|tuple| touched.contains(tuple));
        }
    }

    /// Whether nothing has gone wrong for long enough.
    pub fn is_strict(&self) -> bool {
        self.calm_since.is_some_and(|since| self.settling.is_empty() || self.now >= since + SETTLING)
    }

    /// Whether nothing has gone wrong since this instant.
    pub(super) fn calm_since(&self, then: Instant) -> bool {
        self.calm_since.is_some_and(|since| since <= then)
    }

    /// Whether the last storm has nothing to do with this any more.
    fn is_settled(&self, tuple: &Tuple) -> bool {
        self.is_strict() || self.is_calm() && !self.settling.contains(tuple)
    }

    pub(super) fn check_strictly(&mut self) {
        if !self.is_calm() {
            return;
        }
        self.leave_what_rests();
        let leftovers = self.truth.present().filter(|(_, stay)| stay.created_by == By::Kari);
        let leftover = leftovers
            .map(|(tuple, _)| tuple)
            .find(|tuple| self.is_settled(tuple) && !self.is_blocked(tuple) && !self.is_wanted(tuple));
        if let Some(tuple) = leftover {
            self.violate("access is gone 60 seconds after its end", format!("{tuple:?}"));
        }
        let faults: Vec<_> = self
            .requests
            .iter()
            .filter_map(|(id, request)| Some((self.fault_of(*id, request)?, *id)))
            .collect();
        for (rule, id) in faults {
            self.violate(rule, format!("{id} {}", self.requests[&id].state.name()));
        }
        self.check_ledgers_move();
        self.check_alarms();
        if self.calm_since(self.now - SETTLING) {
            self.check_drift_is_reported();
        }
    }

    /// Somebody is or was until a moment ago inside their window.
    fn is_wanted(&self, tuple: &Tuple) -> bool {
        self.requests.iter().filter(|(_, request)| request.tuple == *tuple).any(|(id, request)| {
            let Some(window) = request.window else { return self.is_held_by_unreadable(tuple, *id) };
            let ended = match &request.state {
                AccessRequest::Ending(state) => Some(state.started_at),
                AccessRequest::Closed(_) => Some(request.since),
                AccessRequest::Absent
                | AccessRequest::Pending(_)
                | AccessRequest::Approved(_)
                | AccessRequest::Activating(_)
                | AccessRequest::Active(_) => None,
            };
            let poisoned = self.poisoned.contains(id);
            let until = [Some(window.expires_at), ended, request.revoked_at()].into_iter().flatten().min();
            let patience = if poisoned { POISONED_GONE_WITHIN } else { GONE_WITHIN };
            until.is_some_and(|until| self.now <= until + patience)
        })
    }

    /// Nobody can read when the window of this request ends; its ledger says so.
    fn is_held_by_unreadable(&self, tuple: &Tuple, id: RequestId) -> bool {
        let ends_at = self.ledgers.get(tuple).and_then(|known| known.ledger.holders.get(&id));
        self.poisoned.contains(&id) && ends_at.is_some_and(|at| self.now <= *at + POISONED_GONE_WITHIN)
    }

    /// What is wrong with a request, if anything is.
    fn fault_of(&self, id: RequestId, request: &RequestWatch) -> Option<&'static str> {
        let tuple = &request.tuple;
        if request.is_closed() || self.poisoned.contains(&id) || !self.is_settled(tuple) {
            return None;
        }
        if self.hides_its_trouble(request) {
            return Some("what is blocked says so");
        }
        if self.is_blocked(tuple) {
            return None;
        }
        let tampered = self.ledgers.get(tuple).is_some_and(|known| known.tampered_at.is_some());
        let age = self.now - request.since;
        // Nothing can be assigned where nothing is; the next comparison finds out.
        let exists = self.exists(tuple);
        match &request.state {
            AccessRequest::Absent | AccessRequest::Closed(_) => None,
            AccessRequest::Pending(state) => {
                let due = self.calm_since.max(Some(state.asked.submission.lapses_at));
                let late = due.is_some_and(|due| self.now > due + LAPSED_WITHIN);
                late.then_some("what nobody reviews lapses")
            }
            AccessRequest::Approved(state) => {
                let start = state.asked.submission.start.unwrap_or(state.approved_at).max(state.approved_at);
                let waits = self.ledgers.get(tuple).is_some_and(|known| is_busy(&known.ledger));
                let woken = self.calm_since(state.approved_at);
                let within = if woken { BEGUN_WITHIN } else { BEGUN_BY_SWEEPS_WITHIN };
                let lacking = self.lacked_policies_since(self.now - within);
                (self.now > start + within && !waits && !lacking && exists && age > within)
                    .then_some("what is approved begins")
            }
            AccessRequest::Activating(_) => {
                // What others removed a moment after it was seen is believed to be there for a listing grace.
                let within = if tampered { BEGUN_WITHIN + LISTING_GRACE } else { BEGUN_WITHIN };
                (age > within && exists).then_some("what begins becomes active")
            }
            AccessRequest::Active(state) => {
                let window = state.grant.window;
                if self.now > window.expires_at + GONE_WITHIN {
                    Some("what is over ends")
                } else if request.revoked_at().is_some_and(|at| self.now > at + GONE_WITHIN) {
                    Some("what is revoked ends")
                } else if self.long_disabled(tuple) {
                    Some("nobody disabled keeps a grant")
                } else {
                    let missing =
                        !tampered && exists && self.now < window.expires_at && !self.truth.is_present(tuple);
                    missing.then_some("who is inside their window has access")
                }
            }
            AccessRequest::Ending(state) => {
                // What others made meanwhile is taken for ours, and removed first, by whoever searches or sweeps.
                let removed_at = self.ledgers.get(tuple).and_then(|known| known.ledger.last_removal_at);
                let since = removed_at.map_or(request.since, |at| at.max(request.since));
                let alone = exists && since == request.since;
                let within = if alone { closed_within(&state.cause) } else { CLOSED_BY_SWEEPS_WITHIN };
                (self.now > since + within).then_some("what ends closes")
            }
        }
    }

    /// The requester has been disabled or gone for so long that it must have been found out.
    fn long_disabled(&self, tuple: &Tuple) -> bool {
        let disabled = self.organization().users.get(&tuple.principal).is_none_or(|user| !user.enabled);
        disabled
            && self
                .disabled_since
                .get(&tuple.principal)
                .is_some_and(|since| self.now > *since + FOUND_OUT_WITHIN)
    }

    fn check_ledgers_move(&mut self) {
        let now = self.now;
        let stuck = self.ledgers.iter().find(|(tuple, known)| {
            let due = ledger::due(&known.ledger);
            let parked = known.ledger.holders.keys().any(|holder| self.poisoned.contains(holder));
            let late = due.is_some_and(|due| now > due + MOVED_WITHIN);
            // Each holder may try for so long; whoever joins last, last.
            let tried = known.creates_for().is_some_and(|joined| now <= joined + CREATED_WITHIN);
            late && !tried && self.is_settled(tuple) && !self.is_blocked(tuple) && !parked
        });
        if let Some((tuple, known)) = stuck {
            let detail = format!("{tuple:?} {:?}", known.ledger);
            self.violate("ledgers move on", detail);
        }
    }
}

fn closed_within(cause: &EndCause) -> TimeDelta {
    match cause {
        EndCause::Expired | EndCause::Revoked { .. } | EndCause::ActivationFailed { .. } => CLOSED_WITHIN,
        EndCause::RemovedOutOfBand | EndCause::RequesterDisabled | EndCause::Drained => {
            CLOSED_BY_SWEEPS_WITHIN
        }
    }
}

fn is_busy(ledger: &ledger::Ledger) -> bool {
    !matches!(ledger.presence, ledger::Presence::Absent { absence: ledger::Absence::Unwatched })
}
