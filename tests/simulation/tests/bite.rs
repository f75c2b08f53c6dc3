//! Does it bite? Every wrong behaviour is noticed within 2,000 seeds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kari_simulation::mutant::{ALL, Wrong};
use kari_simulation::simulation::{run, run_wrong};

const SEEDS: u64 = 2_000;

/// A seed that notices by the rule that is meant for it. Where the likely one does not any more, the first one.
fn caught(wrong: Wrong, likely: u64, rule: &str) -> Option<u64> {
    assert!(likely < SEEDS);
    std::iter::once(likely).chain(0..SEEDS).find(|seed| {
        let noticed = run_wrong(*seed, false, Some(wrong)).violation.is_some_and(|found| found.rule == rule);
        // It says something only of what is fine otherwise.
        noticed && run(*seed, false).violation.is_none()
    })
}

#[test]
fn every_wrong_behaviour_there_is_has_its_row_and_is_tried_once() {
    let tried: BTreeSet<Wrong> = ALL.iter().map(|(_, wrong, ..)| *wrong).collect();
    assert_eq!(tried, Wrong::variants().collect());
    assert_eq!(tried.len(), ALL.len());
}

#[test]
fn every_wrong_behaviour_is_noticed() {
    let (next, missed) = (AtomicUsize::new(0), Mutex::new(vec![]));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((row, wrong, likely, rule)) = ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match caught(*wrong, *likely, rule) {
                        Some(seed) => {
                            println!("{:<40} row {row:<3} seed {seed:<5} {rule}", format!("{wrong:?}"));
                        }
                        None => missed.lock().unwrap().push(*wrong),
                    }
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert_eq!(missed, [], "not noticed in {SEEDS} seeds");
}
