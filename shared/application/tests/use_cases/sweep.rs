//! A sweep in front of which thousands of removals are blocked.

use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::load_request;
use kari_application::reconcile::sweep;
use kari_domain::ids::{AccountId, RequestId, Target, Tuple};
use kari_embedded::identity_center::Assignment;

use crate::town::{Town, account, set, user};

const BLOCKED: usize = 3_000;
/// As many accounts as one submission may name.
const AT_ONCE: usize = 50;

fn state(town: &Town, id: RequestId) -> &'static str {
    town.run(load_request(&town.kari, id)).unwrap().state.name()
}

/// Somebody has access in each of these accounts.
fn granted(town: &Town, who: &str, accounts: &[AccountId], number: usize) -> Vec<RequestId> {
    let ids = town.ask(who, accounts, &set(number));
    for id in &ids {
        town.run(advance(&town.kari, *id)).unwrap();
    }
    ids
}

/// A town in which so many removals were tried and are blocked, because their accounts are suspended.
fn town_with_blocked_removals() -> (Town, Vec<RequestId>) {
    let town = Town::new();
    let accounts: Vec<_> = (0..AT_ONCE).map(|number| account("sandbox", number)).collect();
    let mut all = vec![];
    for who in ["ann", "ben", "cat", "lee", "sam", "tom"] {
        for number in 0..BLOCKED / AT_ONCE / 6 {
            all.extend(granted(&town, who, &accounts, number));
        }
    }
    for account in &accounts {
        town.suspend(account);
    }
    town.clock.advance_by(TimeDelta::minutes(31));
    let report = town.run(sweep(&town.kari)).unwrap();
    assert_eq!(report.failed, 0);
    (town, all)
}

#[test]
fn three_thousand_blocked_removals_keep_nothing_newer_from_being_driven_and_cost_no_call() {
    let (town, blocked) = town_with_blocked_removals();
    assert_eq!(blocked.len(), BLOCKED);
    assert!(blocked.iter().all(|id| state(&town, *id) == "ending"));
    let tried = town.deletions();
    assert!(tried >= BLOCKED as u64);

    let place = account("sandbox", AT_ONCE);
    let newer = granted(&town, "ann", std::slice::from_ref(&place), 0).remove(0);
    assert_eq!(state(&town, newer), "active");
    town.clock.advance_by(TimeDelta::minutes(31));
    town.run(sweep(&town.kari)).unwrap();
    let tuple = Tuple { principal: user("ann"), target: Target { account: place, permission_set: set(0) } };
    assert!(!town.is_present(&Assignment::from(&tuple)), "it is over, and nothing is in its way");
    assert_eq!(town.deletions() - tried, 1, "within the hour the blocked ones are left alone");

    town.clock.advance_by(TimeDelta::minutes(3));
    town.run(sweep(&town.kari)).unwrap();
    assert_eq!(state(&town, newer), "closed");
}
