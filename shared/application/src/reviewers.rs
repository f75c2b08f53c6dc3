//! Who is told that a request waits for a review. Who *may* review is decided in the domain, at each review.

use std::collections::BTreeSet;

use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::policy::{
    AppliedRequirement, ApproverPolicy, CompiledPolicies, People, candidates, enabled_people,
};
use kari_domain::request::Asked;

/// For each of these requirements those whom its policy [lists](listed), or else everybody who could meet it. Never the
/// requester. Each once, and one for each requirement in turn: however few of them are told, every requirement has some.
///
/// NB. Each requirement by itself: the list of one policy must not silence the reviewers of another.
pub fn reviewers_to_tell(
    asked: &Asked,
    requirements: &[AppliedRequirement],
    policies: Option<&CompiledPolicies>,
    snapshot: &Snapshot,
) -> Vec<UserId> {
    let able = candidates(requirements, &asked.submission.requester, snapshot);
    let told = |(requirement, able): (&AppliedRequirement, BTreeSet<UserId>)| {
        let listed = listed(asked, requirement, policies, snapshot);
        if listed.is_empty() { able } else { listed }
    };
    let mut left: Vec<_> = requirements.iter().zip(able).map(told).map(BTreeSet::into_iter).collect();
    let (mut in_turn, mut known) = (vec![], BTreeSet::new());
    while !left.is_empty() {
        left.retain_mut(|of_one| {
            let next = of_one.find(|id| known.insert(id.clone()));
            let goes_on = next.is_some();
            in_turn.extend(next);
            goes_on
        });
    }
    in_turn
}

/// Those on the notify list of a requirement's policy, without the requester. Of a policy that is not there any more the
/// lists count that the verdict keeps.
pub fn listed(
    asked: &Asked,
    requirement: &AppliedRequirement,
    policies: Option<&CompiledPolicies>,
    snapshot: &Snapshot,
) -> BTreeSet<UserId> {
    let notify = match policy_of(requirement, policies) {
        Some(policy) => Some(&policy.notify),
        None => asked.verdict.notify(),
    };
    notify.map(|people| others(people, asked, snapshot)).unwrap_or_default()
}

/// A requirement's policy as it is among these, if it is.
pub fn policy_of<'a>(
    requirement: &AppliedRequirement,
    policies: Option<&'a CompiledPolicies>,
) -> Option<&'a ApproverPolicy> {
    let mut approvers = policies?.policy_set().approvers.iter();
    approvers.find(|approver| approver.policy.id == requirement.policy.id).map(|approver| &approver.policy)
}

/// The enabled ones of these people, without the requester.
fn others(people: &People, asked: &Asked, snapshot: &Snapshot) -> BTreeSet<UserId> {
    let mut others = enabled_people(people, snapshot);
    others.remove(&asked.submission.requester);
    others
}
