//! What is measured, as CloudWatch reads it out of the log: its embedded metric format, one JSON object a
//! line. `infra/metrics.json` says what each means; alarms rest on them.

use kari_domain::time::Instant;
use serde_json::{Value, json};

const NAMESPACE: &str = "Kari";
/// The deployment is told from others in the account by its table.
const DIMENSION: &str = "Table";

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Removals that should have been observed more than five minutes ago, and are not blocked.
    OverdueRemovals,
    /// Removals that cannot succeed for now: the account is suspended, closed or out of reach.
    BlockedRemovals,
    /// For how long that which has been due longest has been due.
    OldestDueSeconds,
    /// 1 whenever everything overdue was looked for.
    Reconciled,
    /// For how long the directory has not been read.
    DirectoryAgeSeconds,
    /// 1 whenever what the records say is there was looked for in Identity Center.
    Compared,
    /// 1 whenever accounts were looked through for what nobody knows of.
    Searched,
    /// Differences between Identity Center and the records that were not known before.
    Drift,
    /// Records that cannot be understood.
    DeadLetters,
    /// Destinations of a channel that take nothing, however often it is tried.
    Undeliverable,
}

impl Metric {
    /// Everything that is measured.
    pub const ALL: [Self; 10] = [
        Self::OverdueRemovals,
        Self::BlockedRemovals,
        Self::OldestDueSeconds,
        Self::Reconciled,
        Self::DirectoryAgeSeconds,
        Self::Compared,
        Self::Searched,
        Self::Drift,
        Self::DeadLetters,
        Self::Undeliverable,
    ];

    /// Its name in CloudWatch.
    pub fn name(self) -> &'static str {
        match self {
            Self::OverdueRemovals => "OverdueRemovals",
            Self::BlockedRemovals => "BlockedRemovals",
            Self::OldestDueSeconds => "OldestDueSeconds",
            Self::Reconciled => "Reconciled",
            Self::DirectoryAgeSeconds => "DirectoryAgeSeconds",
            Self::Compared => "Compared",
            Self::Searched => "Searched",
            Self::Drift => "Drift",
            Self::DeadLetters => "DeadLetters",
            Self::Undeliverable => "Undeliverable",
        }
    }

    /// CloudWatch's unit of it.
    pub fn unit(self) -> &'static str {
        match self {
            Self::OldestDueSeconds | Self::DirectoryAgeSeconds => "Seconds",
            Self::OverdueRemovals
            | Self::BlockedRemovals
            | Self::Reconciled
            | Self::Compared
            | Self::Searched
            | Self::Drift
            | Self::DeadLetters
            | Self::Undeliverable => "Count",
        }
    }
}

/// Writes what is measured in one deployment.
#[derive(Debug, Clone)]
pub struct Metrics {
    table: String,
}

impl Metrics {
    /// For the deployment with this table.
    pub fn new(table: impl Into<String>) -> Self {
        Self { table: table.into() }
    }

    /// Writes one line with these values.
    #[expect(clippy::print_stdout, reason = "CloudWatch reads the log of a function from there")]
    pub fn emit(&self, at: Instant, values: &[(Metric, u64)]) {
        println!("{}", self.line(at, values));
    }

    /// The line, for instance `{"_aws":{…},"Table":"kari","Drift":2}`.
    pub fn line(&self, at: Instant, values: &[(Metric, u64)]) -> Value {
        let metrics: Vec<_> =
            values.iter().map(|(metric, _)| json!({"Name": metric.name(), "Unit": metric.unit()})).collect();
        let directive = json!({"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": metrics});
        let mut line = json!({
            "_aws": {"Timestamp": at.timestamp_millis(), "CloudWatchMetrics": [directive]},
            DIMENSION: self.table,
        });
        if let Some(line) = line.as_object_mut() {
            line.extend(values.iter().map(|(metric, value)| (metric.name().to_owned(), Value::from(*value))));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    /// The list that alarms are held against.
    const LIST: &str = include_str!("../../../infra/metrics.json");

    #[test]
    fn what_is_measured_is_exactly_what_the_list_says() {
        let list: Value = serde_json::from_str(LIST).unwrap();
        assert_eq!(list["namespace"], NAMESPACE);
        assert_eq!(list["dimensions"], json!([DIMENSION]));
        let listed = list["metrics"].as_array().unwrap().iter();
        let mut listed: Vec<_> =
            listed.map(|m| (m["name"].as_str().unwrap(), m["unit"].as_str().unwrap())).collect();
        let mut known = Metric::ALL.map(|metric| (metric.name(), metric.unit()));
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(listed, known);
    }

    #[test]
    fn a_line_is_in_the_embedded_metric_format() {
        let at = DateTime::parse_from_rfc3339("2026-03-02T09:00:00Z").unwrap().into();
        let line = Metrics::new("kari").line(at, &[(Metric::Drift, 2), (Metric::OldestDueSeconds, 61)]);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_772_442_000_000_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "Kari",
                    "Dimensions": [["Table"]],
                    "Metrics": [
                        {"Name": "Drift", "Unit": "Count"},
                        {"Name": "OldestDueSeconds", "Unit": "Seconds"},
                    ],
                }],
            },
            "Table": "kari",
            "Drift": 2,
            "OldestDueSeconds": 61,
        });
        assert_eq!(line, expected);
    }
}
