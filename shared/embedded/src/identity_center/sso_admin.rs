//! The operations of `sso-admin`.

use kari_domain::directory::PermissionSet;
use kari_domain::ids::{AccountId, OperationId, PermissionSetArn};
use kari_domain::time::Instant;

use super::world::is_remembered;
use super::{
    Action, ApiError, Assignment, Operation, OperationMetadata, Principal, StatusFilter, World, WriteKind,
};

impl World {
    /// `CreateAccountAssignment`. A deleted principal or an account out of reach is found out only
    /// when the operation lands.
    pub fn create_account_assignment(
        &mut self,
        now: Instant,
        assignment: &Assignment,
    ) -> Result<Operation, ApiError> {
        let arguments = |world: &Self| world.describe(assignment);
        self.call(now, Action::CreateAccountAssignment, arguments, |world, now| {
            world.check_write(WriteKind::Creation, assignment, now)?;
            world.accept(WriteKind::Creation, assignment, now)
        })
    }

    /// `DeleteAccountAssignment`.
    pub fn delete_account_assignment(
        &mut self,
        now: Instant,
        assignment: &Assignment,
    ) -> Result<Operation, ApiError> {
        let arguments = |world: &Self| world.describe(assignment);
        self.call(now, Action::DeleteAccountAssignment, arguments, |world, now| {
            world.check_write(WriteKind::Deletion, assignment, now)?;
            world.accept(WriteKind::Deletion, assignment, now)
        })
    }

    /// `DescribeAccountAssignmentCreationStatus`.
    pub fn describe_creation_status(
        &mut self,
        now: Instant,
        id: &OperationId,
    ) -> Result<Operation, ApiError> {
        let action = Action::DescribeAccountAssignmentCreationStatus;
        self.call(now, action, |_| id.to_string(), |world, now| world.operation(WriteKind::Creation, id, now))
    }

    /// `DescribeAccountAssignmentDeletionStatus`.
    pub fn describe_deletion_status(
        &mut self,
        now: Instant,
        id: &OperationId,
    ) -> Result<Operation, ApiError> {
        let action = Action::DescribeAccountAssignmentDeletionStatus;
        self.call(now, action, |_| id.to_string(), |world, now| world.operation(WriteKind::Deletion, id, now))
    }

    /// `ListAccountAssignmentCreationStatus`: ids, states and dates, no assignments.
    pub fn list_creation_status(
        &mut self,
        now: Instant,
        filter: StatusFilter,
    ) -> Result<Vec<OperationMetadata>, ApiError> {
        let action = Action::ListAccountAssignmentCreationStatus;
        self.call(
            now,
            action,
            |_| String::new(),
            |world, now| Ok(world.metadata(WriteKind::Creation, filter, now)),
        )
    }

    /// `ListAccountAssignmentDeletionStatus`: ids, states and dates, no assignments.
    pub fn list_deletion_status(
        &mut self,
        now: Instant,
        filter: StatusFilter,
    ) -> Result<Vec<OperationMetadata>, ApiError> {
        let action = Action::ListAccountAssignmentDeletionStatus;
        self.call(
            now,
            action,
            |_| String::new(),
            |world, now| Ok(world.metadata(WriteKind::Deletion, filter, now)),
        )
    }

    /// `ListAccountAssignments`: who is listed for a permission set in an account.
    pub fn list_account_assignments(
        &mut self,
        now: Instant,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Vec<Principal>, ApiError> {
        let arguments = |world: &Self| {
            let set = world.census.permission_set_name(permission_set);
            format!("{set} · {}", world.census.account_name(account))
        };
        self.call(now, Action::ListAccountAssignments, arguments, |world, now| {
            world.check_known(account, permission_set)?;
            Ok(world.assigned.listed_principals(account, permission_set, now))
        })
    }

    /// `ListPermissionSetsProvisionedToAccount`.
    pub fn list_permission_sets_provisioned_to_account(
        &mut self,
        now: Instant,
        account: &AccountId,
    ) -> Result<Vec<PermissionSetArn>, ApiError> {
        let arguments = |world: &Self| world.census.account_name(account);
        self.call(now, Action::ListPermissionSetsProvisionedToAccount, arguments, |world, now| {
            world.check_account(account)?;
            Ok(world.assigned.listed_permission_sets(account, now))
        })
    }

    /// `ListPermissionSets`.
    pub fn list_permission_sets(&mut self, now: Instant) -> Result<Vec<PermissionSetArn>, ApiError> {
        self.call(
            now,
            Action::ListPermissionSets,
            |_| String::new(),
            |world, _| Ok(world.census.permission_sets.keys().cloned().collect()),
        )
    }

    /// `DescribePermissionSet`.
    pub fn describe_permission_set(
        &mut self,
        now: Instant,
        arn: &PermissionSetArn,
    ) -> Result<PermissionSet, ApiError> {
        let arguments = |world: &Self| world.census.permission_set_name(arn);
        self.call(now, Action::DescribePermissionSet, arguments, |world, _| {
            let found = world.census.permission_sets.get(arn);
            found.cloned().ok_or_else(|| ApiError::unknown("permission set", arn))
        })
    }

    pub(super) fn describe(&self, assignment: &Assignment) -> String {
        let who = self.census.label(&assignment.principal);
        let set = self.census.permission_set_name(&assignment.permission_set);
        format!("{who} · {set} · {}", self.census.account_name(&assignment.account))
    }

    fn operation(&self, kind: WriteKind, id: &OperationId, now: Instant) -> Result<Operation, ApiError> {
        let found = self.operations.get(id).filter(|found| found.kind == kind && is_remembered(found, now));
        let found = found.ok_or_else(|| ApiError::unknown("request", id))?;
        // It is not documented whether the status is told; whoever must not begin it can do without.
        self.check_delegation(&found.assignment.account)?;
        Ok(found.clone())
    }

    fn metadata(&self, kind: WriteKind, filter: StatusFilter, now: Instant) -> Vec<OperationMetadata> {
        let of_kind = self.operations.values().filter(|operation| operation.kind == kind);
        let mut entries: Vec<_> = of_kind
            .filter(|operation| filter.passes(&operation.state) && is_remembered(operation, now))
            .map(|operation| OperationMetadata {
                id: operation.id.clone(),
                state: operation.state.clone(),
                accepted_at: operation.accepted_at,
            })
            .collect();
        entries.sort_by(|a, b| (b.accepted_at, &b.id).cmp(&(a.accepted_at, &a.id)));
        entries
    }
}
