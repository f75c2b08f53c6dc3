//! What happens behind Kari's back. Whatever a change names must exist: one that does nothing would make
//! a test pass for no reason.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_domain::directory::{Account, AccountStatus, User};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};
use kari_domain::time::Instant;
use serde::Deserialize;

use super::complaint::Complaint;
use crate::identity_center::http::Front;
use crate::identity_center::{Assignment, Principal, World};

/// The most users or accounts that are added at a time.
const MOST: u32 = 10_000;

/// Accounts that were added have ids from here on.
const FIRST_ACCOUNT: u64 = 900_000_000_000;

/// A change, as `{"change": "disable-user", "user": "…"}`.
#[derive(Debug, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Change {
    /// Somebody else assigns; the principal is `USER/…` or `GROUP/…`.
    Assign {
        account: AccountId,
        permission_set: PermissionSetArn,
        principal: Principal,
    },
    /// Somebody else removes an assignment.
    Remove {
        account: AccountId,
        permission_set: PermissionSetArn,
        principal: Principal,
    },
    EnableUser {
        user: UserId,
    },
    DisableUser {
        user: UserId,
    },
    DeleteUser {
        user: UserId,
    },
    SetMembership {
        user: UserId,
        group: GroupId,
        member: bool,
    },
    DeletePermissionSet {
        permission_set: PermissionSetArn,
    },
    MoveAccount {
        account: AccountId,
        parent: OuId,
    },
    SetAccountStatus {
        account: AccountId,
        status: AccountStatus,
    },
    RemoveAccount {
        account: AccountId,
    },
    /// So many more users, named `extra-<n>`.
    AddUsers {
        count: u32,
    },
    /// So many more accounts in a unit, named `extra-<n>`.
    AddAccounts {
        count: u32,
        parent: OuId,
    },
}

pub(super) async fn change(
    State(front): State<Arc<Front>>,
    Json(change): Json<Change>,
) -> Result<StatusCode, Complaint> {
    front.center.with(|world, now| apply(world, now, change))??;
    Ok(StatusCode::NO_CONTENT)
}

fn apply(world: &mut World, now: Instant, change: Change) -> Result<(), Complaint> {
    match change {
        Change::Assign { account, permission_set, principal } => {
            let assignment = known(world, Assignment { account, permission_set, principal })?;
            world.assign_outside(now, &assignment);
        }
        Change::Remove { account, permission_set, principal } => {
            let assignment = Assignment { account, permission_set, principal };
            if !world.assigned.is_held(&assignment) {
                return Err(Complaint::missing("assignment of", &assignment.principal));
            }
            world.remove_outside(now, &assignment);
        }
        Change::EnableUser { user } => world.set_user_enabled(now, &user_in(world, user)?, true),
        Change::DisableUser { user } => world.set_user_enabled(now, &user_in(world, user)?, false),
        Change::DeleteUser { user } => world.delete_user(now, &user_in(world, user)?),
        Change::SetMembership { user, group, member } => {
            let (user, group) = (user_in(world, user)?, group_in(world, group)?);
            world.set_membership(now, &user, &group, member);
        }
        Change::DeletePermissionSet { permission_set } => {
            world.delete_permission_set(now, &permission_set_in(world, permission_set)?);
        }
        Change::MoveAccount { account, parent } => {
            let (account, parent) = (account_in(world, account)?, unit_in(world, parent)?);
            world.move_account(now, &account, &parent);
        }
        Change::SetAccountStatus { account, status } => {
            world.set_account_status(now, &account_in(world, account)?, status);
        }
        Change::RemoveAccount { account } => world.remove_account(now, &account_in(world, account)?),
        Change::AddUsers { count } => add_users(world, now, count)?,
        Change::AddAccounts { count, parent } => {
            let parent = unit_in(world, parent)?;
            add_accounts(world, now, count, &parent)?;
        }
    }
    Ok(())
}

fn found<T>(exists: bool, what: &str, id: T) -> Result<T, Complaint>
where
    T: std::fmt::Display,
{
    if exists { Ok(id) } else { Err(Complaint::missing(what, id)) }
}

fn user_in(world: &World, id: UserId) -> Result<UserId, Complaint> {
    found(world.census.users.contains_key(&id), "user", id)
}

fn group_in(world: &World, id: GroupId) -> Result<GroupId, Complaint> {
    found(world.census.groups.contains_key(&id), "group", id)
}

fn account_in(world: &World, id: AccountId) -> Result<AccountId, Complaint> {
    found(world.census.accounts.contains_key(&id), "account", id)
}

fn unit_in(world: &World, id: OuId) -> Result<OuId, Complaint> {
    found(world.census.units.contains_key(&id), "unit", id)
}

fn permission_set_in(world: &World, arn: PermissionSetArn) -> Result<PermissionSetArn, Complaint> {
    found(world.census.permission_sets.contains_key(&arn), "permission set", arn)
}

fn known(world: &World, assignment: Assignment) -> Result<Assignment, Complaint> {
    let Assignment { account, permission_set, principal } = assignment;
    Ok(Assignment {
        account: account_in(world, account)?,
        permission_set: permission_set_in(world, permission_set)?,
        principal: found(world.census.has(&principal), "principal", principal)?,
    })
}

fn within_reason(count: u32) -> Result<(), Complaint> {
    if count > MOST { Err(Complaint::wrong(format!("at most {MOST} at a time"))) } else { Ok(()) }
}

fn add_users(world: &mut World, now: Instant, count: u32) -> Result<(), Complaint> {
    within_reason(count)?;
    let ids = (1_u128..).map(|n| (n, uuid::Builder::from_custom_bytes(n.to_be_bytes()).into_uuid()));
    let ids = ids.filter_map(|(n, id)| Some((n, UserId::parse(id.to_string()).ok()?)));
    // An id is never used twice, also when nobody has it any more.
    let (present, departed) = (&world.census.users, &world.census.departed);
    let new: Vec<_> = ids
        .filter(|(_, id)| !present.contains_key(id) && !departed.contains_key(id))
        .take(usize::try_from(count).unwrap_or_default())
        .collect();
    for (n, id) in new {
        let name = format!("extra-{n}");
        let email = Some(format!("{name}@example.com"));
        let user = User { id, display_name: name.clone(), user_name: name, email, enabled: true };
        world.add_user(now, &user);
    }
    Ok(())
}

fn add_accounts(world: &mut World, now: Instant, count: u32, parent: &OuId) -> Result<(), Complaint> {
    within_reason(count)?;
    let ids = (1_u64..).filter_map(|n| Some((n, AccountId::parse((FIRST_ACCOUNT + n).to_string()).ok()?)));
    let taken = &world.census.accounts;
    let new: Vec<_> = ids
        .filter(|(_, id)| !taken.contains_key(id))
        .take(usize::try_from(count).unwrap_or_default())
        .collect();
    for (n, id) in new {
        let account = Account {
            id,
            name: format!("extra-{n}"),
            status: AccountStatus::Active,
            management: false,
            left_out: None,
            path: vec![parent.clone()],
        };
        world.add_account(now, &account);
    }
    Ok(())
}
