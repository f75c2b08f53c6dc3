//! A modal that only says something.

use slack_morphism::prelude::{SlackHomeView, SlackModalView, SlackView};

use super::ids::callback;
use super::parts::{label, paragraph};
use crate::{Language, Pick};

/// A modal with these paragraphs.
pub fn notice(language: Language, paragraphs: &[String]) -> SlackView {
    let blocks = paragraphs.iter().map(|text| paragraph(text)).collect();
    let modal = SlackModalView::new(label("Kari"), blocks)
        .with_callback_id(callback::NOTICE.into())
        .with_close(label(language.pick("Close", "閉じる")));
    SlackView::Modal(modal)
}

/// What is shown while something is being done.
pub fn wait(language: Language) -> SlackView {
    let text = language.pick(
        "Your request is being sent. What comes of it is shown here; you may also close this.",
        "申請を送信しています。結果はここに表示されます（閉じてもかまいません）。",
    );
    notice(language, &[text.to_owned()])
}

/// An App Home that only says something.
pub fn notice_home(text: &str) -> SlackView {
    SlackView::Home(SlackHomeView::new(vec![paragraph(text)]))
}
