//! Policies for a big organization, and questions to them.

use std::collections::BTreeSet;

use kari_domain::directory::{Account, PermissionSet, Snapshot, Subject};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, PolicyId, UserId};
use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, Guardrail, People, PermissionSets, PolicySet, Principals,
    Requirement, Targets, Versioned,
};
use kari_domain::text::PolicyName;
use kari_domain::time::Minutes;
use rand::seq::IteratorRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::organization::few;

/// What policies may name.
struct Names {
    users: Vec<UserId>,
    groups: Vec<GroupId>,
    accounts: Vec<AccountId>,
    units: Vec<OuId>,
    permission_sets: Vec<PermissionSetArn>,
}

/// So many eligibility policies, one in ten of them for everyone, and besides them one guardrail and
/// one approver policy for every ten (and one approver policy for everything). One scope in five is
/// *all* accounts with something excluded, half name units, the others accounts.
pub fn policy_set(snapshot: &Snapshot, eligibility_policies: usize) -> PolicySet {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let names = Names {
        users: snapshot.users.keys().cloned().collect(),
        groups: snapshot.groups.keys().cloned().collect(),
        accounts: snapshot.accounts.keys().cloned().collect(),
        units: snapshot.units.keys().cloned().collect(),
        permission_sets: snapshot.permission_sets.keys().cloned().collect(),
    };
    let tenth = eligibility_policies.div_ceil(10);
    let everything = ApproverPolicy {
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        ..approver(tenth, &names, &mut rng)
    };
    let mut approvers: Vec<_> = (0..tenth).map(|number| approver(number, &names, &mut rng)).collect();
    approvers.push(ApproverPolicy { in_addition: false, ..everything });
    PolicySet {
        version: 1,
        eligibility: versioned(
            (0..eligibility_policies).map(|number| eligibility(number, &names, &mut rng)).collect(),
        ),
        guardrails: versioned((0..tenth).map(|number| guardrail(number, &names, &mut rng)).collect()),
        approvers: versioned(approvers),
        ..PolicySet::default()
    }
}

/// So many questions, the same ones every time: anybody, about any account and permission set.
pub fn questions(snapshot: &Snapshot, count: usize) -> Vec<(Subject, Account, PermissionSet)> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut any = || {
        let user = snapshot.users.keys().choose(&mut rng)?;
        let account = snapshot.accounts.values().choose(&mut rng)?;
        let permission_set = snapshot.permission_sets.values().choose(&mut rng)?;
        Some((snapshot.subject(user)?, account.clone(), permission_set.clone()))
    };
    (0..count).filter_map(|_| any()).collect()
}

fn versioned<P>(policies: Vec<P>) -> Vec<Versioned<P>> {
    policies.into_iter().map(|policy| Versioned { version: 1, policy }).collect()
}

fn eligibility(number: usize, names: &Names, rng: &mut ChaCha8Rng) -> EligibilityPolicy {
    EligibilityPolicy {
        id: id(number),
        name: name(number),
        enabled: true,
        principals: principals(number, names, rng),
        targets: targets(names, rng),
        permission_sets: permission_sets(names, rng),
        max_duration_minutes: Minutes(rng.random_range(1..=16) * 30),
        approval_required: rng.random_ratio(7, 10),
        ticket_required: rng.random_ratio(1, 10),
        note: None,
    }
}

fn guardrail(number: usize, names: &Names, rng: &mut ChaCha8Rng) -> Guardrail {
    let effect = match number % 4 {
        0 => Effect::Forbid,
        1 => Effect::RequireApproval,
        _ => Effect::Cap { minutes: Minutes(rng.random_range(2..=16) * 30) },
    };
    let targets = Targets { all: false, accounts: few(&names.accounts, 20, rng), ..targets(names, rng) };
    Guardrail {
        id: id(number),
        name: name(number),
        enabled: true,
        principals: principals(number, names, rng),
        targets,
        permission_sets: permission_sets(names, rng),
        effect,
    }
}

fn approver(number: usize, names: &Names, rng: &mut ChaCha8Rng) -> ApproverPolicy {
    let requirement = |rng: &mut ChaCha8Rng| Requirement {
        reviewers: People { users: few(&names.users, 2, rng), groups: few(&names.groups, 3, rng) },
        quorum: rng.random_range(1..=2),
    };
    let requirements = (0..rng.random_range(1..=2)).map(|_| requirement(rng)).collect();
    ApproverPolicy {
        id: id(number),
        name: name(number),
        enabled: true,
        targets: Targets { all: false, units: few(&names.units, 3, rng), ..targets(names, rng) },
        permission_sets: permission_sets(names, rng),
        requirements,
        notify: People { users: few(&names.users, 2, rng), ..People::default() },
        in_addition: rng.random_ratio(1, 20),
        slack_channel: None,
        portal_only: false,
    }
}

fn principals(number: usize, names: &Names, rng: &mut ChaCha8Rng) -> Principals {
    if number.is_multiple_of(10) {
        return Principals::everyone();
    }
    let users = if rng.random_ratio(1, 4) { few(&names.users, 3, rng) } else { BTreeSet::new() };
    Principals { everyone: false, users, groups: few(&names.groups, 3, rng) }
}

fn targets(names: &Names, rng: &mut ChaCha8Rng) -> Targets {
    match rng.random_range(0..10) {
        0..2 => Targets {
            excluded_accounts: few(&names.accounts, 5, rng),
            excluded_units: few(&names.units, 2, rng),
            ..Targets::all()
        },
        2..7 => Targets { units: few(&names.units, 3, rng), ..Targets::default() },
        _ => Targets { accounts: few(&names.accounts, 20, rng), ..Targets::default() },
    }
}

fn permission_sets(names: &Names, rng: &mut ChaCha8Rng) -> PermissionSets {
    if rng.random_ratio(1, 10) {
        return PermissionSets::All;
    }
    PermissionSets::These(few(&names.permission_sets, 5, rng))
}

fn id(number: usize) -> PolicyId {
    PolicyId::parse(format!("policy-{number:05}")).expect("a policy id")
}

fn name(number: usize) -> PolicyName {
    PolicyName::parse(&format!("Policy {number}")).expect("a name")
}
