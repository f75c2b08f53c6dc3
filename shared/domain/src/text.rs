//! Text that people write: any language, bounded, without control characters.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// How many marks in a row one character may carry.
const MOST_MARKS: usize = 8;

/// Why a text was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedText {
    #[error("{what} needs at least {shortest} characters")]
    TooShort { what: &'static str, shortest: usize },
    #[error("{what} may have at most {longest} characters")]
    TooLong { what: &'static str, longest: usize },
    #[error("{what} contains a control, invisible or heaped character; remove it")]
    ControlCharacter { what: &'static str },
}

/// NB. Characters that turn the direction of text, or that nobody sees, can make a text read as something it is
/// not, so they are refused like control characters. What our table of characters does not know yet is taken:
/// languages and emoji are added every year.
fn is_forbidden(c: char) -> bool {
    // Most characters that are ever read are of these, and looking up the others takes long.
    if c.is_ascii() {
        return c.is_ascii_control() && !is_layout(c);
    }
    match c.general_category() {
        GeneralCategory::Format => !is_joiner(c),
        GeneralCategory::Control
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::Surrogate => true,
        GeneralCategory::Unassigned => is_never_shown(c),
        _ => false,
    }
}

/// Unicode keeps these for what is not shown, though nothing is assigned there yet.
fn is_never_shown(c: char) -> bool {
    matches!(c, '\u{2065}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_layout(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t')
}

/// Families of people and some scripts are written with them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Marks on the character before, variants of it among them, as emoji and Japanese names have them.
fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && matches!(c.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

/// What alone is drawn as nothing.
fn is_blank(c: char) -> bool {
    let empty_letter =
        matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    c.is_whitespace() || empty_letter || is_joiner(c) || is_mark(c)
}

/// Whether marks are heaped upon one character: no script needs so many, and they cover what is beside.
fn is_heaped(text: &str) -> bool {
    let mut marks = 0;
    text.chars().any(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        marks > MOST_MARKS
    })
}

/// Whether a text may read as something it is not.
pub fn misleads(text: &str) -> bool {
    text.chars().any(is_forbidden) || is_heaped(text)
}

fn check(
    what: &'static str,
    text: &str,
    shortest: usize,
    longest: usize,
    lines: Lines,
) -> Result<String, MalformedText> {
    let text = text.trim_matches(char::is_whitespace);
    let length = text.chars().count();
    let shows_nothing = text.chars().all(is_blank);
    let one_line = lines == Lines::One && text.chars().any(is_layout);
    if misleads(text) || one_line {
        Err(MalformedText::ControlCharacter { what })
    } else if shows_nothing || length < shortest {
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

/// Deserializes a text as [`parse`](Justification::parse) takes it: for what people write just now, as in
/// `#[serde(deserialize_with = "written")]`.
///
/// # Errors
/// [`MalformedText`] as the deserializer's error.
pub fn written<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<String, Error = MalformedText>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
}

/// [`written`] for what may be missing or null.
///
/// # Errors
/// [`MalformedText`] as the deserializer's error.
pub fn written_if_any<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<String, Error = MalformedText>,
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(T::try_from).transpose().map_err(D::Error::custom)
}

// NB. What is stored is read whatever the rules are by then: they follow a table of characters that changes,
// and events are for ever. So deserializing takes everything, and `parse` and `written` do not.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $shortest:literal..=$longest:literal, $lines:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
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
    fn a_justification_has_as_many_characters_as_it_is_written_with_signs_on_others_and_new_ones_too() {
        // Vowels and tones are marks in Thai and Hindi; a heart in colour counts two.
        for good in ["ซ่อมเซิร์ฟ", "सर्वर ठीका", "❤\u{fe0f}".repeat(5).as_str()]
        {
            assert_eq!(good.chars().count(), 10);
            assert!(Justification::parse(good).is_ok(), "{good:?}");
        }
        // A company's own sign, and one that our table does not know.
        for good in ["see \u{e000} and \u{f8ff}", "the sign \u{378} of \u{1faff}"] {
            assert!(Justification::parse(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn what_was_stored_is_read_whatever_the_rules_are_by_now() {
        for stored in ["short", "\u{200b}\u{202e} was taken once", ""] {
            let text: Justification = serde_json::from_value(stored.into()).unwrap();
            assert_eq!(text.as_str(), stored);
            assert_eq!(serde_json::to_value(&text).unwrap(), stored);
            assert!(written::<Justification, _>(serde_json::Value::from(stored)).is_err());
        }
        let kept = written::<Justification, _>(serde_json::Value::from(" the disk is full ")).unwrap();
        assert_eq!(kept.as_str(), "the disk is full");
        assert_eq!(written_if_any::<Note, _>(serde_json::Value::Null).unwrap(), None);
        assert!(written_if_any::<Note, _>(serde_json::Value::from("\u{200b}")).is_err());
    }

    #[test]
    fn a_text_that_looks_empty_or_pretends_to_be_more_than_one_is_refused() {
        let unseen = ["\u{3164}", "\u{2800}", "\u{200d}", "\u{34f} ", "\u{17b4}", "\u{301} "];
        for bad in unseen.map(|unseen| unseen.repeat(8)) {
            assert!(matches!(Justification::parse(&bad), Err(MalformedText::TooShort { .. })), "{bad:?}");
        }
        for bad in ["\u{3164}", "\u{ffa0}", "\u{200d}", "\u{200c} "].map(|unseen| unseen.repeat(20)) {
            assert!(matches!(Justification::parse(&bad), Err(MalformedText::TooShort { .. })), "{bad:?}");
        }
        for bad in ["\u{200b}", "INC-1\nApproved by: somebody", "INC-1\u{200f}", "INC-1\u{e0041}"] {
            assert!(matches!(Ticket::parse(bad), Err(MalformedText::ControlCharacter { .. })), "{bad:?}");
        }
        for bad in ["a\u{2028}b", "a\u{2065}b", "a\u{fff9}b", "a\u{180e}b", "a\u{206a}b", "a\u{e0fff}b"] {
            assert!(matches!(Comment::parse(bad), Err(MalformedText::ControlCharacter { .. })), "{bad:?}");
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
    fn marks_may_be_put_on_characters_but_not_heaped_upon_one() {
        // A name with a variant of its character, a heart in colour, Vietnamese letters in parts.
        for good in ["葛\u{e0100}城さん", "❤\u{fe0f}", "vie\u{302}\u{323}t nam"] {
            assert!(Comment::parse(good).is_ok(), "{good:?}");
        }
        let heaped = |marks: usize| Comment::parse(&format!("a{}b", "\u{301}".repeat(marks)));
        assert!(heaped(8).is_ok());
        assert!(matches!(heaped(9), Err(MalformedText::ControlCharacter { .. })));
    }

    #[test]
    fn the_limits_of_a_text_are_within_and_one_more_is_not() {
        for good in [10, 1000] {
            assert!(Justification::parse(&"あ".repeat(good)).is_ok(), "{good}");
        }
        for bad in [0, 9, 1001] {
            assert!(Justification::parse(&"あ".repeat(bad)).is_err(), "{bad}");
        }
        assert!(Justification::parse("fix the db").is_ok(), "spaces between words count");
        assert!(Justification::parse("fix my db").is_err());
    }

    #[test]
    fn space_around_a_text_is_cut_off_and_line_breaks_inside_are_kept() {
        let comment = Comment::parse(" \n yes,\r\n\tplease \n").unwrap();
        assert_eq!(comment.as_str(), "yes,\r\n\tplease");
        assert_eq!(Comment::parse("yes").unwrap().as_str(), "yes");
    }

    #[test]
    fn every_direction_override_is_refused() {
        for c in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            assert!(Comment::parse(&format!("a{c}b")).is_err(), "{c:?}");
        }
    }
}
