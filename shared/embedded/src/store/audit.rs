//! The list of recorded events: the newest first, then the one recorded last.

use kari_application::ports::{AuditFilter, AuditRecord, ListError, Page, PageRequest, Unavailable};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::SqliteStore;
use super::columns::{end_of_prefix, nanoseconds, text};
use super::cursor::{Place, after, page_of, rows_to_read};
use super::query::Query;

pub(super) fn audit(
    store: &SqliteStore,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<AuditRecord>, ListError> {
    let query = query(filter, page)?;
    let rows: Result<Vec<_>, Unavailable> = store.list(|connection| {
        connection
            .prepare_cached(&query.sql())?
            .query_map(params_from_iter(query.parameters()), row_of)?
            .collect()
    });
    Ok(page_of(page, rows?))
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<(AuditRecord, Place)> {
    let place = Place::Audit(row.get("at")?, row.get("position")?);
    Ok((AuditRecord { bytes: text(row, "bytes")? }, place))
}

fn query(filter: &AuditFilter, page: &PageRequest) -> Result<Query, ListError> {
    let after = after(page, |place| match place {
        Place::Audit(at, position) => Some([Value::from(at), Value::from(position)]),
        Place::Items(_) | Place::Requests(..) | Place::Inbox(_) => None,
    })?;
    let mut query =
        Query::new("SELECT at, position, bytes FROM events", "at DESC, position DESC", rows_to_read(page));
    if let Some(prefix) = &filter.stream_prefix {
        query.and("stream >= ? AND stream < ?", [prefix.clone().into(), end_of_prefix(prefix).into()]);
    }
    if let Some(actor) = &filter.actor {
        query.and("actor = ?", [actor.to_string().into()]);
    }
    if let Some(kind) = &filter.kind {
        query.and("kind = ?", [kind.clone().into()]);
    }
    if let Some(from) = filter.from {
        query.and("at >= ?", [nanoseconds(from).into()]);
    }
    if let Some(to) = filter.to {
        query.and("at < ?", [nanoseconds(to).into()]);
    }
    if let Some(place) = after {
        query.and("(at, position) < (?, ?)", place);
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::plan;

    #[test]
    fn every_list_of_events_is_read_from_an_index() {
        let store = SqliteStore::in_memory().unwrap();
        let page = PageRequest { limit: 20, after: None };
        let all = AuditFilter::default();
        let actor = AuditFilter { actor: Some("u-1".parse().unwrap()), ..all.clone() };
        let kind = AuditFilter { kind: Some("activated".to_owned()), ..all.clone() };
        let from = AuditFilter { from: Some(kari_domain::time::Instant::UNIX_EPOCH), ..all.clone() };
        let stream = AuditFilter { stream_prefix: Some("request/1".to_owned()), ..all.clone() };
        for (filter, index) in [
            (&all, "events_time"),
            (&actor, "events_actor_at (actor=?"),
            (&kind, "events_time"),
            (&from, "events_time (at>?"),
        ] {
            let plan = plan(&store, &query(filter, &page).unwrap());
            assert!(plan.contains(index), "{filter:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
        }
        let plan = plan(&store, &query(&stream, &page).unwrap());
        assert!(plan.contains("stream>? AND stream<?"), "{plan}");
    }
}
