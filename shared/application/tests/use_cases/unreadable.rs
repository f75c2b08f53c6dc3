//! Revoking a request that cannot be read any more.

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::advance::advance;
use kari_application::caller::live_caller;
use kari_application::contract::unreadable::make_unreadable;
use kari_application::ports::{NotificationKind, PageRequest};
use kari_application::revoke_grant::revoke_grant;
use kari_domain::audit::{Actor, Cause, Envelope, StreamId};
use kari_domain::ids::{RequestId, Target, Tuple};
use kari_domain::request::AccessRequest;
use kari_embedded::identity_center::Assignment;

use crate::sweep::swept;
use crate::town::{Town, account, set, user};

/// Ann has access to the sandbox, and her request cannot be read.
fn unreadable() -> (Town, RequestId, Tuple) {
    let town = Town::new();
    let place = account("sandbox", 0);
    let id = town.ask("ann", std::slice::from_ref(&place), &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    town.run(make_unreadable(&town.kari, id));
    let target = Target { account: place, permission_set: set(0) };
    (town, id, Tuple { principal: user("ann"), target })
}

fn revoked(town: &Town, who: &str, id: RequestId) -> Result<Option<AccessRequest>, Error> {
    town.run(async {
        let caller = live_caller(&town.kari, &user(who)).await?;
        revoke_grant(&town.kari, &caller, Cause::Api, id, None).await
    })
}

/// How each holder left, as it is recorded.
fn left(town: &Town, tuple: &Tuple) -> Vec<Envelope> {
    let events = town.run(town.kari.store.stream(&StreamId::ledger(tuple))).unwrap();
    let envelopes = events.iter().map(|bytes| serde_json::from_str::<Envelope>(bytes).unwrap());
    envelopes.filter(|event| event.kind == "holder-left").collect()
}

#[test]
fn an_administrator_ends_its_access_by_the_ledger_and_is_who_did_it() {
    let (town, id, tuple) = unreadable();
    assert_eq!(revoked(&town, "tom", id).unwrap(), None);
    let tom = Actor::User { id: user("tom"), label: "tom".to_owned() };
    let by: Vec<_> = left(&town, &tuple).into_iter().map(|event| (event.actor, event.cause)).collect();
    assert_eq!(by, [(tom, Cause::Api)]);
    // Its workflow, which cannot read it either, does nothing: the sweep does.
    town.clock.advance_by(TimeDelta::minutes(1));
    swept(&town);
    assert!(!town.is_present(&Assignment::from(&tuple)));

    let page = PageRequest { limit: 10, after: None };
    let told = town.inbox.messages(&user("tom"), &page).unwrap().items;
    assert!(told.iter().any(|message| message.kind == NotificationKind::RecordsUnreadable));
    assert!(matches!(revoked(&town, "tom", id), Err(Error::Corrupt(_))), "nothing is left to end");
    assert_eq!(left(&town, &tuple).len(), 1);
}

#[test]
fn nobody_else_ends_what_cannot_be_read_not_even_whose_it_is() {
    let (town, id, tuple) = unreadable();
    for who in ["ann", "ben", "lee"] {
        assert!(matches!(revoked(&town, who, id), Err(Error::Corrupt(_))), "{who}");
    }
    town.clock.advance_by(TimeDelta::minutes(1));
    swept(&town);
    assert_eq!(left(&town, &tuple), []);
    assert!(town.is_present(&Assignment::from(&tuple)));
}

#[test]
fn of_a_request_that_holds_nothing_nothing_is_recorded() {
    let town = Town::new();
    let id = town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    town.run(make_unreadable(&town.kari, id));
    assert!(matches!(revoked(&town, "tom", id), Err(Error::Corrupt(_))));
    let target = Target { account: account("north", 0), permission_set: set(0) };
    assert_eq!(left(&town, &Tuple { principal: user("ann"), target }), []);
}
