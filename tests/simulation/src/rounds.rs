//! What goes on by itself: deliveries, workflows or the timer, the relay, the sweep and the slower rounds.

use std::rc::Rc;
use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::advance::Advanced;
use kari_application::ports::{EventStore, ItemKey};
use kari_application::relay::relay;
use kari_application::sync_directory::sync_directory;
use kari_application::{Error, Kari, reconcile};
use kari_domain::audit::StreamId;
use kari_domain::time::Instant;

use crate::chaos::bad_while;
use crate::mutant::Misfit;
use crate::organization::ACCOUNTS;
use crate::ports::apply;
use crate::simulation::{Note, Simulation};
use crate::watch::Record;

/// How long a sweep, and a search for drift, may begin anything new. Calls that are held up take longer.
const SWEPT_WITHIN: TimeDelta = TimeDelta::minutes(1);
/// A sweep that still waits for something by then is cut off, as a Lambda function is.
const SWEEP_CUT_OFF: TimeDelta = TimeDelta::minutes(5);
/// On one machine the records are checked every hour; here often, so that it meets others.
const CHECKED_WITHIN: TimeDelta = TimeDelta::minutes(20);
const SEARCHED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// What a workflow or the timer does when something is due; when it wants to go on.
pub(crate) async fn drive(kari: &Kari, key: &ItemKey) -> Result<Option<Instant>, Error> {
    Ok(match reconcile::drive(kari, key).await? {
        Advanced::Done => None,
        Advanced::At(at, _) => Some(at),
    })
}

impl Simulation {
    /// What was on its way arrives.
    pub(crate) fn arrive(&mut self, now: Instant) {
        for late in self.world.gate.arriving_appends(now) {
            let _ = apply(&self.world.store, &self.world.gate, &late.append, late.by);
        }
        for request in self.world.gate.arriving_starts(now) {
            self.alarms.insert(ItemKey::from(&StreamId::request(request)), now);
        }
        let changed = self.world.gate.watch().take_due();
        if !self.schedule.workflows_survive {
            self.set_alarms(changed);
        }
        let records = self.world.gate.watch().take_records();
        for record in records {
            self.take_record(&record, now);
        }
    }

    pub(crate) fn take_record(&mut self, record: &Record, now: Instant) {
        let mut times = vec![now];
        if self.dice.chance(self.world.gate.weather().unreliable_record) {
            let late = now + self.dice.between(TimeDelta::zero(), TimeDelta::minutes(20));
            times.clone_from(self.dice.pick(&[vec![], vec![late], vec![now, late], vec![late, late]]));
        }
        self.records.extend(times.into_iter().map(|at| (at, record.clone())));
    }

    pub(crate) fn begin_what_is_due(&mut self, now: Instant) {
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.records).into_iter().partition(|(at, _)| *at <= now);
        self.records = later;
        for (_, record) in due {
            self.start_relay(record);
        }
        let due = self.alarms.iter().filter(|(key, at)| **at <= now && !self.driving.contains(*key));
        for key in due.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            self.alarms.remove(&key);
            self.start_drive(key);
        }
        self.begin_rounds(now);
        if now >= self.next_deed {
            self.next_deed = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::minutes(6));
            for _ in 0..*self.dice.pick(&[1, 1, 1, 2, 3]) {
                self.random_deed(now);
            }
        }
        if now >= self.next_mishap {
            self.next_mishap = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::minutes(18));
            self.lurks = self.dice.chance(200);
            if !self.lurks {
                self.random_mishap();
            }
        }
        if self.lurks {
            self.strike_at_the_beginning();
        }
        if now >= self.next_bad_while {
            self.next_bad_while = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::minutes(15));
            if self.stormy {
                let Self { world, dice, .. } = self;
                world.center.with(|center, now| bad_while(center, now, dice)).expect("nothing is saved");
            }
        }
    }

    pub(crate) fn begin_rounds(&mut self, now: Instant) {
        if let Some((task, _)) = self.sweeping.filter(|(_, began)| now >= *began + SWEEP_CUT_OFF) {
            self.world.gate.watch().tell(|| "the sweep is cut off".to_owned());
            self.tasks.drop_one(task);
            self.sweeping = None;
        }
        if now >= self.next_sweep {
            self.next_sweep = now + self.schedule.sweep_every;
            let due = futures::FutureExt::now_or_never(self.world.store.due(now, None, 1));
            let nothing = due.expect("the embedded store answers at once").expect("readable").is_empty();
            if !nothing && (self.sweeping.is_none() || self.dice.chance(100)) {
                self.start_sweep();
            }
        }
        if now >= self.next_comparison {
            self.next_comparison = now + TimeDelta::minutes(10);
            self.start_comparison();
        }
        if now >= self.next_check {
            self.next_check = now + self.dice.between(TimeDelta::seconds(30), CHECKED_WITHIN);
            self.start_check();
        }
    }

    pub(crate) fn start_sweep(&mut self) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let began = self.now();
        let gate = Arc::clone(&self.world.gate);
        let task = self.start("sweep", async move {
            let swept = reconcile::sweep(&kari, began + SWEPT_WITHIN).await;
            desk.borrow_mut().push(Note::Swept(gate.current(), "sweep", swept));
        });
        self.sweeping = Some((task, began));
    }

    /// The directory is read, so that it is known what is in reach again.
    pub(crate) fn start_sync(&mut self) {
        let kari = Rc::clone(&self.kari);
        self.start("sync", async move {
            let _ = sync_directory(&kari).await;
        });
    }

    /// The slower rounds: the directory is synced, the ledger compared, drift looked for.
    pub(crate) fn start_comparison(&mut self) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let gate = Arc::clone(&self.world.gate);
        self.start("compare", async move {
            let _ = sync_directory(&kari).await;
            let task = gate.current();
            let verified = reconcile::verify(&kari, Instant::MAX_UTC).await;
            desk.borrow_mut().push(Note::Swept(task, "verify", verified));
            if !gate.does(Misfit::KeepsDisabled) {
                let ended = reconcile::end_grants_of_disabled_users(&kari).await;
                desk.borrow_mut().push(Note::Swept(task, "end grants of disabled users", ended));
            }
            let deadline = kari.clock.now() + SEARCHED_WITHIN;
            let drift = reconcile::find_drift(&kari, ACCOUNTS.len(), deadline).await;
            desk.borrow_mut().push(Note::Swept(task, "find drift", drift));
        });
    }

    pub(crate) fn start_drive(&mut self, key: ItemKey) {
        self.driving.insert(key.clone());
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let subjects = self.subjects_of(&key);
        let task = self.start(&format!("drive {}", key.0), async move {
            let driven = drive(&kari, &key).await;
            desk.borrow_mut().push(Note::Driven(key, driven));
        });
        self.world.gate.watch().coverage.about(task, vec![subjects]);
    }

    pub(crate) fn start_relay(&mut self, record: Record) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        self.start("relay", async move {
            let relayed = relay(&kari, &record.bytes).await;
            desk.borrow_mut().push(Note::Relayed(record, relayed));
        });
    }
}
