//! Copies of the directory that are read at the same time.

use chrono::TimeDelta;
use kari_application::ports::Clock;
use kari_application::sync_directory::sync_directory;
use kari_domain::directory::Snapshot;
use kari_domain::time::Instant;

use crate::town::Town;

/// Somebody else keeps a copy as of then.
fn keep_one_of(town: &Town, synced_at: Instant) {
    let snapshot = town.run(town.kari.read_model.load()).unwrap();
    town.run(town.kari.read_model.save(Snapshot { synced_at, ..(*snapshot).clone() })).unwrap();
}

/// What is kept while the directory is read: the reading began before that, and took its time.
fn kept_after_one_that_was_overtaken(town: &Town, other: Instant) -> Instant {
    keep_one_of(town, other);
    town.run(async {
        let reading = sync_directory(&town.kari).await.unwrap();
        let kept = town.kari.read_model.load().await.unwrap().synced_at;
        assert_eq!(reading, kept);
        kept
    })
}

#[test]
fn a_reading_that_was_overtaken_does_not_replace_what_is_newer() {
    let town = Town::new();
    town.clock.advance_by(TimeDelta::minutes(10));
    // It throttles the reading, which takes its time therefore.
    town.behind(|world, now| world.throttle_for(now, TimeDelta::seconds(3)));
    let meanwhile = town.clock.now() + TimeDelta::seconds(1);
    assert_eq!(kept_after_one_that_was_overtaken(&town, meanwhile), meanwhile);
}

#[test]
fn a_copy_of_the_future_is_replaced_all_the_same() {
    let town = Town::new();
    let now = town.clock.now();
    assert_eq!(kept_after_one_that_was_overtaken(&town, now + TimeDelta::days(400)), now);
}
