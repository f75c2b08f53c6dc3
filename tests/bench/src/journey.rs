//! Whole journeys on the embedded parts: ask, approve, use, gone.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::advance::{Advanced, advance};
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, change_settings, create_policy};
use kari_application::ports::{Unavailable, Workflow};
use kari_application::relay::relay;
use kari_application::review_request::review_request;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::sync_directory::sync_directory;
use kari_application::{Kari, RoleGroups, load_request};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::{RequestId, Target, UserId};
use kari_domain::request::{Decision, Why};
use kari_domain::text::{Justification, Ticket};
use kari_domain::time::{Instant, Minutes};
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{Action, Count, FaultPlan, SimulatedIdentityCenter, World};
use kari_embedded::ids::RandomIds;
use kari_embedded::organization::Organization;
use kari_embedded::store::SqliteStore;
use kari_embedded::{Parts, assemble};

/// For how long everybody asks.
pub(crate) const LENGTH: Minutes = Minutes(60);

/// A company that journeys are made in.
#[derive(Debug)]
pub struct Company {
    pub(crate) kari: Kari,
    store: Arc<SqliteStore>,
    pub(crate) identity_center: Arc<SimulatedIdentityCenter>,
    pub(crate) clock: Arc<ManualClock>,
    organization: Organization,
}

/// The journey itself calls `advance`, so nothing needs starting.
#[derive(Debug)]
struct CalledByTheJourney;

#[async_trait]
impl Workflow for CalledByTheJourney {
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
}

impl Company {
    /// The sample organization with its store at `path`.
    pub fn open(path: &Path) -> Self {
        let text = include_str!("../../../functions/local/sample-organization.toml");
        Self::of(Organization::parse("sample-organization.toml", text).expect("the sample is sound"), path)
    }

    /// This organization, administered from its management account, with its store at `path`.
    pub(crate) fn of(organization: Organization, path: &Path) -> Self {
        let clock = Arc::new(ManualClock::new(Instant::UNIX_EPOCH + TimeDelta::days(20_000)));
        let store = Arc::new(SqliteStore::open(path).expect("the store opens"));
        let plan = FaultPlan { delegated_administrator: false, ..FaultPlan::calm() };
        let world = World::new(&organization.directory, 1, plan);
        let identity_center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let kari = assemble(Parts {
            store: Arc::clone(&store),
            directory: identity_center.clone(),
            assignments: identity_center.clone(),
            workflow: Arc::new(CalledByTheJourney),
            clock: clock.clone(),
            ids: Arc::new(RandomIds::seeded(clock.clone(), 1)),
            roles: RoleGroups::default(),
        });
        let company = Self { kari, store, identity_center, clock, organization };
        futures::executor::block_on(company.set_up());
        company
    }

    async fn set_up(&self) {
        sync_directory(&self.kari).await.expect("the directory is there");
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        let policies = &self.organization.policies;
        for versioned in &policies.eligibility {
            create_policy(&self.kari, &editor, versioned.policy.clone()).await.expect("a sound policy");
        }
        for versioned in &policies.guardrails {
            create_policy(&self.kari, &editor, versioned.policy.clone()).await.expect("a sound policy");
        }
        for versioned in &policies.approvers {
            create_policy(&self.kari, &editor, versioned.policy.clone()).await.expect("a sound policy");
        }
        let settings = policies.settings.clone();
        change_settings(&self.kari, &editor, settings, 0).await.expect("sound settings");
    }

    /// Reads the directory, as it is every few minutes; a journey takes an hour, and rights rest on no older
    /// copy.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn read_directory(&self) {
        futures::executor::block_on(sync_directory(&self.kari)).expect("the directory is there");
    }

    /// One journey: `requester` asks, `reviewer` approves, access appears, and ends after an hour.
    pub fn travel(&self, number: usize, wish: &Wish) {
        let id = self.run(self.ask(number, wish));
        self.run(self.approve(id, wish));
        self.run(self.end(id));
    }

    /// Runs something to its end. Whoever sleeps is woken at once, at the time it waits for.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
                return done;
            }
            self.clock.advance_to(self.clock.next_wake().expect("somebody sleeps"));
        }
    }

    /// Tells everybody of what happened since the last time, as the relay does it.
    ///
    /// # Panics
    /// If anything cannot be told.
    pub fn tell(&self) {
        loop {
            let batch = self.store.outbox_batch(0, 100).expect("the outbox can be read");
            if batch.is_empty() {
                return;
            }
            for outgoing in batch {
                futures::executor::block_on(relay(&self.kari, &outgoing.bytes)).expect("it is told");
                self.store.outbox_done(outgoing.position).expect("the outbox can be written");
            }
        }
    }

    /// Makes a journey; how many calls Identity Center and the directory received, by operation.
    pub fn calls_of_a_journey(&self, number: usize, wish: &Wish) -> BTreeMap<Action, u32> {
        self.read_directory();
        self.calls_while(|| self.travel(number, wish)).0
    }

    /// How many calls Identity Center and the directory receive meanwhile, by operation, and what comes of it.
    pub(crate) fn calls_while<T>(&self, doing: impl FnOnce() -> T) -> (BTreeMap<Action, u32>, T) {
        let before = self.counts();
        let done = doing();
        let earlier = |action: &Action| before.get(action).map_or(0, |count| count.calls);
        let made = |(action, count): (Action, Count)| {
            (action, u32::try_from(count.calls - earlier(&action)).expect("it ends"))
        };
        (self.counts().into_iter().map(made).collect(), done)
    }

    fn counts(&self) -> BTreeMap<Action, Count> {
        self.identity_center.with(|world, _| world.counts().clone()).expect("nothing is saved")
    }

    pub(crate) async fn ask(&self, number: usize, wish: &Wish) -> RequestId {
        let directory = &self.organization.directory;
        let account = directory.accounts.values().find(|account| account.name == wish.account);
        let set = directory.permission_sets.values().find(|set| set.name == wish.permission_set);
        let account = account.expect("the account exists").id.clone();
        let permission_set = set.expect("the permission set exists").arn.clone();
        self.ask_for(number, &self.user(wish.requester), &Target { account, permission_set }).await
    }

    pub(crate) async fn ask_for(&self, number: usize, requester: &UserId, target: &Target) -> RequestId {
        let requester = live_caller(&self.kari, requester).await.expect("the requester exists");
        let wanted = Wanted {
            idempotency_key: format!("journey-{number}"),
            accounts: vec![target.account.clone()],
            permission_set: target.permission_set.clone(),
            start: None,
            duration: LENGTH,
            justification: Justification::parse("measuring how long it takes").ok(),
            ticket: Ticket::parse("BENCH-1").ok(),
        };
        let submitted = submit_request(&self.kari, &requester, Cause::Api, &wanted).await;
        let mut answers = submitted.expect("it is submitted").answers;
        let request = answers.pop().expect("one account, one answer").result.expect("it is taken");
        request.id().expect("it was submitted")
    }

    pub(crate) async fn approve(&self, id: RequestId, wish: &Wish) {
        let reviewer = live_caller(&self.kari, &self.user(wish.reviewer)).await.expect("the reviewer exists");
        review_request(&self.kari, &reviewer, Cause::Api, id, Decision::Approve, None)
            .await
            .expect("it is approved");
    }

    /// Drives a request until there is access.
    pub(crate) async fn grant(&self, id: RequestId) {
        let holds = |advanced| matches!(advanced, Advanced::At(_, Why::HoldUntilExpiry));
        self.drive(id, holds, "active").await;
    }

    /// Drives a request until it is over.
    pub(crate) async fn end(&self, id: RequestId) {
        self.drive(id, |advanced| advanced == Advanced::Done, "closed").await;
    }

    /// NB. Whether it is there is looked at once, at the end: looking is no part of a journey.
    async fn drive(&self, id: RequestId, is_there: impl Fn(Advanced) -> bool, state: &str) {
        loop {
            let advanced = advance(&self.kari, id).await.expect("it advances");
            match advanced {
                Advanced::At(at, _) if !is_there(advanced) => self.clock.advance_to(at),
                Advanced::At(..) | Advanced::Done => break,
            }
        }
        let request = load_request(&self.kari, id).await.expect("it is there").state;
        assert_eq!(request.name(), state);
    }

    pub(crate) fn user(&self, name: &str) -> UserId {
        let mut users = self.organization.directory.users.values();
        users.find(|user| user.user_name == name).expect("the user exists").id.clone()
    }
}

/// Who asks for what, and who approves it.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub requester: &'static str,
    pub reviewer: &'static str,
    pub account: &'static str,
    pub permission_set: &'static str,
}

impl Wish {
    /// A developer changes production, and a team lead approves it.
    pub const EVERYDAY: Self =
        Self { requester: "alice", reviewer: "bob", account: "shop-prod", permission_set: "PowerUserAccess" };
}
