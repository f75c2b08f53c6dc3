//! What people said to a request.

use kari_domain::request::AccessRequest;
use kari_texts::{Piece, Remark, Said, Voice, plain, remarks};
use slack_morphism::blocks::{SlackBlock, SlackRichTextElement};

use super::cut;
use super::rich::{block, bold, quote, section};

/// So many remarks stand in a message, which has no room for more of the longest; the newest ones. The portal has all.
const MOST_SHOWN: usize = 5;
/// So many characters of a remark stand in a line with others.
const LONGEST_IN_LINE: usize = 100;

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

fn said_by(remark: &Remark<'_>, voice: &Voice<'_>) -> Vec<SlackRichTextElement> {
    vec![section(vec![bold(title(remark, voice))]), quote(remark.words)]
}

fn title(Remark { by, label, .. }: &Remark<'_>, voice: &Voice<'_>) -> String {
    let by = voice.names.person(by, label);
    plain(voice.texts().comment, &[("by", Piece::Text(&by))])
}

/// How the request stands and what was said to it, for a line.
pub(super) fn status_with_remarks(request: &AccessRequest, voice: &Voice<'_>) -> Vec<Said> {
    let mut status = voice.status(request);
    let all = remarks(request);
    for remark in all.iter().skip(all.len().saturating_sub(MOST_SHOWN)) {
        let title = title(remark, voice);
        let by = plain(voice.texts().labelled, &[("label", Piece::Text(&title))]);
        let words = cut(&remark.words.replace('\n', " "), LONGEST_IN_LINE);
        status.push(Said::Text(format!(" · {by}{words}")));
    }
    status
}
