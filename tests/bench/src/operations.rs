//! How many calls to Identity Center and the directory each operation needs, over all functions. Those to
//! DynamoDB are counted with the store that makes them, by a test in `shared/aws/tests`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::TimeDelta;
use kari_application::RoleGroups;
use kari_application::browse::{View, list_requests, surroundings};
use kari_application::caller::reading_caller;
use kari_application::ports::{Clock, PageRequest, RequestFilter};
use kari_application::reconcile::{Report, find_drift, verify};
use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::{AccountId, PermissionSetArn, PolicyId, Target, UserId};
use kari_domain::policy::{EligibilityPolicy, PermissionSets, PolicySet, Principals, Targets, Versioned};
use kari_domain::text::PolicyName;
use kari_domain::time::Instant;
use kari_embedded::identity_center::{Action, Assignment, Principal};
use kari_embedded::organization::Organization;

use crate::journey::{Company, LENGTH, Wish};
use crate::organization::{Size, organization};

/// What the steps of a journey cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    pub asked: u32,
    pub approved: u32,
    /// From the approval on.
    pub granted: u32,
    pub ended: u32,
}

/// What the slow rounds of the reconciler cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    pub verified: u32,
    pub searched: u32,
}

/// The lists that people look at, and who does.
pub const LISTS: [(&str, &str, View); 3] = [
    ("mine", Wish::EVERYDAY.requester, View::Mine),
    ("to review", Wish::EVERYDAY.reviewer, View::ToReview),
    ("all", Wish::EVERYDAY.reviewer, View::All),
];

const ACCOUNTS: usize = 100;
const PERMISSION_SETS: usize = 50;
const GRANTS: usize = 300;
const HOLDERS: usize = 120;

fn sum(calls: &BTreeMap<Action, u32>) -> u32 {
    calls.values().sum()
}

impl Company {
    /// Makes a journey step by step.
    pub fn calls_of_each_step(&self, number: usize, wish: &Wish) -> Steps {
        self.read_directory();
        let (asked, id) = self.calls_while(|| self.run(self.ask(number, wish)));
        let (approved, ()) = self.calls_while(|| self.run(self.approve(id, wish)));
        let (granted, ()) = self.calls_while(|| self.run(self.grant(id)));
        let (ended, ()) = self.calls_while(|| self.run(self.end(id)));
        Steps { asked: sum(&asked), approved: sum(&approved), granted: sum(&granted), ended: sum(&ended) }
    }

    /// Somebody asks, and nobody has answered yet.
    pub fn leave_open(&self, number: usize, wish: &Wish) {
        self.read_directory();
        self.run(self.ask(number, wish));
    }

    /// Somebody who may see everything reads the first page of a list.
    pub fn calls_of_a_page(&self, name: &str, view: View) -> u32 {
        self.read_directory();
        let (calls, ()) = self.calls_while(|| self.run(self.read_page(name, view)));
        sum(&calls)
    }

    async fn read_page(&self, name: &str, view: View) {
        let around = surroundings(&self.kari).await.expect("there are policies");
        let caller = reading_caller(&self.kari, &around.snapshot, &self.user(name)).await;
        let mut caller = caller.expect("they are known");
        caller.administrator = true;
        let (filter, page) = (RequestFilter::default(), PageRequest { limit: 50, after: None });
        let found = list_requests(&self.kari, &caller, &around, view, &filter, &page).await;
        assert!(!found.expect("it is listed").items.is_empty(), "a page with nothing on it costs nothing");
    }
}

/// Where much is granted: as many grants as an hourly comparison is meant for, each in a place of its own, and
/// then every permission set in every account, as a full search finds it.
pub fn calls_of_the_rounds(path: &Path) -> Rounds {
    let directory = directory();
    let (targets, anchors) = (targets(&directory), anchors(&directory));
    let holders: Vec<UserId> = directory.users.keys().cloned().collect();
    let company = Company::of(everything_for_everybody(directory), path);
    assert_eq!(targets.len(), GRANTS);
    for (number, (target, holder)) in targets.iter().zip(holders.iter().cycle()).enumerate() {
        let id = company.run(company.ask_for(number, holder, target));
        company.run(company.grant(id));
    }
    company.clock.advance_to(company.clock.now() + TimeDelta::minutes(5));
    let (verified, report) =
        company.calls_while(|| company.run(verify(&company.kari, Instant::MAX_UTC)).expect("it is compared"));
    assert_eq!(report, Report { compared: HOLDERS, ..Report::default() });
    let assigned = company
        .identity_center
        .with(|world, now| anchors.iter().for_each(|anchor| world.assign_outside(now, anchor)));
    assigned.expect("nothing is saved");
    let (searched, report) = company.calls_while(|| {
        company.run(find_drift(&company.kari, ACCOUNTS, Instant::MAX_UTC)).expect("it is searched")
    });
    assert_eq!(report, Report { compared: ACCOUNTS, ..Report::default() });
    Rounds { verified: sum(&verified), searched: sum(&searched) }
}

/// A group that has every permission set in every account.
fn anchors(directory: &Snapshot) -> Vec<Assignment> {
    let group = directory.groups.keys().next().expect("there is a group");
    let of = |account: &AccountId| {
        let anchor = |permission_set: &PermissionSetArn| Assignment {
            account: account.clone(),
            permission_set: permission_set.clone(),
            principal: Principal::Group(group.clone()),
        };
        directory.permission_sets.keys().map(anchor).collect::<Vec<_>>()
    };
    directory.accounts.keys().flat_map(of).collect()
}

/// Everybody and every account is in use, and none of them is special.
fn directory() -> Snapshot {
    let size =
        Size { users: HOLDERS, groups: 10, units: 10, accounts: ACCOUNTS, permission_sets: PERMISSION_SETS };
    let mut directory = organization(size);
    directory.users.values_mut().for_each(|user| user.enabled = true);
    for account in directory.accounts.values_mut() {
        account.management = false;
        account.status = AccountStatus::Active;
    }
    directory
}

/// As many as there are grants, over all accounts and permission sets.
fn targets(directory: &Snapshot) -> BTreeSet<Target> {
    let sets = directory.permission_sets.keys().cycle();
    let of = |(number, account): (usize, &AccountId)| {
        let permission_set = sets.clone().nth(number + number / ACCOUNTS).expect("it goes round").clone();
        Target { account: account.clone(), permission_set }
    };
    directory.accounts.keys().cycle().enumerate().take(GRANTS).map(of).collect()
}

fn everything_for_everybody(directory: Snapshot) -> Organization {
    let policy = EligibilityPolicy {
        id: PolicyId::parse("everything").expect("a policy id"),
        name: PolicyName::parse("Everything").expect("a name"),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        max_duration_minutes: LENGTH,
        approval_required: false,
        ticket_required: false,
        note: None,
    };
    let eligibility = vec![Versioned { version: 1, policy }];
    let policies = PolicySet { eligibility, ..PolicySet::default() };
    let roles = RoleGroups::default();
    Organization { directory, policies, roles, access_portal: None, region: None }
}
