//! Identity Center takes twenty calls a second from everybody together.

use chrono::TimeDelta;
use futures::future::join_all;
use kari_application::advance::{Advanced, advance};
use kari_application::ports::Clock;
use kari_application::reconcile::{find_drift, sweep, verify};
use kari_domain::ids::{AccountId, RequestId};
use kari_domain::time::Instant;

use crate::town::{ALL_ACCOUNTS, PEOPLE, Town, account, set};

fn sandbox(count: usize) -> Vec<AccountId> {
    (0..count).map(|number| account("sandbox", number)).collect()
}

/// Drives a request whenever it wants to be, as its execution does.
async fn execute(town: &Town, id: RequestId, until: Instant) {
    while let Advanced::At(at, _) = advance(&town.kari, id).await.unwrap() {
        let at = at.min(until);
        town.kari.clock.sleep(at - town.kari.clock.now()).await;
        if at == until {
            return;
        }
    }
}

#[test]
fn fifteen_creations_and_fifteen_deletions_in_flight_leave_more_than_half_of_the_calls_to_others() {
    let town = Town::new();
    let ending = town.ask("ann", &sandbox(15), &set(0));
    for id in &ending {
        town.run(advance(&town.kari, *id)).unwrap();
    }
    town.clock.advance_by(TimeDelta::minutes(30));
    town.operations_take(TimeDelta::minutes(5));
    let beginning = town.ask("ben", &sandbox(15), &set(1));
    let (before, length) = (town.calls_to_identity_center(), TimeDelta::seconds(60));
    let until = town.clock.now() + length;
    town.run(join_all(ending.into_iter().chain(beginning).map(|id| execute(&town, id, until))));
    let calls = town.calls_to_identity_center() - before;
    assert!(calls <= 8 * 60, "{calls} in a minute");
    assert!(calls >= 30 * 4, "each is asked about now and then: {calls}");
}

#[test]
fn in_normal_service_access_is_active_within_seconds() {
    for seconds in [1, 2, 3, 5, 8] {
        let town = Town::new();
        town.operations_take(TimeDelta::seconds(seconds));
        let id = town.ask("ann", &sandbox(1), &set(0)).remove(0);
        let (began, limit) = (town.clock.now(), TimeDelta::seconds(seconds * 3 + 4));
        let mut last = Advanced::Done;
        while town.state(id) != "active" {
            last = town.run(advance(&town.kari, id)).unwrap();
            if let Advanced::At(at, _) = last
                && town.state(id) != "active"
            {
                town.clock.advance_to(at);
            }
        }
        assert!(town.clock.now() - began <= limit, "{seconds}: {last:?}");
    }
}

#[test]
fn a_throttled_comparison_keeps_its_pace_and_counts_every_failure() {
    // By account and permission set, and by holder.
    for each_in in [1, 20] {
        let town = Town::new();
        for (number, who) in PEOPLE.iter().enumerate() {
            let accounts = &sandbox(PEOPLE.len() + each_in)[number..number + each_in];
            for id in town.ask(who, accounts, &set(0)) {
                town.run(advance(&town.kari, id)).unwrap();
            }
        }
        town.clock.advance_by(TimeDelta::minutes(5));
        town.behind(|world, now| world.throttle_for(now, TimeDelta::minutes(5)));
        let (began, before) = (town.clock.now(), town.calls_to_identity_center());
        let report = town.run(verify(&town.kari, Instant::MAX_UTC)).unwrap();
        assert_eq!((report.failed, town.calls_to_identity_center() - before), (PEOPLE.len(), 6));
        assert!(town.clock.now() - began >= TimeDelta::milliseconds(5 * 200));
    }
}

#[test]
fn a_search_for_drift_keeps_its_pace_between_permission_sets() {
    let town = Town::new();
    for number in 0..10 {
        for id in town.ask("ann", &sandbox(1), &set(number)) {
            town.run(advance(&town.kari, id)).unwrap();
        }
    }
    let (began, before) = (town.clock.now(), town.calls_to_identity_center());
    let until = began + TimeDelta::minutes(5);
    town.run(find_drift(&town.kari, ALL_ACCOUNTS, until)).unwrap();
    let calls = town.calls_to_identity_center() - before;
    assert_eq!(calls, 300 + 10, "each account once, and each permission set in it");
    assert!(town.clock.now() - began >= TimeDelta::milliseconds(200) * 309);
}

#[test]
fn a_sweep_takes_no_more_than_half_of_the_calls() {
    let town = Town::new();
    for id in town.ask("ann", &sandbox(50), &set(0)) {
        town.run(advance(&town.kari, id)).unwrap();
    }
    town.clock.advance_by(TimeDelta::minutes(31));
    let (began, before) = (town.clock.now(), town.calls_to_identity_center());
    town.run(sweep(&town.kari, began + TimeDelta::minutes(4))).unwrap();
    let (calls, took) = (town.calls_to_identity_center() - before, town.clock.now() - began);
    assert!(i64::try_from(calls).unwrap() <= took.num_milliseconds() / 100 + 1, "{calls} in {took}");
}

#[test]
fn who_waits_for_one_of_twenty_grants_to_end_costs_no_call_and_comes_back_ever_more_rarely() {
    let town = Town::new();
    for _ in 0..20 {
        let id = town.ask("ann", &sandbox(1), &set(0)).remove(0);
        town.run(advance(&town.kari, id)).unwrap();
        town.clock.advance_by(TimeDelta::seconds(1));
    }
    let last = town.ask("ann", &sandbox(1), &set(0)).remove(0);
    let asked_at = town.clock.now();
    let before = town.calls_of(|_| true);
    let mut rests = vec![];
    while town.state(last) == "approved" && town.clock.now() < asked_at + TimeDelta::minutes(14) {
        let Advanced::At(at, _) = town.run(advance(&town.kari, last)).unwrap() else { panic!("it waits") };
        rests.push(at - town.clock.now());
        town.clock.advance_to(at);
    }
    assert_eq!(town.calls_of(|_| true), before, "{rests:?}");
    assert!(rests.len() < 80, "{}", rests.len());
    assert!(rests.iter().all(|rest| *rest <= TimeDelta::seconds(61)), "{rests:?}");
    town.clock.advance_to(asked_at + TimeDelta::minutes(15));
    town.run(advance(&town.kari, last)).unwrap();
    assert_eq!(town.state(last), "closed", "what waits in vain is given up");
}
