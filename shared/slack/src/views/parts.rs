//! What views are made of.

use kari_domain::time::Instant;
use slack_morphism::SlackActionId;
use slack_morphism::prelude::{
    SlackActionBlockElement, SlackActionsBlock, SlackBlock, SlackBlockButtonElement, SlackBlockButtonStyle,
    SlackBlockConfirmItem, SlackBlockId, SlackBlockMarkDownText, SlackBlockPlainText,
    SlackBlockPlainTextOnly, SlackBlockText, SlackContextBlock, SlackDividerBlock, SlackHeaderBlock,
    SlackInputBlock, SlackInputBlockElement, SlackSectionBlock,
};

use crate::messages::{LONGEST_SECTION, words};

/// The most characters of a label on a button or an option.
pub(super) const MOST_IN_A_LABEL: usize = 75;

/// Text in which nothing means anything, not even `:smile:`.
pub(super) fn plain(text: &str) -> SlackBlockPlainText {
    words(text, LONGEST_SECTION)
}

/// The same where Slack takes nothing else.
pub(super) fn label(text: &str) -> SlackBlockPlainTextOnly {
    words(text, MOST_IN_A_LABEL).into()
}

/// Our own words, formatted. NB. Never what anybody wrote.
pub(super) fn formatted(text: impl Into<String>) -> SlackBlockText {
    SlackBlockMarkDownText::new(text.into()).with_verbatim(true).into()
}

pub(super) fn heading(text: &str) -> SlackBlock {
    SlackHeaderBlock::new(plain(text).into()).into()
}

pub(super) fn paragraph(text: &str) -> SlackBlock {
    SlackSectionBlock::new().with_text(plain(text).into()).into()
}

/// A paragraph with a button beside it.
pub(super) fn with_button(text: &str, button: SlackBlockButtonElement) -> SlackBlock {
    SlackSectionBlock::new().with_text(plain(text).into()).with_accessory(button.into()).into()
}

/// Small print, formatted.
pub(super) fn small(text: impl Into<String>) -> SlackBlock {
    let text = SlackBlockMarkDownText::new(text.into()).with_verbatim(true);
    SlackContextBlock::new(vec![text.into()]).into()
}

/// Small print of what somebody wrote.
pub(super) fn small_plain(text: &str) -> SlackBlock {
    SlackContextBlock::new(vec![plain(text).into()]).into()
}

pub(super) fn line_across() -> SlackBlock {
    SlackDividerBlock::new().into()
}

pub(super) fn buttons(buttons: Vec<SlackBlockButtonElement>) -> SlackBlock {
    SlackActionsBlock::new(buttons.into_iter().map(SlackActionBlockElement::from).collect()).into()
}

pub(super) fn button(action: &str, text: &str, value: &str) -> SlackBlockButtonElement {
    SlackBlockButtonElement::new(label(text))
        .with_action_id(SlackActionId(action.to_owned()))
        .with_value(value.to_owned())
}

/// A button that takes something away, and asks before it does.
pub(super) fn asks_first(
    button: SlackBlockButtonElement,
    confirm: SlackBlockConfirmItem,
) -> SlackBlockButtonElement {
    let confirm = confirm.with_style("danger".to_owned());
    button.with_style(SlackBlockButtonStyle::Danger).with_confirm(confirm)
}

/// A field of a form; its block has the name of its action, so that errors find it.
pub(super) fn field(name: &str, text: &str, element: SlackInputBlockElement) -> SlackInputBlock {
    SlackInputBlock::new(plain(text).into(), element).with_block_id(SlackBlockId(name.to_owned()))
}

/// An instant as everybody reads it in their own time zone and language.
pub(super) fn instant(at: Instant) -> String {
    let fallback = at.format("%Y-%m-%d %H:%M UTC");
    format!("<!date^{}^{{date_short_pretty}} {{time}}|{fallback}>", at.timestamp())
}
