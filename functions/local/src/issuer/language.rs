//! Which language somebody reads.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// The languages of the sign-in page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Japanese,
}

impl Language {
    /// The client's wish if it has one, else the browser's, else English.
    pub(super) fn of(ui_locales: Option<&str>, headers: &HeaderMap) -> Self {
        let wished = ui_locales.and_then(|locales| locales.split(' ').find_map(Self::named));
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        wished.or_else(|| accepted.and_then(Self::preferred)).unwrap_or(Self::English)
    }

    /// The best of a list such as `ja,en-US;q=0.8`.
    fn preferred(accepted: &str) -> Option<Self> {
        let weighed = accepted.split(',').take(20).filter_map(|entry| {
            let (tag, weight) = entry.split_once(";q=").unwrap_or((entry, "1"));
            let weight: f32 = weight.trim().parse().ok()?;
            Some((Self::named(tag.trim())?, weight))
        });
        // Of equals the first is meant, and `max_by` keeps the last.
        let best = weighed.filter(|(_, weight)| *weight > 0.0).collect::<Vec<_>>();
        best.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(language, _)| language)
    }

    fn named(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "ja" => Some(Self::Japanese),
            _ => None,
        }
    }

    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(list: &str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_LANGUAGE, list.parse().unwrap())])
    }

    #[test]
    fn the_browsers_first_choice_that_we_speak_is_taken() {
        let cases = [
            ("ja,en-US;q=0.9,en;q=0.8", Language::Japanese),
            ("en-GB,ja;q=0.5", Language::English),
            ("fr,ja;q=0.2,en;q=0.1", Language::Japanese),
            ("en, ja", Language::English),
            ("ja;q=0", Language::English),
            ("fr", Language::English),
            (";;;,q=,", Language::English),
        ];
        for (list, expected) in cases {
            assert_eq!(Language::of(None, &accepting(list)), expected, "{list}");
        }
    }

    #[test]
    fn the_clients_wish_comes_first() {
        assert_eq!(Language::of(Some("fr ja"), &accepting("en")), Language::Japanese);
    }
}
