//! What one may ask for, where that is very much.

use std::collections::BTreeSet;

use kari_application::browse::surroundings;
use kari_application::caller::live_caller;
use kari_application::explain::{EligibilityQuery, MOST_OFFERS, eligibility};

use crate::town::{ALL_ACCOUNTS, SETS, Town, user};

#[test]
fn every_account_is_offered_once_in_parts_that_an_answer_can_hold() {
    let town = Town::new();
    let caller = town.run(live_caller(&town.kari, &user("ann"))).unwrap();
    let around = town.run(surroundings(&town.kari)).unwrap();
    let mut query = EligibilityQuery { limit: ALL_ACCOUNTS, ..EligibilityQuery::default() };
    let (mut offered, mut sizes) = (vec![], vec![]);
    loop {
        let part = town.run(eligibility(&town.kari, &caller, &around, &query)).unwrap();
        sizes.push(part.accounts.iter().map(|account| account.permission_sets.len()).sum());
        offered.extend(part.accounts.into_iter().map(|offered| offered.account.id));
        query.after = part.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!((offered.len(), offered.iter().collect::<BTreeSet<_>>().len()), (ALL_ACCOUNTS, ALL_ACCOUNTS));
    assert_eq!(sizes.iter().sum::<usize>(), ALL_ACCOUNTS * SETS);
    assert!(sizes.iter().all(|size| *size <= MOST_OFFERS), "{sizes:?}");
}
