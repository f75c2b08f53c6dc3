//! What people said to a request.

use kari_domain::request::AccessRequest;
use kari_texts::{Piece, Remark, Voice, plain, remarks};
use slack_morphism::blocks::{SlackBlock, SlackRichTextElement};

use super::rich::{block, bold, quote, section};

/// So many remarks stand in a message, which has no room for more of the longest; the newest ones. The portal has all.
const MOST_SHOWN: usize = 5;

/// These elements with what was said below them, each with who said it. NB. Only one remark is in the same block: there
/// is no room in it for two of the longest.
pub(super) fn with_remarks(
    mut elements: Vec<SlackRichTextElement>,
    request: &AccessRequest,
    voice: &Voice<'_>,
) -> Vec<SlackBlock> {
    let all = remarks(request);
    let older = all.len().saturating_sub(MOST_SHOWN);
    let mut shown = all.iter().skip(older).map(|remark| said_by(remark, voice));
    elements.extend(shown.next().unwrap_or_default());
    [block(elements)].into_iter().chain(shown.map(block)).collect()
}

fn said_by(Remark { by, label, words }: &Remark<'_>, voice: &Voice<'_>) -> Vec<SlackRichTextElement> {
    let by = voice.names.person(by, label);
    let title = plain(voice.texts().comment, &[("by", Piece::Text(&by))]);
    vec![section(vec![bold(title)]), quote(words)]
}
