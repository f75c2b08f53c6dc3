//! Taking an account of a chat away from whom it speaks for.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;
use kari_application::caller::{Caller, live_caller};
use kari_application::chat_links::{all_links, linked_user, links_of};
use kari_application::link_chat::{Linked, link};
use kari_application::ports::{AuditFilter, Ids, PageRequest};
use kari_application::unlink_chat::unlink;
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, Envelope};
use serde_json::json;
use uuid::Uuid;

use crate::linking::{ANNS, given, offered};
use crate::town::{Town, user};

fn unlinked(town: &Town, by: &str, whose: &str, account: &str) -> Result<(), Error> {
    unlinked_in(&town.kari, town, by, whose, account)
}

fn unlinked_in(kari: &Kari, town: &Town, by: &str, whose: &str, account: &str) -> Result<(), Error> {
    town.run(unlink(kari, &caller(town, by), "slack", &user(whose), account))
}

fn caller(town: &Town, name: &str) -> Caller {
    town.run(live_caller(&town.kari, &user(name))).unwrap()
}

fn holder(town: &Town) -> Option<String> {
    town.run(linked_user(&town.kari, ANNS)).unwrap().map(|user| user.to_string())
}

/// What is recorded about the chat, the oldest first.
fn recorded(town: &Town) -> Vec<Envelope> {
    let page = PageRequest { limit: 200, after: None };
    let filter = AuditFilter { stream_prefix: Some("channels/slack".to_owned()), ..AuditFilter::default() };
    let found = town.run(town.kari.store.audit(&filter, &page)).unwrap();
    found.items.iter().rev().map(|record| serde_json::from_str(&record.bytes).unwrap()).collect()
}

fn kinds(town: &Town) -> Vec<String> {
    recorded(town).into_iter().map(|event| event.kind).collect()
}

/// A town in which Ann linked her account.
fn town() -> Town {
    let town = Town::new();
    assert_eq!(given(&town, ANNS, &offered(&town, "ann").code), Linked::To(user("ann")));
    town
}

#[test]
fn whoever_unlinks_their_own_account_is_recorded_as_it_was_linked() {
    let town = town();
    unlinked(&town, "ann", "ann", ANNS).unwrap();
    assert_eq!(holder(&town), None);
    let events = recorded(&town);
    let [linked, unlinked] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((linked.kind.as_str(), unlinked.kind.as_str()), ("linked", "unlinked"));
    assert_eq!(linked.data, json!({ "account": ANNS, "user": "u-ann", "name": "Ann" }));
    assert_eq!(unlinked.data, json!({ "account": ANNS, "user": "u-ann" }));
    assert_eq!(unlinked.cause, Cause::Api);
    assert_eq!(unlinked.actor, Actor::User { id: user("ann"), label: "ann".to_owned() });
}

#[test]
fn an_administrator_unlinks_anybodys_account_and_is_named_for_it() {
    let town = town();
    unlinked(&town, "tom", "ann", ANNS).unwrap();
    assert_eq!(holder(&town), None);
    let last = recorded(&town).pop().unwrap();
    assert_eq!((last.kind.as_str(), last.actor.user()), ("unlinked", Some(&user("tom"))));
    assert_eq!(last.data["user"], "u-ann");
}

#[test]
fn what_is_not_ones_own_does_not_exist_for_anybody_else() {
    let town = town();
    for (by, whose, account) in [
        ("ben", "ann", ANNS),
        ("ben", "ben", ANNS),
        ("ann", "ann", "slack/T1/U-ben"),
        // By an administrator too, what is not whose they say.
        ("tom", "ben", ANNS),
    ] {
        let refused = unlinked(&town, by, whose, account);
        assert!(matches!(refused, Err(Error::NotFound)), "{by} {whose} {account}: {refused:?}");
    }
    assert_eq!(holder(&town).as_deref(), Some("u-ann"));
    assert_eq!(kinds(&town), ["linked"]);
}

#[test]
fn unlinking_again_is_no_failure_and_is_recorded_once() {
    let town = town();
    for by in ["ann", "ann", "tom"] {
        unlinked(&town, by, "ann", ANNS).unwrap();
    }
    assert_eq!(kinds(&town), ["linked", "unlinked"]);
}

#[test]
fn after_that_a_new_code_links_the_account_again_also_to_somebody_else() {
    let town = town();
    unlinked(&town, "ann", "ann", ANNS).unwrap();
    assert_eq!(given(&town, ANNS, &offered(&town, "ben").code), Linked::To(user("ben")));
    assert_eq!(holder(&town).as_deref(), Some("u-ben"));
    // NB. What Ann repeats is about her own link, and leaves Ben's alone.
    unlinked(&town, "ann", "ann", ANNS).unwrap();
    assert_eq!(holder(&town).as_deref(), Some("u-ben"));
}

#[test]
fn a_code_that_was_used_does_not_undo_the_unlinking() {
    let town = Town::new();
    let code = offered(&town, "ann").code;
    given(&town, ANNS, &code);
    unlinked(&town, "tom", "ann", ANNS).unwrap();
    assert_eq!(given(&town, ANNS, &code), Linked::NoSuchCode);
    assert_eq!(holder(&town), None);
}

#[test]
fn giving_the_same_code_twice_is_recorded_once() {
    let town = Town::new();
    let code = offered(&town, "ann").code;
    for _ in 0..2 {
        assert_eq!(given(&town, ANNS, &code), Linked::To(user("ann")));
    }
    assert_eq!(kinds(&town), ["linked"]);
}

#[test]
fn ones_links_are_listed_the_newest_first_and_without_those_that_ended() {
    let town = town();
    let began = town.kari.clock.now();
    for account in ["slack/T1/U-2", "slack/T1/U-1"] {
        town.clock.advance_by(TimeDelta::minutes(1));
        given(&town, account, &offered(&town, "ann").code);
    }
    given(&town, "slack/T1/U-ben", &offered(&town, "ben").code);
    let listed = |who: &str| {
        let links = town.run(links_of(&town.kari, "slack", &user(who))).unwrap();
        links.into_iter().map(|link| link.account).collect::<Vec<_>>()
    };
    assert_eq!(listed("ann"), ["slack/T1/U-1", "slack/T1/U-2", ANNS]);
    unlinked(&town, "ann", "ann", "slack/T1/U-1").unwrap();
    assert_eq!(listed("ann"), ["slack/T1/U-2", ANNS]);
    assert_eq!(listed("ben"), ["slack/T1/U-ben"]);
    assert!(listed("cat").is_empty());
    let first = town.run(links_of(&town.kari, "slack", &user("ann"))).unwrap().pop().unwrap();
    assert_eq!((first.name.as_deref(), first.linked_at), (Some("Ann"), began));
}

#[test]
fn everybodys_links_are_listed_page_by_page() {
    let town = town();
    for who in ["ben", "cat"] {
        given(&town, &format!("slack/T1/U-{who}"), &offered(&town, who).code);
    }
    unlinked(&town, "tom", "ben", "slack/T1/U-ben").unwrap();
    let (mut after, mut users) = (None, vec![]);
    loop {
        let page = PageRequest { limit: 1, after };
        let found = town.run(all_links(&town.kari, "slack", &page)).unwrap();
        users.extend(found.items.into_iter().map(|link| link.user.to_string()));
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(users, ["u-ann", "u-cat"]);
}

type Deed = Box<dyn FnOnce() + Send>;

/// Lets somebody else act once, between what a use case has read and what it appends.
struct InBetween {
    deed: Mutex<Option<Deed>>,
    ids: Arc<dyn Ids>,
}

impl Ids for InBetween {
    fn fresh(&self) -> Uuid {
        let deed = self.deed.lock().unwrap().take();
        if let Some(deed) = deed {
            deed();
        }
        self.ids.fresh()
    }

    fn jitter(&self, limit: TimeDelta) -> TimeDelta {
        self.ids.jitter(limit)
    }
}

fn while_somebody(town: &Town, deed: impl FnOnce() + Send + 'static) -> Kari {
    let ids = InBetween { deed: Mutex::new(Some(Box::new(deed))), ids: town.kari.ids.clone() };
    Kari { ids: Arc::new(ids), ..town.kari.clone() }
}

/// Does something that waits for nothing.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("it waits for something"),
    }
}

#[test]
fn of_two_who_unlink_at_once_one_is_recorded_and_neither_fails() {
    let town = town();
    let (other, caller) = (town.kari.clone(), caller(&town, "tom"));
    let kari = while_somebody(&town, move || {
        at_once(unlink(&other, &caller, "slack", &user("ann"), ANNS)).unwrap();
    });
    unlinked_in(&kari, &town, "ann", "ann", ANNS).unwrap();
    assert_eq!(kinds(&town), ["linked", "unlinked"]);
    assert_eq!(recorded(&town)[1].actor.user(), Some(&user("tom")));
}

#[test]
fn whoever_unlinks_while_the_account_goes_to_somebody_else_takes_nothing_from_them() {
    let town = town();
    let (other, code) = (town.kari.clone(), offered(&town, "ben").code);
    let caller = caller(&town, "tom");
    let kari = while_somebody(&town, move || {
        at_once(unlink(&other, &caller, "slack", &user("ann"), ANNS)).unwrap();
        at_once(link(&other, "slack", ANNS, None, &code)).unwrap();
    });
    unlinked_in(&kari, &town, "ann", "ann", ANNS).unwrap();
    assert_eq!(holder(&town).as_deref(), Some("u-ben"));
    assert_eq!(kinds(&town), ["linked", "unlinked", "linked"]);
}

#[test]
fn an_account_that_is_unlinked_while_somebody_else_links_it_is_theirs() {
    let town = town();
    let (other, code) = (town.kari.clone(), offered(&town, "ben").code);
    let caller = caller(&town, "ann");
    let kari = while_somebody(&town, move || {
        at_once(unlink(&other, &caller, "slack", &user("ann"), ANNS)).unwrap();
    });
    let linked = town.run(link(&kari, "slack", ANNS, None, &code)).unwrap();
    assert_eq!(linked, Linked::To(user("ben")));
    assert_eq!(kinds(&town), ["linked", "unlinked", "linked"]);
}
