//! Many seeds, on all cores.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::coverage::Coverage;
use crate::simulation::run;
use crate::watch::Violation;

/// How often progress is told.
const EACH: u64 = 100;

/// What came of many runs.
#[derive(Debug, Default)]
pub struct Many {
    pub coverage: Coverage,
    pub failed: BTreeMap<u64, Violation>,
}

/// Lives through all these seeds; `progress` is told how many are done. One that panics is among the failed.
pub fn run_many(seeds: Range<u64>, progress: impl Fn(u64) + Sync) -> Many {
    let (next, done, many) = (AtomicU64::new(seeds.start), AtomicU64::new(0), Mutex::new(Many::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end)
                {
                    let lived = catch_unwind(|| run(seed, false));
                    let mut many = many.lock().unwrap_or_else(PoisonError::into_inner);
                    match lived {
                        Ok(outcome) => {
                            many.coverage.add(&outcome.coverage);
                            many.failed.extend(outcome.violation.map(|violation| (seed, violation)));
                        }
                        Err(panic) => {
                            many.failed.insert(seed, Violation::of_panic(&*panic));
                        }
                    }
                    let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                    if done.is_multiple_of(EACH) {
                        progress(done);
                    }
                }
            });
        }
    });
    many.into_inner().unwrap_or_else(PoisonError::into_inner)
}
