//! What the stories are told with.

use chrono::TimeDelta;
use kari_application::submit_request::Wanted;
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::request::AccessRequest;
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_simulation::commands::Deed;
use kari_simulation::organization::{SANDBOX, account, permission_set, tuple, user};
use kari_simulation::simulation::Simulation;

pub(crate) fn wanted(key: &str, place: &str, set: &str, minutes: u32) -> Wanted {
    Wanted {
        idempotency_key: key.to_owned(),
        accounts: vec![account(place)],
        permission_set: permission_set(set),
        start: None,
        duration: Minutes(minutes),
        justification: Some(Justification::parse("the disk is full again").unwrap()),
        ticket: None,
    }
}

/// Somebody asks, and the request is taken.
pub(crate) fn asked(simulation: &mut Simulation, who: &str, wanted: Wanted) -> RequestId {
    let before = simulation.requests();
    simulation.act(&user(who), Deed::Submit(wanted));
    let id = simulation.requests().into_keys().find(|id| !before.contains_key(id));
    id.unwrap_or_else(|| panic!("it was not taken\n{}", simulation.story()))
}

/// Somebody gets access to the sandbox, where no approval is needed.
pub(crate) fn granted(simulation: &mut Simulation, who: &str, set: &str, minutes: u32) -> (RequestId, Tuple) {
    let key = format!("{who}-{set}-{}", simulation.requests().len());
    let id = asked(simulation, who, wanted(&key, SANDBOX, set, minutes));
    pass(simulation, TimeDelta::seconds(19));
    assert_eq!(state(simulation, id), "active", "{}", simulation.story());
    (id, tuple(who, SANDBOX, set))
}

pub(crate) fn pass(simulation: &mut Simulation, length: TimeDelta) {
    let until = simulation.now() + length;
    simulation.pass_quietly(until);
}

pub(crate) fn state(simulation: &Simulation, id: RequestId) -> &'static str {
    simulation.requests()[&id].name()
}

pub(crate) fn closed(simulation: &Simulation, id: RequestId) -> kari_domain::request::Closed {
    match simulation.requests().remove(&id) {
        Some(AccessRequest::Closed(closed)) => closed,
        other => panic!("{other:?}\n{}", simulation.story()),
    }
}

pub(crate) fn disable(simulation: &mut Simulation, who: &str) {
    simulation.change(|world, known, now| {
        world.disable_user(now, &user(who));
        known.users.get_mut(&user(who)).unwrap().enabled = false;
    });
}

/// The sandbox gets another status.
pub(crate) fn set_account(simulation: &mut Simulation, status: AccountStatus) {
    simulation.change(|world, known, now| {
        world.set_account_status(now, &account(SANDBOX), status);
        known.accounts.get_mut(&account(SANDBOX)).unwrap().status = status;
    });
}
