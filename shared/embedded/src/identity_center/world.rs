//! The world: all state, and the path that every call takes through faults and log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_domain::directory::Snapshot;
use kari_domain::ids::OperationId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::assigned::Assigned;
use super::call_log::{Call, CallLog};
use super::census::Census;
use super::dice::Dice;
use super::faults::{Faults, Strike};
use super::operation::Step;
use super::{Action, ApiError, FaultPlan, Injected, Operation};

/// Identity Center keeps the status of an operation this long.
const STATUS_KEPT: TimeDelta = TimeDelta::days(90);

/// How many calls the log holds unless told otherwise.
const CALLS_KEPT: usize = 10_000;

/// Whether the status of an operation can still be asked for.
pub(super) fn is_remembered(operation: &Operation, now: Instant) -> bool {
    operation.in_progress() || operation.accepted_at >= now - STATUS_KEPT
}

/// A simulated Identity Center, identity store and organization.
///
/// Architecture invariant: no clock, no I/O, no hidden randomness. Two worlds that are equal and
/// receive the same calls stay equal, also across serialization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    pub(super) census: Census,
    pub(super) assigned: Assigned,
    pub(super) operations: BTreeMap<OperationId, Operation>,
    /// What happens to operations in progress, in order.
    pub(super) agenda: BTreeSet<Step>,
    pub(super) sequence: u64,
    pub(super) faults: Faults,
    pub(super) dice: Dice,
    pub(super) log: CallLog,
    latest: Instant,
    changes: u64,
    /// The fault that struck within the present call.
    #[serde(skip)]
    pub(super) injected: Option<Injected>,
    /// Whether the present call comes from the management account itself.
    #[serde(skip)]
    called_from_management: bool,
}

impl World {
    /// A world with these people, accounts and permission sets and without assignments.
    pub fn new(organization: &Snapshot, seed: u64, plan: FaultPlan) -> Self {
        Self {
            census: Census::from(organization),
            assigned: Assigned::default(),
            operations: BTreeMap::new(),
            agenda: BTreeSet::new(),
            sequence: 0,
            faults: Faults::new(plan),
            dice: Dice::new(seed),
            log: CallLog::keeping(CALLS_KEPT),
            latest: Instant::default(),
            changes: 0,
            injected: None,
            called_from_management: false,
        }
    }

    /// Calls that come from the management account itself, whoever else administers.
    pub fn called_from_management<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.called_from_management = true;
        let answer = act(self);
        self.called_from_management = false;
        answer
    }

    /// Whether whoever calls administers as a delegated administrator.
    pub(super) fn is_delegated(&self) -> bool {
        self.faults.plan.delegated_administrator && !self.called_from_management
    }

    /// How many calls the log holds from now on; counters are not affected.
    pub fn keep_calls(&mut self, limit: usize) {
        self.log.keep(limit);
    }

    /// Grows with every change that must not be forgotten; reading leaves it alone.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn changed(&mut self) {
        self.changes += 1;
    }

    /// Lets everything happen that is due by `now`, and says what time it is: never earlier than the
    /// latest moment seen.
    pub fn settle(&mut self, now: Instant) -> Instant {
        self.latest = self.latest.max(now);
        while self.agenda.first().is_some_and(|step| step.at <= self.latest) {
            if let Some(step) = self.agenda.pop_first() {
                self.take(step);
                self.changed();
            }
        }
        self.latest
    }

    pub(super) fn forget_old_operations(&mut self, now: Instant) {
        self.operations.retain(|_, operation| is_remembered(operation, now));
        self.assigned.forget_before(now - STATUS_KEPT);
    }

    /// One call: what is due happens first, then a fault may strike, then the call itself acts.
    pub(super) fn call<T>(
        &mut self,
        now: Instant,
        action: Action,
        arguments: impl FnOnce(&Self) -> String,
        act: impl FnOnce(&mut Self, Instant) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let now = self.settle(now);
        let arguments = arguments(self);
        let once = self.faults.once.clone();
        let strike = self.faults.strike(action, now, &mut self.dice);
        let answer = match strike {
            None => act(self, now),
            Some(Strike::Instead(error, injected)) => {
                self.injected = injected;
                Err(error)
            }
            Some(Strike::Afterwards(error, injected)) => {
                drop(act(self, now));
                self.injected = Some(injected);
                Err(error)
            }
            Some(Strike::LoseAcceptance) => act(self, now).and_then(|_| self.lose_acceptance()),
        };
        if once != self.faults.once {
            self.changed();
        }
        let error = answer.as_ref().err().cloned();
        self.log.record(Call { at: now, action, arguments, error, injected: self.injected.take() });
        answer
    }

    fn lose_acceptance<T>(&mut self) -> Result<T, ApiError> {
        self.faults.once.lose_response = self.faults.once.lose_response.saturating_sub(1);
        self.injected = Some(Injected::ResponseLost);
        Err(ApiError::NoAnswer)
    }
}
