//! What stands in Slack, rendered from what was recorded: pure, and the same for the same state.
//!
//! *Architecture invariant:* nothing that people wrote, and no name, is ever parsed by Slack. It stands in
//! rich text or plain text, and in the notification's text it is escaped.

mod audit;
mod batch;
pub(crate) mod buttons;
mod card;
mod digest;
mod elsewhere;
mod letter;
mod remarks;
mod rich;

use slack_morphism::SlackMessageContent;
use slack_morphism::blocks::SlackBlockPlainText;
use slack_morphism::blocks::{SlackBlock, SlackHeaderBlock, SlackSectionBlock};

pub use audit::audit_line;
pub use batch::{Member, member};
pub use buttons::{APPROVE, CHOOSE, DENY, DETAILS, END};
pub use card::{Card, MOST_MENTIONED, Progress, card};
pub use digest::{Line, Ready, digest, fitting, ready_digest};
pub use elsewhere::kept_elsewhere;
pub use letter::{Letter, among_others, letter, ready};

/// The most that Slack takes in a header.
const LONGEST_HEADER: usize = 150;
/// The most that Slack takes in a section.
pub const LONGEST_SECTION: usize = 3_000;
/// The most that Slack takes as the text of a notification, without cutting it.
const LONGEST_TEXT: usize = 3_000;

/// A message: what notifications say, and what stands in the conversation.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    pub text: String,
    pub blocks: Vec<SlackBlock>,
}

impl Message {
    fn new(text: &str, blocks: Vec<SlackBlock>) -> Self {
        Self { text: escaped(&cut(text, LONGEST_TEXT / 5)), blocks }
    }

    /// As Slack wants it.
    pub fn content(self) -> SlackMessageContent {
        SlackMessageContent::new().with_text(self.text).with_blocks(self.blocks)
    }
}

/// NB. `&`, `<` and `>` are all by which a text could mention people or link anywhere.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A message of one paragraph. NB. Plain text: names of policies and accounts may hold anything.
pub fn paragraph(text: &str) -> Message {
    let section = SlackSectionBlock::new().with_text(words(text, LONGEST_SECTION).into());
    Message::new(text, vec![section.into()])
}

/// At most so many characters.
pub fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// NB. Without emoji codes: in a name they are no emoji.
pub(crate) fn words(text: &str, longest: usize) -> SlackBlockPlainText {
    SlackBlockPlainText::new(cut(text, longest)).with_emoji(false)
}

fn header(text: &str) -> SlackBlock {
    SlackHeaderBlock::new(words(text, LONGEST_HEADER).into()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_mentions_nobody_and_links_nowhere() {
        let message = Message::new("<!channel> & <https://evil.example|here>", vec![]);
        assert_eq!(message.text, "&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut(&"障".repeat(150), 150), "障".repeat(150));
        assert_eq!(cut(&"障".repeat(151), 150), format!("{}…", "障".repeat(149)));
    }
}
