//! How few calls a journey needs. Identity Center allows twenty a second for everybody together, so
//! every call that is not made is one that somebody else's access does not wait for.
#![allow(clippy::unwrap_used)]

use kari_bench::{Company, LISTS, Rounds, Steps, Wish, calls_of_the_rounds};
use kari_embedded::identity_center::Action;

#[test]
fn a_whole_journey_makes_few_calls_and_each_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::open(&folder.path().join("kari.db"));
    // The second time it is still known that nobody else had it.
    for (number, looks) in [(1, 3), (2, 2)] {
        let calls = company.calls_of_a_journey(number, &Wish::EVERYDAY);
        let made = |action| calls.get(&action).copied().unwrap_or(0);
        // Whose it is, once; gone, twice; and nothing more to see that it stayed gone.
        assert_eq!(made(Action::ListAccountAssignments), looks);
        assert_eq!(made(Action::CreateAccountAssignment), 1);
        assert_eq!(made(Action::DeleteAccountAssignment), 1);
        // There was one creation, and it was seen to succeed: nothing else can be in flight.
        assert_eq!(made(Action::ListAccountAssignmentCreationStatus), 0);
        // Watched inline, ever more rarely the longer it takes.
        assert!(made(Action::DescribeAccountAssignmentCreationStatus) <= 4);
        assert!(made(Action::DescribeAccountAssignmentDeletionStatus) <= 4);
    }
}

#[test]
fn each_step_asks_for_the_facts_that_it_rests_on_and_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::open(&folder.path().join("kari.db"));
    for number in 0..10 {
        let Steps { asked, approved, granted, ended } = company.calls_of_each_step(number, &Wish::EVERYDAY);
        assert_eq!((asked, approved), (7, 9));
        // How operations fare is asked for now and then, until they have ended.
        assert!((9..=13).contains(&granted), "{granted}");
        assert!((4..=8).contains(&ended), "{ended}");
    }
}

#[test]
fn a_list_is_read_without_asking_anybody_else() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::open(&folder.path().join("kari.db"));
    company.leave_open(0, &Wish::EVERYDAY);
    for (list, who, view) in LISTS {
        assert_eq!(company.calls_of_a_page(who, view), 0, "{list}");
    }
}

#[test]
fn three_hundred_grants_are_compared_by_holder_and_a_full_search_lists_each_permission_set_in_each_account() {
    let folder = tempfile::tempdir().unwrap();
    let rounds = calls_of_the_rounds(&folder.path().join("kari.db"));
    assert_eq!(rounds, Rounds { verified: 120, searched: 100 + 100 * 50 });
}
