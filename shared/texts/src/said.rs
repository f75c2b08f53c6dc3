//! Texts with something put in.

use kari_domain::settings::Language;
use kari_domain::time::{Instant, Minutes};
use serde::{Deserialize, Serialize};

use crate::texts::{Texts, texts};

/// What is put into a text.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    Text(&'a str),
    At(Instant),
}

/// A part of what is said. Instants are by themselves: some channels show them in the time zone of whoever reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    Text(String),
    At(Instant),
}

/// A text with its pieces. No two texts follow each other, and none is empty.
pub fn said(template: &str, pieces: &[(&str, Piece<'_>)]) -> Vec<Said> {
    let mut all = vec![];
    let mut words = String::new();
    for part in split(template) {
        match part.piece(pieces) {
            Piece::Text(more) => words.push_str(more),
            Piece::At(at) => {
                all.extend(so_far(&mut words));
                all.push(Said::At(at));
            }
        }
    }
    all.extend(so_far(&mut words));
    all
}

fn so_far(words: &mut String) -> Option<Said> {
    (!words.is_empty()).then(|| Said::Text(std::mem::take(words)))
}

/// A text with its pieces, plain; instants in UTC.
pub fn plain(template: &str, pieces: &[(&str, Piece<'_>)]) -> String {
    said(template, pieces).iter().map(Said::plain).collect()
}

impl Said {
    /// As plain text; an instant in UTC.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(words) => words.clone(),
            Self::At(at) => in_utc(*at),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Words(&'a str),
    Place(&'a str),
}

/// Words and places by turns.
fn split(template: &str) -> Vec<Part<'_>> {
    let part = |(number, text)| if number % 2 == 0 { Part::Words(text) } else { Part::Place(text) };
    template.split(['{', '}']).enumerate().map(part).collect()
}

impl<'a> Part<'a> {
    fn piece<'p>(self, pieces: &[(&str, Piece<'p>)]) -> Piece<'p>
    where
        'a: 'p,
    {
        match self {
            Self::Words(words) => Piece::Text(words),
            Self::Place(name) => {
                let found = pieces.iter().find(|(known, _)| *known == name);
                found.map_or(Piece::Text(""), |(_, piece)| *piece)
            }
        }
    }
}

/// An instant in UTC.
pub fn in_utc(at: Instant) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A length of time in words.
pub fn duration(language: Language, length: Minutes) -> String {
    let said: &Texts = texts(language);
    let (hours, minutes) = ((length.0 / 60).to_string(), (length.0 % 60).to_string());
    let days = (length.0 / (24 * 60)).to_string();
    let fill = |template: &str| {
        let pieces = [("days", &days), ("hours", &hours), ("minutes", &minutes)];
        plain(template, &pieces.map(|(name, number)| (name, Piece::Text(number))))
    };
    match length.0 {
        short if short < 60 => fill(said.minutes),
        whole if whole % (24 * 60) == 0 => fill(said.days),
        whole if whole % 60 == 0 => fill(said.hours),
        _ => fill(said.hours_and_minutes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_never_taken_for_a_place() {
        let pieces = [("a", Piece::Text("{b} <!channel> *x*")), ("b", Piece::Text("no"))];
        assert_eq!(plain("[{a}]", &pieces), "[{b} <!channel> *x*]");
        assert_eq!(said("[{a}]", &pieces), [Said::Text("[{b} <!channel> *x*]".to_owned())]);
    }

    #[test]
    fn an_instant_stands_by_itself_and_in_plain_text_in_utc() {
        let pieces = [("at", Piece::At(Instant::UNIX_EPOCH))];
        let until = |words: &str| Said::Text(words.to_owned());
        let expected = [until("Until "), Said::At(Instant::UNIX_EPOCH), until(".")];
        assert_eq!(said("Until {at}.", &pieces), expected);
        assert_eq!(said("{at}", &pieces), [Said::At(Instant::UNIX_EPOCH)]);
        assert_eq!(plain("Until {at}.", &pieces), "Until 1970-01-01 00:00 UTC.");
    }

    #[test]
    fn lengths_are_said_as_people_say_them() {
        for (minutes, en, ja) in [
            (15, "15 min", "15分"),
            (60, "1 h", "1時間"),
            (90, "1 h 30 min", "1時間30分"),
            (1440, "1 d", "1日"),
            (1500, "25 h", "25時間"),
        ] {
            assert_eq!(duration(Language::En, Minutes(minutes)), en);
            assert_eq!(duration(Language::Ja, Minutes(minutes)), ja);
        }
    }
}
