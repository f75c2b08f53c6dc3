//! What others assigned is found and reported, each time anew.

use kari_domain::ids::Tuple;
use kari_domain::ledger::{Absence, LedgerEvent, Presence};
use kari_embedded::identity_center::{By, Stay};

use super::strict::FOUND_OUT_WITHIN;
use super::{LedgerWatch, Watch};

impl Watch {
    pub(super) fn check_drift_is_reported(&mut self) {
        let others = self.truth.present().filter(|(_, stay)| stay.created_by == By::Outside);
        let silent = others.into_iter().find(|(tuple, stay)| self.is_silent_about(tuple, stay));
        if let Some((tuple, stay)) = silent {
            let detail = format!("{tuple:?} {stay:?}");
            self.violate("what nobody here knows of is reported, each time anew", detail);
        }
    }

    /// What was found to be drift and is really gone.
    pub fn drift_that_is_gone(&self) -> Vec<Tuple> {
        let was_drift =
            |known: &LedgerWatch| known.events.iter().any(|(_, event)| *event == LedgerEvent::DriftFound {});
        let drift = self.ledgers.iter().filter(|(_, known)| was_drift(known)).map(|(tuple, _)| tuple);
        drift.filter(|tuple| !self.truth.is_present(tuple)).cloned().collect()
    }

    /// It was there long enough to be found, and nobody was told of it.
    fn is_silent_about(&self, tuple: &Tuple, stay: &Stay) -> bool {
        let long_ago = self.now - FOUND_OUT_WITHIN;
        let reopened = self.reopened.get(&tuple.target.account);
        let seen = stay.created_at < long_ago && reopened.is_none_or(|at| *at < long_ago);
        if !seen || self.is_out_of_reach(tuple) {
            return false;
        }
        let Some(known) = self.ledgers.get(tuple) else { return true };
        let changed = known.events.last().is_some_and(|(at, _)| *at >= long_ago);
        !changed && is_nobodys(known) && !self.was_told_of(tuple, known, stay)
    }

    /// Of this stay, or of one before it that ended too shortly before to be missed.
    fn was_told_of(&self, tuple: &Tuple, known: &LedgerWatch, stay: &Stay) -> bool {
        let Some(told_at) = known.ledger.drift_since else { return false };
        let missed = self.truth.of(tuple).filter_map(|other| other.removed).map(|(at, _)| at).max();
        let reopened = self.reopened.get(&tuple.target.account).copied();
        let looking_since = missed.into_iter().chain(reopened).chain(self.calm_since).max();
        let unnoticed = looking_since.is_some_and(|since| stay.created_at < since + FOUND_OUT_WITHIN);
        told_at >= stay.created_at || unnoticed
    }
}

/// Nothing here accounts for it: neither a grant nor that it was there before one.
fn is_nobodys(known: &LedgerWatch) -> bool {
    let ledger = &known.ledger;
    let released = known.events.iter().any(|(_, event)| matches!(event, LedgerEvent::Released {}));
    matches!(ledger.presence, Presence::Absent { absence: Absence::Unwatched })
        && ledger.holders.is_empty()
        && !released
}
