//! A small organization: six people, five groups, five accounts in two units besides the management
//! account, two permission sets, and policies in which everything occurs: for everyone, without approval,
//! with one approver of two groups, with a quorum of two, *in addition*, and with a ticket.

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

use crate::dice::Dice;

/// People and their groups. Cat and Dan both ask and review.
pub const PEOPLE: [(&str, &[&str]); 6] = [
    ("ann", &["developers"]),
    ("ben", &["developers"]),
    ("cat", &["developers", "leads"]),
    ("dan", &["leads", "managers"]),
    ("eve", &["leads", "security"]),
    ("fay", &["security", "administrators"]),
];
/// The groups.
pub const GROUPS: [&str; 5] = ["developers", "leads", "managers", "security", "administrators"];
/// The accounts and the unit each lies in; those in which most things happen come first.
pub const ACCOUNTS: [(&str, &str); 6] = [
    (PRODUCTION, "ou-production"),
    (SERVICES, "ou-production"),
    (SANDBOX, "ou-sandbox"),
    ("444444444444", "ou-production"),
    ("555555555555", "ou-sandbox"),
    (MANAGEMENT, "r-root"),
];
/// How many accounts most things happen in, so that they meet.
pub const BUSY_ACCOUNTS: usize = 3;
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

/// The management account: *all* does not include it.
pub const MANAGEMENT: &str = "999999999999";

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

/// One of the accounts, mostly one of the busy ones.
pub fn some_account(dice: &mut Dice) -> AccountId {
    let among = if dice.chance(900) { BUSY_ACCOUNTS } else { ACCOUNTS.len() };
    account(ACCOUNTS[dice.below(among)].0)
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
        let management = id == MANAGEMENT;
        let path = [unit("r-root")].into_iter().chain((!management).then(|| unit(parent))).collect();
        let name = format!("account-{id}");
        let (status, left_out) = (AccountStatus::Active, None);
        let made = Account { id: account(id), name, status, management, left_out, path };
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
    let read = PermissionSets::These([permission_set("read")].into());
    let management = Targets { accounts: [account(MANAGEMENT)].into(), ..Targets::default() };
    vec![
        eligible("a-administrators", &["administrators"], Targets::all(), 60, false),
        eligible("b-everyday", &["developers", "leads"], Targets::all(), 120, true),
        eligible("c-sandbox", &["developers"], units(&["ou-sandbox"]), 90, false),
        EligibilityPolicy {
            principals: Principals::everyone(),
            permission_sets: read,
            ticket_required: true,
            ..eligible("d-everyone", &[], Targets::all(), 45, true)
        },
        eligible("e-management", &["administrators"], management, 30, false),
    ]
}

fn reviewed(id: &str, targets: Targets, by: &[&str], quorum: u8) -> ApproverPolicy {
    let (id, name) = policy_id(id);
    let reviewers = People { groups: groups(by), ..People::default() };
    ApproverPolicy {
        id,
        name,
        enabled: true,
        targets,
        permission_sets: PermissionSets::All,
        requirements: vec![Requirement { reviewers, quorum }],
        notify: People::default(),
        in_addition: false,
        slack_channel: None,
        portal_only: false,
    }
}

/// Who reviews.
pub fn approvers() -> Vec<ApproverPolicy> {
    let admin = PermissionSets::These([permission_set("admin")].into());
    let production = Targets { accounts: [account(PRODUCTION)].into(), ..Targets::default() };
    vec![
        reviewed("everywhere", Targets::all(), &["leads", "managers"], 1),
        ApproverPolicy {
            permission_sets: admin.clone(),
            ..reviewed("production", production, &["leads"], 2)
        },
        ApproverPolicy {
            permission_sets: admin,
            in_addition: true,
            ..reviewed("security", units(&["ou-production"]), &["security"], 1)
        },
    ]
}

/// What only takes away.
pub fn guardrails() -> Vec<Guardrail> {
    vec![
        guardrail("cap", Effect::Cap { minutes: Minutes(90) }, true),
        guardrail("forbid", Effect::Forbid, false),
        guardrail("review", Effect::RequireApproval, false),
    ]
}

fn guardrail(id: &str, effect: Effect, enabled: bool) -> Guardrail {
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
}

/// Every eligibility policy that there may be: those from the beginning, and one that comes and goes.
pub(crate) fn possible_eligibility() -> Vec<EligibilityPolicy> {
    let visitors = eligible("f-visitors", &["security"], units(&["ou-sandbox"]), 60, false);
    eligibility().into_iter().chain([visitors]).collect()
}

/// Every approver policy that there may be.
pub(crate) fn possible_approvers() -> Vec<ApproverPolicy> {
    approvers()
        .into_iter()
        .chain([reviewed("sandbox", units(&["ou-sandbox"]), &["managers", "security"], 1)])
        .collect()
}

/// Every guardrail that there may be.
pub(crate) fn possible_guardrails() -> Vec<Guardrail> {
    let rail = guardrail("short", Effect::Cap { minutes: Minutes(45) }, true);
    guardrails().into_iter().chain([rail]).collect()
}
