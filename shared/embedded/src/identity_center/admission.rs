//! Which writes are refused at the door.

use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::time::Instant;

use super::faults::unpropagated;
use super::{ApiError, Assignment, DeletingAbsent, Operation, Principal, World, WriteKind};

impl World {
    pub(super) fn check_write(
        &self,
        kind: WriteKind,
        assignment: &Assignment,
        now: Instant,
    ) -> Result<(), ApiError> {
        self.check_known(&assignment.account, &assignment.permission_set)?;
        self.check_delegation(&assignment.account)?;
        self.check_outstanding(kind)?;
        self.check_provisioned(kind, assignment)?;
        self.check_conflict(kind, assignment, now)?;
        let absent = kind == WriteKind::Deletion && !self.assigned.is_held(assignment);
        if absent && self.faults.plan.deleting_absent == DeletingAbsent::NotFound {
            return Err(ApiError::unknown("account assignment of", &assignment.principal));
        }
        self.check_principal(kind, assignment)
    }

    pub(super) fn check_known(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<(), ApiError> {
        self.check_permission_set(permission_set)?;
        self.check_account(account)
    }

    pub(super) fn check_permission_set(&self, arn: &PermissionSetArn) -> Result<(), ApiError> {
        if self.census.permission_sets.contains_key(arn) {
            Ok(())
        } else {
            Err(ApiError::unknown("permission set", arn))
        }
    }

    /// An account that left the organization is as unknown as one that never was in it.
    pub(super) fn check_account(&self, account: &AccountId) -> Result<(), ApiError> {
        if self.census.accounts.contains_key(account) {
            Ok(())
        } else {
            Err(ApiError::unknown("account", account))
        }
    }

    /// NB. A delegated administrator must not touch the management account's assignments.
    pub(super) fn check_delegation(&self, account: &AccountId) -> Result<(), ApiError> {
        let management = self.census.accounts.get(account).is_some_and(|account| account.management);
        if management && self.is_delegated() {
            return Err(ApiError::AccessDenied(
                "a delegated administrator cannot change assignments of the management account".to_owned(),
            ));
        }
        Ok(())
    }

    /// A user who existed is refused only when the operation lands; a principal that never was is
    /// malformed from the start.
    fn check_principal(&self, kind: WriteKind, assignment: &Assignment) -> Result<(), ApiError> {
        let departed = match &assignment.principal {
            Principal::User(id) => self.census.departed.contains_key(id),
            Principal::Group(_) => false,
        };
        if kind == WriteKind::Deletion || departed || self.census.has(&assignment.principal) {
            Ok(())
        } else {
            Err(ApiError::unknown("principal", &assignment.principal))
        }
    }

    fn check_outstanding(&self, kind: WriteKind) -> Result<(), ApiError> {
        let Some(quotas) = self.faults.plan.quotas else {
            return Ok(());
        };
        let most = match kind {
            WriteKind::Creation => quotas.outstanding_creations,
            WriteKind::Deletion => quotas.outstanding_deletions,
        };
        if self.attended().filter(|operation| operation.kind == kind).count() >= most {
            return Err(ApiError::Throttling("There are too many requests processing".to_owned()));
        }
        Ok(())
    }

    fn check_provisioned(&self, kind: WriteKind, assignment: &Assignment) -> Result<(), ApiError> {
        let most = self.faults.plan.quotas.map(|quotas| quotas.provisioned_permission_sets);
        let provisions = kind == WriteKind::Creation
            && self.assigned.role_suffix(&assignment.account, &assignment.permission_set).is_none();
        if provisions && most.is_some_and(|most| self.assigned.role_count(&assignment.account) >= most) {
            return Err(ApiError::ServiceQuotaExceeded(
                "the account has as many permission sets provisioned as it may have".to_owned(),
            ));
        }
        Ok(())
    }

    fn check_conflict(&self, kind: WriteKind, assignment: &Assignment, now: Instant) -> Result<(), ApiError> {
        let plan = &self.faults.plan;
        if self.attended().any(|operation| operation.assignment == *assignment) {
            return Err(ApiError::Conflict("an operation on this assignment is in progress".to_owned()));
        }
        if plan.conflict_until_listed && self.assigned.is_unpropagated(assignment, now) {
            return Err(unpropagated());
        }
        if plan.role_conflicts
            && self.touches_role(kind, assignment)
            && self.role_is_being_updated(assignment)
        {
            return Err(ApiError::Conflict("a role of this account is being updated".to_owned()));
        }
        Ok(())
    }

    /// The first assignment of a permission set in an account makes a role, the last unmakes it.
    fn touches_role(&self, kind: WriteKind, assignment: &Assignment) -> bool {
        let held = self.assigned.held_count(&assignment.account, &assignment.permission_set);
        match kind {
            WriteKind::Creation => held == 0,
            WriteKind::Deletion => held <= 1,
        }
    }

    fn role_is_being_updated(&self, assignment: &Assignment) -> bool {
        self.attended().any(|operation| {
            operation.assignment.account == assignment.account
                && self.touches_role(operation.kind, &operation.assignment)
        })
    }

    /// The operations in progress that Identity Center has not lost sight of.
    fn attended(&self) -> impl Iterator<Item = &Operation> {
        let pending = self.agenda.iter().filter_map(|step| self.operations.get(&step.operation));
        pending.filter(|operation| operation.in_progress() && !operation.straggler)
    }
}
