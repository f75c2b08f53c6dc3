//! The contract of `Clock`, passed by the clocks beside the machine's own.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::task::Poll;

use chrono::TimeDelta;
use futures::executor::block_on;
use kari_application::contract::clock as law;
use kari_application::ports::Clock;
use kari_domain::time::Instant;
use kari_embedded::clock::{ManualClock, VirtualClock};
use kari_embedded::store::SqliteStore;

fn manual() -> ManualClock {
    ManualClock::new(Instant::UNIX_EPOCH)
}

fn virtual_clock() -> VirtualClock {
    VirtualClock::open(Arc::new(SqliteStore::in_memory().unwrap())).unwrap()
}

#[test]
fn no_clock_ever_goes_back() {
    law::the_clock_never_goes_back(&virtual_clock());
    law::the_clock_never_goes_back(&manual());
}

#[tokio::test]
async fn after_a_sleep_its_length_has_passed() {
    law::after_a_sleep_its_length_has_passed(&virtual_clock(), TimeDelta::milliseconds(2)).await;
}

#[test]
fn after_a_sleep_its_length_has_passed_on_a_clock_that_is_moved() {
    let clock = manual();
    let mover = async {
        while clock.now() < Instant::UNIX_EPOCH + TimeDelta::seconds(60) {
            clock.advance_by(TimeDelta::seconds(1));
            yield_once().await;
        }
    };
    let law = law::after_a_sleep_its_length_has_passed(&clock, TimeDelta::seconds(5));
    block_on(async { futures::join!(law, mover) });
}

#[test]
fn sleepers_wake_when_the_clock_reaches_their_instant_and_not_before() {
    let clock = Arc::new(manual());
    let sleeper = std::thread::spawn({
        let clock = Arc::clone(&clock);
        move || {
            block_on(clock.sleep(TimeDelta::seconds(10)));
            clock.now()
        }
    });
    while clock.next_wake().is_none() {
        std::thread::yield_now();
    }
    let until = Instant::UNIX_EPOCH + TimeDelta::seconds(10);
    clock.advance_to(until - TimeDelta::seconds(1));
    assert_eq!(clock.next_wake(), Some(until));
    clock.advance_to(Instant::UNIX_EPOCH);
    assert_eq!(clock.now(), until - TimeDelta::seconds(1));
    clock.advance_to(until);
    assert_eq!(sleeper.join().unwrap(), until);
    assert_eq!(clock.next_wake(), None);
}

/// Lets whoever else is polled together with us have a turn.
async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
