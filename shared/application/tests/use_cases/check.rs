//! The check of what is open, where there is no time for all of it at once.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::check_records::check_open_until;
use kari_application::ports::{Append, Clock, Item, ItemChange, ItemKey, PageRequest};
use kari_domain::audit::Head;
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;

use crate::town::{Town, account, set};

/// As many as there are accounts in one submission.
const EACH: usize = 50;
const PEOPLE: [&str; 5] = ["ann", "ben", "cat", "lee", "sam"];
const ALL: usize = EACH * PEOPLE.len();
/// How many are read at once.
const PAGE: usize = 50;

/// Each look at the clock takes a minute.
struct Slow(Arc<ManualClock>);

#[async_trait]
impl Clock for Slow {
    fn now(&self) -> Instant {
        self.0.advance_by(TimeDelta::minutes(1));
        self.0.now()
    }

    async fn sleep(&self, length: TimeDelta) {
        self.0.sleep(length).await;
    }
}

/// More open requests than are read at once.
fn busy() -> Town {
    let town = Town::new();
    let accounts: Vec<_> = (0..EACH).map(|number| account("sandbox", number)).collect();
    for who in PEOPLE {
        town.ask(who, &accounts, &set(0));
    }
    town
}

fn requests(town: &Town) -> Vec<Item> {
    let mut items = vec![];
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let found = town.run(town.kari.store.items("request/", &page)).unwrap();
        items.extend(found.items);
        page.after = found.next;
        if page.after.is_none() {
            return items;
        }
    }
}

fn put(town: &Town, items: Vec<Item>) {
    let append = Append {
        id: AppendId(town.kari.ids.fresh()),
        at: town.clock.now(),
        streams: vec![],
        unchanged: vec![],
        items: items.into_iter().map(ItemChange::Put).collect(),
        claims: vec![],
    };
    town.run(town.kari.store.append(&append)).unwrap();
}

/// Nothing calls any of them due.
fn damage(town: &Town) {
    put(town, requests(town).into_iter().map(|item| Item { due_at: None, ..item }).collect());
    assert_eq!(mended(town), 0);
}

/// How many are due again.
fn mended(town: &Town) -> usize {
    requests(town).iter().filter(|item| item.due_at.is_some()).count()
}

/// There is time for one page.
fn check_a_page(town: &Town) {
    let kari = Kari { clock: Arc::new(Slow(Arc::clone(&town.clock))), ..town.kari.clone() };
    let deadline = town.clock.now() + TimeDelta::seconds(150);
    town.run(check_open_until(&kari, deadline)).unwrap();
}

fn check_to_the_end(town: &Town) {
    town.run(check_open_until(&town.kari, Instant::MAX_UTC)).unwrap();
}

#[test]
fn a_check_without_time_for_all_is_gone_on_with_and_begins_anew_behind_the_end() {
    let town = busy();
    for _ in 0..2 {
        damage(&town);
        check_a_page(&town);
        assert_eq!(mended(&town), PAGE);
        check_to_the_end(&town);
        assert_eq!(mended(&town), ALL);
    }
}

#[test]
fn a_check_whose_time_is_over_before_it_begins_does_nothing() {
    let town = busy();
    damage(&town);
    town.run(check_open_until(&town.kari, town.clock.now())).unwrap();
    assert_eq!(mended(&town), 0);
}

#[test]
fn a_place_that_cannot_be_understood_is_a_new_beginning() {
    let town = busy();
    for body in ["{", r#"{"part":0,"after":"nowhere"}"#, r#"{"part":9,"after":null}"#] {
        damage(&town);
        let key = ItemKey("reconciler/check".to_owned());
        let item = Item { key, head: Head::empty(), due_at: None, request: None, body: body.to_owned() };
        put(&town, vec![item]);
        check_to_the_end(&town);
        assert_eq!(mended(&town), ALL, "{body}");
    }
}
