//! Text that people write: any language, bounded, without control characters.

use serde::{Deserialize, Serialize};

/// Why a text was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedText {
    #[error("{what} needs at least {shortest} characters")]
    TooShort { what: &'static str, shortest: usize },
    #[error("{what} may have at most {longest} characters")]
    TooLong { what: &'static str, longest: usize },
    #[error("{what} contains a control or invisible character; remove it")]
    ControlCharacter { what: &'static str },
}

/// NB. Characters that turn the direction of text, or that nobody sees, can make a text read as something
/// it is not, so they are refused like control characters.
fn is_forbidden(c: char) -> bool {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unseen =
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    (c.is_control() && !is_layout(c)) || turns || unseen
}

fn is_layout(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t')
}

/// Letters that are drawn as nothing, and joiners, which some scripts need between others.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{115f}' | '\u{1160}' | '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
        )
}

fn check(
    what: &'static str,
    text: &str,
    shortest: usize,
    longest: usize,
    lines: Lines,
) -> Result<String, MalformedText> {
    let text = text.trim_matches(is_blank);
    let length = text.chars().count();
    let one_line = lines == Lines::One && text.chars().any(is_layout);
    if text.chars().any(is_forbidden) || one_line {
        Err(MalformedText::ControlCharacter { what })
    } else if length < shortest {
        Err(MalformedText::TooShort { what, shortest })
    } else if length > longest {
        Err(MalformedText::TooLong { what, longest })
    } else {
        Ok(text.to_owned())
    }
}

/// Whether a text may have line breaks and tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $shortest:literal..=$longest:literal, $lines:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the text; space around it is cut off.
            ///
            /// # Errors
            /// [`MalformedText`] if it is too short, too long or holds control characters.
            pub fn parse(text: &str) -> Result<Self, MalformedText> {
                check($what, text, $shortest, $longest, Lines::$lines).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = MalformedText;
            fn try_from(text: String) -> Result<Self, MalformedText> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
    };
}

text!(
    /// Why access is asked for.
    Justification, "the justification", 10..=1000, Many
);
text!(
    /// A ticket's number or address in some other system.
    Ticket, "the ticket", 1..=100, One
);
text!(
    /// What a reviewer or somebody who revokes says about it.
    Comment, "the comment", 1..=1000, Many
);
text!(
    /// The name of a policy.
    PolicyName, "the name", 1..=100, One
);
text!(
    /// A note that an eligibility policy shows in the request form.
    Note, "the note", 1..=500, Many
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_justification_may_be_in_any_language_and_counts_characters_not_bytes() {
        assert!(Justification::parse("障害対応のため本番を確認します").is_ok());
        assert!(Justification::parse(&"あ".repeat(1000)).is_ok());
        assert!(Justification::parse("INC-1: fix: step 2\nthen <b>*more*</b> 🙂").is_ok());
    }

    #[test]
    fn a_text_that_looks_empty_or_pretends_to_be_more_than_one_is_refused() {
        for bad in ["\u{3164}".repeat(12), "\u{2800}".repeat(12), "\u{200d}".repeat(12)] {
            assert!(matches!(Justification::parse(&bad), Err(MalformedText::TooShort { .. })), "{bad:?}");
        }
        for bad in ["\u{200b}", "INC-1\nApproved by: somebody", "INC-1\u{200f}", "INC-1\u{e0041}"] {
            assert!(matches!(Ticket::parse(bad), Err(MalformedText::ControlCharacter { .. })), "{bad:?}");
        }
        // A family is joined of people, and Persian needs its joiners.
        assert!(Justification::parse("for the 👨\u{200d}👩\u{200d}👧 release می\u{200c}خواهم").is_ok());
    }

    #[test]
    fn a_text_is_refused_when_too_short_too_long_or_deceptive() {
        assert!(matches!(Justification::parse("   short   "), Err(MalformedText::TooShort { .. })));
        assert!(matches!(Justification::parse(&"a".repeat(1001)), Err(MalformedText::TooLong { .. })));
        for bad in ["bell \u{7} rings here", "null \0 null null", "\u{202e}gnp.exe in reverse"] {
            assert!(
                matches!(Justification::parse(bad), Err(MalformedText::ControlCharacter { .. })),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_limits_of_a_text_are_within_and_one_more_is_not() {
        for good in [10, 1000] {
            assert!(Justification::parse(&"あ".repeat(good)).is_ok(), "{good}");
        }
        for bad in [0, 9, 1001] {
            assert!(Justification::parse(&"あ".repeat(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn space_around_a_text_is_cut_off_and_line_breaks_inside_are_kept() {
        assert_eq!(
            Comment::parse(" \n yes,\r\n\tplease \n").map(String::from),
            Ok("yes,\r\n\tplease".to_owned())
        );
        assert_eq!(Comment::parse("yes").unwrap().as_str(), "yes");
    }

    #[test]
    fn every_direction_override_is_refused() {
        for c in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            assert!(Comment::parse(&format!("a{c}b")).is_err(), "{c:?}");
        }
        assert!(Comment::parse("a\u{2065}\u{206a}b").is_ok());
    }

    #[test]
    fn a_text_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<Justification>("\"too short\"").is_err());
        assert_eq!(serde_json::to_string(&Ticket::parse("INC-1").unwrap()).unwrap(), "\"INC-1\"");
    }
}
