//! The same seed is the same run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use kari_simulation::simulation::run;

#[test]
fn the_same_seed_lives_through_the_same_days() {
    for seed in [0, 1, 2, 42, 1_000, 123_456_789] {
        let (one, other) = (run(seed, false), run(seed, true));
        assert_eq!((one.fingerprint, one.steps), (other.fingerprint, other.steps), "seed {seed}");
    }
}

#[test]
fn different_seeds_live_through_different_days() {
    let fingerprints: BTreeSet<String> = (0..20).map(|seed| run(seed, false).fingerprint).collect();
    assert_eq!(fingerprints.len(), 20);
}
