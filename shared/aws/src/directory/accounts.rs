//! Accounts and organizational units, from Organizations.

use std::collections::BTreeMap;

use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_organizations::operation::describe_organization::{
    DescribeOrganizationError, DescribeOrganizationOutput,
};
use aws_sdk_organizations::operation::list_accounts_for_parent::ListAccountsForParentOutput;
use aws_sdk_organizations::operation::list_organizational_units_for_parent::ListOrganizationalUnitsForParentOutput;
use aws_sdk_organizations::operation::list_roots::ListRootsOutput;
use aws_sdk_organizations::types::{Account as Described, AccountState};
use kari_application::ports::Unavailable;
use kari_domain::directory::{Account, AccountStatus, OrganizationalUnit};
use kari_domain::ids::{AccountId, OuId};

use super::paced::{Api, Reading};
use super::{AwsDirectory, Listing, present, unavailable};

/// Organizations nests units five deep under the root; more can only be a mistake.
const DEEPEST: usize = 16;

/// How often units and accounts are listed anew because a unit was deleted meanwhile.
const MOST_LISTINGS: usize = 3;

type Units = BTreeMap<OuId, OrganizationalUnit>;
type Accounts = BTreeMap<AccountId, Account>;

/// The unit above each unit that was looked up: `None` above a root.
pub(super) type Parents = BTreeMap<OuId, Option<OuId>>;

impl AwsDirectory {
    /// An account as it is now. `parents` are the units that this very question has looked up already.
    pub(super) async fn describe_account(
        &self,
        id: &AccountId,
        parents: &mut Parents,
    ) -> Result<Option<Account>, Unavailable> {
        let described = match self.organizations.describe_account().account_id(id.as_str()).send().await {
            Ok(found) => present(found.account, "account")?,
            Err(error) if error.code() == Some("AccountNotFoundException") => return Ok(None),
            Err(error) => return Err(unavailable(error)),
        };
        let path = match path_in(&described) {
            Some(path) => path?,
            None => self.live_path(id, parents).await?,
        };
        self.account_of(&described, path, self.management_account().await?).map(Some)
    }

    fn account_of(
        &self,
        described: &Described,
        path: Vec<OuId>,
        management: &AccountId,
    ) -> Result<Account, Unavailable> {
        let id: AccountId = present(described.id(), "account id")?.parse().map_err(unavailable)?;
        let left_out = self.of.leaves_out(&id, management);
        Ok(Account {
            name: described.name().unwrap_or(id.as_str()).to_owned(),
            status: status(described),
            management: id == *management,
            left_out,
            id,
            path,
        })
    }

    /// The organization's management account; it never changes.
    async fn management_account(&self) -> Result<&AccountId, Unavailable> {
        let read = async || management_in(self.organizations.describe_organization().send().await);
        self.management.get_or_try_init(read).await
    }

    /// The same for the reading of everything, which can wait.
    async fn management_account_patiently(&self, reading: &Reading) -> Result<&AccountId, Unavailable> {
        let ask = || self.organizations.describe_organization().send();
        let read = async || management_in(reading.patiently(Api::Organizations, ask).await?);
        self.management.get_or_try_init(read).await
    }

    /// The units above an account, the root first, asked for one by one. NB. A unit that cannot be read
    /// is an error: a path cut short could evade a guardrail.
    async fn live_path(&self, account: &AccountId, parents: &mut Parents) -> Result<Vec<OuId>, Unavailable> {
        let lowest = self.parent_of(account.as_str()).await?;
        let mut path = vec![];
        let mut next = Some(lowest);
        while let Some(unit) = next {
            if !parents.contains_key(&unit) {
                let above = if is_root(&unit) { None } else { Some(self.parent_of(unit.as_str()).await?) };
                parents.insert(unit.clone(), above);
            }
            next = parents.get(&unit).cloned().flatten();
            path.push(unit);
            if path.len() > DEEPEST {
                return Err(unavailable("units are nested too deeply"));
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The one parent of an account or a unit. Organizations may answer with an empty page first.
    async fn parent_of(&self, child: &str) -> Result<OuId, Unavailable> {
        let mut pages = self.organizations.list_parents().child_id(child).into_paginator().send();
        while let Some(page) = pages.next().await {
            if let Some(parent) = page.map_err(unavailable)?.parents().first() {
                return present(parent.id(), "parent id")?.parse().map_err(unavailable);
            }
        }
        Err(unavailable("nothing is said to be above it"))
    }

    /// Every unit, and every account. NB. Before a unit is deleted its accounts are moved, maybe to a unit whose
    /// accounts were listed already. Of an account that is left out policies would be said to name nothing; so
    /// all of it is listed anew.
    pub(super) async fn list_places(&self, reading: &Reading) -> Result<(Units, Accounts), Unavailable> {
        for _ in 0..MOST_LISTINGS {
            let units = self.list_units(reading).await?;
            if let Some(accounts) = self.list_accounts(reading, &units).await? {
                return Ok((units, accounts));
            }
        }
        Err(unavailable("units are being deleted again and again"))
    }

    async fn list_units(&self, reading: &Reading) -> Result<Units, Unavailable> {
        let mut units = Units::new();
        let mut open = self.list_roots(reading).await?;
        while let Some(unit) = open.pop() {
            // One that was deleted meanwhile is not there, and nothing was in it any more.
            let Some(within) = self.units_in(reading, &unit.id).await? else { continue };
            open.extend(within);
            units.insert(unit.id.clone(), unit);
        }
        Ok(units)
    }

    async fn list_roots(&self, reading: &Reading) -> Result<Vec<OrganizationalUnit>, Unavailable> {
        let list = self.organizations.list_roots();
        let page = |token| list.clone().set_next_token(token).send();
        let parts = |page: ListRootsOutput| (page.roots.unwrap_or_default(), page.next_token);
        let roots = reading.list(Api::Organizations, page, parts).await?;
        roots.iter().map(|root| unit(root.id(), root.name(), None)).collect()
    }

    /// The units right below one; `None` where that one is gone.
    async fn units_in(
        &self,
        reading: &Reading,
        parent: &OuId,
    ) -> Result<Option<Vec<OrganizationalUnit>>, Unavailable> {
        let list = self.organizations.list_organizational_units_for_parent().parent_id(parent.as_str());
        let page = |token| list.clone().set_next_token(token).send();
        let parts = |page: ListOrganizationalUnitsForParentOutput| {
            (page.organizational_units.unwrap_or_default(), page.next_token)
        };
        let listed =
            reading.list_unless_gone(Api::Organizations, page, parts, |error| is_gone(parent, error)).await?;
        let Some(listed) = listed else { return Ok(None) };
        let units = listed.iter().map(|child| unit(child.id(), child.name(), Some(parent.clone())));
        units.collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// Every account, unit by unit, so that one call tells of many where they lie; `None` if a unit is gone.
    async fn list_accounts(&self, reading: &Reading, units: &Units) -> Result<Option<Accounts>, Unavailable> {
        let management = self.management_account_patiently(reading).await?;
        let (mut accounts, mut listing) = (Accounts::new(), Listing::of("account"));
        for unit in units.keys() {
            let path = path_of(units, unit)?;
            let list = self.organizations.list_accounts_for_parent().parent_id(unit.as_str());
            let page = |token| list.clone().set_next_token(token).send();
            let parts =
                |page: ListAccountsForParentOutput| (page.accounts.unwrap_or_default(), page.next_token);
            let listed = reading
                .list_unless_gone(Api::Organizations, page, parts, |error| is_gone(unit, error))
                .await?;
            let Some(listed) = listed else { return Ok(None) };
            for described in listed {
                let account = self.account_of(&described, path.clone(), management);
                if let Some(account) = listing.one(described.id().unwrap_or_default(), account) {
                    accounts.insert(account.id.clone(), account);
                }
            }
        }
        listing.end()?;
        Ok(Some(accounts))
    }
}

fn management_in(
    answer: Result<DescribeOrganizationOutput, SdkError<DescribeOrganizationError>>,
) -> Result<AccountId, Unavailable> {
    let organization = present(answer.map_err(unavailable)?.organization, "organization")?;
    present(organization.master_account_id(), "management account")?.parse().map_err(unavailable)
}

/// Whether the unit that was asked about does not exist. NB. A root is never deleted: where it is not found, the
/// question went astray, and there are accounts all the same.
fn is_gone(unit: &OuId, error: &impl ProvideErrorMetadata) -> bool {
    !is_root(unit) && error.code() == Some("ParentNotFoundException")
}

/// Nothing is above a root; Organizations tells them from units by their ids.
fn is_root(unit: &OuId) -> bool {
    unit.as_str().starts_with("r-")
}

fn unit(
    id: Option<&str>,
    name: Option<&str>,
    parent: Option<OuId>,
) -> Result<OrganizationalUnit, Unavailable> {
    let id: OuId = present(id, "unit id")?.parse().map_err(unavailable)?;
    Ok(OrganizationalUnit { name: name.unwrap_or(id.as_str()).to_owned(), id, parent })
}

/// The units down to this one, the root first.
fn path_of(units: &Units, lowest: &OuId) -> Result<Vec<OuId>, Unavailable> {
    let mut path = vec![];
    let mut next = Some(lowest);
    while let Some(id) = next {
        path.push(id.clone());
        if path.len() > DEEPEST {
            return Err(unavailable("units are nested too deeply"));
        }
        next = present(units.get(id), "parent unit")?.parent.as_ref();
    }
    path.reverse();
    Ok(path)
}

/// The path that the description itself tells, where Organizations tells it:
/// `o-…/r-…/ou-…/111122223333/`.
fn path_in(described: &Described) -> Option<Result<Vec<OuId>, Unavailable>> {
    let path = described.paths().first()?;
    let units = path.split('/').filter(|part| part.starts_with("r-") || part.starts_with("ou-"));
    let units: Vec<_> = units.map(|part| part.parse::<OuId>().map_err(unavailable)).collect();
    (!units.is_empty()).then(|| units.into_iter().collect())
}

/// What is not certainly usable is out of reach.
fn status(described: &Described) -> AccountStatus {
    match described.state() {
        Some(AccountState::Active) => AccountStatus::Active,
        Some(AccountState::Closed) => AccountStatus::Closed,
        Some(_) => AccountStatus::Suspended,
        None => status_of_old(described),
    }
}

/// Organizations told of a status before it told of a state.
fn status_of_old(described: &Described) -> AccountStatus {
    if described.status().is_some_and(|status| status.as_str() == "ACTIVE") {
        AccountStatus::Active
    } else {
        AccountStatus::Suspended
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_organizations::error::ErrorMetadata;

    use super::*;

    fn account(path: &str) -> Described {
        Described::builder().paths(path).build()
    }

    #[test]
    fn a_path_that_is_told_names_the_root_first() {
        let told = account("o-a1/r-ab12/ou-ab12-11111111/ou-ab12-22222222/111122223333/");
        let path: Vec<_> = path_in(&told).unwrap().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(path, ["r-ab12", "ou-ab12-11111111", "ou-ab12-22222222"]);
        assert!(path_in(&Described::builder().build()).is_none(), "then the parents are asked for");
    }

    #[test]
    fn a_unit_is_gone_where_it_is_not_found_and_a_root_never_is() {
        let answer = |code: &str| ErrorMetadata::builder().code(code).build();
        let [unit, root] = ["ou-ab12-11111111", "r-ab12"].map(|id| id.parse::<OuId>().unwrap());
        assert!(is_gone(&unit, &answer("ParentNotFoundException")));
        assert!(!is_gone(&root, &answer("ParentNotFoundException")));
        assert!(!is_gone(&unit, &answer("AccessDeniedException")));
    }

    #[test]
    fn an_account_is_active_only_if_it_is_said_to_be() {
        let with = |state: &str| status(&Described::builder().state(state.into()).build());
        assert_eq!(with("ACTIVE"), AccountStatus::Active);
        assert_eq!(with("CLOSED"), AccountStatus::Closed);
        for state in ["SUSPENDED", "PENDING_CLOSURE", "PENDING_ACTIVATION", "SOMETHING_NEW"] {
            assert_eq!(with(state), AccountStatus::Suspended, "{state}");
        }
        assert_eq!(status(&Described::builder().build()), AccountStatus::Suspended);
    }
}
