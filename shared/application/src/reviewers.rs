//! Who is told that a request waits for a review. Who *may* review is decided in the domain, at each review.

use std::collections::BTreeSet;

use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::policy::{AppliedRequirement, candidates, enabled_people};
use kari_domain::request::Asked;

/// Those on the notify lists, or else everybody who could meet one of these requirements. Never the requester.
pub fn reviewers_to_tell(
    asked: &Asked,
    requirements: &[AppliedRequirement],
    snapshot: &Snapshot,
) -> BTreeSet<UserId> {
    let listed = notified(asked, snapshot);
    if listed.is_empty() {
        candidates(requirements, &asked.submission.requester, snapshot).into_iter().flatten().collect()
    } else {
        listed
    }
}

/// Those on the notify lists, without the requester.
pub fn notified(asked: &Asked, snapshot: &Snapshot) -> BTreeSet<UserId> {
    let mut listed =
        asked.verdict.notify().map(|people| enabled_people(people, snapshot)).unwrap_or_default();
    listed.remove(&asked.submission.requester);
    listed
}
