use kari_application::browse::Seen;
use kari_domain::directory::Subject;
use kari_domain::ids::UserId;
use kari_domain::policy::{AppliedRequirement, Verdict, can_review, progress};
use kari_domain::request::{AccessRequest, Asked, Decision};
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
    /// Who counts towards it; nobody counts towards another one as well.
    met_by: Vec<Person>,
}

/// The requirements as the policies state them now while it is pending, as they stated them at
/// submission otherwise, with the approvals that count.
pub(super) fn requirements(seen: &Seen, asked: &Asked, names: Names<'_>) -> Vec<RequirementView> {
    let requirements = applied(seen, asked);
    let view = |(requirement, met_by): (&AppliedRequirement, Vec<UserId>)| RequirementView {
        policy: (&requirement.policy).into(),
        quorum: requirement.quorum,
        met_by: met_by.iter().map(|id| names.person(id, label(asked, id))).collect(),
    };
    let progress = progress(requirements, &approvers(requirements, asked, names));
    requirements.iter().zip(progress.into_iter().map(|p| p.met_by)).map(view).collect()
}

fn applied<'a>(seen: &'a Seen, asked: &'a Asked) -> &'a [AppliedRequirement] {
    let now = seen.verdict.as_ref().map(Verdict::requirements).unwrap_or_default();
    let pending = matches!(seen.request, AccessRequest::Pending(_));
    if pending && !now.is_empty() { now } else { asked.verdict.requirements() }
}

fn approvers(requirements: &[AppliedRequirement], asked: &Asked, names: Names<'_>) -> Vec<Subject> {
    let approvals = asked.reviews.iter().filter(|review| review.decision == Decision::Approve);
    let subjects = approvals.filter_map(|review| names.0.subject(&review.reviewer));
    subjects.filter(|s| can_review(requirements, s, &asked.submission.requester)).collect()
}

fn label<'a>(asked: &'a Asked, id: &UserId) -> Option<&'a str> {
    asked.reviews.iter().find(|review| review.reviewer == *id).map(|review| review.label.as_str())
}
