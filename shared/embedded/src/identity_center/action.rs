//! The operations of the AWS APIs that the simulated Identity Center answers.

use serde::{Deserialize, Serialize};

/// One of the three AWS APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    SsoAdmin,
    IdentityStore,
    Organizations,
}

/// An operation of one of the APIs, by its AWS name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    CreateAccountAssignment,
    DeleteAccountAssignment,
    DescribeAccountAssignmentCreationStatus,
    DescribeAccountAssignmentDeletionStatus,
    ListAccountAssignmentCreationStatus,
    ListAccountAssignmentDeletionStatus,
    ListAccountAssignments,
    ListPermissionSetsProvisionedToAccount,
    ListPermissionSets,
    DescribePermissionSet,
    DescribeUser,
    ListUsers,
    ListGroups,
    ListGroupMemberships,
    ListGroupMembershipsForMember,
    DescribeAccount,
    ListAccounts,
    ListParents,
    ListRoots,
    ListOrganizationalUnitsForParent,
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
            | Self::ListPermissionSetsProvisionedToAccount
            | Self::ListPermissionSets
            | Self::DescribePermissionSet => Service::SsoAdmin,
            Self::DescribeUser
            | Self::ListUsers
            | Self::ListGroups
            | Self::ListGroupMemberships
            | Self::ListGroupMembershipsForMember => Service::IdentityStore,
            Self::DescribeAccount
            | Self::ListAccounts
            | Self::ListParents
            | Self::ListRoots
            | Self::ListOrganizationalUnitsForParent => Service::Organizations,
        }
    }

    /// Whether it changes assignments.
    pub fn is_write(self) -> bool {
        matches!(self, Self::CreateAccountAssignment | Self::DeleteAccountAssignment)
    }
}
