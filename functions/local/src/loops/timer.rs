//! The timer: drives requests and assignments when they are due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::advance::Advanced;
use kari_application::ports::{Due, ItemKey, Unavailable, Workflow};
use kari_application::relay::tell_unreadable;
use kari_application::{Error, Kari, reconcile};
use kari_domain::audit::StreamId;
use kari_domain::ids::{RequestId, Target, Tuple};
use kari_domain::time::Instant;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How often the timer looks at what is due, if nothing wakes it before.
const TICK: TimeDelta = TimeDelta::seconds(1);
/// How much is driven at the same time; Identity Center takes no more at once either.
const MOST_AT_ONCE: usize = 12;
const PAGE: usize = 200;
/// How long to wait after one failure; doubled with each further one.
const FIRST_RETRY: TimeDelta = TimeDelta::seconds(1);
const LONGEST_RETRY: TimeDelta = TimeDelta::minutes(1);
/// What cannot be understood is looked at rarely: an update of kari may understand it.
const PARKED: TimeDelta = TimeDelta::minutes(10);
/// Nothing is driven again sooner than this.
const SHORTEST_REST: TimeDelta = TimeDelta::milliseconds(200);
/// For what says that it is done while the index still calls it due.
const STALE: TimeDelta = TimeDelta::seconds(30);
/// How long a rest that is over is remembered, for the failures it counts.
const KEPT_AFTER_REST: TimeDelta = TimeDelta::minutes(10);

/// Drives everything that is due.
#[derive(Debug, Default)]
pub struct Timer {
    agenda: Mutex<Agenda>,
    wake: Notify,
}

/// What was found out in this process; forgetting it costs a few needless calls.
#[derive(Debug, Default)]
struct Agenda {
    resting: BTreeMap<ItemKey, Rest>,
    /// The assignments that are being worked on: two drives of one would only get in each other's way.
    busy: BTreeSet<ItemKey>,
}

/// Not before an instant, as long as the item is due since the same moment: a change ends the rest.
#[derive(Debug, Clone, Copy)]
struct Rest {
    due_at: Instant,
    until: Instant,
    failures: u32,
}

/// One drive that is over.
struct Driven {
    due: Due,
    lane: ItemKey,
    outcome: Result<Advanced, Error>,
}

impl Timer {
    /// Looks now: something was appended, or time was skipped.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Drives for ever.
    pub async fn run(self: Arc<Self>, kari: Kari) {
        let mut under_way = JoinSet::new();
        loop {
            self.start_due(&kari, &mut under_way).await;
            tokio::select! {
                () = self.wake.notified() => {}
                () = kari.clock.sleep(self.pause(kari.clock.now())) => {}
                Some(ended) = under_way.join_next(), if !under_way.is_empty() => match ended {
                    Ok(driven) => self.note(driven, kari.clock.now()),
                    // A drive is caught before, so this is not one.
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                },
            }
        }
    }

    /// Starts as much of what is due as may be driven at once, the longest overdue first.
    async fn start_due(&self, kari: &Kari, under_way: &mut JoinSet<Driven>) {
        let now = kari.clock.now();
        self.forget_finished(now);
        let mut last: Option<Due> = None;
        loop {
            let due = match kari.store.due(now, last.as_ref(), PAGE).await {
                Ok(due) => due,
                Err(error) => {
                    tracing::warn!(%error, "the timer cannot see what is due; it looks again");
                    return;
                }
            };
            last = due.last().cloned();
            for due in due {
                if under_way.len() >= MOST_AT_ONCE {
                    return;
                }
                if !self.is_resting(&due, now) {
                    self.start(kari, due, under_way).await;
                }
            }
            if last.is_none() {
                return;
            }
        }
    }

    async fn start(&self, kari: &Kari, due: Due, under_way: &mut JoinSet<Driven>) {
        let Ok(lane) = lane_of(kari, &due.key).await else { return };
        if self.lock().busy.insert(lane.clone()) {
            let kari = kari.clone();
            under_way.spawn(async move {
                let outcome = drive(&kari, &due.key).await;
                Driven { due, lane, outcome }
            });
        }
    }

    fn note(&self, driven: Driven, now: Instant) {
        let Driven { due, lane, outcome } = driven;
        let mut agenda = self.lock();
        agenda.busy.remove(&lane);
        let failures = agenda.resting.get(&due.key).map_or(0, |rest| rest.failures);
        let (length, failures) = match outcome {
            Ok(Advanced::At(at, _)) => (at - now, 0),
            Ok(Advanced::Done) => (STALE, 0),
            Err(error) => (rest_after(&error, &due.key, failures), failures.saturating_add(1)),
        };
        let rest = Rest { due_at: due.at, until: now + length.max(SHORTEST_REST), failures };
        agenda.resting.insert(due.key, rest);
    }

    fn is_resting(&self, due: &Due, now: Instant) -> bool {
        let agenda = self.lock();
        agenda.resting.get(&due.key).is_some_and(|rest| rest.due_at == due.at && now < rest.until)
    }

    /// What nobody took up again after its rest is due no more.
    fn forget_finished(&self, now: Instant) {
        self.lock().resting.retain(|_, rest| now < rest.until + KEPT_AFTER_REST);
    }

    /// Until the first rest is over, but never longer than a tick.
    fn pause(&self, now: Instant) -> TimeDelta {
        let agenda = self.lock();
        let rests = agenda.resting.values().map(|rest| rest.until - now);
        rests.filter(|left| *left > TimeDelta::zero()).min().unwrap_or(TICK).min(TICK)
    }

    fn forget(&self, key: &ItemKey) {
        self.lock().resting.remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Agenda> {
        self.agenda.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drives one item. What panics has met what nobody thought of, and is parked like all that cannot be
/// understood: ending the process for it would only meet it again after each restart, and nothing else
/// would go on.
async fn drive(kari: &Kari, key: &ItemKey) -> Result<Advanced, Error> {
    let (its_kari, its_key) = (kari.clone(), key.clone());
    match tokio::spawn(async move { reconcile::drive(&its_kari, &its_key).await }).await {
        Ok(outcome) => outcome,
        Err(panic) => {
            tell_unreadable(kari, &StreamId::from_stored(key.0.clone())).await?;
            Err(Error::Corrupt(format!("driving it failed badly: {panic}")))
        }
    }
}

/// The assignment that an item is about.
async fn lane_of(kari: &Kari, key: &ItemKey) -> Result<ItemKey, Unavailable> {
    let item = kari.store.item(key).await?;
    Ok(item.and_then(|item| item.request).map_or_else(
        || key.clone(),
        |request| {
            let target = Target { account: request.account, permission_set: request.permission_set };
            ItemKey::from(&StreamId::ledger(&Tuple { principal: request.requester, target }))
        },
    ))
}

/// How long to leave something alone that failed; says so once.
fn rest_after(error: &Error, key: &ItemKey, failures: u32) -> TimeDelta {
    if let Error::Corrupt(what) = error {
        if failures == 0 {
            tracing::error!(item = %key.0, what, "recorded data cannot be understood; it is parked");
        }
        return PARKED;
    }
    if failures == 0 {
        tracing::warn!(item = %key.0, %error, "driving failed; it is repeated");
    }
    (FIRST_RETRY * 2_i32.saturating_pow(failures.min(10))).min(LONGEST_RETRY)
}

/// The workflow of one machine is the timer: starting a request means looking at it now.
#[derive(Debug)]
pub struct TimerWorkflow(pub Arc<Timer>);

#[async_trait]
impl Workflow for TimerWorkflow {
    async fn start(&self, request: RequestId) -> Result<(), Unavailable> {
        self.0.forget(&ItemKey::from(&StreamId::request(request)));
        self.0.wake();
        Ok(())
    }

    async fn start_end(&self, request: RequestId) -> Result<(), Unavailable> {
        self.start(request).await
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use kari_application::caller::live_caller;
    use kari_application::explain::{EligibilityQuery, eligibility};
    use kari_application::ports::{PageRequest, Policies};
    use kari_application::submit_request::{Wanted, submit_request};
    use kari_domain::audit::Cause;
    use kari_domain::policy::CompiledPolicies;
    use kari_domain::request::Why;
    use kari_domain::text::Justification;
    use kari_domain::time::Minutes;
    use kari_embedded::inbox::Inbox;

    use super::*;
    use crate::app::App;
    use crate::cli::{Cli, Command};
    use crate::data_dir::DataDir;

    const NOW: Instant = Instant::UNIX_EPOCH;

    fn due(at: Instant) -> Due {
        Due { key: ItemKey("request/1".to_owned()), at }
    }

    fn after(timer: &Timer, outcome: Result<Advanced, Error>) {
        timer.note(Driven { due: due(NOW), lane: ItemKey("a".to_owned()), outcome }, NOW);
    }

    #[test]
    fn nothing_is_driven_before_the_instant_it_asked_for() {
        let timer = Timer::default();
        let asked = NOW + TimeDelta::minutes(1);
        after(&timer, Ok(Advanced::At(asked, Why::AwaitRemoval)));
        assert!(timer.is_resting(&due(NOW), asked - TimeDelta::milliseconds(1)));
        assert!(!timer.is_resting(&due(NOW), asked));
        assert_eq!(timer.pause(asked - TimeDelta::milliseconds(300)), TimeDelta::milliseconds(300));
        assert_eq!(timer.pause(NOW), TICK, "it never sleeps longer than a tick");
    }

    #[test]
    fn a_change_ends_the_rest() {
        let timer = Timer::default();
        after(&timer, Ok(Advanced::At(NOW + TimeDelta::hours(1), Why::AwaitRemoval)));
        assert!(!timer.is_resting(&due(NOW + TimeDelta::seconds(1)), NOW));
        timer.forget(&due(NOW).key);
        assert!(!timer.is_resting(&due(NOW), NOW));
    }

    #[test]
    fn failures_are_repeated_ever_more_rarely_but_at_least_each_minute() {
        let busy = || Error::Busy;
        let rests: Vec<_> = (0..8).map(|n| rest_after(&busy(), &due(NOW).key, n).num_seconds()).collect();
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(rest_after(&busy(), &due(NOW).key, u32::MAX), LONGEST_RETRY);
        let corrupt = Error::Corrupt("newer".to_owned());
        assert_eq!(rest_after(&corrupt, &due(NOW).key, 0), PARKED);
    }

    /// Policies that make whoever asks for them panic.
    struct Explosive;

    #[async_trait]
    impl Policies for Explosive {
        async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
            panic!("on purpose")
        }
    }

    #[tokio::test]
    async fn a_drive_that_panics_is_parked_told_and_holds_up_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let directory = DataDir::open(directory.path()).unwrap();
        let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
        let app = App::open(&options, &directory).await.unwrap();
        let stream = StreamId::request(lapsed_request(&app).await);
        let kari = Kari { policies: Arc::new(Explosive), ..app.kari.clone() };
        let outcome = drive(&kari, &ItemKey::from(&stream)).await;
        assert!(matches!(&outcome, Err(Error::Corrupt(what)) if what.contains("on purpose")), "{outcome:?}");

        let snapshot = app.kari.read_model.load().await.unwrap();
        let administrator = snapshot.users.values().find(|user| user.user_name == "hanako").unwrap();
        let inbox = Inbox::new(Arc::clone(&app.store));
        let told = inbox.messages(&administrator.id, &PageRequest { limit: 10, after: None }).unwrap();
        assert_eq!(told.items.iter().filter(|message| message.stream == stream).count(), 1, "{told:?}");

        let timer = Timer::default();
        timer.lock().busy.insert(ItemKey("a".to_owned()));
        after(&timer, outcome);
        assert!(timer.is_resting(&due(NOW), NOW + PARKED - TimeDelta::seconds(1)));
        assert!(timer.lock().busy.is_empty());
        assert!(matches!(drive(&app.kari, &ItemKey::from(&stream)).await, Ok(Advanced::Done)));
    }

    /// A request that is due because nobody reviewed it in time.
    async fn lapsed_request(app: &App) -> RequestId {
        let snapshot = app.kari.read_model.load().await.unwrap();
        let alice = snapshot.users.values().find(|user| user.user_name == "alice").unwrap();
        let caller = live_caller(&app.kari, &alice.id).await.unwrap();
        let query = EligibilityQuery { limit: 200, ..EligibilityQuery::default() };
        let offered = eligibility(&app.kari, &caller, &query).await.unwrap().accounts;
        let pairs =
            offered.iter().flat_map(|a| a.permission_sets.iter().map(move |(set, offer)| (a, set, offer)));
        let (account, set, _) = { pairs }
            .find(|(_, _, offer)| offer.longest_without_approval_minutes.is_none() && !offer.ticket_required)
            .unwrap();
        let wanted = Wanted {
            idempotency_key: "once".to_owned(),
            accounts: vec![account.account.id.clone()],
            permission_set: set.arn.clone(),
            start: None,
            duration: Minutes(60),
            justification: Some(Justification::parse("nobody will look at this in time").unwrap()),
            ticket: None,
        };
        let submitted = submit_request(&app.kari, &caller, Cause::Api, &wanted).await.unwrap();
        app.clock.skip(TimeDelta::hours(9)).unwrap();
        submitted.answers[0].result.as_ref().unwrap().id().unwrap()
    }

    #[test]
    fn what_is_due_no_more_is_forgotten() {
        let timer = Timer::default();
        after(&timer, Ok(Advanced::Done));
        timer.forget_finished(NOW + STALE);
        assert_eq!(timer.lock().resting.len(), 1);
        timer.forget_finished(NOW + STALE + KEPT_AFTER_REST);
        assert!(timer.lock().resting.is_empty());
    }
}
