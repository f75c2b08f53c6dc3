//! The operations of the AWS APIs that the simulated Identity Center answers.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// One of the three AWS APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    SsoAdmin,
    IdentityStore,
    Organizations,
}

/// An operation of one of the APIs, by its AWS name.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
pub enum Action {
    CreateAccountAssignment,
    DeleteAccountAssignment,
    DescribeAccountAssignmentCreationStatus,
    DescribeAccountAssignmentDeletionStatus,
    ListAccountAssignmentCreationStatus,
    ListAccountAssignmentDeletionStatus,
    ListAccountAssignments,
    ListAccountAssignmentsForPrincipal,
    ListAccountsForProvisionedPermissionSet,
    ListPermissionSetsProvisionedToAccount,
    ListPermissionSets,
    DescribePermissionSet,
    ListInstances,
    DescribeInstance,
    ListTagsForResource,
    DescribeUser,
    ListUsers,
    GetUserId,
    DescribeGroup,
    GetGroupId,
    ListGroups,
    ListGroupMemberships,
    ListGroupMembershipsForMember,
    IsMemberInGroups,
    DescribeOrganization,
    DescribeAccount,
    ListAccounts,
    ListParents,
    ListRoots,
    DescribeOrganizationalUnit,
    ListOrganizationalUnitsForParent,
    ListAccountsForParent,
}

impl Action {
    /// The API it belongs to.
    pub fn service(self) -> Service {
        match self {
            Self::CreateAccountAssignment
            | Self::DeleteAccountAssignment
            | Self::DescribeAccountAssignmentCreationStatus
            | Self::DescribeAccountAssignmentDeletionStatus
            | Self::ListAccountAssignmentCreationStatus
            | Self::ListAccountAssignmentDeletionStatus
            | Self::ListAccountAssignments
            | Self::ListAccountAssignmentsForPrincipal
            | Self::ListAccountsForProvisionedPermissionSet
            | Self::ListPermissionSetsProvisionedToAccount
            | Self::ListPermissionSets
            | Self::DescribePermissionSet
            | Self::ListInstances
            | Self::DescribeInstance
            | Self::ListTagsForResource => Service::SsoAdmin,
            Self::DescribeUser
            | Self::ListUsers
            | Self::GetUserId
            | Self::DescribeGroup
            | Self::GetGroupId
            | Self::ListGroups
            | Self::ListGroupMemberships
            | Self::ListGroupMembershipsForMember
            | Self::IsMemberInGroups => Service::IdentityStore,
            Self::DescribeOrganization
            | Self::DescribeAccount
            | Self::ListAccounts
            | Self::ListParents
            | Self::ListRoots
            | Self::DescribeOrganizationalUnit
            | Self::ListOrganizationalUnitsForParent
            | Self::ListAccountsForParent => Service::Organizations,
        }
    }

    /// Whether it changes assignments.
    pub fn is_write(self) -> bool {
        matches!(self, Self::CreateAccountAssignment | Self::DeleteAccountAssignment)
    }
}
