//! Lengths of time as people write them: `"45m"`, `"4h"`, `"1h 30m"`, or a number of minutes.

use std::fmt;

use kari_domain::time::Minutes;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A length of time in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length(pub(super) Minutes);

const EXPECTED: &str = "a length of time such as \"45m\", \"4h\", \"1h 30m\", or a number of minutes";

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LengthVisitor)
    }
}

struct LengthVisitor;

impl Visitor<'_> for LengthVisitor {
    type Value = Length;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Length, E> {
        let malformed = || E::custom(format!("`{text}` is not right here: expected {EXPECTED}"));
        parse(text).map(|minutes| Length(Minutes(minutes))).ok_or_else(malformed)
    }

    fn visit_i64<E: Error>(self, minutes: i64) -> Result<Length, E> {
        let malformed = |_| E::custom(format!("`{minutes}` is not right here: expected {EXPECTED}"));
        u32::try_from(minutes).map(|minutes| Length(Minutes(minutes))).map_err(malformed)
    }
}

fn parse(text: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit_and_rest) = rest.split_at(digits);
        let minutes_each = match unit_and_rest.chars().next()? {
            'm' => 1,
            'h' => 60,
            'd' => 24 * 60,
            _ => return None,
        };
        let part = number.parse::<u32>().ok()?.checked_mul(minutes_each)?;
        total = total.checked_add(part)?;
        rest = unit_and_rest.get(1..)?.trim_start();
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lengths_are_written_in_days_hours_and_minutes() {
        for (text, minutes) in [("45m", 45), ("4h", 240), ("1h 30m", 90), ("1h30m", 90), ("1d", 1_440)] {
            assert_eq!(parse(text), Some(minutes), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_a_length() {
        for text in ["", "  ", "4", "h", "4x", "-4h", "4.5h", "99999999999h", "99999999d", "四h", "4h!"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
