//! The contracts of `Clock` and `Ids`, passed by what every machine has.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::contract::clock as law;
use kari_application::ports::{Clock, Ids};
use kari_domain::time::Instant;
use kari_machine::{RandomIds, SeededIds, SystemClock};

#[test]
fn the_machines_clock_never_goes_back() {
    law::the_clock_never_goes_back(&SystemClock::default());
}

#[tokio::test]
async fn after_a_sleep_its_length_has_passed() {
    law::after_a_sleep_its_length_has_passed(&SystemClock::default(), TimeDelta::milliseconds(2)).await;
}

fn random() -> RandomIds {
    RandomIds::new(Arc::new(SystemClock::default())).unwrap()
}

#[test]
fn ids_are_never_given_twice() {
    law::ids_are_never_given_twice(&SeededIds::new(1));
    law::ids_are_never_given_twice(&random());
}

#[test]
fn jitter_keeps_to_its_limit_and_is_spread_evenly() {
    law::jitter_keeps_to_its_limit_and_is_spread_evenly(&SeededIds::new(1));
    law::jitter_keeps_to_its_limit_and_is_spread_evenly(&random());
}

#[test]
fn a_seed_gives_the_same_ids_in_every_run_and_another_seed_gives_others() {
    let draw = |seed| {
        let ids = SeededIds::new(seed);
        (0..10).map(|_| (ids.fresh(), ids.jitter(TimeDelta::minutes(1)))).collect::<Vec<_>>()
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
}

/// A clock that is a millisecond later each time it is read.
#[derive(Default)]
struct Ticking(AtomicI64);

#[async_trait]
impl Clock for Ticking {
    fn now(&self) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::milliseconds(self.0.fetch_add(1, Ordering::SeqCst))
    }

    async fn sleep(&self, _: TimeDelta) {}
}

#[test]
fn random_ids_of_later_moments_sort_later() {
    let ids = RandomIds::new(Arc::new(Ticking::default())).unwrap();
    let drawn: Vec<_> = (0..100).map(|_| ids.fresh()).collect();
    assert!(drawn.is_sorted());
}
