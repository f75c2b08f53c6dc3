use chrono::{DateTime, Datelike, Timelike, Utc};
use kari_domain::time::Instant;
use serde::Deserialize;
use utoipa::ToSchema;

/// An instant that a client sends: RFC 3339, in the years 1970 to 9999, so that no arithmetic on it
/// can leave the calendar.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T04:00:00Z")]
pub struct At(pub Instant);

impl TryFrom<String> for At {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let at = DateTime::parse_from_rfc3339(&text).map(|at| at.with_timezone(&Utc));
        // A leap second has no place in most calendars, a browser's included.
        let ordinary = |at: &Instant| (1970..=9999).contains(&at.year()) && at.nanosecond() < 1_000_000_000;
        let at = at.ok().filter(ordinary);
        at.map(Self).ok_or("an instant must be like 2026-11-22T04:00:00Z")
    }
}
