use super::given::{approve, approve_after, deny, facts, given, review, with_target};
use super::sample::{
    And, History, active, approval_by, approval_by_a_lead, approved, auto_approved, closed_unused,
    ineligible, minute, no_approval_needed, pending, pending_for, person, user,
};
use crate::audit::Cause;
use crate::directory::Subject;
use crate::ids::UserId;
use crate::policy::{self, Verdict};
use crate::request::{
    Action, Approval, Command, Decision, Outcome, Refusal, RequestEvent, Review, ReviewFacts, RevokeRight,
    Viewer, permitted,
};
use crate::text::Comment;

fn disabled(name: &str) -> Subject {
    Subject { enabled: false, ..person(name) }
}

fn out_of_every_group(name: &str) -> Subject {
    Subject { groups: [].into(), ..person(name) }
}

#[track_caller]
fn reviewers(events: &[RequestEvent]) -> Vec<UserId> {
    let Some(RequestEvent::Approved { approval: Approval::Reviewers { reviewers, .. } }) = events.last()
    else {
        panic!("not approved by reviewers: {events:?}");
    };
    reviewers.clone()
}

#[test]
fn the_approval_of_one_lead_approves_where_one_is_asked_for() {
    let events = given(pending()).when(approve("bob", approval_by_a_lead(), 5)).then("reviewed, approved");
    let approval = Approval::Reviewers { policy_set_version: 7, reviewers: vec![user("bob")] };
    assert_eq!(events[1], RequestEvent::Approved { approval });
}

#[test]
fn a_review_is_recorded_with_who_what_when_and_why() {
    let comment = Some(Comment::parse("not on a Friday").unwrap());
    let bobs = facts(person("bob"), Decision::Deny, approval_by_a_lead(), 5);
    let command = review(ReviewFacts { comment: comment.clone(), ..bobs });
    let events = given(pending()).when(command).then("reviewed, closed(denied)");
    let review = Review {
        reviewer: user("bob"),
        label: "bob".to_owned(),
        decision: Decision::Deny,
        comment,
        at: minute(5),
        through: Some(Cause::Api),
    };
    assert_eq!(events[0], RequestEvent::Reviewed { review });
}

#[test]
fn an_approval_at_or_after_the_lapse_is_refused_although_nobody_recorded_the_lapse() {
    given(pending()).when(approve("bob", approval_by_a_lead(), 479)).then("reviewed, approved");
    for late in [480, 481, 60 * 24 * 365] {
        let refusal =
            given(pending()).when(approve("bob", approval_by_a_lead(), late)).then_refused("lapsed");
        assert_eq!(refusal, Refusal::Lapsed { lapsed_at: minute(480) });
        given(pending()).when(deny("bob", approval_by_a_lead(), late)).then_refused("lapsed");
    }
}

#[test]
fn an_approval_of_a_lapsed_request_says_that_it_lapsed() {
    let lapsed = pending().and(480, closed_unused(Outcome::Lapsed));
    let refusal = given(lapsed).when(approve("bob", approval_by_a_lead(), 481)).then_refused("lapsed");
    assert_eq!(refusal, Refusal::Lapsed { lapsed_at: minute(480) });
}

#[test]
fn an_approval_before_the_lapse_does_not_make_a_later_one_a_repeat() {
    let half = || pending_for(&[("leads", 2)], &["bob"]);
    given(half()).when(approve("bob", approval_by(&[("leads", 2)]), 480)).then_refused("lapsed");
    let lapsed = half().and(480, closed_unused(Outcome::Lapsed));
    given(lapsed).when(approve("bob", approval_by(&[("leads", 2)]), 481)).then_refused("lapsed");
}

#[test]
fn an_approval_of_a_denied_or_withdrawn_request_is_refused() {
    for outcome in [Outcome::Denied, Outcome::Withdrawn] {
        let closed = || pending_for(&[("leads", 2)], &["bob"]).and(6, closed_unused(outcome));
        for reviewer in ["bob", "carol"] {
            let refusal =
                given(closed()).when(approve(reviewer, approval_by_a_lead(), 7)).then_refused("wrong-state");
            assert_eq!(refusal, Refusal::WrongState { state: "closed", wanted: "approved" });
        }
    }
}

#[test]
fn nobody_reviews_their_own_request_even_if_they_lead_the_team() {
    let alice = Subject { groups: person("bob").groups, ..person("alice") };
    for decision in [Decision::Approve, Decision::Deny] {
        let own = review(facts(alice.clone(), decision, approval_by_a_lead(), 5));
        given(pending()).when(own).then_refused("self-review");
    }
}

#[test]
fn a_reviewer_is_told_from_the_requester_by_id_and_never_by_name() {
    let named_alike = ReviewFacts {
        label: "Alice".to_owned(),
        ..facts(person("bob"), Decision::Approve, approval_by_a_lead(), 5)
    };
    given(pending()).when(review(named_alike)).then("reviewed, approved");
}

/// Leads anywhere, and security in the portal only.
fn security_in_the_portal() -> Verdict {
    let mut verdict = approval_by(&[("leads", 1), ("security", 1)]);
    if let policy::Outcome::ApprovalNeeded { requirements, .. } = &mut verdict.outcome {
        requirements[1].portal_only = true;
    }
    verdict
}

fn through(cause: Cause, name: &str, decision: Decision) -> Command {
    review(ReviewFacts { through: cause, ..facts(person(name), decision, security_in_the_portal(), 5) })
}

#[test]
fn what_is_approved_in_the_portal_only_is_not_approved_in_a_chat_by_those_it_asks_for() {
    let asked = || given(pending_for(&[("leads", 1), ("security", 1)], &[]));
    asked().when(through(Cause::Slack, "dan", Decision::Approve)).then_refused("portal-only");
    asked().when(through(Cause::Api, "dan", Decision::Approve)).then("reviewed");
    asked().when(through(Cause::Slack, "bob", Decision::Approve)).then("reviewed");
}

/// Dan approved through this door.
fn approved_through(cause: Option<Cause>, asked_of: &[(&str, u8)]) -> History {
    let mut history = pending_for(asked_of, &["dan"]);
    for (_, event) in &mut history {
        if let RequestEvent::Reviewed { review } = event {
            review.through = cause;
        }
    }
    history
}

#[test]
fn an_approval_in_a_chat_counts_no_more_once_it_is_for_the_portal_only_and_is_given_again_there() {
    let both = &[("leads", 1), ("security", 1)];
    let bobs = || {
        review(ReviewFacts {
            earlier: vec![person("dan")],
            ..facts(person("bob"), Decision::Approve, security_in_the_portal(), 10)
        })
    };
    for door in [Some(Cause::Api), None] {
        given(approved_through(door, both)).when(bobs()).then("reviewed, approved");
        given(approved_through(door, both))
            .when(through(Cause::Api, "dan", Decision::Approve))
            .then_nothing();
    }
    let in_chat = || approved_through(Some(Cause::Slack), both);
    given(in_chat()).when(bobs()).then("reviewed");
    given(in_chat()).when(through(Cause::Slack, "dan", Decision::Approve)).then_refused("portal-only");
    let again = given(in_chat()).when(through(Cause::Api, "dan", Decision::Approve)).then("reviewed");
    let history = again.into_iter().fold(in_chat(), |history, event| history.and(6, event));
    let twice = review(ReviewFacts {
        earlier: vec![person("dan"), person("dan")],
        ..facts(person("bob"), Decision::Approve, security_in_the_portal(), 10)
    });
    let events = given(history).when(twice).then("reviewed, approved");
    assert_eq!(reviewers(&events), [user("dan"), user("bob")]);
}

#[test]
fn an_approval_in_a_chat_counts_where_it_is_still_given_there() {
    let history = approved_through(Some(Cause::Slack), &[("leads", 1), ("security", 1)]);
    let both = approval_by(&[("leads", 1), ("security", 1)]);
    given(history).when(approve_after(&[person("dan")], "bob", both)).then("reviewed, approved");
}

#[test]
fn whoever_looks_in_a_chat_is_not_offered_what_is_approved_in_the_portal_only() {
    let Command::Review(facts) = through(Cause::Slack, "dan", Decision::Approve) else { panic!("a review") };
    let asked = given(pending_for(&[("leads", 1), ("security", 1)], &[])).request;
    for (door, offered) in
        [(Cause::Api, vec![Action::Approve, Action::Deny]), (Cause::Slack, vec![Action::Deny])]
    {
        let viewer = Viewer { subject: person("dan"), right: RevokeRight::None, through: door };
        assert_eq!(permitted(&asked, &viewer, Some(&facts.assessment), facts.now), offered);
    }
}

#[test]
fn what_is_approved_in_the_portal_only_may_be_denied_anywhere() {
    let asked = given(pending_for(&[("leads", 1), ("security", 1)], &[]));
    asked.when(through(Cause::Slack, "dan", Decision::Deny)).then("reviewed, closed(denied)");
}

#[test]
fn whoever_is_no_reviewer_now_is_refused_whatever_they_were_at_submission() {
    for stranger in [person("dan"), person("zoe"), out_of_every_group("bob"), disabled("bob")] {
        for decision in [Decision::Approve, Decision::Deny] {
            let facts = facts(stranger.clone(), decision, approval_by_a_lead(), 5);
            given(pending()).when(review(facts)).then_refused("not-a-reviewer");
        }
    }
}

#[test]
fn whoever_became_a_reviewer_after_submission_may_review() {
    given(pending()).when(approve("dan", approval_by(&[("security", 1)]), 5)).then("reviewed, approved");
}

#[test]
fn a_quorum_of_two_needs_two_people() {
    let two = || approval_by(&[("leads", 2)]);
    given(pending_for(&[("leads", 2)], &[])).when(approve("bob", two(), 5)).then("reviewed");
    let events = given(pending_for(&[("leads", 2)], &["bob"]))
        .when(approve_after(&[person("bob")], "carol", two()))
        .then("reviewed, approved");
    assert_eq!(reviewers(&events), [user("bob"), user("carol")]);
}

#[test]
fn one_person_never_counts_twice_towards_a_quorum() {
    let two = approval_by(&[("leads", 2)]);
    given(pending_for(&[("leads", 2)], &["bob"]))
        .when(approve_after(&[person("bob"), person("bob")], "bob", two))
        .then_nothing();
}

#[test]
fn one_person_never_counts_towards_two_requirements() {
    let both = &[("leads", 1), ("security", 1)];
    given(pending_for(both, &[])).when(approve("grace", approval_by(both), 5)).then("reviewed");
    given(pending_for(both, &["grace"]))
        .when(approve_after(&[person("grace")], "bob", approval_by(both)))
        .then("reviewed, approved");
}

#[test]
fn every_requirement_has_to_be_met() {
    let both = &[("leads", 1), ("security", 1)];
    given(pending_for(both, &["bob"]))
        .when(approve_after(&[person("bob")], "carol", approval_by(both)))
        .then("reviewed");
    given(pending_for(both, &["bob"]))
        .when(approve_after(&[person("bob")], "dan", approval_by(both)))
        .then("reviewed, approved");
}

#[test]
fn an_earlier_approval_counts_only_while_its_approver_still_may_approve() {
    let two = || approval_by(&[("leads", 2)]);
    for bob in [disabled("bob"), out_of_every_group("bob")] {
        given(pending_for(&[("leads", 2)], &["bob"]))
            .when(approve_after(&[bob], "carol", two()))
            .then("reviewed");
    }
    // Deleted: he is left out.
    given(pending_for(&[("leads", 2)], &["bob"])).when(approve("carol", two(), 10)).then("reviewed");
}

#[test]
fn a_claimed_earlier_approval_counts_only_if_it_was_recorded() {
    given(pending_for(&[("leads", 2)], &[]))
        .when(approve_after(&[person("carol")], "bob", approval_by(&[("leads", 2)])))
        .then("reviewed");
}

#[test]
fn a_double_click_changes_nothing() {
    given(approved()).when(approve("bob", approval_by_a_lead(), 6)).then_nothing();
    given(pending_for(&[("leads", 2)], &["bob"]))
        .when(approve("bob", approval_by(&[("leads", 2)]), 6))
        .then_nothing();
    let denied = given(pending()).when(deny("bob", approval_by_a_lead(), 5)).then("reviewed, closed(denied)");
    let history = denied.into_iter().fold(pending(), |history, event| history.and(5, event));
    given(history).when(deny("bob", approval_by_a_lead(), 6)).then_nothing();
}

#[test]
fn a_double_click_after_activation_changes_nothing_either() {
    let mut history = approved();
    history.extend(active().into_iter().skip(2));
    given(history).when(approve("bob", approval_by_a_lead(), 20)).then_nothing();
}

#[test]
fn pressing_again_approves_where_the_policies_have_come_to_ask_for_fewer() {
    let events = given(pending_for(&[("leads", 2)], &["bob"]))
        .when(approve("bob", approval_by_a_lead(), 10))
        .then("approved");
    assert_eq!(reviewers(&events), [user("bob")]);
}

#[test]
fn a_second_approver_comes_too_late_once_it_is_approved() {
    given(approved()).when(approve("carol", approval_by_a_lead(), 6)).then_refused("wrong-state");
    given(auto_approved()).when(approve("bob", approval_by_a_lead(), 6)).then_refused("wrong-state");
}

#[test]
fn the_denial_of_one_reviewer_closes_whoever_approved_before() {
    given(pending_for(&[("leads", 2)], &["bob"]))
        .when(deny("carol", approval_by(&[("leads", 2)]), 6))
        .then("reviewed, closed(denied)");
}

#[test]
fn an_approver_may_think_better_of_it_while_the_request_is_pending() {
    given(pending_for(&[("leads", 2)], &["bob"]))
        .when(deny("bob", approval_by(&[("leads", 2)]), 6))
        .then("reviewed, closed(denied)");
}

#[test]
fn once_approved_a_request_is_not_denied_any_more() {
    let refusal = given(approved()).when(deny("bob", approval_by_a_lead(), 6)).then_refused("wrong-state");
    assert_eq!(refusal, Refusal::WrongState { state: "approved", wanted: "denied" });
}

#[test]
fn a_request_that_became_ineligible_cannot_be_approved_but_can_be_denied() {
    let refusal = given(pending()).when(approve("bob", ineligible(), 5)).then_refused("ineligible");
    assert_eq!(refusal.reasons(), ineligible().reasons());
    given(pending()).when(deny("bob", ineligible(), 5)).then("reviewed, closed(denied)");
}

#[test]
fn a_request_that_came_to_need_no_approval_still_gets_the_one_it_waits_for() {
    given(pending()).when(approve("zoe", no_approval_needed(), 5)).then_refused("not-a-reviewer");
    given(pending()).when(approve("bob", no_approval_needed(), 5)).then("reviewed, approved");
}

/// The reviewers of the target as of now; nobody: those of the submission, who are the leads.
#[track_caller]
fn expect_reviewers(verdict: &Verdict, target: &Verdict, named: &[&str]) {
    for name in ["bob", "dan", "zoe"] {
        let approve = || with_target(approve(name, verdict.clone(), 5), target);
        let deny = || with_target(deny(name, verdict.clone(), 5), target);
        if !named.contains(&name) {
            given(pending()).when(approve()).then_refused("not-a-reviewer");
            given(pending()).when(deny()).then_refused("not-a-reviewer");
        } else if verdict.reasons().is_empty() {
            given(pending()).when(approve()).then("reviewed, approved");
            given(pending()).when(deny()).then("reviewed, closed(denied)");
        } else {
            given(pending()).when(approve()).then_refused("ineligible");
            given(pending()).when(deny()).then("reviewed, closed(denied)");
        }
        let Command::Review(facts) = deny() else { panic!("it is a review") };
        let viewer = Viewer { subject: person(name), right: RevokeRight::None, through: Cause::Api };
        let offered = permitted(&given(pending()).request, &viewer, Some(&facts.assessment), facts.now);
        assert_eq!(offered.is_empty(), !named.contains(&name), "{name} is offered what would be done");
    }
}

#[test]
fn who_reviews_is_who_reviews_the_target_now_whatever_the_policies_make_of_the_request() {
    let security = approval_by(&[("security", 1)]);
    for verdict in [approval_by_a_lead(), ineligible(), no_approval_needed()] {
        expect_reviewers(&verdict, &approval_by_a_lead(), &["bob"]);
        expect_reviewers(&verdict, &security, &["dan"]);
        // They name nobody any more: those of the submission go on.
        expect_reviewers(&verdict, &no_approval_needed(), &["bob"]);
    }
}

#[test]
fn a_request_that_came_to_need_no_approval_still_needs_as_many_as_its_target_asks_for() {
    let two = approval_by(&[("leads", 2)]);
    let alone = with_target(approve("bob", no_approval_needed(), 5), &two);
    given(pending()).when(alone).then("reviewed");
    let both = with_target(approve_after(&[person("bob")], "carol", no_approval_needed()), &two);
    given(pending_for(&[("leads", 1)], &["bob"])).when(both).then("reviewed, approved");
}

#[test]
fn what_was_never_asked_for_cannot_be_reviewed() {
    given(vec![]).when(approve("bob", approval_by_a_lead(), 5)).then_refused("wrong-state");
}
