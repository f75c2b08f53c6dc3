use chrono::TimeDelta;
use kari_embedded::identity_center::{Action, ActiveFault, ApiError, FaultPlan, Injected, StatusFilter};

use crate::town::{at, calm, failure, hanako, is_throttled, kenji, listed, planned};

#[test]
fn a_lost_response_hides_an_accepted_creation() {
    let mut world = calm();
    world.lose_next_response();
    assert_eq!(world.create_account_assignment(at(0), &hanako()), Err(ApiError::NoAnswer));
    assert!(world.is_present(at(5), &hanako()));
    assert_eq!(world.calls()[0].injected, Some(Injected::ResponseLost));
    assert!(world.active_faults(at(5)).is_empty());
}

#[test]
fn a_lost_response_waits_for_a_write_that_is_accepted() {
    let mut world = calm();
    world.lose_next_response();
    assert!(world.delete_account_assignment(at(0), &hanako()).is_err());
    world.list_creation_status(at(0), StatusFilter::Any).unwrap();
    assert_eq!(world.active_faults(at(0)), [ActiveFault::LosesNextResponse { times: 1 }]);
    assert_eq!(world.create_account_assignment(at(0), &hanako()), Err(ApiError::NoAnswer));
}

#[test]
fn a_lost_request_has_no_effect() {
    let mut world = calm();
    world.lose_next_request();
    assert_eq!(world.create_account_assignment(at(0), &hanako()), Err(ApiError::NoAnswer));
    assert!(!world.is_present(at(60), &hanako()));
    assert!(world.operations_in_flight(at(0)).is_empty());
}

#[test]
fn an_operation_can_be_accepted_and_fail_with_a_reason() {
    let mut world = calm();
    world.fail_next_after_accepting();
    let operation = world.create_account_assignment(at(0), &hanako()).unwrap();
    assert!(failure(&mut world, at(5), &operation).contains("no change was made"));
    assert!(!world.is_present(at(5), &hanako()));
    world.create_account_assignment(at(10), &hanako()).unwrap();
    world.fail_next_after_accepting();
    let operation = world.delete_account_assignment(at(20), &hanako()).unwrap();
    failure(&mut world, at(30), &operation);
    assert!(world.is_present(at(30), &hanako()));
}

#[test]
fn throttling_lasts_as_long_as_asked_for() {
    let mut world = calm();
    world.throttle_for(at(0), TimeDelta::minutes(1));
    assert_eq!(world.active_faults(at(59)), [ActiveFault::Throttling { until: at(60) }]);
    assert!(is_throttled(&world.create_account_assignment(at(59), &hanako())));
    assert!(world.create_account_assignment(at(60), &hanako()).is_ok());
    assert!(world.active_faults(at(60)).is_empty());
}

#[test]
fn an_outage_answers_nothing_while_operations_go_on() {
    let mut world = calm();
    world.create_account_assignment(at(0), &hanako()).unwrap();
    world.identity_center_down_for(at(0), TimeDelta::minutes(1));
    assert_eq!(world.create_account_assignment(at(1), &kenji()), Err(ApiError::NoAnswer));
    assert!(world.list_users(at(1)).is_ok());
    assert!(world.is_present(at(5), &hanako()));
    assert!(listed(&mut world, at(60), &hanako()));
}

#[test]
fn the_directory_can_be_out_of_reach_by_itself() {
    let mut world = calm();
    world.directory_down_for(at(0), TimeDelta::minutes(1));
    assert_eq!(world.list_users(at(1)), Err(ApiError::NoAnswer));
    assert_eq!(world.list_accounts(at(1)), Err(ApiError::NoAnswer));
    assert!(world.list_permission_sets(at(1)).is_ok());
    assert!(world.list_users(at(60)).is_ok());
}

#[test]
fn access_can_be_denied_for_a_while() {
    let mut world = calm();
    world.deny_for(at(0), TimeDelta::minutes(1));
    let answer = world.create_account_assignment(at(1), &hanako());
    assert!(matches!(answer, Err(ApiError::AccessDenied(_))));
}

#[test]
fn clearing_faults_ends_them_but_not_what_was_accepted() {
    let mut world = calm();
    world.throttle_for(at(0), TimeDelta::hours(1));
    world.lose_next_response();
    world.lose_next_request();
    world.fail_next_after_accepting();
    world.delay_next_creation();
    assert_eq!(world.active_faults(at(0)).len(), 5);
    world.clear_faults();
    assert!(world.active_faults(at(0)).is_empty());
    assert!(world.create_account_assignment(at(0), &hanako()).is_ok());
}

/// Each kind of mishap on its own: the plan's chance of 1,000 ‰ strikes every call.
#[test]
fn the_plan_provokes_every_mishap_by_chance() {
    let calm = FaultPlan::calm;
    let certain = 1_000;
    let table = [
        (FaultPlan { throttled_per_mille: certain, ..calm() }, Injected::Throttled, "ThrottlingException"),
        (FaultPlan { conflict_per_mille: certain, ..calm() }, Injected::Conflict, "ConflictException"),
        (FaultPlan { denied_per_mille: certain, ..calm() }, Injected::Denied, "AccessDeniedException"),
        (FaultPlan { lost_request_per_mille: certain, ..calm() }, Injected::RequestLost, "NoAnswer"),
        (FaultPlan { lost_response_per_mille: certain, ..calm() }, Injected::ResponseLost, "NoAnswer"),
        (
            FaultPlan { internal_error_per_mille: certain, ..calm() },
            Injected::InternalError,
            "InternalServerException",
        ),
    ];
    for (plan, injected, code) in table {
        let mut world = planned(plan);
        let error = world.create_account_assignment(at(0), &hanako()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(world.calls()[0].injected, Some(injected));
    }
}

#[test]
fn half_of_the_internal_errors_hide_a_write_that_took_effect() {
    let mut took_effect = 0;
    for seed in 0..40 {
        let plan = FaultPlan { internal_error_per_mille: 1_000, ..FaultPlan::calm() };
        let mut world = kari_embedded::identity_center::World::new(&crate::town::organization(), seed, plan);
        assert_eq!(world.create_account_assignment(at(0), &hanako()), Err(ApiError::InternalServer));
        took_effect += usize::from(world.is_present(at(5), &hanako()));
    }
    assert!((8..=32).contains(&took_effect), "{took_effect} of 40");
}

#[test]
fn a_stormy_day_shows_every_kind_of_injected_fault() {
    let mut world = planned(FaultPlan::stormy());
    for round in 0..4_000 {
        let now = at(round * 60);
        drop(world.create_account_assignment(now, &hanako()));
        drop(world.delete_account_assignment(now + TimeDelta::seconds(30), &hanako()));
    }
    for kind in [
        Injected::Throttled,
        Injected::Conflict,
        Injected::Denied,
        Injected::InternalError,
        Injected::RequestLost,
        Injected::ResponseLost,
        Injected::FailsAfterAccepting,
        Injected::Late,
        Injected::Ghost,
    ] {
        assert!(world.calls().iter().any(|call| call.injected == Some(kind)), "{kind:?}");
    }
    assert_eq!(world.count(Action::CreateAccountAssignment).calls, 4_000);
}
