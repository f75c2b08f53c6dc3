//! The laws of [`Policies`](crate::ports::Policies). Each needs a new, empty store, and the policies in it.

use std::collections::BTreeMap;

use kari_domain::audit::Head;
use kari_domain::policy::{
    Effect, Guardrail, PermissionSets, Policy, PolicyKind, PolicySet, Principals, Targets,
};
use kari_domain::settings::Settings;
use kari_domain::text::PolicyName;
use kari_domain::time::Minutes;

use super::event_store::sample::{empty, everything, facts, said, stamp};
use crate::policy_storage::{PREFIX, policy_key, put_policy, set_body};
use crate::ports::{Append, EventStore, Item, ItemChange, ItemKey, Policies};

pub async fn before_the_first_append_the_set_is_empty_with_default_settings_at_version_0(
    policies: &dyn Policies,
) {
    for _ in 0..2 {
        assert_eq!(current(policies).await, PolicySet::default());
    }
}

pub async fn every_append_is_reflected_by_the_next_call(store: &dyn EventStore, policies: &dyn Policies) {
    let mut head = Head::empty();
    for (number, id) in ["b", "a", "c"].into_iter().enumerate() {
        head = append(store, &head, &Settings::default(), |head| vec![put(&guardrail(id), head)]).await;
        assert_eq!(current(policies).await.guardrails.len(), number + 1, "{id}");
    }
    let set = current(policies).await;
    let mut ids: Vec<_> = set.guardrails.iter().map(|g| (g.policy.id.as_str(), g.version)).collect();
    ids.sort_unstable();
    assert_eq!(ids, [("a", 2), ("b", 1), ("c", 3)]);

    let key = policy_key(PolicyKind::Guardrail, guardrail("b").id());
    append(store, &head, &Settings::default(), |_| vec![ItemChange::Delete(key)]).await;
    assert_eq!(current(policies).await.guardrails.len(), 2, "what was deleted is gone");
}

/// NB. A part of it might be the half that allows, without the guardrail that forbids.
pub async fn what_one_append_changes_is_given_as_a_whole(store: &dyn EventStore, policies: &dyn Policies) {
    let settings = Settings::default();
    let three = |head: &Head| Vec::from(["a", "b", "c"].map(|id| put(&guardrail(id), head)));
    let head = append(store, &Head::empty(), &settings, three).await;
    assert_eq!(current(policies).await.guardrails.len(), 3);
    let others = |head: &Head| {
        let disabled = Guardrail { enabled: false, ..guardrail("b") };
        let deleted = policy_key(PolicyKind::Guardrail, guardrail("a").id());
        vec![ItemChange::Delete(deleted), put(&disabled, head), put(&guardrail("d"), head)]
    };
    append(store, &head, &settings, others).await;
    let set = current(policies).await;
    let given = set.guardrails.iter().map(|g| (g.policy.id.as_str(), g.version, g.policy.enabled));
    let mut given: Vec<_> = given.collect();
    given.sort_unstable();
    assert_eq!(given, [("b", 2, false), ("c", 1, true), ("d", 2, true)]);
}

pub async fn its_version_is_that_of_the_policies_stream(store: &dyn EventStore, policies: &dyn Policies) {
    let mut head = Head::empty();
    for version in 1..=3 {
        head = append(store, &head, &Settings::default(), |_| vec![]).await;
        assert_eq!((head.version, current(policies).await.version), (version, version));
    }
}

pub async fn the_settings_are_those_of_the_last_append(store: &dyn EventStore, policies: &dyn Policies) {
    let mut head = Head::empty();
    for minutes in [60, 120] {
        let settings = Settings { maximum_duration_minutes: Minutes(minutes), ..Settings::default() };
        head = append(store, &head, &settings, |_| vec![]).await;
        assert_eq!(current(policies).await.settings, settings);
        assert_eq!(policies.settings().await.unwrap(), settings, "also when they alone are asked for");
    }
}

pub async fn what_was_read_last_is_never_older_than_what_was_given(
    store: &dyn EventStore,
    policies: &dyn Policies,
) {
    let mut head = Head::empty();
    for _ in 0..3 {
        head = append(store, &head, &Settings::default(), |_| vec![]).await;
        let given = current(policies).await.version;
        head = append(store, &head, &Settings::default(), |_| vec![]).await;
        let last_read = policies.last_read().await.unwrap().policy_set().version;
        assert!((given..=head.version).contains(&last_read), "{given} {last_read} {}", head.version);
    }
}

/// NB. What cannot be read might be the guardrail that forbids.
pub async fn a_set_with_one_unreadable_policy_is_not_given_at_all(
    store: &dyn EventStore,
    policies: &dyn Policies,
) {
    let settings = Settings::default();
    let head = append(store, &Head::empty(), &settings, |head| vec![put(&guardrail("a"), head)]).await;
    assert_eq!(current(policies).await.guardrails.len(), 1);
    let key = policy_key(PolicyKind::Guardrail, guardrail("forbid").id());
    let unreadable = |head: &Head| {
        let body = r#"{"version":2,"policy":{"of":"tomorrow"}}"#.to_owned();
        vec![ItemChange::Put(Item {
            key: key.clone(),
            head: head.clone(),
            due_at: None,
            request: None,
            body,
        })]
    };
    let head = append(store, &head, &settings, unreadable).await;
    assert_eq!(policies.settings().await.unwrap(), settings, "they are no policy");
    for _ in 0..2 {
        let error = policies.current().await.expect_err("the set is not given");
        let source = error.source.to_string();
        assert!(source.starts_with(&format!("{} cannot be read", key.0)), "{source}");
    }
    append(store, &head, &settings, |_| vec![ItemChange::Delete(key.clone())]).await;
    assert_eq!(current(policies).await.guardrails.len(), 1, "it is back as soon as it can be read");
}

async fn current(policies: &dyn Policies) -> PolicySet {
    policies.current().await.unwrap().policy_set().clone()
}

/// Appends one event to the `policies` stream, with its item and the changes of others that belong to it;
/// where the stream ends then.
async fn append(
    store: &dyn EventStore,
    expected: &Head,
    settings: &Settings,
    changes: impl FnOnce(&Head) -> Vec<ItemChange>,
) -> Head {
    let id = 100 + u128::from(expected.version);
    let (events, head) = facts("policies", expected, &[said("an edit")], &stamp(id, 0));
    let changes = changes(&head);
    let body = set_body(settings, 0, &versions(store, &changes).await).unwrap();
    let key = ItemKey::from(&events.stream);
    let set = Item { key, head: head.clone(), due_at: None, request: None, body };
    let items = [ItemChange::Put(set)].into_iter().chain(changes).collect();
    store.append(&Append { streams: vec![events], items, ..empty(id) }).await.unwrap();
    head
}

/// The policies that there are after these changes, each with its version.
async fn versions(store: &dyn EventStore, changes: &[ItemChange]) -> BTreeMap<String, u64> {
    let stored = store.items(PREFIX, &everything()).await.unwrap().items;
    let stored = stored.into_iter().filter(|item| item.key.0 != PREFIX);
    let mut versions: BTreeMap<_, _> = stored.map(|item| (item.key.0, item.head.version)).collect();
    for change in changes {
        match change {
            ItemChange::Put(item) => versions.insert(item.key.0.clone(), item.head.version),
            ItemChange::Delete(key) => versions.remove(&key.0),
        };
    }
    versions
}

fn put(policy: &Guardrail, head: &Head) -> ItemChange {
    put_policy(policy_key(PolicyKind::Guardrail, &policy.id), policy, head.clone()).unwrap()
}

fn guardrail(id: &str) -> Guardrail {
    Guardrail {
        id: id.parse().unwrap(),
        name: PolicyName::parse(id).unwrap(),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::default(),
        effect: Effect::Forbid,
    }
}
