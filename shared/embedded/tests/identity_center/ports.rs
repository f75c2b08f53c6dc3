use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use kari_application::ports::{
    Assignments, CallError, Clock, Directory, Listed, OperationKind, OperationStatus, Unavailable,
};
use kari_domain::ids::AccountId;
use kari_embedded::identity_center::{Action, FaultPlan, Quotas, SimulatedIdentityCenter, World};

use crate::town::{JumpingClock, MANAGEMENT, PAYMENTS, SANDBOX, account, calm, planned, tuple, unit, user};

fn simulated(world: World) -> (SimulatedIdentityCenter, Arc<JumpingClock>) {
    let clock = JumpingClock::new();
    (SimulatedIdentityCenter::new(world, clock.clone()), clock)
}

#[tokio::test]
async fn after_a_lost_response_the_creation_is_found_in_flight() {
    let (center, clock) = simulated(calm());
    center.with(|world, _| world.lose_next_response()).unwrap();
    let tuple = tuple("hanako", "Admin", PAYMENTS);
    assert!(matches!(center.create(&tuple).await, Err(CallError::Unknown(_))));
    let id = center.creation_in_flight(&tuple).await.unwrap().expect("it was accepted");
    clock.sleep(TimeDelta::seconds(5)).await;
    let status = center.status(OperationKind::Creation, &id).await.unwrap();
    assert_eq!(status, OperationStatus::Succeeded);
    assert_eq!(center.look(OperationKind::Creation, &tuple).await.unwrap(), Listed::Yes);
}

#[tokio::test]
async fn every_change_is_saved_before_it_is_answered_and_reading_saves_nothing() {
    let saved: Arc<Mutex<Vec<World>>> = Arc::default();
    let sink = Arc::clone(&saved);
    let (center, clock) = simulated(calm());
    let center = center.saved_by(Arc::new(move |world: &World| {
        sink.lock().unwrap().push(world.clone());
        Ok(())
    }));
    let tuple = tuple("hanako", "Admin", PAYMENTS);
    let id = center.create(&tuple).await.unwrap();
    assert_eq!(saved.lock().unwrap().len(), 1);
    center.look(OperationKind::Creation, &tuple).await.unwrap();
    assert_eq!(saved.lock().unwrap().len(), 1);
    clock.sleep(TimeDelta::seconds(5)).await;
    center.status(OperationKind::Creation, &id).await.unwrap();
    let last = saved.lock().unwrap().last().cloned().unwrap();
    assert_eq!(saved.lock().unwrap().len(), 2);
    assert!(last.clone().is_present(clock.now(), &(&tuple).into()));
}

#[tokio::test]
async fn a_change_that_cannot_be_saved_has_an_unknown_outcome() {
    let (center, _) = simulated(calm());
    let center = center.saved_by(Arc::new(|_: &World| Err(Unavailable::new("the disk", "it is full"))));
    let answer = center.create(&tuple("hanako", "Admin", PAYMENTS)).await;
    assert!(matches!(answer, Err(CallError::Unknown(_))));
}

#[tokio::test]
async fn the_live_path_of_an_account_follows_a_move() {
    let (center, _) = simulated(calm());
    let before = center.account(&account(PAYMENTS)).await.unwrap().unwrap();
    assert_eq!(before.path, [unit("root"), unit("production"), unit("payments")]);
    center.with(|world, now| world.move_account(now, &account(PAYMENTS), &unit("sandbox"))).unwrap();
    let after = center.account(&account(PAYMENTS)).await.unwrap().unwrap();
    assert_eq!(after.path, [unit("root"), unit("sandbox")]);
    assert_eq!(center.account(&account(SANDBOX)).await.unwrap().unwrap().path, after.path);
}

#[tokio::test]
async fn units_above_several_accounts_are_looked_up_once() {
    let (center, _) = simulated(calm());
    let parents_asked = || center.with(|world, _| world.count(Action::ListParents).calls).unwrap();
    let ids: BTreeSet<AccountId> = [MANAGEMENT, PAYMENTS, SANDBOX].map(account).into();
    let mut units = BTreeSet::new();
    for id in &ids {
        units.extend(center.account(id).await.unwrap().unwrap().path);
    }
    let one_by_one = parents_asked();
    assert_eq!(center.accounts(&ids).await.unwrap().len(), ids.len());
    let together = parents_asked() - one_by_one;
    assert_eq!(together, (ids.len() + units.len()) as u64, "each account and each unit once");
    assert!(together < one_by_one);
}

#[tokio::test]
async fn a_deleted_user_is_absent_and_a_directory_out_of_reach_is_an_error() {
    let (center, _) = simulated(calm());
    center.with(|world, now| world.delete_user(now, &user("hanako"))).unwrap();
    assert_eq!(center.user(&user("hanako")).await.unwrap(), None);
    center.with(|world, now| world.directory_down_for(now, TimeDelta::minutes(1))).unwrap();
    assert!(center.user(&user("hanako")).await.is_err());
}

#[tokio::test]
async fn reading_everything_waits_out_the_throttling_of_permission_sets() {
    let quotas = Quotas { sso_admin_per_second: 1, ..Quotas::AWS };
    let (center, clock) = simulated(planned(FaultPlan { quotas: Some(quotas), ..FaultPlan::calm() }));
    let before = clock.now();
    assert_eq!(center.read_all().await.unwrap().permission_sets.len(), 2);
    assert!(clock.now() > before);
}

#[tokio::test]
async fn faults_reach_the_caller_as_the_errors_of_the_port() {
    let table: [(FaultPlan, &str); 5] = [
        (FaultPlan { throttled_per_mille: 1_000, ..FaultPlan::calm() }, "throttled"),
        (FaultPlan { conflict_per_mille: 1_000, ..FaultPlan::calm() }, "conflict"),
        (FaultPlan { denied_per_mille: 1_000, ..FaultPlan::calm() }, "access-denied"),
        (FaultPlan { lost_response_per_mille: 1_000, ..FaultPlan::calm() }, "no-answer"),
        (FaultPlan { internal_error_per_mille: 1_000, ..FaultPlan::calm() }, "no-answer"),
    ];
    for (plan, code) in table {
        let (center, _) = simulated(planned(plan));
        let error = center.create(&tuple("hanako", "Admin", PAYMENTS)).await.unwrap_err();
        assert_eq!(error.code().as_str(), code);
    }
}
