//! Appends that somebody else was faster with, and what they rest on, so that it is noticed; appends that
//! nobody hears of; and two who drive one request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::advance::{Advanced, advance};
use kari_application::caller::live_caller;
use kari_application::contract::doubles::{AssignmentsDouble, EventStoreDouble};
use kari_application::edit_policies::Editor;
use kari_application::identify::{SignedIn, identify};
use kari_application::link_chat::{Linked, link, offer_link};
use kari_application::ports::{
    Append, AppendError, Assignments, CallError, Clock, Conflict, EventStore, Unavailable,
};
use kari_application::reconcile::{
    Report, accept_requests, end_all_grants, end_grants_of_disabled_users, verify,
};
use kari_application::{Error, Kari, load_ledger};
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::ids::{OperationId, RequestId, Target, Tuple};
use kari_domain::request::Why;
use kari_domain::time::Instant;
use kari_embedded::identity_center::Action;

use crate::town::{Town, account, set, user};

/// What becomes of an append.
enum Fate {
    /// Somebody else was faster.
    Overtaken,
    /// It happens, and nobody hears of it.
    Unheard,
    /// It does not happen, and nobody hears of that either.
    Lost,
}

/// A store some of whose next appends do not go as they should.
struct Unlucky {
    inner: Arc<dyn EventStore>,
    next: Mutex<VecDeque<Fate>>,
    seen: Seen,
}

/// Every append that was tried.
type Seen = Arc<Mutex<Vec<Append>>>;

fn unheard() -> AppendError {
    AppendError::Unknown(Unavailable::new("the store", "nobody answered"))
}

#[async_trait]
impl EventStoreDouble for Unlucky {
    fn inner(&self) -> &dyn EventStore {
        &*self.inner
    }
    async fn append(&self, append: &Append) -> Result<(), AppendError> {
        self.seen.lock().unwrap().push(append.clone());
        let fate = self.next.lock().unwrap().pop_front();
        match fate {
            None => self.inner.append(append).await,
            Some(Fate::Overtaken) => {
                let stream = append.streams[0].stream.clone();
                Err(AppendError::Conflict(Conflict::Version { stream }))
            }
            Some(Fate::Unheard) => {
                self.inner.append(append).await?;
                Err(unheard())
            }
            Some(Fate::Lost) => Err(unheard()),
        }
    }
}

/// Kari, whose next appends fare like this.
fn unlucky(town: &Town, next: impl IntoIterator<Item = Fate>) -> Kari {
    watched(town, next).0
}

fn watched(town: &Town, next: impl IntoIterator<Item = Fate>) -> (Kari, Seen) {
    let (inner, next) = (Arc::clone(&town.kari.store), Mutex::new(next.into_iter().collect()));
    let seen = Seen::default();
    let store = Arc::new(Unlucky { inner, next, seen: Arc::clone(&seen) });
    (Kari { store, ..town.kari.clone() }, seen)
}

/// Ann has access to the sandbox through Kari.
fn granted(town: &Town) -> RequestId {
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(town.state(id), "active");
    id
}

#[test]
fn what_is_drained_ends_though_others_were_first_and_is_counted_once() {
    let town = Town::new();
    let id = granted(&town);
    let kari = unlucky(&town, [Fate::Overtaken, Fate::Overtaken]);
    assert_eq!(town.run(end_all_grants(&kari)).unwrap(), Report { ended: 1, ..Report::default() });
    assert_eq!(town.state(id), "ending");
    assert_eq!(town.run(end_all_grants(&kari)).unwrap(), Report::default());
}

#[test]
fn what_others_were_first_with_every_time_is_not_counted_as_ended() {
    let town = Town::new();
    let id = granted(&town);
    let kari = unlucky(&town, (0..16).map(|_| Fate::Overtaken));
    assert_eq!(town.run(end_all_grants(&kari)).unwrap(), Report { failed: 1, ..Report::default() });
    assert_eq!(town.state(id), "active");
}

#[test]
fn the_grant_of_somebody_disabled_ends_though_others_were_first() {
    let town = Town::new();
    let id = granted(&town);
    town.behind(|world, now| world.disable_user(now, &user("ann")));
    town.pass(TimeDelta::minutes(1));
    let kari = unlucky(&town, [Fate::Overtaken]);
    let report = town.run(end_grants_of_disabled_users(&kari)).unwrap();
    assert_eq!(report, Report { ended: 1, ..Report::default() });
    assert_ne!(town.state(id), "active");
}

#[test]
fn what_is_missing_is_counted_when_it_is_recorded() {
    let town = Town::new();
    granted(&town);
    let lost = Town::assignment("ann", &account("sandbox", 0), &set(0));
    town.behind(|world, now| world.remove_outside(now, &lost));
    town.pass(TimeDelta::minutes(5));
    let kari = unlucky(&town, [Fate::Overtaken]);
    let missing = || town.run(verify(&kari, Instant::MAX_UTC)).unwrap().missing;
    assert_eq!([missing(), missing()], [0, 1]);
}

#[test]
fn an_activation_that_fails_rests_on_the_ledger_that_it_was_judged_by() {
    let town = Town::new();
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    let operator = Editor { actor: Actor::System { reason: SystemReason::Operator }, cause: Cause::Operator };
    town.run(accept_requests(&town.kari, &operator, false)).unwrap();
    let (kari, seen) = watched(&town, []);
    town.run(advance(&kari, id)).unwrap();
    assert_eq!(town.state(id), "closed");
    let target = Target { account: account("sandbox", 0), permission_set: set(0) };
    let ledger = StreamId::ledger(&Tuple { principal: user("ann"), target });
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].unchanged.contains(&(ledger, 0)), "{:?}", seen[0].unchanged);
}

#[test]
fn a_first_sign_in_that_was_stored_is_one_though_nobody_heard_of_it() {
    let town = Town::new();
    let signed_in = SignedIn {
        issuer: "https://issuer.example".to_owned(),
        subject: "subject-1".to_owned(),
        name: "ann".to_owned(),
    };
    let kari = unlucky(&town, [Fate::Lost, Fate::Unheard]);
    let lost = town.run(identify(&kari, &signed_in));
    assert!(matches!(lost, Err(Error::Unavailable(_))), "{lost:?}");
    assert_eq!(town.run(identify(&kari, &signed_in)).unwrap(), user("ann"));
    assert_eq!(town.run(identify(&kari, &signed_in)).unwrap(), user("ann"));
}

#[test]
fn a_code_that_was_stored_is_given_out_though_nobody_heard_of_it() {
    let town = Town::new();
    let kari = unlucky(&town, [Fate::Unheard]);
    let code = town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        offer_link(&kari, &ann).await.unwrap().code
    });
    let linked = town.run(link(&town.kari, "slack", "slack/T1/U-ann", None, &code)).unwrap();
    assert_eq!(linked, Linked::To(user("ann")));
}

/// An Identity Center that takes its time to create: meanwhile somebody else drives the request.
struct Beside {
    inner: Arc<dyn Assignments>,
    kari: Kari,
    id: RequestId,
    said: Mutex<Vec<Advanced>>,
}

#[async_trait]
impl AssignmentsDouble for Beside {
    fn inner(&self) -> &dyn Assignments {
        &*self.inner
    }
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        let said = advance(&self.kari, self.id).await.unwrap();
        self.said.lock().unwrap().push(said);
        self.inner.create(tuple).await
    }
}

#[test]
fn of_two_who_drive_one_request_only_who_recorded_that_a_creation_follows_sends_it_at_once() {
    let town = Town::new();
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    let inner = town.kari.assignments.clone();
    let beside = Arc::new(Beside { inner, kari: town.kari.clone(), id, said: Mutex::default() });
    let began = town.clock.now();
    town.run(advance(&Kari { assignments: beside.clone(), ..town.kari.clone() }, id)).unwrap();
    let later = Advanced::At(began + TimeDelta::seconds(10), Why::AwaitActivation);
    assert_eq!(*beside.said.lock().unwrap(), [later]);
    assert_eq!(town.calls(Action::CreateAccountAssignment), 1);
    assert_eq!(town.state(id), "active");
    let target = Target { account: account("sandbox", 0), permission_set: set(0) };
    let ledger = town.run(load_ledger(&town.kari, &Tuple { principal: user("ann"), target })).unwrap().state;
    assert!(ledger.only_creation.is_some(), "none is forgotten");
}
