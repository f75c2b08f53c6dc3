//! The operations of `sso-admin` that read beyond one account and permission set.

use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::time::Instant;

use super::{Action, ApiError, Assignment, Principal, World};

impl World {
    /// What this Identity Center and the organization around it are called. Not a call.
    pub fn instance(&self) -> &super::Instance {
        &self.census.instance
    }

    /// The id of the management account, as it stands in ARNs. Not a call.
    #[cfg(feature = "http-front")]
    pub(super) fn management_account(&self) -> String {
        let account = self.census.management();
        account.map_or_else(|| "000000000000".to_owned(), |account| account.id.to_string())
    }

    /// The account that administers: the management account, or some other one that it was delegated to. Not
    /// a call.
    #[cfg(feature = "http-front")]
    pub(super) fn administering_account(&self) -> String {
        let delegated =
            self.census.accounts.values().find(|account| !account.management && self.is_delegated());
        delegated.map_or_else(|| self.management_account(), |account| account.id.to_string())
    }

    /// `ListInstances`: there is this one. Answers the account that owns it.
    pub fn list_instances(&mut self, now: Instant) -> Result<Option<AccountId>, ApiError> {
        let act = |world: &mut Self, _| Ok(world.census.management().map(|account| account.id.clone()));
        self.call(now, Action::ListInstances, |_| String::new(), act)
    }

    /// `DescribeInstance`. Answers the account that owns it.
    pub fn describe_instance(&mut self, now: Instant) -> Result<Option<AccountId>, ApiError> {
        let act = |world: &mut Self, _| Ok(world.census.management().map(|account| account.id.clone()));
        self.call(now, Action::DescribeInstance, |_| String::new(), act)
    }

    /// `ListAccountAssignmentsForPrincipal`: what is assigned to a principal, and to the groups of a
    /// user. AWS documents it for the management account alone.
    pub fn list_account_assignments_for_principal(
        &mut self,
        now: Instant,
        principal: &Principal,
        account: Option<&AccountId>,
    ) -> Result<Vec<Assignment>, ApiError> {
        let arguments = |world: &Self| world.census.label(principal);
        self.call(now, Action::ListAccountAssignmentsForPrincipal, arguments, |world, now| {
            world.check_management()?;
            if !world.census.has(principal) {
                return Err(ApiError::unknown("principal", principal));
            }
            let listed = world.assigned.all_listed(now).map(|(assignment, ..)| assignment);
            let theirs = listed.filter(|assignment| world.reaches(&assignment.principal, principal));
            let asked = |id: &AccountId| account.is_none_or(|account| account == id);
            Ok(theirs.filter(|assignment| asked(&assignment.account)).collect())
        })
    }

    /// `ListAccountsForProvisionedPermissionSet`.
    pub fn list_accounts_for_provisioned_permission_set(
        &mut self,
        now: Instant,
        permission_set: &PermissionSetArn,
    ) -> Result<Vec<AccountId>, ApiError> {
        let arguments = |world: &Self| world.census.permission_set_name(permission_set);
        self.call(now, Action::ListAccountsForProvisionedPermissionSet, arguments, |world, now| {
            world.check_permission_set(permission_set)?;
            Ok(world.assigned.listed_accounts(permission_set, now))
        })
    }

    /// `ListTagsForResource` of a permission set: none has any.
    pub fn list_tags_for_resource(
        &mut self,
        now: Instant,
        permission_set: &PermissionSetArn,
    ) -> Result<(), ApiError> {
        let arguments = |world: &Self| world.census.permission_set_name(permission_set);
        self.call(now, Action::ListTagsForResource, arguments, |world, _| {
            world.check_permission_set(permission_set)
        })
    }

    fn check_management(&self) -> Result<(), ApiError> {
        if self.is_delegated() {
            return Err(ApiError::AccessDenied("only the management account may ask this".to_owned()));
        }
        Ok(())
    }

    /// Whether what one principal holds is the other's, too.
    fn reaches(&self, holder: &Principal, principal: &Principal) -> bool {
        let member = match (holder, principal) {
            (Principal::Group(group), Principal::User(user)) => {
                self.census.members.get(group).is_some_and(|members| members.contains(user))
            }
            (Principal::User(_), _) | (Principal::Group(_), Principal::Group(_)) => false,
        };
        member || holder == principal
    }
}
