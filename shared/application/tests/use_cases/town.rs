//! A town with many accounts, and everything real but time.
//!
//! Lee leads the north and Sam the south, where their word is needed; in the sandbox nobody's is.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, create_policy};
use kari_application::ports::{Clock, Unavailable, Workflow};
use kari_application::reconcile::SaidLast;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::sync_directory::sync_directory;
use kari_application::{Kari, RoleGroups, load_request};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::directory::{
    Account, AccountStatus, Group, OrganizationalUnit, PermissionSet, Snapshot, User,
};
use kari_domain::ids::{
    AccountId, GroupId, OuId, PermissionSetArn, PolicyId, RequestId, Target, Tuple, UserId,
};
use kari_domain::policy::{
    ApproverPolicy, EligibilityPolicy, People, PermissionSets, Principals, Requirement, Targets,
};
use kari_domain::request::AccessRequest;
use kari_domain::text::{Justification, PolicyName};
use kari_domain::time::{Instant, Minutes};
use kari_embedded::clock::ManualClock;
use kari_embedded::identity_center::{
    Action, Assignment, FaultPlan, MillisRange, Service, SimulatedIdentityCenter, World,
};
use kari_embedded::ids::SeededIds;
use kari_embedded::inbox::Inbox;
use kari_embedded::policies::StoredPolicies;
use kari_embedded::read_model::StoredReadModel;
use kari_embedded::store::SqliteStore;

pub(crate) const PEOPLE: [&str; 6] = ["ann", "ben", "cat", "lee", "sam", "tom"];
pub(crate) const UNITS: [&str; 3] = ["north", "south", "sandbox"];
/// How many accounts each unit has.
pub(crate) const ACCOUNTS: usize = 100;
/// How many accounts there are.
pub(crate) const ALL_ACCOUNTS: usize = UNITS.len() * ACCOUNTS;
/// How many permission sets there are.
pub(crate) const SETS: usize = 10;

pub(crate) struct Town {
    pub(crate) kari: Kari,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) inbox: Inbox,
    #[allow(dead_code, reason = "some tests relay what it holds")]
    pub(crate) store: Arc<SqliteStore>,
    identity_center: Arc<SimulatedIdentityCenter>,
}

/// The tests drive requests themselves.
struct Nobody;

#[async_trait]
impl Workflow for Nobody {
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(format!("u-{name}")).unwrap()
}

/// An account of a unit, by its number there.
pub(crate) fn account(unit: &str, number: usize) -> AccountId {
    let place = UNITS.iter().position(|name| *name == unit).unwrap() + 1;
    AccountId::parse(format!("{place}{number:011}")).unwrap()
}

pub(crate) fn set(number: usize) -> PermissionSetArn {
    PermissionSetArn::parse(format!("arn:aws:sso:::permissionSet/ssoins-1/ps-{number}")).unwrap()
}

/// Tom alone.
fn administrators() -> GroupId {
    GroupId::parse("g-administrators").unwrap()
}

fn unit(name: &str) -> OuId {
    OuId::parse(format!("ou-{name}")).unwrap()
}

impl Town {
    pub(crate) fn new() -> Self {
        Self::of(&snapshot())
    }

    /// The same, where this account is the organization's management account.
    pub(crate) fn managed_from(id: &AccountId) -> Self {
        let mut snapshot = snapshot();
        snapshot.accounts.get_mut(id).unwrap().management = true;
        Self::of(&snapshot)
    }

    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let clock = Arc::new(ManualClock::new(Instant::UNIX_EPOCH + TimeDelta::days(20_000)));
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let at_once = FaultPlan { latency: MillisRange::new(0, 0), ..FaultPlan::calm() };
        let mut world = World::new(snapshot, 1, at_once);
        world.keep_calls(0);
        let identity_center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let kari = Kari {
            store: store.clone(),
            policies: Arc::new(StoredPolicies::new(store.clone())),
            directory: identity_center.clone(),
            read_model: Arc::new(StoredReadModel::new(store.clone())),
            assignments: identity_center.clone(),
            workflow: Arc::new(Nobody),
            notifier: Arc::new(Inbox::new(store.clone())),
            boards: vec![],
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(1)),
            roles: RoleGroups { administrators: [administrators()].into(), ..RoleGroups::default() },
            said_last: SaidLast::default(),
        };
        let town = Self { kari, clock, inbox: Inbox::new(store.clone()), store, identity_center };
        town.run(set_up(&town.kari));
        town
    }

    /// Runs a use case to its end. Whoever sleeps is woken at once, at the time it waits for.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(done) = future.as_mut().poll(&mut context) {
                return done;
            }
            self.clock.advance_to(self.clock.next_wake().expect("nobody waits for anything else"));
        }
    }

    /// Time passes, and the directory is read, as it is every few minutes.
    pub(crate) fn pass(&self, length: TimeDelta) {
        self.clock.advance_by(length);
        self.run(sync_directory(&self.kari)).unwrap();
    }

    /// Somebody asks for the same in each of these accounts.
    pub(crate) fn ask(&self, who: &str, accounts: &[AccountId], set: &PermissionSetArn) -> Vec<RequestId> {
        self.run(self.asking(who, accounts, set))
    }

    pub(crate) async fn asking(
        &self,
        who: &str,
        accounts: &[AccountId],
        set: &PermissionSetArn,
    ) -> Vec<RequestId> {
        let wanted = Wanted {
            idempotency_key: format!("{who} {set} {:?} {}", accounts.first(), self.clock.now()),
            accounts: accounts.to_vec(),
            permission_set: set.clone(),
            start: None,
            duration: Minutes(30),
            justification: Some(Justification::parse("the disk is full again").unwrap()),
            ticket: None,
        };
        let caller = live_caller(&self.kari, &user(who)).await.unwrap();
        let submitted = submit_request(&self.kari, &caller, Cause::Api, &wanted).await;
        let answers = submitted.unwrap().answers.into_iter();
        answers.map(|answer| answer.result.unwrap().id().unwrap()).collect()
    }

    /// The state that a request is in.
    pub(crate) fn state(&self, id: RequestId) -> &'static str {
        self.run(load_request(&self.kari, id)).unwrap().state.name()
    }

    /// Whether a request's end is known to be blocked.
    pub(crate) fn is_blocked(&self, id: RequestId) -> bool {
        match self.run(load_request(&self.kari, id)).unwrap().state {
            AccessRequest::Ending(ending) => ending.blocked.is_some(),
            other => panic!("{}", other.name()),
        }
    }

    pub(crate) fn assignment(who: &str, account: &AccountId, set: &PermissionSetArn) -> Assignment {
        let target = Target { account: account.clone(), permission_set: set.clone() };
        Assignment::from(&Tuple { principal: user(who), target })
    }

    pub(crate) fn suspend(&self, id: &AccountId) {
        self.identity_center.with(|world, now| world.suspend_account(now, id)).unwrap();
    }

    pub(crate) fn is_present(&self, assignment: &Assignment) -> bool {
        self.identity_center.with(|world, now| world.is_present(now, assignment)).unwrap()
    }

    pub(crate) fn lose_directory_for(&self, length: TimeDelta) {
        self.identity_center.with(|world, now| world.directory_down_for(now, length)).unwrap();
    }

    /// How many deletions Identity Center was asked for.
    pub(crate) fn deletions(&self) -> u64 {
        self.calls(Action::DeleteAccountAssignment)
    }

    /// How often Identity Center or the directory was asked for this.
    pub(crate) fn calls(&self, action: Action) -> u64 {
        self.calls_of(|of| of == action)
    }

    /// How many calls of these operations were made.
    pub(crate) fn calls_of(&self, of: impl Fn(Action) -> bool) -> u64 {
        self.behind(|world, _| {
            world.counts().iter().filter(|(action, _)| of(**action)).map(|(_, count)| count.calls).sum()
        })
    }

    /// How many calls Identity Center itself received.
    pub(crate) fn calls_to_identity_center(&self) -> u64 {
        self.calls_of(|action| action.service() == Service::SsoAdmin)
    }

    /// Something happens in Identity Center behind Kari's back.
    pub(crate) fn behind<T>(&self, act: impl FnOnce(&mut World, Instant) -> T) -> T {
        self.identity_center.with(act).unwrap()
    }

    /// Every operation takes so long from now on.
    pub(crate) fn operations_take(&self, length: TimeDelta) {
        let length = u32::try_from(length.num_milliseconds()).unwrap();
        let latency = MillisRange::new(length, length);
        self.behind(|world, _| world.set_fault_plan(FaultPlan { latency, ..FaultPlan::calm() }));
    }
}

/// Somebody more.
pub(crate) fn person(snapshot: &mut Snapshot, name: &str) {
    let id = user(name);
    let (user_name, display_name) = (name.to_owned(), name.to_owned());
    let email = Some(format!("{name}@example.com"));
    snapshot.users.insert(id.clone(), User { id, user_name, display_name, email, enabled: true });
}

/// A permission set more.
pub(crate) fn permission_set(snapshot: &mut Snapshot, number: usize) {
    let (arn, name) = (set(number), format!("set-{number}"));
    let description = String::new();
    let made = PermissionSet { arn, name, description, session_duration: Minutes(60) };
    snapshot.permission_sets.insert(made.arn.clone(), made);
}

pub(crate) fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot::default();
    for name in PEOPLE {
        person(&mut snapshot, name);
    }
    let (id, display_name) = (administrators(), "administrators".to_owned());
    snapshot.groups.insert(id.clone(), Group { id: id.clone(), display_name });
    snapshot.members.insert(id, [user("tom")].into());
    let root = OuId::parse("r-root").unwrap();
    snapshot
        .units
        .insert(root.clone(), OrganizationalUnit { id: root.clone(), name: "root".to_owned(), parent: None });
    for name in UNITS {
        let made = OrganizationalUnit { id: unit(name), name: name.to_owned(), parent: Some(root.clone()) };
        snapshot.units.insert(made.id.clone(), made);
        for number in 0..ACCOUNTS {
            let (id, path) = (account(name, number), vec![root.clone(), unit(name)]);
            let made = Account {
                id: id.clone(),
                name: format!("{name}-{number}"),
                status: AccountStatus::Active,
                management: false,
                left_out: None,
                path,
            };
            snapshot.accounts.insert(id, made);
        }
    }
    for number in 0..SETS {
        permission_set(&mut snapshot, number);
    }
    snapshot
}

async fn set_up(kari: &Kari) {
    sync_directory(kari).await.unwrap();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    for (name, approval_required) in [("north", true), ("south", true), ("sandbox", false)] {
        create_policy(kari, &editor, eligible(name, approval_required)).await.unwrap();
    }
    for (name, reviewer) in [("north", "lee"), ("south", "sam")] {
        create_policy(kari, &editor, reviewed(name, reviewer)).await.unwrap();
    }
}

/// Whoever asks for anything in a unit.
pub(crate) fn eligible(name: &str, approval_required: bool) -> EligibilityPolicy {
    EligibilityPolicy {
        id: PolicyId::parse(name).unwrap(),
        name: PolicyName::parse(name).unwrap(),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets { units: [unit(name)].into(), ..Targets::default() },
        permission_sets: PermissionSets::All,
        max_duration_minutes: Minutes(60),
        approval_required,
        ticket_required: false,
        note: None,
    }
}

/// Whatever is asked for in a unit is reviewed by this person.
pub(crate) fn reviewed(name: &str, by: &str) -> ApproverPolicy {
    let reviewers = People { users: [user(by)].into(), ..People::default() };
    ApproverPolicy {
        id: PolicyId::parse(name).unwrap(),
        name: PolicyName::parse(name).unwrap(),
        enabled: true,
        targets: Targets { units: [unit(name)].into(), ..Targets::default() },
        permission_sets: PermissionSets::All,
        requirements: vec![Requirement { reviewers, quorum: 1 }],
        notify: People::default(),
        in_addition: false,
        slack_channel: None,
        portal_only: false,
    }
}
