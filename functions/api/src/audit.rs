use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use kari_application::caller::Caller;
use kari_application::ports::{AuditFilter, AuditRecord, Page, PageRequest};
use kari_application::{Error, Kari, browse};
use kari_domain::audit::{Actor, Cause, Envelope};
use kari_domain::ids::UserId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::extract::{At, Limit, Params, Search, page};
use crate::shapes::{Listing, SystemReasonView, how_many_fit};
use crate::signed_in::Overseer;
use crate::{ApiState, Problem, Problems};

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListAudit {
    /// A stream, or the beginning of streams' names, for instance `request/`.
    #[param(value_type = Option<String>, example = "policies")]
    stream: Option<Search>,
    /// A person's user id.
    #[param(value_type = Option<String>)]
    actor: Option<UserId>,
    #[param(value_type = Option<String>, example = "attempt-refused")]
    kind: Option<Search>,
    /// From this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<At>,
    /// Before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<At>,
    /// How many events: 1 to 200. Fewer come where they are very long.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// A recorded fact; or, where it cannot be understood here, its stored bytes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AuditItem {
    Recorded(Box<AuditEntry>),
    Unreadable(UnreadableEntry),
}

/// What a newer version recorded, or what is damaged. Its place is given as far as it tells it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnreadableEntry {
    stream: String,
    sequence: u64,
    at: Option<DateTime<Utc>>,
    kind: String,
    /// The stored bytes.
    unreadable: String,
}

/// One recorded fact.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    #[schema(example = "policies")]
    stream: String,
    /// The place in the stream, from 1.
    sequence: u64,
    at: DateTime<Utc>,
    actor: RecordedActor,
    cause: CauseView,
    /// Events of one append were recorded together or not at all.
    append: String,
    #[schema(example = "policy-changed")]
    kind: String,
    /// The version of the kind's data.
    version: u16,
    #[schema(value_type = Object)]
    data: Value,
    /// The SHA-256 of the stored bytes of the event before it in its stream.
    previous: String,
}

/// Who did something, as it was recorded: with the name of that time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum RecordedActor {
    User {
        id: String,
        label: String,
    },
    System {
        reason: SystemReasonView,
        /// What AWS calls the operator, where that is known; of a channel, the account of somebody who is nobody here.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(example = "arn:aws:sts::111122223333:assumed-role/Operators/alice")]
        label: Option<String>,
    },
}

/// Through which door a command came.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Cause)]
pub(crate) enum CauseView {
    Api,
    Slack,
    Advance,
    Reconcile,
    Operator,
}

/// Recorded events, the newest first
#[utoipa::path(get, path = "/audit", operation_id = "list_audit", tag = "audit",
    params(ListAudit), responses((status = 200, body = Listing<AuditItem>), Problems))]
pub(crate) async fn list_audit(
    State(api): State<ApiState>,
    Overseer(me): Overseer,
    Params(query): Params<ListAudit>,
) -> Result<Json<Listing<AuditItem>>, Problem> {
    let page = page(query.limit, query.cursor);
    let filter = AuditFilter {
        stream_prefix: query.stream.map(|stream| stream.0),
        actor: query.actor,
        kind: query.kind.map(|kind| kind.0),
        from: query.from.map(|at| at.0),
        to: query.to.map(|at| at.0),
    };
    let found = find(&api.kari, &me.caller, &filter, page).await?;
    let items = found.items.iter().map(item).collect();
    Ok(Json(Listing { items, next: found.next.map(|cursor| cursor.0) }))
}

/// The next records: so many as are asked for, or as fit into one answer.
async fn find(
    kari: &Kari,
    caller: &Caller,
    filter: &AuditFilter,
    mut page: PageRequest,
) -> Result<Page<AuditRecord>, Error> {
    loop {
        let found = browse::audit(kari, caller, filter, &page).await?;
        let fitting = how_many_fit(found.items.iter().map(|record| record.bytes.len()));
        if fitting == found.items.len() {
            return Ok(found);
        }
        // Asked again, because only the store knows the place behind the last one that fits.
        page.limit = fitting;
    }
}

/// NB. One record that cannot be understood must not hide those around it.
fn item(record: &AuditRecord) -> AuditItem {
    match serde_json::from_str::<Envelope>(&record.bytes) {
        Ok(event) => AuditItem::Recorded(Box::new(event.into())),
        Err(error) => {
            tracing::error!(%error, "a recorded event cannot be understood");
            AuditItem::Unreadable(unreadable(&record.bytes))
        }
    }
}

fn unreadable(bytes: &str) -> UnreadableEntry {
    let told: Value = serde_json::from_str(bytes).unwrap_or_default();
    let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
    UnreadableEntry {
        stream: text("stream").to_owned(),
        sequence: told.get("sequence").and_then(Value::as_u64).unwrap_or_default(),
        at: text("at").parse().ok(),
        kind: text("kind").to_owned(),
        unreadable: bytes.to_owned(),
    }
}

impl From<Envelope> for AuditEntry {
    fn from(event: Envelope) -> Self {
        Self {
            stream: event.stream.to_string(),
            sequence: event.sequence,
            at: event.at,
            actor: event.actor.into(),
            cause: event.cause.into(),
            append: event.append.to_string(),
            kind: event.kind,
            version: event.version,
            data: event.data,
            previous: event.previous,
        }
    }
}

impl From<Actor> for RecordedActor {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::User { id, label } => Self::User { id: id.to_string(), label },
            Actor::System { reason } => Self::System { reason: reason.into(), label: None },
            Actor::Operator { label } => {
                Self::System { reason: SystemReasonView::Operator, label: Some(label) }
            }
            Actor::Stranger { account } => {
                Self::System { reason: SystemReasonView::Channel, label: Some(account) }
            }
        }
    }
}

impl From<Cause> for CauseView {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Api => Self::Api,
            Cause::Slack => Self::Slack,
            Cause::Advance => Self::Advance,
            Cause::Reconcile => Self::Reconcile,
            Cause::Operator => Self::Operator,
        }
    }
}
