//! The list of recorded events, the newest first.

use kari_application::ports::{AuditFilter, AuditRecord, ListError, Page, PageRequest};

use super::scan::{Filter, Scan, page};
use super::{DynamoStore, Row, keys, row};

pub(super) async fn audit(
    store: &DynamoStore,
    filter: &AuditFilter,
    request: &PageRequest,
) -> Result<Page<AuditRecord>, ListError> {
    let found = page(store, "audit", vec![scan(filter)], request).await?;
    let record = |event: &Row| AuditRecord { bytes: row::bytes(event).to_owned() };
    Ok(Page { items: found.items.iter().map(record).collect(), next: found.next })
}

/// The narrowest partition that holds all of it.
fn scan(filter: &AuditFilter) -> Scan {
    let mut rest = Filter::default();
    if let Some(prefix) = &filter.stream_prefix {
        rest.begins_with("stream", prefix);
    }
    if let Some(actor) = &filter.actor {
        rest.is("actor", actor.as_str());
    }
    if let Some(kind) = &filter.kind {
        rest.is("kind", kind);
    }
    let group = filter.stream_prefix.as_deref().and_then(whole_group);
    let (index, partition) = match (group, &filter.actor, &filter.kind) {
        (Some(group), _, _) => (keys::WHERE, keys::streams(group)),
        (None, Some(actor), _) => (keys::WHO, keys::actor(actor)),
        (None, None, Some(kind)) => (keys::WHAT, keys::kind(kind)),
        (None, None, None) => (keys::ALL, keys::EVERY_EVENT.to_owned()),
    };
    Scan {
        index,
        partition,
        from: filter.from.map_or("0".to_owned(), keys::instant),
        to: filter.to.map_or("~".to_owned(), keys::instant),
        filter: rest,
    }
}

/// The group that all streams beginning with this prefix are of, if it is one.
fn whole_group(prefix: &str) -> Option<&str> {
    let is_request = kari_domain::audit::StreamId::from_stored(prefix.to_owned()).as_request().is_some();
    if is_request { Some(prefix) } else { keys::group_of_prefix(prefix) }
}
