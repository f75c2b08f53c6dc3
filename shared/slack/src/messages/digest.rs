//! Many messages for one conversation as one.

use std::iter;

use kari_domain::settings::Language;
use kari_texts::{Links, Piece, Texts, plain, texts};
use serde::{Deserialize, Serialize};

use super::rich::{Run, block, bold, link, rich, section, text};
use super::{LONGEST_TEXT, Message, cut};

/// So many are named; more are counted.
const MOST_NAMED: usize = 25;
/// How long one line may be.
const LONGEST_LINE: usize = LONGEST_TEXT / MOST_NAMED;
/// So many accesses stand in one block: each fits, with its link.
const MOST_IN_BLOCK: usize = 10;
/// So many characters has everything together: Slack takes about thirteen thousand, and counts more than what is read.
const LONGEST_IN_ALL: usize = 4 * LONGEST_TEXT;
/// What stands around one of them, as it is sent.
const AROUND_ONE: usize = 70;

/// Access that is ready, and the link by which its console opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The permission set and the account.
    pub what: String,
    pub console: String,
}

/// These lines in one message, the oldest first.
pub fn digest(lines: &[String], language: Language, portal: &str) -> Message {
    let said = texts(language);
    let title = counted(said.digest, lines.len());
    let mut runs = named(&title, lines, said);
    runs.extend([text("\n"), link(portal, said.in_portal)]);
    Message::new(&title, vec![block(vec![section(runs)])])
}

/// Every access that fits, each with its console, the rest counted with a link to where all of it is; then whatever
/// else there is to say.
pub fn ready_digest(ready: &[Ready], notes: &[String], language: Language, links: &Links) -> Message {
    let said = texts(language);
    let title = match ready.len() {
        1 => said.letter_active.to_owned(),
        several => counted(said.digest_active, several),
    };
    let mut length = notes.len().min(MOST_NAMED) * (LONGEST_LINE + AROUND_ONE);
    let fits = |one: &&Ready| {
        length += one.length();
        length <= LONGEST_IN_ALL
    };
    let (fitting, others) = ready.split_at(ready.iter().take_while(fits).count());
    let open = plain(said.labelled, &[("label", Piece::Text(said.open_console))]);
    let mut parts = vec![vec![bold(&title), text(format!("\n{open}"))]];
    for some in fitting.chunks(MOST_IN_BLOCK) {
        parts.push(some.iter().enumerate().flat_map(|(number, one)| one.line(number == 0)).collect());
    }
    let here = link(&links.active(), said.in_portal);
    parts.push(match others.len() {
        0 => vec![here],
        more => vec![text(format!("{} ", counted(said.more_in_batch, more))), here],
    });
    if !notes.is_empty() {
        parts.push(named(&counted(said.digest, notes.len()), notes, said));
    }
    // An alarm may be among the notes: they are in the notification too.
    let all: Vec<_> = iter::once(&title).chain(notes).take(MOST_NAMED).map(String::as_str).collect();
    let text = all.join("\n");
    Message::new(&text, parts.into_iter().map(|part| block(vec![section(part)])).collect())
}

impl Ready {
    fn line(&self, is_first: bool) -> [Run; 2] {
        let bullet = if is_first { "• " } else { "\n• " };
        [text(bullet), link(&self.console, &cut(&self.what, LONGEST_LINE))]
    }

    /// How much of a message it takes.
    fn length(&self) -> usize {
        self.what.chars().count().min(LONGEST_LINE) + self.console.chars().count() + AROUND_ONE
    }
}

/// As many of the lines as are named, under a title, and how many more there are.
fn named(title: &str, lines: &[String], said: &Texts) -> Vec<Run> {
    let mut runs = vec![bold(title)];
    for line in lines.iter().take(MOST_NAMED) {
        runs.push(text(format!("\n• {}", cut(line, LONGEST_LINE))));
    }
    if let Some(more) = lines.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        runs.push(text("\n"));
        runs.extend(rich(said.digest_more, &[("count", Piece::Text(&more.to_string()))]));
    }
    runs
}

fn counted(template: &str, count: usize) -> String {
    plain(template, &[("count", Piece::Text(&count.to_string()))])
}
