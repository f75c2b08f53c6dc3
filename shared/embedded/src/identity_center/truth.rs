//! What is really so, for invariants: no listing lag, no lost answers. Kari never sees this.

use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::time::Instant;

use super::{Assignment, By, Stay, World};

/// One stay of one assignment: from when to when, through whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueStay {
    pub assignment: Assignment,
    pub stay: Stay,
}

impl TrueStay {
    /// Whether it gives access at this moment.
    pub fn covers(&self, at: Instant) -> bool {
        self.stay.created_at <= at && self.stay.removed.is_none_or(|(removed_at, _)| at < removed_at)
    }
}

impl World {
    /// Every stay so far, ended ones too (for 90 days), by assignment and then by time.
    pub fn history(&mut self, now: Instant) -> Vec<TrueStay> {
        self.settle(now);
        self.assigned
            .history()
            .map(|(assignment, stay)| TrueStay { assignment, stay: stay.clone() })
            .collect()
    }

    /// The assignments that give access now, and who created them.
    pub fn present(&mut self, now: Instant) -> Vec<(Assignment, By)> {
        self.settle(now);
        let open = self.assigned.history().filter(|(_, stay)| stay.removed.is_none());
        open.map(|(assignment, stay)| (assignment, stay.created_by)).collect()
    }

    /// Whether this assignment gives access now.
    pub fn is_present(&mut self, now: Instant, assignment: &Assignment) -> bool {
        self.present(now).iter().any(|(present, _)| present == assignment)
    }

    /// The moment of the next thing that is bound to happen by itself.
    pub fn next_event_at(&self) -> Option<Instant> {
        self.agenda.first().map(|step| step.at)
    }

    /// The name of the role of a permission set in an account, while there is one.
    pub fn role_name(&self, account: &AccountId, permission_set: &PermissionSetArn) -> Option<String> {
        let suffix = self.assigned.role_suffix(account, permission_set)?;
        Some(self.role_with(permission_set, suffix))
    }

    pub(super) fn role_with(&self, permission_set: &PermissionSetArn, suffix: &str) -> String {
        format!("AWSReservedSSO_{}_{suffix}", self.census.permission_set_name(permission_set))
    }
}
