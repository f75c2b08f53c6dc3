//! What an administrator may not save.

use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, MOST_POLICIES, People, PermissionSets, PolicyProblem,
    Principals, Requirement, Targets, check_approver, check_count, check_eligibility, check_guardrail,
    check_policy_set, check_references,
};
use kari_domain::time::Minutes;

use crate::organization::*;

fn said(result: Result<(), Vec<PolicyProblem>>) -> Vec<String> {
    result.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn well_formed_policies_are_taken() {
    assert_eq!(check_eligibility(&eligible("a")), Ok(()));
    assert_eq!(check_guardrail(&guardrail("a", Effect::Forbid)), Ok(()));
    assert_eq!(check_approver(&approver("a")), Ok(()));
}

#[test]
fn durations_are_between_fifteen_minutes_and_seven_days() {
    for (minutes, fine) in [(14, false), (15, true), (10_080, true), (10_081, false)] {
        let policy = EligibilityPolicy { max_duration_minutes: Minutes(minutes), ..eligible("a") };
        assert_eq!(check_eligibility(&policy).is_ok(), fine, "{minutes}");
        let cap = guardrail("a", Effect::Cap { minutes: Minutes(minutes) });
        assert_eq!(check_guardrail(&cap).is_ok(), fine, "{minutes}");
    }
}

#[test]
fn a_scope_that_names_nothing_is_refused_part_by_part() {
    let empty = EligibilityPolicy {
        principals: Principals::default(),
        targets: Targets::default(),
        permission_sets: PermissionSets::These([].into()),
        ..eligible("a")
    };
    assert_eq!(
        said(check_eligibility(&empty)),
        [
            "principals is empty; name at least one",
            "targets is empty; name at least one",
            "permission_sets is empty; name at least one"
        ]
    );
}

#[test]
fn lists_are_bounded() {
    let many = |count: usize| (0..count).map(|at| user(&format!("u{at}"))).collect();
    let most = Principals { users: many(500), ..Principals::default() };
    assert_eq!(check_eligibility(&EligibilityPolicy { principals: most, ..eligible("a") }), Ok(()));
    let policy = EligibilityPolicy {
        principals: Principals { users: many(501), ..Principals::default() },
        ..eligible("a")
    };
    assert_eq!(said(check_eligibility(&policy)), ["principals may name at most 500"]);
    let together = Principals { users: many(300), groups: [group("a")].into(), everyone: false };
    let groups = (0..201).map(|at| group(&format!("g{at}"))).collect();
    let policy = EligibilityPolicy { principals: Principals { groups, ..together }, ..eligible("a") };
    assert_eq!(
        said(check_eligibility(&policy)),
        ["principals may name at most 500"],
        "users and groups together"
    );
    let ids = (0..=1000).map(|at| account(&format!("{at:012}"))).collect();
    let policy =
        EligibilityPolicy { targets: Targets { accounts: ids, ..Targets::default() }, ..eligible("a") };
    assert_eq!(said(check_eligibility(&policy)), ["targets.accounts may name at most 1000"]);
}

#[test]
fn requirements_are_one_to_five_with_a_quorum_of_one_to_ten_people() {
    let with = |requirements| said(check_approver(&ApproverPolicy { requirements, ..approver("a") }));
    assert_eq!(with(vec![]), ["requirements is empty; name at least one"]);
    assert_eq!(with(vec![requirement(&["leads"], 1); 6]), ["requirements may name at most 5"]);
    for (quorum, fine) in [(0, false), (1, true), (10, true), (11, false)] {
        assert_eq!(with(vec![requirement(&["leads"], quorum)]).is_empty(), fine, "{quorum}");
    }
    assert_eq!(with(vec![requirement(&[], 1)]), ["requirements.reviewers is empty; name at least one"]);
}

#[test]
fn a_requirement_and_a_notify_list_name_at_most_a_hundred() {
    let people = |count: usize| People {
        users: (1..count).map(|at| user(&format!("u{at}"))).collect(),
        groups: [group("leads")].into(),
    };
    let with = |asked, told| {
        let requirements = vec![Requirement { reviewers: people(asked), quorum: 1 }];
        said(check_approver(&ApproverPolicy { requirements, notify: people(told), ..approver("a") }))
    };
    assert!(with(100, 100).is_empty());
    assert_eq!(with(101, 100), ["requirements.reviewers may name at most 100"]);
    assert_eq!(with(100, 101), ["notify may name at most 100"]);
}

#[test]
fn there_are_at_most_ten_thousand_policies_of_a_kind() {
    assert_eq!(MOST_POLICIES, 10_000);
    assert_eq!(check_count(10_000), Ok(()));
    let problems = check_count(10_001).unwrap_err();
    assert_eq!(problems[0].code(), "too-many-policies");
    assert_eq!(said(Err(problems)), ["there may be at most 10000 policies of one kind; delete one first"]);
    let rail = |at: usize| guardrail(&format!("g{at}"), Effect::Forbid);
    let problems = check_policy_set(&policies([], (0..=10_000).map(rail), [])).unwrap_err();
    assert_eq!(problems, [(None, PolicyProblem::TooManyPolicies { most: 10_000 })]);
}

#[test]
fn whatever_a_policy_names_must_exist() {
    let snapshot = snapshot();
    let lost = EligibilityPolicy {
        principals: Principals { users: [user("zoe")].into(), ..of_group("nobody") },
        targets: Targets {
            units: [unit("ou-gone")].into(),
            excluded_accounts: [account("999999999999")].into(),
            ..accounts(&[WEB])
        },
        permission_sets: sets(&["admin", "gone"]),
        ..eligible("a")
    };
    let fields: Vec<_> = check_references(&lost, &snapshot)
        .unwrap_err()
        .into_iter()
        .map(|problem| match problem {
            PolicyProblem::UnknownReference { field, id } => format!("{field}: {id}"),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(
        fields,
        [
            "principals.users: zoe",
            "principals.groups: nobody",
            "targets.units: ou-gone",
            "targets.excluded_accounts: 999999999999",
            "permission_sets: arn:aws:sso:::permissionSet/ssoins-1/ps-gone",
        ]
    );
    assert_eq!(check_references(&eligible("a"), &snapshot), Ok(()));
    let mut nobody = ApproverPolicy { requirements: vec![requirement(&["gone"], 1)], ..approver("a") };
    nobody.notify.groups.insert(group("lost"));
    assert_eq!(check_references(&nobody, &snapshot).unwrap_err().len(), 2);
}

#[test]
fn a_set_may_not_hold_two_policies_of_a_kind_with_one_id() {
    let set = policies([eligible("a"), eligible("a")], [guardrail("a", Effect::Forbid)], [approver("a")]);
    let problems = check_policy_set(&set).unwrap_err();
    assert!(matches!(&problems[..], [(None, PolicyProblem::DuplicateId { id })] if id.as_str() == "a"));
}

#[test]
fn every_problem_of_a_set_is_named_with_its_policy() {
    let mut set = policies([EligibilityPolicy { max_duration_minutes: Minutes(1), ..eligible("a") }], [], []);
    set.settings.maximum_duration_minutes = Minutes(1);
    let problems = check_policy_set(&set).unwrap_err();
    let of: Vec<_> = problems.iter().map(|(id, _)| id.as_ref().map(ToString::to_string)).collect();
    assert_eq!(of, [None, Some("a".to_owned())]);
    assert_eq!(problems[0].1.code(), "out-of-range");
}
