//! Laws of the lists: what is on them, and in which order.

use kari_domain::audit::{Envelope, Head};
use kari_domain::ids::RequestId;
use kari_domain::request::RequestState;

use super::sample::{
    Fact, empty, everything, facts, item, put, request, request_item, said, second, somebody, stamp,
};
use crate::ports::{Append, AuditFilter, EventStore, RequestFilter, RequestKeys, RequestScope};

pub async fn items_are_listed_by_prefix_and_key(store: &dyn EventStore) {
    let keys = ["p/", "p/b", "p/a", "p/あ", "p/a/1", "p", "p0", "o/z", "P/a", "p/%", "p/_"];
    put(store, 1, keys.map(item)).await;
    for prefix in ["p/", "p/a", "p", "", "p/_", "p/あ", "q"] {
        let listed = store.items(prefix, &everything()).await.unwrap().items;
        let listed: Vec<_> = listed.into_iter().map(|item| item.key.0).collect();
        let mut expected: Vec<_> = keys.into_iter().filter(|key| key.starts_with(prefix)).collect();
        expected.sort_unstable();
        assert_eq!(listed, expected, "{prefix}");
    }
}

async fn listed(store: &dyn EventStore, scope: &RequestScope, filter: &RequestFilter) -> Vec<u128> {
    let page = store.requests(scope, filter, &everything()).await.unwrap();
    let id = |RequestKeys { id: RequestId(id), .. }| id.as_u128();
    page.items.into_iter().map(|item| id(item.request.unwrap())).collect()
}

pub async fn requests_are_listed_the_newest_submission_first(store: &dyn EventStore) {
    let requests = [request(1, 20), request(2, 40), request(3, 10), request(4, 30)];
    put(store, 1, requests.map(request_item)).await;
    put(store, 2, [item("policies"), item("request/none")]).await;
    assert_eq!(listed(store, &RequestScope::All, &RequestFilter::default()).await, [2, 4, 1, 3]);
}

pub async fn requests_are_narrowed_by_scope_and_filter(store: &dyn EventStore) {
    let closed = RequestKeys { state: RequestState::Closed, ..request(2, 2) };
    let active = RequestKeys { state: RequestState::Active, ..request(3, 3) };
    let others = RequestKeys { requester: "u-2".parse().unwrap(), ..request(4, 4) };
    let elsewhere = RequestKeys { account: "999999999999".parse().unwrap(), ..request(5, 5) };
    let arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-2".parse().unwrap();
    let other_set = RequestKeys { permission_set: arn, ..request(6, 6) };
    let all = [request(1, 1), closed, active, others.clone(), elsewhere.clone(), other_set.clone()];
    put(store, 1, all.map(request_item)).await;

    let none = RequestFilter::default();
    let states =
        |states: &[RequestState]| RequestFilter { states: states.to_vec(), ..RequestFilter::default() };
    let account = RequestFilter { account: Some(elsewhere.account), ..none.clone() };
    let set = RequestFilter { permission_set: Some(other_set.permission_set), ..none.clone() };
    let theirs = RequestFilter { requester: Some(others.requester.clone()), ..none.clone() };
    let active_of_u2 =
        RequestFilter { requester: Some(others.requester.clone()), ..states(&[RequestState::Active]) };
    let of = |requester| RequestScope::Of(requester);
    for (scope, filter, expected) in [
        (RequestScope::All, &none, &[6, 5, 4, 3, 2, 1][..]),
        (of(others.requester.clone()), &none, &[4]),
        (of("u-1".parse().unwrap()), &none, &[6, 5, 3, 2, 1]),
        (of("u-1".parse().unwrap()), &theirs, &[]),
        (RequestScope::All, &states(&[RequestState::Active]), &[3]),
        (RequestScope::All, &states(&[RequestState::Active, RequestState::Closed]), &[3, 2]),
        (RequestScope::All, &states(&[RequestState::Ending]), &[]),
        (RequestScope::All, &account, &[5]),
        (RequestScope::All, &set, &[6]),
        (RequestScope::All, &theirs, &[4]),
        (RequestScope::All, &active_of_u2, &[]),
    ] {
        assert_eq!(listed(store, &scope, filter).await, expected, "{scope:?} {filter:?}");
    }
}

async fn words(store: &dyn EventStore, filter: &AuditFilter) -> Vec<String> {
    let page = store.audit(filter, &everything()).await.unwrap();
    let words = |bytes: String| {
        let envelope: Envelope = serde_json::from_str(&bytes).unwrap();
        envelope.data["words"].as_str().unwrap().to_owned()
    };
    page.items.into_iter().map(|record| words(record.bytes)).collect()
}

/// Five events of three streams, two kinds and three actors; their words are their order in time.
async fn record_five_events(store: &dyn EventStore) {
    let sung = Fact::Sung { words: "4".to_owned() };
    let by = |id, at, actor| kari_domain::audit::Stamp { actor, ..stamp(id, at) };
    let (first, head) = facts("request/1", &Head::empty(), &[said("1"), said("2")], &stamp(1, 10));
    let (second, _) = facts("request/1", &head, &[sung], &by(2, 30, somebody("u-1")));
    let (third, _) = facts("request/10", &Head::empty(), &[said("5")], &by(3, 40, somebody("u-2")));
    let (fourth, _) = facts("attempts/u-1", &Head::empty(), &[said("3")], &by(4, 20, somebody("u-1")));
    for (id, events) in (1..).zip([first, second, third, fourth]) {
        store.append(&Append { streams: vec![events], ..empty(id) }).await.unwrap();
    }
}

pub async fn events_are_listed_the_newest_first(store: &dyn EventStore) {
    record_five_events(store).await;
    assert_eq!(words(store, &AuditFilter::default()).await, ["5", "4", "3", "2", "1"]);
}

pub async fn events_are_narrowed_by_every_filter(store: &dyn EventStore) {
    record_five_events(store).await;
    let all = AuditFilter::default();
    let prefix = |text: &str| AuditFilter { stream_prefix: Some(text.to_owned()), ..all.clone() };
    let actor = |id: &str| AuditFilter { actor: Some(id.parse().unwrap()), ..all.clone() };
    let kind = |kind: &str| AuditFilter { kind: Some(kind.to_owned()), ..all.clone() };
    for (filter, expected) in [
        (prefix("request/1"), &["5", "4", "2", "1"][..]),
        (prefix("request/10"), &["5"]),
        (prefix("attempts/"), &["3"]),
        (prefix("_"), &[]),
        (actor("u-1"), &["4", "3"]),
        (actor("u"), &[]),
        (kind("sung"), &["4"]),
        (kind("said"), &["5", "3", "2", "1"]),
        (AuditFilter { from: Some(second(20)), ..all.clone() }, &["5", "4", "3"]),
        (AuditFilter { to: Some(second(20)), ..all.clone() }, &["2", "1"]),
        (AuditFilter { from: Some(second(20)), to: Some(second(40)), ..kind("said") }, &["3"]),
        (AuditFilter { stream_prefix: Some("request/".to_owned()), ..actor("u-1") }, &["4"]),
    ] {
        assert_eq!(words(store, &filter).await, expected, "{filter:?}");
    }
}
