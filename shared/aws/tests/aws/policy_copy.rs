//! The copy of the policies in one document: it is read while it is of this moment, and nothing rests on it else.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::mem;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use kari_application::contract::policies as law;
use kari_application::edit_policies::PolicyEvent;
use kari_application::policy_storage::{policy_key, put_policy, set_body};
use kari_application::ports::{
    Append, EventStore, Item, ItemChange, ItemKey, Policies, StreamAppend, Unavailable,
};
use kari_aws::policies::DynamoPolicies;
use kari_aws::store::DynamoStore;
use kari_domain::audit::{Actor, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::AppendId;
use kari_domain::policy::{
    CompiledPolicies, Effect, Guardrail, PermissionSets, PolicyKind, PolicySet, Principals, Targets,
};
use kari_domain::settings::Settings;
use kari_domain::text::PolicyName;
use kari_domain::time::{Instant, Minutes};
use lz4_flex::frame::{FrameDecoder, FrameEncoder};
use uuid::Uuid;

use crate::counter::{Counter, counted_client};
use crate::support;

type Row = HashMap<String, AttributeValue>;

/// How often a row and how often a query was asked for.
type Calls = (usize, usize);

/// The set's own item, and the document.
const BY_THE_COPY: Calls = (2, 1);
/// The same, and the rows, with the set's own item before and after them.
const BY_THE_ROWS: Calls = (3, 2);
const WITHOUT_A_COPY: Calls = (3, 1);

struct Town {
    sent: Counter,
    client: aws_sdk_dynamodb::Client,
    table: String,
    store: DynamoStore,
    head: Head,
    /// The policies that there are, each with its version.
    policies: BTreeMap<String, u64>,
}

impl Town {
    async fn new() -> Self {
        let (sent, table) = (Counter::default(), support::new_table().await);
        let store = DynamoStore::new(counted_client(&sent), table.as_str(), Arc::new(support::Patient));
        let (head, policies) = (Head::empty(), BTreeMap::new());
        Self { sent, client: support::client(), table, store, head, policies }
    }

    /// With these guardrails, one created after the other.
    async fn with(guardrails: &[&str]) -> Self {
        let mut town = Self::new().await;
        for id in guardrails {
            town.edit(&Settings::default(), |head| vec![put(id, head)]).await;
        }
        town
    }

    /// One more edit of the policy set, by which it has these settings.
    async fn edit(&mut self, settings: &Settings, changes: impl FnOnce(&Head) -> Vec<ItemChange>) {
        let stream = StreamId::policies();
        let (id, at) = (AppendId(Uuid::from_u128(u128::from(self.head.version) + 1)), Instant::UNIX_EPOCH);
        let actor = Actor::System { reason: SystemReason::Setup };
        let stamp = Stamp { append: id, at, actor, cause: Cause::Operator };
        let event = PolicyEvent::SettingsChanged { before: Settings::default(), after: settings.clone() };
        let (events, head) = seal(&stream, &self.head, &[event], &stamp).unwrap();
        let changes = changes(&head);
        for change in &changes {
            match change {
                ItemChange::Put(item) => self.policies.insert(item.key.0.clone(), item.head.version),
                ItemChange::Delete(key) => self.policies.remove(&key.0),
            };
        }
        let (key, body) = (ItemKey::from(&stream), set_body(settings, 0, &self.policies).unwrap());
        let set = Item { key, head: head.clone(), due_at: None, request: None, body };
        let items = [ItemChange::Put(set)].into_iter().chain(changes).collect();
        let expected = mem::replace(&mut self.head, head);
        let streams = vec![StreamAppend { stream, expected, events }];
        let append = Append { id, at, streams, unchanged: vec![], items, claims: vec![] };
        self.store.append(&append).await.unwrap();
    }

    /// Somebody who has read nothing yet.
    fn new_process(&self) -> DynamoPolicies {
        DynamoPolicies::new(self.store.clone())
    }

    /// What they read, and how often they ask for it.
    async fn read(&self) -> (PolicySet, Calls) {
        self.sent.take();
        let read = self.new_process().current().await.unwrap();
        let sent = self.sent.take();
        let count = |operation: &str| sent.get(operation).copied().unwrap_or_default();
        (read.policy_set().clone(), (count("GetItem"), count("Query")))
    }

    /// The ids of the guardrails that they read, and how often they ask.
    async fn guardrails(&self) -> (String, Calls) {
        let (set, calls) = self.read().await;
        let ids: Vec<_> = set.guardrails.iter().map(|guardrail| guardrail.policy.id.as_str()).collect();
        (ids.join(" "), calls)
    }

    async fn keep_copy(&self) {
        self.new_process().keep_copy().await.unwrap();
    }

    /// What is sent to keep the copy.
    async fn sent_to_keep(&self, policies: &DynamoPolicies) -> BTreeMap<String, usize> {
        self.sent.take();
        policies.keep_copy().await.unwrap();
        self.sent.take()
    }

    /// The rows of the document, what is current first.
    async fn document(&self) -> Vec<Row> {
        let query = self.client.query().table_name(&self.table).consistent_read(true);
        let query = query.key_condition_expression("pk = :pk");
        let pk = AttributeValue::S("document#policies".to_owned());
        query.expression_attribute_values(":pk", pk).send().await.unwrap().items.unwrap()
    }

    async fn put(&self, row: Row) {
        self.client.put_item().table_name(&self.table).set_item(Some(row)).send().await.unwrap();
    }

    async fn take_away(&self, row: &Row) {
        let key = ["pk", "sk"].map(|name| (name.to_owned(), row[name].clone()));
        let delete = self.client.delete_item().table_name(&self.table);
        delete.set_key(Some(key.into())).send().await.unwrap();
    }

    /// The only part of the document, and what it says.
    async fn text(&self) -> (Row, String) {
        let [_, part] = <[Row; 2]>::try_from(self.document().await).unwrap();
        let packed: &[u8] = part["bytes"].as_b().unwrap().as_ref();
        let mut text = String::new();
        FrameDecoder::new(packed).read_to_string(&mut text).unwrap();
        (part, text)
    }

    /// Alters what the document says behind everybody's back.
    async fn alter(&self, from: &str, to: &str) {
        let (part, text) = self.text().await;
        assert!(text.contains(from), "{text}");
        let mut packed = FrameEncoder::new(vec![]);
        packed.write_all(text.replace(from, to).as_bytes()).unwrap();
        let bytes = AttributeValue::B(Blob::new(packed.finish().unwrap()));
        self.put(with(part, "bytes", bytes)).await;
    }
}

fn with(mut row: Row, attribute: &str, value: AttributeValue) -> Row {
    row.insert(attribute.to_owned(), value);
    row
}

fn put(id: &str, head: &Head) -> ItemChange {
    let guardrail = Guardrail {
        id: id.parse().unwrap(),
        name: PolicyName::parse(&format!("name of {id}")).unwrap(),
        enabled: true,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::default(),
        effect: Effect::Forbid,
    };
    put_policy(policy_key(PolicyKind::Guardrail, &guardrail.id), guardrail, head.clone()).unwrap()
}

fn delete(id: &str) -> ItemChange {
    ItemChange::Delete(policy_key(PolicyKind::Guardrail, &id.parse().unwrap()))
}

#[tokio::test]
async fn where_nothing_was_read_yet_the_copy_of_this_moment_is_read_instead_of_the_rows() {
    let town = Town::with(&["a", "b"]).await;
    let (by_the_rows, calls) = town.read().await;
    assert_eq!(calls, WITHOUT_A_COPY);
    town.keep_copy().await;
    assert_eq!(town.read().await, (by_the_rows, BY_THE_COPY));
}

#[tokio::test]
async fn after_an_edit_the_copy_is_not_used_until_it_was_made_again() {
    let mut town = Town::with(&["a", "b"]).await;
    town.keep_copy().await;
    let running = town.new_process();
    running.current().await.unwrap();
    town.edit(&Settings::default(), |head| vec![put("c", head)]).await;
    assert_eq!(town.guardrails().await, ("a b c".to_owned(), BY_THE_ROWS));
    assert_eq!(running.current().await.unwrap().policy_set().guardrails.len(), 3);
    town.edit(&Settings::default(), |_| vec![delete("a")]).await;
    assert_eq!(town.guardrails().await.0, "b c", "what was deleted is gone");
    assert_eq!(running.current().await.unwrap().policy_set().guardrails.len(), 2);
    town.keep_copy().await;
    assert_eq!(town.guardrails().await, ("b c".to_owned(), BY_THE_COPY));
}

#[tokio::test]
async fn settings_that_were_changed_make_a_copy_old_as_policies_do() {
    let mut town = Town::with(&["a"]).await;
    town.keep_copy().await;
    let settings = Settings { maximum_duration_minutes: Minutes(60), ..Settings::default() };
    town.edit(&settings, |_| vec![]).await;
    for _ in 0..2 {
        let (set, _) = town.read().await;
        assert_eq!((set.version, set.settings, set.guardrails.len()), (2, settings.clone(), 1));
        town.keep_copy().await;
    }
    assert_eq!(town.read().await.1, BY_THE_COPY);
}

#[tokio::test]
async fn whatever_is_damaged_of_the_copy_the_rows_are_read() {
    let town = Town::with(&["a", "b"]).await;
    town.keep_copy().await;
    let (whole, expected) = (town.document().await, "a b");
    let [current, part] = <[Row; 2]>::try_from(whole.clone()).unwrap();

    let bytes = AttributeValue::B(Blob::new("not compressed"));
    town.put(with(part.clone(), "bytes", bytes)).await;
    assert_eq!(town.guardrails().await, (expected.to_owned(), BY_THE_ROWS));

    town.take_away(&part).await;
    assert_eq!(town.guardrails().await.0, expected, "a part is missing");

    town.put(with(current, "parts", AttributeValue::S("many".to_owned()))).await;
    assert_eq!(town.guardrails().await, (expected.to_owned(), WITHOUT_A_COPY));

    for row in whole {
        town.put(row).await;
    }
    assert_eq!(town.guardrails().await, (expected.to_owned(), BY_THE_COPY));
    town.alter("name of b", "name").await;
    assert_eq!(town.guardrails().await, (expected.to_owned(), BY_THE_ROWS));
    town.keep_copy().await;
    assert_eq!(town.guardrails().await, (expected.to_owned(), BY_THE_COPY));
}

/// As where a table was restored to an earlier time, and was edited otherwise since.
#[tokio::test]
async fn a_copy_of_another_past_is_not_used_although_it_has_the_same_version() {
    let (town, mut other) = (Town::with(&["a", "b"]).await, Town::with(&["a"]).await);
    let settings = Settings { maximum_duration_minutes: Minutes(60), ..Settings::default() };
    other.edit(&settings, |head| vec![put("other", head)]).await;
    assert_eq!(town.head.version, other.head.version);
    other.keep_copy().await;
    for row in other.document().await {
        town.put(row).await;
    }
    assert_eq!(town.guardrails().await, ("a b".to_owned(), BY_THE_ROWS));
}

#[tokio::test]
async fn a_policy_that_this_version_does_not_understand_is_in_the_copy_and_keeps_the_set_from_being_given() {
    let mut town = Town::with(&["a"]).await;
    let key = ItemKey("policies/of-tomorrow/forbid".to_owned());
    let unknown = |head: &Head| {
        let (key, body) = (key.clone(), "{}".to_owned());
        vec![ItemChange::Put(Item { key, head: head.clone(), due_at: None, request: None, body })]
    };
    town.edit(&Settings::default(), unknown).await;
    town.keep_copy().await;
    assert!(town.text().await.1.contains(&key.0));
    let error = town.new_process().current().await.expect_err("the set is not given");
    assert!(error.source.to_string().starts_with(&key.0), "{error}");
    town.edit(&Settings::default(), |_| vec![ItemChange::Delete(key.clone())]).await;
    assert_eq!(town.guardrails().await.0, "a");
}

/// NB. This is why nobody may write it who may not write the policies themselves.
#[tokio::test]
async fn a_copy_that_somebody_altered_is_believed_until_another_process_makes_it_anew() {
    let town = Town::with(&["a"]).await;
    town.keep_copy().await;
    town.alter("name of a", "nameless.").await;
    assert_eq!(town.read().await.0.guardrails[0].policy.name.as_str(), "nameless.");
    town.keep_copy().await;
    let (set, calls) = town.read().await;
    assert_eq!((set.guardrails[0].policy.name.as_str(), calls), ("name of a", BY_THE_COPY));
}

#[tokio::test]
async fn the_copy_is_written_once_for_each_version_and_not_before_there_is_one() {
    let mut town = Town::new().await;
    let policies = town.new_process();
    let one_row = BTreeMap::from([("GetItem".to_owned(), 1)]);
    assert_eq!(town.sent_to_keep(&policies).await, one_row);
    for id in ["a", "b", "c"] {
        town.edit(&Settings::default(), |head| vec![put(id, head)]).await;
        let sent = town.sent_to_keep(&policies).await;
        assert_eq!(sent.get("PutItem"), Some(&2), "the part, and that it is current: {sent:?}");
        assert_eq!(town.sent_to_keep(&policies).await, one_row);
        assert_eq!(town.sent_to_keep(&town.new_process()).await.get("PutItem"), None, "it is so already");
    }
}

/// Policies as those see them who have read nothing yet, each with a copy of what was so when the one before asked.
struct AlwaysNew(DynamoStore);

impl AlwaysNew {
    fn policies(&self) -> DynamoPolicies {
        DynamoPolicies::new(self.0.clone())
    }
}

#[async_trait]
impl Policies for AlwaysNew {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        let current = self.policies().current().await;
        self.policies().keep_copy().await?;
        current
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        self.policies().settings().await
    }
}

async fn always_new() -> (DynamoStore, AlwaysNew) {
    let store = support::store(&support::new_table().await);
    (store.clone(), AlwaysNew(store))
}

#[tokio::test]
async fn with_a_copy_of_this_moment_or_of_an_earlier_one_every_law_holds() {
    let (_, new) = always_new().await;
    law::before_the_first_append_the_set_is_empty_with_default_settings_at_version_0(&new).await;
    let (store, new) = always_new().await;
    law::every_append_is_reflected_by_the_next_call(&store, &new).await;
    let (store, new) = always_new().await;
    law::what_one_append_changes_is_given_as_a_whole(&store, &new).await;
    let (store, new) = always_new().await;
    law::its_version_is_that_of_the_policies_stream(&store, &new).await;
    let (store, new) = always_new().await;
    law::the_settings_are_those_of_the_last_append(&store, &new).await;
    let (store, new) = always_new().await;
    law::what_was_read_last_is_never_older_than_what_was_given(&store, &new).await;
    let (store, new) = always_new().await;
    law::a_set_with_one_unreadable_policy_is_not_given_at_all(&store, &new).await;
}
