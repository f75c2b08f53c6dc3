use super::given::given;
use super::sample::{
    And as _, History, activating, active, approved, auto_approved, auto_approved_from, closed_gone,
    end_started, ending, minute, pending, revocation_requested, revoked_by,
};
use crate::ledger::TroubleCode;
use crate::ledger::tests::sample::{
    And as _, History as Ledger, accepted, confirmed_gone, creating, forgotten, joins, leaves, ledger, owned,
    owned_again, owned_by_two, pre_existing, proven_gone, removal_started, removing, seen_gone,
};
use crate::ledger::{LedgerEvent, ProvenAbsence};
use crate::request::{EndCause, Ending, Evidence, Outcome, RequestEvent, Step, Why, deadline, due, plan};
use crate::time::Minutes;

const WARNING: Minutes = Minutes(15);

#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "a sentence reads better without ampersands")]
fn planned(request: History, held: Ledger, now: i64, step: Step) {
    assert_eq!(plan(&given(request).request, &ledger(&held), WARNING, minute(now)), step);
}

fn trouble(code: TroubleCode) -> LedgerEvent {
    LedgerEvent::TroubleNoted { code, detail: "why".to_owned() }
}

fn vanished() -> Ledger {
    owned().and(2, LedgerEvent::VanishingObserved {})
}

fn failure(code: TroubleCode, detail: &str) -> Step {
    Step::StartEnd(Ending::ActivationFailure { code, detail: detail.to_owned() })
}

fn close(evidence: Evidence, gone: i64) -> Step {
    Step::Close { evidence, gone_at: minute(gone) }
}

#[test]
fn what_is_over_or_was_never_asked_for_rests() {
    planned(vec![], vec![], 1, Step::Rest);
    planned(ending().and(63, closed_gone(Outcome::Expired, 63)), forgotten(), 99, Step::Rest);
}

#[test]
fn a_pending_request_waits_for_review_until_it_lapses() {
    planned(pending(), vec![], 479, Step::Wait(minute(480), Why::AwaitReview));
    planned(pending(), vec![], 480, Step::Lapse);
}

#[test]
fn an_approved_request_waits_for_its_start() {
    planned(auto_approved_from(120), vec![], 119, Step::Wait(minute(120), Why::WaitForStart));
    planned(auto_approved_from(120), vec![], 120, Step::Activate);
    planned(approved(), vec![], 5, Step::Activate);
}

#[test]
fn an_approved_request_waits_for_an_earlier_assignment_to_go_until_its_deadline() {
    for leftover in [removing(), vanished()] {
        planned(auto_approved_from(61), leftover.clone(), 61, Step::Settle(Why::WaitForStart));
        planned(auto_approved_from(61), leftover, 76, Step::Activate);
    }
    for no_obstacle in [creating(), owned(), pre_existing(), seen_gone()] {
        planned(auto_approved_from(60), no_obstacle, 60, Step::Activate);
    }
}

#[test]
fn an_approved_request_sees_to_it_that_who_should_have_left_has_left() {
    let from = |minutes| auto_approved_from(minutes);
    planned(from(60), owned(), 60, Step::Activate);
    planned(from(61), owned(), 61, Step::Settle(Why::WaitForStart));
}

#[test]
fn activation_settles_the_tuple_until_it_is_observed() {
    for on_the_way in [creating(), accepted(), creating().and(1, trouble(TroubleCode::Throttled))] {
        planned(activating(), on_the_way, 1, Step::Settle(Why::AwaitActivation));
    }
    planned(activating(), owned(), 2, Step::ObserveActive);
    planned(activating(), pre_existing(), 2, Step::ObserveActive);
}

#[test]
fn active_means_observed_by_a_look_since_this_grant_began() {
    let before: Ledger = vec![
        (-9, joins(2, 90)),
        (-9, LedgerEvent::CreationStarted {}),
        (-8, LedgerEvent::PresenceObserved {}),
    ];
    let joined = before.and(0, joins(1, 60));
    planned(activating(), joined.clone(), 1, Step::VerifyPresence);
    planned(activating(), joined.and(1, LedgerEvent::PresenceObserved {}), 1, Step::ObserveActive);
}

#[test]
fn an_activation_is_given_up_at_its_deadline_with_what_stood_in_its_way() {
    planned(activating(), creating(), 15, failure(TroubleCode::ActivationDeadline, ""));
    planned(
        activating(),
        creating().and(1, trouble(TroubleCode::Throttled)),
        15,
        failure(TroubleCode::ActivationDeadline, "throttled why"),
    );
    planned(activating(), owned(), 15, failure(TroubleCode::ActivationDeadline, ""));
}

#[test]
fn an_activation_that_repeating_cannot_mend_is_given_up_at_once() {
    for code in [
        TroubleCode::AccessDenied,
        TroubleCode::Invalid,
        TroubleCode::AccountSuspended,
        TroubleCode::AccountClosed,
        TroubleCode::AccountOutOfReach,
    ] {
        planned(activating(), creating().and(1, trouble(code)), 1, failure(code, "why"));
    }
}

#[test]
fn a_revocation_ends_the_grant_before_anything_else() {
    for history in [activating(), active()] {
        let revoked = history.and(2, revocation_requested("alice"));
        for now in [3, 15, 60] {
            planned(revoked.clone(), owned(), now, Step::StartEnd(Ending::Revocation));
        }
    }
}

#[test]
fn access_that_others_removed_ends_for_every_holder() {
    for history in [activating(), active()] {
        planned(history.clone(), vanished(), 3, Step::StartEnd(Ending::RemovedOutOfBand));
        // Taken out of the ledger, whoever did it.
        planned(history, removing(), 3, Step::StartEnd(Ending::RemovedOutOfBand));
    }
}

#[test]
fn an_active_grant_is_held_until_its_warning_then_until_its_end() {
    let warned = || active().and(45, RequestEvent::ExpiryWarned {});
    planned(active(), owned(), 44, Step::Wait(minute(45), Why::HoldUntilExpiry));
    planned(active(), owned(), 45, Step::WarnOfExpiry);
    planned(warned(), owned(), 46, Step::Wait(minute(60), Why::HoldUntilExpiry));
    for history in [active(), warned()] {
        planned(history.clone(), owned(), 60, Step::StartEnd(Ending::Expiry));
        planned(history, vanished(), 60, Step::StartEnd(Ending::Expiry));
    }
}

fn lasting(minutes: i64) -> History {
    let mut history = active();
    for (_, event) in &mut history {
        if let RequestEvent::ActivationStarted { window, .. } = event {
            window.expires_at = minute(minutes);
        }
    }
    history
}

#[test]
fn a_short_window_has_no_warning() {
    let wait = |until| Step::Wait(minute(until), Why::HoldUntilExpiry);
    planned(lasting(29), owned(), 2, wait(29));
    planned(lasting(30), owned(), 2, wait(15));
    let long_warning =
        |lasting: History| plan(&given(lasting).request, &ledger(&owned()), Minutes(60), minute(2));
    assert_eq!(long_warning(lasting(119)), wait(119));
    assert_eq!(long_warning(lasting(120)), wait(60));
    let short_warning =
        |lasting: History| plan(&given(lasting).request, &ledger(&owned()), Minutes(5), minute(2));
    assert_eq!(short_warning(lasting(29)), wait(29));
    assert_eq!(short_warning(lasting(30)), wait(25));
}

#[test]
fn an_ending_settles_the_tuple_until_it_was_seen_gone_twice() {
    planned(ending(), removing(), 61, Step::Settle(Why::AwaitRemoval));
    planned(ending(), seen_gone(), 61, Step::Settle(Why::AwaitRemoval));
    planned(ending(), confirmed_gone(), 63, close(Evidence::ObservedGone { at: minute(61) }, 61));
    planned(ending(), forgotten(), 80, close(Evidence::ObservedGone { at: minute(61) }, 61));
}

#[test]
fn an_ending_closes_when_another_grant_goes_on() {
    let other_goes_on = owned_by_two().and(60, leaves(1));
    planned(ending(), other_goes_on, 61, close(Evidence::HeldByAnother, 61));
    planned(ending(), owned_again(), 70, close(Evidence::HeldByAnother, 70));
}

#[test]
fn its_own_hold_is_not_another_grant() {
    planned(ending(), owned(), 61, Step::Settle(Why::AwaitRemoval));
}

#[test]
fn an_ending_closes_when_the_assignment_was_there_before_and_stays() {
    let released = pre_existing().and(60, leaves(1)).and(60, LedgerEvent::Released {});
    planned(ending(), released.clone(), 61, close(Evidence::PreExisting, 61));
    // Even if it was ours and seen gone some time before.
    let earlier = forgotten()
        .and(100, joins(1, 160))
        .and(100, LedgerEvent::FoundPresent {})
        .and(160, leaves(1))
        .and(160, LedgerEvent::Released {});
    planned(ending(), earlier, 161, close(Evidence::PreExisting, 161));
    let since = released
        .and(70, joins(2, 90))
        .and(70, LedgerEvent::CreationStarted {})
        .and(90, leaves(2))
        .and(90, crate::ledger::tests::sample::removal_started())
        .and(91, LedgerEvent::AbsenceObserved {})
        .and(93, LedgerEvent::AbsenceConfirmed {})
        .and(106, LedgerEvent::WatchEnded {});
    let alarmed = ending().and(65, RequestEvent::RemovalOverdue {});
    planned(alarmed, since, 110, close(Evidence::ObservedGone { at: minute(91) }, 91));
}

#[test]
fn an_ending_closes_as_gone_where_others_had_removed_what_was_there_before() {
    let missing = pre_existing().and(50, LedgerEvent::VanishingObserved {});
    let released = missing.and(60, leaves(1)).and(60, LedgerEvent::Released {});
    let gone = || close(Evidence::ObservedGone { at: minute(50) }, 50);
    planned(ending(), released.clone(), 61, gone());
    // What is found out about it later changes nothing.
    planned(ending(), released.clone().and(61, LedgerEvent::DriftGone {}), 62, gone());
    let stays = released
        .and(70, joins(2, 90))
        .and(70, LedgerEvent::FoundPresent {})
        .and(90, leaves(2))
        .and(90, LedgerEvent::Released {});
    planned(ending(), stays, 91, close(Evidence::PreExisting, 91));
}

#[test]
fn an_ending_closes_with_the_proof_that_its_user_or_permission_set_does_not_exist() {
    let proven = Evidence::ProvenAbsent { proof: ProvenAbsence::User };
    planned(ending(), proven_gone(), 61, close(proven.clone(), 61));
    planned(ending(), proven_gone().and(76, LedgerEvent::WatchEnded {}), 80, close(proven, 61));
}

#[test]
fn an_ending_that_was_never_seen_gone_does_not_close_and_sounds_the_alarm() {
    planned(ending(), vec![], 61, Step::Settle(Why::AwaitRemoval));
    planned(ending(), vec![], 65, Step::AlarmOverdue);
}

#[test]
fn a_removal_that_takes_too_long_sounds_the_alarm_once() {
    planned(ending(), removing(), 64, Step::Settle(Why::AwaitRemoval));
    planned(ending(), removing(), 65, Step::AlarmOverdue);
    let alarmed = ending().and(65, RequestEvent::RemovalOverdue {});
    planned(alarmed, removing(), 66, Step::Settle(Why::AwaitRemoval));
    // Seen gone, and waiting for the second look: nothing to be alarmed about.
    planned(ending(), seen_gone(), 66, Step::Settle(Why::AwaitRemoval));
}

#[test]
fn an_end_that_was_noticed_late_sounds_the_alarm_before_it_closes() {
    let noticed = |minutes| active().and(minutes, end_started(EndCause::Expired));
    planned(noticed(64), removing(), 64, Step::Settle(Why::AwaitRemoval));
    planned(noticed(64), removing(), 65, Step::AlarmOverdue);
    planned(noticed(120), removing(), 120, Step::AlarmOverdue);
    // A sweep may have seen it gone meanwhile.
    let gone_at = |minutes| removing().and(minutes, LedgerEvent::AbsenceObserved {});
    planned(noticed(120), gone_at(65), 120, Step::AlarmOverdue);
    planned(noticed(120), gone_at(64), 124, Step::Settle(Why::AwaitRemoval));
    planned(noticed(120), gone_at(64), 125, Step::AlarmOverdue);
    for (gone, alarmed) in [(64, false), (65, true)] {
        let confirmed = gone_at(gone).and(gone + 2, LedgerEvent::AbsenceConfirmed {});
        let forgotten = confirmed.clone().and(gone + 15, LedgerEvent::WatchEnded {});
        for over in [confirmed, forgotten] {
            let closes = close(Evidence::ObservedGone { at: minute(gone) }, gone);
            let expected = if alarmed { Step::AlarmOverdue } else { closes.clone() };
            planned(noticed(120), over.clone(), 120, expected);
            planned(noticed(120).and(120, RequestEvent::RemovalOverdue {}), over, 120, closes);
        }
    }
    // Who stays inside another window, or had access before, is not late.
    let stays = owned_by_two().and(60, leaves(1));
    planned(noticed(80), stays, 80, close(Evidence::HeldByAnother, 80));
    let released = pre_existing().and(60, leaves(1)).and(60, LedgerEvent::Released {});
    planned(noticed(120), released, 120, close(Evidence::PreExisting, 120));
}

#[test]
fn access_is_late_from_when_somebody_ended_it() {
    let noticed = |minutes| {
        active().and(30, revocation_requested("alice")).and(minutes, end_started(revoked_by("alice")))
    };
    let removing = || owned().and(30, leaves(1)).and(30, removal_started());
    planned(noticed(34), removing(), 34, Step::Settle(Why::AwaitRemoval));
    planned(noticed(34), removing(), 35, Step::AlarmOverdue);
    planned(noticed(50), removing(), 50, Step::AlarmOverdue);
}

#[test]
fn an_account_out_of_reach_is_marked_once() {
    let blocked = || removing().and(60, trouble(TroubleCode::AccountSuspended));
    let mark = Step::MarkBlocked { code: TroubleCode::AccountSuspended, detail: "why".to_owned() };
    planned(ending(), blocked(), 61, mark.clone());
    let marked =
        |code: TroubleCode| ending().and(61, RequestEvent::EndBlocked { code, detail: String::new() });
    planned(marked(TroubleCode::AccountSuspended), blocked(), 62, Step::Settle(Why::AwaitRemoval));
    planned(marked(TroubleCode::AccountClosed), blocked(), 62, mark);
    planned(
        ending(),
        removing().and(60, trouble(TroubleCode::Throttled)),
        61,
        Step::Settle(Why::AwaitRemoval),
    );
}

#[test]
fn whatever_its_tuple_waits_for_a_request_wants_to_be_asked_at_its_own_deadline() {
    let alarmed = || ending().and(65, RequestEvent::RemovalOverdue {});
    let expected = [
        (pending(), removing(), None),
        (auto_approved(), removing(), Some(15)),
        (activating(), creating(), Some(15)),
        (active(), owned(), None),
        (ending(), removing(), Some(65)),
        // Seen gone at 61: its second look is due two minutes later.
        (ending(), seen_gone(), Some(68)),
        (alarmed(), removing(), None),
    ];
    for (history, held, at) in expected {
        let asked_at = deadline(&given(history).request, &ledger(&held));
        assert_eq!(asked_at, at.map(minute));
    }
}

#[test]
fn every_open_request_has_an_instant_at_which_somebody_must_come() {
    let expected = [
        (vec![], None),
        (pending(), Some(480)),
        (approved(), Some(5)),
        (auto_approved(), Some(0)),
        (auto_approved_from(120), Some(120)),
        (activating(), Some(0)),
        (active(), Some(45)),
        (active().and(45, RequestEvent::ExpiryWarned {}), Some(60)),
        (active().and(50, revocation_requested("alice")), Some(50)),
        (lasting(29), Some(29)),
        (ending(), Some(60)),
        (ending().and(63, closed_gone(Outcome::Expired, 63)), None),
    ];
    for (history, at) in expected {
        assert_eq!(due(&given(history).request, WARNING), at.map(minute));
    }
}
