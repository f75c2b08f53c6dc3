//! The table of operations: what each is answered by.

use super::exchange::{Answer, Exchange};
use super::{identity_store, organizations, sso_admin};
use crate::identity_center::{Action, Service};

/// What the names of a service's operations begin with in `X-Amz-Target`.
fn prefix(service: Service) -> &'static str {
    match service {
        Service::SsoAdmin => "SWBExternalService",
        Service::IdentityStore => "AWSIdentityStore",
        Service::Organizations => "AWSOrganizationsV20161128",
    }
}

/// The service and the operation that a target names, as far as they are known.
pub(super) fn named(target: &str) -> (Option<Service>, Option<Action>) {
    let Some((head, name)) = target.split_once('.') else { return (None, None) };
    let services = [Service::SsoAdmin, Service::IdentityStore, Service::Organizations];
    let service = services.into_iter().find(|service| prefix(*service) == head);
    let action = name.parse().ok().filter(|action: &Action| Some(action.service()) == service);
    (service, action)
}

/// Performs a call.
pub(super) fn perform(call: &Exchange<'_>) -> Answer {
    match call.action.service() {
        Service::SsoAdmin => sso_admin::check_instance(call)?,
        Service::IdentityStore => identity_store::check_store(call)?,
        Service::Organizations => {}
    }
    handler(call.action)(call)
}

fn handler(action: Action) -> fn(&Exchange<'_>) -> Answer {
    match action {
        Action::CreateAccountAssignment => sso_admin::create_account_assignment,
        Action::DeleteAccountAssignment => sso_admin::delete_account_assignment,
        Action::DescribeAccountAssignmentCreationStatus => sso_admin::describe_creation_status,
        Action::DescribeAccountAssignmentDeletionStatus => sso_admin::describe_deletion_status,
        Action::ListAccountAssignmentCreationStatus => sso_admin::list_creation_status,
        Action::ListAccountAssignmentDeletionStatus => sso_admin::list_deletion_status,
        Action::ListAccountAssignments => sso_admin::list_account_assignments,
        Action::ListAccountAssignmentsForPrincipal => sso_admin::list_account_assignments_for_principal,
        Action::ListAccountsForProvisionedPermissionSet => sso_admin::list_accounts_for_permission_set,
        Action::ListPermissionSetsProvisionedToAccount => sso_admin::list_permission_sets_of_account,
        Action::ListPermissionSets => sso_admin::list_permission_sets,
        Action::DescribePermissionSet => sso_admin::describe_permission_set,
        Action::ListInstances => sso_admin::list_instances,
        Action::DescribeInstance => sso_admin::describe_instance,
        Action::ListTagsForResource => sso_admin::list_tags_for_resource,
        Action::DescribeUser => identity_store::describe_user,
        Action::ListUsers => identity_store::list_users,
        Action::GetUserId => identity_store::get_user_id,
        Action::DescribeGroup => identity_store::describe_group,
        Action::GetGroupId => identity_store::get_group_id,
        Action::ListGroups => identity_store::list_groups,
        Action::ListGroupMemberships => identity_store::list_group_memberships,
        Action::ListGroupMembershipsForMember => identity_store::list_group_memberships_for_member,
        Action::IsMemberInGroups => identity_store::is_member_in_groups,
        Action::DescribeOrganization => organizations::describe_organization,
        Action::DescribeAccount => organizations::describe_account,
        Action::ListAccounts => organizations::list_accounts,
        Action::ListParents => organizations::list_parents,
        Action::ListRoots => organizations::list_roots,
        Action::DescribeOrganizationalUnit => organizations::describe_organizational_unit,
        Action::ListOrganizationalUnitsForParent => organizations::list_units_for_parent,
        Action::ListAccountsForParent => organizations::list_accounts_for_parent,
    }
}
