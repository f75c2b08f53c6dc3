//! Any policies over the small organization, dense enough that they meet.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, Guardrail, People, PermissionSets, PolicySet, Principals,
    Requirement, Targets,
};
use kari_domain::time::Minutes;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::organization::*;

/// Durations that lie at and around every limit in use.
const DURATIONS: [u32; 8] = [14, 15, 15, 30, 59, 60, 61, 240];
const LIMITS: [u32; 4] = [15, 30, 60, 240];

/// The people asking; the one who is disabled only now and then.
const ASKING: &[&str] = &["ann", "ben", "cat", "dan", "eve", "ann", "ben", "cat", "eve"];
/// The accounts asked for; those that nobody can be given only now and then.
const ASKED: &[&str] =
    &[MANAGEMENT, SHARED, WEB, CARDS, PLAYGROUND, CLOSED, FAR, KARIS, SHARED, WEB, CARDS, PLAYGROUND];

/// A few of these ids, often none.
fn some<T: Ord + std::fmt::Debug + 'static>(
    ids: impl IntoIterator<Item = &'static str>,
    parse: fn(&str) -> T,
) -> impl Strategy<Value = BTreeSet<T>> {
    let ids: Vec<_> = ids.into_iter().collect();
    let picked = prop_oneof![Just(Vec::new()), subsequence(ids, 1..=2)];
    picked.prop_map(move |ids| ids.into_iter().map(parse).collect())
}

fn principals() -> impl Strategy<Value = Principals> {
    (prop::bool::weighted(0.5), some(PEOPLE.map(|(name, _)| name), user), some(GROUPS, group))
        .prop_map(|(everyone, users, groups)| Principals { everyone, users, groups })
}

fn people() -> impl Strategy<Value = People> {
    (some(PEOPLE.map(|(name, _)| name), user), some(GROUPS, group))
        .prop_map(|(users, groups)| People { users, groups })
}

pub(crate) fn any_targets() -> impl Strategy<Value = Targets> {
    let accounts = || some(ACCOUNTS.map(|(id, _)| id), account);
    let units = || some(UNITS.map(|(name, _)| name), unit);
    let rarely_accounts = prop_oneof![4 => Just(BTreeSet::new()), 1 => accounts()];
    let rarely_units = prop_oneof![4 => Just(BTreeSet::new()), 1 => units()];
    (prop::bool::weighted(0.4), accounts(), units(), rarely_accounts, rarely_units).prop_map(
        |(all, accounts, units, excluded_accounts, excluded_units)| Targets {
            all,
            accounts,
            units,
            excluded_accounts,
            excluded_units,
        },
    )
}

fn permission_sets() -> impl Strategy<Value = PermissionSets> {
    prop_oneof![
        3 => Just(PermissionSets::All),
        2 => some(PERMISSION_SETS.map(|(name, _)| name), arn).prop_map(PermissionSets::These)
    ]
}

fn limit() -> impl Strategy<Value = Minutes> {
    select(&LIMITS[..]).prop_map(Minutes)
}

pub(crate) fn any_account() -> impl Strategy<Value = &'static str> {
    select(ASKED)
}

prop_compose! {
    fn eligibility()(
        enabled in prop::bool::weighted(0.9), principals in principals(), targets in any_targets(),
        permission_sets in permission_sets(), max_duration_minutes in limit(),
        approval_required: bool, ticket_required in prop::bool::weighted(0.2),
    ) -> EligibilityPolicy {
        EligibilityPolicy {
            enabled, principals, targets, permission_sets, max_duration_minutes, approval_required,
            ticket_required, ..eligible("x")
        }
    }
}

prop_compose! {
    pub(crate) fn any_guardrail()(
        enabled in prop::bool::weighted(0.9), principals in principals(), targets in any_targets(),
        permission_sets in permission_sets(),
        effect in prop_oneof![
            1 => Just(Effect::Forbid),
            2 => Just(Effect::RequireApproval),
            2 => limit().prop_map(|minutes| Effect::Cap { minutes }),
        ],
    ) -> Guardrail {
        Guardrail { enabled, principals, targets, permission_sets, ..guardrail("x", effect) }
    }
}

prop_compose! {
    pub(crate) fn any_approver()(
        enabled in prop::bool::weighted(0.9), targets in any_targets(), permission_sets in permission_sets(),
        requirements in any_requirements(), in_addition in prop::bool::weighted(0.3),
    ) -> ApproverPolicy {
        ApproverPolicy { enabled, targets, permission_sets, requirements, in_addition, ..approver("x") }
    }
}

pub(crate) fn any_requirements() -> impl Strategy<Value = Vec<Requirement>> {
    let one = (people(), 1..=2_u8).prop_map(|(reviewers, quorum)| Requirement { reviewers, quorum });
    vec(one, 1..=3)
}

prop_compose! {
    pub(crate) fn any_policies()(
        mut eligibility in vec(eligibility(), 0..7), mut guardrails in vec(any_guardrail(), 0..3),
        mut approvers in vec(any_approver(), 0..7), longest in select(vec![60, 240, 1440, 1440]),
        ticket_required in prop::bool::weighted(0.1), requests_accepted in prop::bool::weighted(0.95),
    ) -> PolicySet {
        let numbered = |at: usize| format!("p{at}").parse().unwrap();
        eligibility.iter_mut().enumerate().for_each(|(at, policy)| policy.id = numbered(at));
        guardrails.iter_mut().enumerate().for_each(|(at, policy)| policy.id = numbered(at));
        approvers.iter_mut().enumerate().for_each(|(at, policy)| policy.id = numbered(at));
        let mut set = policies(eligibility, guardrails, approvers);
        set.settings.maximum_duration_minutes = Minutes(longest);
        set.settings.ticket_required = ticket_required;
        set.settings.requests_accepted = requests_accepted;
        set
    }
}

prop_compose! {
    pub(crate) fn any_ask()(
        who in select(ASKING), account in any_account(),
        (permission_set, _) in select(&PERMISSION_SETS[..]), minutes in select(&DURATIONS[..]), ticket: bool,
    ) -> Ask<'static> {
        Ask { who, account, permission_set, minutes, ticket }
    }
}

#[test]
fn the_universe_shows_every_outcome_and_every_reason_often() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeMap::<String, u32>::new();
    for _ in 0..4_000 {
        let (set, ask) = (any_policies(), any_ask()).new_tree(&mut runner).unwrap().current();
        let answer = ask.answer(&set);
        let words = answer.split(" by ").next().unwrap_or_default().split(' ').map(str::to_owned);
        words.for_each(|word| *seen.entry(word).or_default() += 1);
    }
    for word in [
        "free",
        "approval",
        "requests-not-accepted",
        "requester-disabled",
        "account-not-active",
        "karis-own-account",
        "management-account-not-delegated",
        "no-eligibility-policy",
        "duration-too-short",
        "duration-too-long",
        "maximum-duration-setting",
        "ticket-required",
        "forbidden-by-guardrail",
        "capped-by-guardrail",
        "no-approver-policy",
    ] {
        assert!(seen.get(word).is_some_and(|times| *times > 100), "{word} in {seen:?}");
    }
}
