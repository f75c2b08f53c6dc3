//! The port `Assignments`, composed of the API's operations as the real adapter must.

use std::collections::BTreeSet;

use async_trait::async_trait;
use kari_application::ports::{
    Assignees, Assignments, CallError, FailedOperation, Listed, OperationKind, OperationStatus,
};
use kari_domain::ids::{AccountId, OperationId, PermissionSetArn, Target, Tuple, UserId};

use super::{Assignment, OperationState, Principal, SimulatedIdentityCenter, StatusFilter};

fn status(state: OperationState) -> OperationStatus {
    match state {
        OperationState::InProgress => OperationStatus::InProgress,
        OperationState::Succeeded { .. } => OperationStatus::Succeeded,
        OperationState::Failed { reason, .. } => {
            OperationStatus::Failed(FailedOperation { reason: reason.into() })
        }
    }
}

#[async_trait]
impl Assignments for SimulatedIdentityCenter {
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        let assignment = Assignment::from(tuple);
        self.call(|world, now| world.create_account_assignment(now, &assignment)).map(|accepted| accepted.id)
    }

    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        let assignment = Assignment::from(tuple);
        self.call(|world, now| world.delete_account_assignment(now, &assignment)).map(|accepted| accepted.id)
    }

    async fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError> {
        let operation = self.call(|world, now| match kind {
            OperationKind::Creation => world.describe_creation_status(now, id),
            OperationKind::Deletion => world.describe_deletion_status(now, id),
        })?;
        Ok(status(operation.state))
    }

    async fn creation_in_flight(&self, tuple: &Tuple) -> Result<Option<OperationId>, CallError> {
        let assignment = Assignment::from(tuple);
        let pending = self.call(|world, now| world.list_creation_status(now, StatusFilter::InProgress))?;
        for entry in pending {
            let operation = self.call(|world, now| world.describe_creation_status(now, &entry.id))?;
            if operation.assignment == assignment && operation.state == OperationState::InProgress {
                return Ok(Some(operation.id));
            }
        }
        Ok(None)
    }

    async fn look(&self, _: OperationKind, tuple: &Tuple) -> Result<Listed, CallError> {
        let listed = self.assignees(&tuple.target.account, &tuple.target.permission_set).await?;
        Ok(if listed.users.contains(&tuple.principal) { Listed::Yes } else { Listed::No })
    }

    async fn assignees(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError> {
        let principals =
            self.call(|world, now| world.list_account_assignments(now, account, permission_set))?;
        let mut assignees = Assignees::default();
        for principal in principals {
            match principal {
                Principal::User(id) => {
                    assignees.users.insert(id);
                }
                Principal::Group(_) => assignees.any_group = true,
            }
        }
        Ok(assignees)
    }

    async fn assigned_to(&self, user: &UserId) -> Result<BTreeSet<Target>, CallError> {
        let principal = Principal::User(user.clone());
        let assigned =
            self.call(|world, now| world.list_account_assignments_for_principal(now, &principal, None))?;
        let direct = assigned.into_iter().filter(|assignment| assignment.principal == principal);
        Ok(direct
            .map(|assigned| Target { account: assigned.account, permission_set: assigned.permission_set })
            .collect())
    }

    async fn provisioned(&self, account: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError> {
        let sets = self.call(|world, now| world.list_permission_sets_provisioned_to_account(now, account))?;
        Ok(sets.into_iter().collect())
    }
}
