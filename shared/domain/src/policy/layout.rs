//! The accounts to which access can be given, in an order in which each unit's accounts lie together, and
//! grids over it: one bit for each account and permission set. What policies say about the whole
//! organization is then a few passes over ranges of words.

use std::collections::BTreeMap;
use std::ops::Range;

use super::index::Bits;
use super::scope::{PermissionSets, Targets};
use crate::directory::{Account, PermissionSet, Snapshot};
use crate::ids::{AccountId, OuId, PermissionSetArn};

/// The accounts to which access can be given and the permission sets of a snapshot, each with its position.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    /// By path, then by id.
    accounts: Vec<&'a Account>,
    permission_sets: Vec<&'a PermissionSet>,
    account_positions: BTreeMap<&'a AccountId, usize>,
    permission_set_positions: BTreeMap<&'a PermissionSetArn, usize>,
    /// Where a unit's accounts lie: one range, unless paths contradict each other.
    units: BTreeMap<&'a OuId, Vec<Range<usize>>>,
    management: Vec<Range<usize>>,
}

impl<'a> Layout<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let mut by_path: BTreeMap<&[OuId], Vec<&Account>> = BTreeMap::new();
        for account in snapshot.accounts.values().filter(|account| account.can_be_given()) {
            by_path.entry(&account.path).or_default().push(account);
        }
        let units = unit_ranges(&by_path);
        let accounts: Vec<&Account> = by_path.into_values().flatten().collect();
        let permission_sets: Vec<_> = snapshot.permission_sets.values().collect();
        let managed = accounts.iter().enumerate().filter(|(_, account)| account.management);
        Self {
            management: managed.map(|(position, _)| position..position + 1).collect(),
            account_positions: accounts.iter().enumerate().map(|(at, account)| (&account.id, at)).collect(),
            permission_set_positions: permission_sets
                .iter()
                .enumerate()
                .map(|(at, set)| (&set.arn, at))
                .collect(),
            units,
            accounts,
            permission_sets,
        }
    }

    pub(super) fn accounts(&self) -> &[&'a Account] {
        &self.accounts
    }

    pub(super) fn position(&self, account: &AccountId) -> Option<usize> {
        self.account_positions.get(account).copied()
    }

    pub(super) fn permission_set(&self, arn: &PermissionSetArn) -> Option<&'a PermissionSet> {
        self.permission_set_positions.get(arn).and_then(|&at| self.permission_sets.get(at)).copied()
    }

    /// Where the accounts lie that these targets open ([`Targets::covers`]).
    pub(super) fn covered(&self, targets: &Targets) -> Vec<Range<usize>> {
        // NB. A management account is covered only if it is named by its id.
        let mut ranges = without(self.in_units(targets), &self.management);
        ranges.extend(self.named(&targets.accounts));
        without(ranges, &self.excluded(targets))
    }

    /// Where the accounts lie that these targets restrict ([`Targets::binds`]).
    pub(super) fn bound(&self, targets: &Targets) -> Vec<Range<usize>> {
        let mut ranges = self.in_units(targets);
        ranges.extend(self.named(&targets.accounts));
        without(ranges, &self.excluded(targets))
    }

    /// The positions of permission sets.
    pub(super) fn columns(&self, sets: &PermissionSets) -> Bits {
        let mut bits = Bits::empty(self.permission_sets.len());
        match sets {
            PermissionSets::All => (0..self.permission_sets.len()).for_each(|position| bits.insert(position)),
            PermissionSets::These(these) => {
                let known = these.iter().filter_map(|arn| self.permission_set_positions.get(arn));
                known.for_each(|&position| bits.insert(position));
            }
        }
        bits
    }

    /// A grid without any bit.
    pub(super) fn grid(&self) -> Grid {
        let words = self.permission_sets.len().div_ceil(64);
        Grid(vec![vec![0; self.accounts.len()]; words])
    }

    /// The permission sets of an account whose bits are in the grid, by ARN.
    pub(super) fn row(
        &self,
        grid: &Grid,
        account: usize,
    ) -> impl Iterator<Item = &'a PermissionSet> + use<'a, '_> {
        grid.row(account).filter_map(|position| self.permission_sets.get(position)).copied()
    }

    fn in_units(&self, targets: &Targets) -> Vec<Range<usize>> {
        if targets.all {
            return std::iter::once(0..self.accounts.len()).collect();
        }
        targets.units.iter().filter_map(|unit| self.units.get(unit)).flatten().cloned().collect()
    }

    fn excluded(&self, targets: &Targets) -> Vec<Range<usize>> {
        let units = targets.excluded_units.iter().filter_map(|unit| self.units.get(unit)).flatten().cloned();
        units.chain(self.named(&targets.excluded_accounts)).collect()
    }

    fn named<'b>(&self, ids: impl IntoIterator<Item = &'b AccountId>) -> impl Iterator<Item = Range<usize>> {
        ids.into_iter().filter_map(|id| self.position(id)).map(|position| position..position + 1)
    }
}

/// One bit for each permission set and account: a column of words, one for each account, for every
/// 64 permission sets.
#[derive(Debug, Clone)]
pub(super) struct Grid(Vec<Vec<u64>>);

impl Grid {
    /// Sets the bits of these permission sets for these accounts.
    pub(super) fn mark(&mut self, accounts: &[Range<usize>], permission_sets: &Bits) {
        for (column, mask) in self.0.iter_mut().zip(permission_sets.words()) {
            for range in accounts.iter().filter(|_| *mask != 0) {
                column.get_mut(range.clone()).into_iter().flatten().for_each(|word| *word |= mask);
            }
        }
    }

    /// Combines the grid with another one of the same layout, word by word.
    pub(super) fn combine(&mut self, other: &Grid, combine: impl Fn(u64, u64) -> u64) {
        for (column, other) in self.0.iter_mut().zip(&other.0) {
            column.iter_mut().zip(other).for_each(|(word, other)| *word = combine(*word, *other));
        }
    }

    /// The positions of the permission sets of an account.
    pub(super) fn row(&self, account: usize) -> impl Iterator<Item = usize> + use<> {
        let words = self.0.iter().map(|column| column.get(account).copied().unwrap_or_default());
        Bits::from_words(words).into_positions()
    }

    /// How many bits are set.
    pub(super) fn count(&self) -> usize {
        self.0.iter().flatten().map(|word| word.count_ones() as usize).sum()
    }

    /// The first account that has any bit.
    pub(super) fn first_account(&self) -> Option<usize> {
        self.0.iter().filter_map(|column| column.iter().position(|word| *word != 0)).min()
    }
}

/// The ranges of each unit's accounts when the accounts are laid out path by path.
fn unit_ranges<'a>(
    by_path: &BTreeMap<&'a [OuId], Vec<&'a Account>>,
) -> BTreeMap<&'a OuId, Vec<Range<usize>>> {
    let mut units: BTreeMap<&OuId, Vec<Range<usize>>> = BTreeMap::new();
    let mut start = 0;
    for (path, accounts) in by_path {
        let here = start..start + accounts.len();
        start = here.end;
        for unit in *path {
            let ranges = units.entry(unit).or_default();
            match ranges.last_mut().filter(|last| last.end == here.start) {
                Some(last) => last.end = here.end,
                None => ranges.push(here.clone()),
            }
        }
    }
    units
}

/// The ranges without the holes.
fn without(ranges: Vec<Range<usize>>, holes: &[Range<usize>]) -> Vec<Range<usize>> {
    let cut = |ranges: Vec<Range<usize>>, hole: &Range<usize>| -> Vec<Range<usize>> {
        let split = |range: Range<usize>| {
            let before = range.start..range.end.min(hole.start);
            let after = range.start.max(hole.end)..range.end;
            [before, after].into_iter().filter(|rest| !rest.is_empty())
        };
        ranges.into_iter().flat_map(split).collect()
    };
    holes.iter().fold(ranges, cut)
}
