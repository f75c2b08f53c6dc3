//! How few calls a journey needs. Identity Center allows twenty a second for everybody together, so
//! every call that is not made is one that somebody else's access does not wait for.
#![allow(clippy::unwrap_used)]

use kari_bench::{Company, Wish};
use kari_embedded::identity_center::Action;

#[test]
fn a_whole_journey_makes_few_calls_and_each_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::open(&folder.path().join("kari.db"));
    let calls = company.calls_of_a_journey(1, &Wish::EVERYDAY);
    let made = |action| calls.get(&action).copied().unwrap_or(0);
    // Whose it is, once; gone, twice; and nothing more to see that it stayed gone.
    assert_eq!(made(Action::ListAccountAssignments), 3);
    assert_eq!(made(Action::CreateAccountAssignment), 1);
    assert_eq!(made(Action::DeleteAccountAssignment), 1);
    assert_eq!(made(Action::ListAccountAssignmentCreationStatus), 2);
    // Watched inline: one look at once, then about one a second until it is done.
    assert!(made(Action::DescribeAccountAssignmentCreationStatus) <= 6);
    assert!(made(Action::DescribeAccountAssignmentDeletionStatus) <= 6);
}
