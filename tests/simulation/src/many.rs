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
    let (mut many, mut done) = (Many::default(), 0);
    on_all_cores(
        seeds,
        |seed| catch_unwind(|| run(seed, false)),
        |seed, lived| {
            match lived {
                Ok(outcome) => {
                    many.coverage.add(&outcome.coverage);
                    many.failed.extend(outcome.violation.map(|violation| (seed, violation)));
                }
                Err(panic) => {
                    many.failed.insert(seed, Violation::of_panic(&*panic));
                }
            }
            done += 1;
            if done % EACH == 0 {
                progress(done);
            }
        },
    );
    many
}

/// Works on each of these numbers, on all cores. What comes of it is taken one after the other.
pub(crate) fn on_all_cores<T>(
    numbers: Range<u64>,
    work: impl Fn(u64) -> T + Sync,
    take: impl FnMut(u64, T) + Send,
) {
    let (next, take) = (AtomicU64::new(numbers.start), Mutex::new(take));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(number) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < numbers.end)
                {
                    let done = work(number);
                    let mut take = take.lock().unwrap_or_else(PoisonError::into_inner);
                    (*take)(number, done);
                }
            });
        }
    });
}
