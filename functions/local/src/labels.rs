//! How the simulation calls accounts and permission sets, by the names of the API.

use kari_api::Names;
use kari_domain::ids::{AccountId, PermissionSetArn};
use serde::Serialize;
use utoipa::ToSchema;

/// An account, by the name it has now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AccountLabel {
    #[schema(example = "111122223333")]
    id: String,
    name: String,
}

/// A permission set, by the name it has now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PermissionSetLabel {
    arn: String,
    name: String,
}

impl AccountLabel {
    pub(crate) fn of(id: &AccountId, names: Names<'_>) -> Self {
        Self { id: id.to_string(), name: names.account_name(id) }
    }
}

impl PermissionSetLabel {
    pub(crate) fn of(arn: &PermissionSetArn, names: Names<'_>) -> Self {
        Self { arn: arn.to_string(), name: names.permission_set_name(arn) }
    }
}
