//! The state item of a request, a ledger or a day of attempts, against its events.

use std::collections::BTreeSet;

use kari_domain::audit::StreamId;
use kari_domain::ledger::{self, Ledger};
use kari_domain::request::{self, AccessRequest};
use kari_domain::time::{Instant, Minutes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Error;
use crate::load::{corrupt, replay_ledger, replay_request};
use crate::ports::{Item, ItemKey};
use crate::record_attempt::{Day, replay_day};
use crate::transaction::keys;

/// Fields that items of earlier versions do not have, because stored items are not rewritten.
const ADDED_LATER: [&str; 3] = ["absence_proof", "missed_at", "overdue_since"];

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
    let Some(kind) = Kind::of(stream) else { return vec![] };
    match (events, item) {
        ([], None) => vec![],
        ([], Some(_)) => vec![ItemFault::WithoutEvents],
        (_, None) => vec![ItemFault::Missing],
        // No warning: then it is due at the latest that it may be.
        (_, Some(item)) => match kind.made_by(stream, events, Minutes(0)) {
            Ok(made) => differences(kind, &made, item),
            Err(error) => vec![ItemFault::NotUnderstood(error.to_string())],
        },
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
        Some(Kind::Attempts) | None => Ok(None),
    }
}

/// What a stream is about.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Request,
    Ledger,
    Attempts,
}

impl Kind {
    fn of(stream: &StreamId) -> Option<Self> {
        if stream.as_request().is_some() {
            Some(Self::Request)
        } else if stream.as_tuple().is_some() {
            Some(Self::Ledger)
        } else if stream.as_str().starts_with("attempts/") {
            Some(Self::Attempts)
        } else {
            None
        }
    }

    fn made_by(self, stream: &StreamId, events: &[String], warning: Minutes) -> Result<Item, Error> {
        let (head, due_at, request, body) = match self {
            Self::Request => {
                let (head, state) = replay_request(events)?;
                (head, request::due(&state, warning), keys(&state), serde_json::to_string(&state))
            }
            Self::Ledger => {
                let (head, state) = replay_ledger(events)?;
                (head, ledger::due(&state), None, serde_json::to_string(&state))
            }
            Self::Attempts => {
                let (head, day) = replay_day(events)?;
                (head, None, None, serde_json::to_string(&day))
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
    let as_stored: Map<String, Value> = serde_json::from_str(stored)?;
    let (made, stored) = (kind.understood(made)?, kind.understood(stored)?);
    let differs = |name: &&String| made.get(*name) != stored.get(*name);
    let was_there = |name: &&String| as_stored.contains_key(*name) || !ADDED_LATER.contains(&name.as_str());
    Ok(made.keys().chain(stored.keys()).filter(differs).filter(was_there).cloned().collect())
}
