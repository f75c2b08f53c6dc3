//! The part of DynamoDB that Kari's first answers, and whoever prepares them, need: one table in memory, in pages as
//! DynamoDB gives them. NB. Conditions and limits are not looked at, indexes are empty, and what else it is asked to do
//! it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Included};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

/// How many bytes of rows DynamoDB puts into one page.
const PAGE: usize = 1024 * 1024;
const DONE: &str = "{}";

type Rows = BTreeMap<(String, String), Row>;

/// A row as it is answered, each attribute by its name: what is measured waits for nobody who writes JSON.
#[derive(Debug)]
struct Row {
    attributes: Vec<(String, String)>,
    bytes: usize,
}

impl Row {
    /// The attributes that were asked for.
    fn json(&self, asked: Option<&BTreeSet<&str>>) -> String {
        let wanted = |name: &str| asked.is_none_or(|asked| asked.contains(name));
        let attributes = self.attributes.iter().filter(|(name, _)| wanted(name));
        let attributes: Vec<_> = attributes.map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
        format!("{{{}}}", attributes.join(","))
    }
}

/// A table. Its clones are the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table(Arc<Mutex<Rows>>);

impl Table {
    /// What DynamoDB answers; `None` to what is not known here.
    pub(crate) fn answer(&self, operation: &str, asked: &Value) -> Option<String> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match operation {
            "GetItem" => {
                let found = rows.get(&key(asked.get("Key")?)?);
                Some(found.map_or_else(|| DONE.to_owned(), |row| format!(r#"{{"Item":{}}}"#, row.json(None))))
            }
            "Query" if asked.get("IndexName").is_some() => Some(page(&[], None)),
            "Query" => query(&rows, asked),
            "PutItem" => {
                put(&mut rows, asked)?;
                Some(DONE.to_owned())
            }
            "TransactWriteItems" => {
                for action in asked.get("TransactItems")?.as_array()? {
                    match action.get("Put") {
                        Some(action) => put(&mut rows, action)?,
                        None => update(&mut rows, action.get("Update")?)?,
                    }
                }
                Some(DONE.to_owned())
            }
            _ => None,
        }
    }
}

fn key(attributes: &Value) -> Option<(String, String)> {
    let text = |name: &str| Some(attributes.get(name)?.get("S")?.as_str()?.to_owned());
    Some((text("pk")?, text("sk")?))
}

fn put(rows: &mut Rows, asked: &Value) -> Option<()> {
    keep(rows, asked.get("Item")?)
}

fn keep(rows: &mut Rows, item: &Value) -> Option<()> {
    let attributes = item.as_object()?.iter().map(|(name, value)| (name.clone(), value.to_string()));
    let row = Row { attributes: attributes.collect(), bytes: bytes(item)? };
    rows.insert(key(item)?, row);
    Some(())
}

/// By `SET #a = :a, #b = :b REMOVE #c, #d`, as the store writes it.
fn update(rows: &mut Rows, asked: &Value) -> Option<()> {
    let (names, values) = (asked.get("ExpressionAttributeNames")?, asked.get("ExpressionAttributeValues")?);
    let expression = asked.get("UpdateExpression")?.as_str()?.strip_prefix("SET ")?;
    let (set, removed) = expression.split_once(" REMOVE ").unwrap_or((expression, ""));
    let mut item = match rows.get(&key(asked.get("Key")?)?) {
        Some(row) => serde_json::from_str(&row.json(None)).ok()?,
        None => asked.get("Key")?.clone(),
    };
    let attributes = item.as_object_mut()?;
    for assignment in set.split(", ") {
        let (name, value) = assignment.split_once(" = ")?;
        attributes.insert(names.get(name)?.as_str()?.to_owned(), values.get(value)?.clone());
    }
    for name in removed.split(", ").filter(|name| !name.is_empty()) {
        attributes.remove(names.get(name)?.as_str()?);
    }
    keep(rows, &item)
}

/// As DynamoDB counts: the names of all attributes, and what they hold.
fn bytes(item: &Value) -> Option<usize> {
    let attributes = item.as_object()?.iter();
    Some(attributes.map(|(name, value)| name.len() + bytes_held(value)).sum())
}

fn bytes_held(value: &Value) -> usize {
    let held = |kind: &str| value.get(kind).and_then(Value::as_str).map(str::len);
    let digits = || held("N").map(|digits| digits / 2 + 1);
    held("S").or_else(|| held("B").map(|base64| base64 / 4 * 3)).or_else(digits).unwrap_or(1)
}

/// The rows of a partition, from one sort key to another where it says so; those that one page has room for, whatever
/// of them is asked for.
fn query(rows: &Rows, asked: &Value) -> Option<String> {
    let value = |name: &str| asked.get("ExpressionAttributeValues")?.get(name)?.get("S")?.as_str();
    let partition = value(":partition").or_else(|| value(":pk"))?;
    let place = |sort: &str| (partition.to_owned(), sort.to_owned());
    let first = Included(place(value(":first").unwrap_or_default()));
    let last = Included(place(value(":last").unwrap_or("\u{10ffff}")));
    let first = asked.get("ExclusiveStartKey").and_then(key).map_or(first, Excluded);
    let names = asked.get("ProjectionExpression").and_then(Value::as_str);
    let names: Option<BTreeSet<_>> = names.map(|names| names.split(", ").collect());
    let mut found = rows.range((first, last)).peekable();
    let (mut items, mut bytes, mut end) = (vec![], 0, None);
    while let Some((place, row)) = found.next_if(|(_, row)| bytes + row.bytes <= PAGE) {
        bytes += row.bytes;
        items.push(row.json(names.as_ref()));
        end = Some(place);
    }
    let more = found.peek().is_some();
    Some(page(&items, end.filter(|_| more)))
}

fn page(items: &[String], end: Option<&(String, String)>) -> String {
    let end = end.map(|(pk, sk)| json!({"pk": {"S": pk}, "sk": {"S": sk}}));
    let end = end.map_or_else(String::new, |key| format!(r#","LastEvaluatedKey":{key}"#));
    let (count, items) = (items.len(), items.join(","));
    format!(r#"{{"Items":[{items}],"Count":{count},"ScannedCount":{count}{end}}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(table: &Table, operation: &str, asked: &Value) -> Value {
        serde_json::from_str(&table.answer(operation, asked).unwrap()).unwrap()
    }

    fn with_rows(count: usize, body: &str) -> Table {
        let table = Table::default();
        for number in 0..count {
            let sk = format!("row#{number:04}");
            let item = json!({"pk": {"S": "p"}, "sk": {"S": sk}, "body": {"S": body}});
            ask(&table, "PutItem", &json!({"Item": item}));
        }
        table
    }

    #[test]
    fn a_page_has_a_megabyte_at_most_and_the_next_one_begins_behind_it() {
        let table = with_rows(25, &"x".repeat(100_000));
        let between = json!({":pk": {"S": "p"}, ":first": {"S": "row#0001"}, ":last": {"S": "row#0023"}});
        let mut asked = json!({"ExpressionAttributeValues": between, "ProjectionExpression": "pk, sk"});
        let mut pages = vec![];
        loop {
            let page = ask(&table, "Query", &asked);
            pages.push(page["Count"].as_u64().unwrap());
            assert!(page["Items"][0].get("sk").is_some());
            assert_eq!(page["Items"][0].get("body"), None, "it was not asked for");
            let Some(end) = page.get("LastEvaluatedKey") else { break };
            asked["ExclusiveStartKey"] = end.clone();
        }
        assert_eq!(pages, [10, 10, 3]);
    }

    #[test]
    fn an_update_makes_a_row_or_changes_what_it_names_of_one() {
        let table = with_rows(1, "before");
        for (sk, before) in [("row#0000", true), ("row#0001", false)] {
            let key = json!({"pk": {"S": "p"}, "sk": {"S": sk}});
            let update = json!({
                "Key": key, "UpdateExpression": "SET #version = :version REMOVE #body",
                "ExpressionAttributeNames": {"#version": "version", "#body": "body"},
                "ExpressionAttributeValues": {":version": {"N": "2"}, ":expected": {"N": "1"}},
            });
            assert_eq!(ask(&table, "GetItem", &json!({"Key": key})).get("Item").is_some(), before);
            ask(&table, "TransactWriteItems", &json!({"TransactItems": [{"Update": update}]}));
            let found = ask(&table, "GetItem", &json!({"Key": key}));
            let expected = json!({"pk": {"S": "p"}, "sk": {"S": sk}, "version": {"N": "2"}});
            assert_eq!(found, json!({"Item": expected}));
        }
    }

    #[test]
    fn what_is_not_known_is_not_answered() {
        let table = Table::default();
        assert_eq!(table.answer("Scan", &json!({})), None);
        let delete = json!({"TransactItems": [{"Delete": {}}]});
        assert_eq!(table.answer("TransactWriteItems", &delete), None);
    }
}
