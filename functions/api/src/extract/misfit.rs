//! What does not fit, in words for whoever sent it: parsers of numbers speak of Rust's types.

/// What is wrong with a field, by what a parser said of it. No field is `.`, or empty.
pub(super) fn in_words(field: &str, said: &str) -> String {
    if wants_whole_number(said) && !is_whole(field) {
        let example = if field.ends_with("_minutes") { " of minutes, for instance 60" } else { "" };
        return format!("{field} must be a whole number{example}, not negative and not too large");
    }
    if is_whole(field) || said.starts_with(field) { said.to_owned() } else { format!("{field}: {said}") }
}

/// Whether it is no field, but all of it.
fn is_whole(field: &str) -> bool {
    matches!(field, "" | ".")
}

/// As it is said of JSON, and of text.
fn wants_whole_number(said: &str) -> bool {
    let expected = said.rsplit_once("expected ").map(|(_, expected)| expected);
    expected.is_some_and(|expected| matches!(expected, "u8" | "u16" | "u32" | "u64" | "usize"))
        || said.starts_with("invalid digit found")
        || said.starts_with("number too large")
        || said.starts_with("cannot parse integer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_to_know_rust() {
        let cases = [
            (
                ("duration_minutes", "invalid value: integer `-1`, expected u32"),
                "duration_minutes must be a whole number of minutes, for instance 60, not negative and not too large",
            ),
            (
                ("limit", "number too large to fit in target type"),
                "limit must be a whole number, not negative and not too large",
            ),
            (
                ("accounts[0]", "an account's id must be 12 digits"),
                "accounts[0]: an account's id must be 12 digits",
            ),
            ((".", "missing field `accounts`"), "missing field `accounts`"),
            (("limit", "limit must be 1 to 200"), "limit must be 1 to 200"),
        ];
        for ((field, said), expected) in cases {
            assert_eq!(in_words(field, said), expected);
        }
    }
}
