use kari_domain::directory::{AccountStatus, PermissionSet};
use kari_domain::policy::PolicyRef;
use serde::Serialize;
use utoipa::ToSchema;

/// A person, by the name they have now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// The identity-store user id.
    #[schema(example = "90676d1234-hanako")]
    pub id: String,
    #[schema(example = "山田 花子")]
    pub display_name: String,
    #[schema(example = "hanako")]
    pub user_name: String,
}

/// An account and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AccountView {
    #[schema(example = "111122223333")]
    pub id: String,
    #[schema(example = "payments-production")]
    pub name: String,
    pub status: AccountStatusView,
    /// The organization's management account.
    pub management: bool,
    /// The units above it, the root first.
    pub path: Vec<UnitView>,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = AccountStatus)]
pub(crate) enum AccountStatusView {
    Active,
    Suspended,
    Closed,
}

impl From<AccountStatus> for AccountStatusView {
    fn from(status: AccountStatus) -> Self {
        match status {
            AccountStatus::Active => Self::Active,
            AccountStatus::Suspended => Self::Suspended,
            AccountStatus::Closed => Self::Closed,
        }
    }
}

/// An organizational unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct UnitView {
    #[schema(example = "ou-prod")]
    pub id: String,
    #[schema(example = "production")]
    pub name: String,
}

/// A permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PermissionSetView {
    #[schema(example = "arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2")]
    pub arn: String,
    #[schema(example = "AdministratorAccess")]
    pub name: String,
    pub description: String,
    /// How long a session opened with it may last.
    pub session_duration_minutes: u32,
}

impl From<&PermissionSet> for PermissionSetView {
    fn from(set: &PermissionSet) -> Self {
        Self {
            arn: set.arn.to_string(),
            name: set.name.clone(),
            description: set.description.clone(),
            session_duration_minutes: set.session_duration.0,
        }
    }
}

/// A policy as it was when it had a say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PolicyRef)]
pub(crate) struct PolicyRefView {
    #[schema(example = "developers-sandbox")]
    pub id: String,
    pub version: u64,
    #[schema(example = "Developers in sandbox accounts")]
    pub name: String,
}

impl From<&PolicyRef> for PolicyRefView {
    fn from(policy: &PolicyRef) -> Self {
        Self { id: policy.id.to_string(), version: policy.version, name: policy.name.as_str().to_owned() }
    }
}
