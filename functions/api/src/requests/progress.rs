use std::collections::BTreeSet;
use std::slice;

use kari_application::browse::Seen;
use kari_domain::directory::Subject;
use kari_domain::ids::UserId;
use kari_domain::policy::{AppliedRequirement, RequirementProgress, can_review, candidates, progress};
use kari_domain::request::{AccessRequest, Action, Asked};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::{Names, Person, PolicyRefView};

/// A requirement, and who has met it so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Requirement)]
pub(crate) struct RequirementView {
    policy: PolicyRefView,
    /// How many people must approve.
    quorum: u8,
    /// Whether these people approve in the portal only, not in Slack.
    portal_only: bool,
    /// Who counts towards it; nobody counts towards another one as well.
    met_by: Vec<Person>,
    /// Whether as many have as must.
    met: bool,
    /// Who else could approve: at most 20 of them. Nobody, once it is no longer pending.
    reviewers: Vec<Person>,
    /// How many could.
    reviewers_count: usize,
}

/// The requirements in force while it is pending, those of the submission otherwise, with the approvals
/// that count.
pub(super) fn requirements(seen: &Seen, asked: &Asked, names: Names<'_>) -> Vec<RequirementView> {
    let requirements = applied(seen, asked);
    let progress = progress(requirements, &approvers(requirements, asked, names));
    let others = others(seen, requirements, asked, names);
    let view = |((requirement, progress), others): ((&AppliedRequirement, RequirementProgress), _)| {
        let met_by = progress.met_by.iter().map(|id| names.person(id, label(asked, id)));
        RequirementView {
            policy: (&requirement.policy).into(),
            quorum: requirement.quorum,
            portal_only: requirement.portal_only,
            met_by: met_by.collect(),
            met: progress.is_met(),
            reviewers: names.some_of(&others),
            reviewers_count: others.len(),
        }
    };
    requirements.iter().zip(progress).zip(others).map(view).collect()
}

/// Whether the request waits for the viewer, and not only for others: they may approve, and it would count.
pub(crate) fn waits_for(seen: &Seen, names: Names<'_>, viewer: &UserId) -> bool {
    let Some(asked) = seen.request.asked().filter(|_| seen.actions.contains(&Action::Approve)) else {
        return false;
    };
    let requirements = applied(seen, asked);
    let progress = progress(requirements, &approvers(requirements, asked, names));
    let counts = |requirement: &AppliedRequirement| {
        let requester = &asked.submission.requester;
        names
            .0
            .subject(viewer)
            .is_some_and(|viewer| can_review(slice::from_ref(requirement), &viewer, requester))
    };
    requirements.iter().zip(progress).any(|(requirement, progress)| !progress.is_met() && counts(requirement))
}

/// For each requirement who could approve and has not yet, while anybody could.
fn others(
    seen: &Seen,
    requirements: &[AppliedRequirement],
    asked: &Asked,
    names: Names<'_>,
) -> Vec<BTreeSet<UserId>> {
    if !matches!(seen.request, AccessRequest::Pending(_)) {
        return vec![BTreeSet::new(); requirements.len()];
    }
    let reviewers = asked.reviews.iter().filter_map(|review| names.0.subject(&review.reviewer));
    let approved: BTreeSet<UserId> = reviewers
        .filter(|person| asked.is_approved_by(person, requirements))
        .map(|person| person.id)
        .collect();
    let able = candidates(requirements, &asked.submission.requester, names.0);
    able.iter().map(|people| people.difference(&approved).cloned().collect()).collect()
}

fn applied<'a>(seen: &'a Seen, asked: &'a Asked) -> &'a [AppliedRequirement] {
    if let (AccessRequest::Pending(_), Some(assessment)) = (&seen.request, &seen.assessment) {
        asked.requirements_in_force(&assessment.target_requirements)
    } else {
        asked.verdict.requirements()
    }
}

fn approvers(requirements: &[AppliedRequirement], asked: &Asked, names: Names<'_>) -> Vec<Subject> {
    let subjects = asked.reviews.iter().filter_map(|review| names.0.subject(&review.reviewer));
    let approvers = subjects.filter(|person| asked.is_approved_by(person, requirements));
    approvers.filter(|person| can_review(requirements, person, &asked.submission.requester)).collect()
}

fn label<'a>(asked: &'a Asked, id: &UserId) -> Option<&'a str> {
    asked.reviews.iter().find(|review| review.reviewer == *id).map(|review| review.label.as_str())
}
