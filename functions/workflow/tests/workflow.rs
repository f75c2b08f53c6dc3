//! The task as the state machine uses it, and the state machine's definition against the task.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_application::contract::unreadable::make_unreadable;
use kari_application::load_request;
use kari_application::ports::{Clock, PageRequest};
use kari_application::reconcile::sweep;
use kari_domain::ids::RequestId;
use kari_domain::request::AccessRequest;
use kari_domain::time::Instant;
use kari_workflow::{Answer, Next, Task, TaskError, handle};
use serde_json::{Value, json};
use town::{Town, account, set};

fn task(id: RequestId) -> Task {
    Task { request_id: id, rounds: 0 }
}

fn driven(town: &Town, task: &Task) -> Answer {
    town.run(handle(&town.kari, task)).unwrap()
}

/// Ann gets access to the sandbox, where no approval is needed; until when.
fn active(town: &Town) -> (RequestId, Instant) {
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    let answer = driven(town, &task(id));
    assert_eq!((answer.next, town.state(id)), (Next::HoldUntilExpiry, "active"));
    (id, answer.at.unwrap())
}

#[test]
fn access_that_begins_at_once_takes_two_tasks_and_the_reconciler_closes_it() {
    let town = Town::new();
    let (id, at) = active(&town);
    let AccessRequest::Active(state) = town.run(load_request(&town.kari, id)).unwrap().state else {
        panic!()
    };
    assert_eq!(at, state.grant.window.expires_at, "the reconciler warns of it before");
    town.clock.advance_to(at);
    let answer = driven(&town, &task(id));
    assert_eq!((answer.next, answer.at, town.state(id)), (Next::LeftToReconciler, None, "ending"));
    assert!(
        !town.is_present(&Town::assignment("ann", &account("sandbox", 0), &set(0))),
        "it is gone at once"
    );
    town.pass(TimeDelta::minutes(3));
    town.run(sweep(&town.kari, town.clock.now() + TimeDelta::minutes(1))).unwrap();
    assert_eq!(town.state(id), "closed");
    assert_eq!(driven(&town, &task(id)).next, Next::Done);
}

#[test]
fn the_rounds_of_a_removal_that_takes_long_are_counted() {
    let town = Town::new();
    let (id, at) = active(&town);
    town.operations_take(TimeDelta::minutes(30));
    town.clock.advance_to(at);
    let mut rounds = vec![];
    let mut answer = Answer { request_id: id, next: Next::Done, at: None, rounds: 0 };
    for _ in 0..3 {
        answer = driven(&town, &Task { request_id: id, rounds: answer.rounds });
        assert_eq!(answer.next, Next::AwaitRemoval);
        rounds.push(answer.rounds);
        town.clock.advance_to(answer.at.unwrap());
    }
    assert_eq!(rounds, [1, 2, 3]);
}

#[test]
fn who_waits_for_a_review_or_is_not_known_has_nothing_to_wait_for_here() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!(driven(&town, &task(id)).next, Next::LeftToReconciler);
    assert_eq!(driven(&town, &task(RequestId(uuid_of(7)))).next, Next::Done);
}

#[test]
fn a_request_that_cannot_be_understood_is_an_error_that_is_not_repeated_and_is_told() {
    let town = Town::new();
    let (id, _) = active(&town);
    town.run(make_unreadable(&town.kari, id));
    let failed = town.run(handle(&town.kari, &task(id))).unwrap_err();
    assert!(matches!(failed, TaskError::Corrupt(_)), "{failed}");
    let page = PageRequest { limit: 10, after: None };
    let told = town.inbox.messages(&town::user("tom"), &page).unwrap();
    assert!(!told.items.is_empty(), "administrators are told");
}

fn uuid_of(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

#[test]
fn the_input_at_the_start_is_the_id_alone_and_every_answer_may_be_handed_over_again() {
    let id = RequestId(uuid_of(7));
    let start: Task = serde_json::from_value(json!({"request_id": id})).unwrap();
    assert_eq!(start, task(id));
    let at = "2026-03-02T09:00:00Z".parse().unwrap();
    let answer = Answer { request_id: id, next: Next::AwaitRemoval, at: Some(at), rounds: 2 };
    let written = serde_json::to_value(&answer).unwrap();
    let expected = json!({
        "request_id": id, "next": "AwaitRemoval", "at": "2026-03-02T09:00:00Z", "rounds": 2,
    });
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<Task>(written).unwrap().rounds, 2);
}

/// The definition of the state machine.
fn definition() -> Value {
    serde_json::from_str(include_str!("../../../infra/access.asl.json")).unwrap()
}

#[test]
fn the_state_machine_waits_for_exactly_what_the_task_can_say() {
    let definition = definition();
    let rules = definition["States"]["Next?"]["Choices"].as_array().unwrap().iter();
    let equals = |rule: &Value| rule["StringEquals"].as_str().map(str::to_owned);
    let known: BTreeSet<String> = rules
        .flat_map(|rule| match rule["And"].as_array() {
            Some(all) => all.iter().filter_map(equals).collect::<Vec<_>>(),
            None => equals(rule).into_iter().collect(),
        })
        .collect();
    let said =
        [Next::WaitForStart, Next::AwaitActivation, Next::HoldUntilExpiry, Next::AwaitRemoval, Next::Done];
    let said = said.map(|next| serde_json::to_value(next).unwrap().as_str().unwrap().to_owned());
    assert_eq!(known, said.into());
    let default = definition["States"]["Next?"]["Default"].as_str().unwrap();
    assert_eq!(serde_json::to_value(Next::LeftToReconciler).unwrap(), default);
}

#[test]
fn what_cannot_be_understood_is_not_repeated_by_the_state_machine() {
    let definition = definition();
    let first = &definition["States"]["Advance"]["Retry"][0];
    assert_eq!(first["ErrorEquals"], json!([TaskError::Corrupt(String::new()).name()]));
    assert_eq!(first["MaxAttempts"], 0);
}
