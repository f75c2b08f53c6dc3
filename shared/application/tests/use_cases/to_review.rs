//! The list of what waits for one's review, page by page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::browse::{View, find_to_review, list_requests, surroundings};
use kari_application::caller::live_caller;
use kari_application::contract::doubles::EventStoreDouble;
use kari_application::ports::{
    Clock, Cursor, EventStore, Item, ListError, Page, PageRequest, RequestFilter, RequestScope,
};
use kari_application::review_request::review_request;
use kari_application::{Error, Kari};
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::Decision;

use crate::town::{Town, account, set, user};

/// Requests for accounts of a unit, a second apart; the oldest first.
fn asked(town: &Town, who: &str, unit: &str, numbers: std::ops::Range<usize>) -> Vec<RequestId> {
    let ask = |number| {
        town.clock.advance_by(TimeDelta::seconds(1));
        town.ask(who, &[account(unit, number)], &set(0))
    };
    numbers.flat_map(ask).collect()
}

/// Many requests, those of the south between those of the north. The north's, the newest first.
fn busy_town() -> (Town, Vec<RequestId>) {
    let town = Town::new();
    let mut north = asked(&town, "ann", "north", 0..4);
    // More than the store gives at a time.
    asked(&town, "ann", "south", 0..90);
    asked(&town, "ben", "south", 0..95);
    north.extend(asked(&town, "ben", "north", 0..1));
    asked(&town, "cat", "south", 0..90);
    // At the same moment.
    north.extend(town.ask("cat", &[0, 1, 2].map(|number| account("north", number)), &set(0)));
    north.extend(asked(&town, "cat", "north", 3..6));
    let moments = |id: &RequestId| (place(&town, *id), *id);
    north.sort_by_key(|id| std::cmp::Reverse(moments(id)));
    (town, north)
}

fn place(town: &Town, id: RequestId) -> kari_domain::time::Instant {
    let request = town.run(kari_application::load_request(&town.kari, id)).unwrap().state;
    request.asked().unwrap().submitted_at
}

fn page(
    town: &Town,
    who: &str,
    limit: usize,
    after: Option<Cursor>,
) -> Result<(Vec<RequestId>, Option<Cursor>), Error> {
    page_of(town, &town.kari, who, &PageRequest { limit, after })
}

fn page_of(
    town: &Town,
    kari: &Kari,
    who: &str,
    page: &PageRequest,
) -> Result<(Vec<RequestId>, Option<Cursor>), Error> {
    let listed = town.run(async {
        let caller = live_caller(kari, &user(who)).await?;
        let around = surroundings(kari).await?;
        list_requests(kari, &caller, &around, View::ToReview, &RequestFilter::default(), page).await
    });
    let Page { items, next } = listed?;
    let id = |seen: kari_application::browse::Seen| seen.request.asked().unwrap().submission.id;
    Ok((items.into_iter().map(id).collect(), next))
}

/// Every page.
fn pages(town: &Town, who: &str, limit: usize) -> Vec<Vec<RequestId>> {
    let (mut pages, mut after) = (vec![], None);
    loop {
        let (ids, next) = page(town, who, limit, after).unwrap();
        pages.push(ids);
        after = next;
        if after.is_none() {
            return pages;
        }
    }
}

#[test]
fn the_pages_of_what_waits_for_review_neither_repeat_nor_skip_although_most_is_for_others() {
    let (town, north) = busy_town();
    for limit in [1, 2, 3, north.len(), 200] {
        let pages = pages(&town, "lee", limit);
        assert_eq!(pages.concat(), north, "{limit} a page");
        assert_eq!(pages.len(), north.len().div_ceil(limit), "{limit} a page");
    }
    assert_eq!(pages(&town, "ann", 5), [[]; 1], "who reviews nothing gets one empty page");
    let found = town.run(async {
        let caller = live_caller(&town.kari, &user("lee")).await.unwrap();
        let around = surroundings(&town.kari).await.unwrap();
        find_to_review(&town.kari, &caller, &around, 100).await.unwrap()
    });
    assert_eq!(found.len(), north.len());
}

#[test]
fn what_is_reviewed_or_asked_between_two_pages_makes_nothing_else_repeat_or_vanish() {
    let (town, north) = busy_town();
    let (first, next) = page(&town, "lee", 4, None).unwrap();
    assert_eq!(first, north[..4]);
    for id in [first[0], first[3]] {
        town.run(async {
            let lee = live_caller(&town.kari, &user("lee")).await.unwrap();
            review_request(&town.kari, &lee, Cause::Api, id, Decision::Approve, None).await.unwrap();
        });
    }
    let newer = asked(&town, "ann", "north", 50..51);
    let (second, next) = page(&town, "lee", 4, next).unwrap();
    assert_eq!(second, north[4..8]);
    let (third, next) = page(&town, "lee", 4, next).unwrap();
    assert_eq!((third.as_slice(), next), (&north[8..], None));
    let again = pages(&town, "lee", 200).concat();
    assert_eq!(again, [&newer[..], &north[1..3], &north[4..]].concat());
}

#[test]
fn a_cursor_that_this_list_did_not_give_is_refused() {
    let (town, _) = busy_town();
    let now = town.clock.now().to_string();
    for cursor in ["", "4", "nonsense", "6e6f6e73656e7365", now.as_str()] {
        let refused = page(&town, "lee", 4, Some(Cursor(cursor.to_owned())));
        assert!(matches!(refused, Err(Error::BadCursor)), "{cursor}: {refused:?}");
    }
}

/// Counts how often it is asked for a part of a list of requests.
struct Counting {
    inner: Arc<dyn EventStore>,
    lists: AtomicUsize,
}

#[async_trait]
impl EventStoreDouble for Counting {
    fn inner(&self) -> &dyn EventStore {
        &*self.inner
    }
    async fn requests(
        &self,
        scope: &RequestScope,
        filter: &RequestFilter,
        page: &PageRequest,
    ) -> Result<Page<Item>, ListError> {
        self.lists.fetch_add(1, Ordering::Relaxed);
        self.inner.requests(scope, filter, page).await
    }
}

#[test]
fn a_page_that_is_nearly_full_looks_through_what_is_for_others_in_few_queries() {
    let (town, north) = busy_town();
    let store = Arc::new(Counting { inner: town.kari.store.clone(), lists: AtomicUsize::new(0) });
    let kari = Kari { store: store.clone(), ..town.kari.clone() };
    for limit in 1..=north.len() {
        let (ids, _) = page_of(&town, &kari, "lee", &PageRequest { limit, after: None }).unwrap();
        assert_eq!(ids, north[..limit]);
        let queries = store.lists.swap(0, Ordering::Relaxed);
        assert!(queries <= 6, "{queries} for {limit} of them");
    }
}
