//! Journeys through the API of a worker that may die at any moment.

mod client;
mod worker;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

pub(crate) use client::Client;
pub(crate) use worker::Worker;

/// Everybody of the sample organization's developers.
const REQUESTERS: [&str; 4] = ["alice", "kenji", "yuki", "priya"];
/// Accounts in which developers need nobody's word for `PowerUserAccess`, and in which they do.
const SANDBOXES: [&str; 2] = ["210000000051", "210000000052"];
const OTHERS: [&str; 7] = [
    "210000000011",
    "210000000012",
    "210000000031",
    "210000000032",
    "210000000041",
    "210000000042",
    "210000000043",
];

/// How a journey shall end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Expired,
    Revoked,
    Denied,
    Withdrawn,
}

/// One request from its submission to its end.
#[derive(Debug)]
pub(crate) struct Journey {
    pub(crate) key: String,
    pub(crate) requester: &'static str,
    pub(crate) account: &'static str,
    pub(crate) permission_set: &'static str,
    pub(crate) needs_approval: bool,
    pub(crate) ending: Ending,
}

/// Journeys of all kinds, no two about the same access.
pub(crate) fn plan(seed: u64, count: usize) -> Vec<Journey> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mut wishes = vec![];
    for requester in REQUESTERS {
        wishes.extend(SANDBOXES.map(|account| (requester, account, "PowerUserAccess", false)));
        wishes.extend(SANDBOXES.map(|account| (requester, account, "ReadOnlyAccess", false)));
        wishes.extend(["210000000041", "210000000042"].map(|a| (requester, a, "ReadOnlyAccess", false)));
        wishes.extend(OTHERS.map(|account| (requester, account, "PowerUserAccess", true)));
    }
    wishes.shuffle(&mut random);
    assert!(wishes.len() >= count);
    let journeys = wishes.into_iter().take(count).enumerate();
    journeys
        .map(|(place, (requester, account, permission_set, needs_approval))| Journey {
            key: format!("journey-{place}"),
            requester,
            account,
            permission_set,
            needs_approval,
            ending: ending(&mut random, needs_approval),
        })
        .collect()
}

fn ending(random: &mut ChaCha20Rng, needs_approval: bool) -> Ending {
    match random.random_range(0..10) {
        0 if needs_approval => Ending::Denied,
        1 if needs_approval => Ending::Withdrawn,
        0..=5 => Ending::Expired,
        _ => Ending::Revoked,
    }
}
