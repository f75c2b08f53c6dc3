//! What no port tells about a deployment, for whoever checks it: whose the instance is, how the table is
//! protected, and what Lambda lets the functions do.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::PointInTimeRecoveryStatus;
use aws_smithy_types::error::display::DisplayErrorContext;
use kari_domain::ids::AccountId;

use crate::clients::Clients;
use crate::instance::InstanceArn;

/// What was asked for, or the words of AWS for why not.
pub type Told<T> = Result<T, String>;

/// How the table is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The account that it is in, which is the account of the credentials.
    pub account: String,
    pub deletion_protection: bool,
}

/// An instance of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub arn: String,
    pub identity_store: String,
    /// The management account, if it is an organization's instance.
    pub owner: String,
}

/// What Identity Center is encrypted with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `None` if it is AWS's own.
    pub arn: Option<String>,
    /// What is wrong with it, if anything is.
    pub trouble: Option<String>,
}

/// How many functions of the account Lambda runs at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    pub whole: i32,
    /// What no function has for itself.
    pub unreserved: i32,
}

/// The words of AWS, with its code; or what kept it from answering.
pub(crate) fn words<E>(error: &E) -> String
where
    E: ProvideErrorMetadata + std::error::Error,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => DisplayErrorContext(error).to_string(),
    }
}

/// The table, if there is one of this name.
///
/// # Errors
/// The words of AWS.
pub async fn table(clients: &Clients, name: &str) -> Told<Option<Table>> {
    match clients.dynamodb.describe_table().table_name(name).send().await {
        Ok(answer) => Ok(answer.table.map(|table| Table {
            account: table.table_arn().and_then(|arn| arn.split(':').nth(4)).unwrap_or_default().to_owned(),
            deletion_protection: table.deletion_protection_enabled == Some(true),
        })),
        Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(words(&error)),
    }
}

/// Whether the table can be restored to any moment of the last weeks.
///
/// # Errors
/// The words of AWS.
pub async fn point_in_time_recovery(clients: &Clients, name: &str) -> Told<bool> {
    let answer = clients.dynamodb.describe_continuous_backups().table_name(name).send().await;
    let described = answer.map_err(|error| words(&error))?.continuous_backups_description;
    let recovery = described.and_then(|described| described.point_in_time_recovery_description);
    let status = recovery.and_then(|recovery| recovery.point_in_time_recovery_status);
    Ok(status == Some(PointInTimeRecoveryStatus::Enabled))
}

/// The instances that these credentials see in the Region of Identity Center.
///
/// # Errors
/// The words of AWS.
pub async fn instances(clients: &Clients) -> Told<Vec<Instance>> {
    let mut found = clients.sso_admin().list_instances().into_paginator().items().send();
    let mut instances = vec![];
    while let Some(instance) = found.next().await {
        let instance = instance.map_err(|error| words(&error))?;
        instances.push(Instance {
            arn: instance.instance_arn.unwrap_or_default(),
            identity_store: instance.identity_store_id.unwrap_or_default(),
            owner: instance.owner_account_id.unwrap_or_default(),
        });
    }
    Ok(instances)
}

/// In which words Identity Center denies to be administered with these credentials; `None` if it does not.
///
/// # Errors
/// The words of AWS for why that is not known.
pub async fn denial(clients: &Clients, instance: &InstanceArn) -> Told<Option<String>> {
    let list = clients.sso_admin().list_permission_sets().instance_arn(instance.as_str()).max_results(1);
    match list.send().await {
        Ok(_) => Ok(None),
        Err(error) if error.code() == Some("AccessDeniedException") => Ok(Some(words(&error))),
        Err(error) => Err(words(&error)),
    }
}

/// What the instance is encrypted with.
///
/// # Errors
/// The words of AWS.
pub async fn key(clients: &Clients, instance: &InstanceArn) -> Told<Key> {
    let answer = clients.sso_admin().describe_instance().instance_arn(instance.as_str()).send().await;
    let answer = answer.map_err(|error| words(&error))?;
    let details = answer.encryption_configuration_details;
    let status = details.as_ref().and_then(|details| details.encryption_status());
    let reason = details.as_ref().and_then(|details| details.encryption_status_reason());
    let trouble = status.filter(|status| status.as_str() != "ENABLED");
    Ok(Key {
        arn: details.as_ref().and_then(|details| details.kms_key_arn()).map(str::to_owned),
        trouble: trouble.map(|status| format!("{status} {}", reason.unwrap_or_default()).trim().to_owned()),
    })
}

/// The role of a function, if there is a function of this name.
///
/// # Errors
/// The words of AWS.
pub async fn role(clients: &Clients, function: &str) -> Told<Option<String>> {
    match clients.lambda().get_function_configuration().function_name(function).send().await {
        Ok(answer) => Ok(Some(answer.role.unwrap_or_default())),
        Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(words(&error)),
    }
}

/// How many functions may run at once.
///
/// # Errors
/// The words of AWS.
pub async fn concurrency(clients: &Clients) -> Told<Concurrency> {
    let answer = clients.lambda().get_account_settings().send().await.map_err(|error| words(&error))?;
    let limit = answer.account_limit.ok_or("Lambda names no limit")?;
    let whole = limit.concurrent_executions;
    Ok(Concurrency { whole, unreserved: limit.unreserved_concurrent_executions.unwrap_or(whole) })
}

/// The account of the credentials.
///
/// # Errors
/// The words of AWS.
pub async fn account(clients: &Clients) -> Told<AccountId> {
    let answer = clients.sts().get_caller_identity().send().await.map_err(|error| words(&error))?;
    answer.account().unwrap_or_default().parse::<AccountId>().map_err(|error| error.to_string())
}

/// Whose the credentials are: the ARN of a user, or of a session of a role, which has its name.
///
/// # Errors
/// The words of AWS.
pub async fn caller(clients: &Clients) -> Told<String> {
    let answer = clients.sts().get_caller_identity().send().await.map_err(|error| words(&error))?;
    answer.arn.filter(|arn| !arn.is_empty()).ok_or_else(|| "sts names no ARN".to_owned())
}

/// The management account of the organization.
///
/// # Errors
/// The words of AWS.
pub async fn management_account(clients: &Clients) -> Told<String> {
    let answer = clients.organizations().describe_organization().send().await;
    let organization = answer.map_err(|error| words(&error))?.organization;
    Ok(organization.and_then(|organization| organization.master_account_id).unwrap_or_default())
}
