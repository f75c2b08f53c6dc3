//! A removal that takes too long, and lists that are late.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::ports::{
    Append, Clock, Item, ItemChange, ItemKey, Notification, NotificationKind, Notifier, RequestKeys,
    Unavailable,
};
use kari_application::reconcile::{LateRemovals, late_removals, oldest_due};
use kari_application::relay::relay;
use kari_application::{Kari, load_request};
use kari_domain::audit::{Actor, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId, Target, Tuple};
use kari_domain::ledger::{Ledger, LedgerEvent, Presence, Trouble, TroubleCode};
use kari_domain::request::{AccessRequest, Past, RequestState};

use crate::town::{Town, account, set, user};

/// Keeps what would have been delivered.
#[derive(Default)]
struct Heard(Mutex<Vec<NotificationKind>>);

#[async_trait]
impl Notifier for Heard {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        self.0.lock().unwrap().push(notification.kind);
        Ok(())
    }
}

fn tuple() -> Tuple {
    Tuple {
        principal: user("ann"),
        target: Target { account: account("sandbox", 0), permission_set: set(0) },
    }
}

/// The alarm of the ledger, as the relay gets it.
fn overdue(town: &Town) -> String {
    let stamp = Stamp {
        append: AppendId(town.kari.ids.fresh()),
        at: town.clock.now(),
        actor: Actor::System { reason: SystemReason::Clock },
        cause: Cause::Advance,
    };
    let stream = StreamId::ledger(&tuple());
    let (mut sealed, _) = seal(&stream, &Head::empty(), &[LedgerEvent::RemovalOverdue {}], &stamp).unwrap();
    sealed.remove(0).bytes
}

/// What people hear of it.
fn heard(town: &Town) -> Vec<NotificationKind> {
    let heard = Arc::new(Heard::default());
    let kari = Kari { notifier: heard.clone(), ..town.kari.clone() };
    town.run(relay(&kari, &overdue(town))).unwrap();
    heard.0.lock().unwrap().clone()
}

/// Ann's access to the sandbox.
fn granted(town: &Town) -> RequestId {
    let id = town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    town.run(advance(&town.kari, id)).unwrap();
    id
}

fn state(town: &Town, id: RequestId) -> &'static str {
    town.run(load_request(&town.kari, id)).unwrap().state.name()
}

/// Lists show the request as ending, whatever it is.
fn list_as_ending(town: &Town, id: RequestId) {
    let key = ItemKey::from(&StreamId::request(id));
    town.run(async {
        let item = town.kari.store.item(&key).await.unwrap().unwrap();
        let keys = RequestKeys { state: RequestState::Ending, ..item.request.clone().unwrap() };
        put(town, Item { request: Some(keys), ..item }).await;
    });
}

async fn put(town: &Town, item: Item) {
    let append = Append {
        id: AppendId(town.kari.ids.fresh()),
        at: town.clock.now(),
        streams: vec![],
        unchanged: vec![],
        items: vec![ItemChange::Put(item)],
        claims: vec![],
    };
    town.kari.store.append(&append).await.unwrap();
}

/// A removal that takes too long, and of which only the ledger knows.
fn forgotten(town: &Town, number: usize, trouble: Option<TroubleCode>) -> ItemKey {
    let now = town.clock.now();
    let target = Target { account: account("sandbox", number), permission_set: set(0) };
    let key = ItemKey::from(&StreamId::ledger(&Tuple { principal: user("ann"), target }));
    let ledger = Ledger {
        presence: Presence::Removing { since: now, operation: None },
        trouble: trouble.map(|code| Trouble { code, detail: String::new(), since: now, tried_at: Some(now) }),
        overdue_since: Some(now),
        ..Ledger::default()
    };
    let head = Head { version: 3, hash: "ab".repeat(32) };
    let body = serde_json::to_string(&ledger).unwrap();
    town.run(put(town, Item { key: key.clone(), head, due_at: Some(now), request: None, body }));
    key
}

#[test]
fn a_removal_of_which_only_the_ledger_knows_is_late_and_one_that_is_blocked_is_counted_apart() {
    let town = Town::new();
    let blocked = BTreeSet::from([forgotten(&town, 0, Some(TroubleCode::AccountSuspended))]);
    let late = LateRemovals { overdue: 0, blocked: blocked.clone(), blocked_ledgers: blocked };
    assert_eq!(town.run(late_removals(&town.kari)).unwrap(), late);
    assert_eq!(town.run(oldest_due(&town.kari)).unwrap(), None, "it hides nothing that comes after it");
    forgotten(&town, 1, Some(TroubleCode::AccessDenied));
    forgotten(&town, 2, None);
    assert_eq!(town.run(late_removals(&town.kari)).unwrap(), LateRemovals { overdue: 2, ..late });
    assert_eq!(town.run(oldest_due(&town.kari)).unwrap(), Some(town.clock.now()));
}

#[test]
fn a_request_that_waits_for_the_removal_raises_the_alarm_itself() {
    let town = Town::new();
    let id = granted(&town);
    town.suspend(&account("sandbox", 0));
    town.clock.advance_by(TimeDelta::minutes(31));
    town.run(advance(&town.kari, id)).unwrap();
    assert_eq!(state(&town, id), "ending");
    assert_eq!(heard(&town), []);
}

#[test]
fn an_end_that_nobody_noticed_for_five_minutes_sounds_the_alarm_although_it_is_removed_at_once() {
    for (late, alarmed) in [(4, false), (5, true)] {
        let town = Town::new();
        let id = granted(&town);
        town.clock.advance_by(TimeDelta::minutes(30 + late));
        while state(&town, id) != "closed" {
            town.run(advance(&town.kari, id)).unwrap();
            town.clock.advance_by(TimeDelta::minutes(1));
        }
        let AccessRequest::Closed(closed) = town.run(load_request(&town.kari, id)).unwrap().state else {
            panic!("not closed");
        };
        let Past::Ended(ended) = closed.past else { panic!("it never began") };
        assert_eq!(ended.overdue, alarmed, "{late} minutes");
    }
}

#[test]
fn a_list_that_still_shows_a_closed_request_as_ending_swallows_no_alarm() {
    let town = Town::new();
    let id = granted(&town);
    town.clock.advance_by(TimeDelta::minutes(31));
    while state(&town, id) != "closed" {
        town.run(advance(&town.kari, id)).unwrap();
        town.clock.advance_by(TimeDelta::minutes(3));
    }
    assert_eq!(heard(&town), [NotificationKind::RemovalOverdue]);
    list_as_ending(&town, id);
    assert_eq!(heard(&town), [NotificationKind::RemovalOverdue]);
}
