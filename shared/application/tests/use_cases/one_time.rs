//! A message that counts once: it is used up by what it commands, and by a refusal, and by nothing else.

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::caller::live_caller;
use kari_application::one_time::OneTime;
use kari_application::record_attempt::record_attempt;
use kari_application::review_request::review_request;
use kari_application::revoke_grant::revoke_grant;
use kari_application::submit_request::{Submitted, Wanted, submit_request};
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Decision, Refusal};
use kari_domain::text::Justification;
use kari_domain::time::Minutes;

use crate::town::{Town, account, set, user};

fn message(town: &Town, key: &str, use_id: &str) -> OneTime {
    let until = town.kari.clock.now() + TimeDelta::minutes(5);
    OneTime { key: key.to_owned(), use_id: use_id.to_owned(), until }
}

fn approve(town: &Town, who: &str, id: RequestId, message: OneTime) -> Result<AccessRequest, Error> {
    town.run(async {
        let caller = live_caller(&town.kari, &user(who)).await?.by(message);
        review_request(&town.kari, &caller, Cause::Slack, id, Decision::Approve, None).await
    })
}

fn submit(town: &Town, idempotency_key: &str, message: OneTime) -> Submitted {
    let wanted = Wanted {
        idempotency_key: idempotency_key.to_owned(),
        accounts: (0..50).map(|number| account("north", number)).collect(),
        permission_set: set(0),
        start: None,
        duration: Minutes(30),
        justification: Justification::parse("the disk is full again").ok(),
        ticket: None,
    };
    town.run(async {
        let caller = live_caller(&town.kari, &user("ann")).await.unwrap().by(message);
        submit_request(&town.kari, &caller, Cause::Slack, &wanted).await.unwrap()
    })
}

#[test]
fn what_counts_once_is_refused_when_it_comes_again_for_another_command() {
    let town = Town::new();
    let ids = town.ask("ann", &[account("north", 0), account("north", 1)], &set(0));
    assert_eq!(approve(&town, "lee", ids[0], message(&town, "m", "1")).unwrap().name(), "approved");
    assert!(matches!(approve(&town, "lee", ids[1], message(&town, "m", "2")), Err(Error::Replayed)));
    assert_eq!(town.state(ids[1]), "pending");
    assert_eq!(approve(&town, "lee", ids[1], message(&town, "n", "3")).unwrap().name(), "approved");
}

#[test]
fn the_very_same_use_may_be_repeated_and_another_one_not_even_where_it_would_change_nothing() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    for _ in 0..2 {
        assert_eq!(approve(&town, "lee", id, message(&town, "m", "1")).unwrap().name(), "approved");
    }
    assert!(matches!(approve(&town, "lee", id, message(&town, "m", "2")), Err(Error::Replayed)));
}

#[test]
fn a_repeat_that_changes_nothing_uses_its_message_up_too() {
    let town = Town::new();
    let ids = town.ask("ann", &[account("north", 0), account("north", 1)], &set(0));
    approve(&town, "lee", ids[0], message(&town, "m", "1")).unwrap();
    approve(&town, "lee", ids[0], message(&town, "n", "2")).unwrap();
    assert!(matches!(approve(&town, "lee", ids[1], message(&town, "n", "3")), Err(Error::Replayed)));
}

#[test]
fn a_refusal_uses_its_message_up_where_it_is_recorded() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    let refused = approve(&town, "sam", id, message(&town, "m", "1")).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::NotAReviewer)));
    town.run(async {
        let caller = live_caller(&town.kari, &user("sam")).await.unwrap().by(message(&town, "m", "1"));
        record_attempt(&town.kari, &caller, Cause::Slack, "approve", Some(id), &refused).await.unwrap();
    });
    let again = approve(&town, "lee", id, message(&town, "m", "2")).unwrap_err();
    assert!(matches!(again, Error::Replayed));
    town.run(async {
        let caller = live_caller(&town.kari, &user("sam")).await.unwrap().by(message(&town, "m", "2"));
        record_attempt(&town.kari, &caller, Cause::Slack, "approve", Some(id), &again).await.unwrap();
    });
}

#[test]
fn a_submission_for_fifty_accounts_is_one_use() {
    let town = Town::new();
    let all = submit(&town, "first", message(&town, "m", "1"));
    assert!(all.answers.iter().all(|answer| answer.result.is_ok()));
    let again = submit(&town, "second", message(&town, "m", "2"));
    assert!(again.answers.iter().all(|answer| answer.result.is_err()));
}

#[test]
fn ending_access_uses_its_message_up() {
    let town = Town::new();
    let ids = town.ask("ann", &[account("sandbox", 0), account("sandbox", 1)], &set(0));
    let end = |id, use_id| {
        town.run(async {
            let caller = live_caller(&town.kari, &user("ann")).await?.by(message(&town, "m", use_id));
            revoke_grant(&town.kari, &caller, Cause::Slack, id, None).await
        })
    };
    assert!(end(ids[0], "1").is_ok());
    assert!(matches!(end(ids[1], "2"), Err(Error::Replayed)));
}
