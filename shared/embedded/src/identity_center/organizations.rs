//! The operations of `organizations`.

use kari_domain::directory::OrganizationalUnit;
use kari_domain::ids::{AccountId, OuId};
use kari_domain::time::Instant;

use super::{Action, ApiError, MemberAccount, World};

impl World {
    /// `DescribeOrganization`: its management account. The rest is in [`World::instance`].
    pub fn describe_organization(&mut self, now: Instant) -> Result<Option<MemberAccount>, ApiError> {
        let act = |world: &mut Self, _| Ok(world.census.management().cloned());
        self.call(now, Action::DescribeOrganization, |_| String::new(), act)
    }

    /// `DescribeAccount`.
    pub fn describe_account(&mut self, now: Instant, id: &AccountId) -> Result<MemberAccount, ApiError> {
        let arguments = |world: &Self| world.census.account_name(id);
        self.call(now, Action::DescribeAccount, arguments, |world, _| {
            world.census.accounts.get(id).cloned().ok_or_else(|| ApiError::unknown("account", id))
        })
    }

    /// `ListAccounts`.
    pub fn list_accounts(&mut self, now: Instant) -> Result<Vec<MemberAccount>, ApiError> {
        self.call(
            now,
            Action::ListAccounts,
            |_| String::new(),
            |world, _| Ok(world.census.accounts.values().cloned().collect()),
        )
    }

    /// `ListParents` of an account: its one unit, or the root.
    pub fn list_parents_of_account(
        &mut self,
        now: Instant,
        id: &AccountId,
    ) -> Result<Option<OuId>, ApiError> {
        let arguments = |world: &Self| world.census.account_name(id);
        self.call(now, Action::ListParents, arguments, |world, _| {
            let account = world.census.accounts.get(id);
            account.map(|account| account.parent.clone()).ok_or_else(|| ApiError::unknown("account", id))
        })
    }

    /// `ListParents` of a unit; `None` for the root.
    pub fn list_parents_of_unit(&mut self, now: Instant, id: &OuId) -> Result<Option<OuId>, ApiError> {
        let arguments = |world: &Self| world.unit_label(id);
        self.call(now, Action::ListParents, arguments, |world, _| {
            let unit = world.census.units.get(id);
            unit.map(|unit| unit.parent.clone()).ok_or_else(|| ApiError::unknown("unit", id))
        })
    }

    /// `ListRoots`.
    pub fn list_roots(&mut self, now: Instant) -> Result<Vec<OrganizationalUnit>, ApiError> {
        self.call(now, Action::ListRoots, |_| String::new(), |world, _| Ok(world.units_under(None)))
    }

    /// `ListOrganizationalUnitsForParent`.
    pub fn list_organizational_units_for_parent(
        &mut self,
        now: Instant,
        parent: &OuId,
    ) -> Result<Vec<OrganizationalUnit>, ApiError> {
        let arguments = |world: &Self| world.unit_label(parent);
        self.call(now, Action::ListOrganizationalUnitsForParent, arguments, |world, _| {
            world.check_unit(parent)?;
            Ok(world.units_under(Some(parent)))
        })
    }

    /// `DescribeOrganizationalUnit`.
    pub fn describe_organizational_unit(
        &mut self,
        now: Instant,
        id: &OuId,
    ) -> Result<OrganizationalUnit, ApiError> {
        let arguments = |world: &Self| world.unit_label(id);
        self.call(now, Action::DescribeOrganizationalUnit, arguments, |world, _| {
            world.census.units.get(id).cloned().ok_or_else(|| ApiError::unknown("unit", id))
        })
    }

    /// `ListAccountsForParent`: the accounts directly in a unit.
    pub fn list_accounts_for_parent(
        &mut self,
        now: Instant,
        parent: &OuId,
    ) -> Result<Vec<MemberAccount>, ApiError> {
        let arguments = |world: &Self| world.unit_label(parent);
        self.call(now, Action::ListAccountsForParent, arguments, |world, _| {
            world.check_unit(parent)?;
            let accounts = world.census.accounts.values();
            Ok(accounts.filter(|account| account.parent.as_ref() == Some(parent)).cloned().collect())
        })
    }

    fn check_unit(&self, id: &OuId) -> Result<(), ApiError> {
        if self.census.units.contains_key(id) { Ok(()) } else { Err(ApiError::unknown("unit", id)) }
    }

    fn units_under(&self, parent: Option<&OuId>) -> Vec<OrganizationalUnit> {
        self.census.units.values().filter(|unit| unit.parent.as_ref() == parent).cloned().collect()
    }

    fn unit_label(&self, id: &OuId) -> String {
        self.census.units.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone())
    }
}
