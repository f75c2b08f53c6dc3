//! The port, composed of the API's operations.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ssoadmin::types::{
    AccountAssignmentForPrincipal, AccountAssignmentOperationStatus, OperationStatusFilter, PrincipalType,
    StatusValues, TargetType,
};
use kari_application::ports::{
    Assignees, Assignments, CallError, FailedOperation, Listed, OperationKind, OperationStatus, Unavailable,
};
use kari_domain::ids::{AccountId, OperationId, PermissionSetArn, Target, Tuple, UserId};

use super::errors::call_error;
use super::{IdentityCenter, Lane};

/// More than this AWS does not put on a page.
const MOST_PER_PAGE: i32 = 100;

/// Ends come before starts.
fn lane(kind: OperationKind) -> Lane {
    match kind {
        OperationKind::Creation => Lane::Activations,
        OperationKind::Deletion => Lane::Endings,
    }
}

#[async_trait]
impl Assignments for IdentityCenter {
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.must_have(&tuple.target.permission_set)?;
        self.limiter.begin(Lane::Activations, tuple).await?;
        let create = self
            .client_for(&tuple.target.account)
            .create_account_assignment()
            .instance_arn(self.instance.as_str())
            .target_id(tuple.target.account.as_str())
            .target_type(TargetType::AwsAccount)
            .permission_set_arn(tuple.target.permission_set.as_str())
            .principal_type(PrincipalType::User)
            .principal_id(tuple.principal.as_str());
        let created = self.begun(tuple, create.send().await).await?;
        accepted(created.account_assignment_creation_status)
    }

    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.must_have(&tuple.target.permission_set)?;
        self.limiter.begin(Lane::Endings, tuple).await?;
        let delete = self
            .client_for(&tuple.target.account)
            .delete_account_assignment()
            .instance_arn(self.instance.as_str())
            .target_id(tuple.target.account.as_str())
            .target_type(TargetType::AwsAccount)
            .permission_set_arn(tuple.target.permission_set.as_str())
            .principal_type(PrincipalType::User)
            .principal_id(tuple.principal.as_str());
        let deleted = self.begun(tuple, delete.send().await).await?;
        accepted(deleted.account_assignment_deletion_status)
    }

    async fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError> {
        let operation = self.operation(lane(kind), kind, id).await?;
        Ok(status(&operation))
    }

    async fn creation_in_flight(&self, tuple: &Tuple) -> Result<Option<OperationId>, CallError> {
        self.must_have(&tuple.target.permission_set)?;
        for id in self.creations_in_flight(self.client_for(&tuple.target.account)).await? {
            // It is an ending that asks.
            let operation = self.operation(Lane::Endings, OperationKind::Creation, &id).await?;
            let in_progress = status(&operation) == OperationStatus::InProgress;
            if in_progress && tuple_of(&operation).as_ref() == Some(tuple) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    async fn look(&self, kind: OperationKind, tuple: &Tuple) -> Result<Listed, CallError> {
        let Tuple { principal, target } = tuple;
        let listed = self.listed(lane(kind), &target.account, &target.permission_set).await?;
        Ok(if listed.users.contains(principal) { Listed::Yes } else { Listed::No })
    }

    async fn assignees(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError> {
        self.listed(Lane::Background, account, permission_set).await
    }

    async fn assigned_to(&self, user: &UserId) -> Result<BTreeSet<Target>, CallError> {
        let mut assigned = BTreeSet::new();
        let mut next = None;
        loop {
            self.limiter.pass(Lane::Background).await?;
            let list = self
                .client_for_all()
                .list_account_assignments_for_principal()
                .instance_arn(self.instance.as_str())
                .principal_type(PrincipalType::User)
                .principal_id(user.as_str())
                .max_results(MOST_PER_PAGE)
                .set_next_token(next);
            let page = list.send().await.map_err(call_error)?;
            // What comes through a group names the group.
            let found = page.account_assignments.unwrap_or_default();
            let direct = found.iter().filter(|entry| entry.principal_type == Some(PrincipalType::User));
            assigned.extend(direct.filter_map(target_of));
            next = page.next_token;
            if next.is_none() {
                return Ok(assigned);
            }
        }
    }

    async fn provisioned(&self, account: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError> {
        let mut sets = BTreeSet::new();
        let mut next = None;
        loop {
            self.limiter.pass(Lane::Background).await?;
            let list = self
                .client_for(account)
                .list_permission_sets_provisioned_to_account()
                .instance_arn(self.instance.as_str())
                .account_id(account.as_str())
                .set_next_token(next);
            let page = list.send().await.map_err(call_error)?;
            // What has no form that we know cannot be ours.
            sets.extend(page.permission_sets.unwrap_or_default().iter().filter_map(|arn| arn.parse().ok()));
            next = page.next_token;
            if next.is_none() {
                return Ok(sets);
            }
        }
    }
}

impl IdentityCenter {
    /// NB. Whatever this instance said of a permission set of another one, it would prove nothing.
    fn must_have(&self, permission_set: &PermissionSetArn) -> Result<(), CallError> {
        if self.instance.has(permission_set) {
            return Ok(());
        }
        let words = format!("{permission_set} belongs to another instance than {}", self.instance);
        Err(CallError::Unknown(Unavailable::new("identity center", words)))
    }

    /// What was certainly refused is not under way, and must not take the place of what may be. A conflict may
    /// be with an operation of ours whose answer was lost.
    async fn begun<T, E>(&self, tuple: &Tuple, sent: Result<T, SdkError<E>>) -> Result<T, CallError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let error = match sent {
            Ok(answer) => return Ok(answer),
            Err(error) => call_error(error),
        };
        match &error {
            CallError::Throttled
            | CallError::NotFound
            | CallError::Denied(_)
            | CallError::Invalid(_)
            | CallError::QuotaExceeded => self.limiter.end(tuple).await,
            CallError::Conflict | CallError::Unknown(_) => {}
        }
        Err(error)
    }

    /// An operation, by its id alone, which does not tell whose account it is about: what is not told to a
    /// delegated administrator may be about the management account.
    async fn operation(
        &self,
        lane: Lane,
        kind: OperationKind,
        id: &OperationId,
    ) -> Result<AccountAssignmentOperationStatus, CallError> {
        let operation = match (self.described(&self.client, lane, kind, id).await, &self.management) {
            (Err(CallError::Denied(_) | CallError::NotFound), Some(management)) => {
                self.described(&management.sso_admin, lane, kind, id).await?
            }
            (described, _) => described?,
        };
        if status(&operation) != OperationStatus::InProgress
            && let Some(tuple) = tuple_of(&operation)
        {
            self.limiter.end(&tuple).await;
        }
        Ok(operation)
    }

    async fn described(
        &self,
        client: &Client,
        lane: Lane,
        kind: OperationKind,
        id: &OperationId,
    ) -> Result<AccountAssignmentOperationStatus, CallError> {
        let (instance, id) = (self.instance.as_str(), id.as_str());
        self.limiter.pass(lane).await?;
        let operation = match kind {
            OperationKind::Creation => {
                let describe = client.describe_account_assignment_creation_status();
                let describe = describe.instance_arn(instance).account_assignment_creation_request_id(id);
                describe.send().await.map_err(call_error)?.account_assignment_creation_status
            }
            OperationKind::Deletion => {
                let describe = client.describe_account_assignment_deletion_status();
                let describe = describe.instance_arn(instance).account_assignment_deletion_request_id(id);
                describe.send().await.map_err(call_error)?.account_assignment_deletion_status
            }
        };
        operation.ok_or_else(|| unexpected("an operation without a status"))
    }

    /// The ids of all creations in progress, whoever started them.
    async fn creations_in_flight(&self, client: &Client) -> Result<Vec<OperationId>, CallError> {
        let mut ids = vec![];
        let mut next = None;
        loop {
            self.limiter.pass(Lane::Endings).await?;
            let filter = OperationStatusFilter::builder().status(StatusValues::InProgress).build();
            let list = client
                .list_account_assignment_creation_status()
                .instance_arn(self.instance.as_str())
                .filter(filter)
                .set_next_token(next);
            let page = list.send().await.map_err(call_error)?;
            let found = page.account_assignments_creation_status.unwrap_or_default();
            ids.extend(found.iter().filter_map(|entry| entry.request_id()?.parse().ok()));
            next = page.next_token;
            if next.is_none() {
                return Ok(ids);
            }
        }
    }

    async fn listed(
        &self,
        lane: Lane,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError> {
        self.must_have(permission_set)?;
        let mut listed = Assignees::default();
        let mut next = None;
        loop {
            self.limiter.pass(lane).await?;
            let list = self
                .client_for(account)
                .list_account_assignments()
                .instance_arn(self.instance.as_str())
                .account_id(account.as_str())
                .permission_set_arn(permission_set.as_str())
                .set_next_token(next);
            let page = list.send().await.map_err(call_error)?;
            let found = page.account_assignments.unwrap_or_default();
            let of_users = found.iter().filter(|entry| entry.principal_type == Some(PrincipalType::User));
            listed.users.extend(of_users.filter_map(|entry| entry.principal_id()?.parse().ok()));
            listed.any_group |= found.iter().any(|entry| entry.principal_type == Some(PrincipalType::Group));
            next = page.next_token;
            if next.is_none() {
                return Ok(listed);
            }
        }
    }
}

/// NB. An answer without an id is no proof that nothing was accepted.
fn accepted(operation: Option<AccountAssignmentOperationStatus>) -> Result<OperationId, CallError> {
    let id = operation.and_then(|operation| operation.request_id?.parse().ok());
    id.ok_or_else(|| unexpected("an accepted operation without an id"))
}

fn unexpected(what: &'static str) -> CallError {
    CallError::Unknown(Unavailable::new("identity center", what))
}

fn status(operation: &AccountAssignmentOperationStatus) -> OperationStatus {
    match &operation.status {
        Some(StatusValues::Succeeded) => OperationStatus::Succeeded,
        Some(StatusValues::Failed) => {
            let reason = operation.failure_reason().unwrap_or_default().into();
            OperationStatus::Failed(FailedOperation { reason })
        }
        // What is neither is not over yet, whatever a newer API calls it.
        Some(_) | None => OperationStatus::InProgress,
    }
}

fn target_of(assigned: &AccountAssignmentForPrincipal) -> Option<Target> {
    let account = assigned.account_id()?.parse().ok()?;
    let permission_set = assigned.permission_set_arn()?.parse().ok()?;
    Some(Target { account, permission_set })
}

/// Whose assignment an operation is about; `None` if it is a group's.
fn tuple_of(operation: &AccountAssignmentOperationStatus) -> Option<Tuple> {
    let account = operation.target_id()?.parse().ok()?;
    let permission_set = operation.permission_set_arn()?.parse().ok()?;
    let principal = operation.principal_id()?.parse().ok()?;
    let is_user = operation.principal_type() == Some(&PrincipalType::User);
    is_user.then_some(Tuple { principal, target: Target { account, permission_set } })
}
