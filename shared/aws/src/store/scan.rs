//! Reading a list backwards from a place, with bounds on the effort.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::try_join_all;
use kari_application::ports::{Cursor, ListError, Page, PageRequest, Unavailable};

use super::{DynamoStore, Row, keys, row, unavailable};

pub(super) const MOST_IN_A_PAGE: usize = 200;
/// How many queries one page takes at most. A page that then is not full says where the next one begins.
pub(super) const MOST_QUERIES: usize = 3;
/// How many rows one query looks through where not all of them are wanted.
const LOOKED_THROUGH: usize = 500;

/// One partition of an index, and what is wanted of it.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) index: keys::Index,
    pub(super) partition: String,
    /// The first place and the one behind the last.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) filter: Filter,
}

/// Conditions on rows besides their place.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    conditions: Vec<String>,
    names: Vec<(String, &'static str)>,
    values: Vec<(String, String)>,
}

impl Filter {
    pub(super) fn is(&mut self, attribute: &'static str, value: impl Into<String>) {
        let name = self.name(attribute);
        let value = self.value(value);
        self.conditions.push(format!("{name} = {value}"));
    }

    pub(super) fn begins_with(&mut self, attribute: &'static str, prefix: impl Into<String>) {
        let name = self.name(attribute);
        let value = self.value(prefix);
        self.conditions.push(format!("begins_with({name}, {value})"));
    }

    pub(super) fn is_any_of(&mut self, attribute: &'static str, values: impl IntoIterator<Item = String>) {
        let name = self.name(attribute);
        let values: Vec<_> = values.into_iter().map(|value| self.value(value)).collect();
        self.conditions.push(format!("{name} IN ({})", values.join(", ")));
    }

    fn name(&mut self, attribute: &'static str) -> String {
        let name = format!("#f{}", self.names.len());
        self.names.push((name.clone(), attribute));
        name
    }

    fn value(&mut self, value: impl Into<String>) -> String {
        let name = format!(":f{}", self.values.len());
        self.values.push((name.clone(), value.into()));
        name
    }

    fn apply(&self, query: QueryFluentBuilder) -> QueryFluentBuilder {
        if self.conditions.is_empty() {
            return query;
        }
        let mut query = query.filter_expression(self.conditions.join(" AND "));
        for (name, attribute) in &self.names {
            query = query.expression_attribute_names(name, *attribute);
        }
        for (name, value) in &self.values {
            query = query.expression_attribute_values(name, row::text(value));
        }
        query
    }
}

/// What a scan found, and down to which place it knows everything.
struct Found {
    rows: Vec<Row>,
    /// `None` where nothing is left.
    down_to: Option<String>,
}

/// A page of several partitions read together, the highest place first.
pub(super) async fn page(
    store: &DynamoStore,
    list: &'static str,
    scans: Vec<Scan>,
    page: &PageRequest,
) -> Result<Page<Row>, ListError> {
    let limit = page.limit.clamp(1, MOST_IN_A_PAGE);
    let after = place_after(page, list)?;
    let queries = (MOST_QUERIES / scans.len().max(1)).max(1);
    let found =
        try_join_all(scans.iter().map(|scan| run(store, scan, after.as_deref(), limit, queries))).await?;
    let floor = found.iter().filter_map(|found| found.down_to.clone()).max();
    let mut rows: Vec<Row> = found.into_iter().flat_map(|found| found.rows).collect();
    rows.retain(|row| floor.as_deref().is_none_or(|floor| place(row) >= floor));
    rows.sort_by(|a, b| place(b).cmp(place(a)));
    let next = if rows.len() > limit {
        rows.truncate(limit);
        rows.last().map(|last| place(last).to_owned())
    } else {
        floor
    };
    Ok(Page { items: rows, next: next.map(|place| cursor(list, &place)) })
}

fn place(row: &Row) -> &str {
    row::get(row, keys::PLACE).unwrap_or_default()
}

async fn run(
    store: &DynamoStore,
    scan: &Scan,
    after: Option<&str>,
    limit: usize,
    queries: usize,
) -> Result<Found, Unavailable> {
    let to = after.map_or(scan.to.as_str(), |after| after.min(&scan.to));
    let mut found = Found { rows: vec![], down_to: None };
    if scan.from.as_str() > to {
        return Ok(found);
    }
    // One more than is wanted tells whether a page follows; one more is the place one begins behind.
    let at_once = if scan.filter.conditions.is_empty() { limit + 2 } else { LOOKED_THROUGH };
    let query = query(store, scan, to).limit(i32::try_from(at_once).unwrap_or(i32::MAX));
    let mut start = None;
    for _ in 0..queries {
        let answer = query.clone().set_exclusive_start_key(start).send().await.map_err(unavailable)?;
        let rows = answer.items.unwrap_or_default();
        found.rows.extend(rows.into_iter().filter(|row| Some(place(row)) != after));
        start = answer.last_evaluated_key;
        found.down_to = start.as_ref().map(|last| place(last).to_owned());
        if start.is_none() || found.rows.len() > limit {
            break;
        }
    }
    Ok(found)
}

fn query(store: &DynamoStore, scan: &Scan, to: &str) -> QueryFluentBuilder {
    let query = store
        .query()
        .index_name(scan.index.name)
        .key_condition_expression("#partition = :partition AND #sort BETWEEN :from AND :to")
        .expression_attribute_names("#partition", scan.index.partition)
        .expression_attribute_names("#sort", scan.index.sort)
        .expression_attribute_values(":partition", row::text(&scan.partition))
        .expression_attribute_values(":from", row::text(&scan.from))
        .expression_attribute_values(":to", row::text(to))
        .scan_index_forward(false);
    scan.filter.apply(query)
}

/// A cursor of one list.
pub(super) fn cursor(list: &str, place: &str) -> Cursor {
    Cursor(URL_SAFE_NO_PAD.encode(format!("{list} {place}")))
}

/// The place in this list at which a page begins.
pub(super) fn place_after(page: &PageRequest, list: &str) -> Result<Option<String>, ListError> {
    let Some(cursor) = &page.after else { return Ok(None) };
    let decoded = URL_SAFE_NO_PAD.decode(&cursor.0).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = decoded.as_deref().and_then(|text| text.strip_prefix(list)?.strip_prefix(' '));
    place.map(|place| Some(place.to_owned())).ok_or(ListError::BadCursor)
}
