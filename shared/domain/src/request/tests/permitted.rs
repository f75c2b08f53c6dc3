use super::given::{assessment, given};
use super::sample::{
    History, active, approval_by, approval_by_a_lead, approved, ending, ineligible, minute, pending,
    pending_for, person,
};
use crate::audit::Cause;
use crate::policy::Verdict;
use crate::request::{Action, RevokeRight, Viewer, permitted};

fn actions(history: History, name: &str, right: RevokeRight, verdict: &Verdict, now: i64) -> Vec<Action> {
    let viewer = Viewer { subject: person(name), right, through: Cause::Api };
    permitted(&given(history).request, &viewer, Some(&assessment(verdict.clone())), minute(now))
}

#[test]
fn each_person_is_offered_what_would_not_be_refused() {
    use Action::{Approve, Deny, Revoke, Withdraw};
    let lead = approval_by_a_lead();
    assert_eq!(actions(pending(), "alice", RevokeRight::None, &lead, 1), [Withdraw]);
    assert_eq!(actions(pending(), "bob", RevokeRight::Reviewer, &lead, 1), [Approve, Deny]);
    assert_eq!(actions(pending(), "root", RevokeRight::Administrator, &lead, 1), []);
    assert_eq!(actions(approved(), "alice", RevokeRight::None, &lead, 6), [Withdraw, Revoke]);
    assert_eq!(actions(approved(), "bob", RevokeRight::Reviewer, &lead, 6), [Revoke]);
    assert_eq!(actions(active(), "alice", RevokeRight::None, &lead, 6), [Revoke]);
    assert_eq!(actions(active(), "zoe", RevokeRight::None, &lead, 6), []);
    assert_eq!(actions(ending(), "alice", RevokeRight::None, &lead, 61), []);
}

#[test]
fn nothing_is_offered_after_the_lapse_although_nobody_recorded_it() {
    for name in ["alice", "bob"] {
        assert_eq!(actions(pending(), name, RevokeRight::Reviewer, &approval_by_a_lead(), 480), []);
    }
}

#[test]
fn a_reviewer_who_approved_already_is_only_offered_to_deny() {
    let half = pending_for(&[("leads", 2)], &["bob"]);
    let two = approval_by(&[("leads", 2)]);
    assert_eq!(actions(half, "bob", RevokeRight::Reviewer, &two, 6), [Action::Deny]);
}

#[test]
fn while_the_policies_say_nothing_nobody_reviews_and_everybody_may_still_end_what_is_theirs_to_end() {
    use Action::{Revoke, Withdraw};
    let actions = |history: History, name: &str, right| {
        let viewer = Viewer { subject: person(name), right, through: Cause::Api };
        permitted(&given(history).request, &viewer, None, minute(6))
    };
    assert_eq!(actions(pending(), "bob", RevokeRight::Reviewer), []);
    assert_eq!(actions(pending(), "alice", RevokeRight::None), [Withdraw]);
    assert_eq!(actions(approved(), "alice", RevokeRight::None), [Withdraw, Revoke]);
    assert_eq!(actions(active(), "root", RevokeRight::Administrator), [Revoke]);
}

#[test]
fn a_request_that_became_ineligible_is_only_offered_to_be_denied() {
    assert_eq!(actions(pending(), "bob", RevokeRight::None, &ineligible(), 6), [Action::Deny]);
}
