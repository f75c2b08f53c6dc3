//! What the timer knows: what is left alone until when, and what is being worked on. Pure; the loop
//! beside asks it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::advance::Advanced;
use kari_application::ports::{Due, ItemKey};
use kari_domain::time::Instant;

/// How often the timer looks at what is due, if nothing wakes it before.
const TICK: TimeDelta = TimeDelta::seconds(1);
/// How long to wait after one failure; doubled with each further one.
const FIRST_RETRY: TimeDelta = TimeDelta::seconds(1);
const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(1);
/// What cannot be understood is looked at rarely: an update of kari may understand it.
const PARKED: TimeDelta = TimeDelta::minutes(10);
/// Nothing is driven again sooner than this.
const SHORTEST_REST: TimeDelta = TimeDelta::milliseconds(200);
/// For what says that it is done while the index still calls it due.
const STALE: TimeDelta = TimeDelta::seconds(30);
/// How long a rest that is over is remembered, for the failures it counts.
const KEPT_AFTER_REST: TimeDelta = TimeDelta::minutes(10);

/// What was found out in this process; forgetting it costs a few needless calls.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    resting: BTreeMap<ItemKey, Rest>,
    /// The assignments that are being worked on: two drives of one would only get in each other's way.
    busy: BTreeSet<ItemKey>,
}

/// Not before an instant, as long as the item is due since the same moment: a change ends the rest.
#[derive(Debug, Clone, Copy)]
struct Rest {
    due_at: Instant,
    until: Instant,
    failures: u32,
}

/// One drive that is over.
pub(super) struct Driven {
    pub(super) due: Due,
    pub(super) lane: ItemKey,
    pub(super) outcome: Result<Advanced, Error>,
}

/// What failed for the first time in a row: the one time that it is logged.
pub(super) struct FirstFailure {
    pub(super) key: ItemKey,
    pub(super) error: Error,
}

impl Agenda {
    /// Whether a due item is left alone now.
    pub(super) fn is_resting(&self, due: &Due, now: Instant) -> bool {
        self.resting.get(&due.key).is_some_and(|rest| rest.due_at == due.at && now < rest.until)
    }

    /// Whether anything is being driven.
    pub(super) fn is_at_work(&self) -> bool {
        !self.busy.is_empty()
    }

    /// Takes a lane, if nobody works on it.
    pub(super) fn take(&mut self, lane: &ItemKey) -> bool {
        self.busy.insert(lane.clone())
    }

    /// Frees the lane, and leaves the item alone until it wants to be driven again.
    pub(super) fn note(&mut self, driven: Driven, now: Instant) -> Option<FirstFailure> {
        let Driven { due, lane, outcome } = driven;
        self.busy.remove(&lane);
        let before = self.resting.get(&due.key).map_or(0, |rest| rest.failures);
        let (length, failures) = match &outcome {
            Ok(Advanced::At(at, _)) => (*at - now, 0),
            Ok(Advanced::Done) => (STALE, 0),
            Err(error) => (rest_after(error, before), before.saturating_add(1)),
        };
        let rest = Rest { due_at: due.at, until: now + length.max(SHORTEST_REST), failures };
        self.resting.insert(due.key.clone(), rest);
        let first = outcome.err().filter(|_| before == 0);
        first.map(|error| FirstFailure { key: due.key, error })
    }

    /// Ends an item's rest: something changed.
    pub(super) fn forget(&mut self, key: &ItemKey) {
        self.resting.remove(key);
    }

    /// What nobody took up again after its rest is due no more.
    pub(super) fn forget_finished(&mut self, now: Instant) {
        self.resting.retain(|_, rest| now < rest.until + KEPT_AFTER_REST);
    }

    /// Until the first rest is over, but never longer than a tick.
    pub(super) fn pause(&self, now: Instant) -> TimeDelta {
        let rests = self.resting.values().map(|rest| rest.until - now);
        rests.filter(|left| *left > TimeDelta::zero()).min().unwrap_or(TICK).min(TICK)
    }
}

/// How long to leave something alone that failed after so many failures in a row.
fn rest_after(error: &Error, failures: u32) -> TimeDelta {
    if matches!(error, Error::Corrupt(_)) {
        return PARKED;
    }
    (FIRST_RETRY * 2_i32.saturating_pow(failures.min(10))).min(LONGEST_RETRY)
}

#[cfg(test)]
mod tests {
    use kari_domain::request::Why;

    use super::*;

    const NOW: Instant = Instant::UNIX_EPOCH;

    fn key(name: &str) -> ItemKey {
        ItemKey(name.to_owned())
    }

    fn due(at: Instant) -> Due {
        Due { key: key("request/1"), at }
    }

    fn corrupt() -> Error {
        Error::Corrupt("newer".to_owned())
    }

    fn after(agenda: &mut Agenda, outcome: Result<Advanced, Error>) -> Option<FirstFailure> {
        agenda.note(Driven { due: due(NOW), lane: key("a"), outcome }, NOW)
    }

    #[test]
    fn nothing_is_driven_before_the_instant_it_asked_for() {
        let mut agenda = Agenda::default();
        let asked = NOW + TimeDelta::minutes(1);
        after(&mut agenda, Ok(Advanced::At(asked, Why::AwaitRemoval)));
        assert!(agenda.is_resting(&due(NOW), asked - TimeDelta::milliseconds(1)));
        assert!(!agenda.is_resting(&due(NOW), asked));
        assert_eq!(agenda.pause(asked - TimeDelta::milliseconds(300)), TimeDelta::milliseconds(300));
        assert_eq!(agenda.pause(NOW), TICK, "it never sleeps longer than a tick");
    }

    #[test]
    fn nothing_is_driven_again_at_once_even_if_it_asks_for_the_past() {
        let mut agenda = Agenda::default();
        after(&mut agenda, Ok(Advanced::At(NOW - TimeDelta::hours(1), Why::AwaitRemoval)));
        assert!(agenda.is_resting(&due(NOW), NOW + SHORTEST_REST - TimeDelta::milliseconds(1)));
        assert!(!agenda.is_resting(&due(NOW), NOW + SHORTEST_REST));
    }

    #[test]
    fn a_change_ends_the_rest() {
        let mut agenda = Agenda::default();
        after(&mut agenda, Ok(Advanced::At(NOW + TimeDelta::hours(1), Why::AwaitRemoval)));
        assert!(!agenda.is_resting(&due(NOW + TimeDelta::seconds(1)), NOW));
        agenda.forget(&due(NOW).key);
        assert!(!agenda.is_resting(&due(NOW), NOW));
    }

    #[test]
    fn two_drives_of_one_lane_never_happen_at_once_and_other_lanes_go_on() {
        let mut agenda = Agenda::default();
        assert!(agenda.take(&key("a")));
        assert!(!agenda.take(&key("a")));
        assert!(agenda.take(&key("b")));
        after(&mut agenda, Err(corrupt()));
        assert!(agenda.take(&key("a")), "a drive that is over has freed its lane, also if it failed");
    }

    #[test]
    fn failures_are_repeated_ever_more_rarely_but_at_least_each_minute() {
        let rests: Vec<_> = (0..8).map(|n| rest_after(&Error::Busy, n).num_seconds()).collect();
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(rest_after(&Error::Busy, u32::MAX), LONGEST_RETRY);
    }

    #[test]
    fn what_cannot_be_understood_is_parked() {
        let mut agenda = Agenda::default();
        after(&mut agenda, Err(corrupt()));
        assert!(agenda.is_resting(&due(NOW), NOW + PARKED - TimeDelta::seconds(1)));
        assert!(!agenda.is_resting(&due(NOW), NOW + PARKED));
    }

    #[test]
    fn only_the_first_failure_in_a_row_is_told() {
        let mut agenda = Agenda::default();
        let told: Vec<_> = [Err(Error::Busy), Err(corrupt()), Ok(Advanced::Done), Err(Error::Busy)]
            .into_iter()
            .map(|outcome| after(&mut agenda, outcome).is_some())
            .collect();
        assert_eq!(told, [true, false, false, true]);
    }

    #[test]
    fn what_is_due_no_more_is_forgotten() {
        let mut agenda = Agenda::default();
        after(&mut agenda, Ok(Advanced::Done));
        agenda.forget_finished(NOW + STALE);
        assert_eq!(agenda.resting.len(), 1);
        agenda.forget_finished(NOW + STALE + KEPT_AFTER_REST);
        assert!(agenda.resting.is_empty());
    }
}
