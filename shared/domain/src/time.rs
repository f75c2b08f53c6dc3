//! Instants and durations. All instants are UTC; local time exists only in what people see.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A moment, in UTC.
pub type Instant = DateTime<Utc>;

/// The moment without its fraction of a second. What is promised to people is promised in whole
/// seconds, because Step Functions waits to the second.
pub fn whole_seconds(at: Instant) -> Instant {
    at.trunc_subsecs(0)
}

/// A length of time in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(pub u32);

impl Minutes {
    /// The length as a time difference.
    pub fn delta(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.0))
    }
}

/// The shortest grant that may be asked for.
pub const SHORTEST_GRANT: Minutes = Minutes(15);
/// How far ahead of now a start may lie.
pub const FURTHEST_START: TimeDelta = TimeDelta::days(30);
/// How long an activation may take before it is given up: access must not appear when nobody needs
/// it any more (`failure-modes` 42).
pub const ACTIVATION_DEADLINE: TimeDelta = TimeDelta::minutes(15);
/// How long Identity Center's listings may lag behind its operations.
pub const LISTING_GRACE: TimeDelta = TimeDelta::minutes(2);
/// How long after its removal an assignment that reappears is taken for a late creation of ours.
pub const LATE_CREATION_WATCH: TimeDelta = TimeDelta::minutes(15);
/// How long an ending may take before it counts as overdue and people are alarmed.
pub const REMOVAL_OVERDUE: TimeDelta = TimeDelta::minutes(5);

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn fractions_of_a_second_are_cut_off_and_never_rounded_up() {
        let at = Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap();
        assert_eq!(whole_seconds(at + TimeDelta::milliseconds(999)), at);
        assert_eq!(whole_seconds(at), at);
    }

    #[test]
    fn minutes_have_sixty_seconds() {
        assert_eq!(Minutes(15).delta(), TimeDelta::seconds(900));
    }
}
