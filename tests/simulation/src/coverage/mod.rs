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
    /// The directory, or the copy that is read from it, did not answer.
    Directory,
    /// The policies or the settings could not be read.
    Policies,
    /// The process died.
    Crash,
}

impl Struck {
    /// What a failed call of a port is. Who is told and what is started follows from what was recorded: it
    /// keeps nothing from being recorded.
    fn by(port: Port, kind: &str) -> Option<Self> {
        match port {
            Port::Store if kind.starts_with("append") => Some(Self::Untold),
            Port::Store => Some(Self::Store),
            Port::Assignments => Some(Self::IdentityCenter),
            Port::Directory | Port::ReadModel => Some(Self::Directory),
            Port::Policies => Some(Self::Policies),
            Port::Notifier | Port::Workflow => None,
        }
    }
}

/// A place in the program where it waits for what surrounds it, and may die: which work, by the first word of its
/// name, at which port, and on which side of the call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub work: String,
    pub port: Port,
    pub side: Side,
}

/// Whether a call was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Before,
    After,
}

/// Counts.
#[derive(Debug, Default, Clone)]
pub struct Coverage {
    current: TaskId,
    /// What each task is about, as far as it is known when it starts: the streams of each thing it drives
    /// or is answered about.
    subjects: BTreeMap<TaskId, Vec<Vec<String>>>,
    /// The stream that each task read last.
    read: BTreeMap<TaskId, String>,
    /// What each person's task does, and in which states, one for each answer.
    deeds: BTreeMap<TaskId, (DeedKind, Vec<RequestState>)>,
    /// What each task met about each thing that it is about.
    met: BTreeMap<(TaskId, usize), BTreeSet<Struck>>,
    /// What struck a stream since its last event, whoever met it.
    pending: BTreeMap<String, BTreeSet<Struck>>,
    cells: BTreeMap<(Row, Struck), u64>,
    /// What each task is: the first word of its name.
    work: BTreeMap<TaskId, String>,
    /// How often somebody waited in each place in a storm.
    pub waited: BTreeMap<Place, u64>,
    /// How often somebody died in each place.
    pub died: BTreeMap<Place, u64>,
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

    /// The task that runs.
    pub(crate) fn current(&self) -> TaskId {
        self.current
    }

    /// A task begins.
    pub(crate) fn began(&mut self, task: TaskId, name: &str) {
        let work = name.split(' ').next().unwrap_or_default();
        self.work.insert(task, work.to_owned());
    }

    /// The running task waits at a port. Nobody dies where it is calm.
    pub(crate) fn waits(&mut self, port: Port, side: Side, stormy: bool) -> Place {
        let work = self.work.get(&self.current).cloned().unwrap_or_default();
        let place = Place { work, port, side };
        if stormy {
            *self.waited.entry(place.clone()).or_default() += 1;
        }
        place
    }

    /// Whoever waited here died with the process, or was cut off.
    pub(crate) fn dies(&mut self, place: Place) {
        *self.died.entry(place).or_default() += 1;
    }

    /// A fault struck the running task, in a call about these streams.
    pub(crate) fn fault(&mut self, port: Port, kind: &'static str, about: &BTreeSet<String>) {
        *self.faults.entry((port, kind)).or_default() += 1;
        if let Some(struck) = Struck::by(port, kind) {
            self.strike(self.current, struck, about);
        }
    }

    /// NB. A task that drives many things one beside the other has met nothing about those whose calls went
    /// well. Only where a call does not say what it is about it strikes all that the task is about, or, of
    /// a task that is about nothing in particular, what it read last.
    fn strike(&mut self, task: TaskId, struck: Struck, about: &BTreeSet<String>) {
        let is_about = |streams: &Vec<String>| streams.iter().any(|stream| about.contains(stream));
        let things = self.subjects.get(&task).map_or(&[][..], Vec::as_slice);
        let named = things.iter().any(is_about);
        let mut all = about.clone();
        for (place, streams) in things.iter().enumerate().filter(|(_, streams)| !named || is_about(streams)) {
            all.extend(streams.iter().cloned());
            self.met.entry((task, place)).or_default().insert(struck);
        }
        if all.is_empty() {
            all.extend(self.read.get(&task).cloned());
        }
        for stream in all {
            self.pending.entry(stream).or_default().insert(struck);
        }
    }

    /// A task is about these things, each with its streams.
    pub fn about(&mut self, task: TaskId, subjects: Vec<Vec<String>>) {
        self.subjects.insert(task, subjects);
    }

    /// The running task reads a stream.
    pub(crate) fn reads(&mut self, stream: &str) {
        self.read.insert(self.current, stream.to_owned());
    }

    /// A task is what a person does.
    pub(crate) fn deed(&mut self, task: TaskId, kind: DeedKind, states: Vec<RequestState>) {
        self.deeds.insert(task, (kind, states));
    }

    /// The process died.
    pub fn crash(&mut self, running: &[TaskId]) {
        self.count("crash");
        for task in running {
            self.strike(*task, Struck::Crash, &BTreeSet::new());
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

    /// What struck a stream since it was last written.
    pub(crate) fn struck(&mut self, stream: &str) -> BTreeSet<Struck> {
        or_calm(self.pending.remove(stream).unwrap_or_default())
    }

    /// What struck a stream that is written for the first time, as a part of what this task is about: what
    /// the task met about it before it had a name counts, too.
    pub(crate) fn struck_anew(&mut self, stream: &str, task: TaskId, part_of: &str) -> BTreeSet<Struck> {
        let things = self.subjects.get(&task).into_iter().flatten();
        let place = things.into_iter().position(|streams| streams.iter().any(|of| of == part_of));
        let met = place.and_then(|place| self.met.get(&(task, place))).into_iter().flatten().copied();
        or_calm(met.chain(self.pending.remove(stream).unwrap_or_default()).collect())
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

    /// A person was answered. Trouble is what the task met about it, and what struck it since it was last
    /// written.
    pub(crate) fn answered(&mut self, task: TaskId, place: usize, outcome: &str) {
        let Some((kind, states)) = self.deeds.get(&task) else { return };
        let (kind, state) = (*kind, states.get(place).copied().unwrap_or(RequestState::Absent));
        let streams = self.subjects.get(&task).and_then(|things| things.get(place)).into_iter().flatten();
        let pending = streams.filter_map(|stream| self.pending.get(stream)).flatten();
        let met = self.met.get(&(task, place)).into_iter().flatten();
        let struck = or_calm(met.chain(pending).copied().collect());
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
        add(&mut self.waited, &other.waited);
        add(&mut self.died, &other.died);
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
