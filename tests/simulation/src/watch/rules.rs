//! The rules of `product.md` once more, written for reading: every policy is looked at, nothing is
//! indexed, quorums are tried out by brute force.

use std::collections::BTreeSet;

use kari_domain::directory::{Account, AccountStatus, Snapshot};
use kari_domain::ids::{GroupId, UserId};
use kari_domain::policy::{ApproverPolicy, Effect, PermissionSets, PolicySet, Targets};
use kari_domain::request::Submission;

/// The policies' word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    No,
    /// Without approval, for joined windows up to so many minutes.
    Free(u32),
    /// With these approvals: who counts, and how many are needed.
    Ask(Vec<Needed>),
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needed {
    pub(super) who: BTreeSet<UserId>,
    pub(super) quorum: usize,
}

/// What the policies say about a submission, with the directory as it is in `snapshot`.
pub(super) fn word(set: &PolicySet, snapshot: &Snapshot, submission: &Submission) -> Word {
    let (who, what) = (&submission.requester, &submission.target.permission_set);
    let minutes = submission.duration_minutes.0;
    let enabled = snapshot.users.get(who).is_some_and(|user| user.enabled);
    let Some(place) = snapshot.accounts.get(&submission.target.account) else { return Word::No };
    if !enabled || place.status != AccountStatus::Active || minutes > set.settings.maximum_duration_minutes.0
    {
        return Word::No;
    }
    let mine = groups_of(snapshot, who);
    let speaks = |users: &BTreeSet<UserId>, groups: &BTreeSet<GroupId>| {
        users.contains(who) || groups.iter().any(|group| mine.contains(group))
    };
    let mut covering: Vec<_> = set.eligibility.iter().map(|v| &v.policy).filter(|p| p.enabled).collect();
    covering.retain(|p| p.principals.everyone || speaks(&p.principals.users, &p.principals.groups));
    covering.retain(|p| inside(&p.targets, place) && names(&p.permission_sets, what));
    covering.retain(|p| p.max_duration_minutes.0 >= minutes);
    covering.sort_by_key(|p| (p.approval_required, p.id.clone()));
    let Some(deciding) = covering.first() else { return Word::No };
    let mut rails: Vec<_> = set.guardrails.iter().map(|v| &v.policy).filter(|p| p.enabled).collect();
    rails.retain(|p| p.principals.everyone || speaks(&p.principals.users, &p.principals.groups));
    rails.retain(|p| inside(&p.targets, place) && names(&p.permission_sets, what));
    let mut ceiling = deciding.max_duration_minutes.0.min(set.settings.maximum_duration_minutes.0);
    let mut approval = deciding.approval_required;
    for rail in rails {
        match rail.effect {
            Effect::Forbid => return Word::No,
            Effect::RequireApproval => approval = true,
            Effect::Cap { minutes } => ceiling = ceiling.min(minutes.0),
        }
    }
    if minutes > ceiling {
        return Word::No;
    }
    if approval { asked(set, snapshot, place, submission) } else { Word::Free(ceiling) }
}

fn asked(set: &PolicySet, snapshot: &Snapshot, place: &Account, submission: &Submission) -> Word {
    let what = &submission.target.permission_set;
    let applies =
        |p: &&ApproverPolicy| p.enabled && inside(&p.targets, place) && names(&p.permission_sets, what);
    let all: Vec<_> = set.approvers.iter().map(|v| &v.policy).filter(applies).collect();
    let rank = |p: &ApproverPolicy| (distance(&p.targets, place), p.permission_sets == PermissionSets::All);
    let Some(nearest) = all.iter().filter(|p| !p.in_addition).map(|p| rank(p)).min() else { return Word::No };
    let deciding = all.iter().filter(|p| p.in_addition || rank(p) == nearest);
    let needed = deciding.flat_map(|p| &p.requirements).map(|requirement| {
        let able = snapshot.users.values().filter(|user| user.enabled && user.id != submission.requester);
        let named = able.filter(|user| {
            requirement.reviewers.users.contains(&user.id)
                || groups_of(snapshot, &user.id)
                    .iter()
                    .any(|group| requirement.reviewers.groups.contains(group))
        });
        Needed {
            who: named.map(|user| user.id.clone()).collect(),
            quorum: usize::from(requirement.quorum.max(1)),
        }
    });
    Word::Ask(needed.collect())
}

/// Whether these people meet every requirement, nobody counting twice.
pub(super) fn met(needed: &[Needed], approvers: &[UserId]) -> bool {
    let Some(open) = needed.iter().position(|need| need.quorum > 0) else { return true };
    let candidates = approvers.iter().enumerate().filter(|(_, approver)| needed[open].who.contains(approver));
    candidates.into_iter().any(|(place, _)| {
        let mut rest = approvers.to_vec();
        rest.remove(place);
        let mut still = needed.to_vec();
        still[open].quorum -= 1;
        met(&still, &rest)
    })
}

fn groups_of(snapshot: &Snapshot, user: &UserId) -> BTreeSet<GroupId> {
    let of = snapshot.members.iter().filter(|(_, members)| members.contains(user));
    of.map(|(group, _)| group.clone()).collect()
}

fn names(sets: &PermissionSets, what: &kari_domain::ids::PermissionSetArn) -> bool {
    match sets {
        PermissionSets::All => true,
        PermissionSets::These(these) => these.contains(what),
    }
}

fn inside(targets: &Targets, place: &Account) -> bool {
    let out = targets.excluded_accounts.contains(&place.id)
        || place.path.iter().any(|unit| targets.excluded_units.contains(unit));
    let within = targets.all
        || targets.accounts.contains(&place.id)
        || place.path.iter().any(|unit| targets.units.contains(unit));
    within && !out
}

fn distance(targets: &Targets, place: &Account) -> usize {
    if targets.accounts.contains(&place.id) {
        return 0;
    }
    let up = place.path.iter().rev().position(|unit| targets.units.contains(unit));
    up.map_or(usize::MAX, |steps| steps + 1)
}
