//! Rows as the table has them, and values as rows have them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use kari_application::ports::{Item, RequestKeys, Unavailable};
use kari_domain::audit::Head;

use super::keys::{self, RowKey};

/// What an item's key, body and head are in.
pub(crate) const BODY: &str = "sk, body, item_version, item_hash";

/// The attributes of one row.
pub(crate) type Row = HashMap<String, AttributeValue>;

/// A row that this program has not written, or a newer version has.
#[derive(Debug, thiserror::Error)]
#[error("the row {row} has no readable {attribute}")]
pub(crate) struct Unreadable {
    row: String,
    attribute: &'static str,
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl std::fmt::Display + Copy) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The primary key as attributes.
pub(crate) fn key(key: RowKey) -> Row {
    Row::from([(keys::PK.to_owned(), text(key.pk)), (keys::SK.to_owned(), text(key.sk))])
}

pub(crate) fn get<'a>(row: &'a Row, attribute: &str) -> Option<&'a str> {
    row.get(attribute).and_then(|value| value.as_s().ok()).map(String::as_str)
}

pub(crate) fn get_number<T: std::str::FromStr>(row: &Row, attribute: &str) -> Option<T> {
    row.get(attribute).and_then(|value| value.as_n().ok()).and_then(|digits| digits.parse().ok())
}

fn missing(row: &Row, attribute: &'static str) -> Unreadable {
    let row = get(row, keys::SK).unwrap_or_default().to_owned();
    Unreadable { row, attribute }
}

pub(crate) fn required<'a>(row: &'a Row, attribute: &'static str) -> Result<&'a str, Unreadable> {
    get(row, attribute).ok_or_else(|| missing(row, attribute))
}

fn parsed<T: std::str::FromStr>(row: &Row, attribute: &'static str) -> Result<T, Unreadable> {
    required(row, attribute)?.parse().map_err(|_| missing(row, attribute))
}

/// The state item in a row, also one that cannot be read: it comes without a body and a place, so that
/// whoever needs it finds that out instead of trying again for ever. `None` where the row only says where a
/// stream ends, or is under a key that is none.
pub(crate) fn item_or_empty(row: &Row) -> Option<Item> {
    item(row).unwrap_or_else(|_| {
        let key = keys::key_of_state(get(row, keys::SK)?)?;
        Some(Item { key, head: Head::empty(), due_at: None, request: None, body: String::new() })
    })
}

/// The state item in a row, unless it cannot be understood: then the list goes on without it.
pub(crate) fn readable_item(row: &Row) -> Option<Item> {
    let unreadable = |error: &Unreadable| tracing::error!(%error, "a row of the store cannot be understood");
    item(row).inspect_err(unreadable).ok().flatten()
}

/// The stored bytes of the event in a row. Where somebody took them away nothing is left, which whoever reads
/// the stream finds out.
pub(crate) fn bytes(row: &Row) -> &str {
    get(row, "bytes").unwrap_or_default()
}

/// Where a stream ends, by the row beside its item. A record that cannot be read says nothing.
pub(crate) fn head(row: &Row) -> Option<Head> {
    Some(Head { version: get_number(row, "version")?, hash: get(row, "hash")?.to_owned() })
}

/// The state item in a row; `None` where the row only says where a stream ends.
fn item(row: &Row) -> Result<Option<Item>, Unreadable> {
    if !["body", "item_version"].iter().any(|attribute| row.contains_key(*attribute)) {
        return Ok(None);
    }
    let body = required(row, "body")?;
    let version = get_number(row, "item_version").ok_or_else(|| missing(row, "item_version"))?;
    let head = Head { version, hash: required(row, "item_hash")?.to_owned() };
    let key = keys::key_of_state(required(row, keys::SK)?).ok_or_else(|| missing(row, keys::SK))?;
    let due_at = get(row, keys::DUE.sort).and_then(keys::instant_of);
    if due_at.is_none() && row.contains_key(keys::DUE.sort) {
        return Err(missing(row, keys::DUE.sort));
    }
    Ok(Some(Item { key, head, due_at, request: request(row)?, body: body.to_owned() }))
}

fn request(row: &Row) -> Result<Option<RequestKeys>, Unreadable> {
    if get(row, "request").is_none() {
        return Ok(None);
    }
    let submitted_at = required(row, keys::PLACE)?;
    Ok(Some(RequestKeys {
        id: parsed(row, "request")?,
        requester: parsed(row, "requester")?,
        account: parsed(row, "account")?,
        permission_set: parsed(row, "permission_set")?,
        submitted_at: keys::instant_of(submitted_at).ok_or_else(|| missing(row, keys::PLACE))?,
        state: parsed(row, "state")?,
    }))
}

/// Every attribute that a state item has, present or not: what is absent is removed.
pub(crate) fn item_attributes(item: &Item) -> Vec<(&'static str, Option<AttributeValue>)> {
    let request = item.request.as_ref();
    let due = item.due_at;
    let of_request = |value: fn(&RequestKeys) -> String| request.map(|keys| text(value(keys)));
    vec![
        ("item_version", Some(number(item.head.version))),
        ("item_hash", Some(text(&item.head.hash))),
        ("body", Some(text(&item.body))),
        (keys::ITEMS.partition, Some(text(keys::EVERY_ITEM))),
        (keys::DUE.partition, due.map(|_| text(keys::due_shard(&item.key.0).to_string()))),
        (keys::DUE.sort, due.map(|at| text(keys::due_at(at, &item.key.0)))),
        ("request", of_request(|keys| keys.id.to_string())),
        ("requester", of_request(|keys| keys.requester.to_string())),
        ("account", of_request(|keys| keys.account.to_string())),
        ("permission_set", of_request(|keys| keys.permission_set.to_string())),
        ("state", of_request(|keys| <&str>::from(keys.state).to_owned())),
        (keys::ALL.partition, of_request(|_| keys::EVERY_REQUEST.to_owned())),
        (keys::WHO.partition, of_request(|request| keys::requester(&request.requester))),
        (keys::WHAT.partition, of_request(|request| keys::phase(request.state).partition.to_owned())),
        (keys::WHERE.partition, of_request(|request| keys::account(&request.account))),
        (keys::PLACE, of_request(|request| keys::request_place(request.submitted_at, request.id))),
    ]
}

impl From<Unreadable> for Unavailable {
    fn from(error: Unreadable) -> Self {
        Self::new("the store", error)
    }
}
