//! `tests/README.md` says which test proves each failure mode. A name that no test has proves nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many failure modes there are.
const MODES: usize = 48;
/// What a row may say instead of a test, because the part it is about does not exist yet.
const LATER: [&str; 2] = ["with AWS", "with Slack"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rows() -> Vec<(usize, String)> {
    let page = fs::read_to_string(root().join("tests/README.md")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, proof, _] = cells.as_slice() else { return None };
        Some((number.parse().ok()?, (*proof).to_owned()))
    };
    page.lines().filter_map(row).collect()
}

/// The names in backticks.
fn named(proof: &str) -> impl Iterator<Item = &str> {
    proof.split('`').skip(1).step_by(2).filter(|name| name.contains('_'))
}

fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_failure_mode_has_a_row() {
    let numbers: Vec<usize> = rows().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=MODES).collect::<Vec<_>>());
}

#[test]
fn every_row_names_a_proof_and_every_test_it_names_exists() {
    let mut tests = BTreeSet::new();
    for folder in ["shared", "functions", "tests"] {
        functions(&root().join(folder), &mut tests);
    }
    for (number, proof) in rows() {
        let names: Vec<&str> = named(&proof).collect();
        let later = LATER.iter().any(|later| proof.contains(later));
        assert!(!names.is_empty() || later || proof.contains("simulation"), "row {number} proves nothing");
        for name in names {
            assert!(tests.contains(name), "row {number}: there is no test {name}");
        }
    }
}
