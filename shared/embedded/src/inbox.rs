//! The inbox: the channel that tells people within the portal.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{
    ListError, Notification, NotificationKind, Notifier, Page, PageRequest, Unavailable,
};
use kari_domain::audit::{self, Envelope, StreamId};
use kari_domain::ids::{RequestId, Target, Tuple, UserId};
use kari_domain::request::RequestEvent;
use kari_domain::time::Instant;
use rusqlite::types::Type;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::{Place, Purpose, SqliteStore, after, instant, nanoseconds, page_of, parsed, rows_to_read};

/// So many of a person's newest messages are kept, and older ones only until they are read.
const KEPT: u32 = 500;
/// Further back nothing is kept: who has not looked for so long finds all of it in the requests and in
/// the audit trail.
const KEPT_UNREAD: u32 = 2_000;

/// A page of messages, each with the person, account and permission set of the request it is about, with the event of a
/// grant that is over, and whether it asked for a review that is not wanted any more.
const MESSAGES: &str =
    "SELECT inbox.*, requester, account, permission_set, CAST(events.bytes AS BLOB) AS closing,
         inbox.kind = 'review-wanted' AND ifnull(state <> 'pending', FALSE) AS decided
     FROM inbox LEFT JOIN items ON items.key = inbox.stream
     LEFT JOIN events ON inbox.kind IN ('expired', 'revoked')
         AND events.stream = inbox.stream AND events.sequence = inbox.sequence
     WHERE recipient = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";

/// Counts what is new: what was not read, without reviews that are not wanted any more.
const UNREAD: &str = "SELECT count(*) FROM inbox LEFT JOIN items ON items.key = inbox.stream
     WHERE recipient = ?1 AND read_at IS NULL
         AND NOT (kind = 'review-wanted' AND ifnull(state <> 'pending', FALSE))";

/// Deletes what is behind the newest that are kept.
const FORGET: &str = "DELETE FROM inbox WHERE recipient = ?1 AND (
         (read_at IS NOT NULL AND id <=
             (SELECT id FROM inbox WHERE recipient = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2))
         OR id <= (SELECT id FROM inbox WHERE recipient = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?3))";

/// Everybody's messages.
#[derive(Debug)]
pub struct Inbox {
    store: Arc<SqliteStore>,
}

/// A message in somebody's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMessage {
    /// Grows with every message; what [`Inbox::mark_read`] takes.
    pub id: i64,
    pub kind: NotificationKind,
    pub stream: StreamId,
    pub sequence: u64,
    pub request: Option<RequestId>,
    /// The assignment it is about, if it is about one.
    pub about: Option<Tuple>,
    /// It tells of a grant that is over, and the access stays all the same.
    pub access_stays: bool,
    pub at: Instant,
    /// It asked for a review of a request that is not pending any more: that is no news.
    pub decided: bool,
    pub read_at: Option<Instant>,
}

impl Inbox {
    /// The inbox kept in this store.
    pub fn new(store: Arc<SqliteStore>) -> Self {
        Self { store }
    }

    /// Somebody's messages, the newest first.
    ///
    /// # Errors
    /// [`ListError`] if the cursor is of another list or the store cannot be read.
    pub fn messages(&self, of: &UserId, page: &PageRequest) -> Result<Page<InboxMessage>, ListError> {
        let before = after(page, |place| match place {
            Place::Inbox(id) => Some(id),
            Place::Items(_) | Place::Requests(..) | Place::Audit(..) => None,
        })?;
        let rows = self.store.list(|connection| {
            connection
                .prepare_cached(MESSAGES)?
                .query_map(params![of.as_str(), before.unwrap_or(i64::MAX), rows_to_read(page)], |row| {
                    Ok((readable(row), Place::Inbox(row.get("id")?)))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let Page { items, next } = page_of(page, rows);
        Ok(Page { items: items.into_iter().flatten().collect(), next })
    }

    /// How many messages somebody has not read and that are still news.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn unread(&self, of: &UserId) -> Result<u64, Unavailable> {
        self.store
            .list(|connection| connection.prepare_cached(UNREAD)?.query_row([of.as_str()], |row| row.get(0)))
    }

    /// Marks somebody's messages up to this one as read.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be written.
    pub fn mark_read(&self, of: &UserId, up_to: i64, at: Instant) -> Result<(), Unavailable> {
        self.store.write(Purpose::CanWait, |connection| {
            connection
                .prepare_cached(
                    "UPDATE inbox SET read_at = ?3 WHERE recipient = ?1 AND id <= ?2 AND read_at IS NULL",
                )?
                .execute(params![of.as_str(), up_to, nanoseconds(at)])
        })?;
        Ok(())
    }
}

#[async_trait]
impl Notifier for Inbox {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        let kind = kind_text(notification.kind).map_err(|e| Unavailable::new("the inbox", e))?;
        self.store.write(Purpose::GoesOn, |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT OR IGNORE INTO inbox (recipient, stream, sequence, kind, request, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let mut bound = connection.prepare_cached(FORGET)?;
            for recipient in &notification.recipients {
                insert.execute(params![
                    recipient.as_str(),
                    notification.stream.as_str(),
                    notification.sequence,
                    kind,
                    notification.request.map(|id| id.0.into_bytes()),
                    nanoseconds(notification.at),
                ])?;
                bound.execute(params![recipient.as_str(), KEPT, KEPT_UNREAD])?;
            }
            Ok(())
        })
    }
}

/// The kind's name, the same as in JSON.
fn kind_text(kind: NotificationKind) -> Result<String, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(kind)?)
}

fn kind_of(text: String) -> rusqlite::Result<NotificationKind> {
    serde_json::from_value(text.into())
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(e)))
}

/// The message, unless it cannot be understood, for instance because a newer version wrote it: then the
/// others are shown without it.
fn readable(row: &Row<'_>) -> Option<InboxMessage> {
    let unreadable = |error: &rusqlite::Error| tracing::error!(%error, "a message cannot be understood");
    message_of(row).inspect_err(unreadable).ok()
}

fn message_of(row: &Row<'_>) -> rusqlite::Result<InboxMessage> {
    let stream = StreamId::from_stored(row.get("stream")?);
    Ok(InboxMessage {
        id: row.get("id")?,
        kind: kind_of(row.get("kind")?)?,
        about: request_target(row)?.or_else(|| stream.as_tuple()),
        stream,
        sequence: row.get("sequence")?,
        access_stays: row.get::<_, Option<Vec<u8>>>("closing")?.is_some_and(|event| access_stays(&event)),
        request: row.get::<_, Option<[u8; 16]>>("request")?.map(|id| RequestId(Uuid::from_bytes(id))),
        at: instant(row.get("at")?),
        decided: row.get("decided")?,
        read_at: row.get::<_, Option<i64>>("read_at")?.map(instant),
    })
}

/// Whether a request was closed by this event and its access is not gone. An event that cannot be understood shows
/// nothing.
fn access_stays(event: &[u8]) -> bool {
    let envelope = serde_json::from_slice::<Envelope>(event).ok();
    let closing = envelope.and_then(|envelope| audit::parse::<RequestEvent>(&envelope).ok());
    matches!(closing, Some(RequestEvent::Closed { evidence: Some(evidence), .. }) if !evidence.shows_it_gone())
}

/// What the state item beside the message's stream says, if that is an access request's.
fn request_target(row: &Row<'_>) -> rusqlite::Result<Option<Tuple>> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let (Some(principal), Some(account), Some(set)) =
        (text("requester")?, text("account")?, text("permission_set")?)
    else {
        return Ok(None);
    };
    let target = Target { account: parsed(&account)?, permission_set: parsed(&set)? };
    Ok(Some(Tuple { principal: parsed(&principal)?, target }))
}
