//! What occurred how often: which event in which state after which kind of fault, and which deed in
//! which state after which kind of fault with which outcome.

mod cells;
mod kinds;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::ledger::Presence;
use kari_domain::request::RequestState;

use crate::chaos::Mishap;
use crate::commands::DeedKind;
use crate::ports::Port;
use crate::tasks::TaskId;

pub use cells::{Row, Table, befalls, excuse, gaps, rows};
pub use kinds::{LedgerKind, RequestKind};

/// A kind of trouble met since the stream was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Struck {
    /// No trouble.
    Calm,
    /// The store did not answer.
    Store,
    /// An append's outcome was not told.
    Untold,
    /// Identity Center refused, throttled or did not answer.
    IdentityCenter,
    /// The directory, or what is read from it, did not answer.
    Directory,
    /// The process died since the stream was last written.
    Crash,
}

/// Counts.
#[derive(Debug, Default, Clone)]
pub struct Coverage {
    current: TaskId,
    /// What each task is about, as far as it is known when it starts.
    subjects: BTreeMap<TaskId, Vec<String>>,
    /// What each person's task does, and in which states, one for each answer.
    deeds: BTreeMap<TaskId, (DeedKind, Vec<RequestState>)>,
    struck: BTreeMap<TaskId, BTreeSet<Struck>>,
    /// What struck since the last event of a stream.
    pending: BTreeMap<String, BTreeSet<Struck>>,
    cells: BTreeMap<(Row, Struck), u64>,
    /// How often a fault struck.
    pub faults: BTreeMap<(Port, &'static str), u64>,
    /// How often a deed met a state, and how it was answered.
    pub answers: BTreeMap<(DeedKind, &'static str, String), u64>,
    /// How often a mishap befell what requests in a state are about.
    pub mishaps: BTreeMap<(Mishap, RequestState), u64>,
    /// How often something else worth counting occurred.
    pub other: BTreeMap<String, u64>,
}

impl Coverage {
    /// This task runs from now on.
    pub fn enter(&mut self, task: TaskId) {
        self.current = task;
    }

    /// A fault struck the running task.
    pub fn fault(&mut self, port: Port, kind: &'static str) {
        *self.faults.entry((port, kind)).or_default() += 1;
        let struck = match port {
            Port::Store if kind.starts_with("append") => Struck::Untold,
            Port::Store => Struck::Store,
            Port::Assignments => Struck::IdentityCenter,
            Port::Directory | Port::Policies | Port::ReadModel | Port::Notifier | Port::Workflow => {
                Struck::Directory
            }
        };
        self.struck.entry(self.current).or_default().insert(struck);
        for subject in self.subjects.get(&self.current).into_iter().flatten() {
            self.pending.entry(subject.clone()).or_default().insert(struck);
        }
    }

    /// A task is about these streams.
    pub fn about(&mut self, task: TaskId, subjects: Vec<String>) {
        self.subjects.insert(task, subjects);
    }

    /// A task is what a person does.
    pub(crate) fn deed(&mut self, task: TaskId, kind: DeedKind, states: Vec<RequestState>) {
        self.deeds.insert(task, (kind, states));
    }

    /// The process died.
    pub fn crash(&mut self, running: &[TaskId]) {
        self.count("crash");
        for task in running {
            for subject in self.subjects.get(task).into_iter().flatten() {
                self.pending.entry(subject.clone()).or_default().insert(Struck::Crash);
            }
            self.struck.entry(*task).or_default().insert(Struck::Crash);
            let answers = self.deeds.get(task).map_or(0, |(_, states)| states.len());
            for place in 0..answers {
                self.answered(*task, place, "died with the process");
            }
        }
    }

    /// Something else worth counting.
    pub fn count(&mut self, what: impl Into<String>) {
        *self.other.entry(what.into()).or_default() += 1;
    }

    /// A mishap befell what a request in this state is about.
    pub(crate) fn mishap(&mut self, mishap: Mishap, state: RequestState) {
        *self.mishaps.entry((mishap, state)).or_default() += 1;
    }

    pub(crate) fn conflict(&mut self) {
        self.count("append lost a race");
    }

    /// What a task met, and what struck a stream since it was last written.
    pub(crate) fn struck(&mut self, stream: &str, task: TaskId) -> BTreeSet<Struck> {
        let pending = self.pending.remove(stream).unwrap_or_default();
        or_calm(self.met_by(task).chain(pending).collect())
    }

    fn met_by(&self, task: TaskId) -> impl Iterator<Item = Struck> {
        self.struck.get(&task).into_iter().flatten().copied()
    }

    pub(crate) fn of_request(&mut self, state: RequestState, kind: RequestKind, struck: &BTreeSet<Struck>) {
        self.met(Row { table: Table::Requests, state: state.into(), what: kind.into() }, struck);
    }

    pub(crate) fn of_ledger(&mut self, state: &Presence, kind: LedgerKind, struck: &BTreeSet<Struck>) {
        self.met(Row { table: Table::Ledgers, state: state.name(), what: kind.into() }, struck);
    }

    fn met(&mut self, row: Row, struck: &BTreeSet<Struck>) {
        for struck in struck {
            *self.cells.entry((row, *struck)).or_default() += 1;
        }
    }

    /// A person was answered. Trouble is what the task met, and what struck what it is about since that
    /// was last written.
    pub(crate) fn answered(&mut self, task: TaskId, place: usize, outcome: &str) {
        let Some((kind, states)) = self.deeds.get(&task) else { return };
        let (kind, state) = (*kind, states.get(place).copied().unwrap_or(RequestState::Absent));
        let subjects = self.subjects.get(&task).into_iter().flatten();
        let pending = subjects.filter_map(|subject| self.pending.get(subject)).flatten().copied();
        let struck = or_calm(self.met_by(task).chain(pending).collect());
        self.met(Row { table: Table::Deeds, state: state.into(), what: kind.into() }, &struck);
        *self.answers.entry((kind, state.into(), outcome.to_owned())).or_default() += 1;
    }

    /// How often this happened after this kind of trouble.
    pub fn cell(&self, row: Row, struck: Struck) -> u64 {
        self.cells.get(&(row, struck)).copied().unwrap_or_default()
    }

    /// Whatever happened at all.
    pub fn met_rows(&self) -> BTreeSet<Row> {
        self.cells.keys().map(|(row, _)| *row).collect()
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        add(&mut self.cells, &other.cells);
        add(&mut self.faults, &other.faults);
        add(&mut self.answers, &other.answers);
        add(&mut self.mishaps, &other.mishaps);
        add(&mut self.other, &other.other);
    }
}

fn or_calm(struck: BTreeSet<Struck>) -> BTreeSet<Struck> {
    if struck.is_empty() { BTreeSet::from([Struck::Calm]) } else { struck }
}

fn add<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *to.entry(key.clone()).or_default() += count;
    }
}
