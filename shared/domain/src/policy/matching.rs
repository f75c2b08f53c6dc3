//! Matching people to requirements so that as many quorums as possible are filled and nobody sits
//! in two of them: a maximum bipartite matching by augmenting paths. It is deterministic, because
//! requirements are filled in order and people are tried by id.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::UserId;

/// One requirement: so many seats, to be taken by these people.
#[derive(Debug)]
pub(super) struct Seats {
    pub(super) quorum: u8,
    pub(super) candidates: BTreeSet<UserId>,
}

/// Who sits where: the requirement each person counts towards.
type Seated<'a> = BTreeMap<&'a UserId, usize>;

/// Fills as many seats as can be filled at all; for each requirement the people in it, by id.
pub(super) fn fill(requirements: &[Seats]) -> Vec<Vec<UserId>> {
    let mut seated = Seated::new();
    for (index, requirement) in requirements.iter().enumerate() {
        for _ in 0..requirement.quorum {
            if !seat_one(requirements, index, &mut seated, &mut BTreeSet::new()) {
                break;
            }
        }
    }
    let sitting_in = |index| seated.iter().filter(move |(_, at)| **at == index).map(|(id, _)| (*id).clone());
    (0..requirements.len()).map(|index| sitting_in(index).collect()).collect()
}

/// Finds one more person for a requirement, moving others to other requirements if need be. A search
/// visits each requirement once: what could not be freed there a moment ago still cannot.
fn seat_one<'a>(
    requirements: &'a [Seats],
    index: usize,
    seated: &mut Seated<'a>,
    visited: &mut BTreeSet<usize>,
) -> bool {
    let Some(requirement) = requirements.get(index).filter(|_| visited.insert(index)) else {
        return false;
    };
    if let Some(free) = requirement.candidates.iter().find(|person| !seated.contains_key(person)) {
        seated.insert(free, index);
        return true;
    }
    for person in &requirement.candidates {
        let elsewhere = seated.get(person).copied();
        if elsewhere.is_some_and(|at| seat_one(requirements, at, seated, visited)) {
            seated.insert(person, index);
            return true;
        }
    }
    false
}
