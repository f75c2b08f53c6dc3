//! Where the role vanishes with what we hold (`failure-modes` 38).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use kari_domain::ids::{Target, UserId};
use kari_domain::ledger::Ownership;
use kari_domain::time::Instant;

use crate::ports::Assignees;

/// Of one target the log says it so often: it is looked at again and again, and stays so until access ends.
const AGAIN: TimeDelta = TimeDelta::days(1);

/// Whether nothing that is there is anybody's but ours.
pub(super) fn is_last(listed: &Assignees, ownership: impl Fn(&UserId) -> Option<Ownership>) -> bool {
    let ours = |user: &UserId| ownership(user) == Some(Ownership::Owned);
    !listed.any_group && !listed.users.is_empty() && listed.users.iter().all(ours)
}

/// Of which targets the log said it, and when. NB. Only the log depends on what was said before: it makes no call.
#[derive(Debug, Clone, Default)]
pub struct SaidLast(Arc<Mutex<BTreeMap<Target, Instant>>>);

impl SaidLast {
    /// Warns operators.
    pub(super) fn say(&self, target: &Target, now: Instant) {
        if !self.is_news(target, now) {
            return;
        }
        tracing::warn!(
            %target.account, %target.permission_set,
            "this is the last assignment of a permission set in an account: when it ends AWS removes the role, and the \
             next role has another name; if resource policies name it, see infra/anchor.yaml"
        );
    }

    /// Whether it was not said yet, or long ago; from now on it was.
    fn is_news(&self, target: &Target, now: Instant) -> bool {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.retain(|_, at| *at + AGAIN > now);
        let is_news = !said.contains_key(target);
        if is_news {
            said.insert(target.clone(), now);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_target_it_is_said_once_a_day() {
        let target = |permission_set: &str| Target {
            account: "111122223333".parse().unwrap(),
            permission_set: permission_set.parse().unwrap(),
        };
        let [one, other] =
            ["ps-1", "ps-2"].map(|set| target(&format!("arn:aws:sso:::permissionSet/ssoins-1/{set}")));
        let said = SaidLast::default();
        let is_news_at = |target, hours| said.is_news(target, Instant::UNIX_EPOCH + TimeDelta::hours(hours));
        assert!(is_news_at(&one, 0));
        assert!(!is_news_at(&one, 23));
        assert!(is_news_at(&other, 23));
        assert!(is_news_at(&one, 24));
    }
}
