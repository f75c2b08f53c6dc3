use chrono::TimeDelta;

use super::sample::{
    And, History, accepted, confirmed_gone, creating, forgotten, ledger, minute, operation, owned,
    owned_by_two, pre_existing, proven_gone, removing, seen_gone,
};
use crate::ledger::{
    BLOCKED_RETRY, Ledger, LedgerEvent, LedgerStep, TroubleCode, due, plan, retry_after, taken_up_at,
};
use crate::time::Instant;

/// A removal that took too long, and people know.
fn alarmed() -> History {
    removing().and(65, LedgerEvent::RemovalOverdue {})
}

/// Looked for once more after its absence was confirmed.
fn watched() -> History {
    confirmed_gone().and(66, LedgerEvent::AbsenceConfirmed {})
}

fn seconds(seconds: i64) -> TimeDelta {
    TimeDelta::seconds(seconds)
}

fn trouble(code: TroubleCode) -> LedgerEvent {
    LedgerEvent::TroubleNoted { code, detail: String::new() }
}

#[test]
fn each_state_has_its_next_step() {
    let backstop = minute(60) + seconds(30);
    let vanished = owned().and(10, LedgerEvent::VanishingObserved {});
    let deleting = removing().and(60, LedgerEvent::RemovalAccepted { operation: operation("delete-1") });
    let steps: Vec<(History, i64, LedgerStep)> = vec![
        (vec![], 0, LedgerStep::Rest),
        (creating(), 1, LedgerStep::Create),
        (accepted(), 1, LedgerStep::AwaitCreation(operation("create-1"))),
        (owned(), 2, LedgerStep::Wait(backstop)),
        (pre_existing(), 2, LedgerStep::Wait(backstop)),
        (vanished, 11, LedgerStep::EndHolders),
        (removing(), 61, LedgerStep::Delete),
        (removing(), 65, LedgerStep::AlarmOverdue),
        (alarmed(), 66, LedgerStep::Delete),
        (deleting, 61, LedgerStep::AwaitRemoval(operation("delete-1"))),
        (seen_gone(), 62, LedgerStep::Wait(minute(63))),
        (seen_gone(), 63, LedgerStep::ConfirmAbsence),
        (confirmed_gone(), 65, LedgerStep::Wait(minute(66))),
        (confirmed_gone(), 66, LedgerStep::ConfirmAbsence),
        (watched(), 68, LedgerStep::Wait(minute(69))),
        (watched(), 69, LedgerStep::ConfirmAbsence),
        (proven_gone(), 75, LedgerStep::Wait(minute(76))),
        (proven_gone(), 76, LedgerStep::EndWatch),
        (forgotten(), 77, LedgerStep::Rest),
    ];
    for (history, now, step) in steps {
        assert_eq!(plan(&ledger(&history), minute(now)), step, "{history:?}");
    }
}

#[test]
fn an_overdue_holder_comes_before_everything_else() {
    let vanished = owned().and(10, LedgerEvent::VanishingObserved {});
    for history in [creating(), accepted(), owned(), owned_by_two(), pre_existing(), vanished] {
        let held = ledger(&history);
        assert_eq!(plan(&held, minute(60) + seconds(30)), LedgerStep::LeaveOverdue);
        assert_ne!(plan(&held, minute(60) + seconds(29)), LedgerStep::LeaveOverdue);
    }
}

#[test]
fn everything_not_at_rest_has_an_instant_at_which_somebody_must_come() {
    let sweep = seconds(30);
    let expected: Vec<(History, Option<Instant>)> = vec![
        (vec![], None),
        (creating(), Some(minute(0) + sweep)),
        (owned(), Some(minute(60) + sweep)),
        (owned_by_two(), Some(minute(60) + sweep)),
        (owned().and(10, LedgerEvent::VanishingObserved {}), Some(minute(10))),
        (removing(), Some(minute(60) + sweep)),
        (seen_gone(), Some(minute(63))),
        (confirmed_gone(), Some(minute(66))),
        (watched(), Some(minute(69))),
        (proven_gone(), Some(minute(76))),
        (forgotten(), None),
    ];
    for (history, at) in expected {
        assert_eq!(due(&ledger(&history)), at, "{history:?}");
    }
}

#[test]
fn a_creation_that_was_never_tried_is_taken_up_by_others_after_ten_seconds() {
    assert_eq!(taken_up_at(&ledger(&creating())), Some(minute(0) + seconds(10)));
    let tried = creating().and(0, trouble(TroubleCode::Throttled));
    for others in [vec![], tried, accepted(), owned(), removing()] {
        assert_eq!(taken_up_at(&ledger(&others)), None, "{others:?}");
    }
}

#[test]
fn repeating_backs_off_from_a_second_to_a_minute() {
    let removal = ledger(&removing());
    let after = |so_far| retry_after(&removal, minute(60) + seconds(so_far));
    assert_eq!(after(0), seconds(1));
    assert_eq!(after(8), seconds(2));
    assert_eq!(after(120), seconds(30));
    assert_eq!(after(3_600), seconds(60));
    assert_eq!(retry_after(&ledger(&creating()), minute(1)), seconds(15));
    assert_eq!(retry_after(&Ledger::default(), minute(1)), seconds(1));
}

#[test]
fn a_removal_in_an_account_out_of_reach_is_repeated_hourly() {
    for code in [TroubleCode::AccountSuspended, TroubleCode::AccountClosed, TroubleCode::AccountOutOfReach] {
        let unalarmed = ledger(&removing().and(61, trouble(code)));
        assert_eq!(due(&unalarmed), Some(minute(65)), "{code}");
        assert_eq!(plan(&unalarmed, minute(65)), LedgerStep::AlarmOverdue, "{code}");
        let blocked = ledger(&alarmed().and(66, trouble(code)));
        assert_eq!(plan(&blocked, minute(125)), LedgerStep::WaitBlocked(minute(126)), "{code}");
        assert_eq!(due(&blocked), Some(minute(71)), "{code}");
        assert_eq!(plan(&blocked, minute(126)), LedgerStep::Delete, "{code}");
        let again = ledger(&alarmed().and(66, trouble(code)).and(126, trouble(code)));
        assert_eq!(plan(&again, minute(185)), LedgerStep::WaitBlocked(minute(186)), "{code}");
        assert_eq!(again.trouble.map(|trouble| trouble.since), Some(minute(66)), "{code}");
    }
    let throttled = ledger(&removing().and(61, trouble(TroubleCode::Throttled)));
    assert_eq!(plan(&throttled, minute(62)), LedgerStep::Delete);
    assert!(retry_after(&throttled, minute(62)) < BLOCKED_RETRY);
}

#[test]
fn a_look_or_an_operation_in_an_account_out_of_reach_is_repeated_hourly_too() {
    let blocked = trouble(TroubleCode::AccountSuspended);
    let deleting = alarmed().and(66, LedgerEvent::RemovalAccepted { operation: operation("delete-1") });
    let hanging = ledger(&deleting.and(67, blocked.clone()));
    assert_eq!(plan(&hanging, minute(126)), LedgerStep::WaitBlocked(minute(127)));
    assert_eq!(plan(&hanging, minute(127)), LedgerStep::AwaitRemoval(operation("delete-1")));
    let unseen = ledger(&seen_gone().and(64, blocked));
    assert_eq!(plan(&unseen, minute(123)), LedgerStep::WaitBlocked(minute(124)));
    assert_eq!(due(&unseen), Some(minute(69)));
    assert_eq!(plan(&unseen, minute(124)), LedgerStep::ConfirmAbsence);
}
