use chrono::TimeDelta;

use super::sample::{
    And, History, confirmed_gone, creating, first, forgotten, joins, leaves, ledger, minute, names, owned,
    owned_again, owned_by_two, pre_existing, proven_gone, removal_started, removing, second, seen_gone,
};
use crate::ledger::{
    HOLDER_BACKSTOP, Ledger, LedgerEvent, Looked, MOST_HOLDERS, MustWait, RemovalReason, TroubleCode,
    confirm_absence, due, join, leave, leave_overdue, note_drift, note_drift_gone, note_overdue,
    note_trouble, observe_missing, observe_present,
};
use crate::request::tests::sample::request_id;

fn joining(history: &History, looked: Looked) -> String {
    let answer = join(&ledger(history), request_id(9), minute(120), looked, minute(60));
    answer.map_or_else(|wait| wait.to_string(), |events| names(&events))
}

#[test]
fn what_is_not_known_is_looked_for_before_it_is_decided_whose_it_is() {
    for unknown in [vec![], forgotten()] {
        assert_eq!(joining(&unknown, Looked::Not), MustWait::ForLook.to_string());
        assert_eq!(joining(&unknown, Looked::Listed), "holder-joined, found-present");
        assert_eq!(joining(&unknown, Looked::NotListed), "holder-joined, creation-started");
    }
}

#[test]
fn soon_after_a_removal_of_ours_what_is_listed_is_ours() {
    for gone in [seen_gone(), confirmed_gone()] {
        for looked in [Looked::Not, Looked::Listed, Looked::NotListed] {
            assert_eq!(joining(&gone, looked), "holder-joined, creation-started");
        }
    }
}

#[test]
fn a_second_holder_joins_without_another_creation() {
    for held in [creating(), owned(), pre_existing()] {
        assert_eq!(joining(&held, Looked::Not), "holder-joined");
    }
}

#[test]
fn whoever_comes_while_it_is_being_removed_waits_until_it_is_gone() {
    let vanished = owned().and(10, LedgerEvent::VanishingObserved {});
    for leftover in [removing(), vanished] {
        assert_eq!(joining(&leftover, Looked::NotListed), MustWait::ForRemoval.to_string());
    }
}

#[test]
fn nobody_joins_a_grant_that_should_have_left() {
    let late = minute(60) + HOLDER_BACKSTOP;
    let joining = |now| join(&ledger(&owned_by_two()), request_id(9), minute(120), Looked::Not, now);
    assert_eq!(
        joining(late - TimeDelta::milliseconds(1)).map(|events| names(&events)),
        Ok("holder-joined".into())
    );
    assert_eq!(joining(late), Err(MustWait::ForLeaving));
}

#[test]
fn joining_twice_is_joining_once_and_does_not_move_the_end() {
    let held = ledger(&owned());
    assert_eq!(join(&held, first(), minute(600), Looked::Not, minute(1)), Ok(vec![]));
    assert_eq!(held.holders[&first()], minute(60));
}

#[test]
fn a_tuple_has_at_most_twenty_holders() {
    let holding =
        |count: u128| (2..=count).fold(owned(), |history, number| history.and(2, joins(number, 90)));
    assert_eq!(MOST_HOLDERS, 20);
    assert_eq!(
        join(&ledger(&holding(19)), request_id(99), minute(90), Looked::Not, minute(2)).map(|e| e.len()),
        Ok(1)
    );
    assert_eq!(
        join(&ledger(&holding(20)), request_id(99), minute(90), Looked::Not, minute(2)),
        Err(MustWait::ForHolders)
    );
}

#[test]
fn the_first_end_of_overlapping_grants_removes_nothing() {
    assert_eq!(leave(&ledger(&owned_by_two()), first()), [leaves(1)]);
}

#[test]
fn when_the_last_holder_leaves_what_may_be_ours_is_removed_whatever_is_listed() {
    let removed = [leaves(1), LedgerEvent::RemovalStarted { reason: RemovalReason::LastHolderLeft }];
    let vanished = owned().and(10, LedgerEvent::VanishingObserved {});
    for ours in [creating(), owned(), vanished] {
        assert_eq!(leave(&ledger(&ours), first()), removed);
    }
}

#[test]
fn what_was_there_before_us_stays_when_the_last_holder_leaves() {
    assert_eq!(leave(&ledger(&pre_existing()), first()), [leaves(1), LedgerEvent::Released {}]);
}

#[test]
fn whoever_does_not_hold_it_leaves_nothing_behind() {
    assert_eq!(leave(&ledger(&owned()), second()), []);
    assert_eq!(leave(&Ledger::default(), first()), []);
}

#[test]
fn a_holder_past_its_end_is_made_to_leave_after_half_a_minute_whatever_its_request_says() {
    let (held, half_a_minute) = (ledger(&owned_by_two()), TimeDelta::seconds(30));
    let just_before = minute(60) + half_a_minute - TimeDelta::milliseconds(1);
    assert_eq!(leave_overdue(&held, just_before), []);
    assert_eq!(names(&leave_overdue(&held, minute(60) + half_a_minute)), "holder-left");
    assert_eq!(names(&leave_overdue(&held, minute(91))), "holder-left, holder-left, removal-started");
    assert_eq!(names(&leave_overdue(&ledger(&pre_existing()), minute(61))), "holder-left, released");
}

#[test]
fn a_look_that_finds_it_is_recorded_while_it_is_wanted() {
    for wanted in [creating(), owned(), pre_existing()] {
        assert_eq!(names(&observe_present(&ledger(&wanted))), "presence-observed");
    }
    for unwanted in [vec![], removing(), seen_gone()] {
        assert_eq!(observe_present(&ledger(&unwanted)), []);
    }
}

#[test]
fn a_listing_that_lags_is_not_taken_for_a_removal() {
    let (held, grace) = (ledger(&owned()), TimeDelta::minutes(2));
    assert_eq!(observe_missing(&held, minute(1) + grace - TimeDelta::milliseconds(1)), []);
    assert_eq!(names(&observe_missing(&held, minute(1) + grace)), "vanishing-observed");
}

#[test]
fn what_others_removed_is_never_created_again() {
    for held in [owned(), pre_existing()] {
        assert_eq!(names(&observe_missing(&ledger(&held), minute(20))), "vanishing-observed");
    }
}

#[test]
fn a_removal_of_ours_that_landed_late_is_mended_and_not_blamed_on_others() {
    let held = ledger(&owned_again());
    assert_eq!(names(&observe_missing(&held, minute(74))), "creation-started");
    // It was seen gone at minute 61: deletions were sent until then.
    assert_eq!(names(&observe_missing(&held, minute(75))), "creation-started");
    assert_eq!(names(&observe_missing(&held, minute(76))), "vanishing-observed");
}

#[test]
fn what_was_there_before_us_is_never_created_even_soon_after_a_removal_of_ours() {
    // Removed and forgotten, then put there by others, then held.
    let mut held = ledger(&forgotten().and(77, joins(2, 137)).and(77, LedgerEvent::FoundPresent {}));
    held.last_removal_at = Some(minute(78));
    assert_eq!(names(&observe_missing(&held, minute(80))), "vanishing-observed");
}

#[test]
fn only_what_should_be_there_can_be_missing() {
    let vanished = owned().and(10, LedgerEvent::VanishingObserved {});
    for history in [vec![], creating(), removing(), seen_gone(), vanished] {
        assert_eq!(observe_missing(&ledger(&history), minute(100)), []);
    }
}

#[test]
fn gone_means_two_looks_a_listing_grace_apart() {
    let gone = ledger(&seen_gone());
    let second_look = minute(61) + TimeDelta::minutes(2);
    let looking = |at| names(&confirm_absence(&gone, Looked::NotListed, at));
    assert_eq!(looking(second_look - TimeDelta::milliseconds(1)), "");
    assert_eq!(looking(second_look), "absence-confirmed");
    assert_eq!(names(&confirm_absence(&gone, Looked::Not, second_look)), "");
}

#[test]
fn a_creation_of_ours_that_lands_late_is_removed_as_ours_for_a_quarter_of_an_hour() {
    let late = [LedgerEvent::RemovalStarted { reason: RemovalReason::LateCreation }];
    for gone in [seen_gone(), confirmed_gone()] {
        assert_eq!(confirm_absence(&ledger(&gone), Looked::Listed, minute(75)), late);
    }
    let watched = ledger(&confirmed_gone());
    assert_eq!(names(&confirm_absence(&watched, Looked::NotListed, minute(65))), "");
    assert_eq!(names(&confirm_absence(&watched, Looked::NotListed, minute(66))), "absence-confirmed");
    assert_eq!(names(&confirm_absence(&watched, Looked::NotListed, minute(76))), "watch-ended");
}

#[test]
fn while_it_is_watched_it_is_looked_for_every_three_minutes() {
    let mut history = confirmed_gone();
    let mut looks = vec![];
    while let Some(at) = due(&ledger(&history)) {
        let [event] = &confirm_absence(&ledger(&history), Looked::NotListed, at)[..] else { panic!("{at}") };
        looks.push((at - minute(61)).num_minutes());
        history.push(((at - minute(0)).num_minutes(), event.clone()));
    }
    assert_eq!(looks, [5, 8, 11, 14, 15]);
    assert_eq!(history.last(), Some(&(76, LedgerEvent::WatchEnded {})));
}

#[test]
fn a_look_from_before_it_was_seen_gone_makes_no_late_creation_of_it() {
    for gone in [seen_gone(), confirmed_gone(), proven_gone()] {
        let before = minute(61) - TimeDelta::milliseconds(1);
        assert_eq!(confirm_absence(&ledger(&gone), Looked::Listed, before), [], "{gone:?}");
    }
    assert_eq!(names(&confirm_absence(&ledger(&seen_gone()), Looked::Listed, minute(61))), "removal-started");
}

#[test]
fn a_look_from_before_access_was_seen_does_not_make_it_vanish() {
    let (held, grace) = (ledger(&owned().and(30, LedgerEvent::PresenceObserved {})), TimeDelta::minutes(2));
    for stale in [minute(0), minute(29), minute(30), minute(30) + grace - TimeDelta::milliseconds(1)] {
        assert_eq!(observe_missing(&held, stale), [], "{stale}");
    }
    assert_eq!(names(&observe_missing(&held, minute(30) + grace)), "vanishing-observed");
}

#[test]
fn a_look_from_before_it_was_gone_finds_no_drift_and_one_from_before_it_was_found_ends_none() {
    let unheld = ledger(&forgotten());
    assert_eq!(note_drift(&unheld, minute(60)), []);
    assert_eq!(names(&note_drift(&unheld, minute(61))), "drift-found");
    let drift = ledger(&forgotten().and(100, LedgerEvent::DriftFound {}));
    assert_eq!(note_drift_gone(&drift, minute(99)), []);
    assert_eq!(names(&note_drift_gone(&drift, minute(100))), "drift-gone");
    let let_be = ledger(&pre_existing().and(60, leaves(1)).and(60, LedgerEvent::Released {}));
    assert_eq!(note_drift_gone(&let_be, minute(59)), []);
    let missed = ledger(
        &pre_existing()
            .and(60, leaves(1))
            .and(60, LedgerEvent::Released {})
            .and(90, LedgerEvent::DriftGone {}),
    );
    assert_eq!(note_drift(&missed, minute(89)), []);
}

#[test]
fn later_it_is_drift_reported_once_and_never_removed() {
    let unheld = ledger(&forgotten());
    assert_eq!(confirm_absence(&unheld, Looked::Listed, minute(100)), []);
    assert_eq!(note_drift(&unheld, minute(100)), [LedgerEvent::DriftFound {}]);
    assert_eq!(note_drift(&ledger(&forgotten().and(100, LedgerEvent::DriftFound {})), minute(101)), []);
    for known in [creating(), owned(), pre_existing(), removing(), seen_gone(), confirmed_gone()] {
        assert_eq!(note_drift(&ledger(&known), minute(100)), []);
    }
}

#[test]
fn absence_is_not_confirmed_of_what_is_wanted_or_being_removed() {
    for history in [creating(), owned(), pre_existing(), removing()] {
        for looked in [Looked::Not, Looked::Listed, Looked::NotListed] {
            assert_eq!(confirm_absence(&ledger(&history), looked, minute(100)), []);
        }
    }
}

#[test]
fn trouble_is_recorded_when_it_begins_and_when_its_kind_changes() {
    let throttled = || LedgerEvent::TroubleNoted { code: TroubleCode::Throttled, detail: "slow".to_owned() };
    assert_eq!(note_trouble(&ledger(&creating()), TroubleCode::Throttled, "slow"), [throttled()]);
    let troubled = ledger(&creating().and(1, throttled()));
    assert_eq!(note_trouble(&troubled, TroubleCode::Throttled, "still slow"), []);
    assert_eq!(names(&note_trouble(&troubled, TroubleCode::Conflict, "")), "trouble-noted");
    let blocked = ledger(
        &removing()
            .and(61, LedgerEvent::TroubleNoted { code: TroubleCode::AccountClosed, detail: String::new() }),
    );
    assert_eq!(names(&note_trouble(&blocked, TroubleCode::AccountClosed, "")), "trouble-noted");
}

#[test]
fn what_was_there_before_us_and_comes_back_later_is_drift() {
    let released = pre_existing().and(60, leaves(1)).and(60, LedgerEvent::Released {});
    let let_be = ledger(&released);
    assert_eq!(note_drift(&let_be, minute(90)), [], "it stays, and that is known");
    assert_eq!(note_drift_gone(&let_be, minute(90)), [LedgerEvent::DriftGone {}]);
    let gone = ledger(&released.clone().and(90, LedgerEvent::DriftGone {}));
    assert_eq!(note_drift_gone(&gone, minute(100)), []);
    assert_eq!(note_drift(&gone, minute(100)), [LedgerEvent::DriftFound {}]);
}

#[test]
fn people_are_alarmed_once_of_a_removal_that_takes_too_long_whoever_waits_for_it() {
    let late_creation =
        seen_gone().and(62, LedgerEvent::RemovalStarted { reason: RemovalReason::LateCreation });
    let removal = ledger(&late_creation);
    assert_eq!(note_overdue(&removal, minute(67) - TimeDelta::milliseconds(1)), []);
    assert_eq!(note_overdue(&removal, minute(67)), [LedgerEvent::RemovalOverdue {}]);
    let alarmed = ledger(&late_creation.and(67, LedgerEvent::RemovalOverdue {}));
    assert_eq!(note_overdue(&alarmed, minute(90)), []);
    for at_rest in [creating(), owned(), pre_existing(), seen_gone()] {
        assert_eq!(note_overdue(&ledger(&at_rest), minute(100)), []);
    }
}

#[test]
fn what_was_noticed_late_is_late_from_the_end_of_its_last_holder_on() {
    let long_after = ledger(&owned().and(120, leaves(1)).and(120, removal_started()));
    assert_eq!(note_overdue(&long_after, minute(120)), [LedgerEvent::RemovalOverdue {}]);
    let revoked = ledger(&owned().and(30, leaves(1)).and(30, removal_started()));
    assert_eq!(note_overdue(&revoked, minute(35) - TimeDelta::milliseconds(1)), []);
    assert_eq!(note_overdue(&revoked, minute(35)), [LedgerEvent::RemovalOverdue {}]);
    // Whoever ends last need not leave last.
    let two = owned_by_two().and(100, leaves(2)).and(100, leaves(1)).and(100, removal_started());
    assert_eq!(note_overdue(&ledger(&two), minute(95) - TimeDelta::milliseconds(1)), []);
    assert_eq!(note_overdue(&ledger(&two), minute(95)), [LedgerEvent::RemovalOverdue {}]);
    // What lands long after that counts from when it was found.
    let landed = owned()
        .and(120, leaves(1))
        .and(120, removal_started())
        .and(121, LedgerEvent::AbsenceObserved {})
        .and(122, LedgerEvent::RemovalStarted { reason: RemovalReason::LateCreation });
    assert_eq!(note_overdue(&ledger(&landed), minute(127) - TimeDelta::milliseconds(1)), []);
}
