//! How hard the front is pressed: how many calls are under way at a time, how many come within any one
//! second, and how many operations they have under way together. Callers promise to keep all of it small.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use kari_domain::time::Instant;
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::Front;
use crate::identity_center::{Action, Service};

/// How often it is looked whether this process goes on.
const TICK: Duration = Duration::from_millis(50);

/// The most there ever was, since the beginning or since it was last forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Peak {
    pub(super) most_in_flight: usize,
    pub(super) most_in_one_second: usize,
}

#[derive(Debug, Default)]
struct Meter {
    in_flight: usize,
    /// When calls came, within the last second.
    lately: VecDeque<Instant>,
    peak: Peak,
}

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Action(Action),
    Service(Service),
}

#[derive(Debug, Default)]
pub(super) struct Traffic {
    meters: Mutex<BTreeMap<Scope, Meter>>,
    most_operations: AtomicUsize,
    longest_stall_ms: AtomicU64,
}

/// A call under way; dropped when it is answered.
#[derive(Debug)]
pub(super) struct UnderWay<'a> {
    traffic: &'a Traffic,
    action: Action,
}

fn scopes(action: Action) -> [Scope; 2] {
    [Scope::Action(action), Scope::Service(action.service())]
}

impl Meter {
    fn begin(&mut self, now: Instant) {
        self.in_flight += 1;
        while self.lately.front().is_some_and(|at| *at <= now - TimeDelta::seconds(1)) {
            self.lately.pop_front();
        }
        self.lately.push_back(now);
        self.peak.most_in_flight = self.peak.most_in_flight.max(self.in_flight);
        self.peak.most_in_one_second = self.peak.most_in_one_second.max(self.lately.len());
    }
}

impl Traffic {
    pub(super) fn begin(&self, action: Action, now: Instant) -> UnderWay<'_> {
        let mut meters = self.lock();
        for scope in scopes(action) {
            meters.entry(scope).or_default().begin(now);
        }
        UnderWay { traffic: self, action }
    }

    pub(super) fn peak(&self, scope: Scope) -> Peak {
        self.lock().get(&scope).map(|meter| meter.peak).unwrap_or_default()
    }

    /// So many operations are under way now.
    pub(super) fn operations(&self, under_way: usize) {
        self.most_operations.fetch_max(under_way, Ordering::Relaxed);
    }

    /// The most operations that were under way at once.
    pub(super) fn most_operations(&self) -> usize {
        self.most_operations.load(Ordering::Relaxed)
    }

    /// Nothing went on here for so long.
    fn stood_still(&self, length: Duration) {
        let milliseconds = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        self.longest_stall_ms.fetch_max(milliseconds, Ordering::Relaxed);
    }

    /// For how many milliseconds at most nothing went on here.
    pub(super) fn longest_stall_ms(&self) -> u64 {
        self.longest_stall_ms.load(Ordering::Relaxed)
    }

    /// What is under way now, and so many operations, count from the beginning.
    pub(super) fn forget_peaks(&self, operations: usize) {
        self.most_operations.store(operations, Ordering::Relaxed);
        self.longest_stall_ms.store(0, Ordering::Relaxed);
        for meter in self.lock().values_mut() {
            meter.lately.clear();
            meter.peak = Peak { most_in_flight: meter.in_flight, most_in_one_second: 0 };
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Scope, Meter>> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notices where nothing goes on here: whatever came meanwhile then comes at once, however evenly it was sent.
/// NB. In the time that passes, whatever the clock says.
pub(super) async fn notice_stalls(front: Arc<Front>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let due = ticks.tick().await;
        front.traffic.stood_still(due.elapsed());
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut meters = self.traffic.lock();
        for scope in scopes(self.action) {
            if let Some(meter) = meters.get_mut(&scope) {
                meter.in_flight = meter.in_flight.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds)
    }

    #[test]
    fn the_busiest_second_is_the_busiest_wherever_it_begins() {
        let traffic = Traffic::default();
        for milliseconds in [0, 900, 950, 1_000, 1_899, 1_900, 5_000] {
            drop(traffic.begin(Action::ListUsers, at(milliseconds)));
        }
        let peak = traffic.peak(Scope::Action(Action::ListUsers));
        assert_eq!(peak, Peak { most_in_flight: 1, most_in_one_second: 4 });
    }

    #[test]
    fn a_service_is_pressed_by_all_its_operations() {
        let traffic = Traffic::default();
        let under_way = (traffic.begin(Action::ListUsers, at(0)), traffic.begin(Action::ListGroups, at(0)));
        assert_eq!(traffic.peak(Scope::Action(Action::ListUsers)).most_in_flight, 1);
        assert_eq!(traffic.peak(Scope::Service(Service::IdentityStore)).most_in_flight, 2);
        assert_eq!(traffic.peak(Scope::Service(Service::SsoAdmin)), Peak::default());
        drop(under_way.0);
        traffic.forget_peaks(0);
        assert_eq!(traffic.peak(Scope::Service(Service::IdentityStore)).most_in_flight, 1);
    }

    #[test]
    fn the_most_operations_and_the_longest_stall_are_kept_until_they_are_forgotten() {
        let traffic = Traffic::default();
        for (operations, milliseconds) in [(1, 3), (3, 80), (2, 20)] {
            traffic.operations(operations);
            traffic.stood_still(Duration::from_millis(milliseconds));
        }
        assert_eq!((traffic.most_operations(), traffic.longest_stall_ms()), (3, 80));
        traffic.forget_peaks(2);
        assert_eq!((traffic.most_operations(), traffic.longest_stall_ms()), (2, 0));
    }
}
