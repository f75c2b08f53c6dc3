//! How few calls a journey needs. Identity Center allows twenty a second for everybody together, so
//! every call that is not made is one that somebody else's access does not wait for.
#![allow(clippy::unwrap_used)]

use kari_bench::{Company, Wish};

/// A developer changes production, and a team lead approves it.
const WISH: Wish =
    Wish { requester: "alice", reviewer: "bob", account: "shop-prod", permission_set: "PowerUserAccess" };

#[test]
fn a_whole_journey_makes_few_calls_and_each_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::open(&folder.path().join("kari.db"));
    let before = company.calls();
    company.travel(1, &WISH);
    let made = |operation: &str| {
        let count =
            |calls: &std::collections::BTreeMap<String, u64>| calls.get(operation).copied().unwrap_or(0);
        count(&company.calls()) - count(&before)
    };
    // Whose it is, once; gone, twice; and nothing more to see that it stayed gone.
    assert_eq!(made("ListAccountAssignments"), 3);
    assert_eq!(made("CreateAccountAssignment"), 1);
    assert_eq!(made("DeleteAccountAssignment"), 1);
    assert_eq!(made("ListAccountAssignmentCreationStatus"), 2);
    // Watched inline: one look at once, then about one a second until it is done.
    assert!(made("DescribeAccountAssignmentCreationStatus") <= 6);
    assert!(made("DescribeAccountAssignmentDeletionStatus") <= 6);
}
