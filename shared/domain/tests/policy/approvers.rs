//! Who must review.

use kari_domain::policy::{ApproverPolicy, EligibilityPolicy, Outcome, PolicySet, Targets};

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
