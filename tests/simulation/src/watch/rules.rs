//! The rules of `product.md` once more, written for reading: every policy is looked at, nothing is
//! indexed, quorums are tried out by brute force.

use std::collections::BTreeSet;

use kari_domain::directory::{Account, AccountStatus, Snapshot};
use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, UserId};
use kari_domain::policy::{ApproverPolicy, Effect, People, PermissionSets, PolicySet, Targets};
use kari_domain::request::{Asked, Submission};

/// The policies' word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    No,
    /// Without approval, for joined windows up to so many minutes.
    Free(u32),
    /// With the approvals of those who review the target.
    Ask(Vec<Needed>),
    /// With approval, but nobody reviews the target.
    AskNobody,
}

/// One requirement: who counts, and how many are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needed {
    pub(super) who: BTreeSet<UserId>,
    pub(super) quorum: usize,
}

/// What somebody asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) who: &'a UserId,
    pub(super) account: &'a AccountId,
    pub(super) permission_set: &'a PermissionSetArn,
    pub(super) minutes: u32,
    pub(super) ticket: bool,
}

impl<'a> From<&'a Submission> for Asking<'a> {
    fn from(submission: &'a Submission) -> Self {
        Self {
            who: &submission.requester,
            account: &submission.target.account,
            permission_set: &submission.target.permission_set,
            minutes: submission.duration_minutes.0,
            ticket: submission.ticket.is_some(),
        }
    }
}

/// What the policies say, with the directory as it is in `snapshot`.
pub(super) fn word(set: &PolicySet, snapshot: &Snapshot, asking: Asking<'_>) -> Word {
    let Asking { who, account, permission_set: what, minutes, ticket } = asking;
    let enabled = snapshot.users.get(who).is_some_and(|user| user.enabled);
    let Some(place) = snapshot.accounts.get(account) else { return Word::No };
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
    covering.retain(|p| opens(&p.targets, place) && names(&p.permission_sets, what));
    covering.retain(|p| p.max_duration_minutes.0 >= minutes);
    covering.sort_by_key(|p| (p.approval_required, p.id.clone()));
    let Some(deciding) = covering.first() else { return Word::No };
    if !ticket && (deciding.ticket_required || set.settings.ticket_required) {
        return Word::No;
    }
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
    if approval {
        of_target(set, place, snapshot, asking).map_or(Word::AskNobody, Word::Ask)
    } else {
        Word::Free(ceiling)
    }
}

/// Every way in which the requirements in force can be read, with the account where it lies in `place` and
/// people as they are in `people`: those of the target, whatever the policies make of the request by now;
/// those of the submission where they name nobody, or the permission set is gone and that may be known. An
/// account out of use may be named by nobody any more, or still by its own policies.
pub(super) fn in_force(
    set: &PolicySet,
    place: &Snapshot,
    people: &Snapshot,
    asked: &Asked,
) -> Vec<Vec<Needed>> {
    let target = &asked.submission.target;
    let account = place.accounts.get(&target.account);
    let named = account.and_then(|account| of_target(set, account, people, (&asked.submission).into()));
    let gone = !place.permission_sets.contains_key(&target.permission_set);
    let idle = account.is_some_and(|account| account.status != AccountStatus::Active);
    let as_submitted = named.is_none() || gone || idle;
    let submitted = || {
        let requirements = asked.verdict.requirements().iter();
        requirements.map(|r| need(people, &r.reviewers, r.quorum, &asked.submission.requester)).collect()
    };
    named.into_iter().chain(as_submitted.then(submitted)).collect()
}

/// What is asked of whoever reviews requests for the target; nothing where nobody does.
fn of_target(
    set: &PolicySet,
    place: &Account,
    snapshot: &Snapshot,
    asking: Asking<'_>,
) -> Option<Vec<Needed>> {
    let reaches = |p: &ApproverPolicy| {
        if p.in_addition { inside(&p.targets, place) } else { opens(&p.targets, place) }
    };
    let applies =
        |p: &&ApproverPolicy| p.enabled && reaches(p) && names(&p.permission_sets, asking.permission_set);
    let all: Vec<_> = set.approvers.iter().map(|v| &v.policy).filter(applies).collect();
    let rank = |p: &ApproverPolicy| (distance(&p.targets, place), p.permission_sets == PermissionSets::All);
    let nearest = all.iter().filter(|p| !p.in_addition).map(|p| rank(p)).min()?;
    let deciding = all.iter().filter(|p| p.in_addition || rank(p) == nearest);
    let requirements = deciding.flat_map(|p| &p.requirements);
    Some(requirements.map(|r| need(snapshot, &r.reviewers, r.quorum, asking.who)).collect())
}

fn need(snapshot: &Snapshot, reviewers: &People, quorum: u8, requester: &UserId) -> Needed {
    let able = snapshot.users.values().filter(|user| user.enabled && user.id != *requester);
    let named = able.filter(|user| {
        let of = groups_of(snapshot, &user.id);
        reviewers.users.contains(&user.id) || of.iter().any(|group| reviewers.groups.contains(group))
    });
    Needed { who: named.map(|user| user.id.clone()).collect(), quorum: usize::from(quorum.max(1)) }
}

/// Whether there are enough people to meet every requirement.
pub(super) fn could_be_met(needed: &[Needed]) -> bool {
    let everybody: BTreeSet<UserId> = needed.iter().flat_map(|need| need.who.iter().cloned()).collect();
    met(needed, &everybody.into_iter().collect::<Vec<_>>())
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

/// What gives something reaches the management account only by its id.
fn opens(targets: &Targets, place: &Account) -> bool {
    inside(targets, place) && (!place.management || targets.accounts.contains(&place.id))
}

fn distance(targets: &Targets, place: &Account) -> usize {
    if targets.accounts.contains(&place.id) {
        return 0;
    }
    let up = place.path.iter().rev().position(|unit| targets.units.contains(unit));
    up.map_or(usize::MAX, |steps| steps + 1)
}
