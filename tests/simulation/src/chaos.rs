//! What happens behind Kari's back: assignments come and go, people leave, accounts move, policies are
//! edited, Identity Center has a bad hour.

use chrono::TimeDelta;
use kari_application::edit_policies::{Editor, change_policy};
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::{AccountId, Tuple, UserId};
use kari_domain::policy::{ApproverPolicy, EligibilityPolicy, Guardrail};
use kari_domain::time::{Instant, Minutes};
use kari_embedded::identity_center::{Assignment, World};

use crate::dice::Dice;
use crate::organization::{
    self, ACCOUNTS, GROUPS, PEOPLE, PERMISSION_SETS, UNITS, account, group, tuple, unit, user,
};

/// Something that happens outside of Kari.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    AssignOutside,
    RemoveOutside,
    DisableUser,
    EnableUser,
    DeleteUser,
    ChangeMembership,
    DeletePermissionSet,
    MoveAccount,
    SuspendAccount,
    CloseAccount,
    /// An account leaves the organization.
    RemoveAccount,
    /// Every account can be used again, those that left too.
    ReopenAccounts,
}

/// Those of fair weather, and how likely each is.
pub const MISHAPS: [(Mishap, u32); 12] = [
    (Mishap::AssignOutside, 20),
    (Mishap::RemoveOutside, 10),
    (Mishap::DisableUser, 4),
    (Mishap::EnableUser, 10),
    (Mishap::DeleteUser, 2),
    (Mishap::ChangeMembership, 6),
    (Mishap::DeletePermissionSet, 1),
    (Mishap::MoveAccount, 6),
    (Mishap::SuspendAccount, 2),
    (Mishap::CloseAccount, 1),
    (Mishap::RemoveAccount, 2),
    (Mishap::ReopenAccounts, 12),
];

/// Lets it happen, in Identity Center and in what we know of the directory. `likely` are tuples that
/// matter at the moment.
pub fn happen(
    world: &mut World,
    known: &mut Snapshot,
    now: Instant,
    dice: &mut Dice,
    (mishap, likely, reviewers): (Mishap, &[Tuple], &[UserId]),
) -> String {
    let who = if !reviewers.is_empty() && dice.chance(500) {
        dice.pick(reviewers).clone()
    } else {
        user(dice.pick(&PEOPLE).0)
    };
    let place = match likely {
        [_, ..] if dice.chance(500) => dice.pick(likely).target.account.clone(),
        _ => account(dice.pick(&ACCOUNTS).0),
    };
    let what = if !likely.is_empty() && dice.chance(800) {
        dice.pick(likely).clone()
    } else {
        tuple(dice.pick(&PEOPLE).0, dice.pick(&ACCOUNTS).0, dice.pick(&PERMISSION_SETS).0)
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
        Mishap::AssignOutside | Mishap::DeletePermissionSet => {}
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
    if !known.users.contains_key(who) {
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

/// An administrator edits a policy.
///
/// # Errors
/// As the use case.
pub async fn edit_a_policy(kari: &Kari, mut dice: Dice) -> Result<(), Error> {
    let set = kari.policies.current().await?.policy_set().clone();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    match dice.below(4) {
        0 => {
            let old = dice.pick(&set.guardrails);
            let policy = Guardrail { enabled: !old.policy.enabled, ..old.policy.clone() };
            change_policy(kari, &editor, policy, old.version).await.map(|_| ())
        }
        1 => {
            let old = dice.pick(&set.approvers);
            let policy = ApproverPolicy { enabled: !old.policy.enabled, ..old.policy.clone() };
            change_policy(kari, &editor, policy, old.version).await.map(|_| ())
        }
        2 => {
            let old = dice.pick(&set.eligibility);
            let minutes = Minutes(*dice.pick(&[30, 60, 90, 120, 240]));
            let policy = EligibilityPolicy { max_duration_minutes: minutes, ..old.policy.clone() };
            change_policy(kari, &editor, policy, old.version).await.map(|_| ())
        }
        _ => {
            let old = dice.pick(&set.eligibility);
            let approval_required = dice.chance(600);
            let enabled = dice.chance(800);
            let policy = EligibilityPolicy { approval_required, enabled, ..old.policy.clone() };
            change_policy(kari, &editor, policy, old.version).await.map(|_| ())
        }
    }
}
