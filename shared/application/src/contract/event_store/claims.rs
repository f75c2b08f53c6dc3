//! Laws of claims.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kari_domain::audit::Head;
use kari_domain::time::Instant;

use super::sample::{empty, item, one_fact, second, stream};
use crate::ports::{Append, AppendError, ClaimChange, Conflict, EventStore, ItemChange, ItemKey};

fn take(value: &str, until: Option<Instant>) -> ClaimChange {
    ClaimChange::Take { key: "key".to_owned(), value: value.to_owned(), until }
}

fn release(value: &str) -> ClaimChange {
    ClaimChange::Release { key: "key".to_owned(), value: value.to_owned() }
}

async fn change(
    store: &dyn EventStore,
    id: u128,
    at: Instant,
    claim: ClaimChange,
) -> Result<(), AppendError> {
    store.append(&Append { at, claims: vec![claim], ..empty(id) }).await
}

pub(crate) fn assert_held_by(result: Result<(), AppendError>, holder: &str) {
    match result {
        Err(AppendError::Conflict(Conflict::Claim { key, held_by })) => {
            assert_eq!((key.as_str(), held_by.as_str()), ("key", holder));
        }
        other => panic!("expected the key to be held by {holder}, got {other:?}"),
    }
}

pub async fn a_claim_has_one_holder(store: &dyn EventStore) {
    change(store, 1, second(0), take("first", None)).await.unwrap();
    assert_held_by(change(store, 2, second(0), take("second", None)).await, "first");
    let years_later = second(0) + TimeDelta::days(3650);
    assert_held_by(change(store, 3, years_later, take("second", Some(years_later))).await, "first");
    let other = ClaimChange::Take { key: "other".to_owned(), value: "second".to_owned(), until: None };
    change(store, 4, second(0), other).await.unwrap();
}

pub async fn a_claim_may_be_taken_again_by_its_holder(store: &dyn EventStore) {
    change(store, 1, second(0), take("first", None)).await.unwrap();
    change(store, 2, second(0), take("first", None)).await.unwrap();
    assert_held_by(change(store, 3, second(0), take("second", None)).await, "first");
}

pub async fn a_claim_is_free_again_at_its_instant_and_not_before(store: &dyn EventStore) {
    change(store, 1, second(0), take("first", Some(second(60)))).await.unwrap();
    let just_before = second(60) - TimeDelta::nanoseconds(1000);
    assert_held_by(change(store, 2, just_before, take("second", None)).await, "first");
    change(store, 3, second(60), take("second", None)).await.unwrap();
    assert_held_by(change(store, 4, second(60), take("first", None)).await, "second");
}

pub async fn taking_a_claim_again_replaces_its_instant(store: &dyn EventStore) {
    change(store, 1, second(0), take("first", Some(second(60)))).await.unwrap();
    change(store, 2, second(30), take("first", Some(second(120)))).await.unwrap();
    assert_held_by(change(store, 3, second(90), take("second", None)).await, "first");
    change(store, 4, second(120), take("second", None)).await.unwrap();
}

pub async fn a_claim_is_released_only_by_its_holder(store: &dyn EventStore) {
    change(store, 1, second(0), release("nobody")).await.unwrap();
    change(store, 2, second(0), take("first", None)).await.unwrap();
    change(store, 3, second(0), release("second")).await.unwrap();
    assert_held_by(change(store, 4, second(0), take("second", None)).await, "first");
    change(store, 5, second(0), release("first")).await.unwrap();
    change(store, 6, second(0), take("second", None)).await.unwrap();
}

pub async fn who_holds_a_claim_is_known_as_long_as_it_is_held(store: &dyn EventStore) {
    let holder = async |at| store.holder("key", at).await.unwrap();
    assert_eq!(holder(second(0)).await, None);
    change(store, 1, second(0), take("first", Some(second(60)))).await.unwrap();
    let just_before = second(60) - TimeDelta::nanoseconds(1000);
    assert_eq!(holder(just_before).await.as_deref(), Some("first"));
    assert_eq!(holder(second(60)).await, None);
    let both = ["key", "other"].map(str::to_owned).into();
    let of_both = async |at| store.holders(&both, at).await.unwrap();
    assert_eq!(of_both(just_before).await, [("key".to_owned(), "first".to_owned())].into());
    assert_eq!(of_both(second(60)).await, BTreeMap::new());
    change(store, 2, second(60), take("second", None)).await.unwrap();
    assert_eq!(holder(second(60) + TimeDelta::days(3650)).await.as_deref(), Some("second"));
    change(store, 3, second(60), release("second")).await.unwrap();
    assert_eq!(holder(second(60)).await, None);
    assert_eq!(store.holder("other", second(60)).await.unwrap(), None);
}

pub async fn a_claim_in_conflict_stops_the_whole_append(store: &dyn EventStore) {
    change(store, 1, second(0), take("first", None)).await.unwrap();
    let (append, _) = one_fact(2, "stream/a", &Head::empty());
    let free =
        |value: &str| ClaimChange::Take { key: "free".to_owned(), value: value.to_owned(), until: None };
    let append = Append {
        claims: vec![free("second"), take("second", None)],
        items: vec![ItemChange::Put(item("stream/a"))],
        ..append
    };
    assert_held_by(store.append(&append).await, "first");
    assert!(store.stream(&stream("stream/a")).await.unwrap().is_empty());
    assert!(store.item(&ItemKey("stream/a".to_owned())).await.unwrap().is_none());
    change(store, 3, second(0), free("third")).await.unwrap();
}
