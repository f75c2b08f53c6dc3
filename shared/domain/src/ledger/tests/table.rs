//! Every presence × every operation, on one screen.

use super::sample::{
    And, History, accepted, confirmed_gone, creating, first, forgotten, ledger, minute, names, operation,
    owned, owned_again, owned_by_two, pre_existing, proven_gone, removing, second, seen_gone,
};
use crate::ledger::TroubleCode;
use crate::ledger::{
    Absence, Ledger, LedgerEvent, Looked, MustWait, Ownership, Presence, confirm_absence, due, join, leave,
    leave_overdue, note_drift, note_trouble, observe_missing, observe_present, plan,
};
use crate::request::tests::sample::request_id;
use crate::request::tests::table::aligned;
use crate::time::Instant;

fn rows() -> Vec<(&'static str, History)> {
    let vanished = |history: History| history.and(10, LedgerEvent::VanishingObserved {});
    let deleting = removing().and(60, LedgerEvent::RemovalAccepted { operation: operation("delete-1") });
    vec![
        ("absent, unwatched", vec![]),
        ("absent, seen gone", seen_gone()),
        ("absent, confirmed", confirmed_gone()),
        ("absent, proven", proven_gone()),
        ("absent, forgotten", forgotten()),
        ("creating", creating()),
        ("creating, accepted", accepted()),
        ("owned", owned()),
        ("owned by two", owned_by_two()),
        ("owned, removed by us just before", owned_again()),
        ("owned, vanished", vanished(owned())),
        ("pre-existing", pre_existing()),
        ("pre-existing, vanished", vanished(pre_existing())),
        ("removing", removing()),
        ("removing, accepted", deleting),
    ]
}

type Operation = (&'static str, fn(&Ledger) -> String);

/// When the state was reached, as far as the ledger tells, and half a minute or an hour later.
fn early(ledger: &Ledger) -> Instant {
    let reached = match &ledger.presence {
        Presence::Creating { since, .. } | Presence::Removing { since, .. } => Some(*since),
        Presence::Present { observed_at, .. } => Some(*observed_at),
        Presence::Absent { .. } => ledger.last_absent_at,
    };
    reached.unwrap_or(minute(0)) + chrono::TimeDelta::seconds(30)
}

fn late(ledger: &Ledger) -> Instant {
    early(ledger) + chrono::TimeDelta::hours(2)
}

fn joining(ledger: &Ledger, looked: Looked) -> String {
    match join(ledger, request_id(9), minute(120), looked, minute(60)) {
        Ok(events) => cell(&events),
        Err(MustWait::ForLook) => "x look first".to_owned(),
        Err(MustWait::ForRemoval) => "x wait".to_owned(),
        Err(MustWait::ForHolders) => "x full".to_owned(),
        Err(MustWait::ForLeaving) => "x late".to_owned(),
    }
}

fn cell(events: &[LedgerEvent]) -> String {
    if events.is_empty() { "-".to_owned() } else { brief(&names(events)) }
}

fn brief(names: &str) -> String {
    let words = [
        (", ", "+"),
        ("holder-joined", "join"),
        ("holder-left", "left"),
        ("creation-started", "create"),
        ("removal-started", "remove"),
        ("presence-observed", "seen"),
        ("vanishing-observed", "vanished"),
        ("absence-confirmed", "confirmed"),
    ];
    words.iter().fold(names.to_owned(), |text, (long, word)| text.replace(long, word))
}

fn asked_for() -> Vec<Operation> {
    vec![
        ("join", |l| joining(l, Looked::Not)),
        ("join, listed", |l| joining(l, Looked::Listed)),
        ("join, not listed", |l| joining(l, Looked::NotListed)),
        ("first leaves", |l| cell(&leave(l, first()))),
        ("second leaves", |l| cell(&leave(l, second()))),
        ("leave overdue", |l| cell(&leave_overdue(l, minute(200)))),
    ]
}

fn observed() -> Vec<Operation> {
    vec![
        ("present", |l| cell(&observe_present(l))),
        ("missing, early", |l| cell(&observe_missing(l, early(l)))),
        ("missing, late", |l| cell(&observe_missing(l, early(l) + chrono::TimeDelta::minutes(3)))),
        ("gone, early", |l| cell(&confirm_absence(l, Looked::NotListed, early(l)))),
        ("gone, late", |l| cell(&confirm_absence(l, Looked::NotListed, late(l)))),
        ("there again", |l| cell(&confirm_absence(l, Looked::Listed, early(l)))),
        ("trouble", |l| cell(&note_trouble(l, TroubleCode::Throttled, ""))),
        ("drift", |l| cell(&note_drift(l, early(l)))),
    ]
}

fn planned() -> Vec<Operation> {
    fn step(ledger: &Ledger, now: Instant) -> String {
        let step = format!("{:?}", plan(ledger, now));
        step.split('(').next().unwrap_or_default().to_owned()
    }
    vec![
        ("step, early", |l| step(l, early(l))),
        ("step, late", |l| step(l, late(l))),
        ("due", |l| {
            due(l).map_or("never".to_owned(), |at| {
                format!("minute {:.1}", (at - minute(0)).as_seconds_f64() / 60.0)
            })
        }),
    ]
}

fn table(title: &str, operations: &[Operation]) -> String {
    let names = operations.iter().map(|(name, _)| (*name).to_owned());
    let mut lines = vec![[title.to_owned()].into_iter().chain(names).collect::<Vec<_>>()];
    for (name, history) in rows() {
        let ledger = ledger(&history);
        let cells = operations.iter().map(|(_, operation)| operation(&ledger));
        lines.push([name.to_owned()].into_iter().chain(cells).collect());
    }
    aligned(&lines)
}

#[test]
fn every_operation_on_every_ledger_does_what_the_table_says() {
    let tables = [
        "- nothing changes   x has to wait".to_owned(),
        table("what requests ask for", &asked_for()),
        table("what looks show", &observed()),
        table("what is to be done", &planned()),
    ];
    insta::assert_snapshot!("every_presence_and_operation", tables.join("\n\n"));
}

#[test]
fn the_table_has_a_row_for_every_presence_whosever_it_is() {
    let kinds: std::collections::BTreeSet<_> =
        rows().into_iter().map(|(_, history)| kind(&ledger(&history).presence)).collect();
    assert_eq!(kinds, (0..=10).collect());
}

/// A number for each; a new one does not compile until it has its number, and its row.
fn kind(presence: &Presence) -> u8 {
    match presence {
        Presence::Absent { absence: Absence::Unwatched } => 0,
        Presence::Absent { absence: Absence::Observed { .. } } => 1,
        Presence::Absent { absence: Absence::Confirmed { .. } } => 2,
        Presence::Creating { operation: None, .. } => 3,
        Presence::Creating { operation: Some(_), .. } => 4,
        Presence::Present { ownership: Ownership::Owned, vanished_at: None, .. } => 5,
        Presence::Present { ownership: Ownership::Owned, vanished_at: Some(_), .. } => 6,
        Presence::Present { ownership: Ownership::PreExisting, vanished_at: None, .. } => 7,
        Presence::Present { ownership: Ownership::PreExisting, vanished_at: Some(_), .. } => 8,
        Presence::Removing { operation: None, .. } => 9,
        Presence::Removing { operation: Some(_), .. } => 10,
    }
}
