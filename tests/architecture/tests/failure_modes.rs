//! `tests/README.md` says which test proves each failure mode. A name that no test has proves nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many failure modes there are.
const MODES: usize = 48;

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

/// Calls `look` with every file of a folder.
fn files(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if !entry.file_type().unwrap().is_dir() {
            look(&path, &fs::read_to_string(&path).unwrap_or_default());
        } else if entry.file_name() != "node_modules" {
            files(&path, look);
        }
    }
}

/// The functions that are run as tests: those with the attribute, not what helps them.
fn rust_tests(text: &str) -> impl Iterator<Item = String> {
    let mut is_test = false;
    text.lines().map(str::trim).filter_map(move |line| {
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        if line.starts_with("#[") || line.starts_with("//") {
            return None;
        }
        std::mem::take(&mut is_test).then(|| function(line)).flatten()
    })
}

/// The laws of a port: each adapter's tests call every one of them.
fn laws(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| line.starts_with("pub ")).filter_map(function)
}

fn function(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("fn ")?;
    rest.split(['(', '<']).next().map(str::to_owned)
}

/// The rows for which the simulation knows a wrong behaviour that it notices: `(8, Wrong::…)`.
fn mutants(text: &str) -> impl Iterator<Item = usize> {
    text.lines().filter_map(|line| {
        let (number, _) = line.trim().strip_prefix('(')?.split_once(", Wrong::")?;
        number.parse().ok()
    })
}

/// The titles of browser tests, written as names.
fn titles(text: &str) -> impl Iterator<Item = String> {
    let titles = text.split("test(\"").skip(1).filter_map(|rest| rest.split('"').next());
    titles.map(|title| title.replace(' ', "_"))
}

/// The methods of Python's test cases, by what stands behind `test_`.
fn python_tests(text: &str) -> impl Iterator<Item = String> {
    let tests = text.lines().filter_map(|line| line.trim().strip_prefix("def test_"));
    tests.filter_map(|test| test.split('(').next()).map(str::to_owned)
}

fn all_tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for folder in ["shared", "functions", "tests"] {
        files(&root().join(folder), &mut |path, text| {
            let name = path.to_string_lossy();
            if name.contains("/application/src/contract/") {
                tests.extend(laws(text));
            } else if name.ends_with(".rs") {
                tests.extend(rust_tests(text));
            } else if name.ends_with(".test.js") {
                tests.extend(titles(text));
            } else if path.extension().is_some_and(|extension| extension == "py") {
                tests.extend(python_tests(text));
            }
        });
    }
    tests
}

/// What the simulation proves: rows by its mutants, and stories, which are told to prove one.
struct Simulated {
    mutants: BTreeSet<usize>,
    stories: BTreeSet<String>,
}

impl Simulated {
    fn read() -> Self {
        let simulation = root().join("tests/simulation");
        let mutants = mutants(&fs::read_to_string(simulation.join("src/mutant.rs")).unwrap()).collect();
        let mut stories = BTreeSet::new();
        files(&simulation.join("tests/stories"), &mut |_, text| stories.extend(rust_tests(text)));
        Self { mutants, stories }
    }

    /// NB. That a simulation runs proves nothing: it must be known to notice the very thing.
    fn proves(&self, number: usize, proof: &str) -> bool {
        self.mutants.contains(&number) || named(proof).any(|name| self.stories.contains(name))
    }
}

#[test]
fn a_helper_is_no_test() {
    let text =
        "#[test]\n#[cfg(unix)]\nfn a_test() {}\nfn a_helper() {}\n#[tokio::test]\nasync fn another() {}";
    assert_eq!(rust_tests(text).collect::<Vec<_>>(), ["a_test", "another"]);
    assert_eq!(laws("pub async fn a_law(x: X) {}\nfn helps() {}").collect::<Vec<_>>(), ["a_law"]);
    assert_eq!(titles("test(\"one presses a key\", async").collect::<Vec<_>>(), ["one_presses_a_key"]);
}

#[test]
fn a_row_is_proved_by_simulation_only_with_a_mutant_or_a_story_of_its_own() {
    let text = "    (8, Wrong::Code(Mutant::A)),\n    (9, Wrong::Surroundings(B)),\n    // (10, Wrong\n    (11, 12),";
    let simulated = Simulated { mutants: mutants(text).collect(), stories: ["a_story".to_owned()].into() };
    let proved: Vec<_> = (7..=12).filter(|number| simulated.proves(*number, "simulation")).collect();
    assert_eq!(proved, [8, 9]);
    assert!(simulated.proves(7, "`a_story` · simulation"));
    assert!(!simulated.proves(7, "`another_test` · simulation"));
}

#[test]
fn every_row_that_says_simulation_has_a_mutant_or_a_story() {
    let simulated = Simulated::read();
    assert!(simulated.mutants.len() > 10 && simulated.stories.len() > 10, "they are read");
    for (number, proof) in rows().iter().filter(|(_, proof)| proof.contains("simulation")) {
        assert!(
            simulated.proves(*number, proof),
            "row {number}: the simulation has no mutant and no story for it"
        );
    }
}

#[test]
fn every_failure_mode_has_a_row() {
    let numbers: Vec<usize> = rows().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=MODES).collect::<Vec<_>>());
}

#[test]
fn every_row_names_a_proof_and_every_test_it_names_exists() {
    let tests = all_tests();
    for (number, proof) in rows() {
        let names: Vec<&str> = named(&proof).collect();
        assert!(!names.is_empty() || proof.contains("simulation"), "row {number} proves nothing");
        for name in names {
            assert!(tests.contains(name), "row {number}: there is no test {name}");
        }
    }
}
