//! Reads of one stream, one item, one claim, and of what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::future::{try_join, try_join_all};
use kari_application::ports::{Due, Item, ItemKey, Recorded, StreamState, Unavailable};
use kari_domain::audit::{Head, StreamId};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;

use super::catch_up::catch_up;
use super::{DynamoStore, Row, items, keys, row, unavailable};

/// Whether the append recorded anything in the stream, the newest events first.
pub(super) async fn appended(
    store: &DynamoStore,
    id: AppendId,
    stream: &StreamId,
) -> Result<bool, Unavailable> {
    let mut after = None;
    loop {
        let query = between(store, stream).scan_index_forward(false).set_exclusive_start_key(after);
        let query =
            query.filter_expression("#append = :append").expression_attribute_names("#append", "append");
        let query = query.expression_attribute_values(":append", row::text(id.0.to_string()));
        let answer = query.send().await.map_err(unavailable)?;
        match (answer.count(), answer.last_evaluated_key) {
            (1.., _) => return Ok(true),
            (_, None) => return Ok(false),
            (_, next @ Some(_)) => after = next,
        }
    }
}

/// Whether the event at this place of the stream was recorded by this append.
pub(super) async fn was_recorded_by(
    store: &DynamoStore,
    id: AppendId,
    stream: &StreamId,
    sequence: u64,
) -> Result<bool, Unavailable> {
    let event = store.get(keys::event(stream, sequence)).await?;
    Ok(event.is_some_and(|event| row::get(&event, "append") == Some(&id.0.to_string())))
}

pub(super) async fn stream(store: &DynamoStore, stream: &StreamId) -> Result<Vec<String>, Unavailable> {
    let rows = store.all(between(store, stream)).await?;
    Ok(rows.iter().map(|event| row::bytes(event).to_owned()).collect())
}

/// The events of a stream in order, strongly consistently.
fn between(
    store: &DynamoStore,
    stream: &StreamId,
) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
    let (first, last) = keys::events(stream);
    store.between(first, last).consistent_read(true)
}

/// How long readings wait before each time that they look, where they may have seen a part of an append: DynamoDB may
/// show one row of a transaction a moment before another. What is the same at all of them, for a second, is no moment.
pub(crate) const READINGS: [Duration; 4] =
    [Duration::ZERO, A_MOMENT, Duration::from_millis(300), Duration::from_millis(600)];
pub(super) const A_MOMENT: Duration = Duration::from_millis(100);

#[expect(clippy::disallowed_methods, reason = "an adapter's own pause")]
pub(crate) async fn wait(pause: Duration) {
    if pause > Duration::ZERO {
        tokio::time::sleep(pause).await;
    }
}

/// A stream's events with where it ends, both of one moment: each event vouches for the one before it, so that they
/// are if they end at the same place. NB. Where they do not, and nothing moves for a second, no append is under way:
/// somebody else has written there.
pub(super) async fn recorded(store: &DynamoStore, id: &StreamId) -> Result<Recorded, Unavailable> {
    let (mut events, mut ends, mut moves) = (vec![], None, false);
    for pause in READINGS {
        wait(pause).await;
        let (found, row) = events_and_record(store, id).await?;
        let end = found.iter().fold(Head::empty(), |head, bytes| head.after(bytes));
        // Where the record is gone, what is left must be able to go on.
        let head = row.as_ref().and_then(row::head).unwrap_or_else(|| end.clone());
        if head == end {
            return Ok(Recorded { events: found, head });
        }
        let now = Some((head, end));
        moves |= ends.is_some() && ends != now;
        (events, ends) = (found, now);
    }
    let Some((head, end)) = ends.filter(|_| !moves) else {
        return Err(Unavailable::new("the store", "the stream is being appended to again and again"));
    };
    let later = if end.version > head.version { catch_up(store, id, &head).await? } else { None };
    Ok(Recorded { events, head: later.unwrap_or(head) })
}

/// One query where the stream has the name of its group: behind its events lies the row that says where it ends,
/// and behind that row what else is in the group, such as the policies.
async fn events_and_record(
    store: &DynamoStore,
    id: &StreamId,
) -> Result<(Vec<String>, Option<Row>), Unavailable> {
    let state = keys::state(id.as_str());
    if state.pk != id.as_str() {
        return try_join(stream(store, id), store.get(state)).await;
    }
    let (first, _) = keys::events(id);
    let rows = store.all(store.between(first, state.sk.clone()).consistent_read(true)).await?;
    let is_state = |row: &Row| row::get(row, keys::SK) == Some(&state.sk);
    let (mut record, events): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_state);
    Ok((events.iter().map(|event| row::bytes(event).to_owned()).collect(), record.pop()))
}

/// Both lie in one row.
pub(super) async fn state(store: &DynamoStore, id: &StreamId) -> Result<StreamState, Unavailable> {
    let Some(found) = store.get(keys::state(id.as_str())).await? else {
        return Ok(StreamState { head: last_event(store, id).await?, item: None });
    };
    let head = match row::head(&found) {
        Some(head) => head,
        None => last_event(store, id).await?,
    };
    Ok(StreamState { head, item: row::item_or_empty(&found) })
}

/// Where a stream ends by the events that are there.
async fn last_event(store: &DynamoStore, id: &StreamId) -> Result<Head, Unavailable> {
    let last = between(store, id).scan_index_forward(false).limit(1);
    let rows = last.send().await.map_err(unavailable)?.items.unwrap_or_default();
    let Some(last) = rows.first() else { return Ok(Head::empty()) };
    let head = Head::empty().after(row::bytes(last));
    Ok(Head { version: keys::sequence(row::required(last, keys::SK)?).unwrap_or_default(), ..head })
}

pub(super) async fn item(store: &DynamoStore, key: &ItemKey) -> Result<Option<Item>, Unavailable> {
    Ok(store.get(keys::state(&key.0)).await?.as_ref().and_then(row::item_or_empty))
}

/// These items, read a hundred at once.
pub(super) async fn items_by_key(
    store: &DynamoStore,
    wanted: &BTreeSet<ItemKey>,
) -> Result<BTreeMap<ItemKey, Item>, Unavailable> {
    items::items_of(store, wanted.iter().map(|key| row::key(keys::state(&key.0))).collect()).await
}

/// The value that holds a claim at this instant.
pub(super) async fn holder(
    store: &DynamoStore,
    claim: &str,
    at: Instant,
) -> Result<Option<String>, Unavailable> {
    let Some(held) = store.get(keys::claim(claim)).await? else { return Ok(None) };
    holder_in(&held, at)
}

/// The values that hold these claims at this instant, read a hundred at once.
pub(super) async fn holders(
    store: &DynamoStore,
    claims: &BTreeSet<String>,
    at: Instant,
) -> Result<BTreeMap<String, String>, Unavailable> {
    let wanted: Vec<Row> = claims.iter().map(|claim| row::key(keys::claim(claim))).collect();
    let mut holders = BTreeMap::new();
    for some in wanted.chunks(items::AT_ONCE) {
        for held in items::rows_of(store, some.to_vec()).await? {
            let claim = keys::key_of_claim(row::required(&held, keys::PK)?);
            if let (Some(claim), Some(value)) = (claim, holder_in(&held, at)?) {
                holders.insert(claim.to_owned(), value);
            }
        }
    }
    Ok(holders)
}

fn holder_in(held: &Row, at: Instant) -> Result<Option<String>, Unavailable> {
    let free = row::get(held, "until").is_some_and(|until| *until <= *keys::instant(at));
    let value = row::required(held, "value")?;
    Ok((!free).then(|| value.to_owned()))
}

pub(super) async fn due(
    store: &DynamoStore,
    until: Instant,
    after: Option<&Due>,
    limit: usize,
) -> Result<Vec<Due>, Unavailable> {
    let first = after.map_or("0".to_owned(), |due| keys::due_at(due.at, &due.key.0) + "\0");
    let last = keys::just_after(until);
    if first > last {
        return Ok(vec![]);
    }
    let shards = (0..keys::DUE_SHARDS).map(|shard| due_in(store, shard, &first, &last, limit));
    let rows = try_join_all(shards).await?;
    let mut due: Vec<Due> = rows.iter().flatten().filter_map(due_of).collect();
    due.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    due.truncate(limit);
    Ok(due)
}

async fn due_in(
    store: &DynamoStore,
    shard: u8,
    first: &str,
    last: &str,
    limit: usize,
) -> Result<Vec<Row>, Unavailable> {
    let query = store
        .query()
        .index_name(keys::DUE.name)
        .key_condition_expression("due_shard = :shard AND due_at BETWEEN :first AND :last")
        .expression_attribute_values(":shard", row::text(shard.to_string()))
        .expression_attribute_values(":first", row::text(first))
        .expression_attribute_values(":last", row::text(last))
        .limit(i32::try_from(limit).unwrap_or(i32::MAX));
    let mut rows = vec![];
    let mut after = None;
    loop {
        let answer = query.clone().set_exclusive_start_key(after).send().await.map_err(unavailable)?;
        rows.extend(answer.items.unwrap_or_default());
        after = answer.last_evaluated_key;
        if after.is_none() || rows.len() >= limit {
            return Ok(rows);
        }
    }
}

fn due_of(found: &Row) -> Option<Due> {
    let key = keys::key_of_state(row::get(found, keys::SK)?)?;
    let at = keys::instant_of(row::get(found, keys::DUE.sort)?)?;
    Some(Due { key, at })
}
