use std::collections::BTreeSet;

use super::{closed, wrong_state};
use crate::audit::Cause;
use crate::ids::UserId;
use crate::mutants::{Mutant, on};
use crate::policy::{AppliedRequirement, can_review, is_met};
use crate::request::command::ReviewFacts;
use crate::request::event::{Approval, Decision, Outcome, RequestEvent, Review};
use crate::request::refusal::Refusal;
use crate::request::state::{AccessRequest, Asked, Closed, Past, Pending, is_for_the_portal};

pub(super) fn review(request: &AccessRequest, facts: &ReviewFacts) -> Result<Vec<RequestEvent>, Refusal> {
    match request {
        AccessRequest::Pending(pending) => review_pending(pending, facts),
        AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => repeat_or_refuse(request, facts),
        AccessRequest::Absent => Err(wrong_state(request, wanted(facts.decision))),
    }
}

fn wanted(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approved",
        Decision::Deny => "denied",
    }
}

/// A double click is no error; everything else comes too late.
fn repeat_or_refuse(request: &AccessRequest, facts: &ReviewFacts) -> Result<Vec<RequestEvent>, Refusal> {
    let said_so =
        request.asked().is_some_and(|asked| last_word(asked, &facts.reviewer.id) == Some(facts.decision));
    let over = on(Mutant::ApprovesWhatIsOver) && matches!(request, AccessRequest::Closed(_));
    if over || said_so && prevailed(request, facts.decision) {
        Ok(vec![])
    } else {
        Err(too_late(request, facts))
    }
}

/// Whether the request went the way of this decision. An approval of what lapsed, was denied or
/// withdrawn nevertheless is not repeated: it would seem to have worked.
fn prevailed(request: &AccessRequest, decision: Decision) -> bool {
    match request {
        AccessRequest::Absent | AccessRequest::Pending(_) => false,
        AccessRequest::Closed(Closed { past: Past::Pending(_), outcome, .. }) => {
            decision == Decision::Deny && *outcome == Outcome::Denied
        }
        AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => decision == Decision::Approve,
    }
}

fn too_late(request: &AccessRequest, facts: &ReviewFacts) -> Refusal {
    match request {
        AccessRequest::Closed(Closed { outcome: Outcome::Lapsed, past, .. }) => {
            Refusal::Lapsed { lapsed_at: past.asked().submission.lapses_at }
        }
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => wrong_state(request, wanted(facts.decision)),
    }
}

fn last_word(asked: &Asked, reviewer: &UserId) -> Option<Decision> {
    asked.reviews.iter().rfind(|review| review.reviewer == *reviewer).map(|review| review.decision)
}

fn review_pending(pending: &Pending, facts: &ReviewFacts) -> Result<Vec<RequestEvent>, Refusal> {
    let asked = &pending.asked;
    // The clock decides, not whether somebody has recorded the lapse yet.
    if facts.now >= asked.submission.lapses_at && !on(Mutant::ReviewsWhatLapsed) {
        return Err(Refusal::Lapsed { lapsed_at: asked.submission.lapses_at });
    }
    // NB. Principal ids, never names or addresses.
    if facts.reviewer.id == asked.submission.requester && !on(Mutant::ApprovesItself) {
        return Err(Refusal::SelfReview);
    }
    let requirements = asked.requirements_in_force(&facts.assessment.target_requirements);
    if !can_review(requirements, &facts.reviewer, &asked.submission.requester) {
        return Err(Refusal::NotAReviewer);
    }
    let reviewed = RequestEvent::Reviewed { review: word(facts) };
    match facts.decision {
        Decision::Deny => Ok(vec![reviewed, closed(Outcome::Denied)]),
        Decision::Approve => approve(asked, facts, requirements, reviewed),
    }
}

fn approve(
    asked: &Asked,
    facts: &ReviewFacts,
    requirements: &[AppliedRequirement],
    reviewed: RequestEvent,
) -> Result<Vec<RequestEvent>, Refusal> {
    if facts.through == Cause::Slack && is_for_the_portal(requirements, &facts.reviewer) {
        return Err(Refusal::PortalOnly);
    }
    let reasons = facts.assessment.verdict.reasons();
    if !reasons.is_empty() {
        return Err(Refusal::Ineligible { reasons: reasons.to_vec() });
    }
    let repeated = asked.is_approved_by(&facts.reviewer, requirements);
    // NB. An earlier approval counts only if it was recorded, and its approver still may approve now, through the door
    // that they came through. Whoever approved twice counts once.
    let mut seen = BTreeSet::from([&facts.reviewer.id]);
    let counting = facts.earlier.iter().filter(|earlier| {
        asked.is_approved_by(earlier, requirements)
            && can_review(requirements, earlier, &asked.submission.requester)
            && seen.insert(&earlier.id)
    });
    let mut approvers: Vec<_> = counting.cloned().collect();
    approvers.push(facts.reviewer.clone());
    let mut events = if repeated { vec![] } else { vec![reviewed] };
    if is_met(requirements, &approvers) || is_met_by_former(asked, requirements) {
        let approval = Approval::Reviewers {
            policy_set_version: facts.assessment.verdict.policy_set_version,
            reviewers: approvers.into_iter().map(|approver| approver.id).collect(),
        };
        events.push(RequestEvent::Approved { approval });
    }
    Ok(events)
}

/// For tests: as many approvals as are needed, whoever they are of by now.
fn is_met_by_former(asked: &Asked, requirements: &[AppliedRequirement]) -> bool {
    let needed: usize = requirements.iter().map(|requirement| usize::from(requirement.quorum)).sum();
    on(Mutant::CountsFormerApprovers) && asked.reviews.len() + 1 >= needed
}

fn word(facts: &ReviewFacts) -> Review {
    Review {
        reviewer: facts.reviewer.id.clone(),
        label: facts.label.clone(),
        decision: facts.decision,
        comment: facts.comment.clone(),
        at: facts.now,
        through: Some(facts.through),
    }
}
