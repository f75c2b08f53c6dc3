//! The assignments themselves: a set, its history, and the roles that come and go with it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::{Assignment, Principal};

/// Who brought a change about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Through the API that Kari uses.
    Kari,
    /// Somebody else: another tool, or a person at the console.
    Outside,
    /// The principal was deleted: the assignment gives nothing any more.
    Departure,
}

/// An assignment's existence from one moment to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub created_at: Instant,
    pub created_by: By,
    /// From when listings show it.
    pub listed_at: Instant,
    /// When it really ended, and through whom.
    pub removed: Option<(Instant, By)>,
    /// From when listings no longer show it. `None` with `removed` set: a deleted principal's
    /// assignment, which listings go on showing.
    pub unlisted_at: Option<Instant>,
}

/// A permission set in an account, from its first assignment on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Provision {
    /// The suffix of its role's name; `None` while there is no role.
    suffix: Option<String>,
    stays: BTreeMap<Principal, Vec<Stay>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Assigned {
    provisions: BTreeMap<AccountId, BTreeMap<PermissionSetArn, Provision>>,
}

impl Stay {
    /// It exists in Identity Center: it can be deleted, and it keeps its role alive.
    fn is_held(&self) -> bool {
        self.unlisted_at.is_none()
    }
}

/// The latest change that listings know of decides what they show.
fn listed(stays: &[Stay], now: Instant) -> Option<&Stay> {
    for stay in stays.iter().rev() {
        if stay.unlisted_at.is_some_and(|at| at <= now) {
            return None;
        }
        if stay.listed_at <= now {
            return Some(stay);
        }
    }
    None
}

impl Assigned {
    fn provision(&self, account: &AccountId, permission_set: &PermissionSetArn) -> Option<&Provision> {
        self.provisions.get(account)?.get(permission_set)
    }

    fn stays(&self, assignment: &Assignment) -> &[Stay] {
        self.provision(&assignment.account, &assignment.permission_set)
            .and_then(|provision| provision.stays.get(&assignment.principal))
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_held(&self, assignment: &Assignment) -> bool {
        self.stays(assignment).last().is_some_and(Stay::is_held)
    }

    /// Whether listings do not show the last change yet.
    pub(super) fn is_unpropagated(&self, assignment: &Assignment, now: Instant) -> bool {
        self.stays(assignment).last().is_some_and(|stay| stay.unlisted_at.unwrap_or(stay.listed_at) > now)
    }

    /// How many assignments a permission set has in an account.
    pub(super) fn held_count(&self, account: &AccountId, permission_set: &PermissionSetArn) -> usize {
        let Some(provision) = self.provision(account, permission_set) else {
            return 0;
        };
        provision.stays.values().filter(|stays| stays.last().is_some_and(Stay::is_held)).count()
    }

    /// Adds to the set; what is there already stays as it is. A first assignment makes the role.
    pub(super) fn insert(
        &mut self,
        assignment: &Assignment,
        by: By,
        now: Instant,
        lag: TimeDelta,
        dice: &mut Dice,
    ) {
        if self.is_held(assignment) {
            return;
        }
        let account = self.provisions.entry(assignment.account.clone()).or_default();
        let provision = account.entry(assignment.permission_set.clone()).or_default();
        provision.suffix.get_or_insert_with(|| dice.role_suffix());
        provision.stays.entry(assignment.principal.clone()).or_default().push(Stay {
            created_at: now,
            created_by: by,
            listed_at: now + lag,
            removed: None,
            unlisted_at: None,
        });
    }

    /// Every assignment of a permission set, in any account.
    pub(super) fn held_with(&self, permission_set: &PermissionSetArn) -> Vec<Assignment> {
        let of_set = self.every().filter(|(assignment, ..)| assignment.permission_set == *permission_set);
        let held = of_set.filter(|(.., stays)| stays.last().is_some_and(Stay::is_held));
        held.map(|(assignment, ..)| assignment).collect()
    }

    /// Every assignment that somebody holds themselves, in any account.
    pub(super) fn held_by(&self, principal: &Principal) -> Vec<Assignment> {
        let of_them = self.every().filter(|(assignment, ..)| assignment.principal == *principal);
        let held = of_them.filter(|(.., stays)| stays.last().is_some_and(Stay::is_held));
        held.map(|(assignment, ..)| assignment).collect()
    }

    /// Takes out of the set. With the last assignment the role vanishes.
    pub(super) fn remove(&mut self, assignment: &Assignment, by: By, now: Instant, lag: TimeDelta) {
        let account = self.provisions.get_mut(&assignment.account);
        let Some(provision) = account.and_then(|sets| sets.get_mut(&assignment.permission_set)) else {
            return;
        };
        let stays = provision.stays.get_mut(&assignment.principal);
        let Some(stay) = stays.and_then(|stays| stays.last_mut()).filter(|stay| stay.is_held()) else {
            return;
        };
        stay.removed.get_or_insert((now, by));
        stay.unlisted_at = Some(now + lag);
        let last = |stays: &Vec<Stay>| stays.last().is_some_and(Stay::is_held);
        if !provision.stays.values().any(last) {
            provision.suffix = None;
        }
    }

    /// The principal is gone: its assignments give nothing any more, and listings go on showing them.
    pub(super) fn orphan(&mut self, principal: &Principal, now: Instant) {
        let provisions = self.provisions.values_mut().flat_map(BTreeMap::values_mut);
        for stay in provisions.filter_map(|provision| provision.stays.get_mut(principal)?.last_mut()) {
            if stay.is_held() {
                stay.removed.get_or_insert((now, By::Departure));
            }
        }
    }

    /// The principals listed for a permission set in an account.
    pub(super) fn listed_principals(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
        now: Instant,
    ) -> Vec<Principal> {
        let stays = self.provision(account, permission_set).into_iter().flat_map(|p| &p.stays);
        stays.filter(|(_, stays)| listed(stays, now).is_some()).map(|(who, _)| who.clone()).collect()
    }

    /// The permission sets that have an assignment listed in an account.
    pub(super) fn listed_permission_sets(&self, account: &AccountId, now: Instant) -> Vec<PermissionSetArn> {
        let sets = self.provisions.get(account).into_iter().flatten();
        sets.filter(|(_, provision)| provision.stays.values().any(|stays| listed(stays, now).is_some()))
            .map(|(arn, _)| arn.clone())
            .collect()
    }

    /// Everything listed, with the suffix of the role.
    pub(super) fn all_listed(&self, now: Instant) -> impl Iterator<Item = (Assignment, &Stay, Option<&str>)> {
        self.every().filter_map(move |(assignment, provision, stays)| {
            Some((assignment, listed(stays, now)?, provision.suffix.as_deref()))
        })
    }

    /// Every stay there ever was.
    pub(super) fn history(&self) -> impl Iterator<Item = (Assignment, &Stay)> {
        self.every()
            .flat_map(|(assignment, _, stays)| stays.iter().map(move |stay| (assignment.clone(), stay)))
    }

    fn every(&self) -> impl Iterator<Item = (Assignment, &Provision, &Vec<Stay>)> {
        let provisions = self.provisions.iter().flat_map(|(account, sets)| {
            sets.iter().map(move |(permission_set, provision)| (account, permission_set, provision))
        });
        provisions.flat_map(|(account, permission_set, provision)| {
            provision.stays.iter().map(move |(principal, stays)| {
                let assignment = Assignment {
                    account: account.clone(),
                    permission_set: permission_set.clone(),
                    principal: principal.clone(),
                };
                (assignment, provision, stays)
            })
        })
    }

    /// In which accounts a permission set has an assignment listed.
    pub(super) fn listed_accounts(&self, permission_set: &PermissionSetArn, now: Instant) -> Vec<AccountId> {
        let accounts = self.provisions.iter().filter_map(|(id, sets)| Some((id, sets.get(permission_set)?)));
        accounts
            .filter(|(_, provision)| provision.stays.values().any(|stays| listed(stays, now).is_some()))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// How many permission sets have a role in an account.
    pub(super) fn role_count(&self, account: &AccountId) -> usize {
        let provisions = self.provisions.get(account).into_iter().flat_map(BTreeMap::values);
        provisions.filter(|provision| provision.suffix.is_some()).count()
    }

    /// The suffix of the role's name, while there is a role.
    pub(super) fn role_suffix(&self, account: &AccountId, permission_set: &PermissionSetArn) -> Option<&str> {
        self.provision(account, permission_set)?.suffix.as_deref()
    }

    /// Forgets what ended long ago.
    pub(super) fn forget_before(&mut self, limit: Instant) {
        for provision in self.provisions.values_mut().flat_map(BTreeMap::values_mut) {
            provision.stays.retain(|_, stays| {
                stays.retain(|stay| stay.unlisted_at.is_none_or(|at| at >= limit));
                !stays.is_empty()
            });
        }
    }
}
