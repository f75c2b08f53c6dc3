//! The sample organization keeps what its comments promise.

use std::collections::BTreeSet;

use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::{AccountId, PermissionSetArn, UserId};
use kari_domain::policy::{CompiledPolicies, Outcome, PermissionSets, Question, Verdict, evaluate, lint};
use kari_domain::time::{Instant, Minutes};
use kari_embedded::identity_center::{FaultPlan, World};
use kari_embedded::organization::Organization;

fn sample() -> Organization {
    let text = include_str!("../../../../functions/local/sample-organization.toml");
    Organization::parse("sample-organization.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

fn user(directory: &Snapshot, name: &str) -> UserId {
    directory.users.values().find(|user| user.user_name == name).unwrap().id.clone()
}

fn account(directory: &Snapshot, name: &str) -> AccountId {
    directory.accounts.values().find(|account| account.name == name).unwrap().id.clone()
}

fn set(directory: &Snapshot, name: &str) -> PermissionSetArn {
    directory.permission_sets.values().find(|set| set.name == name).unwrap().arn.clone()
}

fn verdict(who: &str, what: &str, place: &str, minutes: u32, has_ticket: bool) -> Verdict {
    let Organization { directory, policies, .. } = sample();
    let requester = directory.subject(&user(&directory, who)).unwrap();
    let question = Question {
        requester: &requester,
        account: &directory.accounts[&account(&directory, place)],
        permission_set: &directory.permission_sets[&set(&directory, what)],
        duration: Minutes(minutes),
        has_ticket,
    };
    evaluate(&CompiledPolicies::new(policies), &question)
}

/// `no`, `free`, or the approver policies that ask for reviews.
fn short(verdict: &Verdict) -> String {
    match &verdict.outcome {
        Outcome::Ineligible { .. } => "no".to_owned(),
        Outcome::NoApprovalNeeded { .. } => "free".to_owned(),
        Outcome::ApprovalNeeded { requirements, .. } => {
            let ids: Vec<_> = requirements.iter().map(|applied| applied.policy.id.to_string()).collect();
            ids.join(" + ")
        }
    }
}

#[test]
fn the_sample_has_the_people_accounts_and_permission_sets_it_should() {
    let Organization { directory, roles, policies, access_portal, region } = sample();
    assert_eq!(directory.users.len(), 13);
    assert_eq!(directory.accounts.len(), 15);
    assert_eq!(directory.permission_sets.len(), 8);
    let sessions: BTreeSet<_> = directory.permission_sets.values().map(|set| set.session_duration).collect();
    assert!(sessions.len() >= 5, "sessions last differently long");
    assert_eq!(directory.accounts.values().filter(|account| account.management).count(), 1);
    let suspended = directory.accounts.values().filter(|account| account.status == AccountStatus::Suspended);
    assert_eq!(suspended.count(), 1);
    assert!(directory.users.values().any(|user| user.display_name == "佐藤 花子"));
    assert!(directory.accounts.values().any(|account| account.path.len() == 3), "units are nested");
    assert_eq!((roles.administrators.len(), roles.auditors.len()), (1, 1));
    assert!(policies.settings.check().is_ok());
    assert!(access_portal.is_some_and(|address| address.ends_with("/start")));
    assert_eq!(region.as_deref(), Some("ap-northeast-1"));
}

#[test]
fn the_sample_policies_decide_as_their_comments_say() {
    for (who, what, place, minutes, ticket, expected) in [
        ("hanako", "AdministratorAccess", "payments-prod", 60, false, "free"),
        ("hanako", "AdministratorAccess", "payments-prod", 180, false, "no"),
        ("liam", "IAMUserAdmin", "shop-prod", 30, false, "team-leads"),
        ("liam", "AdministratorAccess", "hinode-management", 30, false, "no"),
        ("liam", "AdministratorAccess", "log-archive", 30, false, "no"),
        ("alice", "ReadOnlyAccess", "shop-staging", 240, false, "free"),
        ("alice", "PowerUserAccess", "sandbox-blue", 240, false, "free"),
        ("alice", "PowerUserAccess", "campaign-2024", 60, false, "no"),
        ("alice", "PowerUserAccess", "shop-staging", 60, false, "team-leads"),
        ("alice", "PowerUserAccess", "shop-prod", 120, false, "team-leads"),
        ("alice", "PowerUserAccess", "shop-prod", 180, false, "no"),
        ("alice", "PowerUserAccess", "payments-prod", 60, false, "payments-security + team-leads"),
        ("alice", "AdministratorAccess", "shop-prod", 60, true, "no"),
        ("alice", "IAMUserAdmin", "sandbox-blue", 60, false, "no"),
        ("kenji", "ReadOnlyAccess", "ledger-prod", 240, false, "free"),
        ("kenji", "PowerUserAccess", "shop-prod", 240, true, "team-leads"),
        ("kenji", "PowerUserAccess", "shop-prod", 241, true, "no"),
        ("kenji", "DatabaseAdmin", "shop-prod", 60, false, "no"),
        (
            "priya",
            "AdministratorAccess",
            "payments-prod",
            60,
            true,
            "payments-security + production-administrator + production-administrator",
        ),
        ("chen", "NetworkAdmin", "platform-prod", 60, false, "team-leads"),
        ("takumi", "SecurityAudit", "ledger-prod", 600, false, "free"),
        ("takumi", "PowerUserAccess", "security-tooling", 60, false, "security-accounts"),
        ("emma", "BillingReadOnly", "shop-prod", 60, false, "free"),
        ("emma", "BillingReadOnly", "sandbox-blue", 60, false, "no"),
        ("daichi", "PowerUserAccess", "shop-prod", 60, false, "no"),
        ("bob", "ReadOnlyAccess", "shop-prod", 60, false, "no"),
    ] {
        let verdict = verdict(who, what, place, minutes, ticket);
        assert_eq!(
            short(&verdict),
            expected,
            "{who} asks for {what} on {place} for {minutes} min: {verdict:?}"
        );
    }
}

#[test]
fn nobody_but_administrators_may_ever_make_iam_users_in_the_sample() {
    let organization = sample();
    let iam = set(&organization.directory, "IAMUserAdmin");
    for versioned in &organization.policies.eligibility {
        let policy = &versioned.policy;
        let administrators = policy.principals.groups == organization.roles.administrators;
        let allows = match &policy.permission_sets {
            PermissionSets::All => true,
            PermissionSets::These(these) => these.contains(&iam),
        };
        assert!(administrators || !allows, "{}", policy.id);
    }
}

#[test]
fn every_review_in_the_sample_can_be_met_without_the_requester() {
    let Organization { directory, policies, .. } = sample();
    for versioned in &policies.approvers {
        for requirement in &versioned.policy.requirements {
            let subjects = directory.users.keys().filter_map(|id| directory.subject(id));
            let able = subjects.filter(|subject| subject.enabled && requirement.reviewers.contains(subject));
            assert!(able.count() > usize::from(requirement.quorum), "{}", versioned.policy.id);
        }
    }
}

#[test]
fn a_simulated_identity_center_lives_in_the_sample_organization() {
    let directory = sample().directory;
    let mut world = World::new(&directory, 1, FaultPlan::lifelike());
    assert_eq!(world.list_accounts(Instant::default()).unwrap().len(), 15);
    assert_eq!(world.list_permission_sets(Instant::default()).unwrap().len(), 8);
}

#[test]
fn the_linter_has_nothing_to_say_about_the_sample() {
    let Organization { directory, policies, .. } = sample();
    assert_eq!(lint(&policies, &directory), []);
}
