//! Many messages for one conversation as one.

use std::iter;

use kari_domain::settings::Language;
use kari_domain::time::Instant;
use kari_texts::{Links, Piece, Texts, plain, texts};
use serde::{Deserialize, Serialize};

use super::rich::{Run, block, bold, date, link, rich, section, text};
use super::{LONGEST_TEXT, Message, cut};

/// How long one line may be, and what was said to it.
const LONGEST_LINE: usize = LONGEST_TEXT / 10;
const LONGEST_COMMENT: usize = LONGEST_TEXT / 20;
/// So many lines stand in one block: each fits, with what was said to it.
const MOST_IN_BLOCK: usize = 5;
/// What access is for, and how many stand in one block: each fits, with its link.
const LONGEST_WHAT: usize = LONGEST_TEXT / 25;
const MOST_READY_IN_BLOCK: usize = 10;
/// So many characters has everything together: Slack takes about thirteen thousand, and counts more than what is read.
const LONGEST_IN_ALL: usize = 4 * LONGEST_TEXT;
/// So many of them has what comes together with access that is ready.
const LONGEST_BESIDE: usize = LONGEST_IN_ALL / 5 * 2;
/// What stands around a text or a link, and what a date is, as they are sent.
const AROUND_ONE: usize = 70;
const AROUND_DATE: usize = 145;

/// What one message comes to among others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    #[serde(rename = "line")]
    pub text: String,
    /// When it was, for whoever looks things up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// What somebody said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Where more of it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Where the same is asked for again, if it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
}

/// Access that is ready, and the link by which its console opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The permission set and the account.
    pub what: String,
    pub console: String,
}

/// How many of these lines one message names; one at least.
pub fn fitting(lines: &[Line]) -> usize {
    fit(lines, LONGEST_IN_ALL).max(1)
}

/// These lines in one message, the oldest first; what does not fit is counted, and so are `others`.
pub fn digest(lines: &[Line], others: usize, language: Language, portal: &str) -> Message {
    let said = texts(language);
    let title = counted(said.digest, lines.len() + others);
    let (named, rest) = lines.split_at(fitting(lines).min(lines.len()));
    let mut parts = listed(&title, named, said);
    let mut last = more(rest.len() + others, said);
    last.push(link(portal, said.in_portal));
    parts.push(last);
    Message::new(&title, parts.into_iter().map(|part| block(vec![section(part)])).collect())
}

/// Every access that fits, each with its console, the rest counted with a link to where all of it is; then whatever
/// else there is to say.
pub fn ready_digest(ready: &[Ready], notes: &[Line], language: Language, links: &Links) -> Message {
    let said = texts(language);
    let title = match ready.len() {
        1 => said.letter_active.to_owned(),
        several => counted(said.digest_active, several),
    };
    let (named, rest) = notes.split_at(fit(notes, LONGEST_BESIDE));
    let mut length: usize = named.iter().map(Line::length).sum();
    let fits = |one: &&Ready| {
        length += one.length();
        length <= LONGEST_IN_ALL
    };
    let (fitting, others) = ready.split_at(ready.iter().take_while(fits).count());
    let open = plain(said.labelled, &[("label", Piece::Text(said.open_console))]);
    let mut parts = vec![vec![bold(&title), text(format!("\n{open}"))]];
    for some in fitting.chunks(MOST_READY_IN_BLOCK) {
        parts.push(some.iter().enumerate().flat_map(|(number, one)| one.line(number == 0)).collect());
    }
    let here = link(&links.active(), said.in_portal);
    parts.push(match others.len() {
        0 => vec![here],
        more => vec![text(format!("{} ", counted(said.more_in_batch, more))), here],
    });
    if !notes.is_empty() {
        parts.extend(listed(&counted(said.digest, notes.len()), named, said));
    }
    if !rest.is_empty() {
        parts.push(more(rest.len(), said));
    }
    // An alarm may be among the notes: they are in the notification too.
    let all: Vec<_> = iter::once(title.as_str()).chain(named.iter().map(|note| note.text.as_str())).collect();
    let text = all.join("\n");
    Message::new(&text, parts.into_iter().map(|part| block(vec![section(part)])).collect())
}

impl Line {
    fn runs(&self, is_first: bool, said: &Texts) -> Vec<Run> {
        let bullet = if is_first { "• " } else { "\n• " };
        let mut words = cut(&self.text, LONGEST_LINE);
        if let Some(comment) = &self.comment {
            words = format!("{words} – {}", cut(&comment.replace('\n', " "), LONGEST_COMMENT));
        }
        let mut runs = match self.at {
            Some(at) => vec![text(bullet), date(at), text(format!(" {words}"))],
            None => vec![text(format!("{bullet}{words}"))],
        };
        for (url, label) in [(&self.link, said.details), (&self.again, said.ask_again)] {
            runs.extend(url.iter().flat_map(|url| [text(" "), link(url, label)]));
        }
        runs
    }

    /// How much of a message it takes.
    fn length(&self) -> usize {
        let links = [&self.link, &self.again].into_iter().flatten();
        let links: usize = links.map(|url| url.chars().count() + AROUND_ONE).sum();
        let comment = self.comment.as_ref().map_or(0, |comment| comment.chars().count().min(LONGEST_COMMENT));
        let date = self.at.map_or(0, |_| AROUND_DATE);
        self.text.chars().count().min(LONGEST_LINE) + comment + links + date + AROUND_ONE
    }
}

impl Ready {
    fn line(&self, is_first: bool) -> [Run; 2] {
        let bullet = if is_first { "• " } else { "\n• " };
        [text(bullet), link(&self.console, &cut(&self.what, LONGEST_WHAT))]
    }

    /// How much of a message it takes.
    fn length(&self) -> usize {
        self.what.chars().count().min(LONGEST_WHAT) + self.console.chars().count() + AROUND_ONE
    }
}

/// How many of these lines have so many characters together.
fn fit(lines: &[Line], longest: usize) -> usize {
    let mut length = 0;
    let fits = |line: &&Line| {
        length += line.length();
        length <= longest
    };
    lines.iter().take_while(fits).count()
}

/// A title, and below it each of these lines.
fn listed(title: &str, lines: &[Line], said: &Texts) -> Vec<Vec<Run>> {
    let mut parts = vec![vec![bold(title)]];
    for some in lines.chunks(MOST_IN_BLOCK) {
        parts.push(some.iter().enumerate().flat_map(|(number, line)| line.runs(number == 0, said)).collect());
    }
    parts
}

/// How many more there are, if any.
fn more(count: usize, said: &Texts) -> Vec<Run> {
    if count == 0 {
        return vec![];
    }
    let mut runs = rich(said.digest_more, &[("count", Piece::Text(&count.to_string()))]);
    runs.push(text(" "));
    runs
}

fn counted(template: &str, count: usize) -> String {
    plain(template, &[("count", Piece::Text(&count.to_string()))])
}
