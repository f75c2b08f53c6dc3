//! What one person is told: a requester about their request, an administrator about what is wrong, a reviewer
//! that something waits.

use kari_application::ports::NotificationKind;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Asked};
use kari_domain::settings::Language;
use kari_texts::{LetterKind, Links, Names, Piece, Voice, plain, remarks, shell};
use slack_morphism::SlackUserId;
use slack_morphism::blocks::{
    SlackBlock, SlackBlockButtonElement, SlackRichTextElement, SlackRichTextPreformatted,
};

use super::buttons::{END, button, danger, link, primary, sure};
use super::digest::{Line, Ready};
use super::remarks::with_remarks;
use super::rich::{Run, block, bold, mention, runs, section, text};
use super::{Message, buttons};
use crate::views::ids::action::ASK_AGAIN;

/// What a letter is about, and where its links lead.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    pub kind: LetterKind,
    /// The request, if it is about one, as it is now.
    pub request: Option<&'a AccessRequest>,
    /// Of how many of a batch it is, in a reminder; 1 for a request by itself.
    pub of_batch: usize,
    /// Who is mentioned, where it stands in a channel.
    pub mentioned: &'a [SlackUserId],
    pub names: Names<'a>,
    pub language: Language,
    pub links: &'a Links,
}

/// Renders a letter.
pub fn letter(letter: &Letter<'_>) -> Message {
    let title = letter.title();
    let asked = letter.request.and_then(AccessRequest::asked);
    let mut words = vec![bold(&title)];
    if let (Some(request), Some(asked)) = (letter.request, asked) {
        words.extend(letter.about(request, asked));
    }
    let elements = vec![section(words)];
    let mut blocks = match letter.remarked() {
        Some(request) => with_remarks(elements, request, &letter.voice()),
        None => vec![block(elements)],
    };
    blocks.extend(asked.filter(|_| letter.is(NotificationKind::Active)).map(|asked| letter.cli(asked)));
    if !letter.mentioned.is_empty() {
        let people = letter.mentioned.iter().flat_map(|user| [mention(user), text(" ")]);
        blocks.push(block(vec![section(people.collect())]));
    }
    blocks.extend(letter.buttons(asked));
    Message::new(&in_one_line(letter), blocks)
}

/// What it comes to among others: what was said to it too, and links to the request, and to the form where it ends.
pub fn among_others(letter: &Letter<'_>) -> Line {
    let asked = letter.request.and_then(AccessRequest::asked);
    let ending = asked.filter(|_| letter.is(NotificationKind::ExpiringSoon));
    let words = |request| remarks(request).iter().map(|remark| remark.words).collect::<Vec<_>>();
    let comment = letter.remarked().map(|request| words(request).join(" – "));
    Line {
        text: in_one_line(letter),
        at: None,
        comment: comment.filter(|comment| !comment.is_empty()),
        link: asked.map(|asked| letter.links.request(asked)),
        again: ending.map(|asked| letter.links.again(asked)),
    }
}

fn in_one_line(letter: &Letter<'_>) -> String {
    match letter.request.and_then(AccessRequest::asked) {
        Some(asked) if letter.is_of_several() => format!("{} {}", letter.title(), letter.what(asked)),
        Some(asked) => format!("{} {}", letter.title(), letter.voice().what(asked)),
        None => letter.title(),
    }
}

/// What it comes to among others, where it tells of access that is ready and there is a console to open.
pub fn ready(letter: &Letter<'_>) -> Option<Ready> {
    let asked = letter.request.and_then(AccessRequest::asked)?;
    // Slack would refuse a whole message for one address that is none.
    let console = buttons::web_address(&letter.console(asked)?)?;
    Some(Ready { what: letter.voice().what(asked), console })
}

impl Letter<'_> {
    fn voice(&self) -> Voice<'_> {
        Voice { language: self.language, names: self.names }
    }

    /// Whether it is of several requests of a batch.
    fn is_of_several(&self) -> bool {
        self.kind == LetterKind::Remind && self.of_batch > 1
    }

    fn title(&self) -> String {
        if self.is_of_several() {
            let count = self.of_batch.to_string();
            return plain(self.voice().texts().letter_remind_several, &[("count", Piece::Text(&count))]);
        }
        self.voice().title(self.kind).to_owned()
    }

    fn what(&self, asked: &Asked) -> String {
        let voice = self.voice();
        if self.is_of_several() {
            voice.what_of(&self.names.requester(asked), asked, self.of_batch)
        } else {
            voice.what_to_tell(self.kind, asked)
        }
    }

    fn about(&self, request: &AccessRequest, asked: &Asked) -> Vec<Run> {
        let (voice, what) = (self.voice(), self.what(asked));
        [vec![text(format!("\n{what}\n"))], runs(voice.status_and_sessions(request))].concat()
    }

    /// What to type instead of opening the console.
    fn cli(&self, asked: &Asked) -> SlackBlock {
        let title = section(vec![text(self.voice().texts().cli)]);
        block(vec![title, preformatted(&shell(asked, self.names))])
    }

    /// The request to which something may have been said. What was said when it was approved is no news near its end.
    fn remarked(&self) -> Option<&AccessRequest> {
        self.request.filter(|_| !self.is(NotificationKind::ExpiringSoon))
    }

    fn is(&self, kind: NotificationKind) -> bool {
        self.kind == LetterKind::Told(kind)
    }

    /// Where the console opens, if it tells that access is ready.
    fn console(&self, asked: &Asked) -> Option<String> {
        self.links.console(asked, self.names).filter(|_| self.is(NotificationKind::Active))
    }

    fn buttons(&self, asked: Option<&Asked>) -> Option<SlackBlock> {
        let said = self.voice().texts();
        let here = match asked {
            Some(asked) => self.links.request(asked),
            None => self.links.portal.clone(),
        };
        let mut buttons: Vec<SlackBlockButtonElement> = vec![];
        let console = asked.and_then(|asked| self.console(asked));
        let console = console.and_then(|console| link(1, said.open_console, &console));
        buttons.extend(console.map(primary));
        let runs = matches!(self.request, Some(AccessRequest::Active(_)));
        if let Some(asked) = asked.filter(|_| runs && self.is(NotificationKind::ExpiringSoon)) {
            let id: RequestId = asked.submission.id;
            buttons.push(sure(said, danger(button(END, said.end_now, &id.to_string()))));
        }
        if let Some(asked) = asked.filter(|_| self.is(NotificationKind::ExpiringSoon)) {
            buttons.push(button(ASK_AGAIN, said.ask_again, &asked.submission.id.to_string()));
        }
        buttons.extend(link(0, said.in_portal, &here));
        (!buttons.is_empty()).then(|| buttons::actions("letter", buttons))
    }
}

fn preformatted(words: &str) -> SlackRichTextElement {
    SlackRichTextPreformatted::new(vec![text(words)]).into()
}
