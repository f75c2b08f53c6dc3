//! An append as the actions of one transaction, each with what it means if its condition is not met.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use kari_application::ports::{
    Append, BrokenChain, ClaimChange, Item, ItemChange, ItemKey, KnownEvent, Unavailable,
};
use kari_domain::audit::{Head, StreamId};
use kari_domain::time::Instant;

use super::keys::{self, RowKey};
use super::{row, unavailable};

/// What it means if an action's condition is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The stream does not end where it was expected to.
    Stream(StreamId),
    /// The same; or nothing says where it ends, although it has events.
    End(StreamId),
    /// Somebody else holds the key.
    Claim(String),
    /// The key is not this append's to give back: nothing to do.
    NotHeld(String),
    /// What must never happen: a stream's end would be deleted.
    Impossible,
}

/// What was learned of the table by sending the same append before.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Learned {
    /// Keys to be given back that are held by others or by nobody.
    pub(super) not_held: BTreeSet<String>,
    /// Streams of which nothing says where they end: they go on behind their last event.
    pub(super) unrecorded: BTreeSet<StreamId>,
}

impl Learned {
    pub(super) fn is_empty(&self) -> bool {
        self.not_held.is_empty() && self.unrecorded.is_empty()
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.not_held.extend(more.not_held);
        self.unrecorded.extend(more.unrecorded);
    }
}

/// An action and its meaning.
pub(super) type Action = (TransactWriteItem, Meaning);

/// Why an append cannot be put into actions.
#[derive(Debug, thiserror::Error)]
enum Malformed {
    #[error(transparent)]
    Chain(#[from] BrokenChain),
    #[error(transparent)]
    Action(#[from] BuildError),
}

/// All actions of an append.
pub(super) fn actions(table: &str, append: &Append, learned: &Learned) -> Result<Vec<Action>, Unavailable> {
    build(table, append, learned).map_err(unavailable)
}

/// That a stream which is said to end at `from` ends at `to`, which is an event of it.
pub(super) fn end_later(
    table: &str,
    stream: &StreamId,
    from: &Head,
    to: &Head,
) -> Result<Vec<Action>, Unavailable> {
    let expected = Some((stream, Expected::End(from)));
    let change = RowChange { expected, end: Some(to.clone()), item: None };
    let actions = [last_event(table, stream, to), change_row(table, stream.as_str(), &change)];
    actions.into_iter().collect::<Result<_, _>>().map_err(unavailable)
}

fn build(table: &str, append: &Append, learned: &Learned) -> Result<Vec<Action>, Malformed> {
    let mut actions = vec![];
    for (stream, version) in &append.unchanged {
        if !changes_say_it(append, stream, *version) {
            actions.push(unchanged(table, stream, *version)?);
        }
    }
    let mut rows: BTreeMap<&str, RowChange<'_>> = BTreeMap::new();
    for stream in &append.streams {
        let (events, head) = stream.known_events(append.id)?;
        for event in &events {
            actions.push(put_event(table, event)?);
        }
        let unrecorded = learned.unrecorded.contains(&stream.stream);
        if unrecorded {
            actions.push(last_event(table, &stream.stream, &stream.expected)?);
        }
        let expected = if unrecorded { Expected::Nothing } else { Expected::End(&stream.expected) };
        let row = rows.entry(stream.stream.as_str()).or_default();
        (row.end, row.expected) = (Some(head), Some((&stream.stream, expected)));
    }
    for item in &append.items {
        match item {
            ItemChange::Put(item) => {
                let row = rows.entry(&item.key.0).or_default();
                row.item = Some(item);
                if let (None, Some((stream, version))) = (row.expected, unchanged_at(append, &item.key)) {
                    let unrecorded = learned.unrecorded.contains(stream);
                    if unrecorded {
                        actions.push(last_event(table, stream, &item.head)?);
                        actions.push(no_event(table, stream, version + 1)?);
                        row.end = Some(item.head.clone());
                    }
                    let expected = if unrecorded { Expected::Nothing } else { Expected::Version(version) };
                    row.expected = Some((stream, expected));
                }
            }
            ItemChange::Delete(key) => actions.push(delete_item(table, key, unchanged_at(append, key))?),
        }
    }
    for (key, change) in rows {
        actions.push(change_row(table, key, &change)?);
    }
    for claim in &append.claims {
        actions.extend(change_claim(table, append.at, claim, learned)?);
    }
    Ok(actions)
}

fn change_claim(
    table: &str,
    at: Instant,
    claim: &ClaimChange,
    learned: &Learned,
) -> Result<Option<Action>, BuildError> {
    match claim {
        ClaimChange::Take { key, value, until } => take(table, key, value, *until, at).map(Some),
        ClaimChange::Release { key, .. } if learned.not_held.contains(key) => Ok(None),
        ClaimChange::Release { key, value } => release(table, key, value).map(Some),
    }
}

/// What changes in the row that says where a stream ends and holds its state item.
#[derive(Default)]
struct RowChange<'a> {
    /// What it must say of which stream.
    expected: Option<(&'a StreamId, Expected<'a>)>,
    /// Where the stream ends then.
    end: Option<Head>,
    item: Option<&'a Item>,
}

impl RowChange<'_> {
    /// NB. Only where it is known in what event the stream should end can it be seen whether that is its last.
    fn meaning(&self) -> Meaning {
        let Some((stream, expected)) = self.expected else { return Meaning::Impossible };
        let known = match expected {
            Expected::Nothing => None,
            Expected::Version(version) => {
                self.item.map(|item| item.head.version).filter(|of_item| *of_item == version)
            }
            Expected::End(head) => Some(head.version),
        };
        let meaning = if known.is_some_and(|version| version > 0) { Meaning::End } else { Meaning::Stream };
        meaning(stream.clone())
    }
}

/// What a row must say of where its stream ends.
#[derive(Clone, Copy)]
enum Expected<'a> {
    /// That it does not say so.
    Nothing,
    /// At this version, in whatever event.
    Version(u64),
    End(&'a Head),
}

/// The stream that has this item, and the version that it must still be at.
fn unchanged_at<'a>(append: &'a Append, key: &ItemKey) -> Option<(&'a StreamId, u64)> {
    let (stream, version) = append.unchanged.iter().find(|(stream, _)| stream.as_str() == key.0)?;
    Some((stream, *version))
}

/// Whether what changes the row that says where a stream ends has the condition that it is at this version. A
/// transaction names one row once.
fn changes_say_it(append: &Append, stream: &StreamId, version: u64) -> bool {
    if let Some(goes_on) = append.streams.iter().find(|other| other.stream == *stream) {
        return goes_on.expected.version == version;
    }
    append.items.iter().any(|item| match item {
        ItemChange::Put(Item { key, .. }) => unchanged_at(append, key) == Some((stream, version)),
        // No row is deleted that says where a stream ends.
        ItemChange::Delete(key) => unchanged_at(append, key) == Some((stream, 0)) && version == 0,
    })
}

fn unchanged(table: &str, stream: &StreamId, version: u64) -> Result<Action, BuildError> {
    let check =
        ConditionCheck::builder().table_name(table).set_key(Some(row::key(keys::state(stream.as_str()))));
    let check = if version == 0 {
        check.condition_expression("attribute_not_exists(#version)")
    } else {
        check
            .condition_expression("#version = :version")
            .expression_attribute_values(":version", row::number(version))
    };
    let check = check.expression_attribute_names("#version", "version").build()?;
    Ok((TransactWriteItem::builder().condition_check(check).build(), Meaning::Stream(stream.clone())))
}

fn put_event(table: &str, event: &KnownEvent<'_>) -> Result<Action, BuildError> {
    let RowKey { pk, sk } = keys::event(&event.stream, event.sequence);
    let mut put = Put::builder()
        .table_name(table)
        .condition_expression("attribute_not_exists(pk)")
        .item(keys::PK, row::text(pk))
        .item(keys::SK, row::text(sk))
        .item("stream", row::text(event.stream.as_str()))
        .item("append", row::text(event.append.0.to_string()))
        .item("kind", row::text(event.kind.as_ref()))
        .item("bytes", row::text(event.bytes))
        .item("hash", row::text(Head::empty().after(event.bytes).hash))
        .item(keys::PLACE, row::text(keys::event_place(event.at, &event.stream, event.sequence)))
        .item(keys::ALL.partition, row::text(keys::EVERY_EVENT))
        .item(keys::WHAT.partition, row::text(keys::kind(&event.kind)))
        .item(keys::WHERE.partition, row::text(keys::streams(keys::group(event.stream.as_str()))));
    if let Some(actor) = event.actor.user() {
        put = put.item("actor", row::text(actor.as_str()));
        put = put.item(keys::WHO.partition, row::text(keys::actor(actor)));
    }
    let taken = Meaning::Stream(event.stream.clone());
    Ok((TransactWriteItem::builder().put(put.build()?).build(), taken))
}

/// NB. Where nothing says where a stream ends, its last event must be the expected one, so that what is left
/// of the stream can go on, and nothing else can begin.
fn last_event(table: &str, stream: &StreamId, expected: &Head) -> Result<Action, BuildError> {
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(row::key(keys::event(stream, expected.version))))
        .condition_expression("#hash = :hash")
        .expression_attribute_names("#hash", "hash")
        .expression_attribute_values(":hash", row::text(&expected.hash))
        .build()?;
    let check = TransactWriteItem::builder().condition_check(check).build();
    Ok((check, Meaning::Stream(stream.clone())))
}

/// The same of an item that is put where its stream is unchanged: no event may follow. An append sees that by
/// its own event, which takes that place.
fn no_event(table: &str, stream: &StreamId, sequence: u64) -> Result<Action, BuildError> {
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(row::key(keys::event(stream, sequence))))
        .condition_expression("attribute_not_exists(pk)")
        .build()?;
    let check = TransactWriteItem::builder().condition_check(check).build();
    Ok((check, Meaning::Stream(stream.clone())))
}

fn change_row(table: &str, key: &str, change: &RowChange<'_>) -> Result<Action, BuildError> {
    let mut assignments = Assignments::default();
    if let Some(head) = &change.end {
        assignments.set("version", row::number(head.version));
        assignments.set("hash", row::text(&head.hash));
    }
    for (attribute, value) in change.item.map(row::item_attributes).unwrap_or_default() {
        match value {
            Some(value) => assignments.set(attribute, value),
            None => assignments.remove(attribute),
        }
    }
    let update = Update::builder().table_name(table).set_key(Some(row::key(keys::state(key))));
    let expected = change.expected.map(|(_, expected)| expected);
    let update = expect(assignments.apply(update), expected).build()?;
    Ok((TransactWriteItem::builder().update(update).build(), change.meaning()))
}

type UpdateBuilder = aws_sdk_dynamodb::types::builders::UpdateBuilder;

fn expect(update: UpdateBuilder, expected: Option<Expected<'_>>) -> UpdateBuilder {
    let (version, hash) = match expected {
        None => return update,
        Some(Expected::Nothing) => (0, None),
        Some(Expected::Version(version)) => (version, None),
        Some(Expected::End(head)) => (head.version, Some(&head.hash)),
    };
    let update = update.expression_attribute_names("#version", "version");
    if version == 0 {
        return update.condition_expression("attribute_not_exists(#version)");
    }
    let update = update
        .expression_attribute_values(":expected", row::number(version))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    match hash {
        None => update.condition_expression("#version = :expected"),
        Some(hash) => update
            .condition_expression("#version = :expected AND #hash = :expected_hash")
            .expression_attribute_names("#hash", "hash")
            .expression_attribute_values(":expected_hash", row::text(hash)),
    }
}

/// What an update sets and removes.
#[derive(Default)]
struct Assignments {
    set: Vec<(&'static str, aws_sdk_dynamodb::types::AttributeValue)>,
    removed: Vec<&'static str>,
}

impl Assignments {
    fn set(&mut self, attribute: &'static str, value: aws_sdk_dynamodb::types::AttributeValue) {
        self.set.push((attribute, value));
    }

    fn remove(&mut self, attribute: &'static str) {
        self.removed.push(attribute);
    }

    fn apply(self, mut update: UpdateBuilder) -> UpdateBuilder {
        let mut sets = vec![];
        for (attribute, value) in self.set {
            sets.push(format!("#{attribute} = :{attribute}"));
            update = update.expression_attribute_names(format!("#{attribute}"), attribute);
            update = update.expression_attribute_values(format!(":{attribute}"), value);
        }
        let mut expression = format!("SET {}", sets.join(", "));
        if !self.removed.is_empty() {
            let names: Vec<_> = self.removed.iter().map(|attribute| format!("#{attribute}")).collect();
            expression = format!("{expression} REMOVE {}", names.join(", "));
        }
        for attribute in self.removed {
            update = update.expression_attribute_names(format!("#{attribute}"), attribute);
        }
        update.update_expression(expression)
    }
}

/// NB. A row that says where a stream ends is never deleted: the chain would begin anew.
fn delete_item(
    table: &str,
    key: &ItemKey,
    unchanged: Option<(&StreamId, u64)>,
) -> Result<Action, BuildError> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(row::key(keys::state(&key.0))))
        .condition_expression("attribute_not_exists(#version)")
        .expression_attribute_names("#version", "version")
        .build()?;
    let meaning = unchanged.map_or(Meaning::Impossible, |(stream, _)| Meaning::Stream(stream.clone()));
    Ok((TransactWriteItem::builder().delete(delete).build(), meaning))
}

fn take(
    table: &str,
    key: &str,
    value: &str,
    until: Option<Instant>,
    at: Instant,
) -> Result<Action, BuildError> {
    let RowKey { pk, sk } = keys::claim(key);
    let mut put = Put::builder()
        .table_name(table)
        .item(keys::PK, row::text(pk))
        .item(keys::SK, row::text(sk))
        .item("value", row::text(value))
        .condition_expression("attribute_not_exists(pk) OR #until <= :at OR #value = :value")
        .expression_attribute_names("#until", "until")
        .expression_attribute_names("#value", "value")
        .expression_attribute_values(":at", row::text(keys::instant(at)))
        .expression_attribute_values(":value", row::text(value))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    if let Some(until) = until {
        put = put.item("until", row::text(keys::instant(until)));
        put = put.item(keys::TIME_TO_LIVE, row::number(until.timestamp()));
    }
    Ok((TransactWriteItem::builder().put(put.build()?).build(), Meaning::Claim(key.to_owned())))
}

fn release(table: &str, key: &str, value: &str) -> Result<Action, BuildError> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(row::key(keys::claim(key))))
        .condition_expression("#value = :value")
        .expression_attribute_names("#value", "value")
        .expression_attribute_values(":value", row::text(value))
        .build()?;
    Ok((TransactWriteItem::builder().delete(delete).build(), Meaning::NotHeld(key.to_owned())))
}
