//! The list of state items, by key.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use kari_application::ports::{Item, ItemKey, ListError, Page, PageRequest, Unavailable};

use super::scan::{MOST_IN_A_PAGE, MOST_QUERIES, cursor, place_after};
use super::{DynamoStore, Row, append, keys, row, unavailable};

/// The most rows that DynamoDB gives by their keys at once.
pub(super) const AT_ONCE: usize = 100;
/// How often what it had no time for is asked for again.
const MOST_ASKINGS: u32 = 8;

/// The items whose keys begin with the prefix: from the table itself where the prefix says in which group
/// they are, else by the index, with every item as it is now.
pub(super) async fn items(
    store: &DynamoStore,
    prefix: &str,
    page: &PageRequest,
) -> Result<Page<Item>, ListError> {
    let limit = page.limit.clamp(1, MOST_IN_A_PAGE);
    let from = place_after(page, "items")?;
    let Rows { mut rows, more } = rows(store, prefix, from, limit + 1, MOST_QUERIES, None).await?;
    let more = more || rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).and_then(|last| row::get(last, keys::SK));
    let next = last.map(|place| cursor("items", place));
    let items = match keys::group_of_prefix(prefix) {
        Some(_) => rows.iter().filter_map(row::item_or_empty).collect(),
        None => items_of(store, rows).await?.into_values().collect(),
    };
    Ok(Page { items, next })
}

/// Some rows, and whether others follow that were not read.
struct Rows {
    rows: Vec<Row>,
    more: bool,
}

/// The rows behind a place, with these attributes; without any named, whole or, where they are of several groups,
/// only their keys.
async fn rows(
    store: &DynamoStore,
    prefix: &str,
    behind: Option<String>,
    limit: usize,
    queries: usize,
    attributes: Option<&str>,
) -> Result<Rows, Unavailable> {
    let first = keys::state(prefix).sk;
    // The first text after a key is the key with a zero character behind it.
    let from = behind.map_or_else(|| first.clone(), |place| first.clone().max(place + "\0"));
    let (query, attribute, partition) = match keys::group_of_prefix(prefix) {
        Some(group) => (store.query().consistent_read(true), keys::PK, group),
        None => (store.query().index_name(keys::ITEMS.name), keys::ITEMS.partition, keys::EVERY_ITEM),
    };
    let query = query
        .key_condition_expression("#partition = :partition AND sk BETWEEN :first AND :last")
        .expression_attribute_names("#partition", attribute)
        .expression_attribute_values(":partition", row::text(partition))
        .expression_attribute_values(":first", row::text(from))
        .expression_attribute_values(":last", row::text(format!("{first}\u{10ffff}")))
        .set_projection_expression(attributes.map(str::to_owned))
        .limit(i32::try_from(limit).unwrap_or(i32::MAX));
    let mut rows = vec![];
    let mut start = None;
    for _ in 0..queries {
        let answer = query.clone().set_exclusive_start_key(start).send().await.map_err(unavailable)?;
        rows.extend(answer.items.unwrap_or_default());
        start = answer.last_evaluated_key;
        if start.is_none() || rows.len() >= limit {
            break;
        }
    }
    Ok(Rows { rows, more: start.is_some() })
}

/// The items under these keys as they are now, by key; without those that are gone.
pub(super) async fn items_of(
    store: &DynamoStore,
    found: Vec<Row>,
) -> Result<BTreeMap<ItemKey, Item>, Unavailable> {
    let key = |row: Row| -> Row {
        row.into_iter().filter(|(name, _)| [keys::PK, keys::SK].contains(&name.as_str())).collect()
    };
    let wanted: Vec<Row> = found.into_iter().map(key).collect();
    let mut items = BTreeMap::new();
    for some in wanted.chunks(AT_ONCE) {
        let rows = rows_of(store, some.to_vec()).await?;
        let some = rows.iter().filter_map(row::item_or_empty);
        items.extend(some.map(|item| (item.key.clone(), item)));
    }
    Ok(items)
}

/// The rows with these keys as they are now, [`AT_ONCE`] at most; without those that are not there.
pub(super) async fn rows_of(store: &DynamoStore, mut keys: Vec<Row>) -> Result<Vec<Row>, Unavailable> {
    let mut rows = vec![];
    for asking in 0..MOST_ASKINGS {
        let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
        let get = store.client.batch_get_item();
        let get = get.request_items(&*store.table, wanted.build().map_err(unavailable)?);
        let mut answer = get.send().await.map_err(unavailable)?;
        let found = answer.responses.as_mut().and_then(|tables| tables.remove(&*store.table));
        rows.extend(found.unwrap_or_default());
        let left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(&*store.table));
        keys = left.map(|left| left.keys).unwrap_or_default();
        if keys.is_empty() {
            return Ok(rows);
        }
        append::pause(store, asking).await;
    }
    Err(Unavailable::new("the store", "too much is read at this moment"))
}

impl DynamoStore {
    /// Every item whose key begins with a prefix that says in which group they are, strongly consistently; without
    /// what lists need of an item. There may be thousands, and most of the time goes into what is read of each.
    pub(crate) async fn all_bodies(&self, prefix: &str) -> Result<Vec<Item>, Unavailable> {
        let all = rows(self, prefix, None, usize::MAX, usize::MAX, Some(row::BODY)).await?;
        Ok(all.rows.iter().filter_map(row::item_or_empty).collect())
    }
}
