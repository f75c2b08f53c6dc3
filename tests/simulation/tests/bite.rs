//! Does it bite? Every wrong behaviour is noticed within 2,000 seeds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kari_simulation::mutant::{ALL, Wrong};
use kari_simulation::simulation::{run, run_wrong};

const SEEDS: u64 = 2_000;

/// A seed that notices, and what it says. Where the likely one does not any more, the first one.
fn caught(wrong: Wrong, likely: u64) -> Option<(u64, &'static str)> {
    assert!(likely < SEEDS);
    std::iter::once(likely).chain(0..SEEDS).find_map(|seed| {
        let violation = run_wrong(seed, false, Some(wrong)).violation?;
        // It says something only of what is fine otherwise.
        run(seed, false).violation.is_none().then_some((seed, violation.rule))
    })
}

#[test]
fn every_wrong_behaviour_there_is_has_its_row_and_is_tried_once() {
    let tried: BTreeSet<Wrong> = ALL.iter().map(|(_, wrong, _)| *wrong).collect();
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
                while let Some((row, wrong, likely)) = ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match caught(*wrong, *likely) {
                        Some((seed, rule)) => {
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
