//! What must hold once nothing has gone wrong for a while: access appears when it should, is there
//! while it should be, and ends within 60 seconds.

use chrono::TimeDelta;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::ledger;
use kari_domain::request::AccessRequest;
use kari_embedded::identity_center::By;

use super::{RequestWatch, Watch};

/// How long after the last fault things may still be settling: late creations and held-up calls land
/// within 14 minutes, and what follows from them is found by the next comparison.
const SETTLING: TimeDelta = TimeDelta::minutes(40);
/// The promise.
const GONE_WITHIN: TimeDelta = TimeDelta::seconds(60);
/// How long anything in between may take in calm weather. Closing needs a second look two minutes
/// after the first.
/// What nobody was woken for waits for the next sweep.
const CLOSED_WITHIN: TimeDelta = TimeDelta::minutes(10);
const BEGUN_WITHIN: TimeDelta = TimeDelta::minutes(8);
/// How long until a comparison finds out what happened behind our back.
pub(super) const FOUND_OUT_WITHIN: TimeDelta = TimeDelta::minutes(25);

impl Watch {
    /// Whether nothing has gone wrong for long enough.
    pub fn is_strict(&self) -> bool {
        self.calm_since
            .is_some_and(|since| since == crate::simulation::beginning() || self.now >= since + SETTLING)
    }

    pub(super) fn check_strictly(&mut self) {
        if !self.is_strict() {
            return;
        }
        let leftovers = self.truth.present().filter(|(_, stay)| stay.created_by == By::Kari);
        let leftover =
            leftovers.map(|(tuple, _)| tuple).find(|tuple| !self.is_blocked(tuple) && !self.is_wanted(tuple));
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
        self.check_drift_is_reported();
    }

    /// Somebody is or was until a moment ago inside their window.
    fn is_wanted(&self, tuple: &Tuple) -> bool {
        self.requests.iter().filter(|(_, request)| request.tuple() == *tuple).any(|(id, request)| {
            let Some(window) = request.window else { return false };
            let ended = match &request.state {
                AccessRequest::Ending(state) => Some(state.started_at),
                AccessRequest::Closed(_) => Some(request.since),
                AccessRequest::Absent
                | AccessRequest::Pending(_)
                | AccessRequest::Approved(_)
                | AccessRequest::Activating(_)
                | AccessRequest::Active(_) => None,
            };
            let until = ended.map_or(window.expires_at, |ended| ended.min(window.expires_at));
            let patience = if self.poisoned.contains(id) { TimeDelta::minutes(7) } else { GONE_WITHIN };
            self.now <= until + patience
        })
    }

    /// What is wrong with a request, if anything is.
    fn fault_of(&self, id: RequestId, request: &RequestWatch) -> Option<&'static str> {
        let tuple = request.tuple();
        if self.poisoned.contains(&id) {
            return None;
        }
        if self.hides_its_trouble(request) {
            return Some("what is blocked says so");
        }
        if self.is_blocked(&tuple) {
            return None;
        }
        let tampered = self.ledgers.get(&tuple).is_some_and(|known| known.tampered_at.is_some());
        let age = self.now - request.since;
        // Nothing can be assigned where nothing is; the next comparison finds out.
        let exists = self.exists(&tuple);
        match &request.state {
            AccessRequest::Absent | AccessRequest::Closed(_) => None,
            AccessRequest::Pending(state) => {
                let late = self.now > state.asked.submission.lapses_at + CLOSED_WITHIN;
                late.then_some("what nobody reviews lapses")
            }
            AccessRequest::Approved(state) => {
                let start = state.asked.submission.start.unwrap_or(state.approved_at).max(state.approved_at);
                let waits = self.ledgers.get(&tuple).is_some_and(|known| is_busy(&known.ledger));
                let lacking = self.lacked_policies_since(self.now - BEGUN_WITHIN);
                (self.now > start + BEGUN_WITHIN && !waits && !lacking && exists && age > BEGUN_WITHIN)
                    .then_some("what is approved begins")
            }
            AccessRequest::Activating(_) => {
                (age > BEGUN_WITHIN && exists).then_some("what begins becomes active")
            }
            AccessRequest::Active(state) => {
                let window = state.grant.window;
                if self.now > window.expires_at + CLOSED_WITHIN {
                    Some("what is over ends")
                } else if state
                    .revocation
                    .as_ref()
                    .is_some_and(|revocation| self.now > revocation.at + CLOSED_WITHIN)
                {
                    Some("what is revoked ends")
                } else if self.long_disabled(&tuple) {
                    Some("nobody disabled keeps a grant")
                } else {
                    let missing =
                        !tampered && exists && self.now < window.expires_at && !self.truth.is_present(&tuple);
                    missing.then_some("who is inside their window has access")
                }
            }
            AccessRequest::Ending(_) => {
                // What others made meanwhile is taken for ours, and removed first.
                let removed_at = self.ledgers.get(&tuple).and_then(|known| known.ledger.last_removal_at);
                let since = removed_at.map_or(request.since, |at| at.max(request.since));
                (self.now > since + CLOSED_WITHIN).then_some("what ends closes")
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
            due.is_some_and(|due| now > due + TimeDelta::minutes(15)) && !self.is_blocked(tuple) && !parked
        });
        if let Some((tuple, known)) = stuck {
            let detail = format!("{tuple:?} {:?}", known.ledger);
            self.violate("ledgers move on", detail);
        }
    }
}

fn is_busy(ledger: &ledger::Ledger) -> bool {
    !matches!(ledger.presence, ledger::Presence::Absent { absence: ledger::Absence::Unwatched })
}
