//! Who may review, and when the reviews suffice.

use kari_domain::directory::Subject;
use kari_domain::policy::{
    AppliedRequirement, ApproverPolicy, CompiledPolicies, People, Reason, Requirement, can_review,
    candidates, could_be_met, enabled_people, is_met, progress, reviews_anything,
};

use crate::organization::*;

fn applied(requirements: Vec<Requirement>) -> Vec<AppliedRequirement> {
    let set = policies([with_approval("a")], [], [ApproverPolicy { requirements, ..approver("p") }]);
    ASK.to(&set).requirements().to_vec()
}

fn named(people: &[&str], quorum: u8) -> Requirement {
    let mut requirement = requirement(&[], quorum);
    requirement.reviewers.users = people.iter().map(|name| user(name)).collect();
    requirement
}

fn approvals(people: &[&str]) -> Vec<Subject> {
    people.iter().map(|name| subject(name)).collect()
}

#[test]
fn a_reviewer_is_enabled_named_by_a_requirement_and_never_the_requester() {
    let requirements = applied(vec![requirement(&["leads"], 1), named(&["eve"], 1)]);
    for (who, requester, allowed) in [
        ("cat", "ann", true),
        ("eve", "ann", true),
        ("ann", "cat", false),
        ("cat", "cat", false),
        ("dan", "ann", false),
    ] {
        assert_eq!(
            can_review(&requirements, &subject(who), &user(requester)),
            allowed,
            "{who} of {requester}"
        );
    }
    assert!(!can_review(&[], &subject("cat"), &user("ann")));
}

#[test]
fn only_who_an_enabled_policy_names_reviews_anything() {
    let leads = || ApproverPolicy { requirements: vec![requirement(&["leads"], 1)], ..approver("p") };
    let eve =
        || ApproverPolicy { requirements: vec![named(&["eve"], 1)], in_addition: true, ..approver("q") };
    let set = CompiledPolicies::new(policies([with_approval("a")], [], [leads(), eve()]));
    for (who, reviews) in [("cat", true), ("eve", true), ("ann", false)] {
        assert_eq!(reviews_anything(&set, &subject(who)), reviews, "{who}");
    }
    let disabled = ApproverPolicy { enabled: false, ..leads() };
    let set = CompiledPolicies::new(policies([with_approval("a")], [], [disabled]));
    assert!(!reviews_anything(&set, &subject("cat")));
}

#[test]
fn every_requirement_is_met_by_its_own_quorum_and_nobody_counts_twice() {
    let requirements = applied(vec![named(&["ben", "cat"], 1), named(&["cat", "eve"], 1)]);
    for (people, met) in [
        (&["cat"][..], false),
        (&["cat", "cat"], false),
        (&["ben", "cat"], true),
        (&["cat", "eve"], true),
        (&["ben", "eve"], true),
        (&["ann", "cat"], false),
        (&[], false),
    ] {
        assert_eq!(is_met(&requirements, &approvals(people)), met, "{people:?}");
    }
}

#[test]
fn people_are_moved_between_requirements_until_as_many_as_possible_are_met() {
    // Taken greedily, ben and cat would fill the first requirement and leave the others empty.
    let requirements =
        applied(vec![named(&["ann", "ben", "cat", "eve"], 2), named(&["ben"], 1), named(&["cat"], 1)]);
    assert!(is_met(&requirements, &approvals(&["ann", "ben", "cat", "eve"])));
    assert!(!is_met(&requirements, &approvals(&["ben", "cat", "eve"])));
}

#[test]
fn progress_says_who_counts_towards_what() {
    let requirements = applied(vec![named(&["ben", "cat"], 2), named(&["eve"], 1)]);
    let progress = progress(&requirements, &approvals(&["eve", "cat"]));
    assert_eq!((progress[0].index, progress[0].quorum, &progress[0].met_by), (0, 2, &vec![user("cat")]));
    assert!(!progress[0].is_met());
    assert_eq!(progress[1].met_by, [user("eve")]);
    assert!(progress[1].is_met());
}

#[test]
fn an_approver_who_was_disabled_counts_no_more() {
    let requirements = applied(vec![requirement(&["leads"], 1)]);
    assert!(!is_met(&requirements, &approvals(&["dan"])));
}

#[test]
fn no_requirements_are_never_met() {
    assert!(!is_met(&[], &approvals(&["cat"])));
}

#[test]
fn a_quorum_of_nobody_asks_for_one() {
    let requirements = applied(vec![requirement(&["leads"], 0)]);
    assert!(!is_met(&requirements, &[]));
    assert!(is_met(&requirements, &approvals(&["cat"])));
}

#[test]
fn candidates_are_the_enabled_members_without_the_requester() {
    let requirements = applied(vec![requirement(&["leads", "security"], 1)]);
    let people = candidates(&requirements, &user("ben"), &snapshot());
    assert_eq!(people, [[user("cat"), user("eve")].into()]);
}

#[test]
fn the_enabled_people_of_a_list_are_named_themselves_or_by_a_group_that_exists() {
    let people = People {
        users: [user("ben"), user("dan"), user("zoe")].into(),
        groups: [group("security"), group("nobody")].into(),
    };
    assert_eq!(enabled_people(&people, &snapshot()), [user("ben"), user("eve")].into(), "dan is disabled");
}

#[test]
fn a_group_or_a_user_that_is_gone_is_skipped() {
    let mut snapshot = snapshot();
    snapshot.groups.remove(&group("leads"));
    snapshot.users.remove(&user("ben"));
    let mut both = requirement(&["leads", "security"], 1);
    both.reviewers.users = [user("ben")].into();
    let requirements = applied(vec![both]);
    assert_eq!(candidates(&requirements, &user("ann"), &snapshot), [[user("eve")].into()]);
    assert_eq!(could_be_met(&requirements, &user("ann"), &snapshot), Ok(()));
}

#[test]
fn a_request_that_too_few_people_could_approve_is_refused_with_the_numbers() {
    let requirements = applied(vec![requirement(&["leads"], 2)]);
    assert_eq!(could_be_met(&requirements, &user("ann"), &snapshot()), Ok(()));
    let reasons = could_be_met(&requirements, &user("ben"), &snapshot()).unwrap_err();
    assert!(
        matches!(reasons[..], [Reason::NotEnoughReviewers { needed: 2, available: 1, .. }]),
        "{reasons:?}"
    );
}

#[test]
fn people_needed_by_one_requirement_are_not_available_to_another() {
    let requirements = applied(vec![named(&["cat"], 1), named(&["cat"], 1)]);
    let reasons = could_be_met(&requirements, &user("ann"), &snapshot()).unwrap_err();
    assert!(
        matches!(reasons[..], [Reason::NotEnoughReviewers { needed: 1, available: 0, .. }]),
        "{reasons:?}"
    );
}
