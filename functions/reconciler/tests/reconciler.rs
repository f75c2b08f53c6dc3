//! What the schedules ask for, and what is measured meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::channels::Channels;
use kari_application::contract::doubles::EventStoreDouble;
use kari_application::ports::{
    Clock, EventStore, Item, ItemKey, ListError, Notification, Notifier, Page, PageRequest, Policies,
    Unavailable,
};
use kari_application::reconcile::drive;
use kari_aws::metrics::Metric;
use kari_domain::audit::StreamId;
use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::RequestId;
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;
use kari_reconciler::{Measured, Task, handle};
use serde_json::json;
use town::{Town, account, set};

fn done(town: &Town, task: &str) -> Measured {
    done_by(town, town.kari.clock.now(), task)
}

/// The same, by a process that was started then.
fn done_by(town: &Town, started_at: Instant, task: &str) -> Measured {
    let task: Task = serde_json::from_value(json!({"task": task})).unwrap();
    town.run(handle(&town.kari, started_at, task)).unwrap()
}

fn value(measured: &Measured, metric: Metric) -> Option<u64> {
    measured.iter().find(|(of, _)| *of == metric).map(|(_, value)| *value)
}

/// Ann has access to the sandbox for half an hour.
fn active(town: &Town) -> RequestId {
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(drive(&town.kari, &ItemKey::from(&StreamId::request(id)))).unwrap();
    assert_eq!(town.state(id), "active");
    id
}

#[test]
fn access_whose_execution_was_lost_ends_within_a_minute_of_its_end_and_closes() {
    let town = Town::new();
    let id = active(&town);
    town.pass(TimeDelta::minutes(31));
    let measured = done(&town, "overdue");
    assert!(!town.is_present(&Town::assignment("ann", &account("sandbox", 0), &set(0))));
    assert_eq!(value(&measured, Metric::Reconciled), Some(1));
    assert!(value(&measured, Metric::OldestDueSeconds).unwrap() >= 60, "{measured:?}");
    assert_eq!(value(&measured, Metric::OverdueRemovals), Some(0));
    town.pass(TimeDelta::minutes(3));
    done(&town, "overdue");
    assert_eq!(town.state(id), "closed");
}

#[test]
fn a_removal_that_takes_too_long_is_measured_until_it_is_done() {
    let town = Town::new();
    active(&town);
    town.operations_take(TimeDelta::minutes(20));
    town.pass(TimeDelta::minutes(30));
    let counts: Vec<_> = (0..40)
        .map(|_| {
            let measured = done(&town, "overdue");
            town.pass(TimeDelta::minutes(1));
            value(&measured, Metric::OverdueRemovals).unwrap()
        })
        .collect();
    assert_eq!(
        (counts.first(), counts.iter().max(), counts.last()),
        (Some(&0), Some(&1), Some(&0)),
        "{counts:?}"
    );
}

#[test]
fn a_removal_that_no_request_waits_for_is_measured_too_when_it_takes_too_long() {
    let town = Town::new();
    let id = active(&town);
    town.pass(TimeDelta::minutes(31));
    done(&town, "overdue");
    town.pass(TimeDelta::minutes(3));
    done(&town, "overdue");
    assert_eq!(town.state(id), "closed");
    // A creation of ours arrives late.
    let late = Town::assignment("ann", &account("sandbox", 0), &set(0));
    town.behind(|world, now| world.assign_outside(now, &late));
    town.operations_take(TimeDelta::minutes(20));
    let counts: Vec<_> = (0..40)
        .map(|_| {
            town.pass(TimeDelta::minutes(1));
            value(&done(&town, "overdue"), Metric::OverdueRemovals).unwrap()
        })
        .collect();
    assert_eq!(
        (counts.first(), counts.iter().max(), counts.last()),
        (Some(&0), Some(&1), Some(&0)),
        "{counts:?}"
    );
    assert!(!town.is_present(&late));
}

#[test]
fn nothing_is_measured_as_compared_where_nothing_could_be_looked_at() {
    let town = Town::new();
    active(&town);
    let nothing_found = |looked| -> Measured { vec![(Metric::Drift, 0), (looked, 1)] };
    let both = || [done(&town, "verify"), done(&town, "search")];
    assert_eq!(both(), [nothing_found(Metric::Compared), nothing_found(Metric::Searched)]);
    town.behind(|world, now| world.throttle_for(now, TimeDelta::minutes(30)));
    assert_eq!(both(), [Measured::new(), Measured::new()]);
}

/// Each look at this clock takes longer than there is time for.
struct Slow(Arc<ManualClock>);

#[async_trait]
impl Clock for Slow {
    fn now(&self) -> Instant {
        self.0.advance_by(TimeDelta::minutes(20));
        self.0.now()
    }

    async fn sleep(&self, length: TimeDelta) {
        self.0.sleep(length).await;
    }
}

#[test]
fn nothing_is_measured_as_compared_where_there_was_no_time_to_look_at_anything() {
    let town = Town::new();
    active(&town);
    let kari = Kari { clock: Arc::new(Slow(Arc::clone(&town.clock))), ..town.kari.clone() };
    for task in [Task::Verify, Task::Search] {
        let measured = town.run(handle(&kari, town.kari.clock.now(), task)).unwrap();
        assert_eq!(measured, Measured::new(), "{task:?}");
    }
}

#[test]
fn how_old_the_directory_is_shows_each_minute() {
    let town = Town::new();
    let age = || value(&done(&town, "overdue"), Metric::DirectoryAgeSeconds).unwrap();
    let before = age();
    town.clock.advance_by(TimeDelta::minutes(40));
    assert_eq!(age() - before, 40 * 60);
}

#[test]
fn a_directory_that_was_never_read_is_as_old_as_the_process_that_looks_for_it() {
    let town = Town::new();
    town.run(town.kari.read_model.save(Snapshot::default())).unwrap();
    let started_at = town.kari.clock.now();
    let age = || value(&done_by(&town, started_at, "overdue"), Metric::DirectoryAgeSeconds).unwrap();
    assert_eq!(age(), 0);
    town.clock.advance_by(TimeDelta::minutes(40));
    assert_eq!(age(), 40 * 60);
    // Once it was read, that alone counts, however long ago.
    town.pass(TimeDelta::zero());
    town.clock.advance_by(TimeDelta::minutes(50));
    assert!(value(&done(&town, "overdue"), Metric::DirectoryAgeSeconds).unwrap() >= 50 * 60);
}

#[test]
fn a_removal_that_cannot_succeed_is_measured_apart_and_does_not_hide_the_next_one_that_is_late() {
    let town = Town::new();
    let stuck = active(&town);
    town.suspend(&account("sandbox", 0));
    town.pass(TimeDelta::minutes(31));
    let minutes = |count: usize| -> Vec<Measured> {
        let minute = |_| {
            let measured = done(&town, "overdue");
            town.pass(TimeDelta::minutes(1));
            measured
        };
        (0..count).map(minute).collect()
    };
    let of = |measured: &Measured| {
        [Metric::OverdueRemovals, Metric::BlockedRemovals].map(|metric| value(measured, metric).unwrap())
    };
    let hour = minutes(60);
    assert!(town.is_blocked(stuck));
    for measured in &hour[10..] {
        assert_eq!(of(measured), [0, 1]);
        assert!(value(measured, Metric::OldestDueSeconds).unwrap() < 300, "{measured:?}");
    }

    let next = town.ask("ben", &[account("sandbox", 1)], &set(0)).remove(0);
    town.run(drive(&town.kari, &ItemKey::from(&StreamId::request(next)))).unwrap();
    town.operations_take(TimeDelta::hours(3));
    let (first, last) = (minutes(30), minutes(30));
    assert!(first.iter().all(|measured| of(measured) == [0, 1]));
    assert_eq!(of(last.last().unwrap()), [1, 1]);
    assert!(value(last.last().unwrap(), Metric::OldestDueSeconds).unwrap() > 300);

    // The account is back, and now something else is in the way.
    town.behind(|world, now| world.set_account_status(now, &account("sandbox", 0), AccountStatus::Active));
    town.pass(TimeDelta::minutes(1));
    town.behind(|world, now| world.deny_for(now, TimeDelta::hours(12)));
    let mut measured = vec![];
    for _ in 0..90 {
        measured = done(&town, "overdue");
        town.clock.advance_by(TimeDelta::minutes(1));
    }
    assert_eq!(of(&measured), [2, 0]);
}

#[test]
fn what_others_removed_and_what_nobody_knows_is_measured_as_drift() {
    let town = Town::new();
    active(&town);
    let quiet = (done(&town, "verify"), done(&town, "search"));
    let nothing = |looked| -> Measured { vec![(Metric::Drift, 0), (looked, 1)] };
    assert_eq!(quiet, (nothing(Metric::Compared), nothing(Metric::Searched)));
    town.pass(TimeDelta::minutes(5));
    let held = Town::assignment("ann", &account("sandbox", 0), &set(0));
    town.behind(|world, now| world.remove_outside(now, &held));
    assert_eq!(done(&town, "verify"), [(Metric::Drift, 1), (Metric::Compared, 1)]);
    let stray = Town::assignment("ben", &account("north", 0), &set(1));
    town.behind(|world, now| world.assign_outside(now, &stray));
    let found: u64 = (0..96).map(|_| value(&done(&town, "search"), Metric::Drift).unwrap()).sum();
    assert_eq!(found, 1, "a day's searches go through every account");
    assert!(town.is_present(&stray), "it is reported, never removed");
}

/// A store that lists nothing, so that no records are checked.
struct Unlisted(Arc<dyn EventStore>);

#[async_trait]
impl EventStoreDouble for Unlisted {
    fn inner(&self) -> &dyn EventStore {
        &*self.0
    }
    async fn items(&self, _: &str, _: &PageRequest) -> Result<Page<Item>, ListError> {
        Err(Unavailable::new("the store", "not now").into())
    }
}

#[test]
fn what_was_found_is_measured_though_the_records_could_not_be_checked() {
    let town = Town::new();
    active(&town);
    town.pass(TimeDelta::minutes(5));
    let held = Town::assignment("ann", &account("sandbox", 0), &set(0));
    town.behind(|world, now| world.remove_outside(now, &held));
    let kari = Kari { store: Arc::new(Unlisted(Arc::clone(&town.kari.store))), ..town.kari.clone() };
    let measured = || town.run(handle(&kari, town.kari.clock.now(), Task::Verify)).unwrap();
    assert_eq!(measured(), [(Metric::Drift, 1), (Metric::Compared, 1)]);
    assert_eq!(measured(), [(Metric::Drift, 0), (Metric::Compared, 1)], "it is known");
}

/// Counts how often it was asked to catch up, and cannot.
#[derive(Default)]
struct Behind(AtomicUsize);

#[async_trait]
impl Notifier for Behind {
    async fn deliver(&self, _: &Notification) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn catch_up(&self) -> Result<(), Unavailable> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(Unavailable::new("the channel", "it is broken"))
    }
}

#[test]
fn people_are_told_each_minute_what_was_put_off_and_where_that_fails_the_rest_is_done() {
    let mut town = Town::new();
    let behind = Arc::new(Behind::default());
    town.kari.notifier = Arc::new(Channels(vec![behind.clone()]));
    for minute in 1..3 {
        assert_eq!(value(&done(&town, "overdue"), Metric::Reconciled), Some(1));
        assert_eq!(behind.0.load(Ordering::SeqCst), minute);
    }
}

#[test]
fn a_task_that_nobody_knows_is_refused() {
    assert!(serde_json::from_value::<Task>(json!({"task": "delete-everything"})).is_err());
}

/// Policies that cannot be copied, and how often that was tried.
struct Uncopied {
    inner: Arc<dyn Policies>,
    tried: AtomicUsize,
}

#[async_trait]
impl Policies for Uncopied {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        self.inner.current().await
    }

    async fn keep_copy(&self) -> Result<(), Unavailable> {
        self.tried.fetch_add(1, Ordering::SeqCst);
        Err(Unavailable::new("the store", "not now"))
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        self.inner.settings().await
    }
}

#[test]
fn the_policies_are_copied_each_minute_and_where_that_fails_everything_else_is_done() {
    let town = Town::new();
    let id = active(&town);
    town.pass(TimeDelta::minutes(31));
    let policies = Arc::new(Uncopied { inner: Arc::clone(&town.kari.policies), tried: AtomicUsize::new(0) });
    let kari = Kari { policies: policies.clone(), ..town.kari.clone() };
    for minute in 1..=4 {
        let measured = town.run(handle(&kari, town.kari.clock.now(), Task::Overdue)).unwrap();
        assert_eq!(value(&measured, Metric::Reconciled), Some(1));
        assert_eq!(policies.tried.load(Ordering::SeqCst), minute);
        town.pass(TimeDelta::minutes(1));
    }
    assert_eq!(town.state(id), "closed");
}
