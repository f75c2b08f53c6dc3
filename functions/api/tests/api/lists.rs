use chrono::TimeDelta;
use kari_application::ports::{
    Append, Item, ItemChange, ItemKey, PageRequest, RequestFilter, RequestKeys, RequestScope,
};
use kari_domain::audit::StreamId;
use kari_domain::ids::{AppendId, RequestId};
use kari_domain::request::RequestState;
use serde_json::{Value, json};

use crate::world::{ADMIN, PAYMENTS, PLAYGROUND, READ, SHOP, World};

fn ids(list: &Value, pointer: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item.pointer(pointer).unwrap().as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn everybody_sees_the_requests_that_concern_them() {
    let world = World::new().await;
    let waiting = world.asked("alice", PAYMENTS, ADMIN).await;
    let granted = world.asked("alice", PLAYGROUND, READ).await;
    assert_eq!(world.drive(&granted).await, "active");
    let table = [
        ("alice", "scope=mine", vec![&granted, &waiting]),
        ("alice", "", vec![&granted, &waiting]),
        ("alice", "scope=active", vec![&granted]),
        ("alice", "scope=to-review", vec![]),
        ("rin", "scope=mine", vec![]),
        ("rin", "scope=to-review", vec![&waiting]),
        ("rin", "scope=to-review&state=pending&requester=u-alice", vec![&waiting]),
        ("rin", "scope=active", vec![]),
        ("odette", "scope=to-review", vec![]),
        ("odette", "scope=active", vec![&granted]),
        ("odette", "scope=active&mine=true", vec![]),
        ("odette", "scope=all", vec![&granted, &waiting]),
        ("odette", "scope=all&state=pending,approved", vec![&waiting]),
        ("odette", "scope=all&requester=u-rin", vec![]),
        ("odette", "scope=all&account=111111111111", vec![&waiting]),
        ("adam", "scope=all&permission_set=arn:aws:sso:::permissionSet/ssoins-town/ps-read", vec![&granted]),
    ];
    for (who, query, expected) in table {
        let mut found = ids(&world.get(who, &format!("/v1/requests?{query}")).await.ok(), "/id");
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        // Both were made at the same moment.
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{who} {query}");
    }
    assert_eq!(world.get("rin", "/v1/me").await.ok()["to_review"], 1);
    assert_eq!(world.get("alice", "/v1/me").await.ok()["to_review"], 0);
    assert_eq!(world.get("alice", "/v1/me").await.ok()["channels"], json!(["sns"]));
}

#[tokio::test]
async fn a_request_waits_only_for_those_whose_approval_is_still_missing() {
    let world = World::new().await;
    let requirement = |group: &str| json!({ "reviewers": { "groups": [group] }, "quorum": 1 });
    let policy = json!({
        "id": "payments", "name": "Payments", "enabled": true, "targets": { "accounts": [PAYMENTS] },
        "permission_sets": "all", "requirements": [requirement("g-leads"), requirement("g-administrators")],
    });
    world.post("adam", "/v1/policies/approvers", policy).await.ok();
    let path = format!("/v1/requests/{}", world.asked("alice", PAYMENTS, ADMIN).await);
    world.post("rin", &format!("{path}/approve"), json!({})).await.ok();
    for (who, waits) in [("alice", false), ("rin", false), ("lou", false), ("adam", true)] {
        assert_eq!(world.get(who, &path).await.ok()["waits_for_caller"], waits, "{who}");
        assert_eq!(world.get(who, "/v1/me").await.ok()["to_review"], u64::from(waits), "{who}");
    }
    let seen = world.get("lou", &path).await.ok();
    assert_eq!(seen["actions"], json!(["approve", "deny"]), "who may approve as well is not waited for");
}

#[tokio::test]
async fn the_pages_of_a_list_follow_each_other_without_gaps_and_repeats() {
    let world = World::new().await;
    for account in [PAYMENTS, SHOP, PLAYGROUND] {
        world.asked("alice", account, ADMIN).await;
        world.later(1);
    }
    let lists = [
        ("alice", "/v1/requests?limit=1", "/id", 3),
        ("alice", "/v1/eligibility?limit=1", "/account/id", 3),
        ("rin", "/v1/requests?scope=to-review&limit=1", "/id", 2),
        ("odette", "/v1/directory/users?limit=3", "/id", 8),
        ("odette", "/v1/directory/accounts?limit=3", "/id", 4),
        ("odette", "/v1/audit?stream=policies&limit=2", "/append", 4),
    ];
    for (who, path, pointer, count) in lists {
        let mut found = vec![];
        let mut next = String::new();
        loop {
            let page = world.get(who, &format!("{path}{next}")).await.ok();
            found.extend(ids(&page, pointer));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(found.len(), count, "{path}");
        found.sort();
        found.dedup();
        assert_eq!(found.len(), count, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_longer_offered_makes_the_next_page_skip_nothing() {
    let world = World::new().await;
    let path = "/v1/eligibility?limit=1";
    let first = world.get("alice", path).await.ok();
    assert_eq!(ids(&first, "/account/name"), ["payments"]);
    let payments = PAYMENTS.parse().unwrap();
    world.identity_center.with(|simulated, now| simulated.suspend_account(now, &payments)).unwrap();
    world.sync().await;
    let next = format!("{path}&cursor={}", first["next"].as_str().unwrap());
    let second = world.get("alice", &next).await.ok();
    assert_eq!(ids(&second, "/account/name"), ["playground"]);
    let next = format!("{path}&cursor={}", second["next"].as_str().unwrap());
    let third = world.get("alice", &next).await.ok();
    assert_eq!((ids(&third, "/account/name"), &third["next"]), (vec!["shop".to_owned()], &json!(null)));
}

#[tokio::test]
async fn reviewing_a_page_makes_the_next_one_skip_nothing() {
    let world = World::new().await;
    let older = world.asked("alice", PAYMENTS, ADMIN).await;
    world.later(1);
    let newer = world.asked("alice", SHOP, ADMIN).await;
    let path = "/v1/requests?scope=to-review&limit=1";
    let first = world.get("rin", path).await.ok();
    assert_eq!(ids(&first, "/id"), [newer.as_str()]);
    world.post("rin", &format!("/v1/requests/{newer}/deny"), json!({})).await.ok();
    let second = world.get("rin", &format!("{path}&cursor={}", first["next"].as_str().unwrap())).await.ok();
    assert_eq!((ids(&second, "/id"), &second["next"]), (vec![older], &json!(null)));
}

#[tokio::test]
async fn what_one_may_review_is_found_behind_thousands_that_are_for_others() {
    let world = World::new().await;
    let mine = world.asked("alice", PAYMENTS, ADMIN).await;
    put_pending(&world, "u-rin", 2_100).await;
    let mut page = world.get("rin", "/v1/requests?scope=to-review").await.ok();
    assert_eq!(page["items"], json!([]), "one answer does not look through everything");
    while let Some(next) = page["next"].as_str() {
        page = world.get("rin", &format!("/v1/requests?scope=to-review&cursor={next}")).await.ok();
    }
    assert_eq!(ids(&page, "/id"), [mine]);
}

/// State items of pending requests by somebody who may not review them, submitted later than all others.
pub(crate) async fn put_pending(world: &World, requester: &str, count: u32) {
    let pending = RequestFilter { states: vec![RequestState::Pending], ..RequestFilter::default() };
    let page = PageRequest { limit: 1, after: None };
    let found = world.kari.store.requests(&RequestScope::All, &pending, &page).await.unwrap();
    let sample = found.items.into_iter().next().unwrap();
    let another = |_| {
        let id = RequestId(world.kari.ids.fresh());
        let keys = sample.request.clone().unwrap();
        let submitted_at = keys.submitted_at + TimeDelta::minutes(1);
        let keys = RequestKeys { id, requester: requester.parse().unwrap(), submitted_at, ..keys };
        let key = ItemKey::from(&StreamId::request(id));
        ItemChange::Put(Item { key, request: Some(keys), ..sample.clone() })
    };
    let (id, at) = (AppendId(world.kari.ids.fresh()), world.kari.clock.now());
    let items = (0..count).map(another).collect();
    let append = Append { id, at, streams: vec![], unchanged: vec![], items, claims: vec![] };
    world.kari.store.append(&append).await.unwrap();
}

#[tokio::test]
async fn the_directory_is_searched_by_names_and_ids() {
    let world = World::new().await;
    let table = [
        ("users?search=山田", "/id", vec!["u-alice"]),
        ("users?search=alice@town", "/id", vec!["u-alice"]),
        ("groups?search=lead", "/id", vec!["g-leads"]),
        ("accounts?search=production", "/id", vec![PAYMENTS, SHOP]),
        ("accounts?search=3333", "/id", vec![PLAYGROUND]),
        ("accounts?ids=333333333333,111111111111,999999999999", "/id", vec![PAYMENTS, PLAYGROUND]),
        ("permission-sets?search=everything", "/arn", vec![ADMIN]),
        ("units?search=sand", "/id", vec!["ou-town-sandbox"]),
        ("groups?ids=g-leads&search=auditors", "/id", vec![]),
        ("users?search=nobody", "/id", vec![]),
    ];
    for (query, pointer, expected) in table {
        let path = format!("/v1/directory/{query}").replace("山田", "%E5%B1%B1%E7%94%B0");
        assert_eq!(ids(&world.get("odette", &path).await.ok(), pointer), expected, "{query}");
    }
}

#[tokio::test]
async fn the_audit_shows_what_was_recorded_by_stream_actor_kind_and_time() {
    let world = World::new().await;
    let id = world.asked("alice", PAYMENTS, ADMIN).await;
    world.later(10);
    world.post("paul", &format!("/v1/requests/{id}/approve"), json!({})).await;
    let count = async |query: &str| {
        let found = world.get("odette", &format!("/v1/audit?{query}")).await.ok();
        found["items"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 6);
    assert_eq!(count(&format!("stream=request/{id}")).await, 1);
    assert_eq!(count("stream=policies").await, 4);
    assert_eq!(count("actor=u-paul").await, 1);
    assert_eq!(count("kind=attempt-refused").await, 1);
    assert_eq!(count("from=2026-11-22T04:05:00Z").await, 1);
    assert_eq!(count("to=2026-11-22T04:05:00Z").await, 5);
    let found = world.get("odette", "/v1/audit?actor=u-alice").await.ok();
    let event = &found["items"][0];
    assert_eq!(event["actor"], json!({ "type": "user", "id": "u-alice", "label": "Alice 山田" }));
    assert_eq!((&event["kind"], &event["cause"]), (&json!("requested"), &json!("api")));
    assert_eq!(event["previous"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn a_unit_is_listed_with_the_units_above_it_and_its_accounts() {
    let world = World::new().await;
    let units = world.get("adam", "/v1/directory/units").await.ok();
    let root = units["items"].as_array().unwrap().iter().find(|unit| unit["path"] == json!([])).unwrap();
    assert_eq!(root["accounts_count"], 4);
    let production = world.get("adam", "/v1/directory/units?ids=ou-town-production").await.ok();
    let above = json!([{ "id": root["id"], "name": root["name"] }]);
    assert_eq!(
        production["items"],
        json!([{ "id": "ou-town-production", "name": "production", "path": above, "accounts_count": 2 }])
    );
}

#[tokio::test]
async fn no_more_ids_are_looked_up_at_once_than_a_list_may_have() {
    let world = World::new().await;
    let ids: Vec<String> = (0..201).map(|n| format!("u-{n}")).collect();
    let answer = world.get("adam", &format!("/v1/directory/users?ids={}", ids.join(","))).await;
    assert_eq!(answer.brief(), "400 malformed-query");
}
