//! Two thousand seeds, and everything that can happen happens in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use kari_domain::ledger::{ProvenAbsence, TroubleCode};
use kari_simulation::chaos::Mishap;
use kari_simulation::coverage::{Coverage, befalls, gaps};
use kari_simulation::many::{Many, run_many};
use kari_simulation::scenes::play_what_is_missing;
use kari_simulation::simulation::REPLAY;
use strum::VariantArray;

const SEEDS: u64 = 2_000;

/// What follows from mishaps, by what the coverage counts it under.
fn consequences() -> Vec<String> {
    let codes = [TroubleCode::AccountClosed, TroubleCode::AccountOutOfReach, TroubleCode::AccountSuspended];
    let blocked = codes.map(|code| format!("blocked: {code}"));
    let proven =
        [ProvenAbsence::PermissionSet, ProvenAbsence::User].map(|proof| format!("proven absent: {proof:?}"));
    let others = [
        "what was out of reach came back",
        "what was damaged was put right",
        "putting a state item right lost a race",
    ];
    blocked.into_iter().chain(proven).chain(others.map(str::to_owned)).collect()
}

fn mishaps_missing(coverage: &Coverage) -> Vec<String> {
    let mut missing = vec![];
    for mishap in Mishap::VARIANTS {
        for state in befalls(*mishap) {
            if !coverage.mishaps.contains_key(&(*mishap, *state)) {
                missing.push(format!("never: {mishap:?} × {state:?}"));
            }
        }
    }
    missing
}

fn untouched(coverage: &Coverage) -> Vec<String> {
    let missing = consequences().into_iter().filter(|what| !coverage.other.contains_key(what));
    gaps(coverage).into_iter().chain(mishaps_missing(coverage)).chain(missing).collect()
}

#[test]
fn in_two_thousand_seeds_access_always_ends_and_nothing_that_can_happen_is_missing() {
    let Many { mut coverage, failed } = run_many(0..SEEDS, |_| {});
    coverage.add(&play_what_is_missing(&coverage));
    println!("{}", coverage.table());
    let failures: Vec<_> =
        failed.iter().map(|(seed, violation)| format!("seed {seed}: {violation}")).collect();
    assert!(failures.is_empty(), "replay with `{REPLAY} SEED`:\n{}", failures.join("\n"));
    assert_eq!(untouched(&coverage), Vec::<String>::new());
}
