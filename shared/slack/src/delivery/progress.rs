//! What is asked of reviewers, and how far it is met.

use kari_domain::directory::{Snapshot, Subject};
use kari_domain::ids::UserId;
use kari_domain::policy::{AppliedRequirement, CompiledPolicies, progress, requirements_for};
use kari_domain::request::{AccessRequest, Asked};

use crate::messages::Progress;

/// What has to be met: what these policies ask now while it waits, what was asked then otherwise.
pub(super) fn requirements(
    request: &AccessRequest,
    asked: &Asked,
    policies: Option<&CompiledPolicies>,
    snapshot: &Snapshot,
) -> Vec<AppliedRequirement> {
    let waits = matches!(request, AccessRequest::Pending(_));
    requirements_now(asked, policies.filter(|_| waits), snapshot)
}

/// What these policies ask now, whatever became of it; what was asked then where they ask nothing any more.
pub(super) fn requirements_now(
    asked: &Asked,
    policies: Option<&CompiledPolicies>,
    snapshot: &Snapshot,
) -> Vec<AppliedRequirement> {
    let target = &asked.submission.target;
    let there =
        (snapshot.accounts.get(&target.account), snapshot.permission_sets.get(&target.permission_set));
    let now = match (policies, there) {
        (Some(policies), (Some(account), Some(set))) => requirements_for(policies, account, set),
        _ => vec![],
    };
    asked.requirements_in_force(&now).to_vec()
}

/// How far each requirement is met by the approvals so far.
pub(super) fn met(asked: &Asked, requirements: &[AppliedRequirement], snapshot: &Snapshot) -> Vec<Progress> {
    let reviewers = asked.reviews.iter().filter_map(|review| snapshot.subject(&review.reviewer));
    let approvers: Vec<Subject> =
        reviewers.filter(|person| asked.is_approved_by(person, requirements)).collect();
    let name =
        |id: &UserId| snapshot.users.get(id).map_or_else(|| id.to_string(), |user| user.display_name.clone());
    let reached = progress(requirements, &approvers);
    let shown = requirements.iter().zip(reached).map(|(requirement, reached)| Progress {
        policy: String::from(requirement.policy.name.clone()),
        quorum: requirement.quorum,
        portal_only: requirement.portal_only,
        met_by: reached.met_by.iter().map(name).collect(),
    });
    shown.collect()
}
