//! The laws of [`Clock`](crate::ports::Clock) and [`Ids`](crate::ports::Ids).

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::ports::{Clock, Ids};

pub fn the_clock_never_goes_back(clock: &dyn Clock) {
    let mut before = clock.now();
    for _ in 0..1000 {
        let now = clock.now();
        assert!(now >= before, "{now} came after {before}");
        before = now;
    }
}

/// `length` is how long the law may take on a clock that really runs.
pub async fn after_a_sleep_its_length_has_passed(clock: &dyn Clock, length: TimeDelta) {
    for length in [TimeDelta::zero(), -length, length] {
        let before = clock.now();
        clock.sleep(length).await;
        assert!(clock.now() - before >= length);
    }
}

pub fn ids_are_never_given_twice(ids: &dyn Ids) {
    let given: BTreeSet<_> = (0..10_000).map(|_| ids.fresh()).collect();
    assert_eq!(given.len(), 10_000);
}

pub fn jitter_keeps_to_its_limit_and_is_spread_evenly(ids: &dyn Ids) {
    assert_eq!(ids.jitter(TimeDelta::zero()), TimeDelta::zero());
    let mut quarters = [0; 4];
    for _ in 0..4000 {
        let drawn = ids.jitter(TimeDelta::seconds(4));
        assert!((TimeDelta::zero()..=TimeDelta::seconds(4)).contains(&drawn), "{drawn}");
        quarters[usize::try_from(drawn.num_seconds().min(3)).unwrap()] += 1;
    }
    // Ten standard deviations: it will not fail by chance.
    assert!(quarters.iter().all(|n| (725..=1275).contains(n)), "{quarters:?}");
}
