//! The append: every condition checked and everything written in one transaction.

use kari_application::ports::{
    Append, ClaimChange, Conflict, Item, ItemChange, ItemKey, KnownEvent, StreamAppend,
};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::columns::nanoseconds;
use super::disk::Purpose;
use super::halt::Halt;
use super::read::{self, head};

/// Appends; how many events were recorded now (none if this append happened before).
pub(super) fn append(connection: &mut Connection, append: &Append) -> Result<usize, Halt> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if happened(&transaction, append)? {
        return Ok(0);
    }
    let recorded = write(&transaction, append)?;
    transaction.commit().map_err(Halt::at_commit)?;
    Ok(recorded)
}

/// What an append is for. Whoever takes a claim begins something.
pub(super) fn purpose(append: &Append) -> Purpose {
    let takes = |claim: &ClaimChange| match claim {
        ClaimChange::Take { .. } => true,
        ClaimChange::Release { .. } => false,
    };
    let events = append.streams.iter().flat_map(|stream| &stream.events);
    let mut purposes: Vec<_> = events.map(|event| purpose_of(&event.kind)).collect();
    purposes.extend(append.claims.iter().any(takes).then_some(Purpose::Begins));
    // One that waits makes all wait, and so does one by which something begins.
    let first = [Purpose::Begins, Purpose::CanWait].into_iter().find(|purpose| purposes.contains(purpose));
    first.unwrap_or(Purpose::GoesOn)
}

/// What an event of this kind is for. Of a kind that is not named here, something may depend.
pub(super) fn purpose_of(kind: &str) -> Purpose {
    match kind {
        "requested" | "reviewed" | "approved" | "activation-started" | "creation-started"
        | "policy-created" | "policy-changed" | "policy-deleted" | "settings-changed" => Purpose::Begins,
        "attempt-refused" | "more-not-recorded" | "finding-noted" | "finding-gone" => Purpose::CanWait,
        _ => Purpose::GoesOn,
    }
}

/// An append that happened is found behind the place that it expected its first stream to end at.
fn happened(transaction: &Transaction<'_>, append: &Append) -> rusqlite::Result<bool> {
    match append.streams.iter().find(|s| !s.events.is_empty()) {
        Some(first) => read::appended(transaction, append.id, &first.stream, first.expected.version),
        None => Ok(false),
    }
}

fn write(transaction: &Transaction<'_>, append: &Append) -> Result<usize, Halt> {
    for (stream, expected) in &append.unchanged {
        if head(transaction, stream)?.version != *expected {
            return Err(Halt::Conflict(Conflict::Version { stream: stream.clone() }));
        }
    }
    for stream in &append.streams {
        append_to_stream(transaction, append.id, stream)?;
    }
    for claim in &append.claims {
        change_claim(transaction, append.at, claim)?;
    }
    for item in &append.items {
        match item {
            ItemChange::Put(item) => put(transaction, item)?,
            ItemChange::Delete(key) => delete(transaction, key)?,
        }
    }
    Ok(append.streams.iter().map(|s| s.events.len()).sum())
}

fn append_to_stream(transaction: &Transaction<'_>, id: AppendId, append: &StreamAppend) -> Result<(), Halt> {
    let stream = &append.stream;
    if head(transaction, stream)? != append.expected {
        return Err(Halt::Conflict(Conflict::Version { stream: stream.clone() }));
    }
    let (events, head) = append.known_events(id).map_err(Halt::Malformed)?;
    for event in &events {
        record(transaction, event)?;
    }
    let mut statement = transaction.prepare_cached(
        "INSERT INTO streams (stream, version, hash) VALUES (?1, ?2, ?3)
         ON CONFLICT (stream) DO UPDATE SET version = excluded.version, hash = excluded.hash",
    )?;
    statement.execute(params![stream.as_str(), head.version, head.hash])?;
    Ok(())
}

fn record(transaction: &Transaction<'_>, event: &KnownEvent<'_>) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO events (stream, sequence, at, actor, kind, append, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let position = insert.insert(params![
        event.stream.as_str(),
        event.sequence,
        nanoseconds(event.at),
        event.actor.user().map(kari_domain::ids::UserId::as_str),
        event.kind,
        event.append.0.as_bytes(),
        event.bytes,
    ])?;
    transaction.prepare_cached("INSERT INTO outbox (position) VALUES (?1)")?.execute([position])?;
    Ok(())
}

fn change_claim(transaction: &Transaction<'_>, at: Instant, change: &ClaimChange) -> Result<(), Halt> {
    match change {
        ClaimChange::Take { key, value, until } => {
            // Expired claims of all keys go, so that the table does not grow for ever.
            transaction.prepare_cached("DELETE FROM claims WHERE until <= ?1")?.execute([nanoseconds(at)])?;
            let mut holder = transaction.prepare_cached("SELECT value FROM claims WHERE key = ?1")?;
            let held_by: Option<String> = holder.query_row([key], |row| row.get(0)).optional()?;
            if let Some(held_by) = held_by.filter(|held_by| held_by != value) {
                return Err(Halt::Conflict(Conflict::Claim { key: key.clone(), held_by }));
            }
            let mut take = transaction
                .prepare_cached("INSERT OR REPLACE INTO claims (key, value, until) VALUES (?1, ?2, ?3)")?;
            take.execute(params![key, value, until.map(nanoseconds)])?;
        }
        ClaimChange::Release { key, value } => {
            let mut release =
                transaction.prepare_cached("DELETE FROM claims WHERE key = ?1 AND value = ?2")?;
            release.execute([key, value])?;
        }
    }
    Ok(())
}

/// Puts an item in the place of the one before. By whom and for what a request was made stays as it is
/// all its life, so that all indexes but two are left alone.
fn put(transaction: &Transaction<'_>, item: &Item) -> rusqlite::Result<()> {
    let request = item.request.as_ref();
    let columns = params![
        item.key.0,
        item.head.version,
        item.head.hash,
        item.due_at.map(nanoseconds),
        item.body,
        request.map(|r| r.id.0.into_bytes()),
        request.map(|r| r.requester.as_str()),
        request.map(|r| r.account.as_str()),
        request.map(|r| r.permission_set.as_str()),
        request.map(|r| nanoseconds(r.submitted_at)),
        request.map(|r| <&str>::from(r.state)),
    ];
    let mut update = transaction.prepare_cached(
        "UPDATE items SET version = ?2, hash = ?3, due_at = ?4, body = ?5, state = ?11
         WHERE key = ?1 AND (request, requester, account, permission_set, submitted_at)
             IS (?6, ?7, ?8, ?9, ?10)",
    )?;
    if update.execute(columns)? == 0 {
        let mut replace = transaction.prepare_cached(
            "INSERT OR REPLACE INTO items (key, version, hash, due_at, body,
                 request, requester, account, permission_set, submitted_at, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        replace.execute(columns)?;
    }
    Ok(())
}

fn delete(transaction: &Transaction<'_>, key: &ItemKey) -> rusqlite::Result<()> {
    transaction.prepare_cached("DELETE FROM items WHERE key = ?1")?.execute([&key.0])?;
    Ok(())
}
