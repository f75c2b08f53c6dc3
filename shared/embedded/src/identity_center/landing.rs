//! Accepting operations, and what happens to them afterwards.

use chrono::TimeDelta;
use kari_domain::ids::OperationId;
use kari_domain::time::Instant;

use super::fault_plan::{HANGING, SuspendedAccounts};
use super::faults::Fate;
use super::operation::{Effect, Step};
use super::{ApiError, Assignment, By, Injected, Operation, OperationState, Principal, World, WriteKind};

const FAILED_INSIDE: &str = "Internal failure while updating the role; no change was made";

impl World {
    /// Accepts a write: its course is fixed now, its preconditions are judged when it lands.
    pub(super) fn accept(
        &mut self,
        kind: WriteKind,
        assignment: &Assignment,
        now: Instant,
    ) -> Result<Operation, ApiError> {
        self.forget_old_operations(now);
        let id = OperationId::parse(self.dice.operation_id()).map_err(|_| ApiError::InternalServer)?;
        let (steps, straggler) = self.course(kind, assignment, now);
        for (at, effect) in steps {
            self.sequence += 1;
            self.agenda.insert(Step { at, sequence: self.sequence, operation: id.clone(), effect });
        }
        let operation = Operation {
            id: id.clone(),
            kind,
            assignment: assignment.clone(),
            accepted_at: now,
            state: OperationState::InProgress,
            straggler,
        };
        self.operations.insert(id, operation.clone());
        self.changed();
        Ok(operation)
    }

    /// What will happen when, and whether Identity Center loses sight of the operation.
    fn course(
        &mut self,
        kind: WriteKind,
        assignment: &Assignment,
        now: Instant,
    ) -> (Vec<(Instant, Effect)>, bool) {
        if !self.census.is_active(&assignment.account)
            && self.faults.plan.suspended_accounts == SuspendedAccounts::Hang
        {
            return (vec![(now + HANGING, Effect::Land)], true);
        }
        let done = now + self.dice.between(self.faults.plan.latency);
        let fail = || Effect::Fail { reason: FAILED_INSIDE.to_owned() };
        match self.faults.fate(kind == WriteKind::Creation, &mut self.dice) {
            Fate::AsAsked => (vec![(done, Effect::Land)], false),
            Fate::Fail => {
                self.injected = Some(Injected::FailsAfterAccepting);
                (vec![(done, fail())], false)
            }
            Fate::Late(late) => {
                self.injected = Some(Injected::Late);
                (vec![(now + self.dice.between(late), Effect::Land)], true)
            }
            Fate::Ghost(late) => {
                self.injected = Some(Injected::Ghost);
                let appears = now + self.dice.between(late);
                (vec![(done.min(appears), fail()), (appears, Effect::Haunt)], false)
            }
        }
    }

    pub(super) fn take(&mut self, step: Step) {
        let Some(operation) = self.operations.get(&step.operation).cloned() else {
            return;
        };
        let at = step.at;
        let state = match step.effect {
            Effect::Fail { reason } => OperationState::Failed { at, reason },
            Effect::Land => match self.land(&operation, at) {
                Ok(()) => OperationState::Succeeded { at },
                Err(reason) => OperationState::Failed { at, reason },
            },
            Effect::Haunt => {
                drop(self.land(&operation, at));
                return;
            }
        };
        self.operations.insert(step.operation, Operation { state, ..operation });
    }

    fn land(&mut self, operation: &Operation, at: Instant) -> Result<(), String> {
        let assignment = &operation.assignment;
        self.obstacle(assignment)?;
        let lag = self.listing_lag();
        match operation.kind {
            WriteKind::Creation => self.assigned.insert(assignment, By::Kari, at, lag, &mut self.dice),
            WriteKind::Deletion => self.assigned.remove(assignment, By::Kari, at, lag),
        }
        Ok(())
    }

    /// Why an accepted operation cannot be carried out.
    fn obstacle(&self, assignment: &Assignment) -> Result<(), String> {
        if !self.census.has(&assignment.principal) {
            let (kind, id) = match &assignment.principal {
                Principal::User(id) => ("User", id.as_str()),
                Principal::Group(id) => ("Group", id.as_str()),
            };
            return Err(format!("{kind} {id} was not found in directory"));
        }
        if !self.census.permission_sets.contains_key(&assignment.permission_set) {
            return Err(format!("PermissionSet {} was not found", assignment.permission_set));
        }
        if !self.census.is_active(&assignment.account) {
            return Err(format!("Account {} is not active", assignment.account));
        }
        Ok(())
    }

    /// How long listings lag behind the change being made.
    pub(super) fn listing_lag(&mut self) -> TimeDelta {
        if self.dice.chance(self.faults.plan.late_listing_per_mille) {
            self.dice.between(self.faults.plan.listing_lag)
        } else {
            TimeDelta::zero()
        }
    }
}
