//! Texts with something put in, as rich text. It has no markup: whatever people wrote is shown as they wrote it,
//! and mentions nobody.

use kari_domain::time::Instant;
use kari_texts::{Piece, Said, in_utc, said};
use slack_morphism::blocks::{
    SlackBlock, SlackRichTextBlock, SlackRichTextDate, SlackRichTextElement, SlackRichTextInlineElement,
    SlackRichTextLink, SlackRichTextQuote, SlackRichTextSection, SlackRichTextText, SlackRichTextUser,
};
use slack_morphism::{SlackDateTime, SlackRelaxedUrl, SlackUserId, SlackUtcDateTime};

/// How Slack writes an instant, in the time zone of whoever reads it.
const DATE: &str = "{date_short_pretty} {time}";

/// A run of rich text.
pub(super) type Run = SlackRichTextInlineElement;

/// A text with its pieces, as rich text.
pub(super) fn rich(template: &str, pieces: &[(&str, Piece<'_>)]) -> Vec<Run> {
    runs(said(template, pieces))
}

/// What is said, as rich text.
pub(super) fn runs(said: Vec<Said>) -> Vec<Run> {
    let run = |said| match said {
        Said::Text(words) => text(words),
        Said::At(at) => date(at),
    };
    said.into_iter().map(run).collect()
}

pub(super) fn text(words: impl Into<String>) -> Run {
    SlackRichTextText::new(words.into()).into()
}

pub(super) fn bold(words: impl Into<String>) -> Run {
    SlackRichTextText::new(words.into()).bold().into()
}

pub(super) fn date(at: Instant) -> Run {
    match SlackUtcDateTime::from_second(at.timestamp()) {
        Ok(timestamp) => {
            SlackRichTextDate::new(SlackDateTime(timestamp), DATE.to_owned()).with_fallback(in_utc(at)).into()
        }
        Err(_) => text(in_utc(at)),
    }
}

pub(super) fn link(url: &str, words: &str) -> Run {
    SlackRichTextLink::new(SlackRelaxedUrl(url.to_owned())).with_text(words.to_owned()).into()
}

/// NB. The one way in which a message of ours mentions anybody.
pub(super) fn mention(user: &SlackUserId) -> Run {
    SlackRichTextUser::new(user.clone()).into()
}

pub(super) fn section(runs: Vec<Run>) -> SlackRichTextElement {
    SlackRichTextSection::new(runs).into()
}

pub(super) fn quote(words: &str) -> SlackRichTextElement {
    SlackRichTextQuote::new(vec![text(words)]).into()
}

pub(super) fn block(elements: Vec<SlackRichTextElement>) -> SlackBlock {
    SlackRichTextBlock::new(elements).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_never_taken_for_markup() {
        let pieces = [("a", Piece::Text("{b} <!channel> *x*"))];
        let runs = serde_json::to_value(rich("[{a}]", &pieces)).unwrap();
        assert_eq!(runs, serde_json::json!([{"type": "text", "text": "[{b} <!channel> *x*]"}]));
    }
}
