//! The rules once more, written for reading: no index, every policy looked at, sets of plain text
//! as the answer. The evaluation must say the same. Nothing of the domain is called: whom a policy
//! speaks of is told here from the tables of the small organization.

use std::collections::BTreeSet;

use kari_domain::directory::{Account, AccountStatus, LeftOut};
use kari_domain::ids::{GroupId, UserId};
use kari_domain::policy::{
    ApproverPolicy, Effect, Guardrail, PermissionSets, PolicySet, Principals, Requirement, Targets,
};

use crate::organization::*;

/// Reasons, or who decides and who must review; each as text.
pub(crate) type Answer = BTreeSet<String>;

pub(crate) fn answer(ask: &Ask<'_>, set: &PolicySet) -> Answer {
    let place = &organization().accounts[&account(ask.account)];
    let speaks = |p: &Principals, sets: &PermissionSets| {
        (p.everyone || names(&p.users, &p.groups, ask.who)) && lists(sets, ask.permission_set)
    };
    let mine: Vec<_> = (set.eligibility.iter().map(|v| &v.policy))
        .filter(|p| p.enabled && speaks(&p.principals, &p.permission_sets))
        .filter(|p| inside(&p.targets, place, !place.management))
        .collect();
    let rails: Vec<_> = (set.guardrails.iter().map(|v| &v.policy))
        .filter(|p| p.enabled && speaks(&p.principals, &p.permission_sets) && inside(&p.targets, place, true))
        .collect();
    let longest = mine.iter().map(|p| p.max_duration_minutes.0).max();
    let asked = ask.minutes.min(longest.unwrap_or(0));
    let long_enough = mine.iter().filter(|p| p.max_duration_minutes.0 >= asked);
    let decides = long_enough.min_by_key(|p| (p.approval_required, p.id.as_str()));
    let forced = rails.iter().any(|p| p.effect == Effect::RequireApproval);
    let approval = decides.is_some_and(|p| p.approval_required || forced);
    let reviews = if approval { reviews(ask, set) } else { vec![] };
    let ticket = decides.is_some_and(|p| p.ticket_required || set.settings.ticket_required);
    let against = [
        (!set.settings.requests_accepted, "requests-not-accepted"),
        (!enabled(ask.who), "requester-disabled"),
        (place.status != AccountStatus::Active, "account-not-active"),
        (place.left_out == Some(LeftOut::KarisOwn), "karis-own-account"),
        (place.left_out == Some(LeftOut::NotDelegated), "management-account-not-delegated"),
        (ask.minutes < 15, "duration-too-short"),
        (decides.is_none(), "no-eligibility-policy"),
        (longest.is_some_and(|longest| ask.minutes > longest), "duration-too-long"),
        (ask.minutes > set.settings.maximum_duration_minutes.0, "maximum-duration-setting"),
        (ticket && !ask.ticket, "ticket-required"),
        (approval && reviews.is_empty(), "no-approver-policy"),
    ];
    let against = against.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason.to_owned());
    let no: Answer = against.chain(rails.iter().filter_map(|rail| forbids(rail, ask.minutes))).collect();
    match decides {
        Some(policy) if no.is_empty() => {
            let by = format!("decided by {}", policy.id);
            reviews.into_iter().map(|(text, _)| text).chain([by]).collect()
        }
        Some(_) | None => no,
    }
}

fn forbids(rail: &Guardrail, minutes: u32) -> Option<String> {
    match rail.effect {
        Effect::Forbid => Some(format!("forbidden-by-guardrail {}", rail.id)),
        Effect::Cap { minutes: most } if minutes > most.0 => Some(format!("capped-by-guardrail {}", rail.id)),
        Effect::Cap { .. } | Effect::RequireApproval => None,
    }
}

/// The requirements of the lowest-ranked policies and of those in addition, if there are any of the
/// former.
pub(crate) fn reviews(ask: &Ask<'_>, set: &PolicySet) -> Vec<(String, Requirement)> {
    let place = &organization().accounts[&account(ask.account)];
    let mut applied: Vec<_> = (set.approvers.iter().map(|v| &v.policy))
        .filter(|p| p.enabled && lists(&p.permission_sets, ask.permission_set))
        .filter(|p| inside(&p.targets, place, p.in_addition || !place.management))
        .collect();
    let rank =
        |p: &ApproverPolicy| (distance(&p.targets, place), matches!(p.permission_sets, PermissionSets::All));
    let nearest = applied.iter().filter(|p| !p.in_addition).map(|p| rank(p)).min();
    applied.retain(|p| nearest.is_some_and(|nearest| p.in_addition || rank(p) == nearest));
    let numbered = applied.into_iter().flat_map(|p| p.requirements.iter().enumerate().map(move |r| (p, r)));
    numbered.map(|(p, (at, r))| (format!("{}/{at} × {}", p.id, r.quorum), r.clone())).collect()
}

/// Whether a requirement counts a person's approval.
pub(crate) fn counts(requirement: &Requirement, who: &str, requester: &str) -> bool {
    let Requirement { reviewers, .. } = requirement;
    enabled(who) && who != requester && names(&reviewers.users, &reviewers.groups, who)
}

fn enabled(who: &str) -> bool {
    who != "dan"
}

fn names(users: &BTreeSet<UserId>, groups: &BTreeSet<GroupId>, who: &str) -> bool {
    let (_, mine) = PEOPLE.iter().find(|(name, _)| *name == who).unwrap();
    users.iter().any(|user| user.as_str() == who) || groups.iter().any(|group| mine.contains(&group.as_str()))
}

fn lists(sets: &PermissionSets, name: &str) -> bool {
    match sets {
        PermissionSets::All => true,
        PermissionSets::These(these) => these.iter().any(|these| *these == arn(name)),
    }
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
