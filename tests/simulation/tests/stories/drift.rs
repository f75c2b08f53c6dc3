//! What others assign is reported once, and again when it was gone and comes back.

use chrono::TimeDelta;
use kari_application::ports::NotificationKind;
use kari_domain::ids::Tuple;
use kari_domain::ledger::LedgerEvent;
use kari_embedded::identity_center::Assignment;
use kari_simulation::organization::{PEOPLE, SANDBOX, SERVICES, tuple, user};
use kari_simulation::simulation::Simulation;

use crate::told::pass;

/// Longer than two comparisons are apart.
const COMPARED: TimeDelta = TimeDelta::minutes(21);

fn assign(simulation: &mut Simulation, tuple: &Tuple) {
    assign_all(simulation, std::slice::from_ref(tuple));
}

fn assign_all(simulation: &mut Simulation, tuples: &[Tuple]) {
    simulation.change(|world, _, now| {
        for tuple in tuples {
            world.assign_outside(now, &Assignment::from(tuple));
        }
    });
    pass(simulation, COMPARED);
}

fn remove(simulation: &mut Simulation, tuple: &Tuple) {
    simulation.change(|world, _, now| world.remove_outside(now, &Assignment::from(tuple)));
    pass(simulation, COMPARED);
}

/// How often the administrator was told of drift.
fn told(simulation: &Simulation) -> usize {
    let messages = simulation.messages(&user("fay")).into_iter();
    messages.filter(|kind| *kind == NotificationKind::DriftFound).count()
}

#[test]
fn drift_that_is_gone_and_comes_back_is_reported_again_and_stays_where_it_is() {
    let mut simulation = Simulation::new(6, true);
    let tuple = tuple("ben", SANDBOX, "admin");
    assign(&mut simulation, &tuple);
    assert_eq!(told(&simulation), 1, "{}", simulation.story());
    pass(&mut simulation, COMPARED);
    assert_eq!(told(&simulation), 1, "what is known is not told again");
    remove(&mut simulation, &tuple);
    assign(&mut simulation, &tuple);
    assert_eq!(told(&simulation), 2, "{}", simulation.story());
    let events = [LedgerEvent::DriftFound {}, LedgerEvent::DriftGone {}, LedgerEvent::DriftFound {}];
    assert_eq!(simulation.ledger_events(&tuple), events);
    assert!(simulation.is_present(&tuple), "what others assigned is theirs");
    simulation.assert_fine();
}

#[test]
fn drift_found_together_is_told_once_for_each_account_and_recorded_for_each_assignment() {
    let mut simulation = Simulation::new(7, true);
    let everybody = |account| PEOPLE.iter().map(move |(name, _)| tuple(name, account, "admin"));
    let all: Vec<_> = everybody(SANDBOX).chain(everybody(SERVICES)).collect();
    assign_all(&mut simulation, &all);
    assert_eq!(told(&simulation), 2, "{}", simulation.story());
    for tuple in &all {
        assert_eq!(simulation.ledger_events(tuple), [LedgerEvent::DriftFound {}], "{tuple:?}");
    }
    // What is found later is told, too, however soon.
    assign(&mut simulation, &tuple("ben", SANDBOX, "read"));
    assert_eq!(told(&simulation), 3, "{}", simulation.story());
    simulation.assert_fine();
}
