//! Asking: how many requests may wait, what a key answers and for how long, and what of it is read how
//! often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::caller::live_caller;
use kari_application::ports::{Policies, Unavailable};
use kari_application::submit_request::{Submitted, Wanted, submit_request};
use kari_application::withdraw_request::withdraw_request;
use kari_application::{Error, Kari, load_request};
use kari_domain::audit::{Actor, Cause, Envelope, StreamId, SystemReason};
use kari_domain::ids::{AccountId, RequestId};
use kari_domain::policy::CompiledPolicies;
use kari_domain::request::MOST_PENDING;
use kari_domain::settings::Settings;
use kari_domain::text::Justification;
use kari_domain::time::{Instant, Minutes};
use kari_embedded::identity_center::Action;

use crate::town::{Town, account, set, user};

const KEPT: TimeDelta = TimeDelta::days(7);

fn accounts(unit: &str, numbers: std::ops::Range<usize>) -> Vec<AccountId> {
    numbers.map(|number| account(unit, number)).collect()
}

/// Half an hour, in each of these accounts.
fn wanted(key: &str, accounts: &[AccountId]) -> Wanted {
    Wanted {
        idempotency_key: key.to_owned(),
        accounts: accounts.to_vec(),
        permission_set: set(0),
        start: None,
        duration: Minutes(30),
        justification: Some(Justification::parse("the disk is full again").unwrap()),
        ticket: None,
    }
}

fn submit(town: &Town, kari: &Kari, who: &str, wanted: &Wanted) -> Result<Submitted, Error> {
    town.run(async {
        let caller = live_caller(kari, &user(who)).await?;
        submit_request(kari, &caller, Cause::Api, wanted).await
    })
}

/// The id of each request that there is now, or why there is none.
fn sent(town: &Town, who: &str, wanted: &Wanted) -> Vec<Result<RequestId, String>> {
    let code = |error: &Error| error.refusal_code().map_or_else(|| error.to_string(), str::to_owned);
    match submit(town, &town.kari, who, wanted) {
        Ok(Submitted { answers, .. }) => {
            answers.iter().map(|a| a.result.as_ref().map(|r| r.id().unwrap()).map_err(code)).collect()
        }
        Err(error) => wanted.accounts.iter().map(|_| Err(code(&error))).collect(),
    }
}

fn taken(town: &Town, who: &str, wanted: &Wanted) -> Vec<RequestId> {
    sent(town, who, wanted).into_iter().map(Result::unwrap).collect()
}

fn refused(code: &str) -> Result<RequestId, String> {
    Err(code.to_owned())
}

fn state(town: &Town, id: RequestId) -> &'static str {
    town.run(load_request(&town.kari, id)).unwrap().state.name()
}

/// What is recorded about a request.
fn recorded(town: &Town, id: RequestId) -> Vec<Envelope> {
    let stored = town.run(town.kari.store.stream(&StreamId::request(id))).unwrap();
    stored.iter().map(|bytes| serde_json::from_str(bytes).unwrap()).collect()
}

/// So many requests of Ann's wait for Lee.
fn pending(town: &Town, count: usize) -> Vec<RequestId> {
    let all = accounts("north", 0..count);
    let some =
        |(part, accounts): (usize, &[AccountId])| taken(town, "ann", &wanted(&format!("p{part}"), accounts));
    all.chunks(50).enumerate().flat_map(some).collect()
}

#[test]
fn so_many_requests_of_one_person_may_wait_and_no_more() {
    let town = Town::new();
    let waiting = pending(&town, MOST_PENDING);
    let one_more = wanted("more", &accounts("south", 0..1));
    assert_eq!(sent(&town, "ann", &one_more), [refused("too-many-pending")]);
    assert_eq!(taken(&town, "ben", &one_more).len(), 1, "everybody has a bound of their own");
    town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        withdraw_request(&town.kari, &ann, Cause::Api, waiting[0]).await.unwrap();
    });
    assert_eq!(taken(&town, "ann", &one_more).len(), 1);
}

#[test]
fn what_has_lapsed_waits_no_more_although_nobody_has_recorded_it() {
    let town = Town::new();
    let waiting = pending(&town, MOST_PENDING);
    town.pass(TimeDelta::hours(8));
    assert_eq!(taken(&town, "ann", &wanted("more", &accounts("south", 0..1))).len(), 1);
    assert_eq!(state(&town, waiting[0]), "pending");
}

#[test]
fn what_needs_no_approval_is_not_bounded_by_what_waits_and_does_not_count() {
    let town = Town::new();
    pending(&town, MOST_PENDING - 1);
    let mut mixed = accounts("sandbox", 0..10);
    mixed.insert(4, account("south", 0));
    mixed.insert(8, account("south", 1));
    let answers = sent(&town, "ann", &wanted("mixed", &mixed));
    let refusals: Vec<_> = answers.iter().enumerate().filter(|(_, answer)| answer.is_err()).collect();
    assert_eq!(refusals, [(8, &refused("too-many-pending"))], "the last place was taken by the one before");
}

/// Policies that can be read so often.
struct Readable {
    inner: Arc<dyn Policies>,
    left: AtomicUsize,
}

#[async_trait]
impl Policies for Readable {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        let taken = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        taken.map_err(|_| Unavailable::new("the policies", "that was the last time"))?;
        self.inner.current().await
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        self.inner.settings().await
    }
}

/// Ann sends it, and after so many accounts nothing more can be made.
fn send_in_part(town: &Town, wanted: &Wanted, made: usize) {
    let policies = Readable { inner: Arc::clone(&town.kari.policies), left: AtomicUsize::new(made) };
    let kari = Kari { policies: Arc::new(policies), ..town.kari.clone() };
    let answers = submit(town, &kari, "ann", wanted).unwrap().answers;
    assert_eq!(answers.iter().filter(|answer| answer.result.is_ok()).count(), made);
}

#[test]
fn a_retry_of_a_batch_that_was_made_in_part_answers_as_the_first_try_would_have() {
    for (others, made) in [(30, 40), (60, 20), (60, 40), (75, 3)] {
        let batch = wanted("batch", &accounts("south", 0..50));
        let (whole, in_part) = (Town::new(), Town::new());
        pending(&whole, others);
        let expected: Vec<_> =
            sent(&whole, "ann", &batch).into_iter().map(|answer| answer.map(|_| ())).collect();
        assert_eq!(expected.iter().filter(|answer| answer.is_ok()).count(), 50.min(MOST_PENDING - others));

        pending(&in_part, others);
        send_in_part(&in_part, &batch, made);
        let answers = sent(&in_part, "ann", &batch);
        let answered: Vec<_> = answers.iter().cloned().map(|answer| answer.map(|_| ())).collect();
        assert_eq!(answered, expected, "{others} others, {made} made");
        assert_eq!(sent(&in_part, "ann", &batch), answers, "and so does every other retry");
    }
}

#[test]
fn a_repeat_within_seven_days_answers_the_same_whatever_became_of_it() {
    let town = Town::new();
    let batch = wanted("key", &accounts("north", 0..3));
    let first = submit(&town, &town.kari, "ann", &batch).unwrap();
    let ids = taken(&town, "ann", &batch);
    assert_eq!(ids.iter().map(|id| state(&town, *id)).collect::<Vec<_>>(), ["pending"; 3]);
    town.clock.advance_by(KEPT - TimeDelta::seconds(1));
    town.run(kari_application::reconcile::sweep(&town.kari, Instant::MAX_UTC)).unwrap();
    assert_eq!(taken(&town, "ann", &batch), ids);
    assert_eq!(ids.iter().map(|id| state(&town, *id)).collect::<Vec<_>>(), ["closed"; 3]);
    assert_eq!(submit(&town, &town.kari, "ann", &batch).unwrap().batch, first.batch);
}

#[test]
fn a_repeat_tries_again_what_was_refused_and_makes_nothing_twice() {
    let town = Town::new();
    let in_the_way = taken(&town, "ann", &wanted("one", &accounts("north", 0..1)));
    let batch = wanted("batch", &accounts("north", 0..2));
    let first = sent(&town, "ann", &batch);
    assert_eq!(first[0], refused("already-requested"));
    assert_eq!(sent(&town, "ann", &batch), first);
    let ann = town.run(live_caller(&town.kari, &user("ann"))).unwrap();
    town.run(withdraw_request(&town.kari, &ann, Cause::Api, in_the_way[0])).unwrap();
    let again = sent(&town, "ann", &batch);
    assert!(again[0].is_ok());
    assert_eq!(again[1], first[1]);
    assert_eq!(sent(&town, "ann", &batch), again);
}

#[test]
fn after_seven_days_a_key_is_free_again_for_the_same_and_for_anything_else() {
    let town = Town::new();
    let (same, other) = (wanted("same", &accounts("north", 0..2)), wanted("other", &accounts("north", 2..3)));
    let (old, _) = (taken(&town, "ann", &same), taken(&town, "ann", &other));
    town.pass(KEPT);
    let new = taken(&town, "ann", &same);
    assert!(new.iter().all(|id| !old.contains(id)));
    assert_eq!(new.iter().map(|id| state(&town, *id)).collect::<Vec<_>>(), ["pending"; 2]);
    assert_eq!(taken(&town, "ann", &wanted("other", &accounts("north", 3..4))).len(), 1);
}

#[test]
fn another_body_under_the_same_key_is_refused_for_seven_days() {
    let town = Town::new();
    taken(&town, "ann", &wanted("key", &accounts("north", 0..1)));
    town.clock.advance_by(KEPT - TimeDelta::seconds(1));
    let accounts = accounts("north", 0..2);
    for other in [
        wanted("key", &accounts),
        wanted("key", &accounts[1..]),
        Wanted { duration: Minutes(31), ..wanted("key", &accounts[..1]) },
    ] {
        assert!(sent(&town, "ann", &other).iter().all(|answer| *answer == refused("idempotency-key-reused")));
    }
}

#[test]
fn a_key_under_which_nothing_was_made_is_free() {
    let town = Town::new();
    let nowhere = AccountId::parse("999999999999").unwrap();
    assert_eq!(sent(&town, "ann", &wanted("key", &[nowhere])), [refused("unknown-account")]);
    assert_eq!(taken(&town, "ann", &wanted("key", &accounts("north", 0..1))).len(), 1);
}

#[test]
fn keys_are_each_persons_own() {
    let town = Town::new();
    let wanted = wanted("key", &accounts("north", 0..2));
    let (ann, ben) = (taken(&town, "ann", &wanted), taken(&town, "ben", &wanted));
    assert!(ann.iter().all(|id| !ben.contains(id)));
    assert_eq!((taken(&town, "ann", &wanted), taken(&town, "ben", &wanted)), (ann, ben));
}

#[test]
fn a_repeat_is_answered_although_neither_policies_nor_directory_can_be_read() {
    let town = Town::new();
    let batch = wanted("key", &accounts("north", 0..2));
    let ids = taken(&town, "ann", &batch);
    let ann = town.run(live_caller(&town.kari, &user("ann"))).unwrap();
    town.lose_directory_for(TimeDelta::minutes(1));
    let policies = Readable { inner: Arc::clone(&town.kari.policies), left: AtomicUsize::new(0) };
    let kari = Kari { policies: Arc::new(policies), ..town.kari.clone() };
    let again = town.run(submit_request(&kari, &ann, Cause::Api, &batch)).unwrap();
    let again: Vec<_> = again.answers.into_iter().map(|a| a.result.unwrap().id().unwrap()).collect();
    assert_eq!(again, ids);
}

#[test]
fn what_is_above_fifty_accounts_is_looked_up_once() {
    let town = Town::new();
    taken(&town, "ann", &wanted("key", &accounts("south", 0..50)));
    assert_eq!(town.calls(Action::DescribeAccount), 50);
    assert_eq!(town.calls(Action::ListParents), 52, "each account's, its unit's and the root's");
}

#[test]
fn the_door_a_request_came_through_is_recorded() {
    let town = Town::new();
    let ids = town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        let wanted = wanted("key", &accounts("north", 0..1));
        submit_request(&town.kari, &ann, Cause::Slack, &wanted).await.unwrap()
    });
    let id = ids.answers[0].result.as_ref().unwrap().id().unwrap();
    assert_eq!(recorded(&town, id)[0].cause, Cause::Slack);
}

#[test]
fn who_asks_again_records_that_the_first_request_lapsed_and_that_nobody_else_did_it() {
    let town = Town::new();
    let first = taken(&town, "ann", &wanted("first", &accounts("north", 0..1))).remove(0);
    assert_eq!(
        sent(&town, "ann", &wanted("second", &accounts("north", 0..1))),
        [refused("already-requested")]
    );
    town.pass(TimeDelta::hours(8));
    let second = taken(&town, "ann", &wanted("second", &accounts("north", 0..1))).remove(0);
    assert_eq!((state(&town, first), state(&town, second)), ("closed", "pending"));
    let events = recorded(&town, first);
    assert_eq!(events.last().unwrap().actor, Actor::System { reason: SystemReason::Clock });
}
