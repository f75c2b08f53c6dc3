//! What holds for any policies and any question.

use std::collections::BTreeSet;

use kari_domain::directory::Subject;
use kari_domain::policy::{
    AppliedRequirement, ApproverPolicy, CompiledPolicies, Effect, EligibilityPolicy, Guardrail, Outcome,
    PolicySet, Verdict, Versioned, can_review, candidates, could_be_met, is_met, offers, progress,
};
use kari_domain::time::Minutes;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::organization::*;
use crate::reference;
use crate::universe::*;

fn rank(verdict: &Verdict) -> u8 {
    match verdict.outcome {
        Outcome::NoApprovalNeeded { .. } => 0,
        Outcome::ApprovalNeeded { .. } => 1,
        Outcome::Ineligible { .. } => 2,
    }
}

fn longest(verdict: &Verdict) -> Minutes {
    match verdict.outcome {
        Outcome::NoApprovalNeeded { max_duration_minutes, .. }
        | Outcome::ApprovalNeeded { max_duration_minutes, .. } => max_duration_minutes,
        Outcome::Ineligible { .. } => Minutes(0),
    }
}

/// A verdict in the words of the reference.
fn in_words(verdict: &Verdict) -> reference::Answer {
    use kari_domain::policy::Reason::{CappedByGuardrail, ForbiddenByGuardrail};
    match &verdict.outcome {
        Outcome::Ineligible { reasons } => reasons
            .iter()
            .map(|reason| match reason {
                ForbiddenByGuardrail { policy } | CappedByGuardrail { policy, .. } => {
                    format!("{} {}", reason.code(), policy.id)
                }
                other => other.code().to_owned(),
            })
            .collect(),
        Outcome::NoApprovalNeeded { eligibility, .. } => [format!("decided by {}", eligibility.id)].into(),
        Outcome::ApprovalNeeded { eligibility, requirements, .. } => requirements
            .iter()
            .map(|r| format!("{}/{} × {}", r.policy.id, r.index, r.quorum))
            .chain([format!("decided by {}", eligibility.id)])
            .collect(),
    }
}

fn with_guardrail(set: &PolicySet, mut policy: Guardrail) -> PolicySet {
    policy.id = "added".parse().unwrap();
    let mut set = set.clone();
    set.guardrails.push(Versioned { version: 1, policy });
    set
}

fn with_more_approval(set: &PolicySet, policy: ApproverPolicy, id: &str) -> PolicySet {
    let policy = ApproverPolicy { in_addition: true, id: id.parse().unwrap(), ..policy };
    let mut set = set.clone();
    set.approvers.push(Versioned { version: 1, policy });
    set
}

fn shuffled<T: Clone>(items: &[T], keys: &[Index]) -> Vec<T> {
    let mut rest = items.to_vec();
    let mut order = keys.iter().cycle();
    let mut shuffled = Vec::new();
    while !rest.is_empty() {
        shuffled.push(rest.swap_remove(order.next().unwrap().index(rest.len())));
    }
    shuffled
}

fn everybody() -> Vec<Subject> {
    PEOPLE.iter().map(|(name, _)| subject(name)).collect()
}

fn applied(requirements: Vec<kari_domain::policy::Requirement>) -> Vec<AppliedRequirement> {
    let set = policies([with_approval("a")], [], [ApproverPolicy { requirements, ..approver("p") }]);
    ASK.to(&set).requirements().to_vec()
}

/// Whether the people can be split among the requirements: every way is tried.
fn can_be_split(requirements: &[AppliedRequirement], people: &[Subject], open: &mut Vec<u8>) -> bool {
    let Some((person, others)) = people.split_first() else {
        return open.iter().all(|seats| *seats == 0);
    };
    let takes = |open: &mut Vec<u8>, at: usize| {
        if open[at] == 0 || !person.enabled || !requirements[at].reviewers.contains(person) {
            return false;
        }
        open[at] -= 1;
        let split = can_be_split(requirements, others, open);
        open[at] += 1;
        split
    };
    (0..requirements.len()).any(|at| takes(open, at)) || can_be_split(requirements, others, open)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn evaluation_says_what_the_rules_say(set in any_policies(), ask in any_ask()) {
        prop_assert_eq!(in_words(&ask.to(&set)), reference::answer(&ask, &set));
    }

    #[test]
    fn the_order_of_policies_never_matters(
        set in any_policies(), ask in any_ask(), keys in prop::collection::vec(any::<Index>(), 8),
    ) {
        let mut other = set.clone();
        other.eligibility = shuffled(&set.eligibility, &keys);
        other.guardrails = shuffled(&set.guardrails, &keys);
        other.approvers = shuffled(&set.approvers, &keys);
        prop_assert_eq!(ask.to(&set), ask.to(&other));
        let (one, other) = (CompiledPolicies::new(set), CompiledPolicies::new(other));
        prop_assert_eq!(one.policy_set(), other.policy_set());
    }

    #[test]
    fn a_guardrail_never_widens_anything(set in any_policies(), ask in any_ask(), added in any_guardrail()) {
        let (before, after) = (ask.to(&set), ask.to(&with_guardrail(&set, added)));
        prop_assert!(rank(&after) >= rank(&before));
        prop_assert!(longest(&after) <= longest(&before));
        let kept = before.reasons().iter().all(|reason| after.reasons().contains(reason));
        prop_assert!(kept, "a reason vanished: {:?}, then {:?}", before, after);
    }

    #[test]
    fn a_policy_in_addition_never_eases_approval(
        set in any_policies(), ask in any_ask(), added in any_approver(),
        approvers in subsequence(everybody(), 0..=PEOPLE.len()),
    ) {
        for id in ["added", "0", "zz"] {
            let (before, after) = (ask.to(&set), ask.to(&with_more_approval(&set, added.clone(), id)));
            prop_assert_eq!(rank(&before), rank(&after));
            let kept = before.requirements().iter().all(|r| after.requirements().contains(r));
            prop_assert!(kept);
            if rank(&before) == 1 && is_met(after.requirements(), &approvers) {
                prop_assert!(is_met(before.requirements(), &approvers));
            }
        }
    }

    #[test]
    fn a_verdict_bears_out_what_it_says(set in any_policies(), ask in any_ask()) {
        let verdict = ask.to(&set);
        match &verdict.outcome {
            Outcome::Ineligible { reasons } => prop_assert!(!reasons.is_empty()),
            Outcome::NoApprovalNeeded { .. } => prop_assert!(longest(&verdict).0 >= ask.minutes),
            Outcome::ApprovalNeeded { requirements, .. } => {
                prop_assert!(longest(&verdict).0 >= ask.minutes && !requirements.is_empty());
            }
        }
        let json = serde_json::to_string(&verdict).unwrap();
        prop_assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict);
    }

    #[test]
    fn the_guardrails_named_are_the_ones_without_which_the_verdict_would_be_another(
        set in any_policies(), ask in any_ask(),
    ) {
        let verdict = ask.to(&set);
        let named: BTreeSet<_> = verdict.guardrails.iter().map(|policy| policy.id.clone()).collect();
        let mut without = set.clone();
        without.guardrails.retain(|versioned| named.contains(&versioned.policy.id));
        prop_assert_eq!(ask.to(&without).outcome, verdict.outcome.clone(), "those not named have no effect");
        without.guardrails.clear();
        if !named.is_empty() {
            prop_assert_ne!(ask.to(&without).outcome, verdict.outcome, "those named have one together");
        }
    }

    #[test]
    fn targets_say_of_an_account_what_the_evaluation_does_with_it(targets in any_targets(), account in any_account()) {
        let ask = Ask { account, ..ASK };
        let place = &organization().accounts[&self::account(account)];
        let opened = policies([EligibilityPolicy { targets: targets.clone(), ..eligible("a") }], [], []);
        prop_assert_eq!(targets.covers(place), rank(&ask.to(&opened)) == 0);
        let restricted = policies([], [Guardrail { targets: targets.clone(), ..guardrail("g", Effect::Forbid) }], []);
        prop_assert_eq!(targets.binds(place), !ask.to(&restricted).guardrails.is_empty());
    }

    #[test]
    fn a_policy_set_reads_as_it_was_written(set in any_policies()) {
        let json = serde_json::to_string(&set).unwrap();
        prop_assert_eq!(serde_json::from_str::<PolicySet>(&json).unwrap(), set);
    }

    #[test]
    fn matching_finds_a_way_whenever_there_is_one_and_counts_nobody_twice(
        requirements in any_requirements(), approvers in subsequence(everybody(), 0..=PEOPLE.len()),
    ) {
        let requirements = applied(requirements);
        let mut open: Vec<_> = requirements.iter().map(|requirement| requirement.quorum).collect();
        let found = progress(&requirements, &approvers);
        prop_assert_eq!(is_met(&requirements, &approvers), can_be_split(&requirements, &approvers, &mut open));
        let seated: Vec<_> = found.iter().flat_map(|progress| &progress.met_by).collect();
        let distinct: BTreeSet<_> = seated.iter().collect();
        prop_assert_eq!(seated.len(), distinct.len());
        for (requirement, progress) in requirements.iter().zip(&found) {
            prop_assert!(progress.met_by.len() <= usize::from(requirement.quorum));
            for id in &progress.met_by {
                prop_assert!(requirement.reviewers.contains(approvers.iter().find(|a| a.id == *id).unwrap()));
            }
        }
        let reversed: Vec<_> = approvers.iter().rev().cloned().collect();
        prop_assert_eq!(found, progress(&requirements, &reversed));
    }

    #[test]
    fn a_request_can_be_approved_exactly_if_everybody_who_may_review_suffices(
        requirements in any_requirements(), (requester, _) in prop::sample::select(&PEOPLE[..]),
    ) {
        let (requirements, requester) = (applied(requirements), user(requester));
        let able: Vec<_> = everybody().into_iter().filter(|p| can_review(&requirements, p, &requester)).collect();
        let possible = could_be_met(&requirements, &requester, organization());
        prop_assert_eq!(possible.is_ok(), is_met(&requirements, &able));
        let named: BTreeSet<_> = candidates(&requirements, &requester, organization()).into_iter().flatten().collect();
        prop_assert_eq!(named, able.into_iter().map(|person| person.id).collect());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn offers_agree_with_the_evaluation(set in any_policies(), (who, _) in prop::sample::select(&PEOPLE[..])) {
        let person = subject(who);
        let compiled = CompiledPolicies::new(set.clone());
        let offers = offers(&compiled, &person, organization());
        let listed: BTreeSet<_> = offers.iter().flat_map(|(a, sets)| sets.into_iter().map(move |s| (&a.id, &s.arn))).collect();
        prop_assert_eq!(listed.len(), offers.count());
        for (account, _) in ACCOUNTS {
            for (permission_set, _) in PERMISSION_SETS {
                let (id, arn) = (self::account(account), arn(permission_set));
                let offer = offers.offer(&id, &arn);
                prop_assert_eq!(listed.contains(&(&id, &arn)), offer.is_some());
                for minutes in [14, 15, 16, 30, 31, 60, 61, 120, 121, 240, 241, 1441] {
                    let ask = |ticket| Ask { who, account, permission_set, minutes, ticket }.to(&set);
                    let term = offer.as_ref().filter(|_| minutes >= 15).and_then(|offer| {
                        offer.terms.iter().find(|term| minutes <= term.up_to_minutes.0)
                    });
                    let expected = term.map_or(2, |term| u8::from(term.approval_required));
                    prop_assert_eq!(rank(&ask(true)), expected, "{} for {} on {} by {:?}", minutes, permission_set, account, offer);
                    let untold = term.map_or(2, |term| if term.ticket_required { 2 } else { expected });
                    prop_assert_eq!(rank(&ask(false)), untold);
                }
            }
        }
    }
}
