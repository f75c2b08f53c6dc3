//! Buttons. What they carry is an opaque id; everything else is looked up when one is pressed.

use kari_texts::Texts;
use slack_morphism::SlackActionId;
use slack_morphism::blocks::{
    SlackActionBlockElement, SlackActionsBlock, SlackBlock, SlackBlockButtonElement, SlackBlockButtonStyle,
    SlackBlockConfirmItem, SlackBlockId,
};

use super::words;
pub use crate::views::ids::action::{APPROVE, CHOOSE, DENY, END};

/// A link; what is heard of it means nothing.
pub const DETAILS: &str = "details";

const LONGEST_LABEL: usize = 75;

pub(super) fn actions(name: &str, buttons: Vec<SlackBlockButtonElement>) -> SlackBlock {
    let elements = buttons.into_iter().map(SlackActionBlockElement::from).collect();
    SlackActionsBlock::new(elements).with_block_id(SlackBlockId(name.to_owned())).into()
}

pub(super) fn button(action: &str, label: &str, value: &str) -> SlackBlockButtonElement {
    SlackBlockButtonElement::new(words(label, LONGEST_LABEL).into())
        .with_action_id(SlackActionId(action.to_owned()))
        .with_value(value.to_owned())
}

pub(super) fn primary(button: SlackBlockButtonElement) -> SlackBlockButtonElement {
    button.with_style(SlackBlockButtonStyle::Primary)
}

pub(super) fn danger(button: SlackBlockButtonElement) -> SlackBlockButtonElement {
    button.with_style(SlackBlockButtonStyle::Danger)
}

/// A link; `None` if the address is none of the web. `number` tells several in one message apart.
pub(crate) fn link(number: usize, label: &str, address: &str) -> Option<SlackBlockButtonElement> {
    let url = address.parse().ok()?;
    let action = if number == 0 { DETAILS.to_owned() } else { format!("{DETAILS}-{number}") };
    let button = SlackBlockButtonElement::new(words(label, LONGEST_LABEL).into());
    let button = button.with_action_id(SlackActionId(action)).with_url(url);
    let is_of_the_web = button.url.as_ref().is_some_and(|url| ["http", "https"].contains(&url.scheme()));
    is_of_the_web.then_some(button)
}

/// An address as it stands in a link; `None` if it is none of the web.
pub(super) fn web_address(text: &str) -> Option<String> {
    link(0, "", text)?.url.map(String::from)
}

/// Asks once more before access is ended.
pub(super) fn sure(texts: &Texts, button: SlackBlockButtonElement) -> SlackBlockButtonElement {
    let item = SlackBlockConfirmItem::new(
        words(texts.confirm_title, LONGEST_LABEL).into(),
        words(texts.confirm_end, 300).as_block_text(),
        words(texts.end_now, 30).into(),
        words(texts.cancel, 30).into(),
    );
    button.with_confirm(item.with_style("danger".to_owned()))
}
