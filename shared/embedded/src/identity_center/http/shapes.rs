//! How values look on the wire, whatever the service.

use kari_domain::time::{Instant, Minutes};
use serde_json::Value;

/// Absent members are left out; AWS never sends `null`.
pub(super) fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let there = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(there.map(|(name, member)| (name, present(member))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(present).collect()),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => value,
    }
}

/// Seconds since the epoch, with a fraction.
pub(super) fn epoch_seconds(at: Instant) -> f64 {
    (at - Instant::UNIX_EPOCH).to_std().unwrap_or_default().as_secs_f64()
}

/// A length of time as ISO 8601 writes it.
pub(super) fn iso_duration(length: Minutes) -> String {
    let (hours, minutes) = (length.0 / 60, length.0 % 60);
    match (hours, minutes) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use super::*;

    #[test]
    fn instants_are_seconds_since_the_epoch_with_a_fraction() {
        let at = Instant::UNIX_EPOCH + TimeDelta::milliseconds(1_800_000_000_250);
        assert_eq!(json!(epoch_seconds(at)).to_string(), "1800000000.25");
        assert_eq!(json!(epoch_seconds(Instant::UNIX_EPOCH)).to_string(), "0.0");
    }

    #[test]
    fn sessions_last_hours_minutes_or_both() {
        let written = [60, 90, 45, 720].map(|minutes| iso_duration(Minutes(minutes)));
        assert_eq!(written, ["PT1H", "PT1H30M", "PT45M", "PT12H"]);
    }

    #[test]
    fn absent_members_are_left_out_at_every_depth() {
        let value = json!({"a": null, "b": [{"c": null, "d": false}]});
        assert_eq!(present(value), json!({"b": [{"d": false}]}));
    }
}
