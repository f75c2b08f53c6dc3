//! The state item of a request, a ledger or a day of attempts, against its events.

use std::collections::BTreeSet;

use kari_domain::audit::StreamId;
use kari_domain::ledger::{self, Ledger};
use kari_domain::policy::Finding;
use kari_domain::request::{self, AccessRequest};
use kari_domain::time::{Instant, Minutes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::untold::UNTOLD;
use crate::Error;
use crate::chat_links::LINKS;
use crate::load::{corrupt, replay_ledger, replay_request};
use crate::place;
use crate::policy_findings::replay_findings;
use crate::ports::{Item, ItemKey};
use crate::record_attempt::{Day, replay_day};
use crate::transaction::keys;

/// Fields that items of earlier versions do not have, because stored items are not rewritten. What was carried on from
/// such an item has nothing in them.
const ADDED_LATER: [&str; 11] = [
    "absence_proof",
    "accepted_at",
    "missed_at",
    "missing_at_release",
    "only_creation",
    "over_at",
    "overdue_since",
    "revoked_at",
    "through",
    "tried_at",
    "watched_at",
];

/// What the keys of state items begin with that are those of no stream: what lists who is linked, where the search for
/// drift and the check of what is open are, and what nobody could be told yet. No events are to be compared with them,
/// and nothing is decided by them.
pub const BESIDE_STREAMS: [&str; 4] = [LINKS, place::SEARCH, place::CHECK, UNTOLD];

/// What is wrong with a state item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemFault {
    #[error("its state item is missing")]
    Missing,
    #[error("there is a state item, but no event")]
    WithoutEvents,
    #[error("its events cannot be understood: {0}")]
    NotUnderstood(String),
    #[error("its state item belongs to another place in the stream")]
    Misplaced,
    #[error("its state item is due never or later than its events say")]
    Due,
    #[error("its state item is listed under something else than its events say")]
    Listed,
    #[error("its state item cannot be read: {0}")]
    Unreadable(String),
    #[error("its state item says something else than its events about {0}")]
    State(String),
}

/// Everything that is wrong with the state item of a stream. Streams of a kind that is not known here have
/// nothing to be compared with.
pub fn check_item(stream: &StreamId, events: &[String], item: Option<&Item>) -> Vec<ItemFault> {
    let kind = Kind::of(stream);
    match (events, item) {
        ([], None) => vec![],
        ([], Some(_)) => vec![ItemFault::WithoutEvents],
        (_, None) if kind.is_some() => vec![ItemFault::Missing],
        (_, Some(item)) => kind.map_or_else(Vec::new, |kind| compared(kind, stream, events, item)),
        (_, None) => vec![],
    }
}

/// NB. No warning: then it is due at the latest that it may be.
fn compared(kind: Kind, stream: &StreamId, events: &[String], item: &Item) -> Vec<ItemFault> {
    match kind.made_by(stream, events, Minutes(0)) {
        Ok(made) => differences(kind, &made, item),
        Err(error) => vec![ItemFault::NotUnderstood(error.to_string())],
    }
}

/// The state item that a stream's events make; `None` for streams of another kind.
pub(super) fn made_by(stream: &StreamId, events: &[String], warning: Minutes) -> Result<Option<Item>, Error> {
    Kind::of(stream).map(|kind| kind.made_by(stream, events, warning)).transpose()
}

/// When an item would be due by what it says itself.
pub(super) fn due_by_body(item: &Item) -> Result<Option<Instant>, serde_json::Error> {
    match Kind::of(&StreamId::from_stored(item.key.0.clone())) {
        Some(Kind::Request) => {
            Ok(request::due(&serde_json::from_str::<AccessRequest>(&item.body)?, Minutes(0)))
        }
        Some(Kind::Ledger) => Ok(ledger::due(&serde_json::from_str::<Ledger>(&item.body)?)),
        Some(Kind::Attempts | Kind::Findings) | None => Ok(None),
    }
}

/// What a stream is about.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Request,
    Ledger,
    Attempts,
    Findings,
}

impl Kind {
    fn of(stream: &StreamId) -> Option<Self> {
        if stream.as_request().is_some() {
            Some(Self::Request)
        } else if stream.as_tuple().is_some() {
            Some(Self::Ledger)
        } else if stream.as_str().starts_with("attempts/") {
            Some(Self::Attempts)
        } else if *stream == StreamId::findings() {
            Some(Self::Findings)
        } else {
            None
        }
    }

    fn made_by(self, stream: &StreamId, events: &[String], warning: Minutes) -> Result<Item, Error> {
        let (head, due_at, request, body) = match self {
            Self::Request => {
                let (head, state) = replay_request(stream, events)?;
                (head, request::due(&state, warning), keys(&state), serde_json::to_string(&state))
            }
            Self::Ledger => {
                let (head, state) = replay_ledger(stream, events)?;
                (head, ledger::due(&state), None, serde_json::to_string(&state))
            }
            Self::Attempts => {
                let (head, day) = replay_day(stream, events)?;
                (head, None, None, serde_json::to_string(&day))
            }
            Self::Findings => {
                let (head, known) = replay_findings(stream, events)?;
                (head, None, None, serde_json::to_string(&known))
            }
        };
        Ok(Item { key: ItemKey::from(stream), head, due_at, request, body: body.map_err(corrupt)? })
    }

    /// A state as this program understands it, by field.
    fn understood(self, body: &str) -> Result<Map<String, Value>, serde_json::Error> {
        match self {
            Self::Request => fields::<AccessRequest>(body),
            Self::Ledger => fields::<Ledger>(body),
            Self::Attempts => fields::<Day>(body),
            Self::Findings => {
                let known: Vec<Finding> = serde_json::from_str(body)?;
                Ok(Map::from_iter([("findings".to_owned(), serde_json::to_value(known)?)]))
            }
        }
    }
}

fn fields<T: Serialize + DeserializeOwned>(body: &str) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(serde_json::from_str::<T>(body)?)?)
}

fn differences(kind: Kind, made: &Item, item: &Item) -> Vec<ItemFault> {
    let mut faults = vec![];
    if item.head != made.head {
        faults.push(ItemFault::Misplaced);
    }
    // Too early costs one needless look.
    if item.due_at.is_some() != made.due_at.is_some() || item.due_at > made.due_at {
        faults.push(ItemFault::Due);
    }
    if item.request != made.request {
        faults.push(ItemFault::Listed);
    }
    match differing_fields(kind, &made.body, &item.body) {
        Ok(fields) if fields.is_empty() => {}
        Ok(fields) => faults.push(ItemFault::State(fields.into_iter().collect::<Vec<_>>().join(", "))),
        Err(error) => faults.push(ItemFault::Unreadable(error.to_string())),
    }
    faults
}

fn differing_fields(kind: Kind, made: &str, stored: &str) -> Result<BTreeSet<String>, serde_json::Error> {
    if made == stored {
        return Ok(BTreeSet::new());
    }
    let as_stored: Value = serde_json::from_str(stored)?;
    let pruned = |state: Map<String, Value>| {
        let mut state = Value::Object(state);
        drop_added_later(&mut state, &as_stored);
        state
    };
    let (made, stored) = (pruned(kind.understood(made)?), pruned(kind.understood(stored)?));
    let fields = [&made, &stored].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
    Ok(fields.filter(|field| made.get(*field) != stored.get(*field)).cloned().collect())
}

/// Takes out, wherever it is, what was not stored yet when this item was.
fn drop_added_later(state: &mut Value, as_stored: &Value) {
    match state {
        Value::Object(fields) => {
            let is_stored = |field: &str| as_stored.get(field).is_some_and(|value| !value.is_null());
            fields.retain(|field, _| is_stored(field) || !ADDED_LATER.contains(&field.as_str()));
            for (field, value) in fields {
                drop_added_later(value, as_stored.get(field.as_str()).unwrap_or(&Value::Null));
            }
        }
        Value::Array(values) => {
            for (place, value) in values.iter_mut().enumerate() {
                drop_added_later(value, as_stored.get(place).unwrap_or(&Value::Null));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_added_later_is_left_out_of_each_thing_in_a_list_that_was_stored_without_it() {
        let stored = json!({"reviews": [{"label": "Bob"}, {"label": "Carol", "through": "api"}]});
        let mut made = json!({"reviews": [
            {"label": "Bob", "through": "slack"},
            {"label": "Carol", "through": "slack"},
        ]});
        drop_added_later(&mut made, &stored);
        let left = json!({"reviews": [{"label": "Bob"}, {"label": "Carol", "through": "slack"}]});
        assert_eq!(made, left);
    }
}
