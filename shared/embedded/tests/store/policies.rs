//! The policy set as it is read from the store, besides the laws of the port.

use std::sync::Arc;

use futures::executor::block_on;
use kari_application::ports::{Append, EventStore, Item, ItemChange, ItemKey, Policies};
use kari_domain::audit::Head;
use kari_domain::ids::AppendId;
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;
use kari_domain::time::{Instant, Minutes};
use kari_embedded::policies::StoredPolicies;
use kari_embedded::store::SqliteStore;
use serde_json::{Value, json};

fn put(store: &SqliteStore, version: u64, items: Vec<(String, Value)>) {
    let settings = Settings { maximum_duration_minutes: Minutes(60), ..Settings::default() };
    let set = ("policies".to_owned(), json!({"settings": settings}));
    let item = |(key, body): (String, Value)| Item {
        key: ItemKey(key),
        head: Head { version, ..Head::empty() },
        due_at: None,
        request: None,
        body: body.to_string(),
    };
    let items = items.into_iter().chain([set]).map(item).map(ItemChange::Put).collect();
    let append = Append {
        id: AppendId(uuid::Uuid::from_u128(version.into())),
        at: Instant::UNIX_EPOCH,
        streams: Vec::new(),
        unchanged: Vec::new(),
        items,
        claims: Vec::new(),
    };
    block_on(store.append(&append)).unwrap();
}

fn eligibility(id: &str) -> (String, Value) {
    let policy = json!({
        "id": id, "name": "Developers", "enabled": true,
        "principals": serde_json::to_value(kari_domain::policy::Principals::everyone()).unwrap(),
        "targets": serde_json::to_value(kari_domain::policy::Targets::all()).unwrap(),
        "permission_sets": serde_json::to_value(kari_domain::policy::PermissionSets::default()).unwrap(),
        "max_duration_minutes": 60, "approval_required": true, "ticket_required": false,
    });
    (format!("policies/eligibility/{id}"), json!({"version": 1, "policy": policy}))
}

fn current(policies: &StoredPolicies) -> Arc<CompiledPolicies> {
    block_on(policies.current()).unwrap()
}

#[test]
fn the_set_is_as_of_the_last_append_and_compiled_once_per_version() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    let policies = StoredPolicies::new(Arc::clone(&store));
    current(&policies);
    put(&store, 1, vec![eligibility("b"), eligibility("a")]);
    let first = current(&policies);
    let ids: Vec<_> = first.policy_set().eligibility.iter().map(|p| p.policy.id.as_str()).collect();
    assert_eq!((first.policy_set().version, ids), (1, vec!["a", "b"]));
    assert_eq!(first.policy_set().settings.maximum_duration_minutes, Minutes(60));
    assert!(Arc::ptr_eq(&first, &current(&policies)));

    put(&store, 2, vec![eligibility("c")]);
    let second = current(&policies);
    assert_eq!((second.policy_set().version, second.policy_set().eligibility.len()), (2, 3));
}

#[test]
fn the_settings_are_as_of_the_last_append() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    let policies = StoredPolicies::new(Arc::clone(&store));
    assert_eq!(block_on(policies.settings()).unwrap(), Settings::default());
    current(&policies);
    put(&store, 1, vec![]);
    let settings = block_on(policies.settings()).unwrap();
    assert_eq!(settings.maximum_duration_minutes, Minutes(60));
    assert_eq!(settings, current(&policies).policy_set().settings);
}

#[test]
fn the_settings_are_given_although_a_policy_cannot_be_read() {
    let store = Arc::new(SqliteStore::in_memory().unwrap());
    let unreadable = ("policies/guardrail/forbid".to_owned(), json!({"of": "tomorrow"}));
    put(&store, 1, vec![unreadable]);
    let policies = StoredPolicies::new(store);
    assert!(block_on(policies.current()).is_err());
    assert_eq!(block_on(policies.settings()).unwrap().maximum_duration_minutes, Minutes(60));
}
