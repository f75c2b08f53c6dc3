//! What is said in forms, in the languages that people are told things in.

use kari_domain::settings::Language;

/// Says a thing in one of the languages.
pub trait Pick {
    /// The text in this language.
    fn pick<'a>(self, english: &'a str, japanese: &'a str) -> &'a str;
}

impl Pick for Language {
    fn pick<'a>(self, english: &'a str, japanese: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Ja => japanese,
        }
    }
}
