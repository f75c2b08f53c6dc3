//! The queue that all functions share, against DynamoDB's own engine: each caller is a process of its
//! own as far as the queue can tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta};
use futures::future::join_all;
use kari_application::ports::{CallError, Clock};
use kari_aws::identity_center::{InMemory, Lane, Limit, Limiter, Rate};
use kari_domain::ids::{Target, Tuple};
use kari_domain::time::Instant;

/// A clock that stands still but for each look at it, and remembers until when somebody would have slept.
struct Frozen {
    now: AtomicI64,
    a_look_takes: i64,
    slept_until: AtomicI64,
}

impl Frozen {
    fn at(milliseconds: i64) -> Arc<Self> {
        Self::slowly(milliseconds, 0)
    }

    fn slowly(milliseconds: i64, a_look_takes: i64) -> Arc<Self> {
        let (now, slept_until) = (AtomicI64::new(milliseconds), AtomicI64::new(milliseconds));
        Arc::new(Self { now, a_look_takes, slept_until })
    }
}

#[async_trait]
impl Clock for Frozen {
    fn now(&self) -> Instant {
        let before = self.now.fetch_add(self.a_look_takes, Ordering::SeqCst);
        DateTime::from_timestamp_millis(before + self.a_look_takes).unwrap()
    }

    async fn sleep(&self, length: TimeDelta) {
        let until = self.now.load(Ordering::SeqCst) + length.num_milliseconds();
        self.slept_until.store(until, Ordering::SeqCst);
    }
}

const NOON: i64 = 1_800_000_000_000;

fn limiter(table: &str, clock: &Arc<Frozen>) -> Limiter {
    Limiter::new(crate::support::client(), table, clock.clone(), Rate::default())
}

fn tuple(number: usize) -> Tuple {
    Tuple {
        principal: format!("u-{number}").parse().unwrap(),
        target: Target {
            account: "111122223333".parse().unwrap(),
            permission_set: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap(),
        },
    }
}

/// When the turn of one caller comes, in milliseconds from noon; `None` if it is told to come later.
async fn turn(table: &str, lane: Lane) -> Option<i64> {
    let clock = Frozen::at(NOON);
    match limiter(table, &clock).pass(lane).await {
        Ok(()) => Some(clock.slept_until.load(Ordering::SeqCst) - NOON),
        Err(error) => {
            assert!(matches!(error, CallError::Throttled), "{error}");
            None
        }
    }
}

#[tokio::test]
async fn calls_of_all_functions_together_are_spread_over_time() {
    let table = crate::support::new_table().await;
    let turns = join_all((0..30).map(|_| turn(&table, Lane::Endings))).await;
    let mut turns: Vec<_> = turns.into_iter().flatten().collect();
    turns.sort_unstable();
    assert_eq!(turns.len(), 30);
    let expected: Vec<_> = (0..30).map(|place| place * 100).collect();
    assert_eq!(turns, expected, "one each tenth of a second");
}

#[tokio::test]
async fn whoever_reserves_slowly_comes_at_its_place_all_the_same_and_not_later() {
    let table = crate::support::new_table().await;
    assert_eq!(turn(&table, Lane::Endings).await, Some(0));
    assert_eq!(turn(&table, Lane::Endings).await, Some(100));
    let slow = Frozen::slowly(NOON, 50);
    limiter(&table, &slow).pass(Lane::Endings).await.unwrap();
    assert_eq!(slow.slept_until.load(Ordering::SeqCst), NOON + 2 * 100);
}

#[tokio::test]
async fn whoever_is_too_late_for_its_place_takes_another_one_but_not_for_ever() {
    let table = crate::support::new_table().await;
    assert_eq!(turn(&table, Lane::Endings).await, Some(0));
    let slow = Frozen::slowly(NOON, 300);
    limiter(&table, &slow).pass(Lane::Endings).await.unwrap();
    // Three looks at the clock for each of three places, the last of which was reserved at the seventh look.
    assert_eq!(turn(&table, Lane::Endings).await, Some(7 * 300 + 100));
}

#[tokio::test]
async fn the_more_important_a_call_is_the_longer_it_waits_for_its_turn() {
    let table = crate::support::new_table().await;
    let mut waited = vec![];
    for lane in [Lane::Background, Lane::Activations, Lane::Endings] {
        let mut longest = 0;
        while let Some(turn) = turn(&table, lane).await {
            longest = turn;
        }
        waited.push(longest);
    }
    assert_eq!(waited.len(), 3);
    assert!(waited.is_sorted() && waited[0] <= 300 && waited[1] <= 1_500 && waited[2] <= 4_000, "{waited:?}");
    assert!(waited[1] > 1_300 && waited[2] > 3_800, "{waited:?}");
}

#[tokio::test]
async fn a_queue_that_nobody_stands_in_lets_one_through_at_once() {
    let table = crate::support::new_table().await;
    assert_eq!(turn(&table, Lane::Endings).await, Some(0));
    let later = Frozen::at(NOON + 60_000);
    limiter(&table, &later).pass(Lane::Background).await.unwrap();
    assert_eq!(later.slept_until.load(Ordering::SeqCst), NOON + 60_000);
}

#[tokio::test]
async fn a_clock_that_is_an_hour_fast_keeps_nobody_else_waiting() {
    let table = crate::support::new_table().await;
    let fast = limiter(&table, &Frozen::at(NOON + 3_600_000));
    for (number, expected) in [(1, 0), (2, 100), (3, 0)] {
        if number != 2 {
            fast.begin(Lane::Activations, &tuple(number)).await.unwrap();
        }
        assert_eq!(turn(&table, Lane::Endings).await, Some(expected));
    }
    // What the fast one began is forgotten where room is needed.
    assert_eq!(begun(&table, Lane::Endings, 20..40, NOON + 1_000).await, 15);
}

/// Begins operations one after the other, each with time enough; how many were let through.
async fn begun(table: &str, lane: Lane, numbers: std::ops::Range<usize>, from: i64) -> usize {
    let mut begun = 0;
    for number in numbers {
        let clock = Frozen::at(from + 1_000 * i64::try_from(number).unwrap());
        begun += usize::from(limiter(table, &clock).begin(lane, &tuple(number)).await.is_ok());
    }
    begun
}

#[tokio::test]
async fn activations_hold_off_before_removals_do() {
    let table = crate::support::new_table().await;
    assert_eq!(begun(&table, Lane::Activations, 0..20, NOON).await, 10);
    assert_eq!(begun(&table, Lane::Endings, 20..40, NOON).await, 5);
    assert_eq!(begun(&table, Lane::Activations, 40..45, NOON).await, 0);
}

#[tokio::test]
async fn an_operation_that_is_over_or_forgotten_makes_room() {
    let table = crate::support::new_table().await;
    assert_eq!(begun(&table, Lane::Activations, 0..10, NOON).await, 10);
    let clock = Frozen::at(NOON + 20_000);
    limiter(&table, &clock).end(&tuple(3)).await;
    assert_eq!(begun(&table, Lane::Activations, 30..32, NOON).await, 1);
    // Eleven minutes later nobody has seen the end of any of them.
    assert_eq!(begun(&table, Lane::Activations, 40..60, NOON + 660_000).await, 10);
}

#[tokio::test]
async fn the_same_operation_begun_again_counts_once() {
    let table = crate::support::new_table().await;
    for second in 0..12 {
        let clock = Frozen::at(NOON + 1_000 * second);
        limiter(&table, &clock).begin(Lane::Activations, &tuple(1)).await.unwrap();
    }
    assert_eq!(begun(&table, Lane::Activations, 20..40, NOON).await, 9);
}

#[tokio::test]
async fn operations_that_are_tried_again_and_again_are_forgotten_all_the_same() {
    let (table, clock) = (crate::support::new_table().await, Frozen::at(NOON));
    let memory = InMemory::new(clock.clone(), Rate::default());
    for minute in 0..10 {
        let now = NOON + 60_000 * minute;
        assert_eq!(begun(&table, Lane::Activations, 0..10, now).await, 10, "{minute}");
        clock.now.store(now, Ordering::SeqCst);
        for number in 0..10 {
            clock.now.fetch_add(1_000, Ordering::SeqCst);
            memory.begin(Lane::Activations, &tuple(number)).await.unwrap();
        }
    }
    // Eleven minutes after their first time.
    assert_eq!(begun(&table, Lane::Activations, 40..60, NOON + 660_000).await, 10);
    clock.now.store(NOON + 660_000, Ordering::SeqCst);
    memory.begin(Lane::Activations, &tuple(40)).await.unwrap();
}

#[tokio::test]
async fn one_process_waits_in_memory_by_the_same_rules() {
    let clock = Frozen::at(NOON);
    let limiter = InMemory::new(clock.clone(), Rate::default());
    let mut longest = 0;
    while limiter.pass(Lane::Activations).await.is_ok() {
        longest = clock.slept_until.load(Ordering::SeqCst) - NOON;
    }
    assert!((1_300..=1_500).contains(&longest), "{longest}");
    limiter.pass(Lane::Endings).await.unwrap();

    clock.now.store(NOON + 60_000, Ordering::SeqCst);
    let mut begun = 0;
    for (number, lane) in (0..20).map(|n| (n, Lane::Activations)).chain((20..40).map(|n| (n, Lane::Endings)))
    {
        clock.now.fetch_add(1_000, Ordering::SeqCst);
        begun += usize::from(limiter.begin(lane, &tuple(number)).await.is_ok());
    }
    assert_eq!(begun, 15, "ten of the first, and five of those that are more important");
    limiter.begin(Lane::Activations, &tuple(3)).await.unwrap();
    limiter.end(&tuple(3)).await;
    clock.now.fetch_add(1_000, Ordering::SeqCst);
    limiter.begin(Lane::Endings, &tuple(50)).await.unwrap();
    // Eleven minutes later nobody has seen the end of any of them.
    clock.now.fetch_add(660_000, Ordering::SeqCst);
    limiter.begin(Lane::Activations, &tuple(60)).await.unwrap();
}
