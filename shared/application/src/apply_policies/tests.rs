use kari_domain::directory::{Account, AccountStatus, PermissionSet, Subject};
use kari_domain::ids::{AccountId, PolicyId, UserId};
use kari_domain::policy::{
    ApproverPolicy, CompiledPolicies, Effect, EligibilityPolicy, Guardrail, Outcome, People, PermissionSets,
    PolicySet, Principals, Question, Requirement, Targets, Versioned, evaluate,
};
use kari_domain::text::PolicyName;
use kari_domain::time::Minutes;

use super::order::{MOST_STEPS, appends, in_order};
use super::{Step, plan};
use crate::edit_policies::AnyPolicy;

const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];

/// The accounts of which the bits are set.
fn targets(accounts: usize) -> Targets {
    let among = ACCOUNTS.iter().enumerate().filter(|(at, _)| accounts & (1 << at) != 0);
    Targets { accounts: among.map(|(_, id)| id.parse().unwrap()).collect(), ..Targets::default() }
}

fn named(id: &str) -> (PolicyId, PolicyName) {
    (id.parse().unwrap(), PolicyName::parse(id).unwrap())
}

fn forbid(id: &str, accounts: usize) -> Guardrail {
    let (id, name) = named(id);
    Guardrail {
        id,
        name,
        enabled: true,
        principals: Principals::everyone(),
        targets: targets(accounts),
        permission_sets: PermissionSets::All,
        effect: Effect::Forbid,
    }
}

fn eligible(id: &str, accounts: usize, approval_required: bool) -> EligibilityPolicy {
    let (id, name) = named(id);
    EligibilityPolicy {
        id,
        name,
        enabled: true,
        principals: Principals::everyone(),
        targets: targets(accounts),
        permission_sets: PermissionSets::All,
        max_duration_minutes: Minutes(60),
        approval_required,
        ticket_required: false,
        note: None,
    }
}

fn reviewed(by: &str) -> ApproverPolicy {
    let (id, name) = named("everywhere");
    let reviewers = People { users: [by.parse().unwrap()].into(), ..People::default() };
    ApproverPolicy {
        id,
        name,
        enabled: true,
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        requirements: vec![Requirement { reviewers, quorum: 1 }],
        notify: People::default(),
        in_addition: false,
        slack_channel: None,
        portal_only: false,
    }
}

fn of_version_one<P>(policies: impl IntoIterator<Item = P>) -> Vec<Versioned<P>> {
    policies.into_iter().map(|policy| Versioned { version: 1, policy }).collect()
}

/// Policy sets that differ in every way that matters.
fn many() -> Vec<PolicySet> {
    let mut sets = vec![];
    for number in 0..96 {
        let [first, second, eligibility] = [number % 3, number / 3 % 2, number / 6 % 4];
        let [approver, free] = [number / 24 % 2, number / 48];
        let guardrails = [forbid("first", first), forbid("second", second)];
        let eligibility = [eligible("asking", eligibility, true), eligible("free", free, false)];
        sets.push(PolicySet {
            guardrails: of_version_one(guardrails.into_iter().filter(|g| !g.targets.is_empty())),
            eligibility: of_version_one(eligibility.into_iter().filter(|e| !e.targets.is_empty())),
            approvers: of_version_one([reviewed(["lee", "sam"][approver])]),
            ..PolicySet::default()
        });
    }
    sets
}

/// What somebody may have.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Allowed {
    Nothing,
    IfReviewedBy(Vec<UserId>),
    AtOnce,
}

impl Allowed {
    fn is_no_more_than(&self, other: &Self) -> bool {
        *self == Self::Nothing || self == other || *other == Self::AtOnce
    }
}

fn allowed(set: &PolicySet) -> [Allowed; 2] {
    let policies = CompiledPolicies::new(set.clone());
    let requester = Subject { id: "u-ann".parse().unwrap(), enabled: true, groups: [].into() };
    let permission_set = PermissionSet {
        arn: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap(),
        name: "set".to_owned(),
        description: String::new(),
        session_duration: Minutes(60),
    };
    ACCOUNTS.map(|id| {
        let account = Account {
            id: AccountId::parse(id).unwrap(),
            name: id.to_owned(),
            status: AccountStatus::Active,
            management: false,
            left_out: None,
            path: vec![],
        };
        let question = Question {
            requester: &requester,
            account: &account,
            permission_set: &permission_set,
            duration: Minutes(60),
            has_ticket: false,
        };
        match evaluate(&policies, &question).outcome {
            Outcome::Ineligible { .. } => Allowed::Nothing,
            Outcome::NoApprovalNeeded { .. } => Allowed::AtOnce,
            Outcome::ApprovalNeeded { requirements, .. } => Allowed::IfReviewedBy(
                requirements.into_iter().flat_map(|requirement| requirement.reviewers.users).collect(),
            ),
        }
    })
}

/// The set once these steps are taken.
fn taken(mut set: PolicySet, steps: &[&Step]) -> PolicySet {
    for step in steps {
        match step {
            Step::Settings { after, .. } => set.settings = after.clone(),
            Step::Policy { before, after } => {
                match before.as_deref() {
                    Some(AnyPolicy::Eligibility(gone)) => set.eligibility.retain(|v| v.policy != *gone),
                    Some(AnyPolicy::Guardrail(gone)) => set.guardrails.retain(|v| v.policy != *gone),
                    Some(AnyPolicy::Approver(gone)) => set.approvers.retain(|v| v.policy != *gone),
                    None => {}
                }
                match after.as_deref().cloned() {
                    Some(AnyPolicy::Eligibility(policy)) => {
                        set.eligibility.push(Versioned { version: 1, policy });
                    }
                    Some(AnyPolicy::Guardrail(policy)) => {
                        set.guardrails.push(Versioned { version: 1, policy });
                    }
                    Some(AnyPolicy::Approver(policy)) => set.approvers.push(Versioned { version: 1, policy }),
                    None => {}
                }
            }
        }
    }
    set
}

#[test]
fn wherever_a_plan_in_several_appends_stops_nobody_may_have_what_they_may_have_neither_before_nor_after() {
    let sets = many();
    let all: Vec<_> = sets.iter().map(|set| (set, allowed(set))).collect();
    for (current, before) in &all {
        for (wanted, after) in &all {
            let plan = plan(current, wanted);
            let mut set = (*current).clone();
            for part in in_order(&plan.steps) {
                set = taken(set, &part.steps);
                for (account, now) in allowed(&set).iter().enumerate() {
                    assert!(
                        now.is_no_more_than(&before[account]) || now.is_no_more_than(&after[account]),
                        "{now:?} on {account}, from {current:?} to {wanted:?}, at {set:?}"
                    );
                }
            }
            assert_eq!(allowed(&set), *after);
        }
    }
}

fn guardrails(count: usize, accounts: usize) -> PolicySet {
    let all = (0..count).map(|number| forbid(&format!("g{number:03}"), accounts));
    PolicySet { guardrails: of_version_one(all), ..PolicySet::default() }
}

fn sizes(current: &PolicySet, wanted: &PolicySet) -> Vec<usize> {
    appends(&plan(current, wanted).steps).iter().map(Vec::len).collect()
}

#[test]
fn a_plan_that_fits_one_append_is_one_in_its_own_order_and_any_other_is_as_few_as_possible() {
    let nothing = PolicySet::default();
    assert!(sizes(&nothing, &nothing).is_empty());
    let sets = many();
    let (current, wanted) = (&sets[11], &sets[94]);
    let plan = plan(current, wanted);
    assert_eq!(appends(&plan.steps), [plan.steps.iter().collect::<Vec<_>>()]);
    assert_eq!(sizes(&nothing, &guardrails(MOST_STEPS, 1)), [MOST_STEPS]);
    assert_eq!(sizes(&nothing, &guardrails(2 * MOST_STEPS + 1, 1)), [MOST_STEPS, MOST_STEPS, 1]);
}

#[test]
fn what_changes_changes_at_once_although_the_rest_of_the_plan_is_large() {
    let mut current = guardrails(1, 1);
    current.eligibility = of_version_one([eligible("asking", 2, true)]);
    let mut wanted = guardrails(2 * MOST_STEPS, 3);
    wanted.eligibility = of_version_one([eligible("asking", 3, true)]);
    let steps = plan(&current, &wanted).steps;
    let changing: Vec<_> = appends(&steps)
        .iter()
        .map(|append| append.iter().filter(|s| matches!(s, Step::Policy { before: Some(_), .. })).count())
        .collect();
    assert_eq!(changing.iter().filter(|count| **count > 0).collect::<Vec<_>>(), [&2], "{changing:?}");
}

#[test]
fn more_changes_than_one_append_takes_are_made_all_the_same_each_once() {
    let mut current = guardrails(2 * MOST_STEPS, 1);
    current.eligibility = of_version_one([eligible("asking", 2, true)]);
    let mut wanted = guardrails(2 * MOST_STEPS, 2);
    wanted.eligibility = of_version_one([eligible("asking", 3, true)]);
    let steps = plan(&current, &wanted).steps;
    let appends = appends(&steps);
    assert_eq!(appends.iter().map(Vec::len).collect::<Vec<_>>(), [MOST_STEPS, MOST_STEPS, 1]);
    let all: Vec<&Step> = appends.concat();
    assert_eq!(taken(current, &all).guardrails, wanted.guardrails);
    assert!(steps.iter().all(|step| all.contains(&step)));
}

#[test]
fn policies_that_name_very_much_are_fewer_in_an_append() {
    let mut wanted = guardrails(MOST_STEPS, 0);
    for guardrail in &mut wanted.guardrails {
        let accounts = (0..1_000).map(|number| format!("{number:012}").parse().unwrap());
        guardrail.policy.targets.accounts = accounts.collect();
    }
    let sizes = sizes(&PolicySet::default(), &wanted);
    assert!(sizes.len() > 1 && sizes.iter().sum::<usize>() == MOST_STEPS, "{sizes:?}");
}
