//! What is asked of reviewers, and how far it is met.

use kari_application::ports::Unavailable;
use kari_domain::directory::{Snapshot, Subject};
use kari_domain::ids::UserId;
use kari_domain::policy::{AppliedRequirement, progress, requirements_for};
use kari_domain::request::{AccessRequest, Asked, Decision};

use super::Delivery;
use crate::messages::Progress;

impl Delivery {
    /// What has to be met: what the policies ask now while it waits, what they asked then otherwise.
    pub(super) async fn requirements(
        &self,
        request: &AccessRequest,
        asked: &Asked,
        snapshot: &Snapshot,
    ) -> Result<Vec<AppliedRequirement>, Unavailable> {
        let target = &asked.submission.target;
        let there =
            (snapshot.accounts.get(&target.account), snapshot.permission_sets.get(&target.permission_set));
        let mut now = vec![];
        if let (AccessRequest::Pending(_), (Some(account), Some(set))) = (request, there) {
            let policies = self.kari.policies.current().await?;
            now = requirements_for(&policies, account, set);
        }
        Ok(asked.requirements_in_force(&now).to_vec())
    }
}

/// How far each requirement is met by the approvals so far.
pub(super) fn met(asked: &Asked, requirements: &[AppliedRequirement], snapshot: &Snapshot) -> Vec<Progress> {
    let approvals = asked.reviews.iter().filter(|review| review.decision == Decision::Approve);
    let approvers: Vec<Subject> = approvals.filter_map(|review| snapshot.subject(&review.reviewer)).collect();
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
