//! What the benchmarks measure with: a big organization and its policies, whole journeys, the same ones
//! every time; and the table of figures. Start reading at [`organization`]. Nothing here is part of the
//! product.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "what is generated is well-formed, or the benchmark is wrong"
)]

mod aws;
mod deployed;
mod dynamodb;
pub mod eligibility;
pub mod function;
mod journey;
mod measured;
mod operations;
mod organization;
mod policies;
mod pressed;
pub mod search;
mod table;

pub use deployed::Deployed;
pub use journey::{Company, Wish};
pub use measured::Measured;
pub use operations::{LISTS, Rounds, Steps, calls_of_the_rounds};
pub use organization::{Size, organization};
pub use policies::{policy_set, questions};
pub use pressed::pressed;
pub use table::{Figure, Figures, Unit};

#[cfg(test)]
mod tests {
    use kari_domain::policy::{check_policy_set, check_references};

    use super::*;

    #[test]
    fn the_big_organization_has_the_size_the_targets_are_stated_for() {
        let snapshot = organization(Size::BIG);
        assert_eq!((snapshot.accounts.len(), snapshot.units.len()), (5_000, 300));
        assert_eq!((snapshot.permission_sets.len(), snapshot.users.len()), (50, 3_000));
    }

    #[test]
    fn its_policies_are_well_formed_and_one_in_ten_is_for_everyone() {
        let snapshot = organization(Size::BIG);
        let set = policy_set(&snapshot, 500);
        assert_eq!(check_policy_set(&set), Ok(()));
        assert!(set.eligibility.iter().all(|v| check_references(&v.policy, &snapshot).is_ok()));
        assert!(set.approvers.iter().all(|v| check_references(&v.policy, &snapshot).is_ok()));
        assert_eq!(set.eligibility.iter().filter(|v| v.policy.principals.everyone).count(), 50);
    }

    #[test]
    fn it_is_the_same_every_time() {
        let size = Size { users: 20, groups: 5, units: 5, accounts: 20, permission_sets: 3 };
        let (one, other) = (organization(size), organization(size));
        assert_eq!(one, other);
        assert_eq!(policy_set(&one, 20), policy_set(&other, 20));
        assert_eq!(questions(&one, 20), questions(&other, 20));
    }
}
