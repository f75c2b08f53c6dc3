//! An index over the scopes of policies of one kind: from a person, an account and a permission set
//! to the positions of the policies that speak of all three. Policies that are disabled are not in
//! it. Looking up costs a few map reads and a few passes over one bit per policy.

mod bits;
mod postings;

pub(super) use bits::Bits;
use postings::Postings;

use super::scope::{PermissionSets, Principals, Targets};
use crate::directory::{Account, Subject};
use crate::ids::{AccountId, GroupId, OuId, PermissionSetArn, UserId};

/// Which policies speak of a person.
#[derive(Debug, Clone, Default)]
pub(super) struct PrincipalIndex {
    everyone: Bits,
    users: Postings<UserId>,
    groups: Postings<GroupId>,
}

impl PrincipalIndex {
    pub(super) fn sized(size: usize) -> Self {
        Self { everyone: Bits::empty(size), ..Self::default() }
    }

    pub(super) fn add(&mut self, position: u32, principals: &Principals) {
        if principals.everyone {
            self.everyone.insert(position as usize);
        }
        self.users.add(position, &principals.users);
        self.groups.add(position, &principals.groups);
    }

    pub(super) fn speaking_of(&self, subject: &Subject) -> Bits {
        let mut bits = self.everyone.clone();
        bits.insert_all(self.users.naming(&subject.id));
        subject.groups.iter().for_each(|group| bits.insert_all(self.groups.naming(group)));
        bits
    }
}

/// Which policies speak of an account. Whether the account is active is judged elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct TargetIndex {
    all: Bits,
    accounts: Postings<AccountId>,
    units: Postings<OuId>,
    excluded_accounts: Postings<AccountId>,
    excluded_units: Postings<OuId>,
}

impl TargetIndex {
    pub(super) fn sized(size: usize) -> Self {
        Self { all: Bits::empty(size), ..Self::default() }
    }

    pub(super) fn add(&mut self, position: u32, targets: &Targets) {
        if targets.all {
            self.all.insert(position as usize);
        }
        self.accounts.add(position, &targets.accounts);
        self.units.add(position, &targets.units);
        self.excluded_accounts.add(position, &targets.excluded_accounts);
        self.excluded_units.add(position, &targets.excluded_units);
    }

    /// The policies that open the account ([`Targets::covers`]).
    pub(super) fn covering(&self, account: &Account) -> Bits {
        // NB. Only policies that name a management account by its id cover it.
        if !account.management {
            return self.binding(account);
        }
        let mut bits = Bits::empty(self.all.words().len() * 64);
        bits.insert_all(self.accounts.naming(&account.id));
        self.remove_excluding(account, &mut bits);
        bits
    }

    /// The policies that restrict the account ([`Targets::binds`]).
    pub(super) fn binding(&self, account: &Account) -> Bits {
        let mut bits = self.all.clone();
        bits.insert_all(self.accounts.naming(&account.id));
        account.path.iter().for_each(|unit| bits.insert_all(self.units.naming(unit)));
        self.remove_excluding(account, &mut bits);
        bits
    }

    /// Among these policies those at the smallest distance from the account: it is named, or the
    /// nearest unit above it, or a farther one, or *all*.
    pub(super) fn closest(&self, account: &Account, among: &Bits) -> Vec<usize> {
        let named = std::iter::once(self.accounts.naming(&account.id));
        let units = account.path.iter().rev().map(|unit| self.units.naming(unit));
        for positions in named.chain(units) {
            let mut here = positions.iter().map(|&p| p as usize).filter(|&p| among.contains(p)).peekable();
            if here.peek().is_some() {
                return here.collect();
            }
        }
        self.all.iter().filter(|&position| among.contains(position)).collect()
    }

    fn remove_excluding(&self, account: &Account, bits: &mut Bits) {
        bits.remove_all(self.excluded_accounts.naming(&account.id));
        account.path.iter().for_each(|unit| bits.remove_all(self.excluded_units.naming(unit)));
    }
}

/// Which policies speak of a permission set.
#[derive(Debug, Clone, Default)]
pub(super) struct PermissionSetIndex {
    all: Bits,
    these: Postings<PermissionSetArn>,
}

impl PermissionSetIndex {
    pub(super) fn sized(size: usize) -> Self {
        Self { all: Bits::empty(size), ..Self::default() }
    }

    pub(super) fn add(&mut self, position: u32, sets: &PermissionSets) {
        match sets {
            PermissionSets::All => self.all.insert(position as usize),
            PermissionSets::These(these) => self.these.add(position, these),
        }
    }

    pub(super) fn speaking_of(&self, arn: &PermissionSetArn) -> Bits {
        let mut bits = self.all.clone();
        bits.insert_all(self.these.naming(arn));
        bits
    }

    /// Whether the policy is for all permission sets, rather than naming some.
    pub(super) fn is_for_all(&self, position: usize) -> bool {
        self.all.contains(position)
    }
}
