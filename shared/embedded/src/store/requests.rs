//! The list of access requests: the newest submission first, then by id.

use kari_application::ports::{Item, ListError, Page, PageRequest, RequestFilter, RequestScope, Unavailable};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use uuid::Uuid;

use super::SqliteStore;
use super::cursor::{Place, after, rows_to_read};
use super::query::Query;
use super::read::{readable_item_of, readable_page_of};

pub(super) fn requests(
    store: &SqliteStore,
    scope: &RequestScope,
    filter: &RequestFilter,
    page: &PageRequest,
) -> Result<Page<Item>, ListError> {
    let query = query(scope, filter, page)?;
    let rows: Result<Vec<_>, Unavailable> = store.list(|connection| {
        connection
            .prepare_cached(&query.sql())?
            .query_map(params_from_iter(query.parameters()), row_of)?
            .collect()
    });
    Ok(readable_page_of(page, rows?))
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<(Option<Item>, Place)> {
    // An id that is none is behind every other of its instant.
    let id = row.get("request").map(Uuid::from_bytes).unwrap_or_default();
    Ok((readable_item_of(row), Place::Requests(row.get("submitted_at")?, id)))
}

fn query(scope: &RequestScope, filter: &RequestFilter, page: &PageRequest) -> Result<Query, ListError> {
    let after = after(page, |place| match place {
        Place::Requests(at, id) => Some([Value::from(at), Value::from(id.as_bytes().to_vec())]),
        Place::Items(_) | Place::Audit(..) | Place::Inbox(_) => None,
    })?;
    let of = match scope {
        RequestScope::All => None,
        RequestScope::Of(requester) => Some(requester),
    };
    let mut query = Query::new("SELECT * FROM items", "submitted_at DESC, request DESC", rows_to_read(page));
    query.and("submitted_at IS NOT NULL", []);
    for requester in of.into_iter().chain(&filter.requester) {
        query.and("requester = ?", [requester.to_string().into()]);
    }
    if let Some(account) = &filter.account {
        query.and("account = ?", [account.to_string().into()]);
    }
    if let Some(permission_set) = &filter.permission_set {
        query.and("permission_set = ?", [permission_set.to_string().into()]);
    }
    if !filter.states.is_empty() {
        query.and_any_of("state", filter.states.iter().map(|state| <&str>::from(state).to_owned().into()));
    }
    if let Some(place) = after {
        query.and("(submitted_at, request) < (?, ?)", place);
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use kari_domain::request::RequestState;

    use super::*;
    use crate::store::query::plan;

    fn plan_of(scope: &RequestScope, filter: &RequestFilter) -> String {
        let store = SqliteStore::in_memory().unwrap();
        let page = PageRequest { limit: 20, after: None };
        plan(&store, &query(scope, filter, &page).unwrap())
    }

    #[test]
    fn every_list_of_requests_is_read_from_an_index() {
        let mine = RequestScope::Of("u-1".parse().unwrap());
        let filter =
            |states: &[RequestState]| RequestFilter { states: states.to_vec(), ..RequestFilter::default() };
        let account =
            RequestFilter { account: Some("111122223333".parse().unwrap()), ..RequestFilter::default() };
        for (scope, filter, index) in [
            (&RequestScope::All, filter(&[]), "items_submitted"),
            (&mine, filter(&[]), "items_requester (requester=?"),
            (&RequestScope::All, filter(&[RequestState::Pending]), "items_state (state=?"),
            (&RequestScope::All, account, "items_account (account=?"),
        ] {
            let plan = plan_of(scope, &filter);
            assert!(plan.contains(index), "{filter:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
        }
        let several = plan_of(&RequestScope::All, &filter(&[RequestState::Pending, RequestState::Approved]));
        assert!(several.contains("items_state (state=?"), "{several}");
    }
}
