//! A small organization: six people, four groups, three accounts in two units, two permission sets,
//! and policies in which everything occurs: without approval, with one approver, with a quorum of two,
//! and *in addition*.

use std::collections::BTreeSet;

use kari_domain::directory::{
    Account, AccountStatus, Group, OrganizationalUnit, PermissionSet, Snapshot, User,
};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, PolicyId, Target, Tuple, UserId};
use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, Guardrail, People, PermissionSets, Principals, Requirement,
    Targets,
};
use kari_domain::text::PolicyName;
use kari_domain::time::{Instant, Minutes};

/// People and their groups. Cat and Dan both ask and review.
pub const PEOPLE: [(&str, &[&str]); 6] = [
    ("ann", &["developers"]),
    ("ben", &["developers"]),
    ("cat", &["developers", "leads"]),
    ("dan", &["leads"]),
    ("eve", &["leads", "security"]),
    ("fay", &["security", "administrators"]),
];
/// The groups.
pub const GROUPS: [&str; 4] = ["developers", "leads", "security", "administrators"];
/// Accounts and the unit each lies in.
pub const ACCOUNTS: [(&str, &str); 3] =
    [("111111111111", "ou-production"), ("222222222222", "ou-production"), ("333333333333", "ou-sandbox")];
/// The units besides the root.
pub const UNITS: [&str; 2] = ["ou-production", "ou-sandbox"];
/// Permission sets and how many minutes their sessions last.
pub const PERMISSION_SETS: [(&str, u32); 2] = [("admin", 60), ("read", 480)];

/// The production account whose administrators need two approvals and one of security.
pub const PRODUCTION: &str = "111111111111";
/// The production account of everyday life.
pub const SERVICES: &str = "222222222222";
/// The account where developers need no approval.
pub const SANDBOX: &str = "333333333333";

/// A person's id.
pub fn user(name: &str) -> UserId {
    UserId::parse(format!("u-{name}")).unwrap()
}

/// A group's id.
pub fn group(name: &str) -> GroupId {
    GroupId::parse(format!("g-{name}")).unwrap()
}

/// An account's id.
pub fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

/// A unit's id.
pub fn unit(id: &str) -> OuId {
    OuId::parse(id).unwrap()
}

/// A permission set's ARN.
pub fn permission_set(name: &str) -> PermissionSetArn {
    PermissionSetArn::parse(format!("arn:aws:sso:::permissionSet/ssoins-1/ps-{name}")).unwrap()
}

/// A tuple.
pub fn tuple(who: &str, account_id: &str, set: &str) -> Tuple {
    let target = Target { account: account(account_id), permission_set: permission_set(set) };
    Tuple { principal: user(who), target }
}

/// The organization.
pub fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot { synced_at: Instant::UNIX_EPOCH, ..Snapshot::default() };
    for name in GROUPS {
        snapshot.groups.insert(group(name), Group { id: group(name), display_name: name.to_owned() });
    }
    for (name, groups) in PEOPLE {
        let person = User {
            id: user(name),
            user_name: name.to_owned(),
            display_name: name.to_owned(),
            email: None,
            enabled: true,
        };
        snapshot.users.insert(user(name), person);
        for of in groups {
            snapshot.members.entry(group(of)).or_default().insert(user(name));
        }
    }
    for (name, parent) in [("r-root", None), (UNITS[0], Some("r-root")), (UNITS[1], Some("r-root"))] {
        let made = OrganizationalUnit { id: unit(name), name: name.to_owned(), parent: parent.map(unit) };
        snapshot.units.insert(unit(name), made);
    }
    for (id, parent) in ACCOUNTS {
        let path = vec![unit("r-root"), unit(parent)];
        let name = format!("account-{id}");
        let made = Account { id: account(id), name, status: AccountStatus::Active, management: false, path };
        snapshot.accounts.insert(account(id), made);
    }
    for (name, minutes) in PERMISSION_SETS {
        let made = PermissionSet {
            arn: permission_set(name),
            name: name.to_owned(),
            description: String::new(),
            session_duration: Minutes(minutes),
        };
        snapshot.permission_sets.insert(made.arn.clone(), made);
    }
    snapshot
}

fn policy_id(id: &str) -> (PolicyId, PolicyName) {
    (PolicyId::parse(id).unwrap(), PolicyName::parse(id).unwrap())
}

fn groups(names: &[&str]) -> BTreeSet<GroupId> {
    names.iter().map(|name| group(name)).collect()
}

fn eligible(id: &str, of: &[&str], targets: Targets, minutes: u32, approval: bool) -> EligibilityPolicy {
    let (id, name) = policy_id(id);
    EligibilityPolicy {
        id,
        name,
        enabled: true,
        principals: Principals { groups: groups(of), ..Principals::default() },
        targets,
        permission_sets: PermissionSets::All,
        max_duration_minutes: Minutes(minutes),
        approval_required: approval,
        ticket_required: false,
        note: None,
    }
}

fn units(names: &[&str]) -> Targets {
    Targets { units: names.iter().map(|name| unit(name)).collect(), ..Targets::default() }
}

/// Who may ask.
pub fn eligibility() -> Vec<EligibilityPolicy> {
    vec![
        eligible("a-administrators", &["administrators"], Targets::all(), 60, false),
        eligible("b-everyday", &["developers", "leads"], Targets::all(), 120, true),
        eligible("c-sandbox", &["developers"], units(&["ou-sandbox"]), 90, false),
    ]
}

fn reviewed(id: &str, targets: Targets, by: &[(&str, u8)]) -> ApproverPolicy {
    let (id, name) = policy_id(id);
    let requirement = |(group, quorum): &(&str, u8)| Requirement {
        reviewers: People { groups: groups(&[group]), ..People::default() },
        quorum: *quorum,
    };
    ApproverPolicy {
        id,
        name,
        enabled: true,
        targets,
        permission_sets: PermissionSets::All,
        requirements: by.iter().map(requirement).collect(),
        notify: People::default(),
        in_addition: false,
    }
}

/// Who reviews.
pub fn approvers() -> Vec<ApproverPolicy> {
    let admin = PermissionSets::These([permission_set("admin")].into());
    let production = Targets { accounts: [account(PRODUCTION)].into(), ..Targets::default() };
    vec![
        reviewed("everywhere", Targets::all(), &[("leads", 1)]),
        ApproverPolicy {
            permission_sets: admin.clone(),
            ..reviewed("production", production, &[("leads", 2)])
        },
        ApproverPolicy {
            permission_sets: admin,
            in_addition: true,
            ..reviewed("security", units(&["ou-production"]), &[("security", 1)])
        },
    ]
}

/// What only takes away.
pub fn guardrails() -> Vec<Guardrail> {
    let rail = |id: &str, effect, enabled| {
        let (id, name) = policy_id(id);
        Guardrail {
            id,
            name,
            enabled,
            principals: Principals::everyone(),
            targets: units(&["ou-production"]),
            permission_sets: PermissionSets::These([permission_set("admin")].into()),
            effect,
        }
    };
    vec![
        rail("cap", Effect::Cap { minutes: Minutes(90) }, true),
        rail("forbid", Effect::Forbid, false),
        rail("review", Effect::RequireApproval, false),
    ]
}
