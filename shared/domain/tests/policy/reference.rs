//! The rules once more, written for reading: no index, every policy looked at, sets of plain text
//! as the answer. The evaluation must say the same.

use std::collections::BTreeSet;

use kari_domain::directory::{Account, AccountStatus};
use kari_domain::policy::{Effect, EligibilityPolicy, Outcome, PolicySet, Targets, Verdict};

use crate::organization::*;

/// Reasons, or who decides and who must review; each as text.
pub(crate) type Answer = BTreeSet<String>;

pub(crate) fn answer(ask: &Ask<'_>, set: &PolicySet) -> Answer {
    let (who, what) = (subject(ask.who), arn(ask.permission_set));
    let place = organization().accounts[&account(ask.account)].clone();
    let mine: Vec<_> = (set.eligibility.iter().map(|v| &v.policy))
        .filter(|p| p.enabled && p.principals.contains(&who) && p.permission_sets.contains(&what))
        .filter(|p| inside(&p.targets, &place, !place.management))
        .collect();
    let rails: Vec<_> = (set.guardrails.iter().map(|v| &v.policy))
        .filter(|p| p.enabled && p.principals.contains(&who) && p.permission_sets.contains(&what))
        .filter(|p| inside(&p.targets, &place, true))
        .collect();
    let longest = mine.iter().map(|p| p.max_duration_minutes.0).max();
    let asked = longest.map_or(0, |longest| ask.minutes.min(longest));
    let rank = |p: &&&EligibilityPolicy| (p.approval_required, p.id.clone());
    let decides = mine.iter().filter(|p| p.max_duration_minutes.0 >= asked).min_by_key(rank);
    let forced = rails.iter().any(|p| p.effect == Effect::RequireApproval);
    let approval = decides.is_some_and(|p| p.approval_required || forced);
    let reviews = if approval { reviews(set, &place, ask.permission_set) } else { Answer::new() };
    let mut no = Answer::new();
    let mut unless = |fine: bool, reason: String| {
        if !fine {
            no.insert(reason);
        }
    };
    unless(who.enabled, "requester-disabled".into());
    unless(place.status == AccountStatus::Active, "account-not-active".into());
    unless(ask.minutes >= 15, "duration-too-short".into());
    unless(decides.is_some(), "no-eligibility-policy".into());
    unless(longest.is_none_or(|longest| ask.minutes <= longest), "duration-too-long".into());
    unless(ask.minutes <= set.settings.maximum_duration_minutes.0, "maximum-duration-setting".into());
    let wants_ticket = decides.is_some_and(|p| p.ticket_required || set.settings.ticket_required);
    unless(!wants_ticket || ask.ticket, "ticket-required".into());
    unless(!approval || !reviews.is_empty(), "no-approver-policy".into());
    for rail in rails {
        match rail.effect {
            Effect::Forbid => unless(false, format!("forbidden-by-guardrail {}", rail.id)),
            Effect::RequireApproval => {}
            Effect::Cap { minutes } => {
                unless(ask.minutes <= minutes.0, format!("capped-by-guardrail {}", rail.id));
            }
        }
    }
    if no.is_empty() { &reviews | &[format!("decided by {}", decides.unwrap().id)].into() } else { no }
}

/// The requirements of the lowest-ranked policies and of those in addition, if there are any of the
/// former.
fn reviews(set: &PolicySet, place: &Account, permission_set: &str) -> Answer {
    let (mut ranked, mut more) = (Vec::new(), Vec::new());
    for policy in set.approvers.iter().map(|v| &v.policy) {
        let names_it = matches!(&policy.permission_sets, kari_domain::policy::PermissionSets::These(_));
        let reached = inside(&policy.targets, place, policy.in_addition || !place.management);
        let requirements: Vec<_> = policy
            .requirements
            .iter()
            .enumerate()
            .map(|(at, r)| format!("{}/{at} × {}", policy.id, r.quorum))
            .collect();
        if !policy.enabled || !reached || !policy.permission_sets.contains(&arn(permission_set)) {
            continue;
        }
        if policy.in_addition {
            more.extend(requirements);
        } else {
            ranked.push(((distance(&policy.targets, place), !names_it), requirements));
        }
    }
    let Some(nearest) = ranked.iter().map(|(rank, _)| *rank).min() else { return Answer::new() };
    ranked.into_iter().filter(|(rank, _)| *rank == nearest).flat_map(|(_, all)| all).chain(more).collect()
}

fn inside(targets: &Targets, place: &Account, broadly: bool) -> bool {
    let above: BTreeSet<_> = place.path.iter().cloned().collect();
    let out = targets.excluded_accounts.contains(&place.id) || !targets.excluded_units.is_disjoint(&above);
    let broad = broadly && (targets.all || !targets.units.is_disjoint(&above));
    !out && (broad || targets.accounts.contains(&place.id))
}

fn distance(targets: &Targets, place: &Account) -> usize {
    let up = place.path.iter().rev().position(|unit| targets.units.contains(unit));
    if targets.accounts.contains(&place.id) { 0 } else { up.map_or(usize::MAX, |steps| steps + 1) }
}

/// A verdict in the same words.
pub(crate) fn in_words(verdict: &Verdict) -> Answer {
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
