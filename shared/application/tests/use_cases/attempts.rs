//! How many refused attempts of one person are recorded in a day.

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::caller::live_caller;
use kari_application::check_records::check_item;
use kari_application::one_time::OneTime;
use kari_application::ports::Clock;
use kari_application::record_attempt::{
    AttemptEvent, MOST_FOR_OTHERS_PER_DAY, MOST_ORDINARY_PER_DAY, MOST_PER_DAY, record_attempt,
};
use kari_application::record_stranger::{
    MOST_OF_ONE_STRANGER_PER_DAY, MOST_OF_STRANGERS_PER_DAY, record_stranger,
};
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

/// A message that nobody sent yet, and a use of it.
fn message(town: &Town) -> OneTime {
    let [key, use_id] = [(); 2].map(|()| town.kari.ids.fresh().to_string());
    OneTime { key, use_id, until: town.clock.now() + TimeDelta::minutes(20) }
}

/// This account tries something in Slack without being anybody here.
async fn tries(town: &Town, account: &str) {
    sends(town, account, &message(town)).await;
}

/// The same, by this message.
async fn sends(town: &Town, account: &str, message: &OneTime) {
    let attempt = AttemptEvent::AttemptRefused {
        command: "approve".to_owned(),
        request: None,
        code: "guest".to_owned(),
        detail: "guests of the workspace have no access".to_owned(),
    };
    record_stranger(&town.kari, "slack", account, Cause::Slack, &attempt, message).await.unwrap();
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

#[test]
fn one_stranger_leaves_room_for_all_others() {
    let town = Town::new();
    town.run(async {
        for _ in 0..MOST_OF_STRANGERS_PER_DAY + 5 {
            tries(&town, "slack/T1/U0").await;
        }
        tries(&town, "slack/T1/U1").await;
        let stream = StreamId::strangers("slack", town.clock.now());
        let events = town.kari.store.stream(&stream).await.unwrap();
        let of = |account: &str| events.iter().filter(|event| event.contains(account)).count() as u64;
        assert_eq!((of("slack/T1/U0"), of("slack/T1/U1")), (MOST_OF_ONE_STRANGER_PER_DAY, 1));
        assert_eq!(events.len() as u64, MOST_OF_ONE_STRANGER_PER_DAY + 1, "and nothing else");
        let item = town.kari.store.state(&stream).await.unwrap().item;
        let faults = check_item(&stream, &events, item.as_ref());
        assert!(faults.is_empty(), "the events say how many there are of each: {faults:?}");
    });
}

#[test]
fn what_comes_again_of_a_stranger_is_recorded_once() {
    let town = Town::new();
    town.run(async {
        let first = message(&town);
        let replayed = OneTime { use_id: message(&town).use_id, ..first.clone() };
        for message in [&first, &first, &replayed] {
            sends(&town, "slack/T1/U0", message).await;
        }
        let stream = StreamId::strangers("slack", town.clock.now());
        assert_eq!(town.kari.store.stream(&stream).await.unwrap().len(), 1);
        tries(&town, "slack/T1/U0").await;
        assert_eq!(
            town.kari.store.stream(&stream).await.unwrap().len(),
            2,
            "another message is another attempt"
        );
    });
}
