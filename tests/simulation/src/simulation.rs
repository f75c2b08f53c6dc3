//! One run: a scheduler that owns everything and decides, by its dice, what happens next.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::advance::{Advanced, advance};
use kari_application::edit_policies::{Editor, create_policy};
use kari_application::ports::{Clock, EventStore, ItemKey};
use kari_application::relay::relay;
use kari_application::settle::{Settled, settle};
use kari_application::submit_request::Wanted;
use kari_application::sync_directory::sync_directory;
use kari_application::{Error, Kari, reconcile};
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{self, SimulatedIdentityCenter};
use kari_embedded::ids::SeededIds;
use kari_embedded::inbox::Inbox;
use kari_embedded::store::SqliteStore;

use crate::chaos::{MISHAPS, bad_while, edit_a_policy, happen};
use crate::commands::{Deed, carry_out, random_wish};
use crate::coverage::Coverage;
use crate::dice::Dice;
use crate::mutant::{Misfit, Wrong};
use crate::organization;
use crate::ports::{Gate, Weather, apply};
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

/// What a workflow or the timer does when something is due; when it wants to go on.
async fn drive(kari: &Kari, key: &ItemKey) -> Result<Option<Instant>, Error> {
    let stream = StreamId::from_stored(key.0.clone());
    if let Some(request) = stream.as_request() {
        return Ok(match advance(kari, request).await? {
            Advanced::Done => None,
            Advanced::At(at, _) => Some(at),
        });
    }
    let tuple = stream.as_tuple().expect("only requests and tuples are due");
    match settle(kari, &tuple).await? {
        Settled::At(at) => Ok(Some(at)),
        Settled::Rest => Ok(None),
        Settled::Changed | Settled::EndHolders(_) => {
            reconcile::drive(kari, key).await?;
            Ok(Some(kari.clock.now()))
        }
    }
}

/// Word from a task that is done.
#[derive(Debug)]
pub(crate) enum Note {
    Driven(ItemKey, Result<Option<Instant>, Error>),
    Answered(TaskId, UserId, Deed, String, Vec<Result<RequestId, Error>>),
    Relayed(Record, Result<(), Error>),
    Swept(&'static str, Result<reconcile::Report, Error>),
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
    driving: BTreeSet<ItemKey>,
    due_at: BTreeMap<ItemKey, Instant>,
    /// Records that reach the relay not before this instant.
    records: Vec<(Instant, Record)>,
    stormy: bool,
    next_sweep: Instant,
    next_comparison: Instant,
    next_deed: Instant,
    next_mishap: Instant,
    next_bad_while: Instant,
    sweeping: bool,
    wishes: Vec<(UserId, Wanted)>,
    steps: u64,
    /// Whether anything but what was started is to happen.
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
            next_deed: beginning(),
            next_mishap: beginning() + TimeDelta::minutes(3),
            next_bad_while: beginning(),
            sweeping: false,
            wishes: vec![],
            steps: 0,
            quiet: true,
        };
        simulation.set_up();
        simulation
    }

    fn set_up(&mut self) {
        let kari = Rc::clone(&self.kari);
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
        self.stormy = stormy;
        let (weather, plan) = if stormy {
            (self.schedule.weather, self.schedule.storm.clone())
        } else {
            (Weather::calm(), self.schedule.calm.clone())
        };
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

    /// Lets what was started run to its end; time passes only where everybody waits.
    pub(crate) fn run_until_idle(&mut self) {
        while !self.tasks.is_empty() && self.fine() {
            self.step(Instant::MAX_UTC);
        }
    }

    /// When something happens by itself next.
    fn next_instant(&self) -> Instant {
        let of_world = self.world.center.with(|world, _| world.next_event_at()).expect("nothing is saved");
        let own = if self.quiet {
            vec![]
        } else {
            let own = vec![
                self.next_sweep,
                self.next_comparison,
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

    /// What was on its way arrives.
    fn arrive(&mut self, now: Instant) {
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
            self.take_record(record, now);
        }
    }

    fn take_record(&mut self, record: Record, now: Instant) {
        let mut times = vec![now];
        if self.dice.chance(self.world.gate.weather().unreliable_record) {
            let late = now + self.dice.between(TimeDelta::zero(), TimeDelta::minutes(20));
            times = self.dice.pick(&[vec![], vec![late], vec![now, late], vec![late, late]]).clone();
        }
        self.records.extend(times.into_iter().map(|at| (at, record.clone())));
    }

    fn begin_what_is_due(&mut self, now: Instant) {
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
            self.random_mishap();
        }
        if now >= self.next_bad_while {
            self.next_bad_while = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::minutes(15));
            if self.stormy {
                let Self { world, dice, .. } = self;
                world.center.with(|center, now| bad_while(center, now, dice)).expect("nothing is saved");
            }
        }
    }

    fn begin_rounds(&mut self, now: Instant) {
        if now >= self.next_sweep {
            self.next_sweep = now + self.schedule.sweep_every;
            let due = futures::FutureExt::now_or_never(self.world.store.due(now, 1));
            let nothing = due.expect("the embedded store answers at once").expect("readable").is_empty();
            if !nothing && (!self.sweeping || self.dice.chance(100)) {
                self.start_sweep();
            }
        }
        if now >= self.next_comparison {
            self.next_comparison = now + TimeDelta::minutes(10);
            self.start_comparison();
        }
    }

    pub(crate) fn start_sweep(&mut self) {
        self.sweeping = true;
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        self.start("sweep", async move {
            let swept = reconcile::sweep(&kari).await;
            desk.borrow_mut().push(Note::Swept("sweep", swept));
        });
    }

    /// The slower rounds: the directory is synced, the ledger compared, drift looked for.
    pub(crate) fn start_comparison(&mut self) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let gate = Arc::clone(&self.world.gate);
        self.start("compare", async move {
            let _ = sync_directory(&kari).await;
            let verified = reconcile::verify(&kari).await;
            desk.borrow_mut().push(Note::Swept("verify", verified));
            if !gate.does(Misfit::KeepsDisabled) {
                let ended = reconcile::end_grants_of_disabled_users(&kari).await;
                desk.borrow_mut().push(Note::Swept("end grants of disabled users", ended));
            }
            if let Ok(accounts) = reconcile::active_accounts(&kari).await {
                let drift = reconcile::find_drift(&kari, &accounts).await;
                desk.borrow_mut().push(Note::Swept("find drift", drift));
            }
        });
    }

    fn start_drive(&mut self, key: ItemKey) {
        self.driving.insert(key.clone());
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let subjects = self.subjects_of(&key);
        let task = self.start(&format!("drive {}", key.0), async move {
            let driven = drive(&kari, &key).await;
            desk.borrow_mut().push(Note::Driven(key, driven));
        });
        self.world.gate.watch().coverage.about(task, subjects);
    }

    fn start_relay(&mut self, record: Record) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        self.start("relay", async move {
            let relayed = relay(&kari, &record.bytes).await;
            desk.borrow_mut().push(Note::Relayed(record, relayed));
        });
    }

    pub(crate) fn start_deed(&mut self, who: UserId, deed: Deed) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let state = deed.request().and_then(|id| {
            self.world.gate.watch().requests.get(&id).map(|request| request.state.name().to_owned())
        });
        let state = state.unwrap_or_else(|| "absent".to_owned());
        let key = deed.request().map(|id| ItemKey::from(&StreamId::request(id)));
        let subjects = key.map(|key| self.subjects_of(&key)).unwrap_or_default();
        let name = format!("{} {who} {:?}", deed.name(), deed.request());
        let gate = Arc::clone(&self.world.gate);
        let task = self.start(&name, async move {
            let answers = carry_out(&kari, &who, &deed, !gate.does(Misfit::RecordsNoRefusals)).await;
            let task = gate.current();
            desk.borrow_mut().push(Note::Answered(task, who, deed, state, answers));
        });
        self.world.gate.watch().coverage.about(task, subjects);
    }

    /// A request, and the tuple it is about.
    fn subjects_of(&self, key: &ItemKey) -> Vec<String> {
        let stream = StreamId::from_stored(key.0.clone());
        let watch = self.world.gate.watch();
        let request = stream.as_request().and_then(|id| watch.requests.get(&id));
        let ledger = request.map(|request| StreamId::ledger(&request.tuple()).to_string());
        [Some(key.0.clone()), ledger].into_iter().flatten().collect()
    }

    fn random_deed(&mut self, now: Instant) {
        let open: Vec<RequestId> = {
            let watch = self.world.gate.watch();
            watch.requests.iter().filter(|(_, request)| !request.is_closed()).map(|(id, _)| *id).collect()
        };
        let all: Vec<RequestId> = self.world.gate.watch().requests.keys().copied().collect();
        if open.is_empty() || self.dice.chance(300) {
            let wish = self.wish(now);
            let times = *self.dice.pick(&[1, 1, 1, 2]);
            for _ in 0..times {
                self.start_deed(wish.0.clone(), Deed::Submit(wish.1.clone()));
            }
            return;
        }
        let id = if self.dice.chance(900) { *self.dice.pick(&open) } else { *self.dice.pick(&all) };
        let requester = self.world.gate.watch().requests[&id].tuple().principal;
        let anybody = organization::user(self.dice.pick(&organization::PEOPLE).0);
        let active = self.world.gate.watch().requests[&id].holds();
        let (deed, who) = match self.dice.below(12) {
            0..=2 if active => (Deed::Revoke(id), requester),
            0..=6 => (Deed::Approve(id), anybody),
            7 => (Deed::Deny(id), anybody),
            8 => (Deed::Withdraw(id), requester),
            9 => (Deed::Revoke(id), requester),
            10 => (Deed::Revoke(id), anybody),
            _ => (Deed::Withdraw(id), anybody),
        };
        let pending = self.world.gate.watch().requests[&id].state.name() == "pending";
        let clicks = *self.dice.pick(&[1, 1, 1, 2]);
        for _ in 0..clicks {
            self.start_deed(who.clone(), deed.clone());
        }
        if pending && matches!(deed, Deed::Approve(_)) && self.dice.chance(550) {
            for name in ["cat", "dan", "eve", "fay"] {
                self.start_deed(organization::user(name), Deed::Approve(id));
            }
        }
    }

    /// A new wish, or an old one once more: the same, or another body under the same key.
    fn wish(&mut self, now: Instant) -> (UserId, Wanted) {
        if !self.wishes.is_empty() && self.dice.chance(250) {
            let (who, mut wanted) = self.dice.pick(&self.wishes).clone();
            match self.dice.below(3) {
                0 => {}
                1 => wanted.duration = kari_domain::time::Minutes(wanted.duration.0 + 15),
                _ => wanted.idempotency_key = format!("again-{}", self.steps),
            }
            return (who, wanted);
        }
        let mut wish = random_wish(&mut self.dice, now, self.steps);
        let held = self.held_tuples();
        if !held.is_empty() && self.dice.chance(350) {
            // The same access once more, while it is held: the grants overlap.
            let tuple = self.dice.pick(&held).clone();
            wish.0 = tuple.principal;
            wish.1.accounts = vec![tuple.target.account];
            wish.1.permission_set = tuple.target.permission_set;
        }
        self.wishes.push(wish.clone());
        wish
    }

    fn held_tuples(&self) -> Vec<Tuple> {
        let watch = self.world.gate.watch();
        watch.requests.values().filter(|request| request.holds()).map(|request| request.tuple()).collect()
    }

    fn random_mishap(&mut self) {
        if self.dice.chance(250) {
            let dice = Dice::new(self.seed, 1000 + self.steps);
            let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
            self.start("edit a policy", async move {
                let edited = edit_a_policy(&kari, dice).await;
                desk.borrow_mut().push(Note::Edited(edited));
            });
            return;
        }
        if self.dice.chance(40) {
            return self.poison();
        }
        let mishap = *self.dice.weighted(&MISHAPS);
        let mut watch = self.world.gate.watch();
        let likely: Vec<Tuple> = watch.ledgers.keys().cloned().collect();
        let reviewers = watch.reviewers_at_work();
        let mut known = watch.organization().clone();
        let dice = &mut self.dice;
        let told = self
            .world
            .center
            .with(|center, now| happen(center, &mut known, now, dice, (mishap, &likely, &reviewers)));
        let told = told.expect("nothing is saved");
        watch.digest(&told);
        watch.tell(|| told);
        watch.organization_changed(known);
    }

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
        self.sweeping = false;
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
    fn set_timer_anew(&mut self) {
        self.alarms.clear();
        self.due_at.clear();
        let due = futures::FutureExt::now_or_never(self.world.store.due(Instant::MAX_UTC, 10_000));
        let due = due.expect("the embedded store answers at once").expect("readable");
        self.set_alarms(due.into_iter().map(|due| (due.key, Some(due.at))).collect());
    }

    /// With a timer, what is due at another instant than before wants to go on then.
    fn set_alarms(&mut self, changed: Vec<(ItemKey, Option<Instant>)>) {
        for (key, due_at) in changed {
            if self.due_at.get(&key) == due_at.as_ref() {
                continue;
            }
            match due_at {
                Some(at) => {
                    self.due_at.insert(key.clone(), at);
                    self.alarms.insert(key, at);
                }
                None => {
                    self.due_at.remove(&key);
                    self.alarms.remove(&key);
                }
            }
        }
    }

    fn read_notes(&mut self) {
        let notes = std::mem::take(&mut *self.desk.borrow_mut());
        for note in notes {
            self.read_note(note);
        }
    }

    fn read_note(&mut self, note: Note) {
        let now = self.now();
        let soon = now + self.dice.between(TimeDelta::seconds(1), TimeDelta::seconds(15));
        match note {
            Note::Driven(key, driven) => {
                self.driving.remove(&key);
                self.world.gate.watch().tell(|| format!("driven {} {driven:?}", key.0));
                let again = match &driven {
                    Ok(again) => *again,
                    Err(Error::Corrupt(_)) => None,
                    Err(_) => Some(soon),
                };
                if let Some(again) = again {
                    let at = self.alarms.get(&key).map_or(again, |sooner| again.min(*sooner));
                    self.alarms.insert(key, at);
                }
                if let Err(error) = driven {
                    self.world.gate.watch().failed("drive", &error, self.stormy);
                }
            }
            Note::Answered(task, who, deed, state, answers) => {
                self.world.gate.watch().answered(task, &who, &deed, &state, &answers);
            }
            Note::Relayed(record, relayed) => {
                if let Err(error) = relayed {
                    self.world.gate.watch().failed("relay", &error, self.stormy);
                    if !matches!(error, Error::Corrupt(_)) {
                        self.records.push((soon, record));
                    }
                }
            }
            Note::Swept(what, swept) => {
                self.sweeping &= what != "sweep";
                self.world.gate.watch().tell(|| format!("{what} {swept:?}"));
                if let Err(error) = swept {
                    self.world.gate.watch().failed(what, &error, self.stormy);
                }
            }
            Note::Edited(edited) => {
                self.world.gate.watch().tell(|| format!("edited {edited:?}"));
            }
        }
    }
}

/// For tests that lead one person through a journey.
impl Simulation {
    /// A person does something, and is answered.
    pub fn act(&mut self, who: &UserId, deed: Deed) {
        self.start_deed(who.clone(), deed);
        let until = self.now() + TimeDelta::seconds(1);
        self.pass_quietly(until);
    }

    /// Time passes without anybody else doing anything.
    pub fn pass_quietly(&mut self, until: Instant) {
        let never = Instant::MAX_UTC;
        (self.next_deed, self.next_mishap, self.next_bad_while) = (never, never, never);
        while self.now() < until && self.fine() {
            self.step(until);
        }
    }

    /// Something changes behind Kari's back: in Identity Center, and in what the watch knows of the
    /// directory.
    pub fn change(&mut self, act: impl FnOnce(&mut identity_center::World, &mut Snapshot, Instant)) {
        let mut watch = self.world.gate.watch();
        let mut known = watch.organization().clone();
        self.world.center.with(|world, now| act(world, &mut known, now)).expect("nothing is saved");
        watch.organization_changed(known);
    }

    /// Whether nothing is left to do about a tuple.
    pub fn rests(&self, tuple: &Tuple) -> bool {
        self.world.gate.watch().ledgers.get(tuple).is_none_or(crate::watch::LedgerWatch::rests)
    }

    /// Every request, as the store has it.
    pub fn requests(&self) -> BTreeMap<RequestId, kari_domain::request::AccessRequest> {
        let ids: Vec<_> = self.world.gate.watch().requests.keys().copied().collect();
        ids.into_iter().filter_map(|id| Some((id, self.world.request(id)?))).collect()
    }

    /// Whether an assignment really gives access now.
    pub fn is_present(&self, tuple: &Tuple) -> bool {
        let assignment = identity_center::Assignment::from(tuple);
        self.world.center.with(|world, now| world.is_present(now, &assignment)).expect("nothing is saved")
    }

    /// Everything that happened.
    pub fn story(&self) -> String {
        self.world.gate.watch().story.clone().unwrap_or_default().join("\n")
    }

    /// Nothing wrong was seen.
    ///
    /// # Panics
    /// If something was.
    pub fn assert_fine(&self) {
        let violation = self.world.gate.watch().violation().cloned();
        assert!(violation.is_none(), "{violation:?}\n{}", self.story());
    }
}
