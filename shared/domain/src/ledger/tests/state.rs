//! What a ledger says of the grants that hold it together.

use super::sample::{And, History, joins, ledger, minute, owned, owned_by_two, removing};
use crate::ledger::LedgerEvent;
use crate::request::Window;

fn window(from: i64, to: i64) -> Window {
    Window { starts_at: minute(from), expires_at: minute(to) }
}

#[test]
fn a_grant_that_touches_those_that_hold_it_goes_on_from_their_beginning() {
    for (history, from, begins) in [
        (owned(), 30, Some(0)),
        (owned(), 60, Some(0)),
        (owned(), 61, None),
        (owned_by_two(), 90, Some(0)),
        (owned_by_two(), 91, None),
        (removing(), 60, None),
        (vec![], 0, None),
    ] {
        let joined = ledger(&history).joined_window(window(from, from + 60));
        assert_eq!(joined, begins.map(|begins| window(begins, from + 60)), "from {from}");
    }
}

#[test]
fn a_removal_that_took_too_long_is_so_no_longer_once_it_is_gone() {
    let late = removing().and(66, LedgerEvent::RemovalOverdue {});
    assert_eq!(ledger(&late).overdue_since, Some(minute(66)));
    let gone = late.and(70, LedgerEvent::AbsenceObserved {});
    assert_eq!(ledger(&gone).overdue_since, None);
}

#[test]
fn that_drift_is_gone_changes_nothing_but_that() {
    let history: History = vec![(0, LedgerEvent::DriftFound {}), (1, joins(1, 60))];
    let before = ledger(&history.clone().and(1, LedgerEvent::CreationStarted {}));
    let after = ledger(&history.and(1, LedgerEvent::CreationStarted {}).and(2, LedgerEvent::DriftGone {}));
    assert_eq!(after, before);
}
