//! The record of where a stream ends, where it is behind the stream's events.
//!
//! No append leaves it so, since all of one happens or nothing. But a table that was restored may have some rows of a
//! transaction and not others, and somebody may have put a row back or added one.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use kari_application::ports::Unavailable;
use kari_domain::audit::{Envelope, Head, StreamId};
use serde::de::IgnoredAny;

use super::read::{A_MOMENT, wait};
use super::{DynamoStore, keys, row, transaction};

/// Where a stream is said to end at `from` and has events that follow it, has the record say the last of them, and
/// returns it. NB. Else nothing could ever be recorded in the stream again, not even that access ends: the place behind
/// `from` is taken. Nothing is guessed: each event vouches for the one before it.
pub(super) async fn catch_up(
    store: &DynamoStore,
    stream: &StreamId,
    from: &Head,
) -> Result<Option<Head>, Unavailable> {
    // An append that was under way is shown whole by the second time.
    for pause in [Duration::ZERO, A_MOMENT] {
        wait(pause).await;
        let record = store.get(keys::state(stream.as_str())).await?;
        if record.as_ref().and_then(row::head).as_ref() != Some(from) {
            return Ok(None);
        }
    }
    let end = last_that_follows(store, stream, from).await?;
    if end == *from {
        return Ok(None);
    }
    let actions = transaction::end_later(&store.table, stream, from, &end)?;
    let items = actions.into_iter().map(|(action, _)| action).collect();
    let sent = store.client.transact_write_items().set_transact_items(Some(items)).send().await;
    if let Err(error) = sent {
        tracing::warn!(%stream, code = error.code(), "the record of where it ends is behind its events, and stays so");
        return Ok(None);
    }
    tracing::error!(
        %stream,
        said = from.version,
        ends = end.version,
        "the record of where it ends was behind its events, and has caught up"
    );
    Ok(Some(end))
}

async fn last_that_follows(store: &DynamoStore, stream: &StreamId, from: &Head) -> Result<Head, Unavailable> {
    let (_, last) = keys::events(stream);
    let behind = store.between(keys::event(stream, from.version + 1), last).consistent_read(true);
    let mut end = from.clone();
    for event in store.all(behind).await? {
        let bytes = row::bytes(&event);
        if !follows(stream, &end, bytes) {
            let row = row::get(&event, keys::SK).unwrap_or_default();
            // NB. Nothing can be recorded in this stream until somebody has looked at that row and taken it away.
            tracing::error!(%stream, row, "an event lies behind the end of a stream and does not follow it");
            break;
        }
        end = end.after(bytes);
    }
    Ok(end)
}

fn follows(stream: &StreamId, end: &Head, bytes: &str) -> bool {
    let event: Result<Envelope<IgnoredAny>, _> = serde_json::from_str(bytes);
    event.is_ok_and(|event| {
        event.stream == *stream && event.sequence == end.version + 1 && event.previous == end.hash
    })
}
