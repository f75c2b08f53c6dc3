//! Why somebody denies.

use serde::{Deserialize, Serialize};
use slack_morphism::SlackActionId;
use slack_morphism::prelude::{SlackBlockPlainTextInputElement, SlackModalView, SlackView};

use super::choose_form::Origin;
use super::ids::{action, callback};
use super::parts::{field, label, paragraph};
use crate::{Language, Pick};

/// What comes back with the form. NB. Ids only: everything is looked up and evaluated again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DenyContext {
    /// The request, or the batch.
    pub id: String,
    pub origin: Origin,
}

/// A form that asks for a comment. `titles` says what is denied.
pub fn deny_form(language: Language, titles: &[String], context: &DenyContext) -> SlackView {
    let element = SlackBlockPlainTextInputElement::new()
        .with_action_id(SlackActionId(action::COMMENT.to_owned()))
        .with_multiline(true)
        .with_min_length(1)
        .with_max_length(1_000)
        .with_focus_on_load(true);
    let comment = field(
        action::COMMENT,
        language.pick("Why? The requester reads this.", "理由（申請者に表示されます）"),
        element.into(),
    );
    let mut blocks: Vec<_> = titles.iter().map(|title| paragraph(title)).collect();
    blocks.push(comment.into());
    let modal = SlackModalView::new(label(language.pick("Deny", "却下")), blocks)
        .with_callback_id(callback::DENY.into())
        .with_private_metadata(serde_json::to_string(context).unwrap_or_default())
        .with_submit(label(language.pick("Deny", "却下")))
        .with_close(label(language.pick("Cancel", "キャンセル")));
    SlackView::Modal(modal)
}
