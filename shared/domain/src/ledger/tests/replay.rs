use super::sample::{
    And, History, accepted, confirmed_gone, creating, first, forgotten, joins, leaves, ledger, minute,
    operation, owned, owned_again, owned_by_two, pre_existing, proven_gone, removal_started, removing,
    seen_gone,
};
use crate::ledger::TroubleCode;
use crate::ledger::{
    Absence, Impossible, LedgerEvent, LedgerStep, Ownership, Presence, ProvenAbsence, RemovalReason, Trouble,
    evolve, plan,
};

fn impossible(history: &History, event: &LedgerEvent) -> Impossible {
    evolve(ledger(history), minute(99), event).expect_err("impossible")
}

#[test]
fn ownership_is_decided_on_the_way_in_and_kept_by_later_looks() {
    for (history, whose) in [(owned(), Ownership::Owned), (pre_existing(), Ownership::PreExisting)] {
        let seen = ledger(&history.and(5, LedgerEvent::PresenceObserved {}));
        let presence = Presence::Present { ownership: whose, observed_at: minute(5), vanished_at: None };
        assert_eq!(seen.presence, presence);
    }
}

#[test]
fn what_is_held_or_was_there_before_us_is_never_removed() {
    for held in [creating(), owned(), owned_by_two(), pre_existing()] {
        impossible(&held, &removal_started());
    }
    impossible(&vec![], &removal_started());
    impossible(&removing(), &removal_started());
    let unheld = pre_existing().and(60, leaves(1));
    assert_eq!(
        impossible(&unheld, &removal_started()),
        Impossible { event: "removal-started", state: "present" }
    );
}

#[test]
fn what_was_there_before_us_never_becomes_ours() {
    for history in [pre_existing(), creating(), removing()] {
        impossible(&history, &LedgerEvent::CreationStarted {});
    }
}

#[test]
fn nothing_is_created_for_nobody() {
    impossible(&vec![], &LedgerEvent::CreationStarted {});
    impossible(&owned().and(60, leaves(1)), &LedgerEvent::CreationStarted {});
}

#[test]
fn what_may_be_ours_is_never_taken_for_somebody_elses() {
    for history in [creating(), owned(), removing(), seen_gone(), confirmed_gone()] {
        impossible(&history, &LedgerEvent::FoundPresent {});
    }
}

#[test]
fn only_what_was_there_before_us_is_let_be_and_only_by_the_last_holder() {
    for history in [vec![], creating(), owned(), owned().and(60, leaves(1)), pre_existing(), removing()] {
        impossible(&history, &LedgerEvent::Released {});
    }
    let released = ledger(&pre_existing().and(60, leaves(1)).and(60, LedgerEvent::Released {}));
    assert_eq!(released.presence, Presence::default());
    assert_eq!((released.last_release_at, released.last_absent_at), (Some(minute(60)), None));
    assert_eq!(released.missing_at_release, None);
}

#[test]
fn nobody_joins_twice_or_while_it_is_being_removed() {
    impossible(&owned(), &joins(1, 600));
    impossible(&removing(), &joins(2, 120));
}

#[test]
fn only_a_holder_leaves() {
    impossible(&owned(), &leaves(2));
    impossible(&vec![], &leaves(1));
}

#[test]
fn only_what_is_being_removed_is_seen_gone() {
    for history in [vec![], creating(), owned(), pre_existing()] {
        impossible(&history, &LedgerEvent::AbsenceObserved {});
        impossible(&history, &LedgerEvent::AbsenceProven { proof: ProvenAbsence::User });
    }
    impossible(&seen_gone(), &LedgerEvent::AbsenceObserved {});
    let gone = ledger(&seen_gone());
    assert_eq!(gone.presence, Presence::Absent { absence: Absence::Observed { at: minute(61) } });
    assert_eq!((gone.last_absent_at, gone.absence_proof), (Some(minute(61)), None));
}

#[test]
fn a_proven_absence_needs_no_second_look_and_its_proof_is_kept() {
    let gone = ledger(&proven_gone().and(76, LedgerEvent::WatchEnded {}));
    assert_eq!((gone.last_absent_at, gone.absence_proof), (Some(minute(61)), Some(ProvenAbsence::User)));
    assert_eq!(
        ledger(&proven_gone()).presence,
        Presence::Absent { absence: Absence::Confirmed { at: minute(61) } }
    );
}

#[test]
fn what_was_seen_gone_once_may_be_proven_where_it_cannot_be_looked_at_again() {
    let proven =
        ledger(&seen_gone().and(70, LedgerEvent::AbsenceProven { proof: ProvenAbsence::PermissionSet }));
    assert_eq!(proven.presence, Presence::Absent { absence: Absence::Confirmed { at: minute(61) } });
    assert_eq!(proven.absence_proof, Some(ProvenAbsence::PermissionSet));
    // Its watch ends without a look, which might fail for ever.
    assert_eq!(plan(&proven, minute(75)), LedgerStep::Wait(minute(76)));
    assert_eq!(plan(&proven, minute(76)), LedgerStep::EndWatch);
}

#[test]
fn a_confirmation_keeps_the_instant_it_was_first_seen_gone() {
    assert_eq!(
        ledger(&confirmed_gone()).presence,
        Presence::Absent { absence: Absence::Confirmed { at: minute(61) } }
    );
    for history in [vec![], owned(), removing(), forgotten()] {
        impossible(&history, &LedgerEvent::AbsenceConfirmed {});
    }
}

#[test]
fn a_further_confirmation_remembers_when_it_was_looked_for_and_no_longer_than_the_watch_lasts() {
    let watched = || confirmed_gone().and(66, LedgerEvent::AbsenceConfirmed {});
    assert_eq!(ledger(&confirmed_gone()).watched_at, None);
    assert_eq!(ledger(&watched()).watched_at, Some(minute(66)));
    assert_eq!(ledger(&watched()).presence, ledger(&confirmed_gone()).presence);
    let late = RemovalReason::LateCreation;
    let removed_again = watched().and(69, LedgerEvent::RemovalStarted { reason: late });
    assert_eq!(ledger(&removed_again.and(70, LedgerEvent::AbsenceObserved {})).watched_at, None);
    assert_eq!(ledger(&watched().and(76, LedgerEvent::WatchEnded {})).watched_at, None);
}

/// Whether the one creation is over, if there is certainly one only.
fn only_creation(history: &History) -> Option<bool> {
    ledger(history).only_creation.map(|only| only.ended)
}

#[test]
fn what_is_accepted_at_once_is_the_only_creation_until_something_else_may_have_been_sent() {
    assert_eq!(only_creation(&creating()), None);
    assert_eq!(only_creation(&accepted()), Some(false));
    assert_eq!(only_creation(&owned()), Some(true));
    assert_eq!(only_creation(&confirmed_gone()), Some(true));
    assert_eq!(only_creation(&forgotten()), None);
    let failed = LedgerEvent::CreationFailed { code: TroubleCode::OperationUnknown, detail: String::new() };
    assert_eq!(only_creation(&accepted().and(1, failed)), None);
    let late = LedgerEvent::RemovalStarted { reason: RemovalReason::LateCreation };
    assert_eq!(only_creation(&confirmed_gone().and(66, late)), None, "it was created by something else");
    assert_eq!(
        only_creation(&seen_gone().and(62, joins(2, 90)).and(62, LedgerEvent::CreationStarted {})),
        None
    );
}

#[test]
fn a_creation_that_others_may_have_been_sent_before_is_not_the_only_one() {
    let acceptance = || LedgerEvent::CreationAccepted { operation: operation("create-1") };
    assert_eq!(only_creation(&creating().and(1, acceptance())), None, "somebody may have died meanwhile");
    let unanswered = LedgerEvent::TroubleNoted { code: TroubleCode::NoAnswer, detail: String::new() };
    assert_eq!(only_creation(&creating().and(0, unanswered).and(0, acceptance())), None);
}

#[test]
fn a_creation_in_flight_at_the_end_is_over_when_it_is_seen_gone() {
    let ended_early = accepted().and(1, leaves(1)).and(1, removal_started());
    assert_eq!(only_creation(&ended_early), Some(false));
    assert_eq!(only_creation(&ended_early.clone().and(2, LedgerEvent::AbsenceObserved {})), Some(true));
    let proven = LedgerEvent::AbsenceProven { proof: ProvenAbsence::User };
    assert_eq!(only_creation(&ended_early.and(2, proven)), Some(false), "nobody looked");
}

#[test]
fn only_a_watch_that_goes_on_ends() {
    for history in [vec![], owned(), seen_gone(), forgotten()] {
        impossible(&history, &LedgerEvent::WatchEnded {});
    }
    assert_eq!(ledger(&forgotten()).presence, Presence::default());
}

#[test]
fn outcomes_of_operations_follow_only_what_they_are_the_outcome_of() {
    let creation = LedgerEvent::CreationAccepted { operation: operation("create-2") };
    let creation_failed =
        LedgerEvent::CreationFailed { code: TroubleCode::OperationFailed, detail: String::new() };
    let removal = LedgerEvent::RemovalAccepted { operation: operation("delete-2") };
    let removal_failed =
        LedgerEvent::RemovalFailed { code: TroubleCode::OperationFailed, detail: String::new() };
    for history in [vec![], owned(), removing()] {
        impossible(&history, &creation);
        impossible(&history, &creation_failed);
    }
    for history in [vec![], owned(), creating()] {
        impossible(&history, &removal);
        impossible(&history, &removal_failed);
    }
    for history in [vec![], removing()] {
        impossible(&history, &LedgerEvent::PresenceObserved {});
        impossible(&history, &LedgerEvent::VanishingObserved {});
    }
}

#[test]
fn an_accepted_operation_is_remembered_until_its_outcome_is_known() {
    let Presence::Creating { since, operation: Some(id) } = ledger(&accepted()).presence else { panic!() };
    assert_eq!((since, id), (minute(0), operation("create-1")));
    let deleting = removing().and(63, LedgerEvent::RemovalAccepted { operation: operation("delete-1") });
    let accepted_at = |history: &History| ledger(history).accepted_at;
    assert_eq!((accepted_at(&accepted()), accepted_at(&deleting)), (Some(minute(0)), Some(minute(63))));
    assert_eq!((accepted_at(&owned()), accepted_at(&removing())), (None, None));
    let failed = LedgerEvent::CreationFailed { code: TroubleCode::Throttled, detail: "slow".to_owned() };
    let again = ledger(&accepted().and(2, failed));
    assert_eq!(again.presence, Presence::Creating { since: minute(0), operation: None });
    assert_eq!(again.accepted_at, None);
    let expected =
        Trouble { code: TroubleCode::Throttled, detail: "slow".to_owned(), since: minute(2), tried_at: None };
    assert_eq!(again.trouble, Some(expected));
}

#[test]
fn the_same_trouble_goes_on_from_when_it_began_and_ends_with_success() {
    let noted = |code: TroubleCode| LedgerEvent::TroubleNoted { code, detail: String::new() };
    let since = |history: History| ledger(&history).trouble.map(|trouble| trouble.since);
    let troubled = || removing().and(61, noted(TroubleCode::Throttled));
    assert_eq!(since(troubled().and(62, noted(TroubleCode::Throttled))), Some(minute(61)));
    assert_eq!(since(troubled().and(62, noted(TroubleCode::Conflict))), Some(minute(62)));
    assert_eq!(since(troubled().and(63, LedgerEvent::AbsenceObserved {})), None);
}

#[test]
fn it_is_held_without_a_gap_from_the_first_holder_to_the_last() {
    assert_eq!(ledger(&owned_by_two()).held_since, Some(minute(0)));
    assert_eq!(ledger(&owned_by_two().and(60, leaves(1))).held_since, Some(minute(0)));
    assert_eq!(ledger(&removing()).held_since, None);
    assert_eq!(ledger(&owned_again()).held_since, Some(minute(62)));
}

#[test]
fn drift_is_over_when_it_is_gone_or_when_somebody_joins() {
    let drifted = || vec![(5, LedgerEvent::DriftFound {})];
    assert_eq!(ledger(&drifted()).drift_since, Some(minute(5)));
    assert_eq!(ledger(&drifted().and(6, LedgerEvent::DriftGone {})).drift_since, None);
    assert_eq!(ledger(&drifted().and(6, joins(1, 60))).drift_since, None);
}

#[test]
fn our_last_removal_is_remembered() {
    assert_eq!(ledger(&owned_again()).last_removal_at, Some(minute(60)));
    assert!(ledger(&owned_again()).holders.keys().all(|holder| *holder != first()));
}

#[test]
fn a_state_item_from_before_a_field_was_added_is_still_read() {
    let mut item = serde_json::to_value(ledger(&owned())).unwrap();
    for later in [
        "absence_proof",
        "last_release_at",
        "missing_at_release",
        "accepted_at",
        "only_creation",
        "watched_at",
    ] {
        item.as_object_mut().unwrap().remove(later);
    }
    let read = serde_json::from_value::<crate::ledger::Ledger>(item).unwrap();
    // What was stored before does not tell whether other creations were sent.
    assert_eq!(read, crate::ledger::Ledger { only_creation: None, ..ledger(&owned()) });
}
