//! How hard the front is pressed: how many calls are under way at a time, and how many come within any
//! one second. Callers promise to keep both small.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use kari_domain::time::Instant;
use serde::Serialize;

use crate::identity_center::{Action, Service};

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
pub(super) struct Traffic(Mutex<BTreeMap<Scope, Meter>>);

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

    /// What is under way now counts from the beginning.
    pub(super) fn forget_peaks(&self) {
        for meter in self.lock().values_mut() {
            meter.lately.clear();
            meter.peak = Peak { most_in_flight: meter.in_flight, most_in_one_second: 0 };
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Scope, Meter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        traffic.forget_peaks();
        assert_eq!(traffic.peak(Scope::Service(Service::IdentityStore)).most_in_flight, 1);
    }
}
