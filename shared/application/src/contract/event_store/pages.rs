//! Laws of pages and cursors.

use kari_domain::audit::Head;
use kari_domain::request::RequestState;

use super::sample::{empty, everything, facts, item, put, request, request_item, said, stamp};
use crate::ports::{
    Append, AuditFilter, Cursor, EventStore, ListError, Page, PageRequest, RequestFilter, RequestScope,
};

/// Pages through a list for every size of page and compares with the whole.
async fn assert_pages_make_the_whole<T: PartialEq + std::fmt::Debug>(
    count: usize,
    list: impl AsyncFn(PageRequest) -> Result<Page<T>, ListError>,
) {
    let whole = list(everything()).await.unwrap();
    assert_eq!((whole.items.len(), whole.next), (count, None));
    for limit in 1..=count + 1 {
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page = list(PageRequest { limit, after }).await.unwrap();
            assert!(page.items.len() == limit || page.next.is_none(), "a short page that is not the last");
            paged.extend(page.items);
            assert!(paged.len() <= count, "pages of {limit} repeat: {paged:?}");
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        assert_eq!(paged, whole.items, "pages of {limit}");
    }
}

pub async fn pages_of_items_neither_repeat_nor_skip(store: &dyn EventStore) {
    put(store, 1, ["p/a", "p/a/", "p/aa", "p/あ", "p/z", "o", "q"].map(item)).await;
    assert_pages_make_the_whole(5, async |page| store.items("p/", &page).await).await;
}

pub async fn pages_of_requests_neither_repeat_nor_skip_when_instants_are_equal(store: &dyn EventStore) {
    let tied = (1..=5).map(|n| request_item(request(n, 10)));
    let earlier = (6..=8).map(|n| request_item(request(n, 9)));
    put(store, 1, tied.chain(earlier)).await;
    let none = RequestFilter::default();
    let pending = RequestFilter { states: vec![RequestState::Pending, RequestState::Active], ..none.clone() };
    for scope in [RequestScope::All, RequestScope::Of("u-1".parse().unwrap())] {
        for filter in [&none, &pending] {
            assert_pages_make_the_whole(8, async |page| store.requests(&scope, filter, &page).await).await;
        }
    }
}

pub async fn pages_of_events_neither_repeat_nor_skip_when_instants_are_equal(store: &dyn EventStore) {
    let words = ["a", "b", "c"].map(said);
    let stamp = stamp(1, 0);
    let streams = ["stream/a", "stream/b"].map(|name| facts(name, &Head::empty(), &words, &stamp).0);
    store.append(&Append { streams: streams.into(), ..empty(1) }).await.unwrap();
    let all = AuditFilter::default();
    let prefix = AuditFilter { stream_prefix: Some("stream/b".to_owned()), ..all.clone() };
    assert_pages_make_the_whole(6, async |page| store.audit(&all, &page).await).await;
    assert_pages_make_the_whole(3, async |page| store.audit(&prefix, &page).await).await;
}

pub async fn what_is_added_between_two_pages_disturbs_neither(store: &dyn EventStore) {
    let (scope, filter) = (RequestScope::All, RequestFilter::default());
    put(store, 1, (1..=4).map(|n| request_item(request(n, 10)))).await;
    let whole = store.requests(&scope, &filter, &everything()).await.unwrap().items;
    let first = store.requests(&scope, &filter, &PageRequest { limit: 2, after: None }).await.unwrap();
    put(store, 2, [request_item(request(9, 20)), request_item(request(10, 30))]).await;
    let second = PageRequest { limit: 2, after: first.next };
    let second = store.requests(&scope, &filter, &second).await.unwrap();
    assert_eq!([first.items, second.items].concat(), whole);
}

pub async fn a_cursor_that_the_list_did_not_make_is_refused(store: &dyn EventStore) {
    put(store, 1, ["p/a", "p/b"].map(item)).await;
    let of_items = store.items("p/", &PageRequest { limit: 1, after: None }).await.unwrap().next;
    let of_items = of_items.expect("there is a second page").0;
    for text in ["", "!", "AAAA", "bm90IGEgY3Vyc29y", "あ", of_items.as_str()] {
        let page = PageRequest { limit: 1, after: Some(Cursor(text.to_owned())) };
        let requests = store.requests(&RequestScope::All, &RequestFilter::default(), &page).await;
        assert!(matches!(requests, Err(ListError::BadCursor)), "{text}: {requests:?}");
        let audit = store.audit(&AuditFilter::default(), &page).await;
        assert!(matches!(audit, Err(ListError::BadCursor)), "{text}: {audit:?}");
        if text != of_items {
            let items = store.items("p/", &page).await;
            assert!(matches!(items, Err(ListError::BadCursor)), "{text}: {items:?}");
        }
    }
}
