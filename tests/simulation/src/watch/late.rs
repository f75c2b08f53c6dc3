//! An end that comes late is told: where access was not seen gone five minutes after it was over, administrators
//! are alarmed, however late anybody noticed.

use chrono::TimeDelta;
use kari_domain::ids::{RequestId, UserId};
use kari_domain::ledger::Presence;
use kari_domain::request::AccessRequest;
use kari_domain::time::Instant;

use super::{RequestWatch, Watch};
use crate::organization::group;

const LATE_AFTER: TimeDelta = TimeDelta::minutes(5);
/// Where nobody is woken, the next sweep sounds the alarm; they are five minutes apart.
const ALARMED_WITHIN: TimeDelta = TimeDelta::minutes(6);

impl RequestWatch {
    /// When it should have been gone at the latest: counted from the end of its window, from when somebody ended
    /// it, or from when a cause to end it was found.
    fn late_from(&self) -> Option<Instant> {
        let found = self.events.iter().find(|(_, event)| event.name() == "end-started").map(|(at, _)| *at);
        let ends = [found, self.window.map(|window| window.expires_at), self.revoked_at()];
        Some(ends.into_iter().flatten().min()? + LATE_AFTER)
    }

    fn is_alarmed(&self) -> bool {
        self.count("removal-overdue") > 0
    }
}

impl Watch {
    /// A request closes, because its access was seen gone at this instant.
    pub(super) fn check_alarm(&mut self, id: RequestId, seen_gone: Instant) {
        let request = &self.requests[&id];
        let late = request.late_from().is_some_and(|late_from| seen_gone >= late_from);
        if !late {
            return;
        }
        let alarmed = request.is_alarmed();
        self.coverage.count("an end came late");
        if !alarmed {
            self.violate("an end that comes late is told", format!("{id}"));
        }
    }

    /// While nothing goes wrong: what is late by now is known to be.
    pub(super) fn check_alarms(&mut self) {
        if !self.calm_since(self.now - ALARMED_WITHIN) {
            return;
        }
        let untold = |(id, request): &(&RequestId, &RequestWatch)| {
            let AccessRequest::Ending(_) = request.state else { return false };
            let late = request.late_from().is_some_and(|from| self.now > from + ALARMED_WITHIN);
            late && !request.is_alarmed() && !self.poisoned.contains(id) && self.is_there_for_nobody(request)
        };
        if let Some((id, _)) = self.requests.iter().find(untold) {
            let detail = id.to_string();
            self.violate("an end that comes late is told", detail);
        }
    }

    /// Whether access was not seen gone, and nobody else has it.
    fn is_there_for_nobody(&self, request: &RequestWatch) -> bool {
        let ledger = self.ledgers.get(&request.tuple).map(|known| &known.ledger);
        ledger.is_some_and(|ledger| {
            ledger.holders.is_empty() && !matches!(ledger.presence, Presence::Absent { .. })
        })
    }

    /// Who has been an administrator all the time: whatever copy of the directory is read, they hear of it.
    pub(super) fn steady_administrators(&self) -> Vec<UserId> {
        let is_one = |id: &&UserId| {
            self.organization.iter().all(|(_, snapshot)| {
                let enabled = snapshot.users.get(*id).is_some_and(|user| user.enabled);
                let members = snapshot.members.get(&group("administrators"));
                enabled && members.is_some_and(|members| members.contains(*id))
            })
        };
        self.organization_at_first().users.keys().filter(is_one).cloned().collect()
    }
}
