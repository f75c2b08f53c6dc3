//! Some of the requests of a batch, to be approved or denied together.

use serde::{Deserialize, Serialize};
use slack_morphism::SlackActionId;
use slack_morphism::prelude::{
    SlackBlockChoiceItem, SlackBlockMultiStaticSelectElement, SlackBlockPlainTextInputElement,
    SlackBlockStaticSelectElement, SlackModalView, SlackView,
};

use super::ids::{action, callback, decision};
use super::line::Line;
use super::parts::{field, label, plain};
use super::request_form::MOST_OPTIONS;
use crate::{Language, Pick};

/// What comes back with a form that decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Where the button was pressed, to be told there what came of it.
    pub channel: Option<String>,
    pub home: bool,
}

/// A form that asks which of them, and what for.
pub fn choose_form(language: Language, lines: &[Line<'_>], origin: &Origin) -> SlackView {
    let modal = SlackModalView::new(
        label(language.pick("Choose", "選択")),
        vec![
            field(action::REQUESTS, language.pick("Requests", "申請"), which(lines).into()).into(),
            field(action::DECISION, language.pick("Decision", "判断"), what(language).into()).into(),
            field(
                action::COMMENT,
                language.pick("Comment", "コメント"),
                SlackBlockPlainTextInputElement::new()
                    .with_action_id(SlackActionId(action::COMMENT.to_owned()))
                    .with_multiline(true)
                    .with_max_length(1_000)
                    .into(),
            )
            .with_hint(
                plain(language.pick(
                    "Needed to deny. The requester reads it.",
                    "却下する場合は必須です。申請者に表示されます。",
                ))
                .into(),
            )
            .with_optional(true)
            .into(),
        ],
    )
    .with_callback_id(callback::CHOOSE.into())
    .with_private_metadata(serde_json::to_string(origin).unwrap_or_default())
    .with_submit(label(language.pick("Send", "送信")))
    .with_close(label(language.pick("Cancel", "キャンセル")));
    SlackView::Modal(modal)
}

fn which(lines: &[Line<'_>]) -> SlackBlockMultiStaticSelectElement {
    let choice = |line: &Line<'_>| SlackBlockChoiceItem::new(label(&line.account()), line.id());
    SlackBlockMultiStaticSelectElement::new()
        .with_action_id(SlackActionId(action::REQUESTS.to_owned()))
        .with_options(lines.iter().take(MOST_OPTIONS).map(choice).collect())
}

fn what(language: Language) -> SlackBlockStaticSelectElement {
    let choice = |value: &str, text: &str| SlackBlockChoiceItem::new(plain(text).into(), value.to_owned());
    let approve = choice(decision::APPROVE, language.pick("Approve", "承認"));
    let deny = choice(decision::DENY, language.pick("Deny", "却下"));
    SlackBlockStaticSelectElement::new()
        .with_action_id(SlackActionId(action::DECISION.to_owned()))
        .with_options(vec![approve, deny])
}
