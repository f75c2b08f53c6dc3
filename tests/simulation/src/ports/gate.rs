//! The gate every call goes through.

use std::sync::{Arc, Mutex, MutexGuard};

use chrono::TimeDelta;
use kari_application::ports::{Append, Clock, Unavailable};
use kari_domain::audit::StreamId;
use kari_domain::ids::RequestId;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;

use crate::coverage::{Place, Side};
use crate::dice::Dice;
use crate::mutant::Misfit;
use crate::tasks::{TaskId, yield_once};
use crate::watch::Watch;

/// A port, for counting what went wrong where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port {
    Store,
    Directory,
    Assignments,
    Policies,
    ReadModel,
    Notifier,
    Workflow,
}

/// How much goes wrong, per mille of the calls it applies to. What goes wrong within Identity Center
/// and the directory is the plan of the simulated Identity Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Calls that fail and change nothing.
    pub unavailable: u32,
    /// Appends whose outcome the caller is not told: they happened, did not, or will.
    pub unknown_append: u32,
    /// Calls that are held up before they arrive, for as long as [`longest_pause`](Self::longest_pause).
    pub pause: u32,
    pub longest_pause: TimeDelta,
    /// Starts of a workflow that get lost, come twice or come late.
    pub unreliable_start: u32,
    /// Records that reach the relay twice, late, or never.
    pub unreliable_record: u32,
}

impl Weather {
    /// Nothing goes wrong.
    pub fn calm() -> Self {
        Self {
            unavailable: 0,
            unknown_append: 0,
            pause: 0,
            longest_pause: TimeDelta::zero(),
            unreliable_start: 0,
            unreliable_record: 0,
        }
    }

    /// Everything goes wrong now and then.
    pub fn stormy(longest_pause: TimeDelta) -> Self {
        Self {
            unavailable: 25,
            unknown_append: 80,
            pause: 12,
            longest_pause,
            unreliable_start: 250,
            unreliable_record: 150,
        }
    }
}

/// A start of a workflow, on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    pub request: RequestId,
    pub at: Instant,
}

/// An append on its way, whose outcome the task that sent it was not told.
#[derive(Debug, Clone)]
pub struct LateAppend {
    pub at: Instant,
    pub by: TaskId,
    pub append: Append,
}

/// What all ports share.
pub struct Gate {
    clock: Arc<ManualClock>,
    state: Mutex<State>,
    watch: Mutex<Watch>,
}

struct State {
    dice: Dice,
    weather: Weather,
    current: TaskId,
    late_appends: Vec<LateAppend>,
    starts: Vec<Start>,
    /// When the policies can be read again; in the past if they can.
    policies_back_at: Instant,
    misfit: Option<Misfit>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

/// Somebody waits before or after a call. Whoever is dropped meanwhile has died there.
struct Waiting<'a> {
    gate: &'a Gate,
    place: Option<Place>,
}

impl Waiting<'_> {
    fn goes_on(mut self) {
        self.place = None;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let (Some(place), Ok(mut watch)) = (self.place.take(), self.gate.watch.lock()) {
            watch.coverage.dies(place);
        }
    }
}

/// What becomes of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AppendFate {
    AsAsked,
    Unavailable,
    /// It happens, and the caller is not told.
    HappensUntold,
    /// It does not happen, and the caller is not told.
    Lost,
    /// The caller is not told, and it happens afterwards unless somebody else is first.
    HappensLate,
}

impl Gate {
    /// A gate in calm weather.
    pub fn new(clock: Arc<ManualClock>, watch: Watch, dice: Dice) -> Arc<Self> {
        let state = State {
            dice,
            weather: Weather::calm(),
            current: TaskId(0),
            late_appends: vec![],
            starts: vec![],
            policies_back_at: clock.now(),
            misfit: None,
        };
        Arc::new(Self { clock, state: Mutex::new(state), watch: Mutex::new(watch) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Makes the ports do something wrong.
    pub fn misbehave(&self, misfit: Option<Misfit>) {
        self.state().misfit = misfit;
    }

    pub(crate) fn does(&self, misfit: Misfit) -> bool {
        self.state().misfit == Some(misfit)
    }

    /// Who watches what happens.
    pub fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap()
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Changes the weather.
    pub fn set_weather(&self, weather: Weather) {
        self.state().weather = weather;
    }

    /// The weather.
    pub fn weather(&self) -> Weather {
        self.state().weather
    }

    /// Nobody can read the policies before this instant; an instant in the past mends it.
    pub fn keep_policies_until(&self, at: Instant) {
        self.state().policies_back_at = at;
    }

    pub(super) fn fail_policies(&self) -> Result<(), Unavailable> {
        if self.now() >= self.state().policies_back_at {
            return Ok(());
        }
        Err(Unavailable::new("the policies", "they cannot be read for a while"))
    }

    /// Says which task runs from now on.
    pub fn enter_task(&self, task: TaskId) {
        self.state().current = task;
        self.watch().coverage.enter(task);
    }

    /// The task that runs.
    pub fn current(&self) -> TaskId {
        self.state().current
    }

    /// Before a call: others go first, and it may be held up on its way.
    pub(super) async fn before(&self, port: Port) {
        let here = self.waits(port, Side::Before);
        let pause = {
            let mut state = self.state();
            let (often, longest) = (state.weather.pause, state.weather.longest_pause);
            let paused = state.dice.chance(often);
            paused.then(|| state.dice.between(TimeDelta::seconds(1), longest))
        };
        match pause {
            Some(length) => self.clock.sleep(length).await,
            None => yield_once().await,
        }
        here.goes_on();
    }

    /// After a call: others go first.
    pub(super) async fn after(&self, port: Port) {
        let here = self.waits(port, Side::After);
        yield_once().await;
        here.goes_on();
    }

    fn waits(&self, port: Port, side: Side) -> Waiting<'_> {
        let stormy = self.weather() != Weather::calm();
        let place = self.watch().coverage.waits(port, side, stormy);
        Waiting { gate: self, place: Some(place) }
    }

    /// A call as a whole about these streams, for ports that fail in no other way.
    pub(super) async fn pass<T: Send>(
        &self,
        port: Port,
        about: &[StreamId],
        call: impl Future<Output = Result<T, Unavailable>> + Send,
    ) -> Result<T, Unavailable> {
        self.before(port).await;
        self.fail(port, about)?;
        let answer = call.await;
        if answer.is_err() {
            self.watch().fault(port, "no-answer", about);
        }
        self.after(port).await;
        answer
    }

    pub(super) fn fail(&self, port: Port, about: &[StreamId]) -> Result<(), Unavailable> {
        let mut state = self.state();
        let often = state.weather.unavailable;
        if state.dice.chance(often) {
            drop(state);
            self.watch().fault(port, "unavailable", about);
            return Err(Unavailable::new("the port", "the weather is bad"));
        }
        Ok(())
    }

    pub(super) fn append_fate(&self) -> AppendFate {
        let mut state = self.state();
        let weather = state.weather;
        if state.dice.chance(weather.unavailable) {
            AppendFate::Unavailable
        } else if state.dice.chance(weather.unknown_append) {
            *state.dice.pick(&[AppendFate::HappensUntold, AppendFate::Lost, AppendFate::HappensLate])
        } else {
            AppendFate::AsAsked
        }
    }

    pub(super) fn append_later(&self, append: Append) {
        let mut state = self.state();
        let delay = state.dice.between(TimeDelta::zero(), TimeDelta::seconds(3));
        let late = LateAppend { at: self.now() + delay, by: state.current, append };
        state.late_appends.push(late);
    }

    /// The late appends that arrive now.
    pub fn arriving_appends(&self, now: Instant) -> Vec<LateAppend> {
        let mut state = self.state();
        let (arriving, late) =
            std::mem::take(&mut state.late_appends).into_iter().partition(|late| late.at <= now);
        state.late_appends = late;
        arriving
    }

    /// When the next late append or start arrives.
    pub fn next_arrival(&self) -> Option<Instant> {
        let state = self.state();
        let starts = state.starts.iter().map(|start| start.at);
        state.late_appends.iter().map(|late| late.at).chain(starts).min()
    }

    /// A start of a workflow: for certain in calm weather.
    pub(super) fn start_workflow(&self, request: RequestId) {
        let mut state = self.state();
        let now = self.now();
        let mut times = vec![now];
        let often = state.weather.unreliable_start;
        if state.dice.chance(often) {
            let late = now + state.dice.between(TimeDelta::zero(), TimeDelta::minutes(10));
            times.clone_from(state.dice.pick(&[vec![], vec![now, late], vec![late]]));
        }
        state.starts.extend(times.into_iter().map(|at| Start { request, at }));
    }

    /// The starts that arrive now.
    pub fn arriving_starts(&self, now: Instant) -> Vec<RequestId> {
        let mut state = self.state();
        let (arriving, late): (Vec<Start>, Vec<Start>) =
            std::mem::take(&mut state.starts).into_iter().partition(|start| start.at <= now);
        state.starts = late;
        arriving.into_iter().map(|start| start.request).collect()
    }
}
