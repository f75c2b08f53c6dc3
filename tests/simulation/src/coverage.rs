//! What occurred how often: which event in which state after which kind of fault, and which command in
//! which state with which outcome.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::ports::Port;
use crate::tasks::TaskId;

/// A kind of trouble met since the stream was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

impl Struck {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Calm, Self::Store, Self::Untold, Self::IdentityCenter, Self::Directory, Self::Crash];
}

/// Counts.
#[derive(Debug, Default, Clone)]
pub struct Coverage {
    current: TaskId,
    /// What each task is about, as far as it is known when it starts.
    subjects: BTreeMap<TaskId, Vec<String>>,
    struck: BTreeMap<TaskId, BTreeSet<Struck>>,
    /// What struck since the last event of a stream.
    pending: BTreeMap<String, BTreeSet<Struck>>,
    /// How often a fault struck.
    pub faults: BTreeMap<(Port, &'static str), u64>,
    /// How often an event was recorded in a state, after this kind of trouble.
    pub events: BTreeMap<(String, String, Struck), u64>,
    /// How often a command met a state, and how it was answered.
    pub commands: BTreeMap<(&'static str, String, String), u64>,
    /// How often a mishap befell what requests in a state are about.
    pub mishaps: BTreeMap<(String, String), u64>,
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

    /// The process died.
    pub fn crash(&mut self, running: &[TaskId]) {
        self.count("crash");
        for subject in running.iter().filter_map(|task| self.subjects.get(task)).flatten() {
            self.pending.entry(subject.clone()).or_default().insert(Struck::Crash);
        }
    }

    /// Something else worth counting.
    pub fn count(&mut self, what: impl Into<String>) {
        *self.other.entry(what.into()).or_default() += 1;
    }

    /// A mishap befell what a request in this state is about.
    pub(crate) fn mishap(&mut self, mishap: &str, state: &str) {
        *self.mishaps.entry((mishap.to_owned(), state.to_owned())).or_default() += 1;
    }

    pub(crate) fn conflict(&mut self) {
        self.count("append lost a race");
    }

    /// What a task met, and what struck a stream since it was last written.
    pub(crate) fn struck(&mut self, stream: &str, task: TaskId) -> BTreeSet<Struck> {
        let mut struck = self.struck.get(&task).cloned().unwrap_or_default();
        struck.extend(self.pending.remove(stream).unwrap_or_default());
        if struck.is_empty() {
            struck.insert(Struck::Calm);
        }
        struck
    }

    pub(crate) fn event(&mut self, state: &'static str, event: &str, struck: &BTreeSet<Struck>) {
        for struck in struck {
            *self.events.entry((state.to_owned(), event.to_owned(), *struck)).or_default() += 1;
        }
    }

    /// A person's command was answered.
    pub fn command(&mut self, command: &'static str, state: &str, outcome: &str) {
        *self.commands.entry((command, state.to_owned(), outcome.to_owned())).or_default() += 1;
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        add(&mut self.faults, &other.faults);
        add(&mut self.events, &other.events);
        add(&mut self.commands, &other.commands);
        add(&mut self.mishaps, &other.mishaps);
        add(&mut self.other, &other.other);
    }

    /// As tables.
    pub fn table(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{:<12} {:<22} {:?}", "state", "event", Struck::ALL);
        let pairs: BTreeSet<_> = self.events.keys().map(|(state, event, _)| (state, event)).collect();
        for (state, event) in pairs {
            let counts = Struck::ALL.map(|struck| self.event_count(state, event, struck));
            let _ = write!(text, "{state:<12} {event:<22}");
            for count in counts {
                let _ = write!(text, " {count:>8}");
            }
            text.push('\n');
        }
        let _ = writeln!(text, "\n{:<12} {:<12} answers", "command", "state");
        let pairs: BTreeSet<_> = self.commands.keys().map(|(command, state, _)| (command, state)).collect();
        for (command, state) in pairs {
            let answers = self.commands.iter().filter(|((c, s, _), _)| (c, s) == (command, state));
            let answers: Vec<_> = answers.map(|((_, _, answer), n)| format!("{answer} {n}")).collect();
            let _ = writeln!(text, "{command:<12} {state:<12} {}", answers.join(", "));
        }
        let _ = writeln!(text, "\n{:<22} states of requests it befell", "mishap");
        let mishaps: BTreeSet<_> = self.mishaps.keys().map(|(mishap, _)| mishap).collect();
        for mishap in mishaps {
            let states = self.mishaps.iter().filter(|((m, _), _)| m == mishap);
            let states: Vec<_> = states.map(|((_, state), n)| format!("{state} {n}")).collect();
            let _ = writeln!(text, "{mishap:<22} {}", states.join(", "));
        }
        let _ = writeln!(text, "\nfaults: {:?}\nother: {:?}", self.faults, self.other);
        text
    }

    /// How often an event was recorded in a state, after this kind of trouble.
    pub fn event_count(&self, state: &str, event: &str, struck: Struck) -> u64 {
        self.events.get(&(state.to_owned(), event.to_owned(), struck)).copied().unwrap_or_default()
    }
}

fn add<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *to.entry(key.clone()).or_default() += count;
    }
}
