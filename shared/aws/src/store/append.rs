//! The append: one transaction, repeated as it is while others use the same rows.

use std::time::Duration;

use chrono::TimeDelta;
use kari_application::ports::{Append, AppendError, Conflict, Unavailable};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::cancelled::{Cancelled, why};
use super::catch_up::catch_up;
use super::transaction::{self, Learned};
use super::{DynamoStore, read};

/// How often the same transaction is sent while others use the same rows.
const MOST_SENDINGS: u32 = 8;
/// The longest pause after the first sending; it doubles.
const FIRST_PAUSE: TimeDelta = TimeDelta::milliseconds(20);

pub(super) async fn append(store: &DynamoStore, append: &Append) -> Result<(), AppendError> {
    let mut learned = Learned::default();
    let mut sending = 0;
    loop {
        match send(store, append, &learned).await {
            Ok(()) => return Ok(()),
            Err(Cancelled::Learned(more)) => learned.extend(more),
            Err(Cancelled::Crowded) if sending < MOST_SENDINGS => {
                pause(store, sending).await;
                sending += 1;
            }
            Err(cancelled) => return settle(store, append, cancelled).await,
        }
    }
}

/// What becomes of an append that is not sent any more.
async fn settle(store: &DynamoStore, append: &Append, cancelled: Cancelled) -> Result<(), AppendError> {
    match cancelled {
        Cancelled::Conflict(conflict) => settle_conflict(store, append, conflict).await,
        Cancelled::Learned(_) | Cancelled::Crowded => {
            let crowded = Unavailable::new("the store", "too many use the same rows at this moment");
            settle_refused(store, append, crowded).await
        }
        Cancelled::Refused(error) => settle_refused(store, append, error).await,
        Cancelled::Unavailable(error) => Err(AppendError::Unavailable(error)),
        Cancelled::Unknown(error) => Err(AppendError::Unknown(error)),
    }
}

async fn send(store: &DynamoStore, append: &Append, learned: &Learned) -> Result<(), Cancelled> {
    let actions = transaction::actions(&store.table, append, learned).map_err(Cancelled::Unavailable)?;
    if actions.is_empty() {
        return Ok(());
    }
    let items = actions.iter().map(|(action, _)| action.clone()).collect();
    let sent = store
        .client
        .transact_write_items()
        .set_transact_items(Some(items))
        .client_request_token(token(&store.table, append, learned));
    sent.send().await.map(|_| ()).map_err(|error| why(error, &actions))
}

/// The same for the same transaction, so that one whose answer got lost is not carried out twice.
fn token(table: &str, append: &Append, learned: &Learned) -> String {
    let digest = Sha256::new()
        .chain_update(table)
        .chain_update(append.id.0)
        .chain_update(format!("{learned:?}"))
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = digit);
    Uuid::from_bytes(bytes).to_string()
}

#[expect(clippy::disallowed_methods, reason = "an adapter's own pause, spread by the Ids port")]
pub(super) async fn pause(store: &DynamoStore, sending: u32) {
    let longest = FIRST_PAUSE * 2_i32.pow(sending.min(6));
    let pause = store.ids.jitter(longest).to_std().unwrap_or(Duration::ZERO);
    tokio::time::sleep(pause).await;
}

/// A conflict may be with the very same append, sent before: then it has happened, and never happens
/// twice. Or nobody was first, and the stream only has events that its record does not know of: then whoever decides
/// again finds where it ends.
async fn settle_conflict(
    store: &DynamoStore,
    append: &Append,
    conflict: Conflict,
) -> Result<(), AppendError> {
    if was_recorded(store, append).await.map_err(AppendError::Unknown)? == Some(true) {
        return Ok(());
    }
    if let Conflict::Version { stream } = &conflict
        && let Some(behind) = append.streams.iter().find(|behind| behind.stream == *stream)
    {
        catch_up(store, stream, &behind.expected).await?;
    }
    Err(AppendError::Conflict(conflict))
}

/// What was refused may have happened before: the SDK sends again what it got no answer to in time, and tells of the
/// last answer alone.
async fn settle_refused(store: &DynamoStore, append: &Append, error: Unavailable) -> Result<(), AppendError> {
    match was_recorded(store, append).await {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false)) => Err(AppendError::Unavailable(error)),
        Ok(None) | Err(_) => Err(AppendError::Unknown(error)),
    }
}

/// Whether the append was recorded; `None` where it has no events, by which one could tell.
async fn was_recorded(store: &DynamoStore, append: &Append) -> Result<Option<bool>, Unavailable> {
    let Some(first) = append.streams.iter().find(|stream| !stream.events.is_empty()) else {
        return Ok(None);
    };
    let sequence = first.expected.version + 1;
    read::was_recorded_by(store, append.id, &first.stream, sequence).await.map(Some)
}
