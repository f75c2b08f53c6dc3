//! `sso-admin` on the wire.

use kari_domain::directory::PermissionSet;
use kari_domain::ids::{AccountId, GroupId, OperationId, PermissionSetArn, UserId};
use kari_domain::time::Instant;
use serde_json::{Value, json};
use uuid::Uuid;

use super::exchange::{Answer, Exchange};
use super::failure::{Failure, Sought};
use super::members::{Members, out_of_form, required};
use super::paging::Paging;
use super::shapes::{epoch_seconds, iso_duration};
use crate::identity_center::{
    Action, Assignment, Operation, OperationMetadata, OperationState, Principal, StatusFilter,
};

const INSTANCE: &str = "InstanceArn";

/// The call is about our instance. Only two operations may leave that open.
pub(super) fn check_instance(call: &Exchange<'_>) -> Result<(), Failure> {
    let given = call.members.text(INSTANCE)?;
    let may_be_open = [Action::ListInstances, Action::ListTagsForResource].contains(&call.action);
    if given.is_none() && may_be_open {
        return Ok(());
    }
    let given = required(INSTANCE, given)?;
    if !given.starts_with("arn:") || !given.contains(":sso:::instance/") {
        return Err(out_of_form(INSTANCE, "the ARN of an instance"));
    }
    if given == call.instance()?.instance_arn {
        return Ok(());
    }
    Err(Failure::Missing { sought: Sought::Instance, message: format!("instance {given} was not found") })
}

pub(super) fn create_account_assignment(call: &Exchange<'_>) -> Answer {
    let assignment = assignment(&call.members)?;
    let operation = call.ask(|world, now| world.create_account_assignment(now, &assignment))?;
    Ok(json!({ "AccountAssignmentCreationStatus": status(&operation) }))
}

pub(super) fn delete_account_assignment(call: &Exchange<'_>) -> Answer {
    let assignment = assignment(&call.members)?;
    let operation = call.ask(|world, now| world.delete_account_assignment(now, &assignment))?;
    Ok(json!({ "AccountAssignmentDeletionStatus": status(&operation) }))
}

pub(super) fn describe_creation_status(call: &Exchange<'_>) -> Answer {
    let id = request_id(&call.members, "AccountAssignmentCreationRequestId")?;
    let operation = call.ask(|world, now| world.describe_creation_status(now, &id))?;
    Ok(json!({ "AccountAssignmentCreationStatus": status(&operation) }))
}

pub(super) fn describe_deletion_status(call: &Exchange<'_>) -> Answer {
    let id = request_id(&call.members, "AccountAssignmentDeletionRequestId")?;
    let operation = call.ask(|world, now| world.describe_deletion_status(now, &id))?;
    Ok(json!({ "AccountAssignmentDeletionStatus": status(&operation) }))
}

pub(super) fn list_creation_status(call: &Exchange<'_>) -> Answer {
    let (paging, filter) = (Paging::of(call)?, status_filter(&call.members)?);
    let entries = call.ask(|world, now| world.list_creation_status(now, filter))?;
    Ok(statuses("AccountAssignmentsCreationStatus", paging, entries))
}

pub(super) fn list_deletion_status(call: &Exchange<'_>) -> Answer {
    let (paging, filter) = (Paging::of(call)?, status_filter(&call.members)?);
    let entries = call.ask(|world, now| world.list_deletion_status(now, filter))?;
    Ok(statuses("AccountAssignmentsDeletionStatus", paging, entries))
}

pub(super) fn list_account_assignments(call: &Exchange<'_>) -> Answer {
    let paging = Paging::of(call)?;
    let account: AccountId = call.members.id("AccountId")?;
    let permission_set: PermissionSetArn = call.members.id("PermissionSetArn")?;
    let principals = call.ask(|world, now| world.list_account_assignments(now, &account, &permission_set))?;
    let page = paging.cut(principals, ToString::to_string);
    let shown = page.items.iter().map(|principal| assigned(&account, &permission_set, principal));
    Ok(json!({ "AccountAssignments": shown.collect::<Vec<_>>(), "NextToken": page.next_token }))
}

pub(super) fn list_account_assignments_for_principal(call: &Exchange<'_>) -> Answer {
    let (paging, principal) = (Paging::of(call)?, principal(&call.members)?);
    let filter = call.members.inner("Filter")?;
    let account = filter.map(|filter| filter.optional_id::<AccountId>("AccountId")).transpose()?.flatten();
    let assignments = call
        .ask(|world, now| world.list_account_assignments_for_principal(now, &principal, account.as_ref()))?;
    let page = paging.cut(assignments, |a| format!("{} {} {}", a.account, a.permission_set, a.principal));
    let shown = page.items.iter().map(|a| assigned(&a.account, &a.permission_set, &a.principal));
    Ok(json!({ "AccountAssignments": shown.collect::<Vec<_>>(), "NextToken": page.next_token }))
}

pub(super) fn list_accounts_for_permission_set(call: &Exchange<'_>) -> Answer {
    let (paging, latest) = (Paging::of(call)?, asks_for_latest(&call.members)?);
    let arn: PermissionSetArn = call.members.id("PermissionSetArn")?;
    let mut accounts =
        call.ask(|world, now| world.list_accounts_for_provisioned_permission_set(now, &arn))?;
    accounts.retain(|_| latest);
    let page = paging.cut(accounts, ToString::to_string);
    Ok(json!({ "AccountIds": page.items, "NextToken": page.next_token }))
}

pub(super) fn list_permission_sets_of_account(call: &Exchange<'_>) -> Answer {
    let (paging, latest) = (Paging::of(call)?, asks_for_latest(&call.members)?);
    let account: AccountId = call.members.id("AccountId")?;
    let mut sets = call.ask(|world, now| world.list_permission_sets_provisioned_to_account(now, &account))?;
    sets.retain(|_| latest);
    let page = paging.cut(sets, ToString::to_string);
    Ok(json!({ "PermissionSets": page.items, "NextToken": page.next_token }))
}

pub(super) fn list_permission_sets(call: &Exchange<'_>) -> Answer {
    let paging = Paging::of(call)?;
    let sets = call.ask(crate::identity_center::World::list_permission_sets)?;
    let page = paging.cut(sets, ToString::to_string);
    Ok(json!({ "PermissionSets": page.items, "NextToken": page.next_token }))
}

pub(super) fn describe_permission_set(call: &Exchange<'_>) -> Answer {
    let arn: PermissionSetArn = call.members.id("PermissionSetArn")?;
    let set = call.ask(|world, now| world.describe_permission_set(now, &arn))?;
    Ok(json!({ "PermissionSet": permission_set(&set) }))
}

pub(super) fn list_instances(call: &Exchange<'_>) -> Answer {
    let (paging, instance) = (Paging::of(call)?, call.instance()?);
    let owner = call.ask(crate::identity_center::World::list_instances)?;
    let shown = json!({
        "InstanceArn": instance.instance_arn,
        "IdentityStoreId": instance.identity_store_id,
        "OwnerAccountId": owner,
        "Status": "ACTIVE",
    });
    let page = paging.cut(vec![shown], |_| instance.instance_arn.clone());
    Ok(json!({ "Instances": page.items, "NextToken": page.next_token }))
}

pub(super) fn describe_instance(call: &Exchange<'_>) -> Answer {
    let instance = call.instance()?;
    let owner = call.ask(crate::identity_center::World::describe_instance)?;
    let encryption = match call.front.options.key {
        None => json!({ "KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED" }),
        Some(key) => {
            json!({ "KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key, "EncryptionStatus": "ENABLED" })
        }
    };
    Ok(json!({
        "InstanceArn": instance.instance_arn,
        "IdentityStoreId": instance.identity_store_id,
        "OwnerAccountId": owner,
        "Status": "ACTIVE",
        "EncryptionConfigurationDetails": encryption,
    }))
}

pub(super) fn list_tags_for_resource(call: &Exchange<'_>) -> Answer {
    let arn: PermissionSetArn = call.members.id("ResourceArn")?;
    call.ask(|world, now| world.list_tags_for_resource(now, &arn))?;
    Ok(json!({ "Tags": [] }))
}

fn assignment(members: &Members) -> Result<Assignment, Failure> {
    required("TargetType", members.choice("TargetType", &[("AWS_ACCOUNT", ())])?)?;
    Ok(Assignment {
        account: members.id("TargetId")?,
        permission_set: members.id("PermissionSetArn")?,
        principal: principal(members)?,
    })
}

fn principal(members: &Members) -> Result<Principal, Failure> {
    let kinds = [("USER", true), ("GROUP", false)];
    let user = required("PrincipalType", members.choice("PrincipalType", &kinds)?)?;
    if user {
        members.id::<UserId>("PrincipalId").map(Principal::User)
    } else {
        members.id::<GroupId>("PrincipalId").map(Principal::Group)
    }
}

fn request_id(members: &Members, name: &str) -> Result<OperationId, Failure> {
    let id: OperationId = members.id(name)?;
    Uuid::try_parse(id.as_str()).map_err(|_| out_of_form(name, "a UUID"))?;
    Ok(id)
}

fn status_filter(members: &Members) -> Result<StatusFilter, Failure> {
    let states = [
        ("IN_PROGRESS", StatusFilter::InProgress),
        ("FAILED", StatusFilter::Failed),
        ("SUCCEEDED", StatusFilter::Succeeded),
    ];
    let Some(filter) = members.inner("Filter")? else { return Ok(StatusFilter::Any) };
    Ok(filter.choice("Status", &states)?.unwrap_or(StatusFilter::Any))
}

/// Whatever is provisioned here is provisioned with the latest permission set.
fn asks_for_latest(members: &Members) -> Result<bool, Failure> {
    let choices =
        [("LATEST_PERMISSION_SET_PROVISIONED", true), ("LATEST_PERMISSION_SET_NOT_PROVISIONED", false)];
    Ok(members.choice("ProvisioningStatus", &choices)?.unwrap_or(true))
}

fn kind_and_id(principal: &Principal) -> (&'static str, &str) {
    match principal {
        Principal::User(id) => ("USER", id.as_str()),
        Principal::Group(id) => ("GROUP", id.as_str()),
    }
}

fn assigned(account: &AccountId, permission_set: &PermissionSetArn, principal: &Principal) -> Value {
    let (kind, id) = kind_and_id(principal);
    json!({
        "AccountId": account,
        "PermissionSetArn": permission_set,
        "PrincipalType": kind,
        "PrincipalId": id,
    })
}

fn state(state: &OperationState) -> &'static str {
    match state {
        OperationState::InProgress => "IN_PROGRESS",
        OperationState::Succeeded { .. } => "SUCCEEDED",
        OperationState::Failed { .. } => "FAILED",
    }
}

fn failure_reason(state: &OperationState) -> Option<&str> {
    match state {
        OperationState::Failed { reason, .. } => Some(reason),
        OperationState::InProgress | OperationState::Succeeded { .. } => None,
    }
}

fn status(operation: &Operation) -> Value {
    let (kind, id) = kind_and_id(&operation.assignment.principal);
    json!({
        "Status": state(&operation.state),
        "RequestId": operation.id,
        "FailureReason": failure_reason(&operation.state),
        "TargetId": operation.assignment.account,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": operation.assignment.permission_set,
        "PrincipalType": kind,
        "PrincipalId": id,
        "CreatedDate": epoch_seconds(operation.accepted_at),
    })
}

fn statuses(name: &str, paging: Paging, entries: Vec<OperationMetadata>) -> Value {
    let page = paging.cut(entries, |entry| newest_first(entry.accepted_at, &entry.id));
    let shown = page.items.iter().map(|entry| {
        json!({
            "Status": state(&entry.state),
            "RequestId": entry.id,
            "CreatedDate": epoch_seconds(entry.accepted_at),
        })
    });
    json!({ name: shown.collect::<Vec<_>>(), "NextToken": page.next_token })
}

/// A key that sorts what is later before what is earlier.
fn newest_first(at: Instant, id: &OperationId) -> String {
    format!("{:020} {id}", i64::MAX.abs_diff(at.timestamp_micros()))
}

fn permission_set(set: &PermissionSet) -> Value {
    json!({
        "Name": set.name,
        "PermissionSetArn": set.arn,
        "Description": (!set.description.is_empty()).then_some(&set.description),
        "SessionDuration": iso_duration(set.session_duration),
    })
}
