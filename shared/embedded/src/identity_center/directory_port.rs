//! The port `Directory`, composed of the APIs' operations as the real adapter must.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::{Directory, Unavailable};
use kari_domain::directory::{Account, LeftOut, OrganizationalUnit, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};

use super::{ApiError, MemberAccount, SimulatedIdentityCenter, UniqueAttribute};

/// Organizations nests units five deep under the root; more can only be a mistake.
const DEEPEST: usize = 16;

/// How often the reading of everything waits out a throttled call, and for how long.
const PATIENCE: usize = 20;
const PAUSE: TimeDelta = TimeDelta::milliseconds(500);

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unavailable {
    Unavailable::new("the directory", error)
}

fn account(member: MemberAccount, delegated: bool, path: Vec<OuId>) -> Account {
    let MemberAccount { id, name, status, management, parent: _ } = member;
    let left_out = (management && delegated).then_some(LeftOut::NotDelegated);
    Account { id, name, status, management, left_out, path }
}

/// The units above an account, the root first; what is missing or endless is an error.
fn path(parents: &BTreeMap<OuId, Option<OuId>>, lowest: Option<OuId>) -> Result<Vec<OuId>, Unavailable> {
    let mut path = Vec::new();
    let mut next = lowest;
    while let Some(unit) = next.take() {
        let parent = parents.get(&unit).ok_or_else(|| unavailable(format!("unit {unit} is not listed")))?;
        path.push(unit);
        next.clone_from(parent);
        if path.len() > DEEPEST {
            return Err(unavailable("units are nested too deeply"));
        }
    }
    path.reverse();
    Ok(path)
}

impl SimulatedIdentityCenter {
    /// An account as it is now. `parents` are the units that this very call has looked up already.
    fn live_account(
        &self,
        id: &AccountId,
        parents: &mut BTreeMap<OuId, Option<OuId>>,
    ) -> Result<Option<Account>, Unavailable> {
        let Some(member) = self.find(|world, now| world.describe_account(now, id))? else {
            return Ok(None);
        };
        // The parent is asked for by itself, as Organizations has it: an account may have moved.
        let Some(parent) = self.find(|world, now| world.list_parents_of_account(now, id))? else {
            return Ok(None);
        };
        self.look_up(parent.clone(), parents)?;
        Ok(Some(account(member, self.is_delegated()?, path(parents, parent)?)))
    }

    /// Looks up the units from here to the root, as far as they are not known.
    fn look_up(
        &self,
        lowest: Option<OuId>,
        parents: &mut BTreeMap<OuId, Option<OuId>>,
    ) -> Result<(), Unavailable> {
        let mut next = lowest;
        while let Some(unit) = next.filter(|unit| !parents.contains_key(unit)) {
            // NB. A unit that cannot be read is an error: a path cut short could evade a guardrail.
            let parent = self.must(|world, now| world.list_parents_of_unit(now, &unit))?;
            parents.insert(unit, parent.clone());
            next = parent;
        }
        Ok(())
    }

    /// What Kari is told when it is deployed. Not a call.
    fn is_delegated(&self) -> Result<bool, Unavailable> {
        self.with(|world, _| world.is_delegated())
    }

    fn all_units(&self) -> Result<BTreeMap<OuId, OrganizationalUnit>, Unavailable> {
        let mut units = BTreeMap::new();
        let mut open = self.must(super::World::list_roots)?;
        while let Some(unit) = open.pop() {
            open.extend(self.must(|world, now| world.list_organizational_units_for_parent(now, &unit.id))?);
            units.insert(unit.id.clone(), unit);
        }
        Ok(units)
    }

    fn all_accounts(
        &self,
        units: &BTreeMap<OuId, OrganizationalUnit>,
    ) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        let parents = units.values().map(|unit| (unit.id.clone(), unit.parent.clone())).collect();
        let members = self.must(super::World::list_accounts)?;
        let delegated = self.is_delegated()?;
        members
            .into_iter()
            .map(|member| {
                let path = path(&parents, member.parent.clone())?;
                Ok((member.id.clone(), account(member, delegated, path)))
            })
            .collect()
    }

    /// The reading of everything can wait: a throttled call is repeated after a pause.
    async fn all_permission_sets(&self) -> Result<BTreeMap<PermissionSetArn, PermissionSet>, Unavailable> {
        let arns = self.patiently(super::World::list_permission_sets).await?;
        let mut sets = BTreeMap::new();
        for arn in arns {
            let set = self.patiently(|world, now| world.describe_permission_set(now, &arn)).await?;
            sets.insert(arn, set);
        }
        Ok(sets)
    }

    async fn patiently<T: Send>(
        &self,
        mut act: impl FnMut(&mut super::World, kari_domain::time::Instant) -> Result<T, ApiError> + Send,
    ) -> Result<T, Unavailable> {
        for _ in 0..PATIENCE {
            match self.with(&mut act)? {
                Err(ApiError::Throttling(_)) => self.clock.sleep(PAUSE).await,
                answer => return answer.map_err(unavailable),
            }
        }
        Err(unavailable(ApiError::rate()))
    }

    fn must<T>(
        &self,
        act: impl FnOnce(&mut super::World, kari_domain::time::Instant) -> Result<T, ApiError>,
    ) -> Result<T, Unavailable> {
        self.with(act)?.map_err(unavailable)
    }
}

#[async_trait]
impl Directory for SimulatedIdentityCenter {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        self.find(|world, now| world.describe_user(now, id))
    }

    async fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable> {
        let name = UniqueAttribute::UserName(user_name.to_owned());
        self.find(|world, now| world.get_user_id(now, &name))
    }

    async fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        let groups = self.find(|world, now| world.list_group_memberships_for_member(now, id))?;
        Ok(groups.unwrap_or_default())
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable> {
        self.live_account(id, &mut BTreeMap::new())
    }

    async fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        let mut parents = BTreeMap::new();
        let mut accounts = BTreeMap::new();
        for id in ids {
            if let Some(account) = self.live_account(id, &mut parents)? {
                accounts.insert(id.clone(), account);
            }
        }
        Ok(accounts)
    }

    async fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        self.find(|world, now| world.describe_permission_set(now, arn))
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        let synced_at = self.clock.now();
        let users = self.must(super::World::list_users)?;
        let groups = self.must(super::World::list_groups)?;
        let mut members = BTreeMap::new();
        for group in &groups {
            let of_group = self.must(|world, now| world.list_group_memberships(now, &group.id))?;
            members.insert(group.id.clone(), of_group);
        }
        let units = self.all_units()?;
        let accounts = self.all_accounts(&units)?;
        Ok(Snapshot {
            users: users.into_iter().map(|user| (user.id.clone(), user)).collect(),
            groups: groups.into_iter().map(|group| (group.id.clone(), group)).collect(),
            members,
            units,
            accounts,
            permission_sets: self.all_permission_sets().await?,
            synced_at,
            ..Snapshot::default()
        })
    }
}
