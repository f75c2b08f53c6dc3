//! Runs many seeds on all cores, says how far it is, and how to replay the first that fails.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use kari_simulation::many::{self, Many};
use kari_simulation::simulation::{REPLAY, run};

const USAGE: &str =
    "usage: cargo run -p kari-simulation --bin simulate -- [--seeds N] [--from SEED] | --story SEED";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mut from, mut seeds, mut story) = (0, 10_000, None);
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().and_then(|value| value.parse::<u64>().ok());
        match (name.as_str(), value) {
            ("--seeds", Some(value)) => seeds = value,
            ("--from", Some(value)) => from = value,
            ("--story", Some(value)) => story = Some(value),
            (_, _) => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    match story {
        Some(seed) => tell(seed),
        None => search(from, seeds),
    }
}

fn tell(seed: u64) -> ExitCode {
    let outcome = run(seed, true);
    outcome.story.iter().for_each(|line| println!("{line}"));
    println!("{} steps, fingerprint {}", outcome.steps, outcome.fingerprint);
    if outcome.violation.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn search(from: u64, seeds: u64) -> ExitCode {
    let Many { coverage, failed } = many::run_many(from..from + seeds, |done| {
        eprint!("\r{done} of {seeds} seeds");
    });
    eprintln!();
    println!("{}", coverage.table());
    for (seed, violation) in &failed {
        println!("seed {seed}: {violation}");
    }
    match failed.first_key_value() {
        None => {
            println!("{seeds} seeds from {from}: nothing wrong was seen");
            ExitCode::SUCCESS
        }
        Some((seed, _)) => {
            println!("{} of {seeds} seeds failed; replay the first with: {REPLAY} {seed}", failed.len());
            ExitCode::FAILURE
        }
    }
}
