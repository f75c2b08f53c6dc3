//! Many messages for one conversation as one.

use kari_domain::settings::Language;
use kari_texts::{Piece, plain, texts};

use super::rich::{block, bold, link, rich, section, text};
use super::{LONGEST_TEXT, Message, cut};

/// So many are named; more are counted.
const MOST_NAMED: usize = 25;
/// How long one line may be.
const LONGEST_LINE: usize = LONGEST_TEXT / MOST_NAMED;

/// These lines in one message, the oldest first.
pub fn digest(lines: &[String], language: Language, portal: &str) -> Message {
    let said = texts(language);
    let count = lines.len().to_string();
    let title = plain(said.digest, &[("count", Piece::Text(&count))]);
    let mut runs = vec![bold(&title)];
    for line in lines.iter().take(MOST_NAMED) {
        runs.push(text(format!("\n• {}", cut(line, LONGEST_LINE))));
    }
    if let Some(more) = lines.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        runs.push(text("\n"));
        runs.extend(rich(said.digest_more, &[("count", Piece::Text(&more.to_string()))]));
    }
    runs.extend([text("\n"), link(portal, said.in_portal)]);
    Message::new(&title, vec![block(vec![section(runs)])])
}
