//! Who must review.

use std::collections::BTreeSet;

use kari_domain::policy::{
    ApproverPolicy, CompiledPolicies, EligibilityPolicy, Outcome, People, PolicySet, Requirement, Targets,
    offer, requirements_for,
};

use crate::organization::*;

fn reviewed_by<const N: usize>(approvers: [ApproverPolicy; N]) -> PolicySet {
    policies([with_approval("a")], [], approvers)
}

#[test]
fn approval_needed_where_no_approver_policy_applies_is_a_refusal() {
    assert_eq!(ASK.answer(&reviewed_by([])), "no-approver-policy");
    let elsewhere = ApproverPolicy { targets: units(&["ou-sandbox"]), ..approver("p") };
    assert_eq!(ASK.answer(&reviewed_by([elsewhere])), "no-approver-policy");
}

#[test]
fn whoever_is_to_be_told_is_told_only_where_approval_is_needed() {
    let told = People { users: [user("ben")].into(), ..People::default() };
    let telling = || ApproverPolicy { notify: told.clone(), ..approver("p") };
    assert_eq!(ASK.to(&reviewed_by([telling()])).notify(), Some(&told));
    assert_eq!(ASK.to(&reviewed_by([approver("p")])).notify(), None, "nobody is named");
    assert_eq!(ASK.to(&policies([eligible("a")], [], [telling()])).notify(), None);
}

#[test]
fn the_closest_policy_decides() {
    let set = reviewed_by([
        ApproverPolicy { targets: accounts(&[CARDS]), ..approver("d-account") },
        ApproverPolicy { targets: units(&["ou-payments"]), ..approver("c-nearest") },
        ApproverPolicy { targets: units(&["ou-production"]), ..approver("b-farther") },
        ApproverPolicy { targets: Targets::all(), ..approver("a-all") },
    ]);
    for (disabled, expected) in [(0, "d-account/0"), (1, "c-nearest/0"), (2, "b-farther/0"), (3, "a-all/0")] {
        let mut set = set.clone();
        set.approvers.iter_mut().take(disabled).for_each(|versioned| versioned.policy.enabled = false);
        // The closest are given first, so the ones disabled are the closest ones.
        assert_eq!(Ask { account: CARDS, ..ASK }.requirements(&set), [expected]);
    }
}

#[test]
fn the_policy_of_the_root_is_closer_than_all() {
    let set = reviewed_by([
        approver("a-all"),
        ApproverPolicy { targets: units(&["r-root"]), ..approver("b-root") },
    ]);
    assert_eq!(ASK.requirements(&set), ["b-root/0"]);
}

#[test]
fn at_equal_distance_a_policy_that_names_the_permission_set_beats_one_for_all() {
    let naming = ApproverPolicy { permission_sets: sets(&["admin"]), ..approver("b") };
    let set = reviewed_by([approver("a"), naming]);
    assert_eq!(ASK.requirements(&set), ["b/0"]);
    assert_eq!(Ask { permission_set: "read", ..ASK }.requirements(&set), ["a/0"]);
}

#[test]
fn a_closer_policy_for_all_permission_sets_beats_a_farther_one_that_names_it() {
    let near = ApproverPolicy { targets: accounts(&[WEB]), ..approver("a") };
    let naming = ApproverPolicy { permission_sets: sets(&["admin"]), ..approver("b") };
    assert_eq!(ASK.requirements(&reviewed_by([near, naming])), ["a/0"]);
}

#[test]
fn a_closer_policy_for_another_permission_set_does_not_count() {
    let near =
        ApproverPolicy { targets: accounts(&[WEB]), permission_sets: sets(&["read"]), ..approver("a") };
    assert_eq!(ASK.requirements(&reviewed_by([near, approver("b")])), ["b/0"]);
}

#[test]
fn policies_that_are_equally_close_apply_all() {
    let two = ApproverPolicy {
        requirements: vec![requirement(&["leads"], 1), requirement(&["security"], 1)],
        ..approver("a")
    };
    assert_eq!(ASK.requirements(&reviewed_by([approver("b"), two])), ["a/0", "a/1", "b/0"]);
}

#[test]
fn an_account_excluded_by_the_closest_policy_falls_to_the_next() {
    let near = ApproverPolicy {
        targets: Targets { excluded_accounts: [account(WEB)].into(), ..units(&["ou-production"]) },
        ..approver("a")
    };
    assert_eq!(ASK.requirements(&reviewed_by([near, approver("b")])), ["b/0"]);
}

#[test]
fn a_policy_in_addition_applies_besides_the_closest_wherever_it_matches() {
    let security = ApproverPolicy {
        in_addition: true,
        requirements: vec![requirement(&["security"], 1)],
        ..approver("z-security")
    };
    let near = ApproverPolicy { targets: accounts(&[WEB]), ..approver("near") };
    let set = reviewed_by([security, near, approver("all")]);
    assert_eq!(ASK.requirements(&set), ["near/0", "z-security/0"]);
    assert_eq!(Ask { account: CARDS, ..ASK }.requirements(&set), ["all/0", "z-security/0"]);
}

#[test]
fn a_policy_in_addition_alone_does_not_make_anything_reviewable() {
    let set = reviewed_by([ApproverPolicy { in_addition: true, ..approver("p") }]);
    assert_eq!(ASK.answer(&set), "no-approver-policy");
}

#[test]
fn the_management_account_is_reviewed_by_whom_its_own_policy_names_and_by_everybody_in_addition() {
    let opened = EligibilityPolicy { targets: accounts(&[MANAGEMENT]), ..with_approval("a") };
    let in_addition = ApproverPolicy { in_addition: true, ..approver("more") };
    let ask = Ask { account: MANAGEMENT, ..ASK };
    let set = policies([opened.clone()], [], [approver("all"), in_addition.clone()]);
    assert_eq!(ask.answer(&set), "no-approver-policy");
    let own = ApproverPolicy { targets: accounts(&[MANAGEMENT]), ..approver("own") };
    let set = policies([opened], [], [approver("all"), in_addition, own]);
    assert_eq!(ask.requirements(&set), ["more/0", "own/0"]);
}

#[test]
fn a_policy_that_asks_nobody_does_not_stand_in_for_one_that_does() {
    let nobody = ApproverPolicy { targets: accounts(&[WEB]), requirements: Vec::new(), ..approver("nobody") };
    assert_eq!(ASK.answer(&reviewed_by([nobody.clone()])), "no-approver-policy");
    assert_eq!(ASK.requirements(&reviewed_by([nobody, approver("p")])), ["p/0"]);
}

#[test]
fn everybody_on_the_notify_lists_of_the_applied_policies_is_told() {
    let mut one = approver("one");
    one.notify.users.insert(user("cat"));
    let mut more = ApproverPolicy { in_addition: true, ..approver("two") };
    more.notify.groups.insert(group("security"));
    let Outcome::ApprovalNeeded { notify, .. } = ASK.to(&reviewed_by([one, more])).outcome else { panic!() };
    assert_eq!(notify.users, [user("cat")].into());
    assert_eq!(notify.groups, [group("security")].into());
}

/// Policies *in addition* to one, each with so many requirements that name so many people with the longest
/// ids there are.
fn in_addition(policies: usize, requirements: usize, people: usize) -> Vec<ApproverPolicy> {
    let person = |of: usize, at: usize| user(&format!("u{of:03}-{at:059}"));
    let asked = |of: usize| Requirement {
        reviewers: People {
            users: (0..people).map(|at| person(of, at)).collect(),
            groups: BTreeSet::default(),
        },
        quorum: 10,
    };
    let policy = |of: usize| ApproverPolicy {
        name: name(&"\u{1f469}".repeat(90)),
        requirements: vec![asked(of); requirements],
        in_addition: of > 0,
        ..approver(&format!("p{of:03}"))
    };
    (0..policies).map(policy).collect()
}

#[test]
fn more_approver_policies_than_a_request_can_carry_are_a_refusal() {
    let table = [
        (10, 5, 1, "approval by a"),
        (11, 5, 1, "too-many-approver-policies"),
        (4, 5, 100, "approval by a"),
        (5, 5, 100, "too-many-approver-policies"),
        (51, 1, 1, "too-many-approver-policies"),
    ];
    for (count, requirements, people, expected) in table {
        let set = policies([with_approval("a")], [], in_addition(count, requirements, people));
        assert_eq!(ASK.answer(&set), expected, "{count} {requirements} {people}");
        let place = &organization().accounts[&account(WEB)];
        let permission_set = &organization().permission_sets[&arn("admin")];
        let offered = offer(&CompiledPolicies::new(set), &subject("ann"), place, permission_set);
        assert_eq!(offered.is_some(), expected.starts_with("approval"), "offered as it is decided");
    }
}

#[test]
fn notify_lists_count_towards_what_a_request_can_carry() {
    let mut approvers = in_addition(20, 1, 50);
    for (of, policy) in approvers.iter_mut().enumerate() {
        policy.notify.users = (0..50).map(|at| user(&format!("n{of}-{at}"))).collect();
    }
    let set = |approvers: &[ApproverPolicy]| policies([with_approval("a")], [], approvers.to_vec());
    assert_eq!(ASK.answer(&set(&approvers)), "approval by a");
    approvers[0].notify.users.insert(user("one-more"));
    assert_eq!(ASK.answer(&set(&approvers)), "too-many-approver-policies");
}

#[test]
fn whatever_may_apply_leaves_room_in_an_item_of_the_store() {
    for (count, requirements, people) in [(4, 5, 100), (50, 1, 40), (10, 5, 40)] {
        let set = policies([with_approval("a")], [], in_addition(count, requirements, people));
        let verdict = ASK.to(&set);
        assert!(verdict.reasons().is_empty(), "it is allowed");
        let bytes = serde_json::to_string(&verdict).unwrap().len();
        assert!(bytes < 200_000, "{bytes}");
    }
}

#[test]
fn the_approvers_of_a_target_are_the_same_whether_or_not_a_request_needs_them() {
    let more = ApproverPolicy { in_addition: true, ..approver("more") };
    let place = &organization().accounts[&account(WEB)];
    let set = &organization().permission_sets[&arn("admin")];
    let of = |eligibility| {
        let policies = policies([eligibility], [], [approver("p"), more.clone()]);
        requirements_for(&CompiledPolicies::new(policies), place, set)
    };
    let free = of(eligible("a"));
    let named: Vec<_> = free.iter().map(|requirement| requirement.policy.id.as_str()).collect();
    assert_eq!(named, ["more", "p"]);
    assert_eq!(free, of(with_approval("a")));
}
