//! Damage that is found first by whoever can tell nobody, as most of the functions on AWS.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::check_records::{alarm, check_open_until};
use kari_application::contract::doubles::EventStoreDouble;
use kari_application::ports::{Append, AppendError, Clock, EventStore, Notification, Notifier, Unavailable};
use kari_application::{Kari, RoleGroups, load_ledger};
use kari_domain::audit::StreamId;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;

use crate::tampered::{OF_THE_LEDGER, granted};

struct Refusing;

#[async_trait]
impl Notifier for Refusing {
    async fn deliver(&self, _: &Notification) -> Result<(), Unavailable> {
        Err(Unavailable::new("the topic", "this function has no right to it"))
    }
}

/// The same, that can tell nobody.
pub(crate) fn without_channel(kari: &Kari) -> Kari {
    Kari { notifier: Arc::new(Refusing), ..kari.clone() }
}

#[test]
fn what_was_put_right_by_whoever_can_tell_nobody_is_told_by_the_next_check_and_its_access_has_ended() {
    for (number, tamper) in OF_THE_LEDGER.iter().enumerate() {
        let granted = granted();
        let (town, stream) = (&granted.town, granted.of_ledger());
        let workflow = without_channel(&town.kari);
        let sound = granted.item(&stream);
        tamper(&granted);
        town.run(load_ledger(&workflow, &granted.tuple)).unwrap();
        assert_eq!(granted.item(&stream), sound, "{number}");
        town.clock.advance_by(TimeDelta::minutes(31));
        for _ in 0..10 {
            town.run(advance(&workflow, granted.request)).unwrap();
            town.clock.advance_by(TimeDelta::minutes(1));
        }
        assert!(!granted.has_access(), "{number}");

        town.run(check_open_until(&workflow, Instant::MAX_UTC)).unwrap();
        assert_eq!(granted.alarms(&stream), 0, "{number}");
        for _ in 0..2 {
            town.run(check_open_until(&town.kari, Instant::MAX_UTC)).unwrap();
            assert_eq!(granted.alarms(&stream), 1, "{number}");
        }
        // Nor on another day.
        town.clock.advance_by(TimeDelta::days(1));
        town.run(check_open_until(&town.kari, Instant::MAX_UTC)).unwrap();
        assert_eq!(granted.alarms(&stream), 1, "{number}");
    }
}

#[test]
fn what_was_found_while_nobody_was_an_administrator_is_told_once_somebody_is() {
    let granted = granted();
    let (town, stream) = (&granted.town, granted.of_ledger());
    let unknown = Kari { roles: RoleGroups::default(), ..town.kari.clone() };
    town.run(alarm(&unknown, &stream, &"it was damaged"));
    town.run(check_open_until(&unknown, Instant::MAX_UTC)).unwrap();
    assert_eq!(granted.alarms(&stream), 0);
    for _ in 0..2 {
        town.run(check_open_until(&town.kari, Instant::MAX_UTC)).unwrap();
        assert_eq!(granted.alarms(&stream), 1);
    }
}

/// A store that loses the next append, and says nothing of it.
struct Losing {
    inner: Arc<dyn EventStore>,
    loses: AtomicBool,
}

#[async_trait]
impl EventStoreDouble for Losing {
    fn inner(&self) -> &dyn EventStore {
        &*self.inner
    }

    async fn append(&self, append: &Append) -> Result<(), AppendError> {
        if self.loses.swap(false, Ordering::Relaxed) {
            return Err(AppendError::Unknown(Unavailable::new("the store", "nobody answered")));
        }
        self.inner.append(append).await
    }
}

#[test]
fn what_may_not_have_been_left_is_left_once_more() {
    let granted = granted();
    let (town, stream) = (&granted.town, granted.of_ledger());
    let store = Losing { inner: Arc::clone(&town.kari.store), loses: AtomicBool::new(true) };
    let workflow = Kari { store: Arc::new(store), ..without_channel(&town.kari) };
    town.run(alarm(&workflow, &stream, &"it was damaged"));
    town.run(check_open_until(&town.kari, Instant::MAX_UTC)).unwrap();
    assert_eq!(granted.alarms(&stream), 1);
}

/// Keeps what it is told, and takes none of it.
#[derive(Default)]
struct Failing(Mutex<Vec<Notification>>);

#[async_trait]
impl Notifier for Failing {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        self.0.lock().unwrap().push(notification.clone());
        Err(Unavailable::new("e-mail", "some letters were not taken"))
    }
}

#[test]
fn what_not_every_channel_took_is_the_same_message_on_another_day() {
    let granted = granted();
    let (town, stream) = (&granted.town, granted.of_ledger());
    let failing = Arc::new(Failing::default());
    let kari = Kari { notifier: failing.clone(), ..town.kari.clone() };
    town.run(alarm(&kari, &stream, &"it was damaged"));
    for _ in 0..2 {
        town.clock.advance_by(TimeDelta::days(1));
        town.run(check_open_until(&kari, Instant::MAX_UTC)).unwrap();
    }
    let told = failing.0.lock().unwrap();
    assert!(told.len() == 3 && told.iter().all(|message| *message == told[0]), "{told:?}");
}

/// Keeps of which streams it is told. Each time takes a while.
struct Slow {
    clock: Arc<ManualClock>,
    told: Mutex<Vec<StreamId>>,
}

#[async_trait]
impl Notifier for Slow {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        self.clock.advance_by(TimeDelta::seconds(15));
        self.told.lock().unwrap().push(notification.stream.clone());
        Ok(())
    }
}

#[test]
fn a_great_many_things_that_nobody_was_told_hold_up_no_check() {
    let granted = granted();
    let town = &granted.town;
    let mut all =
        [StreamId::policies(), StreamId::findings(), StreamId::request(granted.request), granted.of_ledger()];
    all.sort();
    for stream in &all {
        town.run(alarm(&without_channel(&town.kari), stream, &"it was damaged"));
    }
    let slow = Arc::new(Slow { clock: Arc::clone(&town.clock), told: Mutex::default() });
    let kari = Kari { notifier: slow.clone(), ..town.kari.clone() };
    let told_until = |deadline| {
        town.run(check_open_until(&kari, deadline)).unwrap();
        std::mem::take(&mut *slow.told.lock().unwrap())
    };
    assert_eq!(told_until(town.clock.now()), []);
    assert_eq!(told_until(town.clock.now() + TimeDelta::seconds(1)), all[..1]);
    assert_eq!(told_until(Instant::MAX_UTC), all[1..3]);
    assert_eq!(told_until(Instant::MAX_UTC), all[3..]);
}
