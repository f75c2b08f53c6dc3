//! Cursors: where in a list the next page begins. Opaque to others, and each belongs to one list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kari_application::ports::{Cursor, ListError, Page, PageRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const MOST_IN_A_PAGE: usize = 200;

/// The last thing on a page, by what its list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    Items(String),
    Requests(i64, Uuid),
    Audit(i64, i64),
    Inbox(i64),
}

impl Place {
    fn cursor(&self) -> Cursor {
        Cursor(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default()))
    }

    fn parse(cursor: &Cursor) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&cursor.0).ok()?).ok()
    }
}

/// Where the page begins. `own` picks what is a place of the list asked for.
pub(crate) fn after<T>(
    page: &PageRequest,
    own: impl FnOnce(Place) -> Option<T>,
) -> Result<Option<T>, ListError> {
    let Some(cursor) = &page.after else { return Ok(None) };
    Place::parse(cursor).and_then(own).map(Some).ok_or(ListError::BadCursor)
}

/// How many rows to read: one more than the page has, to know whether another page follows.
pub(crate) fn rows_to_read(page: &PageRequest) -> usize {
    limit(page) + 1
}

/// The page from the rows read.
pub(crate) fn page_of<T>(page: &PageRequest, mut rows: Vec<(T, Place)>) -> Page<T> {
    let more = rows.len() > limit(page);
    rows.truncate(limit(page));
    let next = rows.last().filter(|_| more).map(|(_, place)| place.cursor());
    Page { items: rows.into_iter().map(|(item, _)| item).collect(), next }
}

fn limit(page: &PageRequest) -> usize {
    page.limit.clamp(1, MOST_IN_A_PAGE)
}
