//! The inbox: the channel that tells people within the portal.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{
    ListError, Notification, NotificationKind, Notifier, Page, PageRequest, Unavailable,
};
use kari_domain::audit::StreamId;
use kari_domain::ids::{RequestId, UserId};
use kari_domain::time::Instant;
use rusqlite::types::Type;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::{Place, SqliteStore, after, instant, nanoseconds, page_of, rows_to_read};

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
    pub at: Instant,
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
        let rows = self.store.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT * FROM inbox WHERE recipient = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
                )?
                .query_map(params![of.as_str(), before.unwrap_or(i64::MAX), rows_to_read(page)], row_of)?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(page_of(page, rows))
    }

    /// How many messages somebody has not read.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be read.
    pub fn unread(&self, of: &UserId) -> Result<u64, Unavailable> {
        self.store.read(|connection| {
            connection
                .prepare_cached("SELECT count(*) FROM inbox WHERE recipient = ?1 AND read_at IS NULL")?
                .query_row([of.as_str()], |row| row.get(0))
        })
    }

    /// Marks somebody's messages up to this one as read.
    ///
    /// # Errors
    /// [`Unavailable`] if the store cannot be written.
    pub fn mark_read(&self, of: &UserId, up_to: i64, at: Instant) -> Result<(), Unavailable> {
        self.store.write(|connection| {
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
        self.store.write(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT OR IGNORE INTO inbox (recipient, stream, sequence, kind, request, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for recipient in &notification.recipients {
                insert.execute(params![
                    recipient.as_str(),
                    notification.stream.as_str(),
                    notification.sequence,
                    kind,
                    notification.request.map(|id| id.0.into_bytes()),
                    nanoseconds(notification.at),
                ])?;
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

fn row_of(row: &Row<'_>) -> rusqlite::Result<(InboxMessage, Place)> {
    let message = InboxMessage {
        id: row.get("id")?,
        kind: kind_of(row.get("kind")?)?,
        stream: StreamId::from_stored(row.get("stream")?),
        sequence: row.get("sequence")?,
        request: row.get::<_, Option<[u8; 16]>>("request")?.map(|id| RequestId(Uuid::from_bytes(id))),
        at: instant(row.get("at")?),
        read_at: row.get::<_, Option<i64>>("read_at")?.map(instant),
    };
    let place = Place::Inbox(message.id);
    Ok((message, place))
}
