//! A `SELECT` whose conditions depend on what is asked for. Values are always parameters.

use rusqlite::types::Value;

#[derive(Debug)]
pub(super) struct Query {
    select: &'static str,
    order: &'static str,
    conditions: Vec<String>,
    parameters: Vec<Value>,
    limit: usize,
}

impl Query {
    pub(super) fn new(select: &'static str, order: &'static str, limit: usize) -> Self {
        Self { select, order, conditions: Vec::new(), parameters: Vec::new(), limit }
    }

    /// Adds a condition with a `?` for each value.
    pub(super) fn and(&mut self, condition: &'static str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.parameters.extend(values);
    }

    /// Adds the condition that a column has one of the values.
    pub(super) fn and_any_of(&mut self, column: &'static str, values: impl Iterator<Item = Value>) {
        let before = self.parameters.len();
        self.parameters.extend(values);
        let marks = vec!["?"; self.parameters.len() - before].join(", ");
        self.conditions.push(format!("{column} IN ({marks})"));
    }

    pub(super) fn sql(&self) -> String {
        let conditions = if self.conditions.is_empty() { "TRUE" } else { &self.conditions.join(" AND ") };
        format!("{} WHERE {conditions} ORDER BY {} LIMIT ?", self.select, self.order)
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = Value> {
        self.parameters.iter().cloned().chain([Value::from(i64::try_from(self.limit).unwrap_or(i64::MAX))])
    }
}

/// How SQLite would answer the query, one step a line.
#[cfg(test)]
pub(super) fn plan(store: &super::SqliteStore, query: &Query) -> String {
    plan_of_sql(store, &query.sql(), query.parameters().collect())
}

#[cfg(test)]
pub(super) fn plan_of_sql(store: &super::SqliteStore, sql: &str, parameters: Vec<Value>) -> String {
    let steps: rusqlite::Result<Vec<String>> = store
        .read(|connection| {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let rows =
                statement.query_map(rusqlite::params_from_iter(parameters), |row| row.get("detail"))?;
            Ok(rows.collect())
        })
        .unwrap();
    steps.unwrap().join("\n")
}
