use kari_domain::time::LISTING_GRACE;
use kari_embedded::identity_center::{FaultPlan, MillisRange, OperationState, StatusFilter};

use crate::town::{at, calm, failure, hanako, is_conflict, listed, planned, state};

const SEC: u32 = 1_000;

fn lagging(seconds: u32) -> FaultPlan {
    FaultPlan {
        latency: MillisRange::new(SEC, SEC),
        late_listing_per_mille: 1_000,
        listing_lag: MillisRange::new(seconds * SEC, seconds * SEC),
        ..FaultPlan::calm()
    }
}

#[test]
fn a_listing_shows_a_creation_only_after_its_lag() {
    let mut world = planned(lagging(60));
    world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(world.is_present(at(1), &hanako()));
    assert!(!listed(&mut world, at(60), &hanako()));
    assert!(listed(&mut world, at(61), &hanako()));
}

#[test]
fn a_listing_goes_on_showing_what_was_deleted_until_its_lag_is_over() {
    let mut world = planned(lagging(60));
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_account_assignment(at(100), &hanako()).unwrap();
    assert!(!world.is_present(at(101), &hanako()));
    assert!(listed(&mut world, at(160), &hanako()));
    assert!(!listed(&mut world, at(161), &hanako()));
}

#[test]
fn what_was_created_and_deleted_within_the_lag_is_never_listed_for_good() {
    let mut world = planned(lagging(60));
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.delete_account_assignment(at(5), &hanako()).unwrap();
    for second in [6, 59, 66, 120] {
        let shown = listed(&mut world, at(second), &hanako());
        assert_eq!(shown, (61..66).contains(&second), "after {second} s");
    }
}

#[test]
fn no_listing_lags_longer_than_the_listing_grace() {
    for plan in [FaultPlan::calm(), FaultPlan::lifelike(), FaultPlan::stormy()] {
        assert!(i64::from(plan.listing_lag.most_ms) < LISTING_GRACE.num_milliseconds());
    }
}

#[test]
fn an_assignment_takes_no_write_until_its_last_change_has_propagated() {
    let mut world = planned(FaultPlan { conflict_until_listed: true, ..lagging(60) });
    world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(is_conflict(&world.delete_account_assignment(at(30), &hanako())));
    assert!(world.delete_account_assignment(at(61), &hanako()).is_ok());
}

#[test]
fn a_late_creation_lands_many_minutes_later_even_after_a_deletion_succeeded() {
    let mut world = calm();
    world.assign_outside(at(0), &hanako());
    world.delay_next_creation();
    let late = world.create_account_assignment(at(0), &hanako()).unwrap();
    let deletion = world.delete_account_assignment(at(10), &hanako()).unwrap();
    assert!(matches!(state(&mut world, at(20), &deletion), OperationState::Succeeded { .. }));
    assert!(!world.is_present(at(20), &hanako()));
    assert_eq!(state(&mut world, at(20), &late), OperationState::InProgress);
    let pending = world.list_creation_status(at(20), StatusFilter::InProgress).unwrap();
    assert_eq!(pending.len(), 1, "it can be found in flight");
    assert!(world.is_present(at(601), &hanako()));
    assert!(matches!(state(&mut world, at(601), &late), OperationState::Succeeded { .. }));
}

#[test]
fn a_creation_reported_as_failed_can_land_all_the_same() {
    let mut world = planned(FaultPlan { ghost_creation_per_mille: 1_000, ..FaultPlan::calm() });
    let ghost = world.create_account_assignment(at(0), &hanako()).unwrap();
    failure(&mut world, at(5), &ghost);
    assert!(!world.is_present(at(5), &hanako()));
    assert!(world.list_creation_status(at(5), StatusFilter::InProgress).unwrap().is_empty());
    assert!(world.is_present(at(601), &hanako()));
    failure(&mut world, at(601), &ghost);
}
