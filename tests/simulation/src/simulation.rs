//! One run: a scheduler that owns everything and decides, by its dice, what happens next.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::edit_policies::{Editor, change_settings, create_policy};
use kari_application::ports::{Clock, ItemKey};
use kari_application::submit_request::Wanted;
use kari_application::sync_directory::sync_directory;
use kari_application::{Error, Kari, reconcile};
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::ids::{RequestId, UserId};
use kari_domain::settings::Settings;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{self, FaultPlan, SimulatedIdentityCenter};
use kari_embedded::ids::SeededIds;
use kari_embedded::inbox::Inbox;
use kari_embedded::store::SqliteStore;

use crate::commands::Deed;
use crate::coverage::Coverage;
use crate::dice::Dice;
use crate::mutant::Wrong;
use crate::organization;
use crate::ports::{Gate, Weather};
use crate::process::World;
use crate::schedule::Schedule;
use crate::tasks::{TaskId, Tasks};
use crate::watch::{Record, Violation, Watch};

/// When every run begins.
pub fn beginning() -> Instant {
    Instant::from_timestamp(1_800_000_000, 0).expect("a valid instant")
}

/// More steps than any run takes; one that takes more does not come to an end.
const MOST_STEPS: u64 = 400_000;

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    pub seed: u64,
    pub violation: Option<Violation>,
    pub fingerprint: String,
    pub coverage: Coverage,
    pub steps: u64,
    /// Everything that happened, where it was asked for.
    pub story: Vec<String>,
}

/// What tells the story of a seed, but for the seed itself: it works from a clone.
pub const REPLAY: &str = "cargo run -p kari-simulation --bin simulate -- --story";

/// Lives through one seed.
pub fn run(seed: u64, with_story: bool) -> Outcome {
    run_wrong(seed, with_story, None)
}

/// Lives through one seed with something done wrong.
pub fn run_wrong(seed: u64, with_story: bool, wrong: Option<Wrong>) -> Outcome {
    let misfit = Wrong::switch_on(wrong);
    let mut simulation = Simulation::new(seed, with_story);
    simulation.world.gate.misbehave(misfit);
    simulation.live();
    Wrong::switch_on(None);
    simulation.outcome()
}

/// Word from a task that is done.
#[derive(Debug)]
pub(crate) enum Note {
    Driven(ItemKey, Result<Option<Instant>, Error>),
    Answered(TaskId, UserId, Deed, Vec<Result<RequestId, Error>>),
    Relayed(Record, Result<(), Error>),
    Swept(TaskId, &'static str, Result<reconcile::Report, Error>),
    /// What is open was checked, or one stream; whether all was well.
    Checked(TaskId, Option<StreamId>, Result<bool, Error>),
    Edited(Result<(), Error>),
}

/// A run on its way.
#[derive(Debug)]
pub struct Simulation {
    pub(crate) seed: u64,
    pub(crate) world: World,
    pub(crate) kari: Rc<Kari>,
    pub(crate) tasks: Tasks,
    pub(crate) dice: Dice,
    pub(crate) schedule: Schedule,
    pub(crate) desk: Rc<RefCell<Vec<Note>>>,
    /// When each request, and with a timer each tuple, wants to go on.
    pub(crate) alarms: BTreeMap<ItemKey, Instant>,
    pub(crate) driving: BTreeSet<ItemKey>,
    pub(crate) due_at: BTreeMap<ItemKey, Instant>,
    /// Records that reach the relay not before this instant.
    pub(crate) records: Vec<(Instant, Record)>,
    pub(crate) stormy: bool,
    pub(crate) next_sweep: Instant,
    pub(crate) next_comparison: Instant,
    pub(crate) next_check: Instant,
    pub(crate) next_deed: Instant,
    pub(crate) next_mishap: Instant,
    pub(crate) next_bad_while: Instant,
    /// A mishap waits for somebody's access to begin.
    pub(crate) lurks: bool,
    /// The last sweep, while it runs, and when it began.
    pub(crate) sweeping: Option<(TaskId, Instant)>,
    pub(crate) wishes: Vec<(UserId, Wanted)>,
    pub(crate) steps: u64,
    /// Whether nothing but what was started is to happen: no alarm, no record, no round, nobody's deed.
    pub(crate) quiet: bool,
}

impl Simulation {
    /// The beginning of a run: policies are set up, the directory is synced, nobody has asked yet.
    pub fn new(seed: u64, with_story: bool) -> Self {
        let clock = Arc::new(ManualClock::new(beginning()));
        let mut dice = Dice::new(seed, 1);
        let schedule = Schedule::throw(&mut dice, beginning());
        let snapshot = organization::snapshot();
        let mut state = identity_center::World::new(&snapshot, seed, schedule.calm.clone());
        state.keep_calls(0);
        let center = Arc::new(SimulatedIdentityCenter::new(state, Arc::clone(&clock) as _));
        let mut watch = Watch::new(Arc::clone(&center), snapshot, beginning());
        watch.story = with_story.then(Vec::new);
        let store = Arc::new(SqliteStore::in_memory().expect("there is memory"));
        let world = World {
            inbox: Arc::new(Inbox::new(Arc::clone(&store))),
            ids: Arc::new(SeededIds::new(seed)),
            gate: Gate::new(Arc::clone(&clock), watch, Dice::new(seed, 2)),
            store,
            center,
            clock,
        };
        let kari = Rc::new(world.start_process());
        let mut simulation = Self {
            seed,
            kari,
            world,
            tasks: Tasks::default(),
            dice,
            schedule,
            desk: Rc::default(),
            alarms: BTreeMap::new(),
            driving: BTreeSet::new(),
            due_at: BTreeMap::new(),
            records: vec![],
            stormy: false,
            next_sweep: beginning(),
            next_comparison: beginning() + TimeDelta::minutes(5),
            next_check: beginning() + TimeDelta::minutes(2),
            next_deed: beginning(),
            next_mishap: beginning() + TimeDelta::minutes(3),
            next_bad_while: beginning(),
            lurks: false,
            sweeping: None,
            wishes: vec![],
            steps: 0,
            quiet: true,
        };
        simulation.set_up();
        simulation
    }

    pub(crate) fn set_up(&mut self) {
        let kari = Rc::clone(&self.kari);
        let pending_lapses_after_minutes = self.schedule.lapses_after;
        self.start("set up", async move {
            sync_directory(&kari).await.expect("calm");
            let editor =
                Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
            for policy in organization::eligibility() {
                create_policy(&kari, &editor, policy).await.expect("a good policy");
            }
            for policy in organization::approvers() {
                create_policy(&kari, &editor, policy).await.expect("a good policy");
            }
            for policy in organization::guardrails() {
                create_policy(&kari, &editor, policy).await.expect("a good policy");
            }
            let settings = Settings { pending_lapses_after_minutes, ..Settings::default() };
            change_settings(&kari, &editor, settings, 0).await.expect("good settings");
        });
        self.run_until_idle();
        self.quiet = false;
    }

    /// Lives through all phases, then sees to it that everything comes to its end.
    pub fn live(&mut self) {
        for phase in self.schedule.phases.clone() {
            self.begin_phase(phase.stormy);
            while self.now() < phase.until && self.fine() {
                self.step(phase.until);
            }
        }
        if self.fine() {
            self.come_to_an_end();
        }
    }

    /// Whether nothing wrong was seen so far.
    pub(crate) fn fine(&mut self) -> bool {
        if self.steps > MOST_STEPS {
            self.world.gate.watch().violate("a run comes to an end", format!("{:?}", self.tasks));
        }
        self.world.gate.watch().violation().is_none()
    }

    /// What came of it.
    pub fn outcome(self) -> Outcome {
        let mut watch = self.world.gate.watch();
        Outcome {
            seed: self.seed,
            violation: watch.violation().cloned(),
            fingerprint: watch.fingerprint(),
            coverage: std::mem::take(&mut watch.coverage),
            steps: self.steps,
            story: watch.story.take().unwrap_or_default(),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        self.world.clock.now()
    }

    pub(crate) fn begin_phase(&mut self, stormy: bool) {
        let (weather, plan) = if stormy {
            (self.schedule.weather, self.schedule.storm.clone())
        } else {
            (Weather::calm(), self.schedule.calm.clone())
        };
        self.change_weather(stormy, weather, plan);
    }

    pub(crate) fn change_weather(&mut self, stormy: bool, weather: Weather, plan: FaultPlan) {
        self.stormy = stormy;
        self.world.gate.set_weather(weather);
        self.world
            .center
            .with(|world, _| {
                if !stormy {
                    world.clear_faults();
                }
                world.set_fault_plan(plan);
            })
            .expect("nothing is saved");
        let (gate, now) = (&self.world.gate, self.now());
        let calm_already = gate.watch().is_calm();
        if stormy || !calm_already {
            let mut watch = gate.watch();
            watch.step(self.steps, now);
            watch.set_calm(!stormy);
        }
    }

    /// Starts a task in the present process.
    pub(crate) fn start(&mut self, name: &str, future: impl Future<Output = ()> + 'static) -> TaskId {
        let id = self.tasks.start(name.to_owned(), future);
        self.world.gate.watch().task_began(id, name);
        id
    }

    /// One step: something that is due begins, or somebody ready goes on, or time passes.
    pub(crate) fn step(&mut self, until: Instant) {
        self.steps += 1;
        let now = self.now();
        self.world.gate.watch().step(self.steps, now);
        self.arrive(now);
        if !self.quiet {
            self.begin_what_is_due(now);
        }
        if self.stormy && self.dice.chance(1) && self.dice.chance(500) {
            self.crash();
        }
        let ready = self.tasks.ready();
        if ready.is_empty() {
            let next = self.next_instant().min(until);
            self.world.clock.advance_to(next.max(now + TimeDelta::milliseconds(1)));
        } else if self.dice.chance(20) {
            let nudge = self.dice.between(TimeDelta::milliseconds(1), TimeDelta::milliseconds(400));
            self.world.clock.advance_to((now + nudge).min(self.next_instant()));
        } else {
            let task = *self.dice.pick(&ready);
            self.world.gate.enter_task(task);
            self.tasks.poll(task);
            self.world.gate.enter_task(TaskId(0));
        }
        self.read_notes();
        let now = self.now();
        self.world.gate.watch().check(now);
    }

    /// From now on nobody asks for anything, and nothing happens behind Kari's back. What goes on by itself
    /// goes on.
    pub(crate) fn leave_in_peace(&mut self) {
        let never = Instant::MAX_UTC;
        (self.next_deed, self.next_mishap, self.next_bad_while) = (never, never, never);
        self.lurks = false;
    }

    /// Lets what was started run to its end; time passes only where everybody waits.
    pub(crate) fn run_until_idle(&mut self) {
        while !self.tasks.is_empty() && self.fine() {
            self.step(Instant::MAX_UTC);
        }
    }

    /// When something happens by itself next.
    pub(crate) fn next_instant(&self) -> Instant {
        let of_world = self.world.center.with(|world, _| world.next_event_at()).expect("nothing is saved");
        let own = if self.quiet {
            vec![]
        } else {
            let own = vec![
                self.next_sweep,
                self.next_comparison,
                self.next_check,
                self.next_deed,
                self.next_mishap,
                self.next_bad_while,
            ];
            let records = self.records.iter().map(|(at, _)| *at);
            let alarms = self.alarms.iter().filter(|(key, _)| !self.driving.contains(key)).map(|(_, at)| *at);
            own.into_iter().chain(records).chain(alarms).collect()
        };
        let passive = [of_world, self.world.clock.next_wake(), self.world.gate.next_arrival()];
        passive.into_iter().flatten().chain(own).min().unwrap_or(Instant::MAX_UTC)
    }
}
