//! Where the role vanishes with what we hold (`failure-modes` 38).

use kari_domain::ids::{Target, UserId};
use kari_domain::ledger::Ownership;

use crate::ports::Assignees;

/// Whether nothing that is there is anybody's but ours. Operators are warned.
pub(super) fn is_last(
    target: &Target,
    listed: &Assignees,
    ownership: impl Fn(&UserId) -> Option<Ownership>,
) -> bool {
    let ours = |user: &UserId| ownership(user) == Some(Ownership::Owned);
    let is_last = !listed.any_group && !listed.users.is_empty() && listed.users.iter().all(ours);
    if is_last {
        tracing::warn!(
            %target.account, %target.permission_set,
            "kari holds the last assignment: when it ends the role goes, and the next one has another name; \
             if policies name it, keep an empty group assigned"
        );
    }
    is_last
}
