//! How few calls a journey needs. Identity Center allows twenty a second for everybody together, so
//! every call that is not made is one that somebody else's access does not wait for.
#![allow(clippy::unwrap_used)]

use kari_bench::{Company, Wish};
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
