//! How many refused attempts of one person are recorded in a day.

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::caller::live_caller;
use kari_application::ports::Clock;
use kari_application::record_attempt::{
    AttemptEvent, MOST_FOR_OTHERS_PER_DAY, MOST_ORDINARY_PER_DAY, MOST_PER_DAY, record_attempt,
};
use kari_application::record_stranger::{MOST_OF_STRANGERS_PER_DAY, record_stranger};
use kari_domain::audit::{Cause, StreamId};
use kari_domain::ids::RequestId;
use kari_domain::request::Refusal;

use crate::town::{Town, account, set, user};

/// Ben tries this over and over. Returns how many of his attempts are recorded then.
fn recorded(town: &Town, command: &str, request: Option<RequestId>, refused: &Error) -> u64 {
    town.run(async {
        let caller = live_caller(&town.kari, &user("ben")).await.unwrap();
        for _ in 0..MOST_PER_DAY {
            record_attempt(&town.kari, &caller, Cause::Api, command, request, refused).await.unwrap();
        }
        let stream = StreamId::attempts(&user("ben"), town.clock.now());
        let events = town.kari.store.stream(&stream).await.unwrap();
        let attempts = events.iter().filter(|event| event.contains("attempt-refused"));
        attempts.count() as u64
    })
}

#[test]
fn noise_leaves_room_for_requests_that_they_may_not_see_and_those_for_what_others_have_the_right_to() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!(recorded(&town, "delete-policy", None, &Error::NotFound), MOST_ORDINARY_PER_DAY);
    assert_eq!(recorded(&town, "withdraw", Some(id), &Error::NotFound), MOST_FOR_OTHERS_PER_DAY);
    let refused = Error::Refused(Refusal::NotTheRequester);
    assert_eq!(recorded(&town, "withdraw", Some(id), &refused), MOST_PER_DAY);
}

/// This account tries something in Slack without being anybody here.
async fn tries(town: &Town, account: &str) {
    let attempt = AttemptEvent::AttemptRefused {
        command: "approve".to_owned(),
        request: None,
        code: "guest".to_owned(),
        detail: "guests of the workspace have no access".to_owned(),
    };
    record_stranger(&town.kari, "slack", account, Cause::Slack, &attempt).await.unwrap();
}

#[test]
fn of_all_strangers_together_so_many_attempts_a_day_are_recorded_and_once_that_there_were_more() {
    let town = Town::new();
    town.run(async {
        for number in 0..MOST_OF_STRANGERS_PER_DAY + 5 {
            tries(&town, &format!("slack/T1/U{number}")).await;
        }
        let stream = StreamId::strangers("slack", town.clock.now());
        let events = town.kari.store.stream(&stream).await.unwrap();
        assert_eq!(events.len() as u64, MOST_OF_STRANGERS_PER_DAY + 1);
        assert!(events[0].contains(r#""label":"slack/T1/U0""#), "{}", events[0]);
        assert!(events.last().unwrap().contains("more-not-recorded"));
    });
    town.clock.advance_by(TimeDelta::days(1));
    town.run(async {
        tries(&town, "slack/T1/U0").await;
        let stream = StreamId::strangers("slack", town.clock.now());
        assert_eq!(town.kari.store.stream(&stream).await.unwrap().len(), 1, "the next day has its own");
    });
}
