//! The death of a process, how another one takes its place, and word from tasks that came to their end.

use std::rc::Rc;

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::ports::{EventStore, ItemKey};
use kari_domain::time::Instant;

use crate::simulation::{Note, Simulation};

impl Simulation {
    /// The process dies; another one takes its place.
    pub(crate) fn crash(&mut self) {
        let now = self.now();
        {
            let mut watch = self.world.gate.watch();
            watch.tell(|| "CRASH".to_owned());
            watch.digest("crash");
            watch.coverage.crash(&self.tasks.all());
        }
        self.tasks.crash();
        self.desk.borrow_mut().clear();
        self.kari = Rc::new(self.world.start_process());
        self.sweeping = None;
        self.next_sweep = now;
        for key in std::mem::take(&mut self.driving) {
            let again = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::seconds(20));
            self.alarms.insert(key, again);
        }
        if !self.schedule.workflows_survive {
            self.set_timer_anew();
        }
    }

    /// What the program on one machine does when it starts: what is open is driven when it is due.
    pub(crate) fn set_timer_anew(&mut self) {
        self.alarms.clear();
        self.due_at.clear();
        let due = futures::FutureExt::now_or_never(self.world.store.due(Instant::MAX_UTC, None, 10_000));
        let due = due.expect("the embedded store answers at once").expect("readable");
        self.set_alarms(due.into_iter().map(|due| (due.key, Some(due.at))).collect());
    }

    /// With a timer, what is due at another instant than before wants to go on then.
    pub(crate) fn set_alarms(&mut self, changed: Vec<(ItemKey, Option<Instant>)>) {
        for (key, due_at) in changed {
            if self.due_at.get(&key) == due_at.as_ref() {
                continue;
            }
            if let Some(at) = due_at {
                self.due_at.insert(key.clone(), at);
                self.alarms.insert(key, at);
            } else {
                self.due_at.remove(&key);
                self.alarms.remove(&key);
            }
        }
    }

    pub(crate) fn read_notes(&mut self) {
        let notes = std::mem::take(&mut *self.desk.borrow_mut());
        for note in notes {
            self.read_note(note);
        }
    }

    pub(crate) fn read_note(&mut self, note: Note) {
        let now = self.now();
        let soon = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::seconds(15));
        match note {
            Note::Driven(key, driven) => {
                self.driving.remove(&key);
                self.world.gate.watch().tell(|| format!("driven {} {driven:?}", key.0));
                let again = match &driven {
                    Ok(again) => *again,
                    Err(error) => may_be_repeated(error).then_some(soon),
                };
                if let Some(again) = again {
                    let at = self.alarms.get(&key).map_or(again, |sooner| again.min(*sooner));
                    self.alarms.insert(key, at);
                }
                if let Err(error) = driven {
                    self.world.gate.watch().failed("drive", &error, self.stormy);
                }
            }
            Note::Answered(task, who, deed, answers) => {
                self.world.gate.watch().answered(task, &who, &deed, &answers);
            }
            Note::Relayed(record, Ok(())) => self.world.gate.watch().relayed(&record),
            Note::Relayed(record, Err(error)) => {
                self.world.gate.watch().failed("relay", &error, self.stormy);
                if may_be_repeated(&error) {
                    self.records.push((soon, record));
                }
            }
            Note::Swept(task, what, swept) => {
                if what == "sweep" {
                    self.sweeping = None;
                }
                let mut watch = self.world.gate.watch();
                watch.tell(|| format!("{what} {swept:?}"));
                match swept {
                    Ok(report) => watch.reported(task, what, &report),
                    Err(error) => watch.failed(what, &error, self.stormy),
                }
            }
            Note::Checked(task, stream, checked) => {
                let mut watch = self.world.gate.watch();
                watch.tell(|| format!("checked {stream:?} {checked:?}"));
                match checked {
                    Ok(well) => watch.checked(task, stream.as_ref(), well),
                    Err(error) => watch.check_failed(task, &error, self.stormy),
                }
            }
            Note::Edited(edited) => {
                self.world.gate.watch().tell(|| format!("edited {edited:?}"));
            }
        }
    }
}

/// Whether what failed may succeed the next time: a stream that cannot be understood is parked.
fn may_be_repeated(error: &Error) -> bool {
    match error {
        Error::Corrupt(_) => false,
        Error::Unavailable(_)
        | Error::Busy
        | Error::Refused(_)
        | Error::DirectoryTooOld { .. }
        | Error::NotFound
        | Error::UnknownCaller
        | Error::Replayed
        | Error::BadPolicy(_)
        | Error::PolicyExists
        | Error::StaleVersion { .. }
        | Error::BadCursor => true,
    }
}
