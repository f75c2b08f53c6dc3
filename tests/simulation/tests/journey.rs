//! One person's journey over the same wiring, in fair weather: ask, be approved, use, be gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use chrono::TimeDelta;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Outcome};
use kari_simulation::commands::Deed;
use kari_simulation::organization::{SERVICES, account, permission_set, tuple, user};
use kari_simulation::simulation::Simulation;

use kari_application::submit_request::Wanted;
use kari_domain::text::Justification;
use kari_domain::time::Minutes;

fn wanted(key: &str) -> Wanted {
    Wanted {
        idempotency_key: key.to_owned(),
        accounts: vec![account(SERVICES)],
        permission_set: permission_set("read"),
        start: None,
        duration: Minutes(30),
        justification: Some(Justification::parse("the disk is full again").unwrap()),
        ticket: None,
    }
}

/// Time passes; workflows go on when they want to.
fn pass(simulation: &mut Simulation, length: TimeDelta) {
    let until = simulation.now() + length;
    simulation.pass_quietly(until);
}

fn only_request(simulation: &Simulation) -> (RequestId, AccessRequest) {
    let requests = simulation.requests();
    assert_eq!(requests.len(), 1);
    requests.into_iter().next().unwrap()
}

#[test]
fn access_is_asked_for_approved_active_and_gone_at_its_end() {
    let mut simulation = Simulation::new(0, true);
    simulation.act(&user("ann"), Deed::Submit(wanted("a")));
    let (id, request) = only_request(&simulation);
    assert_eq!(request.name(), "pending");
    simulation.act(&user("dan"), Deed::Approve(id));
    pass(&mut simulation, TimeDelta::seconds(20));
    let (_, request) = only_request(&simulation);
    assert_eq!(request.name(), "active", "{}", simulation.story());
    let window = request.grant().unwrap().window;
    assert_eq!(window.expires_at - window.starts_at, TimeDelta::minutes(30));
    assert!(simulation.is_present(&tuple("ann", SERVICES, "read")));
    pass(&mut simulation, TimeDelta::minutes(31));
    assert!(!simulation.is_present(&tuple("ann", SERVICES, "read")), "{}", simulation.story());
    pass(&mut simulation, TimeDelta::minutes(3));
    let (_, request) = only_request(&simulation);
    let AccessRequest::Closed(closed) = request else { panic!("{}", simulation.story()) };
    assert_eq!(closed.outcome, Outcome::Expired);
    simulation.assert_fine();
}
