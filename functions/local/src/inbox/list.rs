use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use kari_api::{ApiState, Problem, Problems, SyncedCaller};
use kari_application::ports::{NotificationKind, PageRequest};
use kari_application::{Error, Kari, load_request};
use kari_domain::directory::Snapshot;
use kari_domain::ids::Tuple;
use kari_embedded::inbox::{Inbox, InboxMessage};
use serde::Serialize;
use utoipa::ToSchema;

use crate::labels::Labels;

/// How many messages are shown.
const MOST: usize = 50;

/// The caller's messages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Inbox)]
pub(crate) struct InboxView {
    /// The newest first; at most 50.
    items: Vec<InboxItem>,
    /// How many of all messages are not read.
    unread: u64,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboxItem {
    kind: InboxKind,
    at: DateTime<Utc>,
    read: bool,
    /// The access request it is about.
    request: Option<String>,
    /// The stream of the event it tells of, as the audit lists it.
    stream: String,
    /// The event it tells of; 0 where it tells of the stream itself.
    sequence: u64,
    /// Display name; empty where it is about no person.
    requester: String,
    /// Name; empty where it is about no account.
    account: String,
    /// Name; empty where it is about no permission set.
    permission_set: String,
}

/// What it tells.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum InboxKind {
    ReviewWanted,
    Approved,
    Denied,
    Withdrawn,
    Lapsed,
    Active,
    ExpiringSoon,
    Failed,
    Expired,
    Revoked,
    RemovalOverdue,
    RemovalBlocked,
    PoliciesChanged,
    DriftFound,
    RecordsUnreadable,
}

/// My messages
#[utoipa::path(get, path = "/inbox", operation_id = "list_inbox", tag = "inbox",
    responses((status = 200, body = InboxView), Problems))]
pub(crate) async fn list_inbox(
    State(api): State<ApiState>,
    Extension(inbox): Extension<Arc<Inbox>>,
    me: SyncedCaller,
) -> Result<Json<InboxView>, Problem> {
    let user = &me.caller.user.id;
    let page = PageRequest { limit: MOST, after: None };
    let messages = inbox.messages(user, &page).map_err(Error::from)?.items;
    let mut items = Vec::with_capacity(messages.len());
    for message in messages {
        items.push(item(&api.kari, &me.around.snapshot, message).await?);
    }
    let unread = inbox.unread(user).map_err(Error::from)?;
    Ok(Json(InboxView { items, unread }))
}

async fn item(kari: &Kari, snapshot: &Snapshot, message: InboxMessage) -> Result<InboxItem, Error> {
    let about = about(kari, &message).await?;
    let labels = Labels(snapshot);
    let name =
        |of: fn(Labels<'_>, &Tuple) -> String| about.as_ref().map(|t| of(labels, t)).unwrap_or_default();
    Ok(InboxItem {
        kind: message.kind.into(),
        at: message.at,
        read: message.read_at.is_some(),
        request: message.request.map(|id| id.to_string()),
        stream: message.stream.to_string(),
        sequence: message.sequence,
        requester: name(|labels, tuple| {
            labels.person(&tuple.principal, tuple.principal.as_str()).display_name
        }),
        account: name(|labels, tuple| labels.account(&tuple.target.account).name),
        permission_set: name(|labels, tuple| labels.permission_set(&tuple.target.permission_set).name),
    })
}

/// The assignment that a message is about, if it is about one.
async fn about(kari: &Kari, message: &InboxMessage) -> Result<Option<Tuple>, Error> {
    let Some(request) = message.request else { return Ok(message.stream.as_tuple()) };
    match load_request(kari, request).await {
        Ok(request) => Ok(request.state.asked().map(|asked| asked.submission.tuple())),
        // The message may say just that.
        Err(Error::Corrupt(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

impl From<NotificationKind> for InboxKind {
    fn from(kind: NotificationKind) -> Self {
        match kind {
            NotificationKind::ReviewWanted => Self::ReviewWanted,
            NotificationKind::Approved => Self::Approved,
            NotificationKind::Denied => Self::Denied,
            NotificationKind::Withdrawn => Self::Withdrawn,
            NotificationKind::Lapsed => Self::Lapsed,
            NotificationKind::Active => Self::Active,
            NotificationKind::ExpiringSoon => Self::ExpiringSoon,
            NotificationKind::Failed => Self::Failed,
            NotificationKind::Expired => Self::Expired,
            NotificationKind::Revoked => Self::Revoked,
            NotificationKind::RemovalOverdue => Self::RemovalOverdue,
            NotificationKind::RemovalBlocked => Self::RemovalBlocked,
            NotificationKind::PoliciesChanged => Self::PoliciesChanged,
            NotificationKind::DriftFound => Self::DriftFound,
            NotificationKind::RecordsUnreadable => Self::RecordsUnreadable,
        }
    }
}
