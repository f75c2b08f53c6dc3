use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kari_application::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// How many bytes of items one answer tells. NB. What cannot be understood is told as text and may take twice as
/// much: that, too, is less than what any answer takes.
const MOST_BYTES: usize = 2_000_000;

/// How many items of so many bytes fit into one answer: one at least, or nobody would get on.
pub(crate) fn how_many_fit(sizes: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0;
    let fitting = sizes.take_while(|size| {
        let is_first = bytes == 0;
        bytes += size;
        is_first || bytes <= MOST_BYTES
    });
    fitting.count()
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// The cursor at which the next part begins; `null` at the end.
    pub(crate) next: Option<String>,
}

/// Where something stands in a list that is sorted by names, then ids. What is added, renamed or gone
/// meanwhile makes no other one repeat or vanish.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Place {
    /// The place as clients send it back.
    pub(crate) fn cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(&self.name, &self.id)).unwrap_or_default())
    }

    pub(crate) fn parse(cursor: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
        let (name, id) = serde_json::from_slice(&bytes).map_err(|_| Error::BadCursor)?;
        Ok(Self { name, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_before_it_is_too_long_for_an_answer() {
        let fit = |sizes: &[usize]| how_many_fit(sizes.iter().copied());
        assert_eq!(fit(&[]), 0);
        assert_eq!(fit(&[1_000_000, 999_999, 1]), 3);
        assert_eq!(fit(&[1_000_000, 1_000_000, 1]), 2);
        assert_eq!(fit(&[3_000_000, 1]), 1, "one item is told whatever it takes");
    }
}
