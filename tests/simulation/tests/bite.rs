//! Does it bite? Every wrong behaviour is noticed within 2,000 seeds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use kari_simulation::mutant::{ALL, Wrong};
use kari_simulation::simulation::{run, run_wrong};

const SEEDS: u64 = 2_000;

/// The first seed that notices, and what it says.
fn caught(wrong: Wrong) -> (u64, String) {
    let found = (0..SEEDS).find_map(|seed| {
        let violation = run_wrong(seed, false, Some(wrong)).violation?;
        // It says something only of what is fine otherwise.
        run(seed, false).violation.is_none().then_some(())?;
        Some((seed, violation.rule.to_owned()))
    });
    found.unwrap_or_else(|| panic!("{wrong:?} was not noticed in {SEEDS} seeds"))
}

#[test]
fn every_wrong_behaviour_is_noticed() {
    let mut table = vec![];
    for (row, wrong) in ALL {
        let (seed, rule) = caught(wrong);
        table.push(format!("{:<50} row {row:<3} seed {seed:<5} {rule}", format!("{wrong:?}")));
        println!("{}", table.last().unwrap());
    }
}
