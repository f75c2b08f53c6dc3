//! Whatever happens to a tuple, in whatever order, these things hold after every step.

use crate::ledger::TroubleCode;
use chrono::TimeDelta;
use proptest::prelude::*;

use super::sample::{minute, operation};
use crate::ledger::{
    Absence, Ledger, LedgerEvent, LedgerStep, Looked, MOST_HOLDERS, Ownership, Presence, ProvenAbsence,
    confirm_absence, due, evolve, join, leave, leave_overdue, note_drift, note_trouble, observe_missing,
    observe_present, plan, replay,
};
use crate::request::tests::sample::request_id;
use crate::time::Instant;

/// Something that happens to a tuple.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Join {
        request: u128,
        minutes: i64,
        looked: Looked,
    },
    Leave {
        request: u128,
    },
    LeaveOverdue,
    SeenPresent,
    SeenMissing,
    ConfirmAbsence(Looked),
    Trouble(TroubleCode),
    Drift,
    /// Identity Center answers what the ledger waits for: well, badly, or with a proof.
    Settle(Answer),
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Well,
    Badly,
    Proof,
}

fn looked() -> impl Strategy<Value = Looked> {
    prop_oneof![Just(Looked::Not), Just(Looked::Listed), Just(Looked::NotListed)]
}

fn happening() -> impl Strategy<Value = Happening> {
    let answer = prop_oneof![6 => Just(Answer::Well), 2 => Just(Answer::Badly), 1 => Just(Answer::Proof)];
    prop_oneof![
        4 => (1_u128..30, 15_i64..120, looked())
            .prop_map(|(request, minutes, looked)| Happening::Join { request, minutes, looked }),
        3 => (1_u128..30).prop_map(|request| Happening::Leave { request }),
        2 => Just(Happening::LeaveOverdue),
        1 => Just(Happening::SeenPresent),
        2 => Just(Happening::SeenMissing),
        3 => looked().prop_map(Happening::ConfirmAbsence),
        1 => prop_oneof![Just(TroubleCode::Throttled), Just(TroubleCode::AccountSuspended)].prop_map(Happening::Trouble),
        1 => Just(Happening::Drift),
        8 => answer.prop_map(Happening::Settle),
    ]
}

/// What happens, each after so many seconds: mostly soon, sometimes hours later.
fn story() -> impl Strategy<Value = Vec<(i64, Happening)>> {
    let wait = prop_oneof![4 => 0_i64..30, 4 => 30_i64..600, 1 => 600_i64..10_000];
    prop::collection::vec((wait, happening()), 1..60)
}

fn events(ledger: &Ledger, now: Instant, happening: Happening) -> Vec<LedgerEvent> {
    match happening {
        Happening::Join { request, minutes, looked } => {
            let ends_at = now + TimeDelta::minutes(minutes);
            join(ledger, request_id(request), ends_at, looked, now).unwrap_or_default()
        }
        Happening::Leave { request } => {
            let holders: Vec<_> = ledger.holders.keys().collect();
            let index = usize::try_from(request).unwrap() % holders.len().max(1);
            leave(ledger, holders.get(index).map_or(request_id(request), |id| **id))
        }
        Happening::LeaveOverdue => leave_overdue(ledger, now),
        Happening::SeenPresent => observe_present(ledger),
        Happening::SeenMissing => observe_missing(ledger, now),
        Happening::ConfirmAbsence(looked) => confirm_absence(ledger, looked, now),
        Happening::Trouble(code) => note_trouble(ledger, code, ""),
        Happening::Drift => note_drift(ledger, now),
        Happening::Settle(answer) => settle(ledger, now, answer),
    }
}

fn settle(ledger: &Ledger, now: Instant, answer: Answer) -> Vec<LedgerEvent> {
    let failed = || (TroubleCode::OperationFailed, String::new());
    match (plan(ledger, now), answer) {
        // The account is back.
        (LedgerStep::WaitBlocked(_), Answer::Well) => {
            settle(&Ledger { trouble: None, ..ledger.clone() }, now, answer)
        }
        (LedgerStep::AlarmOverdue, _) => vec![LedgerEvent::RemovalOverdue {}],
        (LedgerStep::Create, _) => vec![LedgerEvent::CreationAccepted { operation: operation("create") }],
        (LedgerStep::AwaitCreation(_), Answer::Badly) => {
            let (code, detail) = failed();
            vec![LedgerEvent::CreationFailed { code, detail }]
        }
        (LedgerStep::AwaitCreation(_), Answer::Well | Answer::Proof) => {
            vec![LedgerEvent::PresenceObserved {}]
        }
        (LedgerStep::Delete, Answer::Well) => {
            vec![LedgerEvent::RemovalAccepted { operation: operation("delete") }]
        }
        (LedgerStep::AwaitRemoval(_), Answer::Badly) => {
            let (code, detail) = failed();
            vec![LedgerEvent::RemovalFailed { code, detail }]
        }
        (LedgerStep::AwaitRemoval(_), Answer::Well) => vec![LedgerEvent::AbsenceObserved {}],
        (LedgerStep::Delete | LedgerStep::AwaitRemoval(_), Answer::Proof) => {
            vec![LedgerEvent::AbsenceProven { proof: ProvenAbsence::PermissionSet }]
        }
        (LedgerStep::ConfirmAbsence, _) => confirm_absence(ledger, Looked::NotListed, now),
        (LedgerStep::EndWatch, _) => vec![LedgerEvent::WatchEnded {}],
        (LedgerStep::LeaveOverdue, _) => leave_overdue(ledger, now),
        (LedgerStep::EndHolders, _) => {
            ledger.holders.keys().next().map(|holder| leave(ledger, *holder)).unwrap_or_default()
        }
        (LedgerStep::Delete, Answer::Badly)
        | (LedgerStep::Wait(_) | LedgerStep::WaitBlocked(_) | LedgerStep::Rest, _) => vec![],
    }
}

fn pre_existing(ledger: &Ledger) -> bool {
    matches!(ledger.presence, Presence::Present { ownership: Ownership::PreExisting, .. })
}

/// What holds before and after each event.
fn check_event(before: &Ledger, event: &LedgerEvent, after: &Ledger) {
    if let LedgerEvent::RemovalStarted { .. } = event {
        assert!(before.holders.is_empty(), "removed while held: {before:?}");
        assert!(!pre_existing(before), "removed what was there before us: {before:?}");
    }
    if pre_existing(before) {
        let still_there = pre_existing(after);
        let released = after.presence == Presence::default() && after.holders.is_empty();
        assert!(still_there || released, "{event:?} made what was there before us into {after:?}");
    }
    for (holder, ends_at) in &before.holders {
        let kept = after.holders.get(holder);
        assert!(kept.is_none_or(|kept| kept == ends_at), "{event:?} moved the end of {holder}");
    }
}

/// What holds whenever everything that happened together was recorded.
fn check_ledger(ledger: &Ledger, now: Instant) {
    let held = !ledger.holders.is_empty();
    let wanted = matches!(ledger.presence, Presence::Creating { .. } | Presence::Present { .. });
    assert_eq!(held, wanted, "what is held is there or being created, and nothing else: {ledger:?}");
    assert_eq!(held, ledger.held_since.is_some(), "{ledger:?}");
    assert!(ledger.holders.len() <= MOST_HOLDERS);
    let at_rest = ledger.presence == Presence::Absent { absence: Absence::Unwatched };
    assert_eq!(due(ledger).is_none(), at_rest, "{ledger:?}");
    assert_eq!(plan(ledger, now) == LedgerStep::Rest, at_rest, "{ledger:?}");
}

proptest! {
    #[test]
    fn whatever_happens_what_is_held_stays_and_what_is_not_ours_is_never_removed(story in story()) {
        let (mut ledger, mut now, mut recorded) = (Ledger::default(), minute(0), vec![]);
        for (wait, happening) in story {
            now += TimeDelta::seconds(wait);
            for event in events(&ledger, now, happening) {
                let after = evolve(ledger.clone(), now, &event).expect("what is decided can follow");
                check_event(&ledger, &event, &after);
                ledger = after;
                recorded.push((now, event));
            }
            check_ledger(&ledger, now);
            prop_assert_eq!(&replay(recorded.iter().map(|(at, event)| (*at, event))).unwrap(), &ledger);
        }
        let item = serde_json::to_string(&ledger).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ledger>(&item).unwrap(), ledger);
    }

    #[test]
    fn once_nobody_joins_and_everything_goes_well_a_ledger_comes_to_rest(story in story()) {
        let (mut ledger, mut now) = (Ledger::default(), minute(0));
        for (wait, happening) in story {
            now += TimeDelta::seconds(wait);
            for event in events(&ledger, now, happening) {
                ledger = evolve(ledger, now, &event).unwrap();
            }
        }
        let mut steps = 0;
        while let Some(at) = due(&ledger) {
            now = now.max(at);
            for event in settle(&ledger, now, Answer::Well) {
                ledger = evolve(ledger, now, &event).unwrap();
            }
            steps += 1;
            prop_assert!(steps < 40, "no rest for {:?}", ledger);
        }
    }
}
