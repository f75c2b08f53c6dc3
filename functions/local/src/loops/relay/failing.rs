//! What the relay failed with, and leaves alone for a while. Pure; the loop beside asks it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kari_domain::time::Instant;

/// How long to wait after one failure; doubled with each further one.
const FIRST_RETRY: TimeDelta = TimeDelta::seconds(1);
const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(1);

/// What was found out in this process, by position in the outbox; forgetting it costs a few needless calls.
#[derive(Debug, Default)]
pub(super) struct Failing(BTreeMap<i64, Rest>);

#[derive(Debug, Clone, Copy)]
struct Rest {
    until: Instant,
    failures: u32,
}

impl Failing {
    /// Whether an event is left alone now.
    pub(super) fn is_resting(&self, position: i64, now: Instant) -> bool {
        self.0.get(&position).is_some_and(|rest| now < rest.until)
    }

    /// Whether it failed before: then nothing is said of it again.
    pub(super) fn has_failed(&self, position: i64) -> bool {
        self.0.contains_key(&position)
    }

    /// Leaves an event alone, the longer the more often it failed.
    pub(super) fn failed(&mut self, position: i64, now: Instant) {
        let before = self.0.get(&position).map_or(0, |rest| rest.failures);
        let length = (FIRST_RETRY * 2_i32.saturating_pow(before.min(10))).min(LONGEST_RETRY);
        self.0.insert(position, Rest { until: now + length, failures: before.saturating_add(1) });
    }

    /// Forgets an event that was told of.
    pub(super) fn is_over(&mut self, position: i64) {
        self.0.remove(&position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::UNIX_EPOCH;

    #[test]
    fn failures_are_repeated_ever_more_rarely_but_at_least_each_minute() {
        let mut failing = Failing::default();
        let mut now = NOW;
        let rests: Vec<_> = (0..8)
            .map(|_| {
                failing.failed(1, now);
                let before = now;
                while failing.is_resting(1, now) {
                    now += TimeDelta::seconds(1);
                }
                (now - before).num_seconds()
            })
            .collect();
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn what_is_over_fails_for_the_first_time_again_and_others_are_not_touched() {
        let mut failing = Failing::default();
        assert!(!failing.has_failed(1) && !failing.is_resting(1, NOW));
        failing.failed(1, NOW);
        assert!(failing.has_failed(1) && !failing.has_failed(2));
        failing.is_over(1);
        assert!(!failing.has_failed(1) && !failing.is_resting(1, NOW));
    }
}
