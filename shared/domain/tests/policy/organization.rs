//! A small organization, and policies to start from.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kari_domain::directory::{
    Account, AccountStatus, Group, LeftOut, OrganizationalUnit, PermissionSet, Snapshot, Subject, User,
};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, PolicyId, UserId};
use kari_domain::policy::{
    ApproverPolicy, CompiledPolicies, Effect, EligibilityPolicy, Guardrail, Outcome, People, PermissionSets,
    PolicySet, Principals, Question, Reason, Requirement, Targets, Verdict, Versioned, evaluate,
};
use kari_domain::text::PolicyName;
use kari_domain::time::Minutes;

/// ann and ben develop, cat leads, dan is disabled, eve keeps everything secure.
pub(crate) const PEOPLE: [(&str, &[&str]); 5] = [
    ("ann", &["developers"]),
    ("ben", &["developers", "leads"]),
    ("cat", &["leads"]),
    ("dan", &["leads", "security"]),
    ("eve", &["security"]),
];
pub(crate) const GROUPS: [&str; 3] = ["developers", "leads", "security"];
/// The unit and its parent.
pub(crate) const UNITS: [(&str, Option<&str>); 4] = [
    ("r-root", None),
    ("ou-production", Some("r-root")),
    ("ou-payments", Some("ou-production")),
    ("ou-sandbox", Some("r-root")),
];
/// The account and the unit it lies in.
pub(crate) const ACCOUNTS: [(&str, &str); 8] = [
    (MANAGEMENT, "r-root"),
    (SHARED, "r-root"),
    (WEB, "ou-production"),
    (CARDS, "ou-payments"),
    (PLAYGROUND, "ou-sandbox"),
    (CLOSED, "ou-sandbox"),
    (FAR, "r-root"),
    (KARIS, "r-root"),
];
pub(crate) const MANAGEMENT: &str = "100000000000";
pub(crate) const SHARED: &str = "200000000000";
pub(crate) const WEB: &str = "300000000000";
pub(crate) const CARDS: &str = "400000000000";
pub(crate) const PLAYGROUND: &str = "500000000000";
pub(crate) const CLOSED: &str = "600000000000";
/// The account that Kari runs in.
pub(crate) const KARIS: &str = "800000000000";
/// A management account that is left out of what was delegated to Kari.
pub(crate) const FAR: &str = "700000000000";
/// The permission set and how many minutes its sessions last.
pub(crate) const PERMISSION_SETS: [(&str, u32); 3] = [("admin", 60), ("operate", 120), ("read", 480)];

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

pub(crate) fn group(name: &str) -> GroupId {
    GroupId::parse(name).unwrap()
}

pub(crate) fn unit(name: &str) -> OuId {
    OuId::parse(name).unwrap()
}

pub(crate) fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

pub(crate) fn arn(name: &str) -> PermissionSetArn {
    PermissionSetArn::parse(format!("arn:aws:sso:::permissionSet/ssoins-1/ps-{name}")).unwrap()
}

/// The whole organization as a read model, to be altered.
pub(crate) fn snapshot() -> Snapshot {
    organization().clone()
}

/// The whole organization as a read model.
pub(crate) fn organization() -> &'static Snapshot {
    static ORGANIZATION: LazyLock<Snapshot> = LazyLock::new(assemble);
    &ORGANIZATION
}

fn assemble() -> Snapshot {
    let mut snapshot = Snapshot::default();
    for name in GROUPS {
        snapshot.groups.insert(group(name), Group { id: group(name), display_name: name.to_owned() });
    }
    for (name, groups) in PEOPLE {
        let user_of = User {
            id: user(name),
            user_name: name.to_owned(),
            display_name: name.to_owned(),
            email: None,
            enabled: name != "dan",
        };
        snapshot.users.insert(user(name), user_of);
        for of in groups {
            snapshot.members.entry(group(of)).or_default().insert(user(name));
        }
    }
    for (name, parent) in UNITS {
        let parent = parent.map(unit);
        let organizational = OrganizationalUnit { id: unit(name), name: name.to_owned(), parent };
        snapshot.units.insert(unit(name), organizational);
    }
    for (id, parent) in ACCOUNTS {
        snapshot.accounts.insert(account(id), account_in(id, parent));
    }
    for (name, minutes) in PERMISSION_SETS {
        let set = PermissionSet {
            arn: arn(name),
            name: name.to_owned(),
            description: String::new(),
            session_duration: Minutes(minutes),
        };
        snapshot.permission_sets.insert(arn(name), set);
    }
    snapshot
}

fn account_in(id: &str, parent: &str) -> Account {
    let above = |name: &str| UNITS.iter().find(|(unit, _)| *unit == name).and_then(|(_, parent)| *parent);
    let mut path: Vec<_> = std::iter::successors(Some(parent), |name| above(name)).map(unit).collect();
    path.reverse();
    Account {
        id: account(id),
        name: format!("account-{id}"),
        status: if id == CLOSED { AccountStatus::Closed } else { AccountStatus::Active },
        management: [MANAGEMENT, FAR].contains(&id),
        left_out: match id {
            FAR => Some(LeftOut::NotDelegated),
            KARIS => Some(LeftOut::KarisOwn),
            _ => None,
        },
        path,
    }
}

pub(crate) fn subject(name: &str) -> Subject {
    organization().subject(&user(name)).unwrap()
}

pub(crate) fn name(id: &str) -> PolicyName {
    PolicyName::parse(&format!("policy {id}")).unwrap()
}

/// Everyone may have everything for four hours.
pub(crate) fn eligible(id: &str) -> EligibilityPolicy {
    EligibilityPolicy {
        id: PolicyId::parse(id).unwrap(),
        name: name(id),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        max_duration_minutes: Minutes(240),
        approval_required: false,
        ticket_required: false,
        note: None,
    }
}

/// Everyone may have everything for four hours, with approval.
pub(crate) fn with_approval(id: &str) -> EligibilityPolicy {
    EligibilityPolicy { approval_required: true, ..eligible(id) }
}

pub(crate) fn guardrail(id: &str, effect: Effect) -> Guardrail {
    Guardrail {
        id: PolicyId::parse(id).unwrap(),
        name: name(id),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        effect,
    }
}

/// One lead approves everything.
pub(crate) fn approver(id: &str) -> ApproverPolicy {
    ApproverPolicy {
        id: PolicyId::parse(id).unwrap(),
        name: name(id),
        enabled: true,
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        requirements: vec![requirement(&["leads"], 1)],
        notify: People::default(),
        in_addition: false,
        slack_channel: None,
        portal_only: false,
    }
}

pub(crate) fn requirement(groups: &[&str], quorum: u8) -> Requirement {
    Requirement {
        reviewers: People { users: BTreeSet::new(), groups: groups.iter().map(|g| group(g)).collect() },
        quorum,
    }
}

pub(crate) fn of_group(name: &str) -> Principals {
    Principals { groups: [group(name)].into(), ..Principals::default() }
}

pub(crate) fn accounts(ids: &[&str]) -> Targets {
    Targets { accounts: ids.iter().map(|id| account(id)).collect(), ..Targets::default() }
}

pub(crate) fn units(names: &[&str]) -> Targets {
    Targets { units: names.iter().map(|name| unit(name)).collect(), ..Targets::default() }
}

pub(crate) fn sets(names: &[&str]) -> PermissionSets {
    PermissionSets::These(names.iter().map(|name| arn(name)).collect())
}

/// A policy set at version 7; its policies were last changed at versions 1, 2, 3 and so on.
pub(crate) fn policies(
    eligibility: impl IntoIterator<Item = EligibilityPolicy>,
    guardrails: impl IntoIterator<Item = Guardrail>,
    approvers: impl IntoIterator<Item = ApproverPolicy>,
) -> PolicySet {
    PolicySet {
        version: 7,
        eligibility: versioned(eligibility),
        guardrails: versioned(guardrails),
        approvers: versioned(approvers),
        ..PolicySet::default()
    }
}

fn versioned<P>(policies: impl IntoIterator<Item = P>) -> Vec<Versioned<P>> {
    (1..).zip(policies).map(|(version, policy)| Versioned { version, policy }).collect()
}

/// What is asked; by default ann asks for *admin* on *web* for an hour without a ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) who: &'a str,
    pub(crate) account: &'a str,
    pub(crate) permission_set: &'a str,
    pub(crate) minutes: u32,
    pub(crate) ticket: bool,
}

pub(crate) const ASK: Ask<'static> =
    Ask { who: "ann", account: WEB, permission_set: "admin", minutes: 60, ticket: false };

impl Ask<'_> {
    pub(crate) fn to(&self, policies: &PolicySet) -> Verdict {
        let snapshot = organization();
        let question = Question {
            requester: &subject(self.who),
            account: &snapshot.accounts[&account(self.account)],
            permission_set: &snapshot.permission_sets[&arn(self.permission_set)],
            duration: Minutes(self.minutes),
            has_ticket: self.ticket,
        };
        evaluate(&CompiledPolicies::new(policies.clone()), &question)
    }

    /// In short: `free by …`, `approval by …`, or the codes of the reasons.
    pub(crate) fn answer(&self, policies: &PolicySet) -> String {
        match self.to(policies).outcome {
            Outcome::Ineligible { reasons } => reasons.iter().map(Reason::code).collect::<Vec<_>>().join(" "),
            Outcome::NoApprovalNeeded { eligibility, .. } => format!("free by {}", eligibility.id),
            Outcome::ApprovalNeeded { eligibility, .. } => format!("approval by {}", eligibility.id),
        }
    }

    /// The requirements that apply: `policy/index`.
    pub(crate) fn requirements(&self, policies: &PolicySet) -> Vec<String> {
        let verdict = self.to(policies);
        verdict.requirements().iter().map(|r| format!("{}/{}", r.policy.id, r.index)).collect()
    }
}
