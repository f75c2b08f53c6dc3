//! Ledgers in every state, made from their events. Time is counted in minutes; the first holder's
//! grant ends at minute 60, the second one's at minute 90.

use crate::ids::{OperationId, RequestId};
use crate::ledger::{Ledger, LedgerEvent, ProvenAbsence, RemovalReason, replay};
pub(crate) use crate::request::tests::sample::minute;
use crate::request::tests::sample::request_id;

pub(crate) type History = Vec<(i64, LedgerEvent)>;

pub(crate) fn first() -> RequestId {
    request_id(1)
}

pub(crate) fn second() -> RequestId {
    request_id(2)
}

pub(crate) fn joins(number: u128, ends_at: i64) -> LedgerEvent {
    LedgerEvent::HolderJoined { request: request_id(number), ends_at: minute(ends_at) }
}

pub(crate) fn leaves(number: u128) -> LedgerEvent {
    LedgerEvent::HolderLeft { request: request_id(number) }
}

pub(crate) fn operation(id: &str) -> OperationId {
    id.parse().unwrap()
}

pub(crate) fn removal_started() -> LedgerEvent {
    LedgerEvent::RemovalStarted { reason: RemovalReason::LastHolderLeft }
}

pub(crate) fn ledger(history: &History) -> Ledger {
    let events: Vec<_> = history.iter().map(|(at, event)| (minute(*at), event)).collect();
    replay(events).expect("the history can be replayed")
}

pub(crate) fn creating() -> History {
    vec![(0, joins(1, 60)), (0, LedgerEvent::CreationStarted {})]
}

pub(crate) fn accepted() -> History {
    creating().and(0, LedgerEvent::CreationAccepted { operation: operation("create-1") })
}

pub(crate) fn owned() -> History {
    accepted().and(1, LedgerEvent::PresenceObserved {})
}

pub(crate) fn owned_by_two() -> History {
    owned().and(30, joins(2, 90))
}

pub(crate) fn pre_existing() -> History {
    vec![(0, joins(1, 60)), (0, LedgerEvent::FoundPresent {})]
}

pub(crate) fn removing() -> History {
    owned().and(60, leaves(1)).and(60, removal_started())
}

pub(crate) fn seen_gone() -> History {
    removing().and(61, LedgerEvent::AbsenceObserved {})
}

pub(crate) fn confirmed_gone() -> History {
    seen_gone().and(63, LedgerEvent::AbsenceConfirmed {})
}

pub(crate) fn proven_gone() -> History {
    removing().and(61, LedgerEvent::AbsenceProven { proof: ProvenAbsence::User })
}

pub(crate) fn forgotten() -> History {
    confirmed_gone().and(76, LedgerEvent::WatchEnded {})
}

/// Ours again, a few minutes after it was removed.
pub(crate) fn owned_again() -> History {
    seen_gone()
        .and(62, joins(2, 90))
        .and(62, LedgerEvent::CreationStarted {})
        .and(63, LedgerEvent::PresenceObserved {})
}

/// Histories that grow.
pub(crate) trait And {
    fn and(self, minutes: i64, event: LedgerEvent) -> Self;
}

impl And for History {
    fn and(mut self, minutes: i64, event: LedgerEvent) -> Self {
        self.push((minutes, event));
        self
    }
}

/// Kinds of events, in a row.
pub(crate) fn names(events: &[LedgerEvent]) -> String {
    let name = |event: &LedgerEvent| {
        let value = serde_json::to_value(event).unwrap();
        value["kind"].as_str().unwrap().to_owned()
    };
    events.iter().map(name).collect::<Vec<_>>().join(", ")
}
