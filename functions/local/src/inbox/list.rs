use std::sync::Arc;

use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use kari_api::{Limit, Names, Params, Problem, Problems, SyncedCaller, page};
use kari_application::Error;
use kari_application::ports::NotificationKind;
use kari_domain::directory::Snapshot;
use kari_domain::ids::{Tuple, UserId};
use kari_embedded::inbox::{Inbox, InboxMessage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which part of the messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListInbox {
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// The caller's messages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Inbox)]
pub(crate) struct InboxView {
    /// The newest first.
    items: Vec<InboxItem>,
    /// The cursor at which the next part begins; `null` at the end.
    next: Option<String>,
    /// How many of all messages are new: not read, and no review that is not wanted any more.
    unread: u64,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboxItem {
    /// Grows with every message; what marking as read takes.
    id: i64,
    kind: InboxKind,
    at: DateTime<Utc>,
    read: bool,
    /// It asked for a review, and the request does not wait for one any more; so it is no news, read or not.
    decided: bool,
    /// The access request it is about.
    request: Option<String>,
    /// The stream of the event it tells of, as the audit lists it.
    stream: String,
    /// The event it tells of. Where nothing was recorded it tells of the stream itself, and this is 0, or
    /// what makes this time another one.
    sequence: u64,
    /// Display name; empty where it is about no person.
    requester: String,
    /// Name; empty where it is about no account.
    account: String,
    /// Name; empty where it is about no permission set.
    permission_set: String,
}

/// What it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
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
    AccessStays,
    RemovalOverdue,
    RemovalBlocked,
    OwnRemovalBlocked,
    PoliciesChanged,
    PolicyNeedsAttention,
    DirectoryTooOld,
    DriftFound,
    RecordsUnreadable,
}

/// My messages
#[utoipa::path(get, path = "/inbox", operation_id = "list_inbox", tag = "inbox",
    params(ListInbox), responses((status = 200, body = InboxView), Problems))]
pub(crate) async fn list_inbox(
    Extension(inbox): Extension<Arc<Inbox>>,
    me: SyncedCaller,
    Params(query): Params<ListInbox>,
) -> Result<Json<InboxView>, Problem> {
    let user = &me.caller.user.id;
    let messages = inbox.messages(user, &page(query.limit, query.cursor)).map_err(Error::from)?;
    let items = messages.items.iter().map(|message| item(&me.around.snapshot, user, message)).collect();
    let unread = inbox.unread(user).map_err(Error::from)?;
    Ok(Json(InboxView { items, next: messages.next.map(|cursor| cursor.0), unread }))
}

fn item(snapshot: &Snapshot, reader: &UserId, message: &InboxMessage) -> InboxItem {
    let (about, names) = (message.about.as_ref(), Names(snapshot));
    let name = |of: fn(Names<'_>, &Tuple) -> String| about.map(|t| of(names, t)).unwrap_or_default();
    InboxItem {
        id: message.id,
        kind: kind_to(reader, message),
        at: message.at,
        read: message.read_at.is_some(),
        decided: message.decided,
        request: message.request.map(|id| id.to_string()),
        stream: message.stream.to_string(),
        sequence: message.sequence,
        requester: name(|names, tuple| names.person(&tuple.principal, None).display_name),
        account: name(|names, tuple| names.account_name(&tuple.target.account)),
        permission_set: name(|names, tuple| names.permission_set_name(&tuple.target.permission_set)),
    }
}

/// What a message tells its reader: of their own access something else than administrators, and nothing of an end
/// where only the grant is over.
fn kind_to(reader: &UserId, message: &InboxMessage) -> InboxKind {
    let is_own = message.about.as_ref().is_some_and(|tuple| tuple.principal == *reader);
    if is_own && message.kind == NotificationKind::RemovalBlocked {
        InboxKind::OwnRemovalBlocked
    } else if message.access_stays {
        InboxKind::AccessStays
    } else {
        message.kind.into()
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
            NotificationKind::PolicyNeedsAttention => Self::PolicyNeedsAttention,
            NotificationKind::DirectoryTooOld => Self::DirectoryTooOld,
            NotificationKind::DriftFound => Self::DriftFound,
            NotificationKind::RecordsUnreadable => Self::RecordsUnreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use kari_domain::audit::StreamId;
    use kari_domain::ids::{PermissionSetArn, Target};

    use super::*;

    #[test]
    fn a_requester_is_told_in_words_of_their_own_that_a_removal_is_blocked_or_the_access_stays() {
        let [alice, hanako] = ["alice", "hanako"].map(|name| name.parse::<UserId>().unwrap());
        let target = Target {
            account: "111122223333".parse().unwrap(),
            permission_set: PermissionSetArn::parse("arn:aws:sso:::permissionSet/ssoins-1/ps-1").unwrap(),
        };
        let tuple = Tuple { principal: alice.clone(), target };
        let message = |kind, access_stays| InboxMessage {
            id: 1,
            kind,
            stream: StreamId::ledger(&tuple),
            sequence: 1,
            request: None,
            about: Some(tuple.clone()),
            access_stays,
            at: DateTime::UNIX_EPOCH,
            decided: false,
            read_at: None,
        };
        let told = |reader, kind| item(&Snapshot::default(), reader, &message(kind, false)).kind;
        assert_eq!(told(&alice, NotificationKind::RemovalBlocked), InboxKind::OwnRemovalBlocked);
        assert_eq!(told(&hanako, NotificationKind::RemovalBlocked), InboxKind::RemovalBlocked);
        assert_eq!(told(&alice, NotificationKind::Expired), InboxKind::Expired);
        for kind in [NotificationKind::Expired, NotificationKind::Revoked] {
            let stays = item(&Snapshot::default(), &alice, &message(kind, true));
            assert_eq!(stays.kind, InboxKind::AccessStays);
        }
    }
}
