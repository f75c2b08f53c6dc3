//! Whole journeys on the embedded parts: ask, approve, use, gone.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

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
use kari_domain::ids::{RequestId, UserId};
use kari_domain::request::Decision;
use kari_domain::text::Justification;
use kari_domain::time::{Instant, Minutes};
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{Action, Count, FaultPlan, SimulatedIdentityCenter, World};
use kari_embedded::ids::SeededIds;
use kari_embedded::organization::Organization;
use kari_embedded::store::SqliteStore;
use kari_embedded::{Parts, assemble};

/// A company that journeys are made in.
#[derive(Debug)]
pub struct Company {
    kari: Kari,
    store: Arc<SqliteStore>,
    identity_center: Arc<SimulatedIdentityCenter>,
    clock: Arc<ManualClock>,
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
        let organization =
            Organization::parse("sample-organization.toml", text).expect("the sample is sound");
        let clock = Arc::new(ManualClock::new(Instant::UNIX_EPOCH + TimeDelta::days(20_000)));
        let store = Arc::new(SqliteStore::open(path).expect("the store opens"));
        let world = World::new(&organization.directory, 1, FaultPlan::calm());
        let identity_center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let kari = assemble(Parts {
            store: Arc::clone(&store),
            directory: identity_center.clone(),
            assignments: identity_center.clone(),
            workflow: Arc::new(CalledByTheJourney),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(1)),
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
        let mut journey = pin!(self.travel_async(number, wish));
        let mut context = Context::from_waker(Waker::noop());
        // Whoever sleeps is woken at once, at the time it waits for.
        while journey.as_mut().poll(&mut context).is_pending() {
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
        let before = self.counts();
        self.travel(number, wish);
        let earlier = |action: &Action| before.get(action).map_or(0, |count| count.calls);
        let made = |(action, count): (Action, Count)| {
            (action, u32::try_from(count.calls - earlier(&action)).expect("a journey ends"))
        };
        self.counts().into_iter().map(made).collect()
    }

    fn counts(&self) -> BTreeMap<Action, Count> {
        self.identity_center.with(|world, _| world.counts().clone()).expect("nothing is saved")
    }

    async fn travel_async(&self, number: usize, wish: &Wish) {
        let requester =
            live_caller(&self.kari, &self.user(wish.requester)).await.expect("the requester exists");
        let reviewer = live_caller(&self.kari, &self.user(wish.reviewer)).await.expect("the reviewer exists");
        let submitted = submit_request(&self.kari, &requester, Cause::Api, &self.wanted(number, wish)).await;
        let mut answers = submitted.expect("it is submitted").answers;
        let request = answers.pop().expect("one account, one answer").result.expect("it is taken");
        let id = request.id().expect("it was submitted");
        review_request(&self.kari, &reviewer, Cause::Api, id, Decision::Approve, None)
            .await
            .expect("it is approved");
        while let Advanced::At(at, _) = advance(&self.kari, id).await.expect("it advances") {
            self.clock.advance_to(at);
        }
        let end = load_request(&self.kari, id).await.expect("it is there").state;
        assert_eq!(end.name(), "closed");
    }

    fn wanted(&self, number: usize, wish: &Wish) -> Wanted {
        let directory = &self.organization.directory;
        let account = directory.accounts.values().find(|account| account.name == wish.account);
        let set = directory.permission_sets.values().find(|set| set.name == wish.permission_set);
        Wanted {
            idempotency_key: format!("journey-{number}"),
            accounts: vec![account.expect("the account exists").id.clone()],
            permission_set: set.expect("the permission set exists").arn.clone(),
            start: None,
            duration: Minutes(60),
            justification: Justification::parse("measuring how long it takes").ok(),
            ticket: kari_domain::text::Ticket::parse("BENCH-1").ok(),
        }
    }

    fn user(&self, name: &str) -> UserId {
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
