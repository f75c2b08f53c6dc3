//! With the last assignment of a permission set in an account its role goes, and the next one has another
//! name: operators are warned where that would happen.

use kari_application::ports::ItemKey;
use kari_application::reconcile::{drive, find_drift, verify};
use kari_domain::audit::StreamId;
use kari_domain::time::Instant;
use kari_embedded::identity_center::{Assignment, Principal};

use crate::town::{ALL_ACCOUNTS, Town, account, set};

/// Somebody has access to the sandbox through Kari.
fn active(town: &Town, who: &str) {
    let id = town.ask(who, &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(drive(&town.kari, &ItemKey::from(&StreamId::request(id)))).unwrap();
    assert_eq!(town.state(id), "active");
}

/// How many roles would vanish with what Kari holds. Whoever compares and whoever searches for drift see the
/// same.
fn last(town: &Town) -> usize {
    let compared = town.run(verify(&town.kari, Instant::MAX_UTC)).unwrap().last;
    let searched = town.run(find_drift(&town.kari, ALL_ACCOUNTS, Instant::MAX_UTC)).unwrap().last;
    assert_eq!(compared, searched);
    compared
}

fn assign(town: &Town, assignment: &Assignment) {
    town.behind(|world, now| world.assign_outside(now, assignment));
}

fn anchor() -> Assignment {
    let group = Principal::Group("g-administrators".parse().unwrap());
    Assignment { principal: group, ..Town::assignment("ann", &account("sandbox", 0), &set(0)) }
}

#[test]
fn where_only_what_kari_gave_is_assigned_its_last_end_takes_the_role_and_operators_are_warned() {
    let town = Town::new();
    assert_eq!(last(&town), 0);
    active(&town, "ann");
    active(&town, "ben");
    assert_eq!(last(&town), 1, "once for both");
}

#[test]
fn a_group_that_stays_assigned_anchors_the_role() {
    let town = Town::new();
    active(&town, "ann");
    assign(&town, &anchor());
    assert_eq!(last(&town), 0);
}

#[test]
fn what_others_assigned_keeps_the_role_whether_kari_knew_of_it_or_not() {
    let (known, unknown) = (Town::new(), Town::new());
    assign(&known, &Town::assignment("ben", &account("sandbox", 0), &set(0)));
    known.pass(chrono::TimeDelta::minutes(3));
    active(&known, "ann");
    active(&known, "ben");
    assert_eq!(last(&known), 0, "what was there before stays");
    active(&unknown, "ann");
    assign(&unknown, &Town::assignment("cat", &account("sandbox", 0), &set(0)));
    assert_eq!(last(&unknown), 0);
}
