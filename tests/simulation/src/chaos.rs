//! What happens behind Kari's back: assignments come and go, people leave, groups vanish, accounts move,
//! Identity Center has a bad hour.

use chrono::TimeDelta;
use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::{AccountId, GroupId, Tuple, UserId};
use kari_domain::time::Instant;
use kari_embedded::identity_center::{Assignment, World};

use crate::dice::Dice;
use crate::organization::{
    self, GROUPS, PEOPLE, PERMISSION_SETS, UNITS, group, some_account, tuple, unit, user,
};

/// Something that happens outside of Kari.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray)]
pub enum Mishap {
    AssignOutside,
    RemoveOutside,
    DisableUser,
    EnableUser,
    DeleteUser,
    ChangeMembership,
    /// For good: one of the same name is another one.
    DeleteGroup,
    DeletePermissionSet,
    MoveAccount,
    SuspendAccount,
    CloseAccount,
    /// An account leaves the organization.
    RemoveAccount,
    /// Every account can be used again, those that left too.
    ReopenAccounts,
    /// Nobody can read the policies for a while.
    LosePolicies,
}

/// Those of fair weather, and how likely each is.
pub const MISHAPS: [(Mishap, u32); 13] = [
    (Mishap::AssignOutside, 20),
    (Mishap::RemoveOutside, 10),
    (Mishap::DisableUser, 4),
    (Mishap::EnableUser, 10),
    (Mishap::DeleteUser, 2),
    (Mishap::ChangeMembership, 6),
    (Mishap::DeleteGroup, 1),
    (Mishap::DeletePermissionSet, 1),
    (Mishap::MoveAccount, 6),
    (Mishap::SuspendAccount, 2),
    (Mishap::CloseAccount, 1),
    (Mishap::RemoveAccount, 2),
    (Mishap::ReopenAccounts, 12),
];

/// Lets it happen, in Identity Center and in what we know of the directory. `likely` are tuples that
/// matter at the moment, and `people` are those who do.
pub fn happen(
    world: &mut World,
    known: &mut Snapshot,
    now: Instant,
    dice: &mut Dice,
    (mishap, likely, people): (Mishap, &[Tuple], &[UserId]),
) -> String {
    let who = if !people.is_empty() && dice.chance(500) {
        dice.pick(people).clone()
    } else {
        user(dice.pick(&PEOPLE).0)
    };
    let place = match likely {
        [_, ..] if dice.chance(500) => dice.pick(likely).target.account.clone(),
        _ => some_account(dice),
    };
    let what = if !likely.is_empty() && dice.chance(800) {
        dice.pick(likely).clone()
    } else {
        tuple(dice.pick(&PEOPLE).0, some_account(dice).as_str(), dice.pick(&PERMISSION_SETS).0)
    };
    let assignment = Assignment::from(&what);
    match mishap {
        Mishap::AssignOutside if can_be_assigned(known, &what) => world.assign_outside(now, &assignment),
        Mishap::RemoveOutside => world.remove_outside(now, &assignment),
        Mishap::DisableUser => {
            world.disable_user(now, &who);
            known.users.entry(who.clone()).and_modify(|user| user.enabled = false);
        }
        Mishap::EnableUser => {
            for (id, user) in &mut known.users {
                world.set_user_enabled(now, id, true);
                user.enabled = true;
            }
        }
        Mishap::DeleteUser => {
            world.delete_user(now, &who);
            known.users.remove(&who);
            known.members.values_mut().for_each(|members| {
                members.remove(&who);
            });
        }
        Mishap::ChangeMembership => change_membership(world, known, now, dice, &who),
        Mishap::DeleteGroup => delete_group(world, known, now, &group(dice.pick::<&str>(&GROUPS[..]))),
        Mishap::MoveAccount => {
            let parent = unit(dice.pick::<&str>(&UNITS[..]));
            world.move_account(now, &place, &parent);
            let path = vec![unit("r-root"), parent];
            known.accounts.entry(place.clone()).and_modify(|account| account.path = path);
        }
        // Life goes on with the last one.
        Mishap::DeletePermissionSet if known.permission_sets.len() > 1 => {
            world.delete_permission_set(now, &what.target.permission_set);
            known.permission_sets.remove(&what.target.permission_set);
        }
        // Policies are lost by whoever reads them, not by the directory.
        Mishap::AssignOutside | Mishap::DeletePermissionSet | Mishap::LosePolicies => {}
        Mishap::SuspendAccount => set_status(world, known, now, &place, AccountStatus::Suspended),
        Mishap::CloseAccount => set_status(world, known, now, &place, AccountStatus::Closed),
        Mishap::RemoveAccount => {
            world.remove_account(now, &place);
            known.accounts.remove(&place);
        }
        Mishap::ReopenAccounts => reopen_accounts(world, known, now),
    }
    format!("{mishap:?} {who} {place} {} {}", what.principal, what.target.account)
}

/// Whether somebody else could assign this: everything it takes is there.
fn can_be_assigned(known: &Snapshot, tuple: &Tuple) -> bool {
    known.users.contains_key(&tuple.principal)
        && known.accounts.contains_key(&tuple.target.account)
        && known.permission_sets.contains_key(&tuple.target.permission_set)
}

fn set_status(world: &mut World, known: &mut Snapshot, now: Instant, id: &AccountId, status: AccountStatus) {
    world.set_account_status(now, id, status);
    known.accounts.entry(id.clone()).and_modify(|account| account.status = status);
}

/// Every account is back in the organization, where it was in the beginning if it had left, and active.
pub(crate) fn reopen_accounts(world: &mut World, known: &mut Snapshot, now: Instant) {
    for (id, account) in organization::snapshot().accounts {
        if !known.accounts.contains_key(&id) {
            world.add_account(now, &account);
            known.accounts.insert(id.clone(), account);
        }
        set_status(world, known, now, &id, AccountStatus::Active);
    }
}

fn change_membership(world: &mut World, known: &mut Snapshot, now: Instant, dice: &mut Dice, who: &UserId) {
    let (member, of) = (dice.chance(600), group(dice.pick::<&str>(&GROUPS[..])));
    if !known.users.contains_key(who) || !known.groups.contains_key(&of) {
        return;
    }
    world.set_membership(now, who, &of, member);
    let members = known.members.entry(of).or_default();
    if member {
        members.insert(who.clone());
    } else {
        members.remove(who);
    }
}

fn delete_group(world: &mut World, known: &mut Snapshot, now: Instant, id: &GroupId) {
    known.groups.remove(id);
    known.members.remove(id);
    world.adopt(now, known);
}

/// Identity Center or the directory has a bad while.
pub fn bad_while(world: &mut World, now: Instant, dice: &mut Dice) {
    let length = dice.between(TimeDelta::seconds(20), TimeDelta::minutes(25));
    match dice.below(7) {
        0 => world.throttle_for(now, length),
        1 => world.deny_for(now, length),
        2 => world.identity_center_down_for(now, length),
        3 => world.directory_down_for(now, length),
        4 => world.lose_next_response(),
        5 => world.fail_next_after_accepting(),
        _ => world.delay_next_creation(),
    }
}
